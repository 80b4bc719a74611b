//! The type `str`: its table, constructor, concatenation, indexing and slicing. The methods are in the files beside.

use super::repr::str_repr;
use super::{str_case, str_layout, str_search, str_split, str_translate};
use crate::function::{Args, Native};
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use rustpython_wtf8::Wtf8Buf;
use std::cmp::Ordering;

/// `str`
pub static STR: TypeDef = TypeDef {
    name: "str",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Str,
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::MATCH_SELF,
    members: &[
        SLOTS,
        str_case::METHODS,
        str_layout::METHODS,
        str_search::METHODS,
        str_split::METHODS,
        str_translate::METHODS,
        METHODS,
    ],
    doc: "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nCreate a new string object from the given object. If encoding or\nerrors is specified, then the object must expose a data buffer\nthat will be decoded using the given encoding and error handler.\nOtherwise, returns the result of object.__str__() (if defined)\nor repr(object).\nencoding defaults to 'utf-8'.\nerrors defaults to 'strict'.",
    finish: None,
};

/// The payload of the instance a method of `str` was called on.
pub fn this_str(vm: &mut Process, args: Args<'_>, method: &str) -> NativeResult<PyStr> {
    match vm.as_pystr(args.this()) {
        Some(s) => Ok(s.clone()),
        None => Err(vm.wrong_self(method, "str", args.this())),
    }
}

macro_rules! compare {
    ($name:literal, $holds:expr) => {
        Native::method($name, |vm, args| {
            let (a, b) = vm.slot2(args)?;
            let holds: fn(Ordering) -> bool = $holds;
            Ok(vm
                .str_compare(a, b)
                .map_or(Value::NOT_IMPLEMENTED, |o| Value::from_bool(holds(o))))
        })
        .sig("($self, value, /)")
    };
}

const SLOTS: &[Native] = &[
    Native::static_method("__new__", new_str),
    Native::method("__repr__", |vm, args| {
        vm.slot1(args)?;
        let s = this_str(vm, args, "__repr__")?;
        Ok(vm.new_wtf8(str_repr(s.wtf8())))
    })
    .sig("($self, /)"),
    Native::method("__str__", |vm, args| {
        vm.slot1(args)?;
        this_str(vm, args, "__str__")?;
        Ok(vm.plain_str(args.this()))
    })
    .sig("($self, /)"),
    Native::method("__hash__", |vm, args| {
        vm.slot1(args)?;
        let h = this_str(vm, args, "__hash__")?.hash();
        Ok(vm.new_int(h))
    })
    .sig("($self, /)"),
    Native::method("__len__", |vm, args| {
        vm.slot1(args)?;
        let n = this_str(vm, args, "__len__")?.len();
        Ok(vm.new_int(n as i64))
    })
    .sig("($self, /)"),
    Native::method("__iter__", |vm, args| {
        let this = vm.slot1(args)?;
        let s = this_str(vm, args, "__iter__")?;
        let class = if s.is_ascii() {
            core::STR_ASCII_ITERATOR
        } else {
            core::STR_ITERATOR
        };
        let iter = crate::builtin::containers::iters::Iter::Str { text: this, offset: 0 };
        Ok(vm.new_iter(class, iter))
    })
    .sig("($self, /)"),
    compare!("__lt__", Ordering::is_lt),
    compare!("__le__", Ordering::is_le),
    compare!("__eq__", Ordering::is_eq),
    compare!("__ne__", Ordering::is_ne),
    compare!("__gt__", Ordering::is_gt),
    compare!("__ge__", Ordering::is_ge),
    Native::method("__add__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        vm.str_concat(a, b)
    })
    .sig("($self, value, /)"),
    Native::method("__mul__", |vm, args| {
        let (a, n) = vm.slot2(args)?;
        vm.str_repeat(a, n)
    })
    .sig("($self, value, /)"),
    Native::method("__rmul__", |vm, args| {
        let (a, n) = vm.slot2(args)?;
        vm.str_repeat(a, n)
    })
    .sig("($self, value, /)"),
    Native::method("__mod__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        vm.str_percent(a, b)
    })
    .sig("($self, value, /)"),
    Native::method("__rmod__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        vm.str_percent(b, a)
    })
    .sig("($self, value, /)"),
    Native::method("__contains__", |vm, args| {
        let (a, b) = vm.slot2(args)?;
        vm.str_contains(a, b).map(Value::from_bool)
    })
    .sig("($self, key, /)"),
    Native::method("__getitem__", |vm, args| {
        let (a, k) = vm.slot2(args)?;
        vm.str_getitem(a, k)
    })
    .sig("($self, key, /)"),
];

const METHODS: &[Native] = &[
    Native::method("format", |vm, args| {
        this_str(vm, args, "format")?;
        vm.str_format(args.this(), args.rest())
    })
    .sig("($self, /, *args, **kwargs)"),
    Native::method("format_map", |vm, args| {
        this_str(vm, args, "format_map")?;
        let (this, [mapping]) = vm.method_args(args, "str.format_map")?;
        vm.str_format_map(this, mapping)
    })
    .sig("($self, mapping, /)"),
    Native::method("__format__", |vm, args| {
        this_str(vm, args, "__format__")?;
        let (this, [spec]) = vm.method_args(args, "str.__format__")?;
        vm.format_str(this, spec)
    })
    .sig("($self, format_spec, /)"),
    Native::method("encode", |vm, args| {
        let s = this_str(vm, args, "encode")?;
        let [encoding, errors] = vm.bind(args.rest(), "encode", ["encoding", "errors"], 0)?;
        let encoding = vm.name_argument(encoding, "encode", "encoding", "utf-8")?;
        let errors = vm.name_argument(errors, "encode", "errors", "strict")?;
        vm.encode_value(args.this(), &s, &encoding, &errors)
    })
    .sig("($self, /, encoding='utf-8', errors='strict')"),
    Native::method("__getnewargs__", |vm, args| {
        this_str(vm, args, "__getnewargs__")?;
        let text = vm.plain_str(args.this());
        Ok(vm.new_tuple(vec![text]))
    }),
    Native::method("__sizeof__", |vm, args| {
        let s = this_str(vm, args, "__sizeof__")?;
        let widest = s.wtf8().code_points().map(|c| c.to_u32()).max().unwrap_or(0);
        let n = s.len() as i64;
        let size = match widest {
            0..=0x7F => 41 + n,
            0x80..=0xFF => 58 + n,
            0x100..=0xFFFF => 58 + 2 * n,
            _ => 60 + 4 * n,
        };
        Ok(vm.new_int(size))
    }),
];

fn new_str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = vm.class_argument(args, core::STR)?;
    let rest = args.rest();
    if rest.kw.is_empty() {
        vm.between(rest, "str", 0, 3)?;
    }
    let [object, encoding, errors] = vm.bind(rest, "str", ["object", "encoding", "errors"], 0)?;
    let text = match (object, encoding.or(errors)) {
        (None, _) => vm.intern(""),
        (Some(x), None) => vm.str(x)?,
        (Some(x), Some(_)) => {
            let encoding = vm.name_argument(encoding, "str", "encoding", "utf-8")?;
            let errors = vm.name_argument(errors, "str", "errors", "strict")?;
            vm.decode_object(x, &encoding, &errors)?
        }
    };
    if class == core::STR {
        return Ok(text);
    }
    match vm.as_pystr(text).cloned() {
        Some(s) => Ok(vm.new_of_class(class, Obj::Str(s))),
        None => Ok(text),
    }
}

impl Process {
    /// A `str` argument with a default, such as `encoding`.
    pub fn name_argument(
        &mut self,
        v: Option<Value>,
        function: &str,
        name: &str,
        default: &str,
    ) -> NativeResult<String> {
        let Some(v) = v else { return Ok(default.to_owned()) };
        match self.as_pystr(v) {
            Some(s) => Ok(s.lossy().into_owned()),
            None => {
                let given = self.type_name(v);
                Err(self.type_error(&format!("{function}() argument '{name}' must be str, not {given}")))
            }
        }
    }

    /// A plain `str` equal to an instance of a subclass.
    pub fn plain_str(&mut self, v: Value) -> Value {
        if self.is_exact(v, core::STR) {
            return v;
        }
        match self.as_pystr(v).cloned() {
            Some(s) => self.heap.alloc(core::STR, Obj::Str(s)),
            None => v,
        }
    }

    /// The bytes `from..to` of a string (at boundaries of code points) as a `str`.
    pub fn substr(&mut self, s: &PyStr, from: usize, to: usize) -> Value {
        if from >= to {
            return crate::names::EMPTY;
        }
        if to - from == 1 {
            return self.ascii_char(s.bytes()[from]);
        }
        self.heap.alloc(core::STR, Obj::Str(s.piece(from, to)))
    }

    /// `a + b` of two strings; TypeError when `b` is none.
    #[inline]
    pub fn str_concat(&mut self, a: Value, b: Value) -> NativeResult {
        let (Some(x), Some(y)) = (self.as_pystr(a), self.as_pystr(b)) else {
            return Err(self.not_concatenable(a, b));
        };
        if y.is_empty() && self.is_exact(a, core::STR) {
            return Ok(a);
        }
        if x.is_empty() && self.is_exact(b, core::STR) {
            return Ok(b);
        }
        let (x, y) = (x.clone(), y.clone());
        self.check_size((x.bytes().len() + y.bytes().len()) as u64)?;
        let joined = PyStr::concat(&x, &y);
        Ok(self.heap.alloc(core::STR, Obj::Str(joined)))
    }

    #[cold]
    fn not_concatenable(&mut self, a: Value, b: Value) -> Unwind {
        if self.as_pystr(a).is_none() {
            return self.wrong_self("__add__", "str", a);
        }
        let name = self.type_name(b);
        self.type_error(&format!("can only concatenate str (not \"{name}\") to str"))
    }

    /// `a += b` where the variable's reference to `a` is the only one and is about to be replaced: grows the string in place and
    /// answers true. False: do it the ordinary way. The caller has checked the count; both are plain `str`.
    pub fn str_append_in_place(&mut self, a: Value, b: Value) -> bool {
        let Some(other) = self.as_pystr(b).cloned() else {
            return false;
        };
        if self.heap.header(a).flags & crate::heap::flags::INTERNED != 0 || a == b {
            return false;
        }
        let grown = other.bytes().len();
        if self.heap.room() < grown as u64 {
            return false;
        }
        if let Obj::Str(s) = self.heap.get_mut(a)
            && s.push(&other)
        {
            self.heap.adjust_size(grown as i64);
            return true;
        }
        false
    }

    /// `text * n`; NotImplemented when `n` is no integer.
    pub fn str_repeat(&mut self, a: Value, n: Value) -> NativeResult {
        let Some(s) = self.as_pystr(a).cloned() else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let Some(n) = self.repeat_operand(n)? else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if n == 1 && self.is_exact(a, core::STR) {
            return Ok(a);
        }
        self.check_size((s.bytes().len() as u64).saturating_mul(n))?;
        let mut out = Wtf8Buf::with_capacity(s.bytes().len() * n as usize);
        if !s.is_empty() {
            (0..n).for_each(|_| out.push_wtf8(s.wtf8()));
        }
        let length = s.len() * n as usize;
        Ok(self.heap.alloc(core::STR, Obj::Str(PyStr::with_length(out, length))))
    }

    /// The count of a repetition, negative ones as zero; `None` for what is no integer.
    pub fn repeat_operand(&mut self, n: Value) -> NativeResult<Option<u64>> {
        if !self.is_int(n) && self.special(n, crate::names::INDEX)?.is_none() {
            return Ok(None);
        }
        Ok(Some(self.index_i64(n)?.max(0) as u64))
    }

    /// How two strings compare; `None` when one is no string. WTF-8 sorts as its code points do.
    #[inline]
    pub fn str_compare(&self, a: Value, b: Value) -> Option<Ordering> {
        let (x, y) = (self.as_pystr(a)?, self.as_pystr(b)?);
        Some(if x.is_same(y) {
            Ordering::Equal
        } else {
            x.bytes().cmp(y.bytes())
        })
    }

    /// Are two strings equal? `None` when one is no string.
    #[inline]
    pub fn str_equal(&self, a: Value, b: Value) -> Option<bool> {
        let (x, y) = (self.as_pystr(a)?, self.as_pystr(b)?);
        Some(x.is_same(y) || x.bytes() == y.bytes())
    }

    /// `part in text`
    pub fn str_contains(&mut self, text: Value, part: Value) -> NativeResult<bool> {
        let Some(s) = self.as_pystr(text) else {
            return Err(self.wrong_self("__contains__", "str", text));
        };
        let Some(p) = self.as_pystr(part) else {
            let name = self.type_name(part);
            return Err(self.type_error(&format!("'in <string>' requires string as left operand, not {name}")));
        };
        let (len, found) = (s.bytes().len(), super::bytes_search::find(s.bytes(), p.bytes()));
        self.scanned(found.unwrap_or(len));
        Ok(found.is_some())
    }

    /// `text[key]`: an index or a slice.
    pub fn str_getitem(&mut self, text: Value, key: Value) -> NativeResult {
        let Some(s) = self.as_pystr(text).cloned() else {
            return Err(self.wrong_self("__getitem__", "str", text));
        };
        if let Some(Obj::Slice(_)) = self.heap.object(key) {
            return self.str_slice(text, &s, key);
        }
        if !self.is_int(key) && self.special(key, crate::names::INDEX)?.is_none() {
            let name = self.type_name(key);
            return Err(self.type_error(&format!("string indices must be integers, not '{name}'")));
        }
        match self.sequence_index(key, s.len())? {
            Some(at) => Ok(self.char_value(&s, at)),
            None => Err(self.index_error("string index out of range")),
        }
    }

    /// `text[index]` of a plain index, or `None` when it is out of range: for the interpreter's fast path.
    #[inline]
    pub fn str_index(&mut self, text: Value, index: i64) -> Option<Value> {
        let s = self.as_pystr(text)?;
        let n = s.len() as i64;
        let at = if index < 0 { index + n } else { index };
        if at < 0 || at >= n {
            return None;
        }
        let s = s.clone();
        Some(self.char_value(&s, at as usize))
    }

    /// The one-character string at a code point index within the string.
    fn char_value(&mut self, s: &PyStr, at: usize) -> Value {
        match s.char_at(at) {
            Some(c) if c.is_ascii() => self.ascii_char(c.to_u32() as u8),
            Some(c) => self
                .heap
                .alloc(core::STR, Obj::Str(PyStr::with_length(Wtf8Buf::from(c), 1))),
            None => crate::names::EMPTY,
        }
    }

    /// `text[slice]`
    pub fn str_slice(&mut self, text: Value, s: &PyStr, slice: Value) -> NativeResult {
        let range = self.slice_indices(slice, s.len())?;
        if range.count == 0 {
            return Ok(crate::names::EMPTY);
        }
        if range.step == 1 {
            if range.count == s.len() {
                return Ok(self.plain_str(text));
            }
            let from = s.byte_offset(range.start as usize);
            let to = s.byte_offset(range.start as usize + range.count);
            return Ok(self.substr(s, from, to));
        }
        if s.is_ascii() {
            let bytes: Vec<u8> = range.indices().filter_map(|i| s.bytes().get(i).copied()).collect();
            let picked = Wtf8Buf::from_bytes(bytes).unwrap_or_default();
            return Ok(self.new_wtf8(picked));
        }
        let chars: Vec<_> = s.wtf8().code_points().collect();
        let picked: Wtf8Buf = range.indices().filter_map(|i| chars.get(i).copied()).collect();
        Ok(self.new_wtf8(picked))
    }
}
