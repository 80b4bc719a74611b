//! `function` and `cell`.

use crate::function::{Args, Function, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, core, type_flags};
use crate::value::Value;
use heddle_compiler::code::flags;

fn function(vm: &Process, v: Value) -> Option<&Function> {
    match vm.heap.object(v)? {
        Obj::Function(f) => Some(f),
        _ => None,
    }
}

fn field(vm: &mut Process, args: Args<'_>, get: impl Fn(&Function) -> Value) -> NativeResult {
    match function(vm, args.this()) {
        Some(f) => {
            let v = get(f);
            Ok(if v.is_null() { Value::NONE } else { v })
        }
        None => Err(vm.type_error("a function is required")),
    }
}

fn set(vm: &mut Process, this: Value, value: Value, at: impl Fn(&mut Function) -> &mut Value) {
    vm.heap.incref(value);
    if this.is_heap()
        && let Obj::Function(f) = vm.heap.get_mut(this)
    {
        let old = std::mem::replace(at(f), value);
        vm.heap.decref(old);
    }
}

/// Getter and setter of a text attribute.
fn text_field(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    at: impl Fn(&mut Function) -> &mut Value,
    get: impl Fn(&Function) -> Value,
) -> NativeResult {
    match args.get(1) {
        None => field(vm, args, get),
        Some(v) if !v.is_null() && vm.as_pystr(v).is_some() => {
            set(vm, args.this(), v, at);
            Ok(Value::NONE)
        }
        Some(_) => Err(vm.type_error(&format!("{name} must be set to a string object"))),
    }
}

fn name(vm: &mut Process, args: Args<'_>) -> NativeResult {
    text_field(vm, args, "__name__", |f| &mut f.name, |f| f.name)
}

fn qualname(vm: &mut Process, args: Args<'_>) -> NativeResult {
    text_field(vm, args, "__qualname__", |f| &mut f.qualname, |f| f.qualname)
}

/// Getter and setter of an attribute that may be anything; None (or a deletion) empties it.
fn any_field(
    vm: &mut Process,
    args: Args<'_>,
    at: impl Fn(&mut Function) -> &mut Value,
    get: impl Fn(&Function) -> Value,
) -> NativeResult {
    match args.get(1) {
        None => field(vm, args, get),
        Some(v) => {
            set(vm, args.this(), v, at);
            Ok(Value::NONE)
        }
    }
}

fn module(vm: &mut Process, args: Args<'_>) -> NativeResult {
    any_field(vm, args, |f| &mut f.module, |f| f.module)
}

fn doc(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match args.get(1) {
        None => find_doc(vm, args.this())?,
        Some(v) => set(vm, args.this(), if v.is_null() { Value::NONE } else { v }, |f| {
            &mut f.doc
        }),
    }
    field(vm, args, |f| f.doc)
}

/// A function made by `def` leaves its docstring in the code until somebody asks.
fn find_doc(vm: &mut Process, this: Value) -> NativeResult<()> {
    if let Some(f) = function(vm, this)
        && f.doc.is_null()
    {
        let code = vm.whole_code(f.code);
        let doc = code.filter(|c| c.has_doc).and_then(|c| c.consts.first().copied());
        set(vm, this, doc.unwrap_or(Value::NONE), |f| &mut f.doc);
    }
    Ok(())
}

fn code(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match args.get(1) {
        Some(v) if !matches!(vm.heap.object(v), Some(Obj::Code(_))) => {
            Err(vm.type_error("__code__ must be set to a code object"))
        }
        Some(_) => {
            find_doc(vm, args.this())?;
            // What rests on the function's code looks again.
            vm.field_epoch += 1;
            any_field(vm, args, |f| &mut f.code, |f| f.code)
        }
        None => field(vm, args, |f| f.code),
    }
}

fn defaults(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match args.get(1) {
        Some(v) if v.is_none() => {
            set(vm, args.this(), Value::NULL, |f| &mut f.defaults);
            Ok(Value::NONE)
        }
        Some(v) if !v.is_null() && vm.as_tuple(v).is_none() => {
            Err(vm.type_error("__defaults__ must be set to a tuple object"))
        }
        _ => any_field(vm, args, |f| &mut f.defaults, |f| f.defaults),
    }
}

fn kwdefaults(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match args.get(1) {
        Some(v) if v.is_none() => {
            set(vm, args.this(), Value::NULL, |f| &mut f.kwdefaults);
            Ok(Value::NONE)
        }
        Some(v) if !v.is_null() && vm.as_dict(v).is_none() => {
            Err(vm.type_error("__kwdefaults__ must be set to a dict object"))
        }
        _ => any_field(vm, args, |f| &mut f.kwdefaults, |f| f.kwdefaults),
    }
}

fn type_params(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if args.get(1).is_none() && function(vm, args.this()).is_some_and(|f| f.type_params.is_null()) {
        return Ok(vm.new_tuple(Vec::new()));
    }
    any_field(vm, args, |f| &mut f.type_params, |f| f.type_params)
}

fn annotate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if let Some(v) = args.get(1) {
        set(vm, args.this(), Value::NULL, |f| &mut f.annotations);
        let v = if v.is_none() { Value::NULL } else { v };
        set(vm, args.this(), v, |f| &mut f.annotate);
        return Ok(Value::NONE);
    }
    field(vm, args, |f| f.annotate)
}

fn annotations(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if let Some(v) = args.get(1) {
        let v = if v.is_none() { Value::NULL } else { v };
        if !v.is_null() && vm.as_dict(v).is_none() {
            return Err(vm.type_error("__annotations__ must be set to a dict object"));
        }
        set(vm, this, v, |f| &mut f.annotations);
        set(vm, this, Value::NULL, |f| &mut f.annotate);
        return Ok(Value::NONE);
    }
    let Some(f) = function(vm, this) else {
        return Err(vm.type_error("a function is required"));
    };
    let (known, annotate) = (f.annotations, f.annotate);
    if vm.as_dict(known).is_some() && !vm.replaying() {
        return Ok(known);
    }
    let dict = if !annotate.is_null() && !annotate.is_none() {
        vm.call(annotate, &[Value::from_i32(1)])?
    } else {
        // A tuple of names and values, under `from __future__ import annotations`, or nothing.
        let pairs = vm.as_tuple(known).map(<[Value]>::to_vec).unwrap_or_default();
        let dict = vm.new_dict();
        for pair in pairs.chunks(2) {
            if let &[name, value] = pair {
                vm.dict_set_str(dict, name, value);
            }
        }
        dict
    };
    set(vm, this, dict, |f| &mut f.annotations);
    Ok(dict)
}

fn closure(vm: &mut Process, args: Args<'_>) -> NativeResult {
    field(vm, args, |f| f.closure)
}

fn globals(vm: &mut Process, args: Args<'_>) -> NativeResult {
    field(vm, args, |f| f.globals)
}

fn builtins(vm: &mut Process, args: Args<'_>) -> NativeResult {
    field(vm, args, |f| f.builtins)
}

fn dict(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if let Some(v) = args.get(1) {
        if vm.as_dict(v).is_none() {
            return Err(vm.type_error("__dict__ must be set to a dictionary"));
        }
        set(vm, this, v, |f| &mut f.dict);
        return Ok(Value::NONE);
    }
    if function(vm, this).is_some_and(|f| f.dict.is_null()) {
        let dict = vm.new_dict();
        set(vm, this, dict, |f| &mut f.dict);
    }
    field(vm, args, |f| f.dict)
}

fn get(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [function, instance, ..] = *args.pos else {
        return Err(vm.type_error("__get__ expected at least 1 argument, got 0"));
    };
    if instance.is_none() {
        return Ok(function);
    }
    Ok(vm.heap.alloc(
        core::METHOD,
        Obj::BoundMethod(Box::new(crate::function::Bound {
            function,
            this: instance,
        })),
    ))
}

fn call(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.tail_call_kw(args.this(), args.rest())
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let name = vm.qualname_of(args.this());
    let address = vm.address(args.this());
    let address = address.trim_start_matches("0x");
    Ok(vm.new_str(&format!("<function {name} at 0x{address}>")))
}

/// `types.FunctionType(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)`
fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let names = ["code", "globals", "name", "argdefs", "closure", "kwdefaults"];
    let [code, globals, name, defaults, closure, kwdefaults] = vm.bind(args.rest(), "function", names, 2)?;
    let (code, globals) = (code.unwrap_or(Value::NONE), globals.unwrap_or(Value::NONE));
    let Some(c) = vm.whole_code(code) else {
        let got = vm.type_name(code);
        return Err(vm.type_error(&format!("function() argument 'code' must be code, not {got}")));
    };
    let free = c.code.freevars.len();
    if vm.as_dict(globals).is_none() {
        let got = vm.type_name(globals);
        return Err(vm.type_error(&format!("function() argument 'globals' must be dict, not {got}")));
    }
    let given = closure.filter(|v| !v.is_none());
    let cells = given.and_then(|v| vm.as_tuple(v)).map_or(0, <[Value]>::len);
    if given.is_none() && free > 0 {
        return Err(vm.type_error("arg 5 (closure) must be tuple"));
    }
    if cells != free {
        return Err(vm.value_error(&format!(
            "{} requires closure of length {free}, not {cells}",
            vm.text(code_name(vm, code))
        )));
    }
    let function = vm.new_function(code, globals);
    if let Some(name) = name.filter(|v| !v.is_none()) {
        set(vm, function, name, |f| &mut f.name);
    }
    for (value, which) in [(defaults, 0), (given, 1), (kwdefaults, 2)] {
        if let Some(v) = value.filter(|v| !v.is_none()) {
            set(vm, function, v, |f| match which {
                0 => &mut f.defaults,
                1 => &mut f.closure,
                _ => &mut f.kwdefaults,
            });
        }
    }
    Ok(function)
}

fn code_name(vm: &Process, code: Value) -> Value {
    vm.code_object(code).map_or(Value::NONE, |c| c.name)
}

/// Is this a coroutine function's code?
pub fn is_coroutine_code(code_flags: u32) -> bool {
    code_flags & (flags::COROUTINE | flags::ITERABLE_COROUTINE) != 0
}

static MEMBERS: &[Native] = &[
    Native::static_method("__new__", new),
    Native::method("__call__", call),
    Native::method("__get__", get),
    Native::method("__repr__", repr),
    Native::getset("__name__", name),
    Native::getset("__qualname__", qualname),
    Native::getset("__module__", module),
    Native::getset("__doc__", doc),
    Native::getset("__code__", code),
    Native::getset("__defaults__", defaults),
    Native::getset("__kwdefaults__", kwdefaults),
    Native::getset("__annotations__", annotations),
    Native::getset("__annotate__", annotate),
    Native::getset("__type_params__", type_params),
    Native::getter("__closure__", closure),
    Native::getter("__globals__", globals),
    Native::getter("__builtins__", builtins),
    Native::getset("__dict__", dict),
];

/// `function`
pub static FUNCTION: TypeDef = TypeDef {
    name: "function",
    module: "builtins",
    base: None,
    layout: Layout::Closed,
    flags: type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[MEMBERS],
    doc: "Create a function object.",
    finish: None,
};

fn cell_contents(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        Some(v) => {
            vm.heap.incref(v);
            if let Obj::Cell(slot) = vm.heap.get_mut(this) {
                let old = std::mem::replace(slot, v);
                vm.heap.decref(old);
            }
            Ok(Value::NONE)
        }
        None => match vm.heap.object(this) {
            Some(&Obj::Cell(v)) if !v.is_null() => Ok(v),
            _ => Err(vm.value_error("cell is empty")),
        },
    }
}

fn cell_new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let v = args.get(1).unwrap_or(Value::NULL);
    Ok(vm.heap.alloc(core::CELL, Obj::Cell(v)))
}

fn cell_repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let address = vm.address(this);
    let text = match vm.heap.object(this) {
        Some(&Obj::Cell(v)) if !v.is_null() => {
            let (name, inner) = (vm.type_name(v), vm.address(v));
            format!("<cell at {address}: {name} object at {inner}>")
        }
        _ => format!("<cell at {address}: empty>"),
    };
    Ok(vm.new_str(&text))
}

static CELL_MEMBERS: &[Native] = &[
    Native::static_method("__new__", cell_new),
    Native::method("__repr__", cell_repr),
    Native::getset("cell_contents", cell_contents),
];

/// `cell`
pub static CELL: TypeDef = TypeDef {
    name: "cell",
    module: "builtins",
    base: None,
    layout: Layout::Closed,
    flags: 0,
    members: &[CELL_MEMBERS],
    doc: "Create a new cell object.",
    finish: None,
};
