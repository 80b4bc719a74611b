//! Sorting: natively when the keys compare without Python code, by the prelude's merge sort otherwise. Stable in both cases.

use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use crate::work;
use std::cmp::Ordering;

/// `list.sort`: while it runs, the list looks empty to others, as in CPython.
pub fn sort_list(p: &mut Process, list: Value, key: Value, reverse: Value) -> NativeResult {
    let reverse = p.truth(reverse)?;
    let Some(items) = p.as_list(list).cloned() else {
        return Ok(Value::NONE);
    };
    if key.is_none() && comparable(p, &items) {
        let (sorted, compared) = sort_native(p, items, reverse);
        p.worked(compared, work::SORT);
        // Same values in another order: the counts stay.
        if let Obj::List(slot) = p.heap.get_mut(list) {
            *slot = sorted;
        }
        return Ok(Value::NONE);
    }
    let function = p.prelude_function("_sort_list");
    p.tail_call(function, &[list, key, Value::from_bool(reverse)])
}

/// Sorts the (key, item) lists of the prelude: `keys` natively comparable or None is the answer.
/// Arguments: keys, items, reverse. Result: the items in order.
pub fn sort_by_keys(p: &mut Process, args: crate::function::Args<'_>) -> NativeResult {
    let [keys, items, reverse] = p.exactly(args, "_sort_by_keys")?;
    let reverse = p.truth(reverse)?;
    let (Some(keys), Some(items)) = (p.as_list(keys).cloned(), p.as_list(items).cloned()) else {
        return Ok(Value::NONE);
    };
    if keys.len() != items.len() || !comparable(p, &keys) {
        return Ok(Value::NONE);
    }
    let mut order: Vec<usize> = (0..keys.len()).collect();
    let mut compared = 0;
    let mut compare = |a: &usize, b: &usize| {
        compared += 1;
        order_of(p, keys[*a], keys[*b])
    };
    if reverse {
        order.sort_by(|a, b| compare(b, a));
    } else {
        order.sort_by(compare);
    }
    p.worked(compared, work::SORT);
    let sorted = order.into_iter().filter_map(|i| items.get(i).copied()).collect();
    Ok(p.new_list(sorted))
}

/// Kinds of values that compare with one another natively.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Bytes,
    Tuple,
}

fn kind(p: &Process, v: Value) -> Option<Kind> {
    use crate::types::core;
    let class = p.type_of(v);
    if class == core::INT || class == core::BOOL {
        Some(Kind::Number)
    } else if class == core::FLOAT {
        // NaN has no order: leave it to the general algorithm, whose answers depend on the order of comparisons.
        p.as_float(v).filter(|f| !f.is_nan()).map(|_| Kind::Number)
    } else if class == core::STR {
        Some(Kind::Text)
    } else if class == core::BYTES {
        Some(Kind::Bytes)
    } else if class == core::TUPLE {
        Some(Kind::Tuple)
    } else {
        None
    }
}

/// Can these be ordered without Python code, errors and partial orders?
fn comparable(p: &Process, values: &[Value]) -> bool {
    comparable_within(p, values, 8)
}

fn comparable_within(p: &Process, values: &[Value], depth: u32) -> bool {
    let Some(&first) = values.first() else { return true };
    let Some(wanted) = kind(p, first) else {
        return values.len() == 1;
    };
    if !values.iter().all(|&v| kind(p, v) == Some(wanted)) {
        return false;
    }
    if wanted != Kind::Tuple {
        return true;
    }
    if depth == 0 {
        return false;
    }
    let width = values
        .iter()
        .map(|&v| p.as_tuple(v).map_or(0, <[Value]>::len))
        .max()
        .unwrap_or(0);
    (0..width).all(|i| {
        let column: Vec<Value> = values.iter().filter_map(|&v| p.as_tuple(v)?.get(i).copied()).collect();
        comparable_within(p, &column, depth - 1)
    })
}

fn order_of(p: &Process, a: Value, b: Value) -> Ordering {
    if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
        return x.cmp(&y);
    }
    match (p.heap.object(a), p.heap.object(b)) {
        (Some(Obj::Str(x)), Some(Obj::Str(y))) => x.bytes().cmp(y.bytes()),
        (Some(Obj::Bytes(x)), Some(Obj::Bytes(y))) => x.cmp(y),
        (Some(Obj::Tuple(x)), Some(Obj::Tuple(y))) => {
            let differing = x
                .iter()
                .zip(y.iter())
                .map(|(&x, &y)| order_of(p, x, y))
                .find(|o| o.is_ne());
            differing.unwrap_or_else(|| x.len().cmp(&y.len()))
        }
        _ => p.compare_numbers(a, b).unwrap_or(Ordering::Equal),
    }
}

impl Process {
    /// The order of two real numbers (ints of any size and floats); None for NaN and for anything else.
    pub fn compare_numbers(&self, a: Value, b: Value) -> Option<Ordering> {
        match (self.as_float(a), self.as_float(b)) {
            (Some(x), Some(y)) => x.partial_cmp(&y),
            (None, None) => Some(self.as_bigint(a)?.cmp(&self.as_bigint(b)?)),
            (Some(x), None) => compare_float_int(x, &self.as_bigint(b)?),
            (None, Some(y)) => compare_float_int(y, &self.as_bigint(a)?).map(Ordering::reverse),
        }
    }
}

/// Exact comparison of a float with an int.
fn compare_float_int(x: f64, n: &num_bigint::BigInt) -> Option<Ordering> {
    use num_traits::FromPrimitive;
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    let whole = num_bigint::BigInt::from_f64(x.trunc())?;
    Some(whole.cmp(n).then(x.partial_cmp(&x.trunc())?))
}

/// The items in order, and how often two were compared.
fn sort_native(p: &Process, mut items: Vec<Value>, reverse: bool) -> (Vec<Value>, usize) {
    let mut compared = 0;
    items.sort_by(|&a, &b| {
        compared += 1;
        // Stable in reverse: equal items keep their order.
        if reverse { order_of(p, b, a) } else { order_of(p, a, b) }
    });
    (items, compared)
}

/// The smallest or largest (the first of equals) of values that compare natively; None if they do not, or there are none.
pub fn extreme(p: &Process, items: &[Value], largest: bool) -> Option<Value> {
    if !comparable(p, items) {
        return None;
    }
    let wanted = if largest { Ordering::Greater } else { Ordering::Less };
    let (&first, rest) = items.split_first()?;
    Some(
        rest.iter()
            .fold(first, |best, &v| if order_of(p, v, best) == wanted { v } else { best }),
    )
}
