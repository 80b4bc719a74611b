//! Iterators that need no end: `count`, `cycle`, `repeat`.

use super::{Tool, named, positional, tool};
use heddle_compiler::BinaryOp;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::TypeDef;
use heddle_vm::value::Value;

#[derive(Clone, Debug)]
struct Count {
    next: Value,
    step: Value,
}
heddle_vm::impl_payload!(Count, |this, f| [this.next, this.step].into_iter().for_each(f));
tool!(COUNT: Count, "count", 0x1101, count_new, [Native::method("__repr__", count_repr)]);

fn count_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [start, step] = named(p, args, &COUNT, ["start", "step"], 0)?;
    let next = start.unwrap_or(Value::from_i32(0));
    let step = step.unwrap_or(Value::from_i32(1));
    for v in [next, step] {
        let number = [names::INT, names::FLOAT, names::INDEX, names::COMPLEX];
        if !number
            .iter()
            .any(|name| p.lookup_in_type(p.type_of(v), *name).is_some())
        {
            return Err(p.type_error("a number is required"));
        }
    }
    Ok(p.new_payload(args.this(), Count { next, step }))
}

impl Tool for Count {
    const DEF: &'static TypeDef = &COUNT;

    /// Atomic for ints: thread names and task numbers are drawn from counters without a lock.
    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        let item = self.next;
        self.next = match (item.as_small(), self.step.as_small()) {
            (Some(n), Some(step)) => p.new_int(n + step),
            _ => p.binary(BinaryOp::Add, item, self.step)?,
        };
        Ok(item)
    }
}

fn count_repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(Count { next, step }) = p.heap.payload::<Count>(this).cloned() else {
        return Err(super::wrong_self(p, &COUNT, "__repr__", this));
    };
    let name = p.type_name(this);
    let start = p.repr_text(next)?;
    let text = if p.is_int(step) && p.as_i64(step) == Some(1) {
        format!("{name}({start})")
    } else {
        format!("{name}({start}, {})", p.repr_text(step)?)
    };
    Ok(p.new_str(&text))
}

#[derive(Clone, Debug)]
struct Cycle {
    /// NULL when it is exhausted.
    iterator: Value,
    /// A list of the items it gave.
    saved: Value,
    at: usize,
}
heddle_vm::impl_payload!(Cycle, |this, f| [this.iterator, this.saved].into_iter().for_each(f));
tool!(CYCLE: Cycle, "cycle", 0x1106, cycle_new, []);

fn cycle_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    positional(p, args, &CYCLE, 1, 1)?;
    let iterator = p.get_iter(args.get(1).unwrap_or(Value::NONE))?;
    let saved = p.new_list(Vec::new());
    Ok(p.new_payload(args.this(), Cycle { iterator, saved, at: 0 }))
}

impl Tool for Cycle {
    const DEF: &'static TypeDef = &CYCLE;

    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        if !self.iterator.is_null() {
            if let Some(item) = p.iter_next(self.iterator)? {
                p.list_push(self.saved, item);
                return Ok(item);
            }
            self.iterator = Value::NULL;
        }
        let Some((item, len)) = p
            .as_list(self.saved)
            .and_then(|items| Some((*items.get(self.at)?, items.len())))
        else {
            return Ok(Value::NULL);
        };
        self.at = (self.at + 1) % len;
        Ok(item)
    }
}

#[derive(Clone, Debug)]
struct Repeat {
    item: Value,
    /// Times left; None for ever.
    left: Option<u64>,
}
heddle_vm::impl_payload!(Repeat, |this, f| f(this.item));
tool!(REPEAT: Repeat, "repeat", 0x1102, repeat_new, [
    Native::method("__length_hint__", repeat_hint),
    Native::method("__repr__", repeat_repr)
]);

fn repeat_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [item, times] = named(p, args, &REPEAT, ["object", "times"], 1)?;
    let left = match times {
        Some(v) => Some(p.index_i64(v)?.max(0) as u64),
        None => None,
    };
    let item = item.unwrap_or(Value::NONE);
    Ok(p.new_payload(args.this(), Repeat { item, left }))
}

impl Tool for Repeat {
    const DEF: &'static TypeDef = &REPEAT;

    fn step(&mut self, _: &mut Process, _: Value) -> NativeResult {
        match &mut self.left {
            Some(0) => return Ok(Value::NULL),
            Some(n) => *n -= 1,
            None => {}
        }
        Ok(self.item)
    }
}

fn repeat_hint(p: &mut Process, args: Args<'_>) -> NativeResult {
    match p.heap.payload::<Repeat>(args.this()).and_then(|r| r.left) {
        Some(n) => Ok(p.new_int(n as i64)),
        None => Err(p.type_error("len() of unsized object")),
    }
}

fn repeat_repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(Repeat { item, left }) = p.heap.payload::<Repeat>(this).cloned() else {
        return Err(super::wrong_self(p, &REPEAT, "__repr__", this));
    };
    let name = p.type_name(this);
    let item = p.repr_text(item)?;
    Ok(p.new_str(&match left {
        Some(n) => format!("{name}({item}, {n})"),
        None => format!("{name}({item})"),
    }))
}
