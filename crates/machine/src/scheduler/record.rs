//! Keeps the choices of a run that were not the fair ones, so that it can be replayed.

use super::{ChoicePoint, Scheduler};
use heddle_vm::contract::ThreadIndex;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The choices that are not 0, by (pid, index), in a text form of one line per choice: `pid index position`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScheduleLog {
    /// Position chosen, by process and number of the choice.
    pub choices: BTreeMap<(u32, u64), u32>,
}

impl ScheduleLog {
    /// Reads the text form; the error is a sentence with its line.
    pub fn parse(text: &str) -> Result<ScheduleLog, String> {
        let mut choices = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or("").trim();
            if line.is_empty() {
                continue;
            }
            let mut fields = line.split_whitespace().map(str::parse::<u64>);
            let entry = match (fields.next(), fields.next(), fields.next(), fields.next()) {
                (Some(Ok(pid)), Some(Ok(index)), Some(Ok(position)), None) => u32::try_from(pid)
                    .ok()
                    .zip(u32::try_from(position).ok())
                    .map(|(pid, at)| ((pid, index), at)),
                _ => None,
            };
            let Some((key, position)) = entry else {
                return Err(format!(
                    "Line {} of the schedule is not `pid index position`.",
                    number + 1
                ));
            };
            choices.insert(key, position);
        }
        Ok(ScheduleLog { choices })
    }
}

impl std::fmt::Display for ScheduleLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.choices
            .iter()
            .try_for_each(|((pid, index), position)| writeln!(f, "{pid} {index} {position}"))
    }
}

/// Passes choices through and writes them down. All copies made by `clone_box` start logs of their own.
pub struct Recording {
    inner: Box<dyn Scheduler>,
    log: Rc<RefCell<ScheduleLog>>,
}

impl Recording {
    /// Wraps a policy; the log can be read while and after it is used.
    #[must_use]
    pub fn new(inner: Box<dyn Scheduler>) -> (Recording, Rc<RefCell<ScheduleLog>>) {
        let log = Rc::new(RefCell::new(ScheduleLog::default()));
        (
            Recording {
                inner,
                log: Rc::clone(&log),
            },
            log,
        )
    }
}

impl Scheduler for Recording {
    fn choose(&mut self, at: ChoicePoint, candidates: &[ThreadIndex]) -> usize {
        let position = self
            .inner
            .choose(at, candidates)
            .min(candidates.len().saturating_sub(1));
        if position != 0 {
            self.log
                .borrow_mut()
                .choices
                .insert((at.pid, at.index), position as u32);
        }
        position
    }

    fn clone_box(&self) -> Box<dyn Scheduler> {
        let log = Rc::new(RefCell::new(self.log.borrow().clone()));
        Box::new(Recording {
            inner: self.inner.clone_box(),
            log,
        })
    }

    /// Both write into one log.
    fn share(&self) -> Box<dyn Scheduler> {
        Box::new(Recording {
            inner: self.inner.share(),
            log: Rc::clone(&self.log),
        })
    }

    fn complaint(&self) -> Option<String> {
        self.inner.complaint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_survive_their_text_form() {
        let text = "# a comment\n1 5 2\n\n1 9 1 # why\n";
        let log = ScheduleLog::parse(text).expect("a good schedule");
        assert_eq!(ScheduleLog::parse(&log.to_string()), Ok(log.clone()));
        assert_eq!(log.choices[&(1, 5)], 2);
        for bad in ["1 2", "a b c", "1 2 3 4", "1 2 99999999999"] {
            assert!(ScheduleLog::parse(bad).is_err(), "{bad}");
        }
    }
}
