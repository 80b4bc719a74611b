//! `tee`: iterators that read one source through a shared chain of blocks, so that what all have read is let go.

use super::{Tool, class, iter_self, next, positional, wrong_self};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{TypeDef, type_flags};
use heddle_vm::value::Value;

/// Items of one block.
const BLOCK: usize = 57;

/// A block of items read from the source.
#[derive(Clone, Debug)]
struct TeeData {
    source: Value,
    items: Vec<Value>,
    /// The next block; NULL if there is none yet.
    next: Value,
    /// Somebody is reading the source.
    running: bool,
}
heddle_vm::impl_payload!(TeeData, |this, f| {
    f(this.source);
    f(this.next);
    this.items.iter().copied().for_each(f);
});

/// One of the iterators: its place in the chain.
#[derive(Clone, Debug)]
struct Tee {
    block: Value,
    at: usize,
}
heddle_vm::impl_payload!(Tee, |this, f| f(this.block));

/// The class of blocks, which programs never see.
pub static TEE_DATA: TypeDef = class("_tee_dataobject", 0x1116, &[]);

/// The class of the iterators.
pub static TEE: TypeDef = TypeDef {
    flags: type_flags::HAS_WEAKREF,
    ..class(
        "_tee",
        0x1117,
        &[&[
            Native::static_method("__new__", new),
            Native::method("__iter__", iter_self),
            Native::method("__next__", next::<Tee>),
            Native::method("__copy__", copy),
        ]],
    )
};

fn new_block(p: &mut Process, source: Value) -> Value {
    let class = p.native_type(&TEE_DATA);
    p.new_payload(
        class,
        TeeData {
            source,
            items: Vec::new(),
            next: Value::NULL,
            running: false,
        },
    )
}

/// The state of a tee at the place of `iterable` if that is one, or at the start of a new chain.
fn tee_over(p: &mut Process, iterable: Value) -> NativeResult<Tee> {
    let iterator = p.get_iter(iterable)?;
    if let Some(other) = p.heap.payload::<Tee>(iterator) {
        return Ok(other.clone());
    }
    Ok(Tee {
        block: new_block(p, iterator),
        at: 0,
    })
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    positional(p, args, &TEE, 1, 1)?;
    let state = tee_over(p, args.get(1).unwrap_or(Value::NONE))?;
    Ok(p.new_payload(args.this(), state))
}

fn copy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(state) = p.heap.payload::<Tee>(this).cloned() else {
        return Err(wrong_self(p, &TEE, "__copy__", this));
    };
    let class = p.native_type(&TEE);
    Ok(p.new_payload(class, state))
}

/// `tee(iterable, n=2)`
pub fn tee(p: &mut Process, args: Args<'_>) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(p.type_error("itertools.tee() takes no keyword arguments"));
    }
    let given = args.len();
    if !(1..=2).contains(&given) {
        let bound = if given < 1 {
            "at least 1 argument"
        } else {
            "at most 2 arguments"
        };
        return Err(p.type_error(&format!("tee expected {bound}, got {given}")));
    }
    let n = match args.get(1) {
        Some(v) => p.index_i64(v)?,
        None => 2,
    };
    if n < 0 {
        return Err(p.value_error("n must be >= 0"));
    }
    if (n as u64).saturating_mul(72) > p.heap.room() {
        return Err(p.error(heddle_vm::types::core::MEMORY_ERROR, ""));
    }
    if n == 0 {
        return Ok(p.new_tuple(Vec::new()));
    }
    let state = tee_over(p, args.this())?;
    let class = p.native_type(&TEE);
    let all = (0..n).map(|_| p.new_payload(class, state.clone())).collect();
    Ok(p.new_tuple(all))
}

impl Tool for Tee {
    const DEF: &'static TypeDef = &TEE;

    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        if self.at == BLOCK {
            let Some((source, next)) = p.heap.payload::<TeeData>(self.block).map(|d| (d.source, d.next)) else {
                return Ok(Value::NULL);
            };
            let full = std::mem::replace(&mut self.block, next);
            self.at = 0;
            if next.is_null() {
                // Not logged: a re-run finds the block that stands there then.
                self.block = new_block(p, source);
                p.heap.incref(self.block);
                if let Some(data) = p.heap.payload_mut::<TeeData>(full) {
                    data.next = self.block;
                }
            }
        }
        let block = self.block;
        let Some(data) = p.heap.payload::<TeeData>(block) else {
            return Ok(Value::NULL);
        };
        let source = data.source;
        if let Some(&item) = data.items.get(self.at) {
            self.at += 1;
            return Ok(item);
        }
        p.once(|p| match p.heap.payload_mut::<TeeData>(block) {
            Some(data) if data.running => Err(p.runtime_error("cannot re-enter the tee iterator")),
            Some(data) => {
                data.running = true;
                Ok(Value::NONE)
            }
            None => Ok(Value::NONE),
        })?;
        let result = p.iter_next(source);
        if !matches!(result, Err(heddle_vm::native::Unwind::Pending(_)))
            && let Some(data) = p.heap.payload_mut::<TeeData>(block)
        {
            data.running = false;
        }
        let Some(item) = result? else {
            return Ok(Value::NULL);
        };
        p.heap.incref(item);
        if let Some(data) = p.heap.payload_mut::<TeeData>(block) {
            data.items.push(item);
        }
        self.at += 1;
        Ok(item)
    }
}
