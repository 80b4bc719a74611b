//! Iterators that make something new of each item or of several: `accumulate`, `batched`, `pairwise`, `starmap`, `zip_longest`.

use super::{Tool, named, positional, tool};
use heddle_compiler::BinaryOp;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::TypeDef;
use heddle_vm::value::Value;

#[derive(Clone, Debug)]
struct Accumulate {
    iterator: Value,
    /// NULL or None for `+`.
    function: Value,
    /// NULL before the first item.
    total: Value,
    /// Given as `initial` and not yet passed on; NULL otherwise.
    initial: Value,
}
heddle_vm::impl_payload!(Accumulate, |this, f| [
    this.iterator,
    this.function,
    this.total,
    this.initial
]
.into_iter()
.for_each(f));
tool!(ACCUMULATE: Accumulate, "accumulate", 0x110b, accumulate_new, []);

fn accumulate_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [iterable, function, initial] = named(p, args, &ACCUMULATE, ["iterable", "func", "*initial"], 1)?;
    let given = |v: Option<Value>| v.filter(|v| !v.is_none()).unwrap_or(Value::NULL);
    let iterator = p.get_iter(iterable.unwrap_or(Value::NONE))?;
    let state = Accumulate {
        iterator,
        function: given(function),
        total: Value::NULL,
        initial: given(initial),
    };
    Ok(p.new_payload(args.this(), state))
}

impl Tool for Accumulate {
    const DEF: &'static TypeDef = &ACCUMULATE;

    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        if !self.initial.is_null() {
            self.total = std::mem::replace(&mut self.initial, Value::NULL);
            return Ok(self.total);
        }
        let Some(item) = p.iter_next(self.iterator)? else {
            return Ok(Value::NULL);
        };
        self.total = if self.total.is_null() {
            item
        } else if self.function.is_null() {
            p.binary(BinaryOp::Add, self.total, item)?
        } else {
            p.call(self.function, &[self.total, item])?
        };
        Ok(self.total)
    }
}

#[derive(Clone, Debug)]
struct Batched {
    /// NULL when exhausted.
    iterator: Value,
    n: i64,
    strict: bool,
}
heddle_vm::impl_payload!(Batched, |this, f| f(this.iterator));
tool!(BATCHED: Batched, "batched", 0x110c, batched_new, []);

fn batched_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [iterable, n, strict] = named(p, args, &BATCHED, ["iterable", "n", "*strict"], 2)?;
    let n = p.index_i64(n.unwrap_or(Value::NONE))?;
    let strict = match strict {
        Some(v) => p.truth(v)?,
        None => false,
    };
    if n < 1 {
        return Err(p.value_error("n must be at least one"));
    }
    let iterator = p.get_iter(iterable.unwrap_or(Value::NONE))?;
    Ok(p.new_payload(args.this(), Batched { iterator, n, strict }))
}

impl Tool for Batched {
    const DEF: &'static TypeDef = &BATCHED;

    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        let iterator = std::mem::replace(&mut self.iterator, Value::NULL);
        if iterator.is_null() {
            return Ok(Value::NULL);
        }
        // One logged result for all the items, so that long batches of Python iterators are not quadratic.
        let n = self.n;
        let part = p.once(|p| Ok(super::filters::first_items(p, iterator, n)))?;
        let items = p.list_from_iterable(part)?;
        if items.is_empty() {
            return Ok(Value::NULL);
        }
        if (items.len() as i64) < self.n && self.strict {
            return Err(p.value_error("batched(): incomplete batch"));
        }
        self.iterator = iterator;
        Ok(p.new_tuple(items))
    }
}

#[derive(Clone, Debug)]
struct Pairwise {
    /// NULL when exhausted.
    iterator: Value,
    /// NULL before the first item.
    previous: Value,
}
heddle_vm::impl_payload!(Pairwise, |this, f| [this.iterator, this.previous]
    .into_iter()
    .for_each(f));
tool!(PAIRWISE: Pairwise, "pairwise", 0x110d, pairwise_new, []);

fn pairwise_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    positional(p, args, &PAIRWISE, 1, 1)?;
    let iterator = p.get_iter(args.get(1).unwrap_or(Value::NONE))?;
    let previous = Value::NULL;
    Ok(p.new_payload(args.this(), Pairwise { iterator, previous }))
}

impl Tool for Pairwise {
    const DEF: &'static TypeDef = &PAIRWISE;

    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        let iterator = std::mem::replace(&mut self.iterator, Value::NULL);
        let mut previous = std::mem::replace(&mut self.previous, Value::NULL);
        if iterator.is_null() {
            return Ok(Value::NULL);
        }
        if previous.is_null() {
            match p.iter_next(iterator)? {
                Some(item) => previous = item,
                None => return Ok(Value::NULL),
            }
        }
        let Some(item) = p.iter_next(iterator)? else {
            return Ok(Value::NULL);
        };
        (self.iterator, self.previous) = (iterator, item);
        Ok(p.new_tuple(vec![previous, item]))
    }
}

#[derive(Clone, Debug)]
struct StarMap {
    function: Value,
    iterator: Value,
}
heddle_vm::impl_payload!(StarMap, |this, f| [this.function, this.iterator]
    .into_iter()
    .for_each(f));
tool!(STARMAP: StarMap, "starmap", 0x1105, starmap_new, []);

fn starmap_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    positional(p, args, &STARMAP, 2, 2)?;
    let function = args.get(1).unwrap_or(Value::NONE);
    let iterator = p.get_iter(args.get(2).unwrap_or(Value::NONE))?;
    Ok(p.new_payload(args.this(), StarMap { function, iterator }))
}

impl Tool for StarMap {
    const DEF: &'static TypeDef = &STARMAP;

    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        let Some(item) = p.iter_next(self.iterator)? else {
            return Ok(Value::NULL);
        };
        let arguments = p.list_from_iterable(item)?;
        p.tail_call(self.function, &arguments)
    }
}

#[derive(Clone, Debug)]
struct ZipLongest {
    /// NULL for exhausted ones.
    iterators: Vec<Value>,
    fill: Value,
}
heddle_vm::impl_payload!(ZipLongest, |this, f| {
    f(this.fill);
    this.iterators.iter().copied().for_each(f);
});
tool!(ZIP_LONGEST: ZipLongest, "zip_longest", 0x110e, zip_longest_new, []);

fn zip_longest_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let mut fill = Value::NONE;
    for &(key, value) in args.kw {
        if p.as_str(key) != Some("fillvalue") {
            return Err(p.type_error("zip_longest() got an unexpected keyword argument"));
        }
        fill = value;
    }
    let mut iterators = Vec::new();
    for &iterable in args.rest().pos {
        iterators.push(p.get_iter(iterable)?);
    }
    Ok(p.new_payload(args.this(), ZipLongest { iterators, fill }))
}

impl Tool for ZipLongest {
    const DEF: &'static TypeDef = &ZIP_LONGEST;

    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        let mut iterators = std::mem::take(&mut self.iterators);
        let mut row = Vec::with_capacity(iterators.len());
        for slot in &mut iterators {
            let item = match slot.is_null() {
                true => None,
                false => p.iter_next(*slot)?,
            };
            row.push(item.unwrap_or(self.fill));
            if item.is_none() {
                *slot = Value::NULL;
            }
        }
        if iterators.iter().all(|v| v.is_null()) {
            return Ok(Value::NULL);
        }
        self.iterators = iterators;
        Ok(p.new_tuple(row))
    }
}
