//! The fields of each kind of event in the stored form, version 1; what surrounds them is in [`crate::encode`].

use crate::between::Between;
use crate::encode_tasks::{read_task_kind, write_loop_state};
use crate::event::{Density, DropWhy, EventKind, Finish, Note, ObjectClass, RunSummary, Share, ShareOf, Stream};
use crate::ids::{CoreId, GilId, LoopId, ObjectId, ProcessId, StringId, TaskId, ThreadId, ThreadKey, TrackKey};
use crate::state::{BlockReason, StateClass, ThreadState};
use crate::wire::{DecodeError, Reader, Writer};

pub(crate) fn write_kind(w: &mut Writer, kind: &EventKind, time: u64) {
    match kind {
        EventKind::ProcessStart { parent, name } => {
            w.option(parent.map(|p| p.0));
            w.number(name.0);
        }
        EventKind::ProcessExit { status } => w.signed((*status).into()),
        EventKind::ThreadCreated { by, name, daemon } => {
            w.option(by.map(|t| t.0));
            w.number(name.0);
            w.byte((*daemon).into());
        }
        EventKind::ThreadStarted => {}
        EventKind::ThreadFinished { how } => w.byte(how.number()),
        EventKind::ThreadRenamed { name, target } => {
            w.number(name.0);
            w.number(target.0);
        }
        EventKind::State { state, label, line } => write_state(w, *state, *label, *line),
        EventKind::Ran(run) => {
            for n in [
                run.function.0,
                run.file.0,
                run.first_line,
                run.last_line,
                run.min_line,
                run.max_line,
            ] {
                w.number(n);
            }
        }
        EventKind::GilTake { gil } => w.number(gil.0),
        EventKind::GilDrop {
            gil,
            why,
            requested,
            line,
        } => {
            w.number(gil.0);
            w.byte(why.number() << 1 | u8::from(*requested));
            w.number(*line);
        }
        EventKind::GilRequest { gil, holder } => {
            w.number(gil.0);
            w.number(holder.0);
        }
        EventKind::LockAcquire { object } | EventKind::LockRelease { object } => w.number(object.0),
        EventKind::Wake { thread, object } => {
            w.number(thread.0);
            w.option(object.map(|o| o.0));
        }
        EventKind::ObjectNamed { object, class, name } => {
            w.number(object.0);
            w.byte(class.number());
            w.number(name.0);
        }
        EventKind::Output { stream, bytes } => {
            w.byte(stream.number());
            w.blob(bytes);
        }
        EventKind::Note { note, text } => {
            w.byte(note.number());
            w.number(text.0);
        }
        EventKind::Core { core, running } => {
            w.number(core.0);
            w.option(running.map(|key| key.process.0));
            w.number(running.map_or(0, |key| key.thread.0));
        }
        EventKind::Interpreter { interpreter, gil } => {
            w.number(*interpreter);
            w.number(gil.0);
        }
        EventKind::Computer {
            name,
            first_core,
            cores,
        } => {
            w.number(name.0);
            w.number(first_core.0);
            w.number(*cores);
        }
        EventKind::Exec { program } => w.number(program.0),
        EventKind::Memory {
            object,
            at,
            size,
            writes,
        } => {
            w.number(object.0);
            w.number(*at);
            w.number(u64::from(*size) << 1 | u64::from(*writes));
        }
        EventKind::Between(between) => {
            let (number, words, strings) = between.parts();
            w.byte(number);
            words.into_iter().for_each(|word| w.number(word));
            strings.into_iter().for_each(|text| w.number(text.0));
        }
        EventKind::LoopState { event_loop, state } => {
            w.number(event_loop.0);
            write_loop_state(w, *state);
        }
        EventKind::TaskCreated {
            task,
            event_loop,
            parent,
            group,
            name,
            coroutine,
            at,
        } => {
            w.number(task.0);
            w.number(event_loop.0);
            w.option(parent.map(|task| task.0));
            w.option(group.map(|group| group.0));
            [name, coroutine, at].into_iter().for_each(|text| w.number(text.0));
        }
        EventKind::TaskState {
            task,
            state,
            label,
            chain,
        } => {
            let (number, operand) = state.parts();
            w.number(task.0);
            w.byte(number);
            operand.into_iter().for_each(|operand| w.number(operand));
            w.number(label.0);
            w.number(chain.0);
        }
        EventKind::TaskCancel { task } => w.number(task.0),
        EventKind::Group { group, owner, phase } => {
            w.number(group.0);
            w.option(owner.map(|task| task.0));
            w.byte(phase.number());
        }
        EventKind::Density { track, density } => {
            write_track(w, *track);
            write_density(w, density, time);
        }
    }
}

fn write_state(w: &mut Writer, state: ThreadState, label: StringId, line: u32) {
    let reason = if let ThreadState::Blocked(reason) = state {
        Some(reason)
    } else {
        None
    };
    // State in the low three bits, reason above.
    w.byte(state.number() | reason.map_or(0, BlockReason::number) << 3);
    match reason {
        Some(reason) => w.number(reason.operand()),
        None => {
            if let Some(core) = state.core() {
                w.number(core.0);
            }
        }
    }
    w.number(label.0);
    w.number(line);
}

fn read_state(r: &mut Reader) -> Result<EventKind, DecodeError> {
    let bad = DecodeError::Malformed("a thread's state");
    let byte = r.byte()?;
    let (number, reason) = (u64::from(byte & 7), u64::from(byte >> 3));
    let state = match number {
        3 => {
            let reason = BlockReason::from_number(reason, r.number()?).ok_or(bad)?;
            ThreadState::Blocked(reason)
        }
        0 | 4 if reason == 0 => {
            let core = CoreId(u16::try_from(r.number()?).map_err(|_| bad)?);
            ThreadState::from_number(number, core).ok_or(bad)?
        }
        _ if reason == 0 => ThreadState::from_number(number, CoreId(0)).ok_or(bad)?,
        _ => return Err(bad),
    };
    Ok(EventKind::State {
        state,
        label: StringId(r.small()?),
        line: r.small()?,
    })
}

pub(crate) fn read_kind(r: &mut Reader, tag: u8, time: u64) -> Result<EventKind, DecodeError> {
    let enumeration = DecodeError::Malformed("an unknown variant");
    Ok(match tag {
        1 => EventKind::ProcessStart {
            parent: r.option()?.map(ProcessId),
            name: StringId(r.small()?),
        },
        2 => EventKind::ProcessExit {
            status: i32::try_from(r.signed()?).map_err(|_| enumeration)?,
        },
        3 => EventKind::ThreadCreated {
            by: r.option()?.map(ThreadId),
            name: StringId(r.small()?),
            daemon: flag(r.byte()?)?,
        },
        4 => EventKind::ThreadStarted,
        5 => EventKind::ThreadFinished {
            how: Finish::from_number(r.byte()?).ok_or(enumeration)?,
        },
        6 => EventKind::ThreadRenamed {
            name: StringId(r.small()?),
            target: StringId(r.small()?),
        },
        7 => read_state(r)?,
        8 => EventKind::Ran(RunSummary {
            function: StringId(r.small()?),
            file: StringId(r.small()?),
            first_line: r.small()?,
            last_line: r.small()?,
            min_line: r.small()?,
            max_line: r.small()?,
        }),
        9 => EventKind::GilTake { gil: GilId(r.small()?) },
        10 => {
            let gil = GilId(r.small()?);
            let byte = r.byte()?;
            let why = DropWhy::from_number(byte >> 1).ok_or(enumeration)?;
            EventKind::GilDrop {
                gil,
                why,
                requested: byte & 1 != 0,
                line: r.small()?,
            }
        }
        11 => EventKind::GilRequest {
            gil: GilId(r.small()?),
            holder: ThreadId(r.small()?),
        },
        12 => EventKind::LockAcquire {
            object: ObjectId(r.small()?),
        },
        13 => EventKind::LockRelease {
            object: ObjectId(r.small()?),
        },
        14 => EventKind::Wake {
            thread: ThreadId(r.small()?),
            object: r.option()?.map(ObjectId),
        },
        15 => EventKind::ObjectNamed {
            object: ObjectId(r.small()?),
            class: ObjectClass::from_number(r.byte()?).ok_or(enumeration)?,
            name: StringId(r.small()?),
        },
        16 => EventKind::Output {
            stream: Stream::from_number(r.byte()?).ok_or(enumeration)?,
            bytes: Box::from(r.blob()?),
        },
        17 => EventKind::Note {
            note: Note::from_number(r.byte()?).ok_or(enumeration)?,
            text: StringId(r.small()?),
        },
        18 => {
            let core = CoreId(u16::try_from(r.number()?).map_err(|_| enumeration)?);
            let process = r.option()?.map(ProcessId);
            let thread = ThreadId(r.small()?);
            EventKind::Core {
                core,
                running: process.map(|process| ThreadKey { process, thread }),
            }
        }
        19 => {
            let track = read_track(r)?;
            EventKind::Density {
                track,
                density: Box::new(read_density(r, time)?),
            }
        }
        20 => EventKind::Interpreter {
            interpreter: r.small()?,
            gil: GilId(r.small()?),
        },
        21 => {
            let name = StringId(r.small()?);
            let mut small = || u16::try_from(r.number()?).map_err(|_| enumeration);
            EventKind::Computer {
                name,
                first_core: CoreId(small()?),
                cores: small()?,
            }
        }
        30 => {
            let (object, at, rest) = (ObjectId(r.small()?), r.number()?, r.number()?);
            EventKind::Memory {
                object,
                at,
                size: u32::try_from(rest >> 1).map_err(|_| enumeration)?,
                writes: rest & 1 != 0,
            }
        }
        27 => EventKind::Exec {
            program: StringId(r.small()?),
        },
        28 => {
            let number = r.byte()?;
            let mut words = [0; 4];
            for word in &mut words {
                *word = r.number()?;
            }
            let strings = [StringId(r.small()?), StringId(r.small()?)];
            EventKind::Between(Between::from_parts((number, words, strings)).ok_or(enumeration)?)
        }
        _ => return read_task_kind(r, tag),
    })
}

fn flag(byte: u8) -> Result<bool, DecodeError> {
    match byte {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::Malformed("a flag")),
    }
}

fn write_track(w: &mut Writer, track: TrackKey) {
    let (tag, process, number) = match track {
        TrackKey::Core(core) => (0, 0, core.0.into()),
        TrackKey::Gil(process, gil) => (1, process.0, gil.0),
        TrackKey::Thread(key) => (2, key.process.0, key.thread.0),
        TrackKey::Object(process, object) => (3, process.0, object.0),
        TrackKey::Loop(process, event_loop) => (4, process.0, event_loop.0),
        TrackKey::Task(process, task) => (5, process.0, task.0),
    };
    w.byte(tag);
    w.number(process);
    w.number(number);
}

fn read_track(r: &mut Reader) -> Result<TrackKey, DecodeError> {
    let (tag, process, number) = (r.byte()?, ProcessId(r.small()?), r.small()?);
    let bad = DecodeError::Malformed("a track");
    Ok(match tag {
        0 => TrackKey::Core(CoreId(u16::try_from(number).map_err(|_| bad)?)),
        1 => TrackKey::Gil(process, GilId(number)),
        2 => TrackKey::Thread(ThreadKey {
            process,
            thread: ThreadId(number),
        }),
        3 => TrackKey::Object(process, ObjectId(number)),
        4 => TrackKey::Loop(process, LoopId(number)),
        5 => TrackKey::Task(process, TaskId(number)),
        _ => return Err(bad),
    })
}

fn write_density(w: &mut Writer, density: &Density, time: u64) {
    w.number(density.until.saturating_sub(time));
    for n in [density.slices, density.forced, density.voluntary, density.requests] {
        w.number(n);
    }
    write_share_of(w, density.last);
    w.length(density.shares.len());
    for share in &density.shares {
        write_share_of(w, share.of);
        w.number(share.ns);
        w.number(share.slices);
    }
}

fn write_share_of(w: &mut Writer, of: ShareOf) {
    match of {
        ShareOf::Nobody => w.byte(0),
        ShareOf::State(class) => w.byte(1 + class as u8),
        ShareOf::Thread(key) => {
            w.byte(255);
            w.number(key.process.0);
            w.number(key.thread.0);
        }
    }
}

fn read_share_of(r: &mut Reader) -> Result<ShareOf, DecodeError> {
    Ok(match r.byte()? {
        0 => ShareOf::Nobody,
        255 => ShareOf::Thread(ThreadKey {
            process: ProcessId(r.small()?),
            thread: ThreadId(r.small()?),
        }),
        n => {
            let class = StateClass::ALL.get(usize::from(n) - 1);
            ShareOf::State(*class.ok_or(DecodeError::Malformed("a share"))?)
        }
    })
}

fn read_density(r: &mut Reader, time: u64) -> Result<Density, DecodeError> {
    let bad = DecodeError::Malformed("a density slice");
    let until = time.checked_add(r.number()?).ok_or(bad)?;
    let (slices, forced, voluntary, requests) = (r.number()?, r.number()?, r.number()?, r.number()?);
    let last = read_share_of(r)?;
    let count = r.count(3)?;
    let mut shares = Vec::with_capacity(count);
    for _ in 0..count {
        let of = read_share_of(r)?;
        shares.push(Share {
            of,
            ns: r.number()?,
            slices: r.number()?,
        });
    }
    Ok(Density {
        until,
        slices,
        forced,
        voluntary,
        requests,
        last,
        shares,
    })
}
