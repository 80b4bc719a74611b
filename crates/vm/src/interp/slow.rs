//! Slow paths of instructions as natives: what may run Python code.
//!
//! Their arguments are the instruction's operands in stack order and, where noted, its argument as an int.

use crate::builtin::code_objects::generator::throw_inner;
use crate::function::{Args, Native};
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::{BinaryOp, CompareOp};

macro_rules! slow {
    ($($(#[$doc:meta])* $name:ident = $text:literal $run:ident;)*) => {
        $($(#[$doc])* pub static $name: Native = Native::function($text, $run);)*
        /// All of them, for images that refer to natives by name.
        pub static ALL: &[&Native] = &[$(&$name),*];
    };
}

slow! {
    /// left, right, argument
    BINARY = "<binary>" binary;
    /// left, right, argument
    COMPARE = "<compare>" compare;
    /// value
    TRUTH = "<truth>" truth;
    /// value
    NEGATIVE = "<negative>" negative;
    /// value
    INVERT = "<invert>" invert;
    /// value
    POSITIVE = "<positive>" positive;
    /// item, container, argument
    CONTAINS = "<contains>" contains;
    /// value, container, key
    STORE_SUBSCR = "<store subscript>" store_subscr;
    /// container, key
    DELETE_SUBSCR = "<delete subscript>" delete_subscr;
    /// container, start, stop
    BINARY_SLICE = "<slice>" binary_slice;
    /// value, container, start, stop
    STORE_SLICE = "<store slice>" store_slice;
    /// iterator
    FOR_ITER = "<for>" for_iter;
    /// iterable
    GET_ITER = "<iter>" get_iter;
    /// iterable, number
    UNPACK_SEQUENCE = "<unpack>" unpack_sequence;
    /// iterable, numbers
    UNPACK_EX = "<unpack with star>" unpack_ex;
    /// object, name
    LOAD_ATTR = "<attribute>" load_attr;
    /// value, object, name
    STORE_ATTR = "<store attribute>" store_attr;
    /// object, name
    DELETE_ATTR = "<delete attribute>" delete_attr;
    /// value
    FORMAT_SIMPLE = "<format>" format_simple;
    /// value, spec
    FORMAT_WITH_SPEC = "<format with spec>" format_with_spec;
    /// value, which
    CONVERT = "<convert>" convert;
    /// list, iterable
    LIST_EXTEND = "<extend>" list_extend;
    /// set, iterable
    SET_UPDATE = "<set update>" set_update;
    /// set, item
    SET_ADD = "<set add>" set_add;
    /// items
    BUILD_SET = "<set>" build_set;
    /// keys and values
    BUILD_MAP = "<dict>" build_map;
    /// dict, mapping
    DICT_UPDATE = "<dict update>" dict_update;
    /// function, dict, mapping
    DICT_MERGE = "<dict merge>" dict_merge;
    /// dict, key, value
    MAP_ADD = "<dict add>" map_add;
    /// receiver, exception -> (done, value)
    SEND_THROW = "<throw>" throw_inner;
    /// receiver, value -> (done, value)
    SEND = "<send>" send;
    /// locals mapping, name
    LOAD_FROM = "<name>" load_from;
    /// locals mapping, name, what the cell holds or NULL
    LOAD_FROM_CELL = "<name>" load_from_cell;
    /// locals mapping, name, value
    STORE_INTO = "<store name>" store_into;
    /// locals mapping, name
    DELETE_FROM = "<delete name>" delete_from;
    /// object, method's name
    LOAD_SPECIAL = "<special method>" load_special;
    /// super, class, object, name, argument
    LOAD_SUPER = "<super attribute>" load_super;
    /// value
    GET_LEN = "<len>" get_len;
}

fn arg_of(args: Args<'_>, i: usize) -> Value {
    args.get(i).unwrap_or(Value::NONE)
}

fn number(args: Args<'_>, i: usize) -> u32 {
    arg_of(args, i).as_small().unwrap_or_default() as u32
}

fn binary(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, b, op) = (arg_of(args, 0), arg_of(args, 1), number(args, 2));
    match BinaryOp::from_arg(op) {
        Some(BinaryOp::Subscr) => vm.getitem(a, b),
        Some(op) => vm.binary(op, a, b),
        None => Err(vm.system_error("unknown binary operation")),
    }
}

fn compare(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let arg = number(args, 2);
    let Some(op) = CompareOp::of_instr_arg(arg) else {
        return Err(vm.system_error("unknown comparison"));
    };
    let result = vm.compare(op, arg_of(args, 0), arg_of(args, 1))?;
    if arg & 16 != 0 {
        Ok(Value::from_bool(vm.truth(result)?))
    } else {
        Ok(result)
    }
}

fn truth(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(vm.truth(arg_of(args, 0))?))
}

fn negative(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.unary_negative(arg_of(args, 0))
}

fn invert(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.unary_invert(arg_of(args, 0))
}

fn positive(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.unary_positive(arg_of(args, 0))
}

fn contains(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let found = vm.contains(arg_of(args, 1), arg_of(args, 0))?;
    Ok(Value::from_bool(found != (number(args, 2) & 1 == 1)))
}

fn store_subscr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.setitem(arg_of(args, 1), arg_of(args, 2), arg_of(args, 0))?;
    Ok(Value::NONE)
}

fn delete_subscr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.delitem(arg_of(args, 0), arg_of(args, 1))?;
    Ok(Value::NONE)
}

fn slice_of(vm: &mut Process, start: Value, stop: Value) -> Value {
    vm.heap
        .alloc(core::SLICE, Obj::Slice(Box::new([start, stop, Value::NONE])))
}

fn binary_slice(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let slice = slice_of(vm, arg_of(args, 1), arg_of(args, 2));
    vm.getitem(arg_of(args, 0), slice)
}

fn store_slice(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let slice = slice_of(vm, arg_of(args, 2), arg_of(args, 3));
    vm.setitem(arg_of(args, 1), slice, arg_of(args, 0))?;
    Ok(Value::NONE)
}

fn for_iter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.iter_next(arg_of(args, 0))?.unwrap_or(Value::NULL))
}

fn get_iter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.get_iter(arg_of(args, 0))
}

/// Reads up to `most` items; the second answer says whether there was nothing more.
fn take_items(vm: &mut Process, iterator: Value, most: usize) -> NativeResult<Vec<Value>> {
    let mut items = Vec::new();
    while items.len() < most {
        match vm.iter_next(iterator)? {
            Some(item) => items.push(item),
            None => break,
        }
    }
    Ok(items)
}

fn iterator_to_unpack(vm: &mut Process, v: Value) -> NativeResult {
    match vm.get_iter(v) {
        Err(Unwind::Raise(e)) if vm.type_of(e) == core::TYPE_ERROR && !has_iter(vm, v) => {
            let name = vm.shown_type(v);
            Err(vm.type_error(&format!("cannot unpack non-iterable {name} object")))
        }
        other => other,
    }
}

fn has_iter(vm: &mut Process, v: Value) -> bool {
    let class = vm.type_of(v);
    vm.lookup_in_type(class, crate::names::ITER)
        .is_some_and(|m| !m.is_none())
        || vm.lookup_in_type(class, crate::names::GETITEM).is_some()
}

fn unpack_sequence(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (v, want) = (arg_of(args, 0), number(args, 1) as usize);
    let known = match vm.heap.object(v) {
        Some(Obj::Tuple(items)) => Some(items.to_vec()),
        Some(Obj::List(items)) => Some(items.to_vec()),
        _ => None,
    };
    let total = known.as_ref().map(Vec::len);
    let items = match known {
        Some(items) => items,
        None => {
            let iterator = iterator_to_unpack(vm, v)?;
            take_items(vm, iterator, want + 1)?
        }
    };
    if items.len() < want {
        let got = items.len();
        return Err(vm.value_error(&format!("not enough values to unpack (expected {want}, got {got})")));
    }
    if items.len() > want {
        let total = total.or(match vm.heap.object(v) {
            Some(Obj::Dict(d)) => Some(d.len()),
            _ => None,
        });
        let message = match total {
            Some(n) => format!("too many values to unpack (expected {want}, got {n})"),
            None => format!("too many values to unpack (expected {want})"),
        };
        return Err(vm.value_error(&message));
    }
    Ok(vm.new_tuple(items))
}

fn unpack_ex(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (v, arg) = (arg_of(args, 0), number(args, 1));
    let (before, behind) = ((arg & 0xff) as usize, (arg >> 8) as usize);
    if !v.is_heap() || !has_iter(vm, v) {
        iterator_to_unpack(vm, v)?;
    }
    let items = vm.list_from_iterable(v)?;
    if items.len() < before + behind {
        let (want, got) = (before + behind, items.len());
        return Err(vm.value_error(&format!(
            "not enough values to unpack (expected at least {want}, got {got})"
        )));
    }
    let middle = vm.new_list(items[before..items.len() - behind].to_vec());
    let mut all = items[..before].to_vec();
    all.push(middle);
    all.extend_from_slice(&items[items.len() - behind..]);
    Ok(vm.new_tuple(all))
}

fn load_attr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.getattr(arg_of(args, 0), arg_of(args, 1))
}

fn store_attr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.setattr(arg_of(args, 1), arg_of(args, 2), arg_of(args, 0))?;
    Ok(Value::NONE)
}

fn delete_attr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.delattr(arg_of(args, 0), arg_of(args, 1))?;
    Ok(Value::NONE)
}

fn format_simple(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let v = arg_of(args, 0);
    if vm.is_exact(v, core::STR) {
        return Ok(v);
    }
    vm.format(v, crate::names::EMPTY)
}

fn format_with_spec(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.format(arg_of(args, 0), arg_of(args, 1))
}

fn convert(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match number(args, 1) {
        1 => vm.str(arg_of(args, 0)),
        2 => vm.repr(arg_of(args, 0)),
        _ => vm.ascii(arg_of(args, 0)),
    }
}

/// `CALL_FUNCTION_EX` over something that is neither a tuple nor a list.
pub static CALL_EX: Native = Native::function("<call>", call_ex);

/// `f(*iterable, **kwargs)`: callable, self or NULL, iterable, dict or NULL.
fn call_ex(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[function, this, iterable, kwargs] = args.pos else {
        return Ok(Value::NONE);
    };
    let items = match vm.list_from_iterable(iterable) {
        Err(Unwind::Raise(e)) if vm.type_of(e) == core::TYPE_ERROR && !has_iter(vm, iterable) => {
            let (text, name) = (callable_text(vm, function), vm.shown_type(iterable));
            return Err(vm.type_error(&format!("{text} argument after * must be an iterable, not {name}")));
        }
        other => other?,
    };
    let kw: Vec<(Value, Value)> = vm
        .as_dict(kwargs)
        .map_or_else(Vec::new, |d| d.iter().map(|e| (e.key, e.value)).collect());
    let mut positional = if this.is_null() { Vec::new() } else { vec![this] };
    positional.extend(items);
    vm.tail_call_kw(
        function,
        Args {
            pos: &positional,
            kw: &kw,
        },
    )
}

fn list_extend(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (list, iterable) = (arg_of(args, 0), arg_of(args, 1));
    let items = match vm.list_from_iterable(iterable) {
        Err(Unwind::Raise(e)) if vm.type_of(e) == core::TYPE_ERROR && !has_iter(vm, iterable) => {
            let name = vm.shown_type(iterable);
            return Err(vm.type_error(&format!("Value after * must be an iterable, not {name}")));
        }
        other => other?,
    };
    for item in items {
        vm.list_push(list, item);
    }
    Ok(Value::NONE)
}

fn set_update(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let set = arg_of(args, 0);
    let items = vm.list_from_iterable(arg_of(args, 1))?;
    for item in items {
        let (hash, at) = vm.dict_find(set, item)?;
        if at.is_none() {
            vm.dict_store(set, None, hash, item, Value::NULL);
        }
    }
    Ok(Value::NONE)
}

fn set_add(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (set, item) = (arg_of(args, 0), arg_of(args, 1));
    let (hash, at) = vm.dict_find(set, item)?;
    if at.is_none() {
        vm.dict_store(set, None, hash, item, Value::NULL);
    }
    Ok(Value::NONE)
}

fn build_set(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let set = vm.once(|vm| {
        Ok(vm
            .heap
            .alloc(core::SET, Obj::Set(Box::new(crate::dict::Dict::new_set()))))
    })?;
    for &item in args.pos {
        let (hash, at) = vm.dict_find(set, item)?;
        if at.is_none() {
            vm.dict_store(set, None, hash, item, Value::NULL);
        }
    }
    Ok(set)
}

fn build_map(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = vm.once(|vm| Ok(vm.new_dict()))?;
    for pair in args.pos.chunks(2) {
        if let &[key, value] = pair {
            vm.dict_set(dict, key, value)?;
        }
    }
    Ok(dict)
}

fn map_add(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.dict_set(arg_of(args, 0), arg_of(args, 1), arg_of(args, 2))?;
    Ok(Value::NONE)
}

/// The keys and values of a mapping: a dict's entries, or what `keys` and `__getitem__` give.
fn pairs_of(vm: &mut Process, mapping: Value) -> NativeResult<Vec<(Value, Value)>> {
    if let Some(d) = vm.as_dict(mapping)
        && vm.is_exact(mapping, core::DICT)
    {
        return Ok(d.iter().map(|e| (e.key, e.value)).collect());
    }
    let function = vm.prelude_function("_mapping_items");
    let items = vm.call(function, &[mapping])?;
    let items = vm.as_list(items).cloned().unwrap_or_default();
    Ok(items
        .into_iter()
        .filter_map(|pair| match vm.as_tuple(pair)? {
            &[k, v] => Some((k, v)),
            _ => None,
        })
        .collect())
}

fn is_mapping(vm: &mut Process, v: Value) -> NativeResult<bool> {
    let name = vm.intern("keys");
    Ok(vm.as_dict(v).is_some() || vm.getattr_opt(v, name)?.is_some())
}

fn dict_update(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (dict, mapping) = (arg_of(args, 0), arg_of(args, 1));
    if !is_mapping(vm, mapping)? {
        let name = vm.shown_type(mapping);
        return Err(vm.type_error(&format!("'{name}' object is not a mapping")));
    }
    for (key, value) in pairs_of(vm, mapping)? {
        vm.dict_set(dict, key, value)?;
    }
    Ok(Value::NONE)
}

/// What a callable is called in messages about its arguments: "f()", "print()", or a text of the object.
pub fn callable_text(vm: &mut Process, mut function: Value) -> String {
    while let Some(Obj::BoundMethod(b)) = vm.heap.object(function) {
        function = b.function;
    }
    let name = match vm.heap.object(function) {
        Some(Obj::Function(f)) => Some(vm.text(f.qualname)),
        Some(Obj::Native { def, .. }) => Some(def.name.to_owned()),
        Some(Obj::Type(t)) => {
            let t = t.qualname;
            Some(vm.text(t))
        }
        _ => None,
    };
    let module = match vm.heap.object(function) {
        Some(Obj::Function(f)) => vm.as_str(f.module).map(str::to_owned),
        Some(Obj::Type(t)) => {
            let dict = t.dict;
            vm.dict_get_str(dict, crate::names::MODULE)
                .and_then(|m| vm.as_str(m).map(str::to_owned))
        }
        _ => None,
    };
    match (name, module) {
        (Some(name), Some(module)) if module != "builtins" => format!("{module}.{name}()"),
        (Some(name), _) => format!("{name}()"),
        (None, _) => format!("{} object", vm.shown_type(function)),
    }
}

fn dict_merge(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (function, dict, mapping) = (arg_of(args, 0), arg_of(args, 1), arg_of(args, 2));
    if !is_mapping(vm, mapping)? {
        let (text, name) = (callable_text(vm, function), vm.shown_type(mapping));
        return Err(vm.type_error(&format!("{text} argument after ** must be a mapping, not {name}")));
    }
    let pairs = pairs_of(vm, mapping)?;
    for &(key, _) in &pairs {
        let text = callable_text(vm, function);
        let known = match vm.as_pystr(key) {
            Some(_) => vm.dict_find_str(dict, key).is_some(),
            None => vm.dict_find(dict, key)?.1.is_some(),
        };
        if known {
            let key = vm.str_text(key)?;
            return Err(vm.type_error(&format!("{text} got multiple values for keyword argument '{key}'")));
        }
    }
    for (key, value) in pairs {
        vm.dict_set(dict, key, value)?;
    }
    Ok(Value::NONE)
}

fn send(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (receiver, value) = (arg_of(args, 0), arg_of(args, 1));
    let result = if value.is_none() {
        let class = vm.type_of(receiver);
        match vm.lookup_in_type(class, crate::names::NEXT) {
            Some(next) => vm.call_found(next, receiver, &[]),
            None => {
                let name = vm.name_of_type(class);
                Err(vm.type_error(&format!("'{name}' object is not an iterator")))
            }
        }
    } else {
        let method = vm.getattr(receiver, crate::names::SEND)?;
        vm.call(method, &[value])
    };
    match result {
        Ok(v) if v.is_null() => Ok(vm.new_tuple(vec![Value::TRUE, Value::NONE])),
        Ok(v) => Ok(vm.new_tuple(vec![Value::FALSE, v])),
        Err(Unwind::Raise(e)) if vm.is_instance(e, core::STOP_ITERATION) => {
            let v = vm.stop_iteration_value(e);
            Ok(vm.new_tuple(vec![Value::TRUE, v]))
        }
        Err(other) => Err(other),
    }
}

fn load_from(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (mapping, name) = (arg_of(args, 0), arg_of(args, 1));
    match vm.getitem(mapping, name) {
        Err(Unwind::Raise(e)) if vm.is_instance(e, core::KEY_ERROR) => {
            let (globals, builtins) = vm.globals_of_top();
            let found = if vm.is_exact(globals, core::DICT) {
                vm.find_global(globals, builtins, name)
            } else {
                match vm.getitem(globals, name) {
                    Ok(v) => Some(v),
                    Err(Unwind::Raise(e)) if vm.is_instance(e, core::KEY_ERROR) => vm.dict_get_str(builtins, name),
                    Err(other) => return Err(other),
                }
            };
            match found {
                Some(v) => Ok(v),
                None => Err(vm.name_error(name)),
            }
        }
        other => other,
    }
}

fn load_from_cell(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (mapping, name, content) = (arg_of(args, 0), arg_of(args, 1), arg_of(args, 2));
    match vm.getitem(mapping, name) {
        Err(Unwind::Raise(e)) if vm.is_instance(e, core::KEY_ERROR) => {
            if content.is_null() {
                return Err(vm.name_error(name));
            }
            Ok(content)
        }
        other => other,
    }
}

fn store_into(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.setitem(arg_of(args, 0), arg_of(args, 1), arg_of(args, 2))?;
    Ok(Value::NONE)
}

fn delete_from(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (mapping, name) = (arg_of(args, 0), arg_of(args, 1));
    match vm.delitem(mapping, name) {
        Err(Unwind::Raise(e)) if vm.is_instance(e, core::KEY_ERROR) => Err(vm.name_error(name)),
        Err(other) => Err(other),
        Ok(()) => Ok(Value::NONE),
    }
}

fn load_special(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (object, name) = (arg_of(args, 0), arg_of(args, 1));
    if let Some(method) = vm.special(object, name)? {
        return Ok(method);
    }
    let class = vm.shown_type(object);
    let is_async = name == crate::names::AENTER || name == crate::names::AEXIT;
    let (kind, other) = if is_async {
        ("an asynchronous context manager", crate::names::ENTER)
    } else {
        ("a context manager", crate::names::AENTER)
    };
    let class_value = vm.type_of(object);
    let hint = vm.lookup_in_type(class_value, other).is_some();
    let missing = if name == crate::names::EXIT || name == crate::names::AEXIT {
        format!(" (missed {} method)", vm.text(name))
    } else {
        String::new()
    };
    let did_you_mean = match (hint, is_async) {
        (true, true) => " but it supports the context manager protocol. Did you mean to use 'with'?",
        (true, false) => {
            " but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
        }
        _ => "",
    };
    Err(vm.type_error(&format!(
        "'{class}' object does not support {} protocol{did_you_mean}{missing}",
        kind.replace("an ", "the ").replace("a ", "the ")
    )))
}

fn load_super(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (function, class, object, name) = (arg_of(args, 0), arg_of(args, 1), arg_of(args, 2), arg_of(args, 3));
    if function == crate::types::core::SUPER && vm.as_type(class).is_some() {
        return vm.super_attribute(class, object, name);
    }
    // `super` is another thing here; CPython calls it as it is written.
    let written = args.get(4).is_some_and(|two| two == Value::TRUE);
    let given = [class, object];
    let proxy = vm.call(function, if written { &given } else { &[] })?;
    vm.getattr(proxy, name)
}

fn get_len(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let n = vm.len(arg_of(args, 0))?;
    Ok(vm.new_int(n as i64))
}
