//! The default policy: whoever comes first in fair order (least virtual runtime, longest wait, earliest timer).

use super::{ChoicePoint, Scheduler};
use heddle_vm::contract::ThreadIndex;

/// Takes the first candidate, always.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fair;

impl Scheduler for Fair {
    fn choose(&mut self, _at: ChoicePoint, _candidates: &[ThreadIndex]) -> usize {
        0
    }

    fn clone_box(&self) -> Box<dyn Scheduler> {
        Box::new(*self)
    }
}
