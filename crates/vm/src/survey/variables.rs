//! Who writes a watched variable, and whether that undoes another thread's write that the writer has not seen.

use super::places::{Deed, Kind, VariablePlace};
use crate::contract::ThreadIndex;
use crate::frame::Frame;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::{Nanos, Seen, Watched};
use rustc_hash::FxHashMap;

/// A value is told in so many characters.
const LONGEST: usize = 60;

/// A variable, and the object (or the call) whose it is.
type Key = (u32, u32);

/// What is known of watched variables.
#[derive(Clone, Debug, Default)]
pub(super) struct Writes {
    /// The last write: when, by whom, the hit.
    last: FxHashMap<Key, (Nanos, ThreadIndex, Option<u32>)>,
    /// When each thread has read it last.
    reads: FxHashMap<(Key, ThreadIndex), Nanos>,
}

impl Writes {
    /// A thread is before an instruction that may read or write the variable: the write, if it is one.
    pub fn meet(&mut self, process: &Process, place: VariablePlace, watched: &[Watched], at: Nanos) -> Option<Seen> {
        let watched = watched.get(place.variable as usize)?;
        let (object, value) = process.watched_at(place, watched)?;
        let key = (place.variable, object);
        let thread = process.current;
        if place.deed == Deed::Read {
            self.reads.insert((key, thread), at);
            return None;
        }
        let loses = self.last.get(&key).and_then(|&(then, by, number)| {
            let read = *self.reads.get(&(key, thread))?;
            (by != thread && read < then).then_some(number).flatten()
        });
        Some(Seen::Write {
            variable: place.variable,
            object,
            value: value.map(|value| process.in_short(value, LONGEST)),
            loses,
        })
    }

    /// The write is done.
    pub fn written(&mut self, process: &Process, place: VariablePlace, at: Nanos, number: Option<u32>) {
        let object = process.object_at(place).unwrap_or(0);
        let key = (place.variable, object);
        self.last.insert(key, (at, process.current, number));
        // What it knows now is what it wrote.
        self.reads.remove(&(key, process.current));
    }
}

impl Process {
    /// What stands `n` below the top of the running frame's operands; the top is 1.
    fn operand(&self, n: usize) -> Option<Value> {
        let Some(Frame::Python(frame)) = self.frames.last() else {
            return None;
        };
        self.stack.get((frame.sp as usize).checked_sub(n)?).copied()
    }

    /// The object whose attribute or item is meant, or the cell; 0 where the name says it all.
    fn object_at(&self, place: VariablePlace) -> Option<u32> {
        match (place.kind, place.deed) {
            (Kind::Global, _) => Some(0),
            (Kind::Slot(slot), _) => {
                let Some(Frame::Python(frame)) = self.frames.last() else {
                    return None;
                };
                let held = *self.stack.get(frame.base as usize + slot as usize)?;
                match self.heap.object(held) {
                    // All functions that share it mean the same.
                    Some(Obj::Cell(_)) => held.handle(),
                    _ => Some(0),
                }
            }
            (Kind::Attribute, _) => self.operand(1)?.handle(),
            (Kind::Item, _) => self.operand(2)?.handle(),
        }
    }

    /// Whose it is and what is written, if the instruction is about the variable.
    fn watched_at(&self, place: VariablePlace, watched: &Watched) -> Option<(u32, Option<Value>)> {
        let object = self.object_at(place)?;
        let written = |below: usize| match place.deed {
            Deed::Write => Some(self.operand(below)),
            _ => Some(None),
        };
        match place.kind {
            Kind::Global => Some((object, written(1)?)),
            Kind::Slot(slot) if place.deed == Deed::Bind => {
                let Some(Frame::Python(frame)) = self.frames.last() else {
                    return None;
                };
                let held = *self.stack.get(frame.base as usize + slot as usize)?;
                let value = match self.heap.object(held) {
                    Some(Obj::Cell(value)) => *value,
                    _ => held,
                };
                (!value.is_null()).then_some((object, Some(value)))
            }
            Kind::Slot(_) => Some((object, written(1)?)),
            Kind::Attribute => {
                let owner = self.operand(1)?;
                self.is_owner(owner, watched).then_some((object, written(2)?))
            }
            Kind::Item => {
                let (key, container) = (self.operand(1)?, self.operand(2)?);
                let is_meant = self.global_of(watched, &watched.owner) == Some(container)
                    && self.in_short(key, LONGEST) == watched.name;
                is_meant.then_some((object, written(3)?))
            }
        }
    }

    /// Whether an attribute of this object is meant: of an instance of the class, of what the global names, of the module.
    fn is_owner(&self, object: Value, watched: &Watched) -> bool {
        if watched.owner.is_empty() {
            let dict = self.globals_in(&watched.file);
            return matches!(self.heap.object(object), Some(Obj::Module(module)) if Some(module.dict) == dict);
        }
        let is_named = |class: &Value| {
            let name = self.as_type(*class).and_then(|class| self.as_str(class.name));
            name == Some(&watched.owner)
        };
        let class = self.as_type(self.type_of(object));
        let mro = class.and_then(|class| self.as_tuple(class.mro)).unwrap_or(&[]);
        mro.iter().any(is_named) || self.global_of(watched, &watched.owner) == Some(object)
    }

    fn global_of(&self, watched: &Watched, name: &str) -> Option<Value> {
        let name = *self.interned.get(name.as_bytes())?;
        self.dict_get_str(self.globals_in(&watched.file)?, name)
    }

    /// The globals of the module from this file, of the main module if it is empty.
    fn globals_in(&self, file: &str) -> Option<Value> {
        let modules = self.as_dict(self.modules)?;
        let file_key = *self.interned.get(b"__file__".as_slice())?;
        modules.iter().find_map(|entry| {
            let Some(Obj::Module(module)) = self.heap.object(entry.value) else {
                return None;
            };
            let is_meant = match file {
                "" => self.as_str(entry.key) == Some("__main__"),
                file => {
                    self.dict_get_str(module.dict, file_key)
                        .and_then(|own| self.as_str(own))
                        == Some(file)
                }
            };
            is_meant.then_some(module.dict)
        })
    }
}
