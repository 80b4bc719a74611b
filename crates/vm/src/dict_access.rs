//! Dicts with Python keys: hashing and comparing keys, counting what is stored.
//!
//! Keys of the core's own types are handled natively at once; a key whose class defines `__eq__` or `__hash__` in Python goes through
//! [`Process::call`] like everything that runs Python (so: look up first, change afterwards).

use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use std::convert::Infallible;

impl Process {
    /// Number of the entry of a string key (any `str`, interned or not; never runs Python).
    pub fn dict_find_str(&self, dict: Value, key: Value) -> Option<usize> {
        let table = match self.heap.object(dict)? {
            Obj::Dict(d) | Obj::Set(d) => d,
            _ => return None,
        };
        let wanted = self.as_pystr(key)?;
        let found: Result<_, Infallible> = table.find(wanted.hash(), |k| {
            Ok(k == key || self.as_pystr(k).is_some_and(|s| s.bytes() == wanted.bytes()))
        });
        found.unwrap_or_default()
    }

    /// The value under a string key.
    pub fn dict_get_str(&self, dict: Value, key: Value) -> Option<Value> {
        let at = self.dict_find_str(dict, key)?;
        self.as_dict(dict)?.entry(at).map(|e| e.value)
    }

    /// Sets the value under a string key.
    pub fn dict_set_str(&mut self, dict: Value, key: Value, value: Value) {
        let hash = self.as_pystr(key).map_or(0, |s| s.hash());
        let at = self.dict_find_str(dict, key);
        self.dict_store(dict, at, hash, key, value);
    }

    /// Removes a string key; the value it had.
    pub fn dict_remove_str(&mut self, dict: Value, key: Value) -> Option<Value> {
        let at = self.dict_find_str(dict, key)?;
        Some(self.dict_remove_entry(dict, at))
    }

    /// The value under any key. TypeError for unhashable ones.
    pub fn dict_get(&mut self, dict: Value, key: Value) -> NativeResult<Option<Value>> {
        let at = match self.quick_find(dict, key) {
            Some(at) => at,
            None => self.dict_find(dict, key)?.1,
        };
        Ok(at.and_then(|at| self.as_dict(dict)?.entry(at).map(|e| e.value)))
    }

    /// Sets the value under any key.
    pub fn dict_set(&mut self, dict: Value, key: Value, value: Value) -> NativeResult<()> {
        let (hash, at) = self.dict_find(dict, key)?;
        if at.is_none() {
            self.check_limit()?;
        }
        self.dict_store(dict, at, hash, key, value);
        Ok(())
    }

    /// Removes any key; the value it had.
    pub fn dict_remove(&mut self, dict: Value, key: Value) -> NativeResult<Option<Value>> {
        let (_, at) = self.dict_find(dict, key)?;
        Ok(at.map(|at| self.dict_remove_entry(dict, at)))
    }

    /// The key's hash and the number of its entry in a dict or set.
    pub fn dict_find(&mut self, dict: Value, key: Value) -> NativeResult<(i64, Option<usize>)> {
        if let Some((hash, found)) = self.quick_find_hashed(dict, key) {
            return Ok((hash, found));
        }
        if let Some(s) = self.as_pystr(key)
            && !self.class(key).has(crate::types::type_flags::CUSTOM_EQ_HASH)
        {
            let hash = s.hash();
            // Only strings can equal a string here, unless a key of some class with `__eq__` has the same hash.
            if let Some(at) = self.dict_find_str(dict, key) {
                return Ok((hash, Some(at)));
            }
        }
        let hash = match self.hash(key) {
            Err(Unwind::Raise(e)) if self.is_exact(e, core::TYPE_ERROR) => return Err(self.unusable_key(dict, key, e)),
            other => other?,
        };
        let mut skip = Vec::new();
        loop {
            // The candidate is taken out before it is compared: a comparison may run Python code that changes the table.
            let candidate: Result<_, Infallible> = match self.heap.object(dict) {
                Some(Obj::Dict(d) | Obj::Set(d)) => {
                    let mut first = None;
                    d.find(hash, |k| {
                        Ok(k == key || (!skip.contains(&k) && first.get_or_insert(k) == &k))
                    })
                    .map(|at| (at, first))
                }
                _ => Ok((None, None)),
            };
            let (at, other) = candidate.unwrap_or_default();
            match (at, other) {
                (None, _) => return Ok((hash, None)),
                (Some(at), None) => return Ok((hash, Some(at))),
                (Some(at), Some(other)) => {
                    if self.dict_key_at(dict, at) == Some(key) || self.eq(other, key)? {
                        return Ok((hash, self.dict_number_of(dict, hash, other).or(Some(at))));
                    }
                    skip.push(other);
                }
            }
        }
    }

    /// TypeError that says what an unhashable value was to be used as.
    #[cold]
    fn unusable_key(&mut self, dict: Value, key: Value, cause: Value) -> Unwind {
        let what = if self.as_dict(dict).is_some() {
            "a dict key"
        } else {
            "a set element"
        };
        let class = self.type_name(key);
        match self.str_text(cause) {
            Ok(reason) => self.type_error(&format!("cannot use '{class}' as {what} ({reason})")),
            Err(other) => other,
        }
    }

    fn dict_key_at(&self, dict: Value, at: usize) -> Option<Value> {
        match self.heap.object(dict)? {
            Obj::Dict(d) | Obj::Set(d) => d.entry(at).map(|e| e.key),
            _ => None,
        }
    }

    fn dict_number_of(&self, dict: Value, hash: i64, key: Value) -> Option<usize> {
        match self.heap.object(dict)? {
            Obj::Dict(d) | Obj::Set(d) => d.find(hash, |k| Ok::<_, Infallible>(k == key)).unwrap_or_default(),
            _ => None,
        }
    }

    /// Stores under a key whose entry (or absence) is known. For sets, `value` is NULL.
    pub fn dict_store(&mut self, dict: Value, at: Option<usize>, hash: i64, key: Value, value: Value) {
        self.heap.incref(value);
        if at.is_none() {
            self.heap.incref(key);
            self.heap.adjust_size(24);
        }
        let (Obj::Dict(d) | Obj::Set(d)) = self.heap.get_mut(dict) else {
            return;
        };
        match at {
            Some(at) => {
                let old = d.set_value(at, value);
                self.heap.decref(old);
            }
            None => {
                d.insert_new(hash, key, value);
            }
        }
    }

    /// Removes the entry of that number and gives its value (alive to the end of the native).
    pub fn dict_remove_entry(&mut self, dict: Value, at: usize) -> Value {
        let (Obj::Dict(d) | Obj::Set(d)) = self.heap.get_mut(dict) else {
            return Value::NULL;
        };
        let entry = d.remove(at);
        self.heap.adjust_size(-24);
        self.heap.decref(entry.key);
        self.heap.decref(entry.value);
        entry.value
    }
}
