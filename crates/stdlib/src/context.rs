//! `_contextvars`: contexts are dicts that are copied when they are written (a context is small); a copy of a context shares the dict.

use crate::asyncio_module::{quick, step};
use heddle_vm::builtin::containers::repr::{guarded, push_repr};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// A context. Values are counted.
#[derive(Clone, Debug)]
struct Context {
    /// A dict from variables to values, shared between copies: never changed, only replaced.
    data: Value,
    /// It is the current context of a thread, or one below that.
    entered: bool,
    /// What was current before it was entered; NULL for none.
    previous: Value,
}
heddle_vm::impl_payload!(Context, |this, f| {
    f(this.data);
    f(this.previous);
});

#[derive(Clone, Debug)]
struct Variable {
    name: Value,
    /// NULL: it has none.
    default: Value,
}
heddle_vm::impl_payload!(Variable, |this, f| {
    f(this.name);
    f(this.default);
});

#[derive(Clone, Debug)]
struct Token {
    context: Value,
    variable: Value,
    /// NULL: the variable had none.
    old: Value,
    used: bool,
}
heddle_vm::impl_payload!(Token, |this, f| {
    f(this.context);
    f(this.variable);
    f(this.old);
});

#[derive(Clone, Debug)]
struct Missing;
heddle_vm::impl_payload!(Missing);

fn new_context(p: &mut Process, data: Value) -> Value {
    let class = p.native_type(&CONTEXT);
    p.new_payload(
        class,
        Context {
            data,
            entered: false,
            previous: Value::NULL,
        },
    )
}

/// The thread's current context, made now if it has none.
fn current(p: &mut Process) -> Value {
    let context = p.current_thread().context;
    if !context.is_null() {
        return context;
    }
    let data = p.new_dict();
    let context = new_context(p, data);
    p.replace_counted(context, |p| &mut p.current_thread().context);
    context
}

fn data_of(p: &Process, context: Value) -> Value {
    p.heap.payload::<Context>(context).map_or(Value::NULL, |c| c.data)
}

/// `copy_context()`
pub fn copy_current(p: &mut Process) -> Value {
    let context = current(p);
    let data = data_of(p, context);
    new_context(p, data)
}

/// Is it a context that is not entered?
pub fn may_enter(p: &Process, context: Value) -> bool {
    p.heap.payload::<Context>(context).is_some_and(|c| !c.entered)
}

/// A context becomes the thread's current one. RuntimeError if it is entered already; TypeError if it is no context.
pub fn enter(p: &mut Process, context: Value) -> NativeResult<()> {
    match p.heap.payload::<Context>(context).map(|c| c.entered) {
        Some(false) => {}
        Some(true) => {
            let text = p.default_repr(context);
            let text = p.text(text);
            return Err(p.runtime_error(&format!("cannot enter context: {text} is already entered")));
        }
        None => {
            let name = p.type_name(context);
            return Err(p.type_error(&format!("a context was expected, got '{name}'")));
        }
    }
    // The thread's count of the context before passes to the new one.
    let previous = std::mem::replace(&mut p.current_thread().context, context);
    p.heap.incref(context);
    if let Some(c) = p.heap.payload_mut::<Context>(context) {
        c.entered = true;
        c.previous = previous;
    }
    Ok(())
}

/// The context before it becomes current again.
pub fn leave(p: &mut Process, context: Value) {
    let Some(c) = p.heap.payload_mut::<Context>(context) else {
        return;
    };
    c.entered = false;
    let previous = std::mem::take(&mut c.previous);
    let left = std::mem::replace(&mut p.current_thread().context, previous);
    p.heap.decref(left);
}

fn run(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_context(p, args, "run")?;
    let Some(callable) = args.get(1) else {
        return Err(p.type_error("run() missing 1 required positional argument"));
    };
    let rest = args.rest();
    let begun = if p.activation.log.is_empty() && args.kw.is_empty() {
        quick::begin(p, this, callable, rest.rest().pos)
    } else {
        quick::go_on(p, this, callable, args.len() > 2)
    };
    if let Some(result) = begun {
        return result;
    }
    // `quick::ordinary` writes what is logged here, and that the call of a wake-up is open; a step is no call of its own.
    p.once(|p| enter(p, this).map(|()| Value::NONE))?;
    let result = if step::is_step(p, callable) {
        // As a part of this: without a frame of its own.
        step::call(p, rest)
    } else {
        p.call_kw(callable, rest.rest())
    };
    if !matches!(result, Err(Unwind::Pending(_))) {
        leave(p, this);
    }
    result
}

fn wrong_self(p: &mut Process, v: Value, class: &str, method: &str) -> Unwind {
    let name = p.type_name(v);
    p.type_error(&format!(
        "descriptor '{method}' for '_contextvars.{class}' objects doesn't apply to a '{name}' object"
    ))
}

fn this_context(p: &mut Process, args: Args<'_>, method: &str) -> NativeResult {
    let this = args.this();
    if p.heap.payload::<Context>(this).is_some() {
        return Ok(this);
    }
    Err(wrong_self(p, this, "Context", method))
}

/// What a context is looked into with.
fn key(p: &mut Process, v: Value) -> NativeResult {
    if p.heap.payload::<Variable>(v).is_some() {
        return Ok(v);
    }
    let text = p.repr_text(v)?;
    Err(p.type_error(&format!("a ContextVar key was expected, got {text}")))
}

fn look_up(p: &mut Process, context: Value, variable: Value) -> NativeResult<Option<Value>> {
    let data = data_of(p, context);
    p.dict_get(data, variable)
}

/// A method of dicts, on the data.
fn of_data(p: &mut Process, args: Args<'_>, method: &str) -> NativeResult {
    let this = this_context(p, args, method)?;
    p.exactly::<0>(args.rest(), method)?;
    let data = data_of(p, this);
    let method = p.getattr_text(data, method)?;
    p.call(method, &[])
}

/// `_contextvars.Context`
pub static CONTEXT: TypeDef = TypeDef {
    name: "Context",
    module: "_contextvars",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1511),
    flags: type_flags::HAS_WEAKREF | type_flags::UNHASHABLE | type_flags::MAPPING,
    members: &[&[
        Native::static_method("__new__", |p, args| {
            if args.len() > 1 || !args.kw.is_empty() {
                return Err(p.type_error("Context() does not accept any arguments"));
            }
            let data = p.new_dict();
            Ok(new_context(p, data))
        }),
        Native::method("run", run),
        Native::method("copy", |p, args| {
            let this = this_context(p, args, "copy")?;
            p.exactly::<0>(args.rest(), "copy")?;
            let data = data_of(p, this);
            Ok(new_context(p, data))
        })
        .sig("($self, /)"),
        Native::method("__len__", |p, args| of_data(p, args, "__len__")),
        Native::method("__iter__", |p, args| of_data(p, args, "__iter__")),
        Native::method("keys", |p, args| of_data(p, args, "keys")).sig("($self, /)"),
        Native::method("values", |p, args| of_data(p, args, "values")).sig("($self, /)"),
        Native::method("items", |p, args| of_data(p, args, "items")).sig("($self, /)"),
        Native::method("__contains__", |p, args| {
            let this = this_context(p, args, "__contains__")?;
            let [v] = p.exactly(args.rest(), "__contains__")?;
            let variable = key(p, v)?;
            Ok(Value::from_bool(look_up(p, this, variable)?.is_some()))
        }),
        Native::method("__getitem__", |p, args| {
            let this = this_context(p, args, "__getitem__")?;
            let [v] = p.exactly(args.rest(), "__getitem__")?;
            let variable = key(p, v)?;
            match look_up(p, this, variable)? {
                Some(v) => Ok(v),
                None => Err(p.key_error(variable)),
            }
        }),
        Native::method("get", |p, args| {
            let this = this_context(p, args, "get")?;
            let [v, default] = p.bind(args.rest(), "get", ["", ""], 1)?;
            let variable = key(p, v.unwrap_or(Value::NONE))?;
            Ok(look_up(p, this, variable)?.or(default).unwrap_or(Value::NONE))
        })
        .sig("($self, key, default=None, /)"),
        Native::method("__eq__", |p, args| {
            let this = this_context(p, args, "__eq__")?;
            let [other] = p.exactly(args.rest(), "__eq__")?;
            if p.heap.payload::<Context>(other).is_none() {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            let (a, b) = (data_of(p, this), data_of(p, other));
            Ok(Value::from_bool(p.eq(a, b)?))
        }),
    ]],
    doc: "",
    finish: Some(heddle_vm::builtin::containers::no_hash),
};

fn this_variable(p: &mut Process, args: Args<'_>, method: &str) -> NativeResult<(Value, Variable)> {
    let this = args.this();
    match p.heap.payload::<Variable>(this).cloned() {
        Some(variable) => Ok((this, variable)),
        None => Err(wrong_self(p, this, "ContextVar", method)),
    }
}

fn new_variable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name, default] = p.bind(args.rest(), "ContextVar", ["", "*default"], 1)?;
    let name = name.unwrap_or(Value::NONE);
    if p.as_pystr(name).is_none() {
        return Err(p.type_error("context variable name must be a str"));
    }
    let default = default.unwrap_or(Value::NULL);
    Ok(p.new_payload(args.this(), Variable { name, default }))
}

fn get(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, variable) = this_variable(p, args, "get")?;
    let [default] = p.bind(args.rest(), "get", [""], 0)?;
    let context = current(p);
    if let Some(v) = look_up(p, context, this)? {
        return Ok(v);
    }
    match default {
        Some(v) => Ok(v),
        None if !variable.default.is_null() => Ok(variable.default),
        None => {
            let error = p.new_exception(core::LOOKUP_ERROR, vec![this]);
            Err(Unwind::Raise(error))
        }
    }
}

/// Replaces the data of a context by a copy in which the variable has this value (NULL: none).
fn change(p: &mut Process, context: Value, variable: Value, value: Value) -> NativeResult<()> {
    let data = data_of(p, context);
    let data = p.copy_dict(data);
    if value.is_null() {
        p.dict_remove(data, variable)?;
    } else {
        p.dict_set(data, variable, value)?;
    }
    p.heap.incref(data);
    if let Some(c) = p.heap.payload_mut::<Context>(context) {
        let old = std::mem::replace(&mut c.data, data);
        p.heap.decref(old);
    }
    Ok(())
}

fn set(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, _) = this_variable(p, args, "set")?;
    let [value] = p.exactly(args.rest(), "ContextVar.set")?;
    let context = current(p);
    let old = look_up(p, context, this)?.unwrap_or(Value::NULL);
    let class = p.native_type(&TOKEN);
    let token = Token {
        context,
        variable: this,
        old,
        used: false,
    };
    let token = p.new_payload(class, token);
    change(p, context, this, value)?;
    Ok(token)
}

fn reset(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, _) = this_variable(p, args, "reset")?;
    let [token] = p.exactly(args.rest(), "ContextVar.reset")?;
    reset_to(p, this, token)?;
    Ok(Value::NONE)
}

fn reset_to(p: &mut Process, this: Value, token: Value) -> NativeResult<()> {
    let Some(t) = p.heap.payload::<Token>(token).cloned() else {
        let text = p.repr_text(token)?;
        return Err(p.type_error(&format!("expected an instance of Token, got {text}")));
    };
    let context = current(p);
    if !t.used && t.variable == this && t.context == context {
        if let Some(t) = p.heap.payload_mut::<Token>(token) {
            t.used = true;
        }
        return change(p, context, this, t.old);
    }
    let text = p.repr_text(token)?;
    if t.used {
        return Err(p.runtime_error(&format!("{text} has already been used once")));
    }
    let place = if t.variable == this {
        "in a different Context"
    } else {
        "by a different ContextVar"
    };
    Err(p.value_error(&format!("{text} was created {place}")))
}

fn repr_variable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, variable) = this_variable(p, args, "__repr__")?;
    guarded(p, this, "...", |p| {
        let mut text = Wtf8Buf::from("<ContextVar name=".to_owned());
        push_repr(p, &mut text, variable.name)?;
        if !variable.default.is_null() {
            text.push_str(" default=");
            push_repr(p, &mut text, variable.default)?;
        }
        text.push_str(&format!(" at {}>", p.address(this)));
        Ok(text)
    })
}

/// `_contextvars.ContextVar`
pub static VARIABLE: TypeDef = TypeDef {
    name: "ContextVar",
    module: "_contextvars",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1512),
    flags: type_flags::HAS_WEAKREF,
    members: &[&[
        Native::static_method("__new__", new_variable),
        Native::getter("name", |p, args| Ok(this_variable(p, args, "name")?.1.name)),
        Native::method("get", get),
        Native::method("set", set).sig("($self, value, /)"),
        Native::method("reset", reset).sig("($self, token, /)"),
        Native::method("__repr__", repr_variable),
        Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
    ]],
    doc: "",
    finish: None,
};

fn this_token(p: &mut Process, args: Args<'_>, method: &str) -> NativeResult<(Value, Token)> {
    let this = args.this();
    match p.heap.payload::<Token>(this).cloned() {
        Some(token) => Ok((this, token)),
        None => Err(wrong_self(p, this, "Token", method)),
    }
}

const STATE: &str = "_contextvars";

/// `Token.MISSING`
fn missing(p: &mut Process) -> Value {
    if let Some(&v) = p.module_state.get(STATE).and_then(|s| s.first()) {
        return v;
    }
    let class = p.native_type(&MISSING);
    let v = p.new_payload(class, Missing);
    p.heap.incref(v);
    p.module_state.insert(STATE, vec![v]);
    v
}

/// `_contextvars.Token`
pub static TOKEN: TypeDef = TypeDef {
    name: "Token",
    module: "_contextvars",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1513),
    flags: type_flags::HAS_WEAKREF | type_flags::UNHASHABLE,
    members: &[&[
        Native::static_method("__new__", |p, _| {
            Err(p.runtime_error("Tokens can only be created by ContextVars"))
        }),
        Native::getter("var", |p, args| Ok(this_token(p, args, "var")?.1.variable)),
        Native::getter("old_value", |p, args| {
            let old = this_token(p, args, "old_value")?.1.old;
            Ok(if old.is_null() { missing(p) } else { old })
        }),
        Native::method("__enter__", |p, args| Ok(this_token(p, args, "__enter__")?.0)).sig("($self, /)"),
        Native::method("__exit__", |p, args| {
            let (this, token) = this_token(p, args, "__exit__")?;
            reset_to(p, token.variable, this)?;
            Ok(Value::NONE)
        })
        .sig("($self, type, value, traceback, /)"),
        Native::method("__repr__", |p, args| {
            let (this, token) = this_token(p, args, "__repr__")?;
            let used = if token.used { " used" } else { "" };
            let variable = p.repr_text(token.variable)?;
            let text = format!("<Token{used} var={variable} at {}>", p.address(this));
            Ok(p.new_str(&text))
        }),
        Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
    ]],
    doc: "",
    finish: Some(|p, class| {
        heddle_vm::builtin::containers::no_hash(p, class)?;
        let missing = missing(p);
        let name = p.intern("MISSING");
        p.type_set(class, name, missing);
        Ok(())
    }),
};

static MISSING: TypeDef = TypeDef {
    name: "_Missing",
    module: "_contextvars",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1514),
    flags: 0,
    members: &[&[
        Native::static_method("__new__", |p, _| {
            Err(p.type_error("cannot create '_contextvars._Missing' instances"))
        }),
        Native::method("__repr__", |p, _| Ok(p.new_str("<Token.MISSING>"))),
    ]],
    doc: "",
    finish: None,
};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_contextvars",
    doc: "Context Variables",
    functions: &[Native::function("copy_context", |p, args| {
        p.exactly::<0>(args, "_contextvars.copy_context")?;
        Ok(copy_current(p))
    })
    .sig("($module, /)")],
    types: &[&CONTEXT, &VARIABLE, &TOKEN],
    init: None,
};
