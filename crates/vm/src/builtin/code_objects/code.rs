//! `code`, `frame` and `traceback`.

use crate::code::CodeObj;
use crate::frame::{Frame, FrameObj, PyFrame, StackOf};
use crate::function::{Args, Native};
use crate::generator::GeneratorState;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, core, type_flags};
use crate::value::Value;
use heddle_compiler::assemble::told;
use std::rc::Rc;

fn code_of(vm: &mut Process, args: Args<'_>) -> Option<Rc<CodeObj>> {
    vm.whole_code(args.this())
}

macro_rules! code_getters {
    ($($name:ident = |$vm:ident, $c:ident| $result:expr;)*) => {
        $(fn $name($vm: &mut Process, args: Args<'_>) -> NativeResult {
            let Some($c) = code_of($vm, args) else { return Err($vm.type_error("a code object is required")) };
            Ok($result)
        })*
        static CODE_GETTERS: &[Native] = &[$(Native::getter(stringify!($name), $name)),*];
    };
}

fn int(n: u32) -> Value {
    Value::from_i32(n as i32)
}

fn strings(vm: &mut Process, texts: &[String]) -> Value {
    let items = texts.iter().map(|t| vm.intern(t)).collect();
    vm.new_tuple(items)
}

code_getters! {
    co_name = |_vm, c| c.name;
    co_qualname = |_vm, c| c.qualname;
    co_filename = |_vm, c| c.filename;
    co_firstlineno = |_vm, c| int(c.code.first_line);
    co_argcount = |_vm, c| int(c.code.arg_count);
    co_posonlyargcount = |_vm, c| int(c.code.posonly_count);
    co_kwonlyargcount = |_vm, c| int(c.code.kwonly_count);
    co_nlocals = |_vm, c| int(c.code.varnames.len() as u32);
    co_stacksize = |_vm, c| int(c.code.stack_size);
    co_flags = |_vm, c| int(c.code.flags);
    co_names = |vm, c| vm.new_tuple(c.names.to_vec());
    co_consts = |vm, c| vm.new_tuple(c.consts.to_vec());
    co_varnames = |vm, c| strings(vm, &c.code.varnames);
    co_cellvars = |vm, c| strings(vm, &c.code.cellvars);
    co_freevars = |vm, c| strings(vm, &c.code.freevars);
    co_code = |vm, c| vm.new_bytes(&c.assembled().code);
    _co_code_adaptive = |vm, c| vm.new_bytes(&c.assembled().code);
    co_exceptiontable = |vm, c| vm.new_bytes(&c.assembled().exceptions);
    co_linetable = |vm, c| vm.new_bytes(&c.assembled().lines);
}

fn co_positions(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(c) = code_of(vm, args) else {
        return Err(vm.type_error("a code object is required"));
    };
    let mut items = Vec::new();
    let starts = &c.assembled().starts;
    for (i, (p, units)) in c.code.positions.iter().zip(starts.windows(2)).enumerate() {
        let parts = match told(&c.code, i, *p) {
            Some(p) => [p.line, p.end_line, p.col, p.end_col].map(int),
            None => [Value::NONE; 4],
        };
        let place = vm.new_tuple(parts.to_vec());
        items.extend(std::iter::repeat_n(place, (units[1] - units[0]) as usize));
    }
    let list = vm.new_list(items);
    vm.get_iter(list)
}

fn co_lines(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(c) = code_of(vm, args) else {
        return Err(vm.type_error("a code object is required"));
    };
    let mut items = Vec::new();
    let mut start = 0;
    let positions = &c.code.positions;
    let starts = &c.assembled().starts;
    for i in 1..=positions.len().min(starts.len() - 1) {
        if i == positions.len() || positions[i].line != positions[start].line {
            let line = told(&c.code, start, positions[start]).map_or(Value::NONE, |p| int(p.line));
            items.push(vm.new_tuple(vec![int(2 * starts[start]), int(2 * starts[i]), line]));
            start = i;
        }
    }
    let list = vm.new_list(items);
    vm.get_iter(list)
}

/// The variable in a slot, as `dis` asks.
fn varname_from_oparg(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [slot]) = vm.method_args(args, "_varname_from_oparg")?;
    let slot = vm.index_i64(slot)?;
    let code = vm.whole_code(this);
    let name = code.and_then(|c| c.slot_names.get(usize::try_from(slot).ok()?).copied());
    name.ok_or_else(|| vm.index_error("tuple index out of range"))
}

fn code_repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(c) = code_of(vm, args) else {
        return Err(vm.type_error("a code object is required"));
    };
    let address = vm.address(args.this());
    let text = format!(
        "<code object {} at {address}, file \"{}\", line {}>",
        c.code.name, c.code.filename, c.code.first_line
    );
    Ok(vm.new_str(&text))
}

/// `code.replace(**changes)`: those that make sense without assembling bytecode.
fn code_replace(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(c) = code_of(vm, args) else {
        return Err(vm.type_error("a code object is required"));
    };
    let mut new = (*c).clone();
    let mut inner = (*c.code).clone();
    for &(name, value) in args.kw {
        match vm.text(name).as_str() {
            "co_flags" => inner.flags = vm.as_i64(value).unwrap_or_default() as u32,
            "co_name" => {
                inner.name = vm.text(value);
                new.name = value;
            }
            "co_qualname" => {
                inner.qualname = vm.text(value);
                new.qualname = value;
            }
            "co_filename" => {
                inner.filename = vm.text(value).into();
                new.filename = value;
            }
            "co_firstlineno" => inner.first_line = vm.as_i64(value).unwrap_or_default() as u32,
            other => {
                let what = format!("code.replace({other}=…)");
                return Err(vm.not_supported(&what));
            }
        }
    }
    new.code = Rc::new(inner);
    new.number = vm.caches.len() as u32;
    vm.caches.push(Box::default());
    Ok(vm.heap.alloc(core::CODE, Obj::Code(Rc::new(new))))
}

static CODE_METHODS: &[Native] = &[
    Native::method("co_positions", co_positions),
    Native::method("co_lines", co_lines),
    Native::method("_varname_from_oparg", varname_from_oparg),
    Native::method("replace", code_replace),
    Native::method("__replace__", code_replace),
    Native::method("__repr__", code_repr),
];

const fn def(name: &'static str, members: &'static [&'static [Native]], flags: u32) -> TypeDef {
    TypeDef {
        name,
        module: "builtins",
        base: None,
        layout: Layout::Closed,
        flags,
        members,
        doc: "",
        finish: None,
    }
}

/// `code`
pub static CODE: TypeDef = def("code", &[CODE_GETTERS, CODE_METHODS], type_flags::HAS_WEAKREF);

pub(super) fn frame_of(vm: &Process, v: Value) -> Option<&FrameObj> {
    match vm.heap.object(v)? {
        Obj::Frame(f) => Some(f),
        _ => None,
    }
}

impl Process {
    /// The activation behind a frame object, while it lives, with its thread's values.
    pub(crate) fn activation_of(&self, object: Value) -> Option<(&PyFrame, &[Value])> {
        let (stack, at) = frame_of(self, object)?.live?;
        let (frames, stack) = match stack {
            StackOf::Thread(thread) if thread == self.current && !self.frames.is_empty() => (&self.frames, &self.stack),
            StackOf::Thread(thread) => self.threads.get(thread as usize).map(|t| (&t.frames, &t.stack))?,
            StackOf::Greenlet(greenlet) => self.greenlet_stack(greenlet)?,
        };
        match frames.get(at as usize)? {
            Frame::Python(f) if f.object == object => Some((f, stack)),
            _ => None,
        }
    }

    /// Index of the instruction a frame object stands at.
    pub fn frame_instruction(&self, object: Value) -> u32 {
        match self.activation_of(object) {
            Some((f, _)) => f.pc.saturating_sub(1),
            None => frame_of(self, object).map_or(0, |f| f.instruction),
        }
    }

    /// The line of the instruction that a frame object stands at; 0: it has none.
    fn exact_line(&self, object: Value) -> u32 {
        let at = self.frame_instruction(object) as usize;
        let code = frame_of(self, object).and_then(|f| self.code_object(f.code));
        let position = code.and_then(|c| c.code.positions.get(at));
        position.map_or(0, |position| position.line)
    }

    /// The line a frame object stands at, or that of the last instruction before that has one: whoever is to be told of a place wants one.
    pub fn frame_line(&self, object: Value) -> u32 {
        let at = self.frame_instruction(object) as usize;
        let Some(c) = frame_of(self, object).and_then(|f| self.code_object(f.code)) else {
            return 0;
        };
        // A handler begins with an instruction of no line; what an exception dropped is finalised there, and asks for the line.
        let upto = c.code.positions.get(..=at).unwrap_or_default();
        let line = upto.iter().rev().map(|p| p.line).find(|&line| line != 0);
        line.unwrap_or(c.code.first_line)
    }

    /// `f_back`: the frame object of the visible caller, or None.
    pub fn frame_back(&mut self, object: Value) -> Value {
        let Some(f) = frame_of(self, object) else {
            return Value::NONE;
        };
        let (live, back) = (f.live, f.back);
        match live {
            Some((stack, at)) if stack == StackOf::Thread(self.current) || matches!(stack, StackOf::Greenlet(_)) => {
                let frames = match stack {
                    StackOf::Greenlet(greenlet) => self.greenlet_stack(greenlet).map_or(&[][..], |(frames, _)| frames),
                    StackOf::Thread(_) => &self.frames,
                };
                let visible = |frame: &Frame| matches!(frame, Frame::Python(f) if !self.code_of(f.code).hidden);
                match frames.iter().take(at as usize).rposition(visible) {
                    Some(at) => self.frame_object_on(stack, at),
                    None => Value::NONE,
                }
            }
            _ if back.is_null() => Value::NONE,
            _ => back,
        }
    }
}

fn f_back(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.frame_back(args.this()))
}

fn f_code(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(frame_of(vm, args.this()).map_or(Value::NONE, |f| f.code))
}

fn f_globals(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(frame_of(vm, args.this()).map_or(Value::NONE, |f| f.globals))
}

fn f_builtins(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(frame_of(vm, args.this()).map_or(Value::NONE, |f| f.builtins))
}

fn f_locals(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.frame_locals(args.this()))
}

fn f_lineno(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if let Some(line) = args.get(1) {
        return vm.jump_to_line(args.this(), line);
    }
    // `warnings`, which is Python code here and C in CPython, cannot do without a line; a debugger is told when there is none.
    let is_traced = frame_of(vm, args.this()).is_some_and(|f| !f.trace.is_null());
    let line = if is_traced {
        vm.exact_line(args.this())
    } else {
        vm.frame_line(args.this())
    };
    Ok(match line {
        0 => Value::NONE,
        n => int(n),
    })
}

fn f_lasti(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let instruction = vm.frame_instruction(args.this());
    Ok(int(code_of_frame(vm, args.this()).map_or(0, |c| c.lasti(instruction))))
}

fn f_trace(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => {
            let v = frame_of(vm, this).map_or(Value::NULL, |f| f.trace);
            Ok(if v.is_null() { Value::NONE } else { v })
        }
        Some(v) => {
            vm.set_frame_trace(this, if v.is_none() { Value::NULL } else { v });
            Ok(Value::NONE)
        }
    }
}

/// `f_trace_lines` and `f_trace_opcodes`
fn trace_switch(vm: &mut Process, args: Args<'_>, which: fn(&mut FrameObj) -> &mut bool) -> NativeResult {
    let given = args.get(1);
    if given.is_some_and(|v| v != Value::TRUE && v != Value::FALSE) {
        return Err(vm.type_error("attribute value type must be bool"));
    }
    let Obj::Frame(f) = vm.heap.get_mut(args.this()) else {
        return Ok(Value::NONE);
    };
    let switch = which(f);
    match given {
        None => Ok(Value::from_bool(*switch)),
        Some(v) => {
            *switch = v == Value::TRUE;
            Ok(Value::NONE)
        }
    }
}

fn f_trace_lines(vm: &mut Process, args: Args<'_>) -> NativeResult {
    trace_switch(vm, args, |f| &mut f.trace_lines)
}

fn f_trace_opcodes(vm: &mut Process, args: Args<'_>) -> NativeResult {
    trace_switch(vm, args, |f| &mut f.trace_opcodes)
}

fn f_generator(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let v = vm.activation_of(args.this()).map_or(Value::NULL, |(f, _)| f.generator);
    Ok(if v.is_null() { Value::NONE } else { v })
}

/// `frame.clear()`
fn clear(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if vm.activation_of(this).is_some() {
        return Err(vm.runtime_error("cannot clear an executing frame"));
    }
    let owner = frame_of(vm, this).map_or(Value::NULL, |f| f.owner);
    let state = vm
        .as_generator(owner)
        .filter(|g| g.frame.object == this)
        .map(|g| g.state);
    match state {
        Some(GeneratorState::Suspended) => return Err(vm.runtime_error("cannot clear a suspended frame")),
        Some(GeneratorState::Created) => {
            // As if it died: a coroutine that nobody has awaited warns.
            let finalize = vm.new_native(&crate::finalize::FINALIZE, Value::NULL);
            vm.call(finalize, &[owner])?;
            if let Some(g) = vm.generator_mut(owner) {
                g.state = GeneratorState::Finished;
            }
            vm.forget_generator_frame(owner);
        }
        _ => {}
    }
    let slots = match vm.heap.get_mut(this) {
        Obj::Frame(f) => std::mem::take(&mut f.slots),
        _ => Vec::new(),
    };
    for v in slots {
        vm.heap.decref(v);
    }
    Ok(Value::NONE)
}

fn frame_repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let line = vm.frame_line(this);
    let address = vm.address(this);
    let text = match frame_of(vm, this).and_then(|f| vm.code_object(f.code)) {
        Some(c) => format!(
            "<frame at {address}, file '{}', line {line}, code {}>",
            c.code.filename, c.code.name
        ),
        None => format!("<frame at {address}>"),
    };
    Ok(vm.new_str(&text))
}

static FRAME_MEMBERS: &[Native] = &[
    Native::getter("f_back", f_back),
    Native::getter("f_code", f_code),
    Native::getter("f_globals", f_globals),
    Native::getter("f_builtins", f_builtins),
    Native::getter("f_locals", f_locals),
    Native::getset("f_lineno", f_lineno),
    Native::getter("f_lasti", f_lasti),
    Native::getset("f_trace", f_trace),
    Native::getset("f_trace_lines", f_trace_lines),
    Native::getset("f_trace_opcodes", f_trace_opcodes),
    Native::getter("f_generator", f_generator),
    Native::method("clear", clear),
    Native::method("__repr__", frame_repr),
];

/// `frame`
pub static FRAME: TypeDef = def("frame", &[FRAME_MEMBERS], 0);

fn tb_frame(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(match vm.heap.object(args.this()) {
        Some(Obj::Traceback(t)) => t.frame,
        _ => Value::NONE,
    })
}

fn tb_lineno(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(match vm.heap.object(args.this()) {
        Some(Obj::Traceback(t)) => int(t.line),
        _ => Value::NONE,
    })
}

/// The code of a frame object.
fn code_of_frame(vm: &Process, frame: Value) -> Option<&CodeObj> {
    vm.code_object(frame_of(vm, frame)?.code)
}

fn tb_lasti(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(match vm.heap.object(args.this()) {
        Some(Obj::Traceback(t)) => int(code_of_frame(vm, t.frame).map_or(0, |c| c.lasti(t.instruction))),
        _ => Value::NONE,
    })
}

fn tb_next(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => Ok(match vm.heap.object(this) {
            Some(Obj::Traceback(t)) if !t.next.is_null() => t.next,
            _ => Value::NONE,
        }),
        Some(v) => {
            let v = if v.is_none() { Value::NULL } else { v };
            if !v.is_null() && !matches!(vm.heap.object(v), Some(Obj::Traceback(_))) {
                let name = vm.type_name(v);
                return Err(vm.type_error(&format!("expected traceback object, got '{name}'")));
            }
            vm.heap.incref(v);
            if let Obj::Traceback(t) = vm.heap.get_mut(this) {
                let old = std::mem::replace(&mut t.next, v);
                vm.heap.decref(old);
            }
            Ok(Value::NONE)
        }
    }
}

/// `types.TracebackType(next, frame, lasti, lineno)`
fn tb_new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [next, frame, lasti, line] = vm.bind(
        args.rest(),
        "traceback",
        ["tb_next", "tb_frame", "tb_lasti", "tb_lineno"],
        4,
    )?;
    let number = |vm: &Process, v: Option<Value>| v.and_then(|v| vm.as_i64(v)).unwrap_or_default() as u32;
    let (unit, line) = (number(vm, lasti) / 2, number(vm, line));
    let code = frame.and_then(|frame| code_of_frame(vm, frame));
    let instruction = code.map_or(0, |c| c.assembled().instruction_at(unit));
    let traceback = crate::object::Traceback {
        next: next.filter(|v| !v.is_none()).unwrap_or(Value::NULL),
        frame: frame.unwrap_or(Value::NONE),
        instruction,
        line,
    };
    Ok(vm.heap.alloc(core::TRACEBACK, Obj::Traceback(Box::new(traceback))))
}

static TRACEBACK_MEMBERS: &[Native] = &[
    Native::static_method("__new__", tb_new),
    Native::getter("tb_frame", tb_frame),
    Native::getter("tb_lineno", tb_lineno),
    Native::getter("tb_lasti", tb_lasti),
    Native::getset("tb_next", tb_next),
];

/// `traceback`
pub static TRACEBACK: TypeDef = def("traceback", &[TRACEBACK_MEMBERS], 0);
