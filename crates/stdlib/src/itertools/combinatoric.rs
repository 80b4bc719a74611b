//! `product`, `permutations`, `combinations`, `combinations_with_replacement`: indices into pools, stepped like an odometer. Nothing here
//! calls Python code but the reading of the pools, so the steps change the state in place.

use super::{class, iter_self, named, wrong_self};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{TypeDef, core};
use heddle_vm::value::Value;

/// How the indices go on.
#[derive(Clone, Debug)]
enum Kind {
    Product,
    /// The cycle counters of the textbook algorithm.
    Permutations(Vec<usize>),
    Combinations,
    WithReplacement,
}

/// State of all four.
#[derive(Clone, Debug)]
struct Arrangement {
    /// Tuples: one for each place (`product`), or one for all.
    pools: Vec<Value>,
    indices: Vec<usize>,
    /// Places of a result.
    width: usize,
    started: bool,
    done: bool,
    kind: Kind,
}
heddle_vm::impl_payload!(Arrangement, |this, f| this.pools.iter().copied().for_each(f));

impl Arrangement {
    fn new(pools: Vec<Value>, width: usize, kind: Kind) -> Arrangement {
        Arrangement {
            pools,
            indices: Vec::new(),
            width,
            started: false,
            done: false,
            kind,
        }
    }

    /// Goes on to the next arrangement; false at the end. `size` is the number of items of the pool at a place.
    fn advance(&mut self, size: impl Fn(usize) -> usize) -> bool {
        let (n, r) = (size(0), self.width);
        match &mut self.kind {
            Kind::Product => {
                for place in (0..r).rev() {
                    self.indices[place] += 1;
                    if self.indices[place] < size(place) {
                        return true;
                    }
                    self.indices[place] = 0;
                }
                false
            }
            Kind::Permutations(cycles) => {
                for place in (0..r).rev() {
                    cycles[place] -= 1;
                    if cycles[place] > 0 {
                        let other = n - cycles[place];
                        self.indices.swap(place, other);
                        return true;
                    }
                    self.indices[place..].rotate_left(1);
                    cycles[place] = n - place;
                }
                false
            }
            Kind::Combinations => {
                let Some(place) = (0..r).rev().find(|&i| self.indices[i] != i + n - r) else {
                    return false;
                };
                let first = self.indices[place] + 1;
                for (offset, index) in self.indices[place..].iter_mut().enumerate() {
                    *index = first + offset;
                }
                true
            }
            Kind::WithReplacement => {
                let Some(place) = (0..r).rev().find(|&i| self.indices[i] + 1 != n) else {
                    return false;
                };
                let index = self.indices[place] + 1;
                self.indices[place..].fill(index);
                true
            }
        }
    }
}

/// The pool of an iterable.
fn pool(p: &mut Process, iterable: Value) -> NativeResult {
    let items = p.list_from_iterable(iterable)?;
    Ok(p.new_tuple(items))
}

/// MemoryError when that many places do not fit.
fn check_room(p: &mut Process, places: usize) -> NativeResult<()> {
    if (places as u64).saturating_mul(16) > p.heap.room() {
        return Err(p.error(core::MEMORY_ERROR, ""));
    }
    Ok(())
}

/// A number of places, which in wasm may be more than can be counted.
fn places(p: &mut Process, n: i64) -> NativeResult<usize> {
    match usize::try_from(n) {
        Ok(n) if n <= isize::MAX as usize => Ok(n),
        _ => Err(p.error(core::MEMORY_ERROR, "")),
    }
}

fn pool_len(p: &Process, pool: Value) -> usize {
    p.as_tuple(pool).map_or(0, <[Value]>::len)
}

fn product_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let mut repeat = 1;
    for &(key, value) in args.kw {
        if p.as_str(key) != Some("repeat") {
            let key = p.text(key);
            return Err(p.type_error(&format!("product() got an unexpected keyword argument '{key}'")));
        }
        repeat = p.index_i64(value)?;
        if repeat < 0 {
            return Err(p.value_error("repeat argument cannot be negative"));
        }
    }
    let given = if repeat == 0 { &[] } else { args.rest().pos };
    let width = (given.len() as i64).saturating_mul(repeat);
    if width > i64::MAX / 8 {
        return Err(p.overflow_error("repeat argument too large"));
    }
    let width = places(p, width)?;
    let repeat = width.checked_div(given.len()).unwrap_or(0);
    check_room(p, width)?;
    let mut pools = Vec::new();
    for &iterable in given {
        pools.push(pool(p, iterable)?);
    }
    let mut state = Arrangement::new(pools.repeat(repeat), width, Kind::Product);
    state.done = state.pools.iter().any(|&pool| pool_len(p, pool) == 0);
    state.indices = vec![0; width];
    Ok(p.new_payload(args.this(), state))
}

/// `iterable` and `r` of the three that draw from one pool.
fn drawn(
    p: &mut Process,
    args: Args<'_>,
    def: &'static TypeDef,
    make: impl FnOnce(usize, usize) -> Option<(Kind, Vec<usize>)>,
) -> NativeResult {
    let permutations = std::ptr::eq(def, &raw const PERMUTATIONS);
    let [iterable, r] = named(p, args, def, ["iterable", "r"], if permutations { 1 } else { 2 })?;
    let r = match r {
        Some(v) if !permutations => Some(p.index_value(v)?),
        other => other,
    };
    let pool = pool(p, iterable.unwrap_or(Value::NONE))?;
    let n = pool_len(p, pool);
    let r = match r {
        None => n as i64,
        Some(v) if v.is_none() && permutations => n as i64,
        Some(v) if permutations && !p.is_int(v) => return Err(p.type_error("Expected int as r")),
        Some(v) => p.index_i64(v)?,
    };
    if r < 0 {
        return Err(p.value_error("r must be non-negative"));
    }
    // More places than things to put there: no arrangement, whatever their number.
    let r = match usize::try_from(r) {
        Ok(r) if r <= isize::MAX as usize => r,
        _ if n == 0 || !std::ptr::eq(def, &raw const COMBINATIONS_WITH_REPLACEMENT) => n + 1,
        _ => return Err(p.error(core::MEMORY_ERROR, "")),
    };
    if r <= n || std::ptr::eq(def, &raw const COMBINATIONS_WITH_REPLACEMENT) && n > 0 {
        check_room(p, r)?;
    }
    let mut state = Arrangement::new(vec![pool], r, Kind::Combinations);
    match make(n, r) {
        Some((kind, indices)) => (state.kind, state.indices) = (kind, indices),
        None => state.done = true,
    }
    Ok(p.new_payload(args.this(), state))
}

fn permutations_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    drawn(p, args, &PERMUTATIONS, |n, r| {
        (r <= n).then(|| {
            let cycles = (0..r).map(|i| n - i).collect();
            (Kind::Permutations(cycles), (0..n).collect())
        })
    })
}

fn combinations_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    drawn(p, args, &COMBINATIONS, |n, r| {
        (r <= n).then(|| (Kind::Combinations, (0..r).collect()))
    })
}

fn with_replacement_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    drawn(p, args, &COMBINATIONS_WITH_REPLACEMENT, |n, r| {
        (n > 0 || r == 0).then(|| (Kind::WithReplacement, vec![0; r]))
    })
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(pools) = p.heap.payload::<Arrangement>(this).map(|state| state.pools.clone()) else {
        return Err(wrong_self(p, &PRODUCT, "__next__", this));
    };
    let sizes: Vec<usize> = pools.iter().map(|&pool| pool_len(p, pool)).collect();
    let Some(state) = p.heap.payload_mut::<Arrangement>(this).filter(|state| !state.done) else {
        return Ok(Value::NULL);
    };
    if std::mem::replace(&mut state.started, true) && !state.advance(|place| sizes.get(place).copied().unwrap_or(0)) {
        state.done = true;
        return Ok(Value::NULL);
    }
    let indices = state.indices[..state.width].to_vec();
    let many = pools.len() == indices.len();
    let items = indices
        .into_iter()
        .enumerate()
        .filter_map(|(place, index)| {
            let pool = pools.get(if many { place } else { 0 })?;
            p.as_tuple(*pool)?.get(index).copied()
        })
        .collect();
    Ok(p.new_tuple(items))
}

macro_rules! arrangements {
    ($($constant:ident $name:literal $number:literal $new:ident;)*) => {
        $(pub static $constant: TypeDef = class(
            $name,
            $number,
            &[&[
                Native::static_method("__new__", $new),
                Native::method("__iter__", iter_self),
                Native::method("__next__", next),
            ]],
        );)*
    };
}
arrangements! {
    PRODUCT "product" 0x1110 product_new;
    PERMUTATIONS "permutations" 0x1111 permutations_new;
    COMBINATIONS "combinations" 0x1112 combinations_new;
    COMBINATIONS_WITH_REPLACEMENT "combinations_with_replacement" 0x1113 with_replacement_new;
}
