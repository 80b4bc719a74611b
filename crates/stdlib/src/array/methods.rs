//! Methods of `array.array`.

use super::items::{Code, LETTERS, pack, unpack};
use super::{ARRAY, ARRAY_ITERATOR, Array, array, check_room, new_array};
use heddle_compiler::CompareOp;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::object::Obj;
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

#[derive(Clone, Debug)]
struct ArrayIterator {
    /// NULL when exhausted.
    array: Value,
    at: usize,
}
heddle_vm::impl_payload!(ArrayIterator, |this, f| f(this.array));

/// `__new__`, the protocols of sequences and comparison.
pub const SLOTS: &[Native] = &[
    Native::static_method("__new__", new),
    Native::method("__len__", |p, a| {
        let n = array(p, a.this())?.len();
        Ok(p.new_int(n as i64))
    }),
    Native::method("__getitem__", getitem),
    Native::method("__setitem__", setitem),
    Native::method("__delitem__", delitem),
    Native::method("__contains__", |p, a| {
        let (this, [v]) = p.method_args(a, "__contains__")?;
        Ok(Value::from_bool(find(p, this, v, 0, usize::MAX)?.is_some()))
    }),
    Native::method("__iter__", iter),
    Native::method("__add__", add),
    Native::method("__iadd__", |p, a| {
        let (this, [other]) = p.method_args(a, "__iadd__")?;
        if p.heap.payload::<Array>(other).is_none() {
            let name = p.type_name(other);
            return Err(p.type_error(&format!("can only extend with array (not \"{name}\")")));
        }
        extend_with(p, this, other)?;
        Ok(this)
    }),
    Native::method("__mul__", |p, a| repeat(p, a, false)),
    Native::method("__rmul__", |p, a| repeat(p, a, false)),
    Native::method("__imul__", |p, a| repeat(p, a, true)),
    Native::method("__eq__", |p, a| compare(p, a, CompareOp::Eq)),
    Native::method("__ne__", |p, a| compare(p, a, CompareOp::Ne)),
    Native::method("__lt__", |p, a| compare(p, a, CompareOp::Lt)),
    Native::method("__le__", |p, a| compare(p, a, CompareOp::Le)),
    Native::method("__gt__", |p, a| compare(p, a, CompareOp::Gt)),
    Native::method("__ge__", |p, a| compare(p, a, CompareOp::Ge)),
    Native::method("__repr__", repr),
    Native::getter("itemsize", |p, a| {
        let n = array(p, a.this())?.code.size;
        Ok(p.new_int(n as i64))
    }),
    Native::getter("typecode", |p, a| {
        let letter = array(p, a.this())?.code.letter;
        Ok(p.new_str(&letter.to_string()))
    }),
    Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
];

/// The named methods.
pub const METHODS: &[Native] = &[
    Native::method("append", |p, a| {
        let (this, [v]) = p.method_args(a, "array.array.append")?;
        let n = array(p, this)?.len();
        insert_at(p, this, n, v)
    })
    .sig("($self, v, /)"),
    Native::method("insert", |p, a| {
        let (this, [i, v]) = p.method_args(a, "insert")?;
        let n = array(p, this)?.len();
        let i = p.index_clamped(i)?;
        let i = if i < 0 { (i + n as i64).max(0) } else { i.min(n as i64) };
        insert_at(p, this, i as usize, v)
    })
    .sig("($self, i, v, /)"),
    Native::method("pop", pop).sig("($self, i=-1, /)"),
    Native::method("remove", |p, a| {
        let (this, [v]) = p.method_args(a, "array.array.remove")?;
        match find(p, this, v, 0, usize::MAX)? {
            Some(i) => {
                take(p, this, i)?;
                Ok(Value::NONE)
            }
            None => Err(p.value_error("array.remove(x): x not in array")),
        }
    })
    .sig("($self, v, /)"),
    Native::method("index", index).sig("($self, v, start=0, stop=sys.maxsize, /)"),
    Native::method("count", count).sig("($self, v, /)"),
    Native::method("clear", |p, a| {
        let data = std::mem::take(&mut array(p, a.this())?.data);
        p.heap.adjust_size(-(data.len() as i64));
        Ok(Value::NONE)
    })
    .sig("($self, /)"),
    Native::method("reverse", |p, a| {
        let row = array(p, a.this())?;
        let size = row.code.size;
        row.data = row.data.rchunks(size).flatten().copied().collect();
        Ok(Value::NONE)
    })
    .sig("($self, /)"),
    Native::method("byteswap", |p, a| {
        let row = array(p, a.this())?;
        let size = row.code.size;
        for item in row.data.chunks_mut(size) {
            item.reverse();
        }
        Ok(Value::NONE)
    })
    .sig("($self, /)"),
    Native::method("extend", |p, a| {
        let (this, [other]) = p.method_args(a, "array.array.extend")?;
        extend_with(p, this, other)?;
        Ok(Value::NONE)
    })
    .sig("($self, bb, /)"),
    Native::method("fromlist", |p, a| {
        let (this, [list]) = p.method_args(a, "array.array.fromlist")?;
        if p.as_list(list).is_none() {
            return Err(p.type_error("arg must be list"));
        }
        add_items(p, this, list)?;
        Ok(Value::NONE)
    })
    .sig("($self, list, /)"),
    Native::method("frombytes", |p, a| {
        let (this, [data]) = p.method_args(a, "array.array.frombytes")?;
        let bytes = p.buffer_bytes(data)?;
        add_bytes(p, this, &bytes)
    })
    .sig("($self, buffer, /)"),
    Native::method("fromfile", from_file).sig("($self, f, n, /)"),
    Native::method("fromunicode", |p, a| {
        let (this, [text]) = p.method_args(a, "array.array.fromunicode")?;
        let code = array(p, this)?.code;
        let Some(s) = p.as_pystr(text).cloned() else {
            let name = p.type_name(text);
            return Err(p.type_error(&format!("fromunicode() argument must be str, not {name}")));
        };
        if !code.is_text() {
            return Err(p.value_error("fromunicode() may only be called on unicode type arrays ('u' or 'w')"));
        }
        let bytes: Vec<u8> = s.wtf8().code_points().flat_map(|c| c.to_u32().to_le_bytes()).collect();
        add_bytes(p, this, &bytes)
    })
    .sig("($self, ustr, /)"),
    Native::method("tolist", |p, a| {
        let items = values(p, a.this())?;
        Ok(p.new_list(items))
    })
    .sig("($self, /)"),
    Native::method("tobytes", |p, a| {
        let data = array(p, a.this())?.data.clone();
        Ok(p.new_bytes(&data))
    })
    .sig("($self, /)"),
    Native::method("tounicode", |p, a| {
        let row = array(p, a.this())?.clone();
        if !row.code.is_text() {
            return Err(p.value_error("tounicode() may only be called on unicode type arrays ('u' or 'w')"));
        }
        text_of(p, &row)
    })
    .sig("($self, /)"),
    Native::method("tofile", |p, a| {
        let (this, [file]) = p.method_args(a, "array.array.tofile")?;
        let data = array(p, this)?.data.clone();
        let bytes = p.new_bytes(&data);
        let write = p.getattr(file, heddle_vm::names::WRITE)?;
        p.call(write, &[bytes])?;
        Ok(Value::NONE)
    })
    .sig("($self, f, /)"),
    Native::method("buffer_info", |p, a| {
        let n = array(p, a.this())?.len();
        let (id, n) = (p.id_of(a.this()), p.new_int(n as i64));
        let address = p.new_int(id as i64);
        Ok(p.new_tuple(vec![address, n]))
    })
    .sig("($self, /)"),
    Native::method("__copy__", copy),
    Native::method("__deepcopy__", copy),
    Native::method("__reduce_ex__", reduce),
];

/// The iterator's methods.
pub const ITERATOR: &[Native] = &[
    Native::method("__iter__", |_, a| Ok(a.this())),
    Native::method("__next__", |p, a| {
        let this = a.this();
        let Some(ArrayIterator { array: row, at }) = p.heap.payload::<ArrayIterator>(this).cloned() else {
            return Ok(Value::NULL);
        };
        let item = value_at(p, row, at)?;
        if let Some(it) = p.heap.payload_mut::<ArrayIterator>(this) {
            it.at += 1;
            if item.is_none() {
                it.array = Value::NULL;
            }
        }
        if item.is_none() {
            p.heap.decref(row);
        }
        Ok(item.unwrap_or(Value::NULL))
    }),
];

/// The module's function behind pickles.
pub const FUNCTIONS: &[Native] = &[Native::function("_array_reconstructor", reconstruct)];

fn value_at(p: &mut Process, row: Value, i: usize) -> NativeResult<Option<Value>> {
    let Some(found) = p.heap.payload::<Array>(row) else {
        return Ok(None);
    };
    let code = found.code;
    match found.item(i).map(<[u8]>::to_vec) {
        Some(bytes) => unpack(p, code, &bytes).map(Some),
        None => Ok(None),
    }
}

fn values(p: &mut Process, row: Value) -> NativeResult<Vec<Value>> {
    let row = array(p, row)?.clone();
    p.check_size(8 * (row.data.len() / row.code.size.max(1)) as u64)?;
    row.data
        .chunks_exact(row.code.size)
        .map(|item| unpack(p, row.code, item))
        .collect()
}

fn text_of(p: &mut Process, row: &Array) -> NativeResult {
    let mut text = Wtf8Buf::new();
    for item in row.data.chunks_exact(4) {
        let n = u32::from_le_bytes(item.try_into().unwrap_or_default());
        match CodePoint::from_u32(n) {
            Some(c) => text.push(c),
            None => {
                return Err(p.value_error(&format!("character U+{n:x} is not in range [U+0000; U+10ffff]")));
            }
        }
    }
    Ok(p.new_wtf8(text))
}

/// `array(typecode[, initializer])`
fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let own = p.native_type(&ARRAY);
    if class == own && !args.kw.is_empty() {
        return Err(p.type_error("array.array() takes no keyword arguments"));
    }
    let given = args.len() - 1;
    if !(1..=2).contains(&given) {
        let bound = if given < 1 {
            "at least 1 argument"
        } else {
            "at most 2 arguments"
        };
        return Err(p.type_error(&format!("array() takes {bound} ({given} given)")));
    }
    let letter = args.get(1).unwrap_or(Value::NONE);
    let Some(text) = p.as_pystr(letter).cloned() else {
        let name = p.type_name(letter);
        return Err(p.type_error(&format!("array() argument 1 must be a unicode character, not {name}")));
    };
    if text.len() != 1 {
        let n = text.len();
        return Err(p.type_error(&format!(
            "array() argument 1 must be a unicode character, not a string of length {n}"
        )));
    }
    let letter = text.char_at(0).and_then(|c| c.to_char()).unwrap_or('?');
    let initial = args.get(2);
    let code = Code::new(letter);
    if let Some(v) = initial
        && !code.is_some_and(Code::is_text)
    {
        let shown = letter;
        if p.as_pystr(v).is_some() {
            return Err(p.type_error(&format!(
                "cannot use a str to initialize an array with typecode '{shown}'"
            )));
        }
        if p.heap.payload::<Array>(v).is_some_and(|a| a.code.is_text()) {
            return Err(p.type_error(&format!(
                "cannot use a unicode array to initialize an array with typecode '{shown}'"
            )));
        }
    }
    let Some(code) = code else {
        let (last, rest) = (
            LETTERS.chars().next_back().unwrap_or('d'),
            &LETTERS[..LETTERS.len() - 1],
        );
        let rest: Vec<String> = rest.chars().map(|c| c.to_string()).collect();
        return Err(p.value_error(&format!("bad typecode (must be {} or {last})", rest.join(", "))));
    };
    let data = match initial {
        Some(v) => initial_data(p, code, v)?,
        None => Vec::new(),
    };
    check_room(p, data.len())?;
    p.heap.adjust_size(data.len() as i64);
    Ok(p.new_payload(class, Array { code, data }))
}

fn initial_data(p: &mut Process, code: Code, v: Value) -> NativeResult<Vec<u8>> {
    if let Some(s) = p.as_pystr(v) {
        return Ok(s.wtf8().code_points().flat_map(|c| c.to_u32().to_le_bytes()).collect());
    }
    if let Some(other) = p.heap.payload::<Array>(v)
        && other.code == code
    {
        return Ok(other.data.clone());
    }
    if let Some(bytes) = p.own_bytes(v) {
        if bytes.len() % code.size != 0 {
            return Err(p.value_error("bytes length not a multiple of item size"));
        }
        return Ok(bytes.to_vec());
    }
    let mut data = Vec::new();
    for item in p.list_from_iterable(v)? {
        data.extend(pack(p, code, item)?);
    }
    Ok(data)
}

fn insert_at(p: &mut Process, this: Value, i: usize, v: Value) -> NativeResult {
    let code = array(p, this)?.code;
    let bytes = pack(p, code, v)?;
    p.heap.adjust_size(bytes.len() as i64);
    let row = array(p, this)?;
    let at = (i * code.size).min(row.data.len());
    row.data.splice(at..at, bytes);
    Ok(Value::NONE)
}

fn add_bytes(p: &mut Process, this: Value, bytes: &[u8]) -> NativeResult {
    check_room(p, bytes.len())?;
    let row = array(p, this)?;
    if !bytes.len().is_multiple_of(row.code.size) {
        return Err(p.value_error("bytes length not a multiple of item size"));
    }
    row.data.extend_from_slice(bytes);
    p.heap.adjust_size(bytes.len() as i64);
    Ok(Value::NONE)
}

/// Appends the items of an iterable, all or none.
fn add_items(p: &mut Process, this: Value, iterable: Value) -> NativeResult<()> {
    let code = array(p, this)?.code;
    let mut data = Vec::new();
    for item in p.list_from_iterable(iterable)? {
        data.extend(pack(p, code, item)?);
    }
    add_bytes(p, this, &data)?;
    Ok(())
}

fn extend_with(p: &mut Process, this: Value, other: Value) -> NativeResult<()> {
    let code = array(p, this)?.code;
    match p.heap.payload::<Array>(other).cloned() {
        Some(other) if other.code != code => Err(p.type_error("can only extend with array of same kind")),
        Some(other) => add_bytes(p, this, &other.data).map(drop),
        None => add_items(p, this, other),
    }
}

fn take(p: &mut Process, this: Value, i: usize) -> NativeResult<Vec<u8>> {
    let row = array(p, this)?;
    let (from, size) = (i * row.code.size, row.code.size);
    let gone: Vec<u8> = row.data.drain(from..from + size).collect();
    p.heap.adjust_size(-(size as i64));
    Ok(gone)
}

fn pop(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [i] = p.bind(args.rest(), "pop", [""], 0)?;
    let (n, code) = (array(p, this)?.len(), array(p, this)?.code);
    if n == 0 {
        return Err(p.index_error("pop from empty array"));
    }
    let Some(i) = p.sequence_index(i.unwrap_or(Value::from_i32(-1)), n)? else {
        return Err(p.index_error("pop index out of range"));
    };
    let bytes = take(p, this, i)?;
    unpack(p, code, &bytes)
}

/// Where the first item equal to `v` stands between two places.
fn find(p: &mut Process, this: Value, v: Value, from: usize, to: usize) -> NativeResult<Option<usize>> {
    array(p, this)?;
    let mut i = from;
    while i < to {
        let Some(item) = value_at(p, this, i)? else { break };
        if p.eq(item, v)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn index(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [v, start, stop] = p.bind(args.rest(), "index", ["", "", ""], 1)?;
    let n = array(p, this)?.len();
    let (from, to) = p.index_range(start, stop, n)?;
    match find(p, this, v.unwrap_or(Value::NONE), from, to)? {
        Some(i) => Ok(p.new_int(i as i64)),
        None => Err(p.value_error("array.index(x): x not in array")),
    }
}

fn count(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [v]) = p.method_args(args, "array.array.count")?;
    let mut n = 0;
    let mut at = 0;
    while let Some(i) = find(p, this, v, at, usize::MAX)? {
        n += 1;
        at = i + 1;
    }
    Ok(p.new_int(n))
}

fn getitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = p.method_args(args, "__getitem__")?;
    let n = array(p, this)?.len();
    if matches!(p.heap.object(key), Some(Obj::Slice(_))) {
        let places = p.slice_indices(key, n)?;
        let row = array(p, this)?;
        let (code, size) = (row.code, row.code.size);
        let items = places.indices().filter_map(|i| row.data.get(i * size..(i + 1) * size));
        let data = items.flatten().copied().collect();
        return new_array(p, code, data);
    }
    check_key(p, key)?;
    match p.sequence_index(key, n)? {
        Some(i) => Ok(value_at(p, this, i)?.unwrap_or(Value::NONE)),
        None => Err(p.index_error("array index out of range")),
    }
}

fn check_key(p: &mut Process, key: Value) -> NativeResult<()> {
    if p.is_int(key) || p.lookup_in_type(p.type_of(key), heddle_vm::names::INDEX).is_some() {
        return Ok(());
    }
    Err(p.type_error("array indices must be integers"))
}

fn setitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key, v]) = p.method_args(args, "__setitem__")?;
    let (n, code) = (array(p, this)?.len(), array(p, this)?.code);
    if matches!(p.heap.object(key), Some(Obj::Slice(_))) {
        let Some(other) = p.heap.payload::<Array>(v).cloned() else {
            let name = p.type_name(v);
            return Err(p.type_error(&format!("can only assign array (not \"{name}\") to array slice")));
        };
        if other.code != code {
            return Err(p.type_error("bad argument type for built-in operation"));
        }
        return replace_slice(p, this, key, &other.data);
    }
    check_key(p, key)?;
    let Some(i) = p.sequence_index(key, n)? else {
        return Err(p.index_error("array assignment index out of range"));
    };
    let bytes = pack(p, code, v)?;
    let row = array(p, this)?;
    if let Some(slot) = row.data.get_mut(i * code.size..(i + 1) * code.size) {
        slot.copy_from_slice(&bytes);
    }
    Ok(Value::NONE)
}

/// Puts items in the place of a slice.
fn replace_slice(p: &mut Process, this: Value, key: Value, new: &[u8]) -> NativeResult {
    let n = array(p, this)?.len();
    let places = p.slice_indices(key, n)?;
    check_room(p, new.len())?;
    let row = array(p, this)?;
    let size = row.code.size;
    if places.step == 1 {
        let from = places.start as usize * size;
        let to = from + places.count * size;
        row.data.splice(from..to, new.iter().copied());
        p.heap.adjust_size(new.len() as i64 - (to - from) as i64);
        return Ok(Value::NONE);
    }
    if new.len() != places.count * size {
        let (got, want) = (new.len() / size, places.count);
        return Err(p.value_error(&format!(
            "attempt to assign array of size {got} to extended slice of size {want}"
        )));
    }
    for (i, item) in places.indices().zip(new.chunks_exact(size)) {
        if let Some(slot) = row.data.get_mut(i * size..(i + 1) * size) {
            slot.copy_from_slice(item);
        }
    }
    Ok(Value::NONE)
}

fn delitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = p.method_args(args, "__delitem__")?;
    let n = array(p, this)?.len();
    if matches!(p.heap.object(key), Some(Obj::Slice(_))) {
        let places = p.slice_indices(key, n)?;
        let gone: std::collections::BTreeSet<usize> = places.indices().collect();
        let row = array(p, this)?;
        let size = row.code.size;
        let kept = row
            .data
            .chunks_exact(size)
            .enumerate()
            .filter(|(i, _)| !gone.contains(i));
        row.data = kept.flat_map(|(_, item)| item.to_vec()).collect();
        p.heap.adjust_size(-((gone.len() * size) as i64));
        return Ok(Value::NONE);
    }
    check_key(p, key)?;
    match p.sequence_index(key, n)? {
        Some(i) => take(p, this, i).map(|_| Value::NONE),
        None => Err(p.index_error("array assignment index out of range")),
    }
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let row = args.this();
    array(p, row)?;
    let class = p.native_type(&ARRAY_ITERATOR);
    Ok(p.new_payload(class, ArrayIterator { array: row, at: 0 }))
}

fn add(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = p.method_args(args, "__add__")?;
    let row = array(p, this)?.clone();
    let Some(other) = p.heap.payload::<Array>(other).cloned() else {
        let name = p.type_name(other);
        return Err(p.type_error(&format!("can only append array (not \"{name}\") to array")));
    };
    if row.code != other.code {
        return Err(p.type_error("bad argument type for built-in operation"));
    }
    new_array(p, row.code, [row.data, other.data].concat())
}

fn repeat(p: &mut Process, args: Args<'_>, in_place: bool) -> NativeResult {
    let (this, [times]) = p.method_args(args, "__mul__")?;
    let (len, code) = (array(p, this)?.data.len(), array(p, this)?.code);
    if !p.is_int(times) && p.lookup_in_type(p.type_of(times), heddle_vm::names::INDEX).is_none() {
        let name = p.type_name(times);
        return Err(p.type_error(&format!("can't multiply sequence by non-int of type '{name}'")));
    }
    let n = p.index_i64(times)?.max(0) as usize;
    check_room(p, len.saturating_mul(n))?;
    let data = array(p, this)?.data.repeat(n);
    if !in_place {
        return new_array(p, code, data);
    }
    p.heap.adjust_size(data.len() as i64 - len as i64);
    array(p, this)?.data = data;
    Ok(this)
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (this, [other]) = p.method_args(args, "__eq__")?;
    if p.heap.payload::<Array>(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (values(p, this)?, values(p, other)?);
    for (&a, &b) in a.iter().zip(&b) {
        if !p.compare_truth(CompareOp::Eq, a, b)? {
            return match op {
                CompareOp::Eq => Ok(Value::FALSE),
                CompareOp::Ne => Ok(Value::TRUE),
                _ => p.compare(op, a, b),
            };
        }
    }
    let order = a.len().cmp(&b.len());
    Ok(Value::from_bool(heddle_vm::builtin::containers::holds(op, order)))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let row = array(p, this)?.clone();
    let (name, letter) = (p.type_name(this), row.code.letter);
    if row.data.is_empty() {
        return Ok(p.new_str(&format!("{name}('{letter}')")));
    }
    let inner = if row.code.is_text() {
        text_of(p, &row)?
    } else {
        let items = values(p, this)?;
        p.new_list(items)
    };
    let mut text = Wtf8Buf::from(format!("{name}('{letter}', "));
    heddle_vm::builtin::containers::repr::push_repr(p, &mut text, inner)?;
    text.push_str(")");
    Ok(p.new_wtf8(text))
}

fn from_file(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [file, n]) = p.method_args(args, "fromfile")?;
    let n = p.index_i64(n)?;
    if n < 0 {
        return Err(p.value_error("negative count"));
    }
    let wanted = (n as usize).saturating_mul(array(p, this)?.code.size);
    let size = p.new_int(wanted as i64);
    let read = p.getattr_text(file, "read")?;
    let data = p.call(read, &[size])?;
    let Some(bytes) = p.as_bytes(data).map(<[u8]>::to_vec) else {
        return Err(p.type_error("read() didn't return bytes"));
    };
    let short = bytes.len() < wanted;
    add_bytes(p, this, &bytes)?;
    if short {
        return Err(p.error(core::EOF_ERROR, "read() didn't return enough bytes"));
    }
    Ok(Value::NONE)
}

fn copy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Array { code, data } = array(p, args.this())?.clone();
    new_array(p, code, data)
}

/// The machine format code of `_array_reconstructor`.
fn machine_format(code: Code) -> i64 {
    match code.letter {
        'B' => 0,
        'b' => 1,
        'H' => 2,
        'h' => 4,
        'I' => 6,
        'i' => 8,
        'L' | 'Q' => 10,
        'l' | 'q' => 12,
        'f' => 14,
        'd' => 16,
        _ => 20,
    }
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [protocol]) = p.method_args(args, "array.array.__reduce_ex__")?;
    let row = array(p, this)?.clone();
    let class = p.type_of(this);
    let attributes = p.existing_dict(this).unwrap_or(Value::NONE);
    let letter = p.new_str(&row.code.letter.to_string());
    if p.index_i64(protocol)? < 3 {
        let items = values(p, this)?;
        let items = p.new_list(items);
        let arguments = p.new_tuple(vec![letter, items]);
        return Ok(p.new_tuple(vec![class, arguments, attributes]));
    }
    let module = p.import_module("array")?;
    let function = p.getattr_text(module, "_array_reconstructor")?;
    let (format, data) = (p.new_int(machine_format(row.code)), p.new_bytes(&row.data));
    let arguments = p.new_tuple(vec![class, letter, format, data]);
    Ok(p.new_tuple(vec![function, arguments, attributes]))
}

/// `_array_reconstructor(arraytype, typecode, mformat_code, items)`
fn reconstruct(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class, letter, format, data] = crate::arguments::fixed(p, args, "array", "_array_reconstructor")?;
    let own = p.native_type(&ARRAY);
    if p.as_type(class).is_none() {
        let name = p.type_name(class);
        return Err(p.type_error(&format!("first argument must be a type object, not {name}")));
    }
    if !p.is_subtype(class, own) {
        let name = p.name_of_type(class);
        return Err(p.type_error(&format!("{name} is not a subtype of array.array")));
    }
    let text = p.text(letter);
    let Some(code) = text
        .chars()
        .next()
        .and_then(Code::new)
        .filter(|_| text.chars().count() == 1)
    else {
        return Err(p.value_error("second argument must be a valid type code"));
    };
    let format = p.index_i64(format)?;
    if !(0..=21).contains(&format) {
        return Err(p.value_error("third argument must be a valid machine format code."));
    }
    let Some(mut bytes) = p.as_bytes(data).map(<[u8]>::to_vec) else {
        let name = p.type_name(data);
        return Err(p.type_error(&format!("fourth argument should be bytes, not {name}")));
    };
    let size = match format {
        0 | 1 => 1,
        2..=5 | 18 | 19 => 2,
        10..=13 | 16 | 17 => 8,
        _ => 4,
    };
    if !bytes.len().is_multiple_of(size) {
        return Err(p.value_error("bytes length not a multiple of item size"));
    }
    // Odd codes from 2 on are the big-endian twins.
    if format > 1 && format % 2 == 1 {
        for item in bytes.chunks_mut(size) {
            item.reverse();
        }
    }
    if machine_format(code) != format & !1 && format > 1 || size != code.size {
        return Err(p.not_supported("arrays pickled on a machine with other sizes"));
    }
    check_room(p, bytes.len())?;
    p.heap.adjust_size(bytes.len() as i64);
    Ok(p.new_payload(class, Array { code, data: bytes }))
}
