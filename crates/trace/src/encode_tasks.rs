//! The fields of the kinds of events that speak of event loops and tasks, in the stored form, version 1.

use crate::event::EventKind;
use crate::ids::{GroupId, LoopId, StringId, TaskId};
use crate::tasks::{AwaitReason, GroupPhase, LoopState, TaskEnd, TaskState};
use crate::wire::{DecodeError, Reader, Writer};

pub(crate) fn write_loop_state(w: &mut Writer, state: LoopState) {
    match state {
        LoopState::Turn { ready } => {
            w.byte(0);
            w.number(ready);
        }
        LoopState::Select { until: None } => w.byte(1),
        LoopState::Select { until: Some(until) } => {
            w.byte(2);
            w.number(until);
        }
        LoopState::Callback { task, name, ready } => {
            w.byte(3);
            w.option(task.map(|task| task.0));
            w.number(name.0);
            w.number(ready);
        }
        LoopState::Stopped => w.byte(4),
    }
}

fn read_loop_state(r: &mut Reader) -> Result<LoopState, DecodeError> {
    Ok(match r.byte()? {
        0 => LoopState::Turn { ready: r.small()? },
        1 => LoopState::Select { until: None },
        2 => LoopState::Select {
            until: Some(r.number()?),
        },
        3 => LoopState::Callback {
            task: r.option()?.map(TaskId),
            name: StringId(r.small()?),
            ready: r.small()?,
        },
        4 => LoopState::Stopped,
        _ => return Err(DecodeError::Malformed("what a loop does")),
    })
}

impl TaskState {
    /// Its number as stored (what is awaited in the high bits), and the operand of what is awaited.
    pub(crate) fn parts(self) -> (u8, Option<u64>) {
        match self {
            TaskState::Ready => (0, None),
            TaskState::Running => (1, None),
            TaskState::Awaiting(reason) => {
                let (number, operand) = reason.parts();
                (2 | number << 2, Some(operand))
            }
            TaskState::Done(end) => (3 | end.number() << 2, None),
        }
    }
}

/// The kinds with tags 22 to 26.
pub(crate) fn read_task_kind(r: &mut Reader, tag: u8) -> Result<EventKind, DecodeError> {
    let bad = DecodeError::Malformed("what a task does");
    Ok(match tag {
        22 => EventKind::LoopState {
            event_loop: LoopId(r.small()?),
            state: read_loop_state(r)?,
        },
        23 => EventKind::TaskCreated {
            task: TaskId(r.small()?),
            event_loop: LoopId(r.small()?),
            parent: r.option()?.map(TaskId),
            group: r.option()?.map(GroupId),
            name: StringId(r.small()?),
            coroutine: StringId(r.small()?),
            at: StringId(r.small()?),
        },
        24 => {
            let task = TaskId(r.small()?);
            let byte = r.byte()?;
            let state = match byte & 3 {
                2 => TaskState::Awaiting(AwaitReason::from_parts(byte >> 2, r.number()?).ok_or(bad)?),
                3 => TaskState::Done(TaskEnd::from_number(byte >> 2).ok_or(bad)?),
                0 if byte == 0 => TaskState::Ready,
                1 if byte == 1 => TaskState::Running,
                _ => return Err(bad),
            };
            EventKind::TaskState {
                task,
                state,
                label: StringId(r.small()?),
                chain: StringId(r.small()?),
            }
        }
        25 => EventKind::TaskCancel {
            task: TaskId(r.small()?),
        },
        26 => EventKind::Group {
            group: GroupId(r.small()?),
            owner: r.option()?.map(TaskId),
            phase: GroupPhase::from_number(r.byte()?).ok_or(bad)?,
        },
        _ => return Err(DecodeError::Malformed("an unknown variant")),
    })
}
