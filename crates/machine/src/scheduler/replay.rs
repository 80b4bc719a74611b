//! Replays a recorded schedule: the recorded choices where there are any, the fair ones elsewhere.

use super::{ChoicePoint, ScheduleLog, Scheduler};
use heddle_vm::contract::ThreadIndex;
use std::rc::Rc;

/// Follows a [`ScheduleLog`].
#[derive(Clone, Debug)]
pub struct Replay {
    log: Rc<ScheduleLog>,
    complaint: Option<String>,
}

impl Replay {
    /// Follows this log.
    #[must_use]
    pub fn new(log: ScheduleLog) -> Replay {
        Replay {
            log: Rc::new(log),
            complaint: None,
        }
    }
}

impl Scheduler for Replay {
    fn choose(&mut self, at: ChoicePoint, candidates: &[ThreadIndex]) -> usize {
        let Some(&position) = self.log.choices.get(&(at.pid, at.index)) else {
            return 0;
        };
        let position = position as usize;
        if position >= candidates.len() && self.complaint.is_none() {
            self.complaint = Some(format!(
                "The schedule does not fit this program: choice {} of process {} wants candidate {position}, but there are only {}.",
                at.index,
                at.pid,
                candidates.len()
            ));
        }
        position.min(candidates.len().saturating_sub(1))
    }

    fn clone_box(&self) -> Box<dyn Scheduler> {
        Box::new(self.clone())
    }

    fn complaint(&self) -> Option<String> {
        self.complaint.clone()
    }
}
