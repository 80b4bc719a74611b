//! Event loops and tasks on their way into the trace: what the image tells of them, with the events that caused them.

use crate::record::Tape;
use heddle_trace::{EventId, EventKind, LoopId, LoopState, StringId, TaskId, TaskState};
use heddle_vm::contract::{TaskNote, ThreadIndex, Waker};
use rustc_hash::FxHashMap;

/// The events that later ones may have as their cause. Maps are only looked up, never iterated.
#[derive(Clone, Debug, Default)]
pub(super) struct TaskTrace {
    /// The last `Running` of each task that has had one and is not done.
    running: FxHashMap<TaskId, EventId>,
    /// The last `Callback` of each loop.
    callbacks: FxHashMap<LoopId, EventId>,
    /// The last request to cancel a task that has not become ready since.
    cancels: FxHashMap<TaskId, EventId>,
}

impl TaskTrace {
    fn event_of(&self, by: Waker) -> Option<EventId> {
        match by {
            Waker::Task(task) => self.running.get(&task).copied(),
            Waker::Loop(event_loop) => self.callbacks.get(&event_loop).copied(),
            Waker::Nobody => None,
        }
    }

    /// Records what the image has told.
    pub fn record(&mut self, time_ns: u64, pid: u32, thread: ThreadIndex, note: &TaskNote, tape: &mut Tape) {
        let tell = |tape: &mut Tape, kind, cause| tape.record(time_ns, pid, thread, kind, cause);
        match note {
            TaskNote::Turn { event_loop, ready } => {
                let state = LoopState::Turn { ready: *ready };
                tell(tape, loop_state(*event_loop, state), None);
            }
            TaskNote::Select { event_loop, until } => {
                let state = LoopState::Select { until: *until };
                tell(tape, loop_state(*event_loop, state), None);
            }
            TaskNote::Callback {
                event_loop,
                task,
                name,
                ready,
            } => {
                let state = LoopState::Callback {
                    task: *task,
                    name: tape.intern(name),
                    ready: *ready,
                };
                let id = tell(tape, loop_state(*event_loop, state), None);
                self.callbacks.insert(*event_loop, id);
            }
            TaskNote::Stopped { event_loop } => {
                tell(tape, loop_state(*event_loop, LoopState::Stopped), None);
            }
            TaskNote::Created {
                task,
                event_loop,
                parent,
                group,
                name,
                coroutine,
                at,
            } => {
                let kind = EventKind::TaskCreated {
                    task: *task,
                    event_loop: *event_loop,
                    parent: *parent,
                    group: *group,
                    name: tape.intern(name),
                    coroutine: tape.intern(coroutine),
                    at: tape.intern(at),
                };
                let cause = parent.and_then(|parent| self.running.get(&parent).copied());
                let id = tell(tape, kind, cause);
                // The first state of a task comes from its creation.
                self.cancels.insert(*task, id);
            }
            TaskNote::Renamed { task, name } => {
                let kind = EventKind::TaskCreated {
                    task: *task,
                    event_loop: LoopId::BY_HAND,
                    parent: None,
                    group: None,
                    name: tape.intern(name),
                    coroutine: StringId::EMPTY,
                    at: StringId::EMPTY,
                };
                tell(tape, kind, None);
            }
            TaskNote::State {
                task,
                state,
                label,
                chain,
                by,
            } => {
                let kind = EventKind::TaskState {
                    task: *task,
                    state: *state,
                    label: tape.intern(label),
                    chain: tape.intern(chain),
                };
                let cause = match state {
                    TaskState::Ready => self.cancels.remove(task).or_else(|| self.event_of(*by)),
                    // An eager task begins without ever having been ready; a generator driven by hand is resumed by another one.
                    TaskState::Running => self.cancels.remove(task).or_else(|| match by {
                        Waker::Task(other) if other != task => self.event_of(*by),
                        _ => None,
                    }),
                    TaskState::Awaiting(_) | TaskState::Done(_) => None,
                };
                let id = tell(tape, kind, cause);
                match state {
                    TaskState::Running => {
                        self.running.insert(*task, id);
                    }
                    TaskState::Done(_) => {
                        self.running.remove(task);
                        self.cancels.remove(task);
                    }
                    TaskState::Ready | TaskState::Awaiting(_) => {}
                }
            }
            TaskNote::Cancel { task, by } => {
                let id = tell(tape, EventKind::TaskCancel { task: *task }, self.event_of(*by));
                self.cancels.insert(*task, id);
            }
            TaskNote::Group { group, owner, phase } => {
                let kind = EventKind::Group {
                    group: *group,
                    owner: *owner,
                    phase: *phase,
                };
                tell(tape, kind, None);
            }
        }
    }
}

fn loop_state(event_loop: LoopId, state: LoopState) -> EventKind {
    EventKind::LoopState { event_loop, state }
}
