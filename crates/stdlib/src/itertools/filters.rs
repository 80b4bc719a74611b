//! Iterators that pass items on or leave them out: `chain`, `compress`, `dropwhile`, `filterfalse`, `islice`, `takewhile`.

use super::{ROUNDS, Tool, again, named, positional, tool};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{TypeDef, core};
use heddle_vm::value::Value;

#[derive(Clone, Debug)]
struct Chain {
    /// Iterator over the iterables; NULL when all are used up.
    sources: Value,
    /// The iterator being read; NULL between two.
    current: Value,
}
heddle_vm::impl_payload!(Chain, |this, f| [this.sources, this.current].into_iter().for_each(f));
tool!(CHAIN: Chain, "chain", 0x1103, chain_new, [
    Native::class_method("from_iterable", chain_from_iterable).sig("($type, iterable, /)"),
    Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem)
]);

fn chain_over(p: &mut Process, class: Value, iterables: Value) -> NativeResult {
    let sources = p.get_iter(iterables)?;
    let current = Value::NULL;
    Ok(p.new_payload(class, Chain { sources, current }))
}

fn chain_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    positional(p, args, &CHAIN, 0, usize::MAX)?;
    let sources = p.new_tuple(args.rest().pos.to_vec());
    chain_over(p, args.this(), sources)
}

fn chain_from_iterable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [iterable] = p.exactly(args.rest(), "chain.from_iterable")?;
    chain_over(p, args.this(), iterable)
}

impl Tool for Chain {
    const DEF: &'static TypeDef = &CHAIN;

    fn step(&mut self, p: &mut Process, this: Value) -> NativeResult {
        for _ in 0..ROUNDS {
            if !self.current.is_null() {
                if let Some(item) = p.iter_next(self.current)? {
                    return Ok(item);
                }
                self.current = Value::NULL;
            }
            if self.sources.is_null() {
                return Ok(Value::NULL);
            }
            let sources = std::mem::replace(&mut self.sources, Value::NULL);
            let Some(iterable) = p.iter_next(sources)? else {
                return Ok(Value::NULL);
            };
            self.current = p.get_iter(iterable)?;
            self.sources = sources;
        }
        again::<Chain>(p, this)
    }
}

#[derive(Clone, Debug)]
struct Compress {
    data: Value,
    selectors: Value,
}
heddle_vm::impl_payload!(Compress, |this, f| [this.data, this.selectors].into_iter().for_each(f));
tool!(COMPRESS: Compress, "compress", 0x1107, compress_new, []);

fn compress_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, selectors] = named(p, args, &COMPRESS, ["data", "selectors"], 2)?;
    let data = p.get_iter(data.unwrap_or(Value::NONE))?;
    let selectors = p.get_iter(selectors.unwrap_or(Value::NONE))?;
    Ok(p.new_payload(args.this(), Compress { data, selectors }))
}

impl Tool for Compress {
    const DEF: &'static TypeDef = &COMPRESS;

    fn step(&mut self, p: &mut Process, this: Value) -> NativeResult {
        for _ in 0..ROUNDS {
            let Some(item) = p.iter_next(self.data)? else {
                return Ok(Value::NULL);
            };
            let Some(wanted) = p.iter_next(self.selectors)? else {
                return Ok(Value::NULL);
            };
            if p.truth(wanted)? {
                return Ok(item);
            }
        }
        again::<Compress>(p, this)
    }
}

/// A predicate (None for truth itself) over an iterator; `open` says that the predicate is not asked any more.
#[derive(Clone, Debug)]
struct Filter {
    predicate: Value,
    iterator: Value,
    open: bool,
}

impl Filter {
    fn new(p: &mut Process, args: Args<'_>, def: &'static TypeDef) -> NativeResult<Filter> {
        positional(p, args, def, 2, 2)?;
        Ok(Filter {
            predicate: args.get(1).unwrap_or(Value::NONE),
            iterator: p.get_iter(args.get(2).unwrap_or(Value::NONE))?,
            open: false,
        })
    }

    fn holds(&self, p: &mut Process, item: Value) -> NativeResult<bool> {
        let answer = p.call(self.predicate, &[item])?;
        p.truth(answer)
    }
}

macro_rules! filter_tool {
    ($constant:ident: $state:ident, $name:literal, $number:literal, $new:ident) => {
        #[derive(Clone, Debug)]
        struct $state(Filter);
        heddle_vm::impl_payload!($state, |this, f| [this.0.predicate, this.0.iterator]
            .into_iter()
            .for_each(f));
        tool!($constant: $state, $name, $number, $new, []);
        fn $new(p: &mut Process, args: Args<'_>) -> NativeResult {
            let filter = Filter::new(p, args, &$constant)?;
            Ok(p.new_payload(args.this(), $state(filter)))
        }
    };
}
filter_tool!(DROPWHILE: DropWhile, "dropwhile", 0x1108, dropwhile_new);
filter_tool!(TAKEWHILE: TakeWhile, "takewhile", 0x1109, takewhile_new);
filter_tool!(FILTERFALSE: FilterFalse, "filterfalse", 0x110a, filterfalse_new);

impl Tool for DropWhile {
    const DEF: &'static TypeDef = &DROPWHILE;

    fn step(&mut self, p: &mut Process, this: Value) -> NativeResult {
        for _ in 0..ROUNDS {
            let Some(item) = p.iter_next(self.0.iterator)? else {
                return Ok(Value::NULL);
            };
            if self.0.open || !self.0.holds(p, item)? {
                self.0.open = true;
                return Ok(item);
            }
        }
        again::<DropWhile>(p, this)
    }
}

impl Tool for TakeWhile {
    const DEF: &'static TypeDef = &TAKEWHILE;

    fn step(&mut self, p: &mut Process, _: Value) -> NativeResult {
        if self.0.open {
            return Ok(Value::NULL);
        }
        let Some(item) = p.iter_next(self.0.iterator)? else {
            return Ok(Value::NULL);
        };
        if self.0.holds(p, item)? {
            return Ok(item);
        }
        self.0.open = true;
        Ok(Value::NULL)
    }
}

impl Tool for FilterFalse {
    const DEF: &'static TypeDef = &FILTERFALSE;

    fn step(&mut self, p: &mut Process, this: Value) -> NativeResult {
        let plain = self.0.predicate.is_none() || self.0.predicate == core::BOOL;
        for _ in 0..ROUNDS {
            let Some(item) = p.iter_next(self.0.iterator)? else {
                return Ok(Value::NULL);
            };
            let holds = if plain { p.truth(item)? } else { self.0.holds(p, item)? };
            if !holds {
                return Ok(item);
            }
        }
        again::<FilterFalse>(p, this)
    }
}

#[derive(Clone, Debug)]
struct ISlice {
    /// NULL when exhausted.
    iterator: Value,
    /// Items read so far.
    at: i64,
    /// Number of the next item wanted.
    next: i64,
    stop: Option<i64>,
    step: i64,
}
heddle_vm::impl_payload!(ISlice, |this, f| f(this.iterator));
tool!(ISLICE: ISlice, "islice", 0x1104, islice_new, []);

const BAD_STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const BAD_INDEX: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";

/// A bound of `islice`; None for None. -1 stands for anything that is no index.
fn slice_bound(p: &mut Process, v: Option<Value>) -> Option<i64> {
    let v = v.filter(|v| !v.is_none())?;
    Some(p.index_i64(v).unwrap_or(-1))
}

fn islice_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    positional(p, args, &ISLICE, 2, 4)?;
    let (start, stop) = match args.get(3) {
        None => (None, args.get(2)),
        Some(stop) => (args.get(2), Some(stop)),
    };
    let stop = slice_bound(p, stop);
    if stop == Some(-1) {
        return Err(p.value_error(BAD_STOP));
    }
    let start = slice_bound(p, start).unwrap_or(0);
    if start < 0 || stop.is_some_and(|stop| stop < 0) {
        return Err(p.value_error(BAD_INDEX));
    }
    let step = slice_bound(p, args.get(4)).unwrap_or(1);
    if step < 1 {
        return Err(p.value_error("Step for islice() must be a positive integer or None."));
    }
    let iterator = p.get_iter(args.get(1).unwrap_or(Value::NONE))?;
    Ok(p.new_payload(
        args.this(),
        ISlice {
            iterator,
            at: 0,
            next: start,
            stop,
            step,
        },
    ))
}

/// An `islice` over the first `n` items.
pub fn first_items(p: &mut Process, iterator: Value, n: i64) -> Value {
    let class = p.native_type(&ISLICE);
    p.new_payload(
        class,
        ISlice {
            iterator,
            at: 0,
            next: 0,
            stop: Some(n),
            step: 1,
        },
    )
}

impl Tool for ISlice {
    const DEF: &'static TypeDef = &ISLICE;

    fn step(&mut self, p: &mut Process, this: Value) -> NativeResult {
        let iterator = self.iterator;
        if iterator.is_null() {
            return Ok(Value::NULL);
        }
        self.iterator = Value::NULL;
        for _ in 0..ROUNDS {
            let passing = self.at < self.next;
            if !passing && self.stop.is_some_and(|stop| self.at >= stop) {
                return Ok(Value::NULL);
            }
            let Some(item) = p.iter_next(iterator)? else {
                return Ok(Value::NULL);
            };
            self.at += 1;
            if !passing {
                self.next = self.next.saturating_add(self.step).min(self.stop.unwrap_or(i64::MAX));
                self.iterator = iterator;
                return Ok(item);
            }
        }
        self.iterator = iterator;
        again::<ISlice>(p, this)
    }
}
