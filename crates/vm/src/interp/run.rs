//! The loop: fetch, charge, short path. See the module `interp`.

use super::operands::{self, SUBSCRIPT};
use super::poly::Found;
use super::{Cache, cost};
use crate::code::Ins;
use crate::contract::Stop;
use crate::frame::{Frame, bits};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::Op;

/// How an instruction ends, and what has to be done before the next one.
#[derive(Clone, Copy)]
enum Done {
    /// Nothing.
    Plainly,
    /// It may have let something go.
    Release,
    /// The same, and something was made: a collection may be due, or too much be in use.
    Made,
    /// It is not done: that takes more than the loop knows.
    Slow,
    /// Another Python frame is on top.
    Next,
    /// The time is used up.
    Limit,
}

impl Process {
    /// Runs the top frame of the current thread, and whatever it calls, until a stop. `WATCHED`: the copy for threads that are traced.
    #[allow(clippy::too_many_lines)] // the dispatch of an interpreter is one function
    pub(crate) fn run_loop<const WATCHED: bool>(&mut self) -> Stop {
        // What the last frame ran: mostly the same as the next one's, after an instruction outside the loop or in recursion.
        let (mut code_value, mut function, mut loaded) = (Value::NULL, Value::NULL, None);
        let (mut globals, mut builtins) = (Value::NULL, Value::NULL);
        // The thread's operands while a frame runs; `self.stack` is empty meanwhile. A local is not loaded again after every store.
        let mut stack: Vec<Value> = Vec::new();
        'frame: loop {
            if self.heap.has_pending() || !self.heap.finalize_queue.is_empty() {
                self.settle();
            }
            if WATCHED || self.heap.alarmed() {
                (code_value, function) = (Value::NULL, Value::NULL);
                if let Some(stop) = self.attend(WATCHED) {
                    return stop;
                }
            }
            match self.frames.last() {
                Some(Frame::Python(_)) => {}
                Some(Frame::Native(_)) => {
                    // It may make a function in the place of one that is gone.
                    (code_value, function) = (Value::NULL, Value::NULL);
                    match self.run_top_native() {
                        Ok(()) => continue 'frame,
                        Err(stop) => return stop,
                    }
                }
                None => return self.thread_over(),
            }
            std::mem::swap(&mut self.stack, &mut stack);
            let mut now = self.now_ns;
            let limit = self.limit_ns;
            'call: loop {
                // A call or a return of Python code comes straight here.
                let Some(Frame::Python(frame)) = self.frames.last() else {
                    self.now_ns = now;
                    std::mem::swap(&mut self.stack, &mut stack);
                    continue 'frame;
                };
                let base = frame.base as usize;
                let mut pc = frame.pc as usize;
                let mut sp = frame.sp as usize;
                let running = frame.function;
                if frame.code != code_value {
                    code_value = frame.code;
                    loaded = self.shared_code(code_value);
                }
                if running != function {
                    function = Value::NULL;
                }
                let Some(code) = &loaded else { return self.thread_over() };
                let ops: &[Ins] = if WATCHED { code.plain() } else { &code.ops };
                let number = code.number as usize;

                macro_rules! push {
                    ($v:expr) => {{
                        let v = $v;
                        stack[sp] = v;
                        sp += 1;
                    }};
                }
                // A value that stands elsewhere too.
                macro_rules! push_shared {
                    ($v:expr) => {{
                        self.heap.incref($v);
                        push!($v);
                    }};
                }
                macro_rules! save {
                    () => {{
                        if let Some(Frame::Python(f)) = self.frames.last_mut() {
                            f.pc = pc as u32;
                            f.sp = sp as u32;
                        }
                        self.now_ns = now;
                        std::mem::swap(&mut self.stack, &mut stack);
                    }};
                }
                // Has the namespaces of the running function ready: most frames never ask.
                macro_rules! need_namespaces {
                    () => {{
                        if function.is_null() {
                            function = running;
                            (globals, builtins) = self.namespaces_of(function);
                        }
                    }};
                }
                loop {
                    if WATCHED && !code.hidden && self.looks_up(code, pc, now) {
                        save!();
                        match self.see_to(pc) {
                            Ok(true) => {}
                            Ok(false) => continue 'frame,
                            Err(stop) => return stop,
                        }
                        std::mem::swap(&mut self.stack, &mut stack);
                        now = self.now_ns;
                    }
                    let Ins { op, arg } = ops[pc];
                    pc += 1;
                    let done = 'op: {
                        // Makes a frame for a function whose arguments stand from `start` up to the top, and goes on in it.
                        macro_rules! enter {
                            ($function:expr, $code:expr, $callee:expr, $start:expr, $return_to:expr) => {{
                                let (function, code_value, start, return_to) = ($function, $code, $start, $return_to);
                                let (slots, room) = ($callee.slots as usize, $callee.room as usize);
                                if self.caches[$callee.number as usize].is_empty() || start + room > stack.len() {
                                    let callee = std::rc::Rc::clone($callee);
                                    std::mem::swap(&mut self.stack, &mut stack);
                                    self.make_room(&callee, start);
                                    std::mem::swap(&mut self.stack, &mut stack);
                                }
                                stack[sp..start + slots].fill(Value::NULL);
                                if let Some(Frame::Python(f)) = self.frames.last_mut() {
                                    f.pc = pc as u32;
                                    f.sp = return_to as u32;
                                }
                                self.push_plain_frame(code_value, function, [start, start + slots, return_to]);
                                break 'op Done::Next;
                            }};
                        }
                        // A truth that a jump behind it may want at once: nothing can stop in between.
                        macro_rules! branch_or_push {
                            ($truth:expr) => {{
                                let truth = $truth;
                                match ops[pc] {
                                    Ins {
                                        op: Op::PopJumpIfFalse,
                                        arg,
                                    } if !WATCHED => {
                                        now += cost::BRANCH;
                                        pc = if truth { pc + 1 } else { arg as usize };
                                    }
                                    Ins {
                                        op: Op::PopJumpIfTrue,
                                        arg,
                                    } if !WATCHED => {
                                        now += cost::BRANCH;
                                        pc = if truth { arg as usize } else { pc + 1 };
                                    }
                                    _ => push!(Value::from_bool(truth)),
                                }
                            }};
                        }
                        // A counted result that the next instruction may store in a local.
                        macro_rules! store_or_push {
                            ($v:expr) => {{
                                let v = $v;
                                match ops[pc] {
                                    Ins {
                                        op: Op::StoreFast,
                                        arg,
                                    } if !WATCHED => {
                                        now += cost::MOVE;
                                        pc += 1;
                                        let old = std::mem::replace(&mut stack[base + arg as usize], v);
                                        if old.is_heap() {
                                            self.heap.decref(old);
                                            break 'op Done::Release;
                                        }
                                    }
                                    _ => push!(v),
                                }
                            }};
                        }

                        // An attribute takes the place of the object on top, and the next instruction follows.
                        macro_rules! attribute {
                            ($v:expr, $object:expr, $arg:expr) => {{
                                self.heap.incref($v);
                                stack[sp - 1] = $v;
                                if $arg & 1 == 1 {
                                    push!(Value::NULL);
                                }
                                self.heap.decref($object);
                                break 'op Done::Release;
                            }};
                        }

                        match op {
                            Op::LoadFast => {
                                now += cost::MOVE;
                                let v = stack[base + arg as usize];
                                push_shared!(v);
                            }
                            Op::StoreFast => {
                                now += cost::MOVE;
                                sp -= 1;
                                let v = stack[sp];
                                let old = std::mem::replace(&mut stack[base + arg as usize], v);
                                if old.is_heap() {
                                    self.heap.decref(old);
                                    break 'op Done::Release;
                                }
                            }
                            Op::LoadFastLoadFast => {
                                now += 2 * cost::MOVE;
                                let v = stack[base + arg as usize];
                                push_shared!(v);
                                let v = stack[base + ops[pc].arg as usize];
                                pc += 1;
                                push_shared!(v);
                            }
                            Op::StoreFastLoadFast => {
                                now += 2 * cost::MOVE;
                                let v = stack[sp - 1];
                                let old = std::mem::replace(&mut stack[base + arg as usize], v);
                                let v = stack[base + ops[pc].arg as usize];
                                pc += 1;
                                self.heap.incref(v);
                                stack[sp - 1] = v;
                                if old.is_heap() {
                                    self.heap.decref(old);
                                    break 'op Done::Release;
                                }
                            }
                            Op::FastFastBinary | Op::FastSmallBinary => {
                                now += cost::MOVE;
                                let a = stack[base + arg as usize];
                                let second = ops[pc].arg;
                                let b = if op == Op::FastFastBinary {
                                    stack[base + second as usize]
                                } else {
                                    Value::from_i32(second as i32)
                                };
                                if let Some(v) = operands::number_operation(ops[pc + 1].arg, a, b) {
                                    now += cost::MOVE + cost::BINARY;
                                    pc += 2;
                                    store_or_push!(v);
                                    break 'op Done::Plainly;
                                }
                                if ops[pc + 1].arg == SUBSCRIPT
                                    && let Some(v) = self.quick_subscript(a, b)
                                {
                                    now += cost::MOVE + cost::BINARY;
                                    pc += 2;
                                    self.heap.incref(v);
                                    store_or_push!(v);
                                    break 'op Done::Plainly;
                                }
                                now += cost::MOVE;
                                pc += 1;
                                push_shared!(a);
                                push_shared!(b);
                            }
                            Op::FastBinary => {
                                now += cost::MOVE;
                                let a = stack[sp - 1];
                                let b = stack[base + arg as usize];
                                if let Some(v) = operands::number_operation(ops[pc].arg, a, b) {
                                    now += cost::BINARY;
                                    pc += 1;
                                    sp -= 1;
                                    store_or_push!(v);
                                    break 'op Done::Plainly;
                                }
                                push_shared!(b);
                            }
                            Op::FastFastCompare | Op::FastSmallCompare => {
                                now += 2 * cost::MOVE;
                                let a = stack[base + arg as usize];
                                let second = ops[pc].arg;
                                let b = if op == Op::FastFastCompare {
                                    stack[base + second as usize]
                                } else {
                                    Value::from_i32(second as i32)
                                };
                                if let Some(truth) = operands::compare_numbers(ops[pc + 1].arg, a, b) {
                                    now += cost::COMPARE;
                                    pc += 2;
                                    branch_or_push!(truth);
                                    break 'op Done::Plainly;
                                }
                                pc += 1;
                                push_shared!(a);
                                push_shared!(b);
                            }
                            Op::FastAttr => {
                                now += cost::MOVE;
                                let object = stack[base + arg as usize];
                                let after = ops[pc].arg;
                                match self.field_or_method(number, pc, object, code.names[after as usize >> 1]) {
                                    Some(Found::Field(v)) => {
                                        now += cost::NAME;
                                        pc += 1;
                                        push_shared!(v);
                                        if after & 1 == 1 {
                                            push!(Value::NULL);
                                        }
                                    }
                                    Some(Found::Method(function)) if after & 1 == 1 => {
                                        now += cost::NAME;
                                        pc += 1;
                                        push_shared!(function);
                                        push_shared!(object);
                                    }
                                    _ => {
                                        push_shared!(object);
                                    }
                                }
                            }
                            Op::FastStoreAttr => {
                                now += cost::MOVE;
                                let object = stack[base + arg as usize];
                                if object.is_heap()
                                    && let Some(&Cache::Field { epoch, shape, place }) = self.caches[number].get(pc)
                                    && let value = stack[sp - 1]
                                    && let Some(slot) = self.field_mut(object, epoch, shape, place)
                                {
                                    now += cost::NAME;
                                    pc += 1;
                                    sp -= 1;
                                    let old = std::mem::replace(slot, value);
                                    if old.is_heap() {
                                        self.heap.decref(old);
                                        break 'op Done::Release;
                                    }
                                    break 'op Done::Plainly;
                                }
                                push_shared!(object);
                            }
                            Op::LoadConst => {
                                now += cost::MOVE;
                                let v = code.consts[arg as usize];
                                push_shared!(v);
                            }
                            Op::LoadSmallInt => {
                                now += cost::MOVE;
                                push!(Value::from_i32(arg as i32));
                            }
                            Op::BinaryOp => {
                                now += cost::BINARY;
                                let b = stack[sp - 1];
                                let a = stack[sp - 2];
                                if let (Some(x), Some(y)) = (a.as_small(), b.as_small())
                                    && let Some(v) = operands::int_operation(arg, x, y)
                                {
                                    sp -= 2;
                                    store_or_push!(v);
                                    break 'op Done::Plainly;
                                }
                                if arg == SUBSCRIPT {
                                    if let Some(v) = self.quick_subscript(a, b) {
                                        self.heap.incref(v);
                                        sp -= 1;
                                        stack[sp - 1] = v;
                                        self.heap.decref(a);
                                        self.heap.decref(b);
                                        break 'op Done::Release;
                                    }
                                } else if let Some(v) = operands::float_operation(arg, a, b) {
                                    sp -= 2;
                                    store_or_push!(v);
                                    break 'op Done::Plainly;
                                } else if let Some(v) = self.odd_binary(arg, a, b, &stack[base..sp], ops[pc]) {
                                    // NULL: `a` has grown in its place.
                                    now += cost::SLOW;
                                    sp -= 1;
                                    if !v.is_null() {
                                        self.heap.incref(v);
                                        stack[sp - 1] = v;
                                        self.heap.decref(a);
                                    }
                                    self.heap.decref(b);
                                    break 'op Done::Made;
                                }
                                break 'op Done::Slow;
                            }
                            Op::CompareOp => {
                                now += cost::COMPARE;
                                let b = stack[sp - 1];
                                let a = stack[sp - 2];
                                let truth = match operands::compare_numbers(arg, a, b) {
                                    Some(t) => t,
                                    None => match (arg >> 5, self.quick_str_eq(a, b)) {
                                        (2, Some(t)) => t,
                                        (3, Some(t)) => !t,
                                        _ => break 'op Done::Slow,
                                    },
                                };
                                sp -= 2;
                                self.heap.decref(a);
                                self.heap.decref(b);
                                branch_or_push!(truth);
                                break 'op Done::Release;
                            }
                            Op::PopJumpIfFalse => {
                                now += cost::BRANCH;
                                sp -= 1;
                                if stack[sp] == Value::FALSE {
                                    pc = arg as usize;
                                }
                            }
                            Op::PopJumpIfTrue => {
                                now += cost::BRANCH;
                                sp -= 1;
                                if stack[sp] == Value::TRUE {
                                    pc = arg as usize;
                                }
                            }
                            Op::PopJumpIfNone | Op::PopJumpIfNotNone => {
                                now += cost::BRANCH;
                                sp -= 1;
                                let v = stack[sp];
                                if v.is_none() == (op == Op::PopJumpIfNone) {
                                    pc = arg as usize;
                                }
                                self.heap.decref(v);
                                break 'op Done::Release;
                            }
                            Op::ToBool => {
                                now += cost::COMPARE;
                                let v = stack[sp - 1];
                                let Some(truth) = self.quick_truth(v) else {
                                    save!();
                                    let truth = self.native_truth(v, sp);
                                    std::mem::swap(&mut self.stack, &mut stack);
                                    let Some(truth) = truth else {
                                        break 'op Done::Slow;
                                    };
                                    now = self.now_ns;
                                    sp -= 1;
                                    branch_or_push!(truth);
                                    break 'op Done::Release;
                                };
                                sp -= 1;
                                branch_or_push!(truth);
                                self.heap.decref(v);
                                break 'op Done::Release;
                            }
                            Op::UnaryNot => {
                                now += cost::MOVE;
                                stack[sp - 1] = Value::from_bool(stack[sp - 1] == Value::FALSE);
                            }
                            Op::IsOp => {
                                now += cost::COMPARE;
                                sp -= 2;
                                let b = stack[sp + 1];
                                let a = stack[sp];
                                branch_or_push!(self.same_object(a, b) != (arg & 1 == 1));
                                self.heap.decref(a);
                                self.heap.decref(b);
                                break 'op Done::Release;
                            }
                            Op::JumpBackward => {
                                now += cost::JUMP_BACK;
                                pc = arg as usize;
                                if now >= limit {
                                    break 'op Done::Limit;
                                }
                            }
                            Op::JumpForward | Op::JumpBackwardNoInterrupt => {
                                now += cost::MOVE;
                                pc = arg as usize;
                            }
                            Op::Resume => {
                                now += cost::RESUME;
                                if arg < 2 {
                                    if now >= limit {
                                        break 'op Done::Limit;
                                    }
                                } else if arg > 3 {
                                    break 'op Done::Slow;
                                }
                            }
                            Op::Nop => {}
                            Op::PopTop | Op::PopIter | Op::EndFor => {
                                now += cost::MOVE;
                                sp -= 1;
                                self.heap.decref(stack[sp]);
                                break 'op Done::Release;
                            }
                            Op::PushNull => {
                                now += cost::MOVE;
                                push!(Value::NULL);
                            }
                            Op::Copy => {
                                now += cost::MOVE;
                                let v = stack[sp - arg as usize];
                                push_shared!(v);
                            }
                            Op::Swap => {
                                now += cost::MOVE;
                                stack.swap(sp - 1, sp - arg as usize);
                            }
                            Op::LoadFastCheck => {
                                now += cost::MOVE;
                                let v = stack[base + arg as usize];
                                if v.is_null() {
                                    break 'op Done::Slow;
                                }
                                push_shared!(v);
                            }
                            Op::LoadFastAndClear => {
                                now += cost::MOVE;
                                let v = std::mem::take(&mut stack[base + arg as usize]);
                                push!(v);
                            }
                            Op::LoadDeref => {
                                now += cost::MOVE;
                                let cell = stack[base + arg as usize];
                                let v = match self.heap.object(cell) {
                                    Some(Obj::Cell(v)) => *v,
                                    _ => Value::NULL,
                                };
                                if v.is_null() {
                                    break 'op Done::Slow;
                                }
                                push_shared!(v);
                            }
                            Op::StoreDeref => {
                                now += cost::MOVE;
                                sp -= 1;
                                let v = stack[sp];
                                let cell = stack[base + arg as usize];
                                if cell.is_heap()
                                    && let Obj::Cell(slot) = self.heap.get_mut(cell)
                                {
                                    let old = std::mem::replace(slot, v);
                                    self.heap.decref(old);
                                }
                                break 'op Done::Release;
                            }
                            Op::LoadGlobal => {
                                now += cost::NAME;
                                need_namespaces!();
                                let found = self.cached_name(number, pc - 1, globals, builtins).or_else(|| {
                                    self.load_global(number, pc - 1, globals, builtins, code.names[arg as usize >> 1])
                                });
                                let Some(v) = found else { break 'op Done::Slow };
                                push_shared!(v);
                                if arg & 1 == 1 {
                                    push!(Value::NULL);
                                }
                            }
                            Op::LoadAttr => {
                                now += cost::NAME;
                                let object = stack[sp - 1];
                                if object.is_heap() {
                                    match self.caches[number].get(pc - 1) {
                                        Some(&Cache::Field { epoch, shape, place }) => {
                                            if let Some(v) = self.field(object, epoch, shape, place) {
                                                attribute!(v, object, arg);
                                            }
                                        }
                                        Some(&Cache::Method {
                                            version,
                                            function,
                                            shape,
                                        }) if self.class_version(object) == version
                                            && self.has_shape(object, shape) =>
                                        {
                                            self.heap.incref(function);
                                            stack[sp - 1] = function;
                                            push!(object);
                                            break 'op Done::Plainly;
                                        }
                                        Some(&Cache::Property { version, getter })
                                            if self.class_version(object) == version
                                                && arg & 1 == 0
                                                && !self.too_deep() =>
                                        {
                                            if let Some((code_value, callee)) = self.direct_getter(getter) {
                                                now += cost::CALL;
                                                self.heap.incref(getter);
                                                enter!(getter, code_value, &callee, sp - 1, sp - 1);
                                            }
                                        }
                                        _ => {}
                                    }
                                    match self.odd_attribute(number, pc - 1, object, code.names[arg as usize >> 1]) {
                                        Some(Found::Field(v)) => {
                                            attribute!(v, object, arg);
                                        }
                                        Some(Found::Method(function)) if arg & 1 == 1 => {
                                            self.heap.incref(function);
                                            stack[sp - 1] = function;
                                            push!(object);
                                            break 'op Done::Plainly;
                                        }
                                        _ => {}
                                    }
                                }
                                break 'op Done::Slow;
                            }
                            Op::StoreAttr => {
                                now += cost::NAME;
                                let (value, object) = (stack[sp - 2], stack[sp - 1]);
                                if object.is_heap() {
                                    match self.caches[number].get(pc - 1) {
                                        Some(&Cache::Field { epoch, shape, place }) => {
                                            if let Some(slot) = self.field_mut(object, epoch, shape, place) {
                                                sp -= 2;
                                                let old = std::mem::replace(slot, value);
                                                self.heap.decref(old);
                                                self.heap.decref(object);
                                                break 'op Done::Release;
                                            }
                                        }
                                        Some(&Cache::NewField { epoch, from, to }) => {
                                            if self.field_epoch == epoch
                                                && let Obj::Instance(i) = self.heap.get_mut(object)
                                                && i.shape == from
                                            {
                                                sp -= 2;
                                                i.shape = to;
                                                i.values.push(stack[sp]);
                                                self.heap.adjust_size(8);
                                                self.heap.decref(object);
                                                break 'op Done::Release;
                                            }
                                        }
                                        _ => {}
                                    }
                                    if let Some(place) = self.poly_store(object, code.names[arg as usize])
                                        && let Obj::Instance(i) = self.heap.get_mut(object)
                                    {
                                        sp -= 2;
                                        let old = std::mem::replace(&mut i.values[place], stack[sp]);
                                        self.heap.decref(old);
                                        self.heap.decref(object);
                                        break 'op Done::Release;
                                    }
                                }
                                break 'op Done::Slow;
                            }
                            Op::StoreSubscr => {
                                now += cost::BINARY;
                                let (value, container, key) = (stack[sp - 3], stack[sp - 2], stack[sp - 1]);
                                // Without a GIL the native takes the container's lock, if another core may be there.
                                let locks = WATCHED && self.locks_containers();
                                if locks || !self.quick_store_subscript(container, key, value) {
                                    break 'op Done::Slow;
                                }
                                sp -= 3;
                                self.heap.decref(value);
                                self.heap.decref(container);
                                self.heap.decref(key);
                                break 'op Done::Release;
                            }
                            Op::ContainsOp => {
                                now += cost::COMPARE;
                                let (item, container) = (stack[sp - 2], stack[sp - 1]);
                                let found = match self.heap.object(container) {
                                    Some(Obj::Dict(_) | Obj::Set(_))
                                        if self.type_of(container).index() < core::END as usize =>
                                    {
                                        self.quick_find(container, item)
                                    }
                                    _ => None,
                                };
                                let Some(found) = found else { break 'op Done::Slow };
                                sp -= 2;
                                branch_or_push!(found.is_some() != (arg & 1 == 1));
                                self.heap.decref(item);
                                self.heap.decref(container);
                                break 'op Done::Release;
                            }
                            Op::Call => {
                                now += cost::CALL;
                                let below = sp - arg as usize - 2;
                                let callable = stack[below];
                                if callable.is_heap()
                                    && let Obj::Function(f) = self.heap.get(callable)
                                {
                                    let start = if stack[below + 1].is_null() {
                                        below + 2
                                    } else {
                                        below + 1
                                    };
                                    let code_value = f.code;
                                    let callee = match self.heap.get(code_value) {
                                        Obj::Code(c) => c,
                                        _ => code,
                                    };
                                    if callee.direct && callee.arg_count as usize == sp - start && !self.too_deep() {
                                        enter!(callable, code_value, callee, start, below);
                                    }
                                } else if let Some((def, bound, from)) =
                                    self.native_to_call(callable, below, &mut stack[below + 1], [number, pc - 1])
                                {
                                    now += cost::NATIVE;
                                    save!();
                                    if def.resumes
                                        && sp - from == 1
                                        && bound.is_null()
                                        && self.quick_next(self.stack[from], below)
                                    {
                                        continue 'frame;
                                    }
                                    match self.call_native(def, bound, from, sp, below) {
                                        Ok(v) => {
                                            std::mem::swap(&mut self.stack, &mut stack);
                                            now = self.now_ns;
                                            sp = below;
                                            push!(v);
                                            if now >= limit && self.looks_after(def) {
                                                break 'op Done::Limit;
                                            }
                                            break 'op Done::Made;
                                        }
                                        Err(Ok(())) => continue 'frame,
                                        Err(Err(stop)) => return stop,
                                    }
                                }
                                break 'op Done::Slow;
                            }
                            Op::ReturnValue => {
                                now += cost::RETURN;
                                let Some(Frame::Python(f)) = self.frames.last() else {
                                    break 'op Done::Slow;
                                };
                                let init = f.bits == bits::INIT && stack[sp - 1].is_none();
                                if (f.bits == bits::PLAIN || init) && f.object.is_null() {
                                    sp -= 1;
                                    let v = stack[sp];
                                    let (function, return_to) = (f.function, f.return_to as usize);
                                    for &local in &stack[base..sp] {
                                        self.heap.decref(local);
                                    }
                                    self.heap.decref(function);
                                    // A Python frame owns nothing: there is nothing to drop.
                                    std::mem::forget(self.frames.pop());
                                    self.depth -= 1;
                                    // The instance stands below already.
                                    let behind = if init {
                                        return_to
                                    } else {
                                        stack[return_to] = v;
                                        return_to + 1
                                    };
                                    if let Some(Frame::Python(caller)) = self.frames.last_mut() {
                                        caller.sp = behind as u32;
                                    }
                                    break 'op Done::Next;
                                }
                                break 'op Done::Slow;
                            }
                            Op::ForIter => {
                                now += cost::ITERATE;
                                let iterator = stack[sp - 1];
                                use crate::builtin::containers::iters::Step as IterStep;
                                match self.step_iter(iterator) {
                                    IterStep::Item(v) => {
                                        self.heap.incref(v);
                                        store_or_push!(v);
                                        break 'op Done::Release;
                                    }
                                    IterStep::Exhausted => {
                                        pc = arg as usize + 1;
                                        break 'op Done::Release;
                                    }
                                    _ if !WATCHED && self.for_generator(&mut stack, iterator, [pc, sp]) => {
                                        break 'op Done::Next;
                                    }
                                    _ => break 'op Done::Slow,
                                }
                            }
                            Op::GetIter => {
                                now += cost::OTHER;
                                let Some(iterator) = self.quick_iter(stack[sp - 1]) else {
                                    break 'op Done::Slow;
                                };
                                // The count of the container passes over to the iterator.
                                if iterator != stack[sp - 1] {
                                    now += cost::SLOW;
                                    stack[sp - 1] = iterator;
                                }
                                break 'op Done::Made;
                            }
                            Op::BinarySlice => {
                                now += cost::OTHER;
                                let (container, from, to) = (stack[sp - 3], stack[sp - 2], stack[sp - 1]);
                                let Some(v) = self.quick_slice(container, from, to) else {
                                    break 'op Done::Slow;
                                };
                                now += cost::SLOW;
                                sp -= 3;
                                push!(v);
                                self.heap.decref(container);
                                break 'op Done::Made;
                            }
                            Op::Send => {
                                now += cost::OTHER;
                                if !WATCHED && self.send_to_generator(&mut stack, [pc, sp]) {
                                    break 'op Done::Next;
                                }
                                break 'op Done::Slow;
                            }
                            Op::EndSend => {
                                now += cost::MOVE;
                                let receiver = stack[sp - 2];
                                stack[sp - 2] = stack[sp - 1];
                                sp -= 1;
                                self.heap.decref(receiver);
                                break 'op Done::Release;
                            }
                            Op::YieldValue => {
                                now += cost::YIELD;
                                if !WATCHED && let Some(ns) = self.yield_plainly(&mut stack, [pc, sp]) {
                                    now += ns;
                                    break 'op Done::Next;
                                }
                                break 'op Done::Slow;
                            }
                            Op::ListAppend => {
                                now += cost::BINARY;
                                sp -= 1;
                                let v = stack[sp];
                                let list = stack[sp - arg as usize];
                                if let Obj::List(items) = self.heap.get_mut(list) {
                                    items.push(v);
                                }
                                self.heap.adjust_size(8);
                                break 'op Done::Made;
                            }
                            Op::BuildTuple => {
                                now += cost::BUILD + cost::BUILD_ITEM * u64::from(arg);
                                let from = sp - arg as usize;
                                let items: Box<[Value]> = stack[from..sp].into();
                                sp = from;
                                push!(self.heap.insert(core::TUPLE, Obj::Tuple(items)));
                                break 'op Done::Made;
                            }
                            Op::BuildList => {
                                now += cost::BUILD + cost::BUILD_ITEM * u64::from(arg);
                                let from = sp - arg as usize;
                                let items = stack[from..sp].to_vec();
                                sp = from;
                                push!(self.heap.insert(core::LIST, Obj::List(items)));
                                break 'op Done::Made;
                            }
                            Op::UnpackSequence => {
                                now += cost::BUILD;
                                let v = stack[sp - 1];
                                if !self.unpack_exactly(v, &mut stack[sp - 1..], arg as usize) {
                                    break 'op Done::Slow;
                                }
                                sp = sp + arg as usize - 1;
                                self.heap.decref(v);
                                break 'op Done::Release;
                            }
                            Op::LoadName => {
                                now += cost::NAME;
                                need_namespaces!();
                                let found = self.named([number, pc - 1], [globals, builtins], code.names[arg as usize]);
                                let Some(v) = found else { break 'op Done::Slow };
                                push_shared!(v);
                            }
                            Op::StoreName => {
                                now += cost::NAME;
                                if self.store_named([number, pc - 1], stack[sp - 1]) {
                                    sp -= 1;
                                    break 'op Done::Release;
                                }
                                break 'op Done::Slow;
                            }
                            Op::MakeCell => {
                                now += cost::OTHER;
                                // The slot's count passes to the cell.
                                let slot = &mut stack[base + arg as usize];
                                *slot = self.heap.insert(core::CELL, Obj::Cell(*slot));
                                break 'op Done::Made;
                            }
                            Op::CopyFreeVars => {
                                now += cost::OTHER;
                                let slots = base + code.slots as usize;
                                self.copy_free_vars(running, &mut stack[slots - arg as usize..slots]);
                            }
                            Op::PushExcInfo => {
                                now += cost::OTHER;
                                let e = stack[sp - 1];
                                stack[sp - 1] = self.begin_handling(e);
                                push!(e);
                            }
                            Op::PopExcept => {
                                now += cost::OTHER;
                                sp -= 1;
                                self.end_handling(stack[sp]);
                                break 'op Done::Release;
                            }
                            Op::CheckExcMatch => {
                                now += cost::OTHER;
                                let class = stack[sp - 1];
                                let Some(matches) = self.quick_exc_match(stack[sp - 2], class) else {
                                    break 'op Done::Slow;
                                };
                                sp -= 1;
                                branch_or_push!(matches);
                                self.heap.decref(class);
                                break 'op Done::Release;
                            }
                            Op::LoadSuperAttr => {
                                now += cost::OTHER;
                                let (kind, class, object) = (stack[sp - 3], stack[sp - 2], stack[sp - 1]);
                                if let Some(method) = self.cached_super([number, pc - 1], kind, class, object) {
                                    self.heap.incref(method);
                                    (stack[sp - 3], stack[sp - 2]) = (method, object);
                                    sp -= 1;
                                    self.heap.decref(kind);
                                    self.heap.decref(class);
                                    break 'op Done::Release;
                                }
                                break 'op Done::Slow;
                            }
                            _ => {
                                now += cost::OTHER;
                                break 'op Done::Slow;
                            }
                        }
                        break 'op Done::Plainly;
                    };
                    match done {
                        Done::Plainly => {}
                        Done::Release => {
                            if self.heap.has_pending() {
                                self.heap.release_pending();
                                if !self.heap.finalize_queue.is_empty() {
                                    save!();
                                    continue 'frame;
                                }
                            }
                        }
                        Done::Made => {
                            if self.heap.has_pending() {
                                self.heap.release_pending();
                            }
                            if self.heap.alarmed() || !self.heap.finalize_queue.is_empty() {
                                save!();
                                continue 'frame;
                            }
                        }
                        Done::Slow => {
                            save!();
                            match self.rest_of(op, arg, [number, pc - 1]) {
                                Ok(()) => continue 'frame,
                                Err(stop) => return stop,
                            }
                        }
                        Done::Next => {
                            if self.heap.has_pending() {
                                self.heap.release_pending();
                            }
                            if WATCHED || self.heap.alarmed() || !self.heap.finalize_queue.is_empty() {
                                self.now_ns = now;
                                std::mem::swap(&mut self.stack, &mut stack);
                                continue 'frame;
                            }
                            continue 'call;
                        }
                        Done::Limit => {
                            save!();
                            return Stop::Limit;
                        }
                    }
                }
            }
        }
    }
}
