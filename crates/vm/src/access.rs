//! The small helpers that all native code is written with: making values, looking into them, raising exceptions.

use crate::function::{Args, Native};
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::payload::Payload;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::{Layout, Type, TypeDef, core};
use crate::value::Value;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use rustpython_wtf8::Wtf8Buf;

impl Process {
    // ---- making values (count 0: see `heap`) ----

    /// A `str`.
    pub fn new_str(&mut self, text: &str) -> Value {
        self.heap.alloc(core::STR, Obj::Str(PyStr::from_text(text)))
    }

    /// A `str` that may hold lone surrogates.
    pub fn new_wtf8(&mut self, text: Wtf8Buf) -> Value {
        self.heap.alloc(core::STR, Obj::Str(PyStr::new(text)))
    }

    /// The interned `str` of that text.
    pub fn intern(&mut self, text: &str) -> Value {
        if let Some(&v) = self.interned.get(text.as_bytes()) {
            return v;
        }
        let v = self.heap.alloc(core::STR, Obj::Str(PyStr::from_text(text)));
        self.keep_interned(text.as_bytes(), v)
    }

    /// The interned string equal to a `str` value (which becomes it, if it is the first).
    pub fn intern_value(&mut self, v: Value) -> Value {
        let Some(s) = self.as_pystr(v).cloned() else { return v };
        if let Some(&known) = self.interned.get(s.bytes()) {
            return known;
        }
        if self.type_of(v) != core::STR {
            return v;
        }
        self.keep_interned(s.bytes(), v)
    }

    fn keep_interned(&mut self, bytes: &[u8], v: Value) -> Value {
        self.heap.incref(v);
        self.heap.header_mut(v).flags |= crate::heap::flags::INTERNED;
        self.interned.insert(bytes.into(), v);
        v
    }

    /// An `int` of machine size.
    #[inline]
    pub fn new_int(&mut self, n: i64) -> Value {
        match Value::from_small(n) {
            Some(v) => v,
            None => self.heap.alloc(core::INT, Obj::wide(i128::from(n))),
        }
    }

    /// An `int` of any size, immediate when it fits.
    pub fn new_big(&mut self, n: BigInt) -> Value {
        match n.to_i64().and_then(Value::from_small) {
            Some(v) => v,
            None => self.heap.alloc(core::INT, Obj::int(n)),
        }
    }

    /// An `int` of up to 128 bits, immediate when it fits.
    pub fn new_wide(&mut self, n: i128) -> Value {
        match i64::try_from(n).ok().and_then(Value::from_small) {
            Some(v) => v,
            None => self.heap.alloc(core::INT, Obj::wide(n)),
        }
    }

    /// A `float`.
    #[inline]
    pub fn new_float(&mut self, f: f64) -> Value {
        match Value::from_float_immediate(f) {
            Some(v) => v,
            None => self.heap.alloc(core::FLOAT, Obj::Float(f)),
        }
    }

    /// `bytes`.
    pub fn new_bytes(&mut self, bytes: &[u8]) -> Value {
        self.heap.alloc(core::BYTES, Obj::Bytes(bytes.into()))
    }

    /// A `tuple`.
    pub fn new_tuple(&mut self, items: Vec<Value>) -> Value {
        if !items.is_empty() {
            return self.heap.alloc(core::TUPLE, Obj::Tuple(items.into_boxed_slice()));
        }
        // There is one empty tuple.
        if self.empty_tuple.is_null() {
            self.empty_tuple = self.heap.alloc(core::TUPLE, Obj::Tuple(Box::default()));
            self.heap.incref(self.empty_tuple);
        }
        self.empty_tuple
    }

    /// A `list`.
    pub fn new_list(&mut self, items: Vec<Value>) -> Value {
        self.heap.alloc(core::LIST, Obj::List(items))
    }

    /// An empty `dict`.
    pub fn new_dict(&mut self) -> Value {
        self.heap
            .alloc(core::DICT, Obj::Dict(Box::new(crate::dict::Dict::new())))
    }

    /// An object with a native payload.
    pub fn new_payload(&mut self, class: Value, payload: impl Payload) -> Value {
        self.heap.alloc(class, Obj::Payload(Box::new(payload)))
    }

    /// A function written in Rust, bound to `bound` (or NULL).
    pub fn new_native(&mut self, def: &'static Native, bound: Value) -> Value {
        self.heap.alloc(core::BUILTIN_FUNCTION, Obj::Native { def, bound })
    }

    // ---- looking into values ----

    /// The class of a value.
    #[inline]
    pub fn type_of(&self, v: Value) -> Value {
        if v.is_heap() {
            Value::from_handle(self.heap.header(v).class)
        } else if v.is_small() {
            core::INT
        } else if v.as_float_immediate().is_some() {
            core::FLOAT
        } else {
            match v {
                Value::NONE => core::NONE_TYPE,
                Value::TRUE | Value::FALSE => core::BOOL,
                Value::ELLIPSIS => core::ELLIPSIS_TYPE,
                _ => core::NOT_IMPLEMENTED_TYPE,
            }
        }
    }

    /// The type object behind a class value.
    #[inline]
    pub fn as_type(&self, v: Value) -> Option<&Type> {
        match self.heap.object(v)? {
            Obj::Type(t) => Some(t),
            _ => None,
        }
    }

    /// The type object of a value's class. Every value has one; the fallback is never used.
    #[inline]
    pub fn class(&self, v: Value) -> &Type {
        match self.heap.get(self.type_of(v)) {
            Obj::Type(t) => t,
            _ => unreachable_type(self),
        }
    }

    /// Is `v` an instance of exactly this class?
    #[inline]
    pub fn is_exact(&self, v: Value, class: Value) -> bool {
        self.heap
            .has_class(v, class)
            .unwrap_or_else(|| self.type_of(v) == class)
    }

    /// Is the class `sub` a subclass of `class` by its MRO (no hooks)?
    pub fn is_subtype(&self, sub: Value, class: Value) -> bool {
        if sub == class || class == core::OBJECT {
            return true;
        }
        let Some(t) = self.as_type(sub) else { return false };
        self.as_tuple(t.mro).is_some_and(|mro| mro.contains(&class))
    }

    /// Is `v` an instance of the class or of a subclass, by its MRO (no hooks)?
    pub fn is_instance(&self, v: Value, class: Value) -> bool {
        self.is_subtype(self.type_of(v), class)
    }

    /// The name of a value's class, for messages.
    pub fn type_name(&self, v: Value) -> String {
        self.name_of_type(self.type_of(v))
    }

    /// The value's class as most messages name it: one that is written in Rust with its module, unless that is `builtins`.
    pub fn shown_type(&self, v: Value) -> String {
        self.shown_name(self.type_of(v))
    }

    /// The same of a class.
    pub fn shown_name(&self, class: Value) -> String {
        let def = self.as_type(class).and_then(|t| t.def);
        match def.filter(|def| def.module != "builtins") {
            Some(def) => format!("{}.{}", def.module, def.name),
            None => self.name_of_type(class),
        }
    }

    /// `__name__` of a class.
    pub fn name_of_type(&self, class: Value) -> String {
        self.as_type(class)
            .and_then(|t| self.as_pystr(t.name))
            .map_or_else(String::new, |s| s.lossy().into_owned())
    }

    /// The payload of a `str` or of a subclass.
    #[inline]
    pub fn as_pystr(&self, v: Value) -> Option<&PyStr> {
        match self.heap.object(v)? {
            Obj::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The text of a `str` without lone surrogates.
    pub fn as_str(&self, v: Value) -> Option<&str> {
        self.as_pystr(v)?.as_str()
    }

    /// The text of a `str` for messages; anything else gives "?".
    pub fn text(&self, v: Value) -> String {
        self.as_pystr(v)
            .map_or_else(|| "?".to_owned(), |s| s.lossy().into_owned())
    }

    /// The items of a `tuple` or of a subclass.
    #[inline]
    pub fn as_tuple(&self, v: Value) -> Option<&[Value]> {
        match self.heap.object(v)? {
            Obj::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The items of a `list` or of a subclass.
    #[inline]
    pub fn as_list(&self, v: Value) -> Option<&Vec<Value>> {
        match self.heap.object(v)? {
            Obj::List(items) => Some(items),
            _ => None,
        }
    }

    /// The table of a `dict` or of a subclass.
    #[inline]
    pub fn as_dict(&self, v: Value) -> Option<&crate::dict::Dict> {
        match self.heap.object(v)? {
            Obj::Dict(d) => Some(d),
            _ => None,
        }
    }

    /// The bytes of a `bytes` or of a subclass (no other buffers).
    pub fn as_bytes(&self, v: Value) -> Option<&[u8]> {
        match self.heap.object(v)? {
            Obj::Bytes(b) => Some(b),
            _ => None,
        }
    }

    /// An `int` (bool and subclasses included) as a big integer.
    pub fn as_bigint(&self, v: Value) -> Option<BigInt> {
        match self.as_i64(v) {
            Some(n) => Some(BigInt::from(n)),
            None => match self.heap.object(v)? {
                Obj::Wide(n) => Some(BigInt::from(Obj::wide_value(*n))),
                Obj::Long(n) => Some(n.to_big()),
                Obj::Int(n) => Some((**n).clone()),
                _ => None,
            },
        }
    }

    /// An `int` (bool and subclasses included) that fits in 64 bits.
    #[inline]
    pub fn as_i64(&self, v: Value) -> Option<i64> {
        if let Some(n) = v.as_small() {
            return Some(n);
        }
        if let Some(b) = v.as_bool() {
            return Some(i64::from(b));
        }
        match self.heap.object(v)? {
            Obj::Wide(n) => i64::try_from(Obj::wide_value(*n)).ok(),
            _ => None,
        }
    }

    /// An `int` (bool and subclasses included) that fits in 128 bits.
    #[inline]
    pub fn as_i128(&self, v: Value) -> Option<i128> {
        if let Some(n) = v.as_small() {
            return Some(i128::from(n));
        }
        match self.heap.object(v) {
            Some(Obj::Wide(n)) => Some(Obj::wide_value(*n)),
            _ => v.as_bool().map(i128::from),
        }
    }

    /// A `float` or an instance of a subclass (not an int).
    #[inline]
    pub fn as_float(&self, v: Value) -> Option<f64> {
        match v.as_float_immediate() {
            Some(f) => Some(f),
            None => match self.heap.object(v)? {
                Obj::Float(f) => Some(*f),
                _ => None,
            },
        }
    }

    /// Is it an `int` (bool and subclasses included)?
    pub fn is_int(&self, v: Value) -> bool {
        v.is_small() || v.as_bool().is_some() || self.heap.object(v).is_some_and(Obj::is_int)
    }

    /// Does the class have instances of this layout?
    pub fn layout_of(&self, class: Value) -> Layout {
        self.as_type(class).map_or(Layout::Closed, |t| t.layout)
    }

    /// The function behind a callable written in Rust and what it is bound to (NULL for none); `None` for everything else.
    #[inline]
    pub fn as_native(&self, v: Value) -> Option<(&'static Native, Value)> {
        match self.heap.object(v)? {
            Obj::Native { def, bound } => Some((def, *bound)),
            _ => None,
        }
    }

    /// The class made from a table entry (made now if it is the first use).
    pub fn native_type(&mut self, def: &'static TypeDef) -> Value {
        match self.native_types.get(&(def.module, def.name)) {
            Some(&v) => v,
            None => self.make_native_type(def),
        }
    }

    // ---- counted fields ----

    /// Replaces a counted field: counts the new value, lets go of the old.
    #[inline]
    pub fn replace_counted(&mut self, new: Value, field: impl FnOnce(&mut Process) -> &mut Value) {
        self.heap.incref(new);
        let old = std::mem::replace(field(self), new);
        self.heap.decref(old);
    }

    /// Appends to a list.
    pub fn list_push(&mut self, list: Value, item: Value) {
        if let Obj::List(items) = self.heap.get_mut(list) {
            items.push(item);
            self.heap.incref(item);
            self.heap.adjust_size(8);
        }
    }

    // ---- raising ----

    /// An exception of a core class with one text argument, ready to be returned as an error.
    pub fn error(&mut self, class: Value, message: &str) -> Unwind {
        let text = self.new_str(message);
        let args = self.new_tuple(vec![text]);
        Unwind::Raise(
            self.heap
                .alloc(class, Obj::Exception(Box::new(crate::object::Exception::new(args)))),
        )
    }

    /// `TypeError`
    #[cold]
    pub fn type_error(&mut self, message: &str) -> Unwind {
        self.error(core::TYPE_ERROR, message)
    }

    /// `ValueError`
    #[cold]
    pub fn value_error(&mut self, message: &str) -> Unwind {
        self.error(core::VALUE_ERROR, message)
    }

    /// `IndexError`
    #[cold]
    pub fn index_error(&mut self, message: &str) -> Unwind {
        self.error(core::INDEX_ERROR, message)
    }

    /// `OverflowError`
    #[cold]
    pub fn overflow_error(&mut self, message: &str) -> Unwind {
        self.error(core::OVERFLOW_ERROR, message)
    }

    /// `RuntimeError`
    #[cold]
    pub fn runtime_error(&mut self, message: &str) -> Unwind {
        self.error(core::RUNTIME_ERROR, message)
    }

    /// `NotImplementedError`: what Heddle does not know, by name.
    #[cold]
    pub fn not_supported(&mut self, what: &str) -> Unwind {
        self.error(core::NOT_IMPLEMENTED_ERROR, &format!("Heddle does not support {what}"))
    }

    /// `SystemError`: a bug of ours, said instead of a panic.
    #[cold]
    pub fn system_error(&mut self, message: &str) -> Unwind {
        self.error(core::SYSTEM_ERROR, message)
    }

    /// `RecursionError`
    #[cold]
    pub fn recursion_error(&mut self) -> Unwind {
        self.error(core::RECURSION_ERROR, "maximum recursion depth exceeded")
    }

    /// `KeyError(key)`
    #[cold]
    pub fn key_error(&mut self, key: Value) -> Unwind {
        let args = self.new_tuple(vec![key]);
        Unwind::Raise(self.heap.alloc(
            core::KEY_ERROR,
            Obj::Exception(Box::new(crate::object::Exception::new(args))),
        ))
    }

    /// `OSError(errno, strerror(errno), path)` as the subclass that belongs to the number.
    #[cold]
    pub fn os_error(&mut self, errno: i32, path: Option<Value>) -> Unwind {
        let (class, text) = crate::errno::class_and_text(errno);
        let message = self.new_str(text);
        let number = Value::from_i32(errno);
        let args = self.new_tuple(vec![number, message]);
        let mut exception = crate::object::Exception::new(args);
        exception.fields = vec![number, message, path.unwrap_or(Value::NULL), Value::NULL];
        Unwind::Raise(self.heap.alloc(class, Obj::Exception(Box::new(exception))))
    }

    // ---- arguments ----

    /// Binds arguments to up to N names; `required` of them must be given. `names` starting with `*` from some index on are keyword-only;
    /// an empty name is positional-only. Messages are CPython's.
    #[inline]
    pub fn bind<const N: usize>(
        &mut self,
        args: Args<'_>,
        function: &str,
        names: [&str; N],
        required: usize,
    ) -> NativeResult<[Option<Value>; N]> {
        let mut bound = [None; N];
        if args.kw.is_empty()
            && args.pos.len() >= required
            && names
                .get(..args.pos.len())
                .is_some_and(|names| names.iter().all(|n| !n.starts_with('*')))
        {
            for (slot, v) in bound.iter_mut().zip(args.pos) {
                *slot = Some(*v);
            }
            return Ok(bound);
        }
        let positional = names.iter().position(|n| n.starts_with('*')).unwrap_or(N);
        let unnamed = names.iter().take_while(|n| n.is_empty()).count();
        if let Some(message) = wrong_count(function, args, [required, positional, unnamed, N]) {
            return Err(self.type_error(&message));
        }
        for (slot, v) in bound.iter_mut().zip(args.pos) {
            *slot = Some(*v);
        }
        let mut misfit = None;
        for &(name, value) in args.kw {
            let text = self.text(name);
            match names
                .iter()
                .position(|n| !n.is_empty() && n.trim_start_matches('*') == text)
            {
                Some(i) if bound[i].is_none() => bound[i] = Some(value),
                Some(i) => {
                    misfit.get_or_insert(format!(
                        "argument for {function}() given by name ('{text}') and position ({})",
                        i + 1
                    ));
                }
                None => {
                    let known = names
                        .iter()
                        .map(|n| n.trim_start_matches('*'))
                        .filter(|n| !n.is_empty());
                    let hint = crate::tracebacks::suggest::closest(&text, known)
                        .map_or_else(String::new, |best| format!(". Did you mean '{best}'?"));
                    misfit.get_or_insert(format!(
                        "{function}() got an unexpected keyword argument '{text}'{hint}"
                    ));
                }
            }
        }
        if let Some(i) = (unnamed..required).find(|&i| bound[i].is_none()) {
            let name = names[i].trim_start_matches('*');
            let message = format!("{function}() missing required argument '{name}' (pos {})", i + 1);
            return Err(self.type_error(&message));
        }
        match misfit {
            Some(message) => Err(self.type_error(&message)),
            None => Ok(bound),
        }
    }

    /// The arguments of a function that takes exactly `N` positional ones. `function` as in messages ("list.append").
    #[inline]
    pub fn exactly<const N: usize>(&mut self, args: Args<'_>, function: &str) -> NativeResult<[Value; N]> {
        if args.kw.is_empty()
            && let Ok(values) = <[Value; N]>::try_from(args.pos)
        {
            return Ok(values);
        }
        Err(self.not_exactly(args, function, N))
    }

    #[cold]
    #[inline(never)]
    fn not_exactly(&mut self, args: Args<'_>, function: &str, wanted: usize) -> Unwind {
        if !args.kw.is_empty() {
            return self.type_error(&format!("{function}() takes no keyword arguments"));
        }
        let message = match wanted {
            0 => format!("{function}() takes no arguments ({} given)", args.pos.len()),
            1 => format!("{function}() takes exactly one argument ({} given)", args.pos.len()),
            n => format!("{function} expected {n} arguments, got {}", args.pos.len()),
        };
        self.type_error(&message)
    }

    /// The arguments without keywords, if those are for the other half of the construction: CPython's `__new__` (`__init__`) of a built-in
    /// type looks away from keywords when a subclass has an `__init__` (`__new__`) of its own.
    pub fn own_keywords<'a>(&mut self, args: Args<'a>, class: Value, base: Value, other_half: Value) -> Args<'a> {
        let overridden = !args.kw.is_empty()
            && class != base
            && self.lookup_in_type(class, other_half) != self.lookup_in_type(base, other_half);
        Args {
            pos: args.pos,
            kw: if overridden { &[] } else { args.kw },
        }
    }

    /// The instance and exactly `N` arguments of a method; the instance is not in the counts of messages.
    pub fn method_args<const N: usize>(&mut self, args: Args<'_>, function: &str) -> NativeResult<(Value, [Value; N])> {
        let rest = self.exactly::<N>(args.rest(), function)?;
        Ok((args.this(), rest))
    }
}

/// What is wrong with the number of arguments, in CPython's words (`_PyArg_CheckPositional`, `_PyArg_UnpackKeywords`). Given are the numbers
/// of required, of positional, of unnamed and of all parameters.
fn wrong_count(function: &str, args: Args<'_>, [required, positional, unnamed, all]: [usize; 4]) -> Option<String> {
    let (given, named) = (args.pos.len(), args.kw.len());
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    if unnamed == all {
        if named > 0 {
            return Some(format!("{function}() takes no keyword arguments"));
        }
        let (bound, wanted) = match () {
            () if given < required => ("at least ", required),
            () if given > all => ("at most ", all),
            () => return None,
        };
        let bound = if required == all { "" } else { bound };
        return Some(format!(
            "{function} expected {bound}{wanted} argument{}, got {given}",
            plural(wanted)
        ));
    }
    if given + named > all {
        let kind = if given == 0 { "keyword " } else { "" };
        return Some(format!(
            "{function}() takes at most {all} {kind}argument{} ({} given)",
            plural(all),
            given + named
        ));
    }
    let least = required.min(positional);
    if given > positional {
        if positional == 0 {
            return Some(format!("{function}() takes no positional arguments"));
        }
        let bound = if least < positional { "at most" } else { "exactly" };
        return Some(format!(
            "{function}() takes {bound} {positional} positional argument{} ({given} given)",
            plural(positional)
        ));
    }
    let least = required.min(unnamed);
    if given < least {
        let bound = if least < positional { "at least" } else { "exactly" };
        return Some(format!(
            "{function}() takes {bound} {least} positional argument{} ({given} given)",
            plural(least)
        ));
    }
    None
}

#[cold]
fn unreachable_type(process: &Process) -> &Type {
    match process.heap.get(core::OBJECT) {
        Obj::Type(t) => t,
        _ => unreachable!("the class `object` stands at a fixed handle from the start"),
    }
}
