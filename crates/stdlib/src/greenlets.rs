//! `greenlet`: PyPI's package of that name (3.x) as a native module, over the VM's own ([`heddle_vm::greenlet`]).
//!
//! There is no C API and no module `greenlet._greenlet`, and nothing is told of C stacks (`_stack_saved`).

use heddle_vm::function::{Args, Native};
use heddle_vm::greenlet::{GreenletState, Passed, Role, greenlet_field};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// The version of the package whose behaviour this is.
const VERSION: &str = "3.2.4";

fn current(p: &mut Process) -> Value {
    let class = p.native_type(&GREENLET);
    let current = p.current_greenlet(class);
    p.bury_dying_greenlets();
    current
}

fn state(p: &mut Process, v: Value) -> NativeResult<GreenletState> {
    match p.greenlet(v) {
        Some(g) => Ok(g.state),
        None => {
            let name = p.type_name(v);
            Err(p.type_error(&format!(
                "descriptor for 'greenlet.greenlet' objects doesn't apply to a '{name}' object"
            )))
        }
    }
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.check_not_abstract(args.this())?;
    let parent = current(p);
    Ok(p.new_greenlet(args.this(), parent))
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [run, parent] = p.bind(args.rest(), "greenlet", ["run", "parent"], 0)?;
    if let Some(run) = run {
        set_run(p, this, run)?;
    }
    match parent.filter(|parent| !parent.is_none()) {
        Some(parent) => set_parent(p, this, parent),
        None => Ok(Value::NONE),
    }
}

/// A switch from the running greenlet to this one.
fn go(p: &mut Process, this: Value, passed: Passed) -> NativeResult {
    state(p, this)?;
    current(p);
    // Once: `run` may be Python code that changes what is asked here.
    p.scope(|p| p.check_greenlet_switch(this).map(|()| Value::NONE))?;
    let target = p.greenlet_target(this, passed)?;
    p.switch_greenlet(target, passed, true)
}

fn switch(p: &mut Process, args: Args<'_>) -> NativeResult {
    let rest = args.rest();
    let pos = p.new_tuple(rest.pos.to_vec());
    let mut kw = Value::NONE;
    if !rest.kw.is_empty() {
        kw = p.new_dict();
        for &(name, value) in rest.kw {
            p.dict_set_str(kw, name, value);
        }
    }
    go(p, args.this(), Passed::Arguments(pos, kw))
}

fn throw(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let at_rest = state(p, this)?;
    let [kind, value, traceback] = p.bind(args.rest(), "throw", ["", "", ""], 0)?;
    let kind = kind.unwrap_or_else(|| p.native_type(&EXIT));
    let class = p.as_type(kind).is_some() && p.is_subtype(kind, core::BASE_EXCEPTION);
    if !class && !p.is_instance(kind, core::BASE_EXCEPTION) {
        let name = p.type_name(kind);
        return Err(p.type_error(&format!("exceptions must be classes, or instances, not {name}")));
    }
    let given = [kind, value.unwrap_or(Value::NONE), traceback.unwrap_or(Value::NONE)];
    let e = p.scope(|p| p.thrown_exception(Args::positional(&given)))?;
    let exit = p.native_type(&EXIT);
    if at_rest == GreenletState::Dead && p.is_instance(e, exit) {
        // It has ended already, as it should.
        let result = p.new_tuple(vec![e]);
        return go(p, this, Passed::Arguments(result, Value::NONE));
    }
    go(p, this, Passed::Throw(e))
}

fn bool(p: &mut Process, args: Args<'_>) -> NativeResult {
    let active = state(p, args.this())? == GreenletState::Active;
    Ok(Value::from_bool(active))
}

fn is_dead(p: &mut Process, v: Value) -> NativeResult<bool> {
    p.bury_greenlet(v);
    Ok(state(p, v)? == GreenletState::Dead)
}

fn dead(p: &mut Process, args: Args<'_>) -> NativeResult {
    is_dead(p, args.this()).map(Value::from_bool)
}

fn attribute_error(p: &mut Process, text: &str) -> Unwind {
    p.error(core::ATTRIBUTE_ERROR, text)
}

fn run(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if let Some(new) = args.get(1) {
        return set_run(p, this, new);
    }
    let begun = state(p, this)? != GreenletState::Pending;
    let Some(g) = p.greenlet(this) else {
        return Ok(Value::NONE);
    };
    if g.role != Role::Child {
        return Err(attribute_error(p, "Main greenlets do not have a run attribute."));
    }
    if begun || g.run.is_null() {
        return Err(attribute_error(p, "run"));
    }
    Ok(g.run)
}

fn set_run(p: &mut Process, this: Value, new: Value) -> NativeResult {
    let begun = state(p, this)? != GreenletState::Pending;
    if p.greenlet(this).is_some_and(|g| g.role != Role::Child) {
        return Err(attribute_error(p, "Main greenlets do not have a run attribute."));
    }
    if begun {
        return Err(attribute_error(p, "run cannot be set after the start of the greenlet"));
    }
    p.replace_counted(new, |p| greenlet_field(p, this, |g| &mut g.run));
    Ok(Value::NONE)
}

fn parent(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if let Some(new) = args.get(1) {
        return set_parent(p, this, new);
    }
    state(p, this)?;
    let parent = p.greenlet(this).map_or(Value::NULL, |g| g.parent);
    Ok(if parent.is_null() { Value::NONE } else { parent })
}

fn set_parent(p: &mut Process, this: Value, new: Value) -> NativeResult {
    let begun = state(p, this)? != GreenletState::Pending;
    if new.is_null() {
        return Err(attribute_error(p, "can't delete attribute"));
    }
    if p.greenlet(this).is_some_and(|g| g.role != Role::Child) {
        return Err(attribute_error(p, "cannot set the parent of a main greenlet"));
    }
    if p.greenlet(new).is_none() {
        let name = p.type_name(new);
        return Err(p.type_error(&format!("GreenletChecker: Expected any type of greenlet, not {name}")));
    }
    let mut at = new;
    while let Some(g) = p.greenlet(at) {
        if at == this {
            return Err(p.value_error("cyclic parent chain"));
        }
        at = g.parent;
    }
    let main = p.main_greenlet_of(new);
    if main.is_null() {
        return Err(p.value_error("parent must not be garbage collected"));
    }
    if begun && p.main_greenlet_of(this) != main {
        return Err(p.value_error("parent cannot be on a different thread"));
    }
    p.replace_counted(new, |p| greenlet_field(p, this, |g| &mut g.parent));
    Ok(Value::NONE)
}

fn frame(p: &mut Process, args: Args<'_>) -> NativeResult {
    state(p, args.this())?;
    Ok(p.greenlet_frame(args.this()))
}

fn context(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    state(p, this)?;
    let here = current(p) == this;
    let elsewhere = p.greenlet_runs(this) && !here;
    let Some(new) = args.get(1) else {
        if elsewhere {
            return Err(p.value_error("cannot get context of a greenlet that is running in a different thread"));
        }
        let context = match p.greenlet(this) {
            Some(g) if !here => g.context,
            _ => p.current_thread().context,
        };
        return Ok(if context.is_null() { Value::NONE } else { context });
    };
    if new.is_null() {
        return Err(attribute_error(p, "can't delete context attribute"));
    }
    if !new.is_none() && !is_context(p, new) {
        return Err(p.type_error("greenlet context must be a contextvars.Context or None"));
    }
    if elsewhere {
        return Err(p.value_error("cannot set context of a greenlet that is running in a different thread"));
    }
    let new = if new.is_none() { Value::NULL } else { new };
    if here {
        p.replace_counted(new, |p| &mut p.current_thread().context);
    } else {
        p.replace_counted(new, |p| greenlet_field(p, this, |g| &mut g.context));
    }
    Ok(Value::NONE)
}

/// Is it a `contextvars.Context`? There is none before that module is imported.
fn is_context(p: &mut Process, v: Value) -> bool {
    let (module, class) = (p.intern("_contextvars"), p.intern("Context"));
    p.dict_get_str(p.modules, module)
        .and_then(|module| p.module_dict(module))
        .and_then(|dict| p.dict_get_str(dict, class))
        .is_some_and(|class| p.is_instance(v, class))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let gone = p.greenlet_thread_is_gone(this);
    let dead = is_dead(p, this)?;
    let main = p.main_greenlet_of(this);
    // A native type is called by its dotted name, one made by `class` by its name.
    let class = p.type_of(this);
    let name = if class == p.native_type(&GREENLET) {
        "greenlet.greenlet".to_owned()
    } else {
        p.type_name(this)
    };
    let (at, thread) = (p.address(this), p.address(main));
    let mut text = format!("<{name} object at {at} (otid={thread})");
    if dead {
        text.push_str(if gone { " (thread exited) dead>" } else { " dead>" });
        return Ok(p.new_str(&text));
    }
    let known = p.greenlet(this).map(|g| (g.state, g.role));
    let begun = known.is_some_and(|(state, _)| state == GreenletState::Active);
    let here = p
        .current_thread()
        .greenlets
        .as_ref()
        .is_some_and(|known| known.current == this);
    text.push_str(match (gone, here) {
        (true, _) => " (thread exited)",
        (false, true) => " current",
        (false, false) if begun => " suspended",
        _ => "",
    });
    text.push_str(if begun { " active started" } else { " pending" });
    if known.is_some_and(|(_, role)| role != Role::Child) {
        text.push_str(" main");
    }
    text.push('>');
    Ok(p.new_str(&text))
}

fn getstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let name = p.type_name(args.this());
    Err(p.type_error(&format!("cannot serialize '{name}' object")))
}

fn namespace(p: &mut Process, args: Args<'_>) -> NativeResult {
    if args.get(1).is_some_and(Value::is_null) {
        return Err(p.type_error("__dict__ may not be deleted"));
    }
    (heddle_vm::builtin::objects::object::INSTANCE_DICT_ENTRY.run)(p, args)
}

fn getcurrent(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "getcurrent")?;
    Ok(current(p))
}

fn settrace(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [function] = p.exactly(args, "settrace")?;
    let old = trace_function(p);
    p.set_greenlet_trace(if function.is_none() { Value::NULL } else { function });
    Ok(old)
}

fn gettrace(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "gettrace")?;
    Ok(trace_function(p))
}

fn trace_function(p: &mut Process) -> Value {
    current(p);
    let trace = p.of_greenlets(|known| known.trace);
    if trace.is_null() { Value::NONE } else { trace }
}

static ERROR: TypeDef = TypeDef {
    name: "error",
    module: "greenlet",
    base: Some(TypeRef::Core(core::EXCEPTION)),
    layout: Layout::Exception,
    flags: type_flags::BASETYPE,
    members: &[],
    doc: "",
    finish: None,
};

static EXIT: TypeDef = TypeDef {
    name: "GreenletExit",
    module: "greenlet",
    base: Some(TypeRef::Core(core::BASE_EXCEPTION)),
    layout: Layout::Exception,
    flags: type_flags::BASETYPE,
    members: &[],
    doc: "",
    finish: None,
};

/// The type.
pub static GREENLET: TypeDef = TypeDef {
    name: "greenlet",
    module: "greenlet",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(104),
    flags: type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[&[
        Native::static_method("__new__", new),
        Native::method("__init__", init),
        Native::method("switch", switch).sig("($self, /, *args, **kwargs)"),
        Native::method("throw", throw),
        Native::method("__bool__", bool),
        Native::method("__repr__", repr),
        Native::method("__getstate__", getstate),
        Native::getset("__dict__", namespace),
        Native::getset("run", run),
        Native::getset("parent", parent),
        Native::getset("gr_context", context),
        Native::getter("gr_frame", frame),
        Native::getter("dead", dead),
    ]],
    doc: "greenlet(run=None, parent=None) -> greenlet\n\nCreates a new greenlet object (without running it).\n\n \
          - *run* -- The callable to invoke.\n - *parent* -- The parent greenlet. The default is the current greenlet.",
    finish: None,
};

/// What stands in the module and in the class too.
const SHARED: [&str; 5] = ["getcurrent", "error", "GreenletExit", "settrace", "gettrace"];

fn init_module(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    let classes = vec![p.native_type(&EXIT), p.native_type(&ERROR)];
    for &class in &classes {
        p.heap.incref(class);
    }
    p.module_state.insert("greenlet", classes);
    let class = p.native_type(&GREENLET);
    let class_dict = p.as_type(class).map_or(Value::NULL, |class| class.dict);
    for name in SHARED {
        let name = p.intern(name);
        if let Some(v) = p.dict_get_str(dict, name) {
            p.dict_set_str(class_dict, name, v);
        }
    }
    for name in [
        "GREENLET_USE_GC",
        "GREENLET_USE_TRACING",
        "GREENLET_USE_CONTEXT_VARS",
        "GREENLET_USE_STANDARD_THREADING",
    ] {
        let name = p.intern(name);
        p.dict_set_str(dict, name, Value::TRUE);
    }
    let (name, version) = (p.intern("__version__"), p.new_str(VERSION));
    p.dict_set_str(dict, name, version);
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "greenlet",
    doc: "Lightweight in-process concurrent programming.",
    functions: &[
        Native::function("getcurrent", getcurrent),
        Native::function("settrace", settrace),
        Native::function("gettrace", gettrace),
    ],
    types: &[&GREENLET, &ERROR, &EXIT],
    init: Some(init_module),
};
