//! How many arguments a native may be given, read off its name and signature when the table is compiled: what CPython's calling
//! conventions METH_NOARGS and the slots' wrappers refuse is refused here, before the native runs.

use crate::function::{Args, Native, NativeKind};
use crate::native::{NativeResult, Unwind};
use crate::process::Process;

/// Any number of arguments, as far as the table can tell: the native looks for itself.
pub const ANY: u8 = u8::MAX;

/// Slots without arguments.
const NONE: &[&str] = &[
    "__str__",
    "__repr__",
    "__hash__",
    "__len__",
    "__iter__",
    "__next__",
    "__bool__",
    "__int__",
    "__float__",
    "__index__",
    "__complex__",
    "__neg__",
    "__pos__",
    "__abs__",
    "__invert__",
    "__dir__",
    "__sizeof__",
    "__getstate__",
    "__reversed__",
    "__length_hint__",
    "__enter__",
    "__aiter__",
    "__anext__",
    "__await__",
    "__reduce__",
    "__getnewargs__",
    "__bytes__",
    "__trunc__",
    "__floor__",
    "__ceil__",
    "__copy__",
    "__alloc__",
];

/// Slots with one.
const ONE: &[&str] = &[
    "__lt__",
    "__le__",
    "__eq__",
    "__ne__",
    "__gt__",
    "__ge__",
    "__reduce_ex__",
];

/// The most arguments of a native by its name, the instance included.
pub const fn by_name(name: &str, kind: NativeKind) -> u8 {
    match kind {
        NativeKind::Method if is_in(name, NONE) => 1,
        NativeKind::Method if is_in(name, ONE) => 2,
        _ => ANY,
    }
}

/// The most arguments by a `__text_signature__` that lists no parameter (the instance included), else what was known before.
pub const fn by_signature(signature: &str, kind: NativeKind, before: u8) -> u8 {
    let bare = is_in(signature, &["($self, /)", "($self)", "($module, /)", "($module)", "()"]);
    match kind {
        NativeKind::Method | NativeKind::ClassMethod if bare => 1,
        NativeKind::Function if bare => 0,
        _ => before,
    }
}

/// Does a signature show that no keyword can be given: every parameter before the `/`, or behind a `*`?
pub const fn positional_only(signature: &str) -> bool {
    let bytes = signature.as_bytes();
    let mut i = 0;
    let mut named = true; // until a `/` is seen
    let mut after_slash = false;
    while i < bytes.len() {
        match bytes[i] {
            b'/' => {
                named = false;
                after_slash = true;
            }
            // `*args` and `**kwargs`; a bare `*` is followed by names
            b'*' if i + 1 < bytes.len() && (bytes[i + 1] == b'*' || bytes[i + 1] == b',') => return false,
            b'*' => {
                while i < bytes.len() && bytes[i] != b',' && bytes[i] != b')' {
                    i += 1;
                }
                continue;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' if after_slash => return false,
            _ => {}
        }
        i += 1;
    }
    !named
}

const fn is_in(text: &str, list: &[&str]) -> bool {
    let mut i = 0;
    while i < list.len() {
        if same(text.as_bytes(), list[i].as_bytes()) {
            return true;
        }
        i += 1;
    }
    false
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

impl Process {
    /// Runs a native, if the number of its arguments is right as far as its table entry tells.
    #[inline]
    pub(crate) fn run_native(&mut self, def: &'static Native, args: Args<'_>) -> NativeResult {
        if (args.pos.len() > def.most as usize && def.most != ANY)
            || (!args.kw.is_empty() && def.positional_only)
            || (args.pos.is_empty() && needs_receiver(def))
        {
            return Err(self.refuse_arguments(def, args));
        }
        if !self.config.rules.gil {
            self.enter_section(def, args);
        }
        (def.run)(self, args)
    }

    #[cold]
    fn refuse_arguments(&mut self, def: &'static Native, args: Args<'_>) -> Unwind {
        if args.pos.is_empty() && needs_receiver(def) {
            return self.nothing_to_work_on(def);
        }
        let own = usize::from(def.kind != NativeKind::Function);
        let given = args.pos.len().saturating_sub(own);
        let slot = def.name.starts_with("__") && def.signature.is_empty();
        let name = match def.kind {
            NativeKind::Method => format!("{}.{}", self.type_name(args.this()), def.name),
            NativeKind::ClassMethod => format!("{}.{}", self.name_of_type(args.this()), def.name),
            _ => def.name.to_owned(),
        };
        let message = match () {
            () if slot && !args.kw.is_empty() => format!("wrapper {}() takes no keyword arguments", def.name),
            () if !args.kw.is_empty() => format!("{name}() takes no keyword arguments"),
            () if slot && def.most as usize == own => format!("expected 0 arguments, got {given}"),
            () if slot => format!("expected {} argument, got {given}", def.most as usize - own),
            () if def.most as usize == own => format!("{name}() takes no arguments ({given} given)"),
            () => format!("{name}() takes exactly one argument ({given} given)"),
        };
        self.type_error(&message)
    }
}

/// Is the first argument an instance or a class?
#[inline]
fn needs_receiver(def: &Native) -> bool {
    match def.kind {
        NativeKind::Method | NativeKind::ClassMethod => true,
        NativeKind::StaticMethod => def.name == "__new__",
        _ => false,
    }
}

impl Process {
    /// A method called by its class, without an instance (or `__new__` without a class).
    fn nothing_to_work_on(&mut self, def: &'static Native) -> Unwind {
        let owner = self.class_that_holds(|v| {
            let v = match self.heap.object(v) {
                Some(crate::object::Obj::StaticMethod(wrapper)) => wrapper.callable,
                _ => v,
            };
            self.as_native(v).is_some_and(|(found, _)| std::ptr::eq(found, def))
        });
        let owner = owner.map_or_else(String::new, |class| self.name_of_type(class));
        let name = def.name;
        let message = match def.kind {
            NativeKind::StaticMethod if name == "__new__" => format!("{owner}.__new__(): not enough arguments"),
            _ if name.starts_with("__") && name.ends_with("__") => {
                format!("descriptor '{name}' of '{owner}' object needs an argument")
            }
            _ => format!("unbound method {owner}.{name}() needs an argument"),
        };
        self.type_error(&message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_signatures_tell() {
        assert!(positional_only("($self, object, /)"));
        assert!(positional_only("($self, /, *others)"));
        assert!(!positional_only("($self, /, sep=None, maxsplit=-1)"));
        assert!(!positional_only("($self, /, *, key=None, reverse=False)"));
        assert!(!positional_only("($self, /, **kwargs)"));
        assert!(!positional_only("(a, b)"));
        assert_eq!(by_signature("($self, /)", NativeKind::Method, ANY), 1);
        assert_eq!(by_signature("($self, x, /)", NativeKind::Method, ANY), ANY);
        assert_eq!(by_name("__repr__", NativeKind::Method), 1);
        assert_eq!(by_name("__repr__", NativeKind::Function), ANY);
    }
}
