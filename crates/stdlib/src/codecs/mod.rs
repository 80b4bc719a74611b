//! The module `_codecs`: the registry of codecs and error handlers, and the codecs written in Rust.

mod charmap;
mod escapes;
mod handlers;
mod native;
mod utf7;

use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// `_codecs`
pub static MODULE: ModuleDef = ModuleDef {
    name: "_codecs",
    doc: "",
    functions: FUNCTIONS,
    types: &[],
    init: None,
};

/// Where the registry is kept: search functions (list), found codecs (dict), error handlers (dict).
const STATE: &str = "_codecs";

fn state(vm: &mut Process, part: usize) -> Value {
    if !vm.module_state.contains_key(STATE) {
        let values = vec![vm.new_list(Vec::new()), vm.new_dict(), vm.new_dict()];
        for &v in &values {
            vm.heap.incref(v);
        }
        vm.module_state.insert(STATE, values);
    }
    let values = vm.module_state.get(STATE);
    values.and_then(|v| v.get(part).copied()).unwrap_or(Value::NONE)
}

static FUNCTIONS: &[Native] = &[
    Native::function("register", |vm, args| {
        let [function] = vm.exactly(args, "_codecs.register")?;
        let list = state(vm, 0);
        vm.list_push(list, function);
        Ok(Value::NONE)
    }),
    Native::function("unregister", |vm, args| {
        let [function] = vm.exactly(args, "_codecs.unregister")?;
        let kept: Vec<Value> = {
            let list = state(vm, 0);
            let items = vm.as_list(list).cloned().unwrap_or_default();
            items.into_iter().filter(|v| *v != function).collect()
        };
        let fresh = vec![vm.new_list(kept), vm.new_dict(), state(vm, 2)];
        for &v in &fresh {
            vm.heap.incref(v);
        }
        for old in vm.module_state.insert(STATE, fresh).unwrap_or_default() {
            vm.heap.decref(old);
        }
        Ok(Value::NONE)
    }),
    Native::function("lookup", |vm, args| {
        let [name] = vm.exactly(args, "_codecs.lookup")?;
        lookup(vm, name)
    }),
    Native::function("encode", |vm, args| convert(vm, args, "encode", 0))
        .sig("(obj, encoding='utf-8', errors='strict')"),
    Native::function("decode", |vm, args| convert(vm, args, "decode", 1))
        .sig("(obj, encoding='utf-8', errors='strict')"),
    Native::function("register_error", |vm, args| {
        let [name, handler] = vm.exactly(args, "register_error")?;
        let handlers = state(vm, 2);
        if vm.as_pystr(name).is_none() {
            return Err(vm.type_error("register_error() argument 1 must be str"));
        }
        vm.dict_set_str(handlers, name, handler);
        Ok(Value::NONE)
    }),
    Native::function("_unregister_error", |vm, args| {
        let [name] = vm.exactly(args, "_unregister_error")?;
        let handlers = state(vm, 2);
        Ok(Value::from_bool(vm.dict_remove_str(handlers, name).is_some()))
    }),
    Native::function("lookup_error", |vm, args| {
        let [name] = vm.exactly(args, "_codecs.lookup_error")?;
        let handlers = state(vm, 2);
        if let Some(handler) = vm.dict_get_str(handlers, name) {
            return Ok(handler);
        }
        let text = vm.text(name);
        match handlers::by_name(&text) {
            Some(def) => Ok(vm.new_native(def, Value::NULL)),
            None => Err(vm.error(core::LOOKUP_ERROR, &format!("unknown error handler name '{text}'"))),
        }
    }),
    Native::function("utf_8_encode", native::utf_8_encode),
    Native::function("utf_8_decode", native::utf_8_decode),
    Native::function("ascii_encode", native::ascii_encode),
    Native::function("ascii_decode", native::ascii_decode),
    Native::function("latin_1_encode", native::latin_1_encode),
    Native::function("latin_1_decode", native::latin_1_decode),
    Native::function("utf_16_encode", native::utf_16_encode),
    Native::function("utf_16_decode", native::utf_16_decode),
    Native::function("utf_16_ex_decode", native::utf_16_ex_decode),
    Native::function("utf_32_ex_decode", native::utf_32_ex_decode),
    Native::function("utf_16_le_encode", native::utf_16_le_encode),
    Native::function("utf_16_le_decode", native::utf_16_le_decode),
    Native::function("utf_16_be_encode", native::utf_16_be_encode),
    Native::function("utf_16_be_decode", native::utf_16_be_decode),
    Native::function("utf_32_encode", native::utf_32_encode),
    Native::function("utf_32_decode", native::utf_32_decode),
    Native::function("utf_32_le_encode", native::utf_32_le_encode),
    Native::function("utf_32_le_decode", native::utf_32_le_decode),
    Native::function("utf_32_be_encode", native::utf_32_be_encode),
    Native::function("utf_32_be_decode", native::utf_32_be_decode),
    Native::function("readbuffer_encode", native::readbuffer_encode),
    Native::function("unicode_escape_encode", native::unicode_escape_encode),
    Native::function("raw_unicode_escape_encode", native::raw_unicode_escape_encode),
    Native::function("unicode_escape_decode", escapes::unicode_escape_decode),
    Native::function("raw_unicode_escape_decode", escapes::raw_unicode_escape_decode),
    Native::function("escape_decode", escapes::escape_decode),
    Native::function("escape_encode", escapes::escape_encode),
    Native::function("utf_7_encode", utf7::encode),
    Native::function("utf_7_decode", utf7::decode),
    Native::function("charmap_build", charmap::build),
    Native::function("charmap_encode", charmap::encode),
    Native::function("charmap_decode", charmap::decode),
];

/// The codec of that name: cached, or found by asking the search functions in order.
pub(crate) fn lookup(vm: &mut Process, name: Value) -> NativeResult {
    let Some(text) = vm.as_pystr(name).map(|s| s.lossy().into_owned()) else {
        return Err(vm.type_error("lookup() argument must be str"));
    };
    let normal = text.to_ascii_lowercase().replace(' ', "-");
    let key = vm.new_str(&normal);
    // Logged: on a re-run the codec is in the cache, and the log still holds the calls that found it.
    let found = vm.once(|vm| {
        let cache = state(vm, 1);
        Ok(vm.dict_get_str(cache, key).unwrap_or(Value::NULL))
    })?;
    if !found.is_null() {
        return Ok(found);
    }
    // The first search finds the package that registers the standard function.
    vm.import_module("encodings")?;
    let list = state(vm, 0);
    for function in vm.as_list(list).cloned().unwrap_or_default() {
        let found = vm.call(function, &[key])?;
        if found.is_none() {
            continue;
        }
        if vm.as_tuple(found).is_none_or(|t| t.len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        let cache = state(vm, 1);
        vm.dict_set_str(cache, key, found);
        return Ok(found);
    }
    Err(vm.error(core::LOOKUP_ERROR, &format!("unknown encoding: {text}")))
}

/// `encode` and `decode`: the function of a codec at an index, its first result.
fn convert(vm: &mut Process, args: Args<'_>, name: &str, step: usize) -> NativeResult {
    let [object, encoding, errors] = vm.bind(args, name, ["obj", "encoding", "errors"], 1)?;
    let encoding = match encoding {
        Some(v) => v,
        None => vm.new_str("utf-8"),
    };
    let errors = match errors {
        Some(v) => v,
        None => vm.new_str("strict"),
    };
    let codec = lookup(vm, encoding)?;
    let function = vm
        .as_tuple(codec)
        .and_then(|t| t.get(step).copied())
        .unwrap_or(Value::NONE);
    let pair = vm.call(function, &[object.unwrap_or(Value::NULL), errors])?;
    match vm.as_tuple(pair).and_then(|t| t.first().copied()) {
        Some(result) => Ok(result),
        None => Err(vm.type_error(&format!("{name}r must return a tuple (object, integer)"))),
    }
}
