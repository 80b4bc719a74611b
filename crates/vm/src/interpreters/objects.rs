//! Objects of several heaps under numbers of one space.
//!
//! The computer knows what threads wait for by a handle. Handles of the main interpreter are those numbers themselves; those of others get a
//! number of their own, from the top down, when the computer first hears of them.

use super::request::InterpreterId;
use crate::contract::{ObjectIndex, SystemCall};
use heddle_trace::{BlockReason, ObjectId};
use rustc_hash::FxHashMap;

/// Which number stands for which object.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    numbers: FxHashMap<(InterpreterId, ObjectIndex), ObjectIndex>,
    places: Vec<(InterpreterId, ObjectIndex)>,
}

impl Objects {
    /// The number of an interpreter's object.
    pub fn number(&mut self, interpreter: InterpreterId, object: ObjectIndex) -> ObjectIndex {
        if interpreter == 0 {
            return object;
        }
        let places = &mut self.places;
        *self.numbers.entry((interpreter, object)).or_insert_with(|| {
            places.push((interpreter, object));
            ObjectIndex::MAX - places.len() as ObjectIndex
        })
    }

    /// The object of a number.
    pub fn place(&self, number: ObjectIndex) -> (InterpreterId, ObjectIndex) {
        let at = (ObjectIndex::MAX - 1).checked_sub(number);
        let place = at.and_then(|at| self.places.get(at as usize));
        place.copied().unwrap_or((0, number))
    }

    /// The same call with the numbers of objects.
    pub fn number_call(&mut self, interpreter: InterpreterId, call: SystemCall) -> SystemCall {
        map_call(call, |object| self.number(interpreter, object))
    }

    /// The same call with the interpreter's own handles.
    pub fn place_call(&self, call: SystemCall) -> SystemCall {
        map_call(call, |number| self.place(number).1)
    }
}

fn map_call(call: SystemCall, mut map: impl FnMut(ObjectIndex) -> ObjectIndex) -> SystemCall {
    match call {
        SystemCall::Wait {
            object,
            reason,
            deadline_ns,
        } => SystemCall::Wait {
            object: map(object),
            reason: map_reason(reason, map),
            deadline_ns,
        },
        SystemCall::Wake { object, count } => SystemCall::Wake {
            object: map(object),
            count,
        },
        other => other,
    }
}

fn map_reason(reason: BlockReason, mut map: impl FnMut(ObjectIndex) -> ObjectIndex) -> BlockReason {
    use BlockReason as R;
    let Some(ObjectId(object)) = reason.object() else {
        return reason;
    };
    let object = ObjectId(map(object));
    match reason {
        R::Lock { .. } => R::Lock { object },
        R::RLock { .. } => R::RLock { object },
        R::Condition { .. } => R::Condition { object },
        R::Semaphore { .. } => R::Semaphore { object },
        R::Event { .. } => R::Event { object },
        R::Barrier { .. } => R::Barrier { object },
        R::QueueGet { .. } => R::QueueGet { object },
        R::QueuePut { .. } => R::QueuePut { object },
        R::QueueJoin { .. } => R::QueueJoin { object },
        R::Future { .. } => R::Future { object },
        R::ImportLock { .. } => R::ImportLock { object },
        R::SharedSemaphore { .. } => R::SharedSemaphore { object },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_apart_and_found_again() {
        let mut objects = Objects::default();
        assert_eq!(objects.number(0, 7), 7);
        let (a, b) = (objects.number(1, 7), objects.number(2, 7));
        assert!(a != 7 && b != 7 && a != b);
        assert_eq!(objects.number(1, 7), a);
        assert_eq!((objects.place(a), objects.place(b)), ((1, 7), (2, 7)));
        assert_eq!(objects.place(7), (0, 7));
        let wait = SystemCall::Wait {
            object: 7,
            reason: BlockReason::Lock { object: ObjectId(7) },
            deadline_ns: None,
        };
        let told = objects.number_call(2, wait.clone());
        assert_ne!(told, wait);
        assert_eq!(objects.place_call(told), wait);
    }
}
