//! Method resolution order (C3) and the base that decides the layout.

use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;

impl Process {
    /// The C3 linearisation of a class with these bases.
    pub fn compute_mro(&mut self, class: Value, bases: &[Value]) -> NativeResult<Vec<Value>> {
        for (i, base) in bases.iter().enumerate() {
            if bases[..i].contains(base) {
                let name = self.name_of_type(*base);
                return Err(self.type_error(&format!("duplicate base class {name}")));
            }
        }
        let mut sequences: Vec<Vec<Value>> = bases
            .iter()
            .map(|&b| {
                self.as_type(b)
                    .and_then(|t| self.as_tuple(t.mro))
                    .map(<[Value]>::to_vec)
                    .unwrap_or_default()
            })
            .collect();
        sequences.push(bases.to_vec());
        let mut mro = vec![class];
        loop {
            sequences.retain(|s| !s.is_empty());
            if sequences.is_empty() {
                return Ok(mro);
            }
            let candidate = sequences
                .iter()
                .filter_map(|s| s.first().copied())
                .find(|c| !sequences.iter().any(|s| s[1..].contains(c)));
            let Some(next) = candidate else {
                let mut stuck: Vec<Value> = Vec::new();
                for s in &sequences {
                    if !stuck.contains(&s[0]) {
                        stuck.push(s[0]);
                    }
                }
                let names: Vec<String> = stuck.iter().map(|&c| self.name_of_type(c)).collect();
                return Err(self.type_error(&format!(
                    "Cannot create a consistent method resolution order (MRO) for bases {}",
                    names.join(", ")
                )));
            };
            mro.push(next);
            for s in &mut sequences {
                if s.first() == Some(&next) {
                    s.remove(0);
                }
            }
        }
    }

    /// The class whose instances fix the layout: where payload or slots last grew.
    fn solid_base(&self, class: Value) -> Value {
        let mut at = class;
        while let Some(t) = self.as_type(at) {
            let Some(base) = self.as_type(t.base) else { return at };
            if t.layout != base.layout || t.slot_count > base.slot_count {
                return at;
            }
            at = t.base;
        }
        at
    }

    /// The base that decides the layout of a class with these bases. TypeError if they conflict or may not be inherited from.
    pub fn best_base(&mut self, bases: &[Value]) -> NativeResult {
        let mut best: Option<(Value, Value)> = None;
        for &base in bases {
            let Some(t) = self.as_type(base) else {
                return Err(self.type_error("bases must be types"));
            };
            if !t.has(type_flags::BASETYPE) {
                let name = self.name_of_type(base);
                return Err(self.type_error(&format!("type '{name}' is not an acceptable base type")));
            }
            let solid = self.solid_base(base);
            best = match best {
                None => Some((solid, base)),
                Some((winner, kept)) if self.is_subtype(winner, solid) => Some((winner, kept)),
                Some((winner, _)) if self.is_subtype(solid, winner) => Some((solid, base)),
                Some(_) => return Err(self.type_error("multiple bases have instance lay-out conflict")),
            };
        }
        Ok(best.map_or(core::OBJECT, |(_, base)| base))
    }

    /// The most derived metaclass of `meta` and the classes of the bases.
    pub fn best_metaclass(&mut self, meta: Value, bases: &[Value]) -> NativeResult {
        let mut winner = meta;
        for &base in bases {
            let other = self.type_of(base);
            if self.is_subtype(winner, other) {
                continue;
            }
            if self.is_subtype(other, winner) {
                winner = other;
                continue;
            }
            return Err(self.type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its \
                 bases",
            ));
        }
        Ok(winner)
    }

    /// The direct subclasses that are alive, oldest first.
    pub fn live_subclasses(&self, class: Value) -> Vec<Value> {
        let Some(t) = self.as_type(class) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        for &index in &t.subclasses {
            let sub = Value::from_handle(index);
            let is_direct = self
                .as_type(sub)
                .and_then(|s| self.as_tuple(s.bases))
                .is_some_and(|bases| bases.contains(&class));
            if is_direct && seen.insert(index) {
                found.push(sub);
            }
        }
        found
    }

    /// The class and all classes below it, each before those below it.
    pub(crate) fn family(&self, class: Value) -> Vec<Value> {
        let mut family = vec![class];
        let mut seen: rustc_hash::FxHashSet<_> = class.handle().into_iter().collect();
        let mut at = 0;
        while let Some(&next) = family.get(at) {
            let below = self.live_subclasses(next);
            family.extend(
                below
                    .into_iter()
                    .filter(|sub| sub.handle().is_some_and(|h| seen.insert(h))),
            );
            at += 1;
        }
        family
    }

    /// Notes `class` as a subclass of `base`. Those that are gone are forgotten whenever the list has doubled.
    pub fn add_subclass(&mut self, base: Value, class: Value) {
        let Some(index) = class.handle() else { return };
        let Obj::Type(t) = self.heap.get_mut(base) else { return };
        t.subclasses.push(index);
        if t.subclasses.len().is_power_of_two() {
            let live = self.live_subclasses(base);
            if let Obj::Type(t) = self.heap.get_mut(base) {
                t.subclasses = live.into_iter().filter_map(Value::handle).collect();
            }
        }
    }

    /// Replaces the MRO of a class.
    pub fn set_mro(&mut self, class: Value, mro: Vec<Value>) {
        let tuple = self.new_tuple(mro);
        self.heap.incref(tuple);
        if let Obj::Type(t) = self.heap.get_mut(class) {
            let old = std::mem::replace(&mut t.mro, tuple);
            self.heap.decref(old);
        }
        self.type_modified(class);
        self.refresh_special_flags(class);
    }

    /// `cls.__bases__ = bases`
    pub fn set_bases(&mut self, class: Value, value: Value) -> NativeResult<()> {
        let name = self.name_of_type(class);
        let Some(bases) = self.as_tuple(value).map(<[Value]>::to_vec) else {
            let got = self.type_name(value);
            return Err(self.type_error(&format!("can only assign tuple to {name}.__bases__, not {got}")));
        };
        if bases.is_empty() {
            return Err(self.type_error(&format!("can only assign non-empty tuple to {name}.__bases__, not ()")));
        }
        for &base in &bases {
            if self.as_type(base).is_none() {
                let got = self.type_name(base);
                return Err(self.type_error(&format!("{name}.__bases__ must be tuple of classes, not '{got}'")));
            }
            if self.is_subtype(base, class) {
                return Err(self.type_error("a __bases__ item causes an inheritance cycle"));
            }
        }
        let base = self.best_base(&bases)?;
        let old_base = self.as_type(class).map_or(core::OBJECT, |t| t.base);
        if self.solid_base(base) != self.solid_base(old_base) {
            let (new, old) = (self.name_of_type(base), self.name_of_type(old_base));
            return Err(self.type_error(&format!(
                "__bases__ assignment: '{new}' object layout differs from '{old}'"
            )));
        }
        // The classes below are linearised anew with the new order; an error leaves everything as it was.
        let mro = self.compute_mro(class, &bases)?;
        self.heap.incref(value);
        self.heap.incref(base);
        if let Obj::Type(t) = self.heap.get_mut(class) {
            let (old_bases, old) = (
                std::mem::replace(&mut t.bases, value),
                std::mem::replace(&mut t.base, base),
            );
            self.heap.decref(old_bases);
            self.heap.decref(old);
        }
        for &b in &bases {
            self.add_subclass(b, class);
        }
        self.set_mro(class, mro);
        self.relinearise_below(class)
    }

    /// New MROs for all classes below one whose MRO has changed. A class below several changed ones is done once for each, the last
    /// time when all of them have their own.
    fn relinearise_below(&mut self, class: Value) -> NativeResult<()> {
        let mut waiting = self.live_subclasses(class);
        waiting.reverse();
        while let Some(sub) = waiting.pop() {
            let bases = self.as_type(sub).and_then(|t| self.as_tuple(t.bases));
            let bases = bases.map(<[Value]>::to_vec).unwrap_or_default();
            let mro = self.compute_mro(sub, &bases)?;
            self.set_mro(sub, mro);
            waiting.extend(self.live_subclasses(sub).into_iter().rev());
        }
        Ok(())
    }
}
