//! Callables: Python functions, bound methods, and functions written in Rust with their argument lists.

use crate::arity;
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

/// A Python function.
#[derive(Clone, Debug)]
// Python's attribute names
pub struct Function {
    /// `__code__`
    pub code: Value,
    /// `__globals__`: a dict, or an instance of a dict subclass
    pub globals: Value,
    /// `__builtins__`: a dict, found when the function was made
    pub builtins: Value,
    pub name: Value,
    pub qualname: Value,
    pub module: Value,
    pub doc: Value,
    /// `__defaults__`: a tuple or NULL
    pub defaults: Value,
    /// `__kwdefaults__`: a dict or NULL
    pub kwdefaults: Value,
    /// `__closure__`: a tuple of cells or NULL
    pub closure: Value,
    /// `__annotations__`: a dict, or NULL until computed
    pub annotations: Value,
    /// `__annotate__`: a callable or NULL
    pub annotate: Value,
    /// `__type_params__`: a tuple or NULL
    pub type_params: Value,
    /// `__dict__`, or NULL until used
    pub dict: Value,
}

impl Function {
    /// Calls `f` with every value held.
    pub fn children<F: FnMut(Value) + ?Sized>(&self, f: &mut F) {
        [
            self.code,
            self.globals,
            self.builtins,
            self.name,
            self.qualname,
            self.module,
            self.doc,
        ]
        .into_iter()
        .for_each(&mut *f);
        [
            self.defaults,
            self.kwdefaults,
            self.closure,
            self.annotations,
            self.annotate,
            self.type_params,
            self.dict,
        ]
        .into_iter()
        .for_each(&mut *f);
    }
}

/// A bound method: `function` may be any callable.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    pub function: Value,
    pub this: Value,
}

/// How a function written in Rust stands in its type or module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NativeKind {
    /// A module's function, or any callable that never binds (`builtin_function_or_method`).
    Function,
    /// A method: `args.pos[0]` is the instance (`method_descriptor`; dunder names show as `wrapper_descriptor`).
    Method,
    /// A class method: `args.pos[0]` is the class (`classmethod_descriptor`).
    ClassMethod,
    /// A static method (`__new__`, `str.maketrans`).
    StaticMethod,
    /// A read-only attribute: called with the instance (`getset_descriptor`).
    Getter,
    /// A writable attribute: called with the instance, and with the instance and the value to set it, or NULL to delete it.
    GetSet,
}

/// The table entry of a function written in Rust. Always a `static` (or part of one), since images refer to it by name.
#[derive(Clone, Copy, Debug)]
pub struct Native {
    /// Python name.
    pub name: &'static str,
    /// How it is used.
    pub kind: NativeKind,
    /// The code.
    pub run: fn(&mut Process, Args<'_>) -> NativeResult,
    /// `__text_signature__` such as `($self, object, /)`, or "" if there is none.
    pub signature: &'static str,
    /// `__doc__`, or "".
    pub doc: &'static str,
    /// The most positional arguments, the instance included; [`arity::ANY`] where the native looks for itself.
    pub most: u8,
    /// No keyword arguments are taken.
    pub positional_only: bool,
    /// A call of it is no switch point: CPython 3.13 has a specialised call for it that does not look at the eval breaker.
    pub quiet: bool,
    /// `next` and `generator.__next__`; see [`Native::resuming`].
    pub resumes: bool,
}

/// Names of the functions with [`Native::quiet`].
const QUIET: &[&str] = &["len", "isinstance", "append"];

const fn is_quiet(name: &str) -> bool {
    let mut i = 0;
    while i < QUIET.len() {
        let (a, b) = (QUIET[i].as_bytes(), name.as_bytes());
        let mut at = 0;
        while a.len() == b.len() && at < a.len() && a[at] == b[at] {
            at += 1;
        }
        if a.len() == b.len() && at == a.len() {
            return true;
        }
        i += 1;
    }
    false
}

impl Native {
    /// A table entry without signature and doc.
    pub const fn new(name: &'static str, kind: NativeKind, run: fn(&mut Process, Args<'_>) -> NativeResult) -> Native {
        Native {
            name,
            kind,
            run,
            signature: "",
            doc: "",
            most: arity::by_name(name, kind),
            positional_only: arity::by_name(name, kind) != arity::ANY,
            quiet: is_quiet(name),
            resumes: false,
        }
    }

    /// A module's function.
    pub const fn function(name: &'static str, run: fn(&mut Process, Args<'_>) -> NativeResult) -> Native {
        Native::new(name, NativeKind::Function, run)
    }

    /// A method.
    pub const fn method(name: &'static str, run: fn(&mut Process, Args<'_>) -> NativeResult) -> Native {
        Native::new(name, NativeKind::Method, run)
    }

    /// A class method.
    pub const fn class_method(name: &'static str, run: fn(&mut Process, Args<'_>) -> NativeResult) -> Native {
        Native::new(name, NativeKind::ClassMethod, run)
    }

    /// A static method.
    pub const fn static_method(name: &'static str, run: fn(&mut Process, Args<'_>) -> NativeResult) -> Native {
        Native::new(name, NativeKind::StaticMethod, run)
    }

    /// A read-only attribute.
    pub const fn getter(name: &'static str, run: fn(&mut Process, Args<'_>) -> NativeResult) -> Native {
        Native::new(name, NativeKind::Getter, run)
    }

    /// A writable attribute.
    pub const fn getset(name: &'static str, run: fn(&mut Process, Args<'_>) -> NativeResult) -> Native {
        Native::new(name, NativeKind::GetSet, run)
    }

    /// A function whose call with a generator alone resumes it: the interpreter does that itself.
    pub const fn resuming(mut self) -> Native {
        self.resumes = true;
        self
    }

    /// The same with a `__text_signature__`.
    pub const fn sig(mut self, signature: &'static str) -> Native {
        self.signature = signature;
        self.most = arity::by_signature(signature, self.kind, self.most);
        // Functions of modules are named with their module in messages, which only they know.
        let method = matches!(self.kind, NativeKind::Method | NativeKind::ClassMethod);
        self.positional_only = self.positional_only || method && arity::positional_only(signature);
        self
    }

    /// The same with a `__doc__`.
    pub const fn doc(mut self, doc: &'static str) -> Native {
        self.doc = doc;
        self
    }
}

/// The arguments of a native call. The values stay alive until the native returns.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    /// Positional arguments; for methods the instance comes first.
    pub pos: &'a [Value],
    /// Keyword arguments in order: (interned name, value).
    pub kw: &'a [(Value, Value)],
}

impl<'a> Args<'a> {
    /// Positional arguments alone.
    pub const fn positional(pos: &'a [Value]) -> Args<'a> {
        Args { pos, kw: &[] }
    }

    /// The positional argument at `i`.
    #[inline]
    pub fn get(&self, i: usize) -> Option<Value> {
        self.pos.get(i).copied()
    }

    /// The instance of a method; NULL when the table was misused.
    #[inline]
    pub fn this(&self) -> Value {
        self.pos.first().copied().unwrap_or(Value::NULL)
    }

    /// Without the first argument.
    pub fn rest(&self) -> Args<'a> {
        Args {
            pos: self.pos.get(1..).unwrap_or(&[]),
            kw: self.kw,
        }
    }

    /// Calls `f` with one positional argument more in front.
    #[inline]
    pub fn with_first<T>(&self, first: Value, f: impl FnOnce(Args<'_>) -> T) -> T {
        let kw = self.kw;
        match *self.pos {
            [] => f(Args { pos: &[first], kw }),
            [a] => f(Args { pos: &[first, a], kw }),
            [a, b] => f(Args {
                pos: &[first, a, b],
                kw,
            }),
            _ => {
                let mut all = Vec::with_capacity(self.pos.len() + 1);
                all.push(first);
                all.extend_from_slice(self.pos);
                f(Args { pos: &all, kw })
            }
        }
    }

    /// Number of positional arguments.
    pub fn len(&self) -> usize {
        self.pos.len()
    }

    /// No positional arguments?
    pub fn is_empty(&self) -> bool {
        self.pos.is_empty()
    }
}
