//! What stands on the heap: one enum of payloads, at most 24 bytes a slot; bigger ones are boxed.
//!
//! The class of an object is in its header (`heap::Header`), not here: a subclass of `list` is an `Obj::List` whose class is the
//! subclass. Attributes of instances of plain classes are in [`Instance`]; of functions, modules, types and exceptions in their own
//! dict; of other payloads with a `__dict__` in the heap's side table.

use crate::builtin::numbers::long::Long;
use crate::dict::Dict;
use crate::function::{Bound, Function, Native};
use crate::payload::Payload;
use crate::pystr::PyStr;
use crate::types::Type;
use crate::value::Value;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use std::rc::Rc;

/// One heap slot.
#[derive(Clone, Debug)]
// named as the Python types they carry
pub enum Obj {
    /// A free slot and the next one in the free list.
    Free(u32),
    Float(f64),
    /// An int of up to 128 bits, the low half first: without an allocation.
    Wide([u64; 2]),
    /// A longer one, of up to 447 bits.
    Long(Long),
    /// A longer one still.
    Int(Rc<BigInt>),
    Complex(f64, f64),
    Str(PyStr),
    Bytes(Rc<[u8]>),
    ByteArray(Box<Vec<u8>>),
    Tuple(Box<[Value]>),
    /// The vector itself, without a box: most lists are short, and each would cost an allocation more.
    List(Vec<Value>),
    Dict(Box<Dict>),
    /// `set` and `frozenset`: a dict whose values are NULL; the class tells which.
    Set(Box<Dict>),
    Range(Box<Range>),
    /// start, stop, step
    Slice(Box<[Value; 3]>),
    Cell(Value),
    Function(Box<Function>),
    /// A function or method written in Rust; `bound` is NULL for the unbound descriptor in a type.
    Native {
        def: &'static Native,
        bound: Value,
    },
    BoundMethod(Box<Bound>),
    StaticMethod(Box<Wrapper>),
    ClassMethod(Box<Wrapper>),
    Property(Box<Property>),
    Type(Box<Type>),
    Instance(Box<Instance>),
    Module(Box<Module>),
    Code(Rc<crate::code::CodeObj>),
    Frame(Box<crate::frame::FrameObj>),
    Traceback(Box<Traceback>),
    /// generator, coroutine or async generator, by its class
    Generator(Box<crate::generator::Generator>),
    Exception(Box<Exception>),
    /// The iterators of the core's containers.
    Iter(Box<crate::builtin::containers::iters::Iter>),
    /// Everything else written in Rust: locks, deques, patterns …
    Payload(Box<dyn Payload>),
}

/// `range`; the three are ints of any size (immediate or heap), `len` is exact when it fits.
#[derive(Clone, Debug)]
pub struct Range {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
    /// Number of items as an int.
    pub len: Value,
}

/// `staticmethod`, `classmethod`: the function and an attribute dict (NULL until used).
#[derive(Clone, Debug)]
pub struct Wrapper {
    pub callable: Value,
    pub dict: Value,
}

/// `property`; NULL for what was not given.
#[derive(Clone, Debug)]
pub struct Property {
    pub get: Value,
    pub set: Value,
    pub delete: Value,
    pub doc: Value,
    pub name: Value,
    /// The doc came from the getter (so `getter()` renews it).
    pub doc_from_getter: bool,
}

/// Few values stand in the instance itself: one allocation and one cache line for most objects.
pub type Values = smallvec::SmallVec<[Value; 4]>;

/// An object whose class was made by a `class` statement over `object`-layout bases.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Which attribute stands where in `values` (`shape` module). Meaningless for attributes once `dict` is not NULL, but slots stay.
    pub shape: u32,
    /// Slots first (NULL = unset), then the attributes in shape order.
    pub values: Values,
    /// The `__dict__`, once someone asked for it: from then on it holds all attributes that are not slots. NULL before.
    pub dict: Value,
}

/// A module: its dict and what the loader of native modules keeps.
#[derive(Clone, Debug)]
pub struct Module {
    /// `__dict__`, always a dict.
    pub dict: Value,
}

/// One entry of a traceback.
#[derive(Clone, Debug)]
pub struct Traceback {
    /// The next inner entry, or NULL.
    pub next: Value,
    /// A frame object.
    pub frame: Value,
    /// Index of the instruction in its code.
    pub instruction: u32,
    pub line: u32,
}

/// `BaseException` and all below it.
#[derive(Clone, Debug)]
pub struct Exception {
    /// `args`, a tuple.
    pub args: Value,
    /// `__traceback__`, or NULL.
    pub traceback: Value,
    /// `__cause__`, or NULL.
    pub cause: Value,
    /// `__context__`, or NULL.
    pub context: Value,
    /// `__suppress_context__`
    pub suppress_context: bool,
    /// `__dict__`, or NULL until used.
    pub dict: Value,
    /// Fields of the built-in classes that have some (OSError: errno, strerror, filename, filename2; StopIteration: value;
    /// SystemExit: code; KeyError has none; SyntaxError, UnicodeError, ImportError, AttributeError, NameError: as in CPython). NULL = unset.
    pub fields: Vec<Value>,
}

impl Exception {
    /// A fresh one without links.
    pub fn new(args: Value) -> Exception {
        let n = Value::NULL;
        Exception {
            args,
            traceback: n,
            cause: n,
            context: n,
            suppress_context: false,
            dict: n,
            fields: Vec::new(),
        }
    }
}

impl Obj {
    /// An int.
    pub fn int(n: BigInt) -> Obj {
        if let Some(n) = n.to_i128() {
            return Obj::wide(n);
        }
        match Long::of(&n) {
            Some(n) => Obj::Long(n),
            None => Obj::Int(Rc::new(n)),
        }
    }

    /// An int of up to 128 bits.
    #[inline]
    pub fn wide(n: i128) -> Obj {
        Obj::Wide([n as u64, (n >> 64) as u64])
    }

    /// The int that [`Obj::Wide`] holds.
    #[inline]
    pub fn wide_value([low, high]: [u64; 2]) -> i128 {
        i128::from(high as i64) << 64 | i128::from(low)
    }

    /// Is it an int?
    #[inline]
    pub fn is_int(&self) -> bool {
        matches!(self, Obj::Wide(_) | Obj::Long(_) | Obj::Int(_))
    }

    /// Does the cycle collector look at such objects?
    #[inline]
    pub fn is_container(&self) -> bool {
        !matches!(
            self,
            Obj::Free(_)
                | Obj::Float(_)
                | Obj::Wide(_)
                | Obj::Long(_)
                | Obj::Int(_)
                | Obj::Complex(..)
                | Obj::Str(_)
                | Obj::Bytes(_)
                | Obj::ByteArray(_)
                | Obj::Code(_)
        )
    }

    /// Calls `f` with every value this object holds a count of, in a fixed order.
    pub fn children<F: FnMut(Value) + ?Sized>(&self, f: &mut F) {
        match self {
            Obj::Free(_)
            | Obj::Float(_)
            | Obj::Wide(_)
            | Obj::Long(_)
            | Obj::Int(_)
            | Obj::Complex(..)
            | Obj::Str(_)
            | Obj::Bytes(_)
            | Obj::ByteArray(_) => {}
            Obj::Tuple(items) => items.iter().copied().for_each(f),
            Obj::List(items) => items.iter().copied().for_each(f),
            Obj::Dict(d) | Obj::Set(d) => d.children(f),
            Obj::Range(r) => [r.start, r.stop, r.step, r.len].into_iter().for_each(f),
            Obj::Slice(s) => s.iter().copied().for_each(f),
            Obj::Cell(v) => f(*v),
            Obj::Function(x) => x.children(f),
            Obj::Native { bound, .. } => f(*bound),
            Obj::BoundMethod(b) => [b.function, b.this].into_iter().for_each(f),
            Obj::StaticMethod(w) | Obj::ClassMethod(w) => [w.callable, w.dict].into_iter().for_each(f),
            Obj::Property(p) => [p.get, p.set, p.delete, p.doc, p.name].into_iter().for_each(f),
            Obj::Type(t) => t.children(&mut |v| f(v)),
            Obj::Instance(i) => {
                i.values.iter().copied().for_each(&mut *f);
                f(i.dict);
            }
            Obj::Module(m) => f(m.dict),
            Obj::Code(c) => c.children(&mut |v| f(v)),
            Obj::Frame(x) => x.children(f),
            Obj::Traceback(t) => [t.next, t.frame].into_iter().for_each(f),
            Obj::Generator(g) => g.children(f),
            Obj::Exception(e) => {
                [e.args, e.traceback, e.cause, e.context, e.dict]
                    .into_iter()
                    .for_each(&mut *f);
                e.fields.iter().copied().for_each(f);
            }
            Obj::Iter(i) => i.children(f),
            Obj::Payload(p) => p.children(&mut |v| f(v)),
        }
    }
}
