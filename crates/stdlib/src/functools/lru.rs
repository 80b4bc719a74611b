//! The wrapper of `lru_cache`: a dict from keys to numbers of links, and the links in order of use.

use crate::arguments::fixed;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// No link.
const NONE: u32 = u32::MAX;

/// One result.
#[derive(Clone, Debug)]
struct Link {
    /// Towards the one used longest ago.
    older: u32,
    newer: u32,
    hash: i64,
    key: Value,
    result: Value,
}

#[derive(Clone, Debug)]
struct Cache {
    function: Value,
    /// None: unbounded.
    bound: Option<usize>,
    typed: bool,
    /// `functools._CacheInfo`
    info: Value,
    hits: i64,
    misses: i64,
    /// A dict: key to number of its link.
    numbers: Value,
    /// Links with NULL keys are free.
    links: Vec<Link>,
    free: Vec<u32>,
    oldest: u32,
    newest: u32,
}
heddle_vm::impl_payload!(Cache, |this, f| {
    f(this.function);
    f(this.info);
    f(this.numbers);
    for link in &this.links {
        f(link.key);
        f(link.result);
    }
});

/// `functools._lru_cache_wrapper`
pub static LRU_CACHE: TypeDef = TypeDef {
    name: "_lru_cache_wrapper",
    module: "functools",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1314),
    flags: type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[&[
        Native::static_method("__new__", new),
        Native::method("__call__", call),
        Native::method("__get__", get),
        Native::getset("__dict__", super::namespace),
        Native::method("cache_info", cache_info).sig("($self)"),
        Native::method("cache_clear", cache_clear).sig("($self)"),
        Native::method("__reduce__", |p, a| p.getattr(a.this(), names::QUALNAME)),
        Native::method("__copy__", |_, a| Ok(a.this())),
        Native::method("__deepcopy__", |_, a| Ok(a.this())),
    ]],
    doc: "Create a cached callable that wraps another function.",
    finish: None,
};

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [function, maxsize, typed, info] = p.bind(
        args.rest(),
        "lru_cache",
        ["user_function", "maxsize", "typed", "cache_info_type"],
        4,
    )?;
    let function = function.unwrap_or(Value::NONE);
    if !p.is_callable(function) {
        return Err(p.type_error("the first argument must be callable"));
    }
    let bound = match maxsize.filter(|v| !v.is_none()) {
        None => None,
        Some(v) if p.lookup_in_type(p.type_of(v), names::INDEX).is_some() => Some(p.index_i64(v)?.max(0) as usize),
        Some(_) => return Err(p.type_error("maxsize should be integer or None")),
    };
    let typed = p.truth(typed.unwrap_or(Value::FALSE))?;
    let numbers = p.new_dict();
    Ok(p.new_payload(
        args.this(),
        Cache {
            function,
            bound,
            typed,
            info: info.unwrap_or(Value::NONE),
            hits: 0,
            misses: 0,
            numbers,
            links: Vec::new(),
            free: Vec::new(),
            oldest: NONE,
            newest: NONE,
        },
    ))
}

fn wrong_self(p: &mut Process, v: Value) -> Unwind {
    let name = p.type_name(v);
    p.type_error(&format!(
        "descriptor requires a 'functools._lru_cache_wrapper' object but received a '{name}'"
    ))
}

fn cache(p: &mut Process, v: Value) -> NativeResult<&mut Cache> {
    if p.heap.payload::<Cache>(v).is_none() {
        return Err(wrong_self(p, v));
    }
    p.heap.payload_mut::<Cache>(v).ok_or(Unwind::Raise(Value::NONE))
}

/// The key of a call: the argument itself if it is one int or str, else a tuple.
fn make_key(p: &mut Process, args: Args<'_>, typed: bool) -> Value {
    if !typed
        && args.kw.is_empty()
        && let &[v] = args.pos
        && (p.is_exact(v, core::INT) || p.is_exact(v, core::STR))
    {
        return v;
    }
    let mut parts = args.pos.to_vec();
    if !args.kw.is_empty() {
        // Stands between positional and named arguments; no argument of a program can be this object.
        parts.push(p.native_type(&LRU_CACHE));
        for &(name, v) in args.kw {
            parts.extend([name, v]);
        }
    }
    if typed {
        let values = args.pos.iter().chain(args.kw.iter().map(|(_, v)| v));
        parts.extend(values.map(|&v| p.type_of(v)));
    }
    p.new_tuple(parts)
}

impl Cache {
    fn unlink(&mut self, n: u32) {
        let Some(&Link { older, newer, .. }) = self.links.get(n as usize) else {
            return;
        };
        match self.links.get_mut(older as usize) {
            Some(link) => link.newer = newer,
            None => self.oldest = newer,
        }
        match self.links.get_mut(newer as usize) {
            Some(link) => link.older = older,
            None => self.newest = older,
        }
    }

    fn append(&mut self, n: u32) {
        let older = std::mem::replace(&mut self.newest, n);
        if let Some(link) = self.links.get_mut(n as usize) {
            (link.older, link.newer) = (older, NONE);
        }
        match self.links.get_mut(older as usize) {
            Some(link) => link.newer = n,
            None => self.oldest = n,
        }
    }
}

/// The number of the link of a key, whose hash is asked for only once a call.
fn find(p: &mut Process, numbers: Value, hash: i64, key: Value) -> NativeResult<Option<u32>> {
    let Some(table) = p.as_dict(numbers) else {
        return Ok(None);
    };
    let mut candidates = Vec::new();
    let none: Result<_, std::convert::Infallible> = table.find(hash, |k| {
        candidates.push(k);
        Ok(false)
    });
    none.unwrap_or_default();
    for candidate in candidates {
        if p.eq(candidate, key)? {
            return Ok(number_of(p, numbers, hash, candidate));
        }
    }
    Ok(None)
}

/// The number under a key that is in the dict itself.
fn number_of(p: &Process, numbers: Value, hash: i64, key: Value) -> Option<u32> {
    let table = p.as_dict(numbers)?;
    let at: Result<_, std::convert::Infallible> = table.find(hash, |k| Ok(k == key));
    let number = table.entry(at.unwrap_or_default()?)?.value;
    number.as_small().map(|n| n as u32)
}

fn call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let given = args.rest();
    let (function, bound, typed, numbers) = match p.heap.payload::<Cache>(this) {
        Some(c) => (c.function, c.bound, c.typed, c.numbers),
        None => return Err(wrong_self(p, this)),
    };
    if bound == Some(0) {
        p.once(|p| {
            cache(p, this)?.misses += 1;
            Ok(Value::NONE)
        })?;
        return p.tail_call_kw(function, given);
    }
    let key = make_key(p, given, typed);
    let hash = p.hash(key)?;
    let known = find(p, numbers, hash, key)?;
    // Logged: by the time of a re-run another call may have stored the key.
    let known = p.once(|p| {
        let cache = cache(p, this)?;
        match known.and_then(|n| Some((n, cache.links.get(n as usize)?.result))) {
            Some((n, result)) => {
                cache.hits += 1;
                cache.unlink(n);
                cache.append(n);
                Ok(result)
            }
            None => {
                cache.misses += 1;
                Ok(Value::NULL)
            }
        }
    })?;
    if !known.is_null() {
        return Ok(known);
    }
    let result = p.call_kw(function, given)?;
    if find(p, numbers, hash, key)?.is_none() {
        store(p, this, hash, key, result)?;
    }
    Ok(result)
}

/// Adds a result, dropping the one used longest ago when the cache is full.
fn store(p: &mut Process, this: Value, hash: i64, key: Value, result: Value) -> NativeResult<()> {
    let numbers = cache(p, this)?.numbers;
    let len = p.as_dict(numbers).map_or(0, |d| d.len());
    let c = cache(p, this)?;
    if c.bound.is_some_and(|bound| len >= bound)
        && let Some(old) = c.links.get(c.oldest as usize).cloned()
    {
        let n = c.oldest;
        let at: Result<_, std::convert::Infallible> = match p.as_dict(numbers) {
            Some(table) => table.find(old.hash, |k| Ok(k == old.key)),
            None => Ok(None),
        };
        if let Ok(Some(at)) = at {
            p.dict_remove_entry(numbers, at);
        }
        let c = cache(p, this)?;
        c.unlink(n);
        c.links[n as usize].key = Value::NULL;
        c.links[n as usize].result = Value::NULL;
        c.free.push(n);
        p.heap.decref(old.key);
        p.heap.decref(old.result);
    }
    p.heap.incref(key);
    p.heap.incref(result);
    let c = cache(p, this)?;
    let link = Link {
        older: NONE,
        newer: NONE,
        hash,
        key,
        result,
    };
    let n = match c.free.pop() {
        Some(n) => {
            c.links[n as usize] = link;
            n
        }
        None => {
            c.links.push(link);
            c.links.len() as u32 - 1
        }
    };
    c.append(n);
    p.heap.adjust_size(64);
    p.dict_store(numbers, None, hash, key, Value::from_i32(n as i32));
    Ok(())
}

fn get(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        Some(object) if !object.is_none() && !object.is_null() => Ok(p.bind_method(this, object)),
        _ => Ok(this),
    }
}

fn cache_info(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [] = fixed(p, args.rest(), "functools._lru_cache_wrapper", "cache_info")?;
    let c = cache(p, this)?;
    let (info, hits, misses, bound, numbers) = (c.info, c.hits, c.misses, c.bound, c.numbers);
    let len = p.as_dict(numbers).map_or(0, |d| d.len());
    let bound = match bound {
        Some(n) => p.new_int(n as i64),
        None => Value::NONE,
    };
    let arguments = [p.new_int(hits), p.new_int(misses), bound, p.new_int(len as i64)];
    p.tail_call(info, &arguments)
}

fn cache_clear(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [] = fixed(p, args.rest(), "functools._lru_cache_wrapper", "cache_clear")?;
    let c = cache(p, this)?;
    let links = std::mem::take(&mut c.links);
    c.free.clear();
    (c.oldest, c.newest, c.hits, c.misses) = (NONE, NONE, 0, 0);
    let numbers = c.numbers;
    heddle_vm::builtin::containers::dict::clear_dict(p, numbers);
    p.heap.adjust_size(-64 * links.len() as i64);
    for link in links {
        p.heap.decref(link.key);
        p.heap.decref(link.result);
    }
    Ok(Value::NONE)
}
