//! The hover card of a slice, or of many narrow ones: who, what and how long. Why is in [`crate::why`].

use crate::format::{duration, from_to};
use crate::model::{LaneKey, SliceRef, Timeline};
use crate::track::{Slice, What};
use crate::words::Description;
use heddle_trace::{BlockReason, Density, LoopState, Nanos, ShareOf, TaskState, ThreadKey, ThreadState, Trace};

impl Timeline {
    /// The hover card of a slice, or of an access to shared memory.
    #[must_use]
    pub fn describe(&self, trace: &Trace, at: SliceRef) -> Option<Description> {
        if let LaneKey::Memory(..) = at.lane {
            return self.describe_access(at);
        }
        let slice = self.slice(at)?;
        let beside = self.describe_task(trace, at.lane, slice);
        if let Some(card) = beside.or_else(|| self.describe_between(trace, at.lane, slice)) {
            return Some(card);
        }
        let (who, runs, title, why) = match (&slice.what, at.lane) {
            (What::State(state), LaneKey::Thread(key)) => {
                let runs = state.core().is_some();
                (
                    Some(key),
                    runs,
                    self.state_title(key, slice, *state),
                    self.state_why(trace, key, slice, *state, at.index),
                )
            }
            (What::Owned(key), LaneKey::Core(core)) => (
                Some(*key),
                true,
                format!("runs on {}", self.core_name(core)),
                self.core_why(trace, *key, slice),
            ),
            (What::Owned(key), LaneKey::GilHeld(process, gil)) => (
                Some(*key),
                true,
                "holds the GIL".to_owned(),
                self.held_why(trace, process, gil, slice),
            ),
            (What::Owned(key), LaneKey::GilWaiting(..)) => (
                Some(*key),
                false,
                "waits for the GIL".to_owned(),
                self.gil_why(trace, *key, slice),
            ),
            (What::Owned(key), LaneKey::Lock(process, object)) => self.lock_card(process, object, *key, at.row),
            (What::Density(density), lane) => {
                let who = if let LaneKey::Thread(key) = lane {
                    Some(key)
                } else {
                    None
                };
                (
                    who,
                    false,
                    format!("{} slices, folded", density.slices),
                    self.density_why(density),
                )
            }
            (What::Nobody, LaneKey::Core(core)) => {
                (None, false, format!("{} is idle", self.core_name(core)), Vec::new())
            }
            (What::Nobody, LaneKey::GilHeld(..)) => (None, false, "nobody holds the GIL".to_owned(), Vec::new()),
            _ => return None,
        };
        Some(Description {
            who: who.map(|key| self.word(key)),
            runs,
            title,
            duration: duration(slice.length()),
            why,
            span: from_to(slice.start, slice.end),
        })
    }

    /// The card of a slice of a loop or task.
    fn describe_task(&self, trace: &Trace, lane: LaneKey, slice: &Slice) -> Option<Description> {
        let (who, runs, (title, why)) = match (&slice.what, lane) {
            (What::Loop(state), LaneKey::Loop(process, event_loop)) => {
                let who = match state {
                    LoopState::Callback { task: Some(task), .. } => Some(self.task_word((process, *task))),
                    _ => None,
                };
                (who, true, self.loop_card(trace, (process, event_loop), slice, *state))
            }
            (What::Task(state), LaneKey::Task(process, task)) => {
                let key = (process, task);
                let runs = *state == TaskState::Running;
                (
                    Some(self.task_word(key)),
                    runs,
                    self.task_card(trace, key, slice, *state),
                )
            }
            (What::Density(density), LaneKey::Task(process, task)) => {
                let title = format!("{} slices, folded", density.slices);
                (
                    Some(self.task_word((process, task))),
                    false,
                    (title, self.density_why(density)),
                )
            }
            _ => return None,
        };
        Some(Description {
            who,
            runs,
            title,
            duration: duration(slice.length()),
            why,
            span: from_to(slice.start, slice.end),
        })
    }

    /// The card of a stretch in which slices are too narrow to tell apart.
    #[must_use]
    pub fn describe_many(&self, lane: LaneKey, row: u8, from: Nanos, to: Nanos) -> Option<Description> {
        let rows = self.rows(lane);
        let track = rows.get(usize::from(row))?;
        let (first, last) = (track.first_after(from), track.first_from(to));
        let mut sum = Density::empty(to);
        let mut add = |of, ns, slices| match sum
            .shares
            .iter_mut()
            .find(|share: &&mut heddle_trace::Share| share.of == of)
        {
            Some(share) => share.ns += ns,
            None => sum.shares.push(heddle_trace::Share { of, ns, slices }),
        };
        let mut count = 0u64;
        for slice in track.slices().get(first..last)? {
            match &slice.what {
                What::Owned(key) => add(ShareOf::Thread(*key), slice.length(), 1),
                What::Density(density) => {
                    count += density.slices.saturating_sub(1);
                    density
                        .shares
                        .iter()
                        .for_each(|share| add(share.of, share.ns, share.slices));
                }
                what => {
                    let of = what.class().map_or(ShareOf::Nobody, ShareOf::State);
                    add(of, slice.length(), 1);
                }
            }
            count += 1;
        }
        sum.slices = count;
        Some(Description {
            who: match lane {
                LaneKey::Thread(key) => Some(self.word(key)),
                LaneKey::Task(process, task) => Some(self.task_word((process, task))),
                _ => None,
            },
            runs: false,
            title: format!("{count} slices"),
            duration: duration(to.saturating_sub(from)),
            why: self.density_why(&sum),
            span: from_to(from, to),
        })
    }

    pub(crate) fn state_title(&self, key: ThreadKey, slice: &Slice, state: ThreadState) -> String {
        if self.is_dead(key, slice) {
            return "deadlocked".to_owned();
        }
        match state {
            ThreadState::Running { .. } => "running",
            ThreadState::Native { .. } => "in C code without the GIL",
            ThreadState::Ready => "ready, no core free",
            ThreadState::GilWait => "waits for the GIL",
            ThreadState::Finished => "finished",
            ThreadState::Blocked(BlockReason::Sleep { .. }) => "asleep",
            ThreadState::Blocked(reason) => match reason.class() {
                heddle_trace::StateClass::Io => "waits for input or output",
                heddle_trace::StateClass::Joining => "waits for another to finish",
                _ => "blocked",
            },
        }
        .to_owned()
    }

    /// Whether a slice is one that a deadlock keeps open for ever.
    pub(crate) fn is_dead(&self, key: ThreadKey, slice: &Slice) -> bool {
        self.deadlock
            .as_ref()
            .is_some_and(|(at, blocked)| slice.end >= *at && slice.end_event.is_none() && blocked.contains(&key))
    }
}
