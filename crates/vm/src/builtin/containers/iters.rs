//! The iterators of the built-in containers: one enum, so that the interpreter loop steps them without a call.

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core};
use crate::value::Value;

/// What a dict iterator gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DictPart {
    Keys,
    Values,
    Items,
}

/// A built-in iterator. A container that is exhausted is let go (NULL), so the iterator stays exhausted.
#[derive(Clone, Debug)]
pub enum Iter {
    List {
        list: Value,
        index: usize,
    },
    ListReversed {
        list: Value,
        left: usize,
    },
    Tuple {
        tuple: Value,
        index: usize,
    },
    /// `range` within machine integers: next value, step, items left
    Range {
        next: i64,
        step: i64,
        left: u64,
    },
    /// `range` beyond: start, step, next index, length (all ints)
    LongRange {
        start: Value,
        step: Value,
        index: u64,
        len: u64,
    },
    /// A `str`; byte offset of the next code point
    Str {
        text: Value,
        offset: usize,
    },
    /// `bytes` or `bytearray`
    Bytes {
        bytes: Value,
        index: usize,
    },
    /// A dict (or its view's dict); `at` counts raw entries; `len` is its length when iteration began, `left` the items still to come
    Dict {
        dict: Value,
        at: usize,
        len: usize,
        left: usize,
        part: DictPart,
    },
    DictReversed {
        dict: Value,
        left: usize,
        len: usize,
        part: DictPart,
    },
    Set {
        set: Value,
        at: usize,
        len: usize,
    },
    /// `iter(callable, sentinel)`
    Callable {
        callable: Value,
        sentinel: Value,
    },
    /// `__getitem__` from 0 on
    Sequence {
        sequence: Value,
        index: i64,
    },
    /// `reversed(sequence)`; index of the next item, -1 when exhausted
    Reversed {
        sequence: Value,
        index: i64,
    },
    Enumerate {
        iterator: Value,
        index: Value,
    },
    Zip {
        iterators: Box<[Value]>,
        strict: bool,
    },
    Map {
        function: Value,
        iterators: Box<[Value]>,
        strict: bool,
    },
    Filter {
        function: Value,
        iterator: Value,
    },
}

impl Iter {
    /// Calls `f` with every value held.
    pub fn children<F: FnMut(Value) + ?Sized>(&self, f: &mut F) {
        match self {
            Iter::List { list: v, .. } | Iter::ListReversed { list: v, .. } | Iter::Tuple { tuple: v, .. } => f(*v),
            Iter::Range { .. } => {}
            Iter::LongRange { start, step, .. } => [*start, *step].into_iter().for_each(f),
            Iter::Str { text: v, .. } | Iter::Bytes { bytes: v, .. } => f(*v),
            Iter::Dict { dict: v, .. } | Iter::DictReversed { dict: v, .. } | Iter::Set { set: v, .. } => f(*v),
            Iter::Callable { callable, sentinel } => [*callable, *sentinel].into_iter().for_each(f),
            Iter::Sequence { sequence: v, .. } | Iter::Reversed { sequence: v, .. } => f(*v),
            Iter::Enumerate { iterator, index } => [*iterator, *index].into_iter().for_each(f),
            Iter::Zip { iterators, .. } => iterators.iter().copied().for_each(f),
            Iter::Map {
                function, iterators, ..
            } => {
                f(*function);
                iterators.iter().copied().for_each(f);
            }
            Iter::Filter { function, iterator } => [*function, *iterator].into_iter().for_each(f),
        }
    }
}

/// What one step of an iterator that runs no Python code gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next item.
    Item(Value),
    /// Nothing more.
    Exhausted,
    /// The dict or set changed its size.
    Changed(&'static str),
    /// This iterator may run Python code: go through `__next__`.
    NeedsCall,
}

impl Process {
    /// A new built-in iterator.
    pub fn new_iter(&mut self, class: Value, iter: Iter) -> Value {
        self.heap.alloc(class, Obj::Iter(Box::new(iter)))
    }

    /// Steps an iterator that needs no Python code. The item is not counted.
    #[inline]
    pub fn step_iter(&mut self, it: Value) -> Step {
        let Some(Obj::Iter(iter)) = self.heap.object_mut(it) else {
            return Step::NeedsCall;
        };
        match **iter {
            Iter::List { list, ref mut index } => {
                let at = *index;
                *index += 1;
                match self.heap.get(list) {
                    Obj::List(items) if at < items.len() => Step::Item(items[at]),
                    _ => self.exhaust(it),
                }
            }
            Iter::Tuple { tuple, ref mut index } => {
                let at = *index;
                *index += 1;
                match self.heap.get(tuple) {
                    Obj::Tuple(items) if at < items.len() => Step::Item(items[at]),
                    _ => self.exhaust(it),
                }
            }
            Iter::Range {
                ref mut next,
                step,
                ref mut left,
            } => {
                if *left == 0 {
                    return Step::Exhausted;
                }
                let item = *next;
                *next = item.wrapping_add(step);
                *left -= 1;
                Step::Item(self.new_int(item))
            }
            Iter::Str { text, offset } => {
                if let Some(Obj::Str(s)) = self.heap.object(text)
                    && let Some(&byte) = s.bytes().get(offset)
                    && let Some(&item) = self.ascii.get(usize::from(byte))
                    && !item.is_null()
                {
                    if let Obj::Iter(iter) = self.heap.get_mut(it)
                        && let Iter::Str { offset, .. } = &mut **iter
                    {
                        *offset += 1;
                    }
                    return Step::Item(item);
                }
                self.step_other(it)
            }
            Iter::Enumerate { iterator, index } => self.step_enumerate(it, iterator, index),
            Iter::Zip { strict: false, .. } => self.step_zip(it),
            _ => self.step_other(it),
        }
    }

    /// Does a step of it need neither Python code nor further iterators?
    fn is_simple_iter(&self, it: Value) -> bool {
        match self.heap.object(it) {
            Some(Obj::Iter(iter)) => matches!(
                **iter,
                Iter::List { .. }
                    | Iter::ListReversed { .. }
                    | Iter::Tuple { .. }
                    | Iter::Range { .. }
                    | Iter::Str { .. }
                    | Iter::Bytes { .. }
                    | Iter::Dict { .. }
                    | Iter::Set { .. }
            ),
            _ => false,
        }
    }

    /// Can it be stepped to its end without Python code?
    pub(crate) fn steps_alone(&self, it: Value) -> bool {
        let Some(Obj::Iter(iter)) = self.heap.object(it) else {
            return false;
        };
        match &**iter {
            &Iter::Enumerate { iterator, index } => {
                self.is_simple_iter(iterator) && index.as_small().is_some_and(|n| n < 1 << 60)
            }
            Iter::Zip { iterators, strict } if !strict && !iterators.is_empty() => {
                iterators.iter().all(|&part| self.is_simple_iter(part))
            }
            _ => self.is_simple_iter(it),
        }
    }

    fn step_enumerate(&mut self, it: Value, iterator: Value, index: Value) -> Step {
        let Some(next) = index.as_small().and_then(|n| Value::from_small(n + 1)) else {
            return Step::NeedsCall;
        };
        if !self.is_simple_iter(iterator) {
            return Step::NeedsCall;
        }
        match self.step_iter(iterator) {
            Step::Item(item) => {
                if let Obj::Iter(iter) = self.heap.get_mut(it)
                    && let Iter::Enumerate { index, .. } = &mut **iter
                {
                    *index = next;
                }
                Step::Item(self.heap.alloc(core::TUPLE, Obj::Tuple(Box::new([index, item]))))
            }
            Step::Exhausted => Step::Exhausted,
            // The call says what is wrong.
            Step::Changed(_) | Step::NeedsCall => Step::NeedsCall,
        }
    }

    fn step_zip(&mut self, it: Value) -> Step {
        let part = |vm: &Process, i: usize| match vm.heap.object(it) {
            Some(Obj::Iter(iter)) => match &**iter {
                Iter::Zip { iterators, .. } => iterators.get(i).copied(),
                _ => None,
            },
            _ => None,
        };
        let mut n = 0;
        while let Some(iterator) = part(self, n) {
            if !self.is_simple_iter(iterator) {
                return Step::NeedsCall;
            }
            n += 1;
        }
        if n == 0 {
            return Step::NeedsCall;
        }
        let mut items = Vec::with_capacity(n);
        for i in 0..n {
            match part(self, i).map(|iterator| self.step_iter(iterator)) {
                Some(Step::Item(item)) => items.push(item),
                // Only the first one may leave the error to the call: those before it have gone on.
                Some(Step::Changed(_)) if i == 0 => return Step::NeedsCall,
                Some(Step::Changed(text)) => return Step::Changed(text),
                _ => return Step::Exhausted,
            }
        }
        Step::Item(self.heap.alloc(core::TUPLE, Obj::Tuple(items.into_boxed_slice())))
    }

    fn step_other(&mut self, it: Value) -> Step {
        let Some(Obj::Iter(iter)) = self.heap.object(it) else {
            return Step::NeedsCall;
        };
        match (**iter).clone() {
            Iter::ListReversed { list, left } => {
                let item = left.checked_sub(1).and_then(|i| self.as_list(list)?.get(i).copied());
                match item {
                    Some(item) => {
                        self.put_iter(it, Iter::ListReversed { list, left: left - 1 });
                        Step::Item(item)
                    }
                    None => self.exhaust(it),
                }
            }
            Iter::LongRange {
                start,
                step,
                index,
                len,
            } => {
                if index >= len {
                    return Step::Exhausted;
                }
                let (Some(start_int), Some(step_int)) = (self.as_bigint(start), self.as_bigint(step)) else {
                    return Step::Exhausted;
                };
                self.put_iter(
                    it,
                    Iter::LongRange {
                        start,
                        step,
                        index: index + 1,
                        len,
                    },
                );
                Step::Item(self.new_big(start_int + step_int * index))
            }
            Iter::Str { text, offset } => self.step_str(it, text, offset),
            Iter::Bytes { bytes, index } => {
                let byte = match self.heap.object(bytes) {
                    Some(Obj::Bytes(b)) => b.get(index).copied(),
                    Some(Obj::ByteArray(b)) => b.get(index).copied(),
                    _ => None,
                };
                match byte {
                    Some(b) => {
                        self.put_iter(
                            it,
                            Iter::Bytes {
                                bytes,
                                index: index + 1,
                            },
                        );
                        Step::Item(Value::from_i32(i32::from(b)))
                    }
                    None => self.exhaust(it),
                }
            }
            Iter::Dict {
                dict,
                at,
                len,
                left,
                part,
            } => self.step_dict(it, (dict, part), at, len, left),
            Iter::DictReversed { dict, left, len, part } => self.step_dict_reversed(it, dict, left, len, part),
            Iter::Set { set, at, len } => {
                let Some(Obj::Set(d)) = self.heap.object(set) else {
                    return Step::Exhausted;
                };
                if d.len() != len {
                    return Step::Changed("Set changed size during iteration");
                }
                let found = d
                    .raw_entries()
                    .iter()
                    .enumerate()
                    .skip(at)
                    .find(|(_, e)| !e.key.is_null())
                    .map(|(i, e)| (i, e.key));
                match found {
                    Some((i, key)) => {
                        self.put_iter(it, Iter::Set { set, at: i + 1, len });
                        Step::Item(key)
                    }
                    None => self.exhaust(it),
                }
            }
            _ => Step::NeedsCall,
        }
    }

    fn step_str(&mut self, it: Value, text: Value, offset: usize) -> Step {
        let Some(s) = self.as_pystr(text).cloned() else {
            return Step::Exhausted;
        };
        let Some(&first) = s.bytes().get(offset) else {
            return self.exhaust(it);
        };
        let width = match first {
            0..0x80 => 1,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        self.put_iter(
            it,
            Iter::Str {
                text,
                offset: offset + width,
            },
        );
        if width == 1 {
            return Step::Item(self.ascii_char(first));
        }
        let piece = s
            .bytes()
            .get(offset..offset + width)
            .map(<[u8]>::to_vec)
            .unwrap_or_default();
        let piece = rustpython_wtf8::Wtf8Buf::from_bytes(piece).unwrap_or_default();
        Step::Item(self.new_wtf8(piece))
    }

    /// The interned one-character string of an ASCII byte.
    #[inline]
    pub fn ascii_char(&mut self, byte: u8) -> Value {
        match self.ascii.get(usize::from(byte)) {
            Some(&v) if !v.is_null() => v,
            _ => self.first_ascii_char(byte),
        }
    }

    #[cold]
    #[inline(never)]
    fn first_ascii_char(&mut self, byte: u8) -> Value {
        let v = self.intern(char::from(byte).encode_utf8(&mut [0; 4]));
        // Kept alive by the table of interned strings.
        if let Some(slot) = self.ascii.get_mut(usize::from(byte)) {
            *slot = v;
        }
        v
    }

    fn step_dict(&mut self, it: Value, (dict, part): (Value, DictPart), at: usize, len: usize, left: usize) -> Step {
        let Some(d) = self.as_dict(dict) else {
            return Step::Exhausted;
        };
        if d.len() != len {
            return Step::Changed("dictionary changed size during iteration");
        }
        let entries = d.raw_entries();
        let mut at = at;
        while at < entries.len() && entries[at].key.is_null() {
            at += 1;
        }
        match entries.get(at).copied() {
            Some(_) if left == 0 => Step::Changed("dictionary keys changed during iteration"),
            Some(e) => {
                self.put_iter(
                    it,
                    Iter::Dict {
                        dict,
                        at: at + 1,
                        len,
                        left: left - 1,
                        part,
                    },
                );
                Step::Item(self.dict_part(part, e.key, e.value))
            }
            None => self.exhaust(it),
        }
    }

    fn step_dict_reversed(&mut self, it: Value, dict: Value, left: usize, len: usize, part: DictPart) -> Step {
        let Some(d) = self.as_dict(dict) else {
            return Step::Exhausted;
        };
        if d.len() != len {
            return Step::Changed("dictionary changed size during iteration");
        }
        let entries = d.raw_entries();
        let mut left = left.min(entries.len());
        while left > 0 && entries[left - 1].key.is_null() {
            left -= 1;
        }
        match left.checked_sub(1).and_then(|i| entries.get(i).copied()) {
            Some(e) => {
                self.put_iter(
                    it,
                    Iter::DictReversed {
                        dict,
                        left: left - 1,
                        len,
                        part,
                    },
                );
                Step::Item(self.dict_part(part, e.key, e.value))
            }
            None => self.exhaust(it),
        }
    }

    fn dict_part(&mut self, part: DictPart, key: Value, value: Value) -> Value {
        match part {
            DictPart::Keys => key,
            DictPart::Values => value,
            DictPart::Items => self.new_tuple(vec![key, value]),
        }
    }

    /// Replaces the state of an iterator by one that holds the same values.
    fn put_iter(&mut self, it: Value, iter: Iter) {
        if let Obj::Iter(slot) = self.heap.get_mut(it) {
            **slot = iter;
        }
    }

    /// The iterator lets go of its container.
    fn exhaust(&mut self, it: Value) -> Step {
        if let Obj::Iter(slot) = self.heap.get_mut(it) {
            let old = std::mem::replace(
                &mut **slot,
                Iter::Range {
                    next: 0,
                    step: 1,
                    left: 0,
                },
            );
            old.children(&mut |v| self.heap.decref(v));
        }
        Step::Exhausted
    }

    /// `__next__` of iterators that run no Python code, as a native: NULL when exhausted.
    pub fn next_of_iter(&mut self, it: Value) -> NativeResult {
        match self.step_iter(it) {
            Step::Item(v) => Ok(v),
            Step::Exhausted => Ok(Value::NULL),
            Step::Changed(message) => Err(self.runtime_error(message)),
            Step::NeedsCall => super::iter_tools::next_with_calls(self, it),
        }
    }
}

fn iter_self(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let it = args.this();
    if !matches!(p.heap.object(it), Some(Obj::Iter(_))) {
        let message = format!(
            "descriptor '__next__' requires an iterator but received a '{}'",
            p.type_name(it)
        );
        return Err(p.type_error(&message));
    }
    p.next_of_iter(it)
}

/// How many items are left, where it is known.
fn length_hint(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(Obj::Iter(iter)) = p.heap.object(args.this()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let left = match **iter {
        Iter::List { list, index } => p.as_list(list).map_or(0, |l| l.len().saturating_sub(index)),
        Iter::ListReversed { list, left } => p.as_list(list).map_or(0, |l| if left <= l.len() { left } else { 0 }),
        Iter::Tuple { tuple, index } => p.as_tuple(tuple).map_or(0, |t| t.len().saturating_sub(index)),
        Iter::Range { left, .. } => left as usize,
        Iter::LongRange { index, len, .. } => len.saturating_sub(index) as usize,
        Iter::Str { text, offset } => p.as_pystr(text).map_or(0, |s| {
            s.bytes()
                .get(offset..)
                .unwrap_or(&[])
                .iter()
                .filter(|b| (**b & 0xC0) != 0x80)
                .count()
        }),
        Iter::Bytes { bytes, index } => match p.heap.object(bytes) {
            Some(Obj::Bytes(b)) => b.len().saturating_sub(index),
            Some(Obj::ByteArray(b)) => b.len().saturating_sub(index),
            _ => 0,
        },
        Iter::Dict { dict, at, .. } => p.as_dict(dict).map_or(0, |d| {
            d.raw_entries().iter().skip(at).filter(|e| !e.key.is_null()).count()
        }),
        Iter::DictReversed { dict, left, .. } => p.as_dict(dict).map_or(0, |d| {
            d.raw_entries().iter().take(left).filter(|e| !e.key.is_null()).count()
        }),
        Iter::Set { set, at, .. } => match p.heap.object(set) {
            Some(Obj::Set(d)) => d.raw_entries().iter().skip(at).filter(|e| !e.key.is_null()).count(),
            _ => 0,
        },
        Iter::Sequence { sequence, index } => {
            if sequence.is_null() {
                0
            } else {
                p.len(sequence)?.saturating_sub(index.max(0) as usize)
            }
        }
        Iter::Reversed { index, .. } => (index + 1).max(0) as usize,
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    Ok(p.new_int(left as i64))
}

/// `copyreg` form: (iter or reversed, (container,), position).
fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let it = args.this();
    let Some(Obj::Iter(iter)) = p.heap.object(it) else {
        return Err(p.type_error("cannot pickle iterator"));
    };
    let iter = (**iter).clone();
    let builtins = p.builtins;
    let iter_name = p.intern("iter");
    let iter_function = p.dict_get_str(builtins, iter_name).unwrap_or(Value::NONE);
    let (container, state) = match iter {
        Iter::List { list, index } => (list, Some(index)),
        Iter::Tuple { tuple, index } => (tuple, Some(index)),
        Iter::Bytes { bytes, index } => (bytes, Some(index)),
        Iter::Sequence { sequence, index } => (sequence, Some(index.max(0) as usize)),
        Iter::Str { text, offset } => {
            let at = p.as_pystr(text).map_or(0, |s| {
                s.bytes().iter().take(offset).filter(|b| (**b & 0xC0) != 0x80).count()
            });
            (text, Some(at))
        }
        Iter::Range { next, step, left } => {
            let range = p.new_range_of(next, step, left);
            (range, Some(0))
        }
        Iter::LongRange {
            start,
            step,
            index,
            len,
        } => {
            let (start, step) = (
                p.as_bigint(start).unwrap_or_default(),
                p.as_bigint(step).unwrap_or_default(),
            );
            let stop = &start + &step * len;
            let range = p.new_range(start + &step * index, stop, step);
            (range, None)
        }
        Iter::ListReversed { list, left } => {
            let name = p.intern("reversed");
            let reversed = p.dict_get_str(builtins, name).unwrap_or(Value::NONE);
            let arguments = p.new_tuple(vec![list]);
            let at = p.new_int(left as i64 - 1);
            return Ok(p.new_tuple(vec![reversed, arguments, at]));
        }
        _ => {
            // The rest of the items as a list; the iterator itself goes on.
            let copy = p.new_iter(p.type_of(it), iter);
            let mut items = Vec::new();
            while let Step::Item(v) = p.step_iter(copy) {
                items.push(v);
            }
            (p.new_list(items), None)
        }
    };
    let container = if container.is_null() {
        p.new_list(Vec::new())
    } else {
        container
    };
    let arguments = p.new_tuple(vec![container]);
    let mut parts = vec![iter_function, arguments];
    if let Some(at) = state {
        parts.push(Value::from_small(at as i64).unwrap_or(Value::NONE));
    }
    Ok(p.new_tuple(parts))
}

fn setstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (it, [state]) = p.method_args(args, "__setstate__")?;
    let state = p.index_big(state)?;
    let far = num_traits::ToPrimitive::to_u64(&state).unwrap_or(if state.sign() == num_bigint::Sign::Minus {
        0
    } else {
        u64::MAX
    });
    let long = matches!(p.heap.object(it), Some(Obj::Iter(iter)) if matches!(**iter, Iter::LongRange { .. }));
    if !long && num_traits::ToPrimitive::to_i64(&state).is_none() {
        return Err(p.overflow_error("Python int too large to convert to C ssize_t"));
    }
    let at = super::sequence::clamp_big(&state).max(-1);
    let (before, at) = (at, at.max(0) as usize);
    if let Some(Obj::Iter(iter)) = p.heap.object(it) {
        let mut iter = (**iter).clone();
        match &mut iter {
            Iter::List { index, .. } | Iter::Tuple { index, .. } | Iter::Bytes { index, .. } => *index = at,
            Iter::ListReversed { list, left } => {
                let count = p.as_list(*list).map_or(0, Vec::len);
                *left = if before < 0 { 0 } else { at.saturating_add(1).min(count) };
            }
            Iter::LongRange { index, len, .. } => *index = index.saturating_add(far).min(*len),
            Iter::Sequence { index, .. } => *index = at as i64,
            Iter::Range { next, step, left } => {
                let skip = (at as u64).min(*left);
                *next += *step * skip as i64;
                *left -= skip;
            }
            Iter::Str { text, offset } => *offset = p.as_pystr(*text).map_or(0, |s| s.byte_offset(at)),
            _ => {}
        }
        p.put_iter(it, iter);
    }
    Ok(Value::NONE)
}

static MEMBERS: &[Native] = &[
    Native::method("__iter__", iter_self),
    Native::method("__next__", next),
    Native::method("__length_hint__", length_hint),
    Native::method("__reduce__", reduce),
    Native::method("__setstate__", setstate),
];

macro_rules! iterator_types {
    ($($constant:ident $handle:ident $name:literal;)*) => {
        $(static $constant: TypeDef = TypeDef {
            name: $name, module: "builtins", base: Some(TypeRef::Core(core::OBJECT)), layout: Layout::Closed, flags: 0,
            members: &[MEMBERS], doc: "", finish: None,
        };)*
        /// The iterator types.
        pub static DEFS: super::super::Defs = &[$((core::$handle, &$constant)),*];
    };
}

iterator_types! {
    LIST LIST_ITERATOR "list_iterator"; LIST_REVERSE LIST_REVERSE_ITERATOR "list_reverseiterator"; TUPLE TUPLE_ITERATOR "tuple_iterator";
    STR STR_ITERATOR "str_iterator"; STR_ASCII STR_ASCII_ITERATOR "str_ascii_iterator"; BYTES BYTES_ITERATOR "bytes_iterator";
    BYTEARRAY BYTEARRAY_ITERATOR "bytearray_iterator"; RANGE RANGE_ITERATOR "range_iterator"; LONG_RANGE LONG_RANGE_ITERATOR "longrange_iterator";
    SET SET_ITERATOR "set_iterator"; DICT_KEY DICT_KEY_ITERATOR "dict_keyiterator"; DICT_VALUE DICT_VALUE_ITERATOR "dict_valueiterator";
    DICT_ITEM DICT_ITEM_ITERATOR "dict_itemiterator"; DICT_RKEY DICT_REVERSE_KEY_ITERATOR "dict_reversekeyiterator";
    DICT_RVALUE DICT_REVERSE_VALUE_ITERATOR "dict_reversevalueiterator"; DICT_RITEM DICT_REVERSE_ITEM_ITERATOR "dict_reverseitemiterator";
    CALLABLE CALLABLE_ITERATOR "callable_iterator"; SEQUENCE SEQUENCE_ITERATOR "iterator";
}
