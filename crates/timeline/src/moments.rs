//! What happened around a moment, event by event, in words: "takes the GIL on core 1, goes on at line 14".
//!
//! Events that are one happening to a person (a GIL drop and the wait it is for, a GIL taken and the thread that then runs)
//! are told once.

use crate::format::duration;
use crate::model::{LaneKey, SliceRef, Timeline};
use crate::track::What;
use crate::words::Word;
use heddle_trace::{
    BlockReason, DropWhy, Event, EventKind, Finish, GilId, Nanos, StateClass, ThreadKey, ThreadState, Trace,
};

/// How many events are looked at for each one told, at most.
const REACH: usize = 400;
/// Output is quoted up to this many characters.
const QUOTE: usize = 48;

/// One happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: Nanos,
    /// To whom.
    pub thread: ThreadKey,
    /// What, as a sentence without its subject: "calls join(T1), lets go of the GIL".
    pub words: Vec<Word>,
    /// The thread's slice at that moment.
    pub slice: Option<SliceRef>,
}

impl Timeline {
    /// The last happenings up to a moment and the first ones after it: at most `before` and `after` of them, in order of
    /// time.
    #[must_use]
    pub fn around(&self, trace: &Trace, at: Nanos, before: usize, after: usize) -> Vec<Moment> {
        let middle = trace.events.partition_point(|event| event.time <= at);
        let tell = |index: usize| self.tell(trace, index);
        let earlier = (middle.saturating_sub(before.saturating_mul(REACH))..middle).rev();
        let mut moments: Vec<_> = earlier.filter_map(tell).take(before).collect();
        moments.reverse();
        let later = middle
            ..trace
                .events
                .len()
                .min(middle.saturating_add(after.saturating_mul(REACH)));
        moments.extend(later.filter_map(tell).take(after));
        moments
    }

    /// An event in words; `None` for those that another one tells, or that tell a person nothing.
    fn tell(&self, trace: &Trace, index: usize) -> Option<Moment> {
        let event = trace.events.get(index)?;
        let key = event.key();
        let s = self.sentence();
        let (thread, words) = match &event.kind {
            EventKind::ThreadCreated { by: Some(by), .. } => {
                let creator = ThreadKey {
                    process: key.process,
                    thread: *by,
                };
                (creator, s.text("starts ").thread(key).words)
            }
            EventKind::ThreadFinished { how } => {
                let words = match how {
                    Finish::Returned => "ends",
                    Finish::Raised => "ends with an exception",
                    Finish::Abandoned => "is abandoned: the program has ended",
                };
                (key, s.text(words).words)
            }
            EventKind::GilTake { .. } => (key, s.text(self.tell_take(trace, index)).words),
            EventKind::GilDrop { gil, why, .. } => (key, self.tell_drop(trace, index, *gil, *why)),
            EventKind::GilRequest { holder, .. } => {
                let holder = ThreadKey {
                    process: key.process,
                    thread: *holder,
                };
                let waited = self
                    .slice_at(LaneKey::Thread(key), event.time)
                    .and_then(|at| self.slice(at));
                let waited = waited
                    .map(|slice| duration(event.time.saturating_sub(slice.start)))
                    .unwrap_or_default();
                (
                    key,
                    s.text("asks ")
                        .thread(holder)
                        .text(format!(" for a drop: waited {waited}"))
                        .words,
                )
            }
            EventKind::Interpreter { interpreter: 0, .. } => (key, s.text("comes back to the main interpreter").words),
            EventKind::Interpreter { interpreter, .. } => {
                (key, s.text(format!("enters interpreter {interpreter}")).words)
            }
            EventKind::Between(between) => (key, self.tell_between(trace, key, event.time, *between)?),
            EventKind::LockAcquire { object } => (key, s.text(format!("takes {}", self.known(key, *object)?)).words),
            EventKind::LockRelease { object } => (key, s.text(format!("releases {}", self.known(key, *object)?)).words),
            EventKind::Wake { thread, .. } if *thread != key.thread => {
                let woken = ThreadKey {
                    process: key.process,
                    thread: *thread,
                };
                (key, s.text("wakes ").thread(woken).words)
            }
            EventKind::Output { bytes, .. } => (key, s.text(format!("writes {}", quote(bytes))).words),
            EventKind::Note { text, .. } => (key, s.text(trace.text(*text)).words),
            EventKind::State { state, .. } => (key, s.text(self.tell_state(trace, index, *state)?).words),
            _ => return None,
        };
        Some(Moment {
            at: event.time,
            thread,
            words,
            slice: self.slice_at(LaneKey::Thread(thread), event.time),
        })
    }

    /// The name of a lock, if a person gave it one.
    fn known(&self, key: ThreadKey, object: heddle_trace::ObjectId) -> Option<String> {
        let (_, named) = self.people().object_class(key.process, object)?;
        named.then(|| self.people().object(key.process, object, "lock"))
    }

    fn tell_take(&self, trace: &Trace, index: usize) -> String {
        match state_after(trace, index) {
            Some((ThreadState::Running { core }, 0)) => format!("takes the GIL on {}", self.core_name(core.0)),
            Some((ThreadState::Running { core }, line)) => {
                format!("takes the GIL on {}, goes on at line {line}", self.core_name(core.0))
            }
            _ => "takes the GIL".to_owned(),
        }
    }

    fn tell_drop(&self, trace: &Trace, index: usize, gil: GilId, why: DropWhy) -> Vec<Word> {
        let s = self.sentence();
        let Some(event) = trace.events.get(index) else {
            return s.words;
        };
        let key = event.key();
        let held = self.gils.get(&(key.process, gil)).and_then(|gil| {
            let slice = gil.held.get(gil.held.first_from(event.time).checked_sub(1)?)?;
            (slice.end == event.time && slice.what == What::Owned(key)).then_some(slice)
        });
        let after = held
            .map(|slice| format!(", after {}", duration(slice.length())))
            .unwrap_or_default();
        match why {
            DropWhy::Requested => {
                let asker = held.and_then(|slice| self.last_request(key.process, gil, slice, key));
                match asker {
                    Some(asker) => s.text("drops the GIL on request of ").thread(asker).text(after).words,
                    None => s.text(format!("drops the GIL on request{after}")).words,
                }
            }
            DropWhy::Blocking => match self.wait_after(trace, index) {
                Some(wait) => s.text(format!("{wait}, lets go of the GIL")).words,
                None => s.text(format!("lets go of the GIL{after}")).words,
            },
            DropWhy::Ticks => s.text(format!("lets go of the GIL after its ticks{after}")).words,
            DropWhy::Finished => s.text("lets go of the GIL for good").words,
        }
    }

    /// The wait that a thread enters at an event, in words.
    fn wait_after(&self, trace: &Trace, index: usize) -> Option<String> {
        let event = trace.events.get(index)?;
        let at = self.slice_at(LaneKey::Thread(event.key()), event.time)?;
        let slice = self.slice(at).filter(|slice| slice.start == event.time)?;
        let What::State(ThreadState::Blocked(reason)) = slice.what else {
            return None;
        };
        let what = self.wait_text(trace, event.id.process, slice, reason, slice.start);
        Some(match reason {
            BlockReason::Sleep { .. } => format!("calls {what}"),
            BlockReason::ThreadStart { .. } => what,
            _ if reason.class() == StateClass::Joining => format!("calls {what}"),
            _ => format!("waits for {what}"),
        })
    }

    /// A state that no GIL event tells.
    fn tell_state(&self, trace: &Trace, index: usize, state: ThreadState) -> Option<String> {
        let event = trace.events.get(index)?;
        let told = near(trace, index).any(|other| {
            matches!(other.kind, EventKind::GilTake { .. } | EventKind::GilDrop { .. }) && other.key() == event.key()
        });
        match state {
            _ if told => None,
            ThreadState::Blocked(_) => self.wait_after(trace, index),
            ThreadState::GilWait => Some("wants the GIL".to_owned()),
            ThreadState::Ready => Some("is ready, wants a core".to_owned()),
            ThreadState::Running { .. } | ThreadState::Native { .. } | ThreadState::Finished => None,
        }
    }
}

/// The events of the same moment around an event.
fn near(trace: &Trace, index: usize) -> impl Iterator<Item = &Event> {
    let time = trace.events.get(index).map_or(0, |event| event.time);
    let same = move |event: &&Event| event.time == time;
    let before = trace.events[..index.min(trace.events.len())]
        .iter()
        .rev()
        .take(8)
        .take_while(same);
    before.chain(trace.events.iter().skip(index + 1).take(8).take_while(same))
}

/// The state and line that a thread has at the moment of an event.
fn state_after(trace: &Trace, index: usize) -> Option<(ThreadState, u32)> {
    let key = trace.events.get(index)?.key();
    near(trace, index).find_map(|other| match other.kind {
        EventKind::State {
            state: state @ ThreadState::Running { .. },
            line,
            ..
        } if other.key() == key => Some((state, line)),
        _ => None,
    })
}

/// Output in quotes, shortened.
fn quote(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches('\n').replace('\n', "\u{21b5}");
    let short: String = text.chars().take(QUOTE).collect();
    let more = if short.len() < text.len() { "\u{2026}" } else { "" };
    format!("\u{201c}{short}{more}\u{201d}")
}
