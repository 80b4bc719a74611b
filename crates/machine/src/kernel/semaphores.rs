//! Semaphores that processes share (`sem_open` and its kind). One lives until its name is taken away and no process has it open any more.

use super::{Answer, Kernel};
use crate::kernel::errno::{EAGAIN, EEXIST, EINVAL, ENOENT, ENOSPC, EOVERFLOW};
use heddle_trace::{BlockReason, ObjectId};
use heddle_vm::contract::{FIRST_SEMAPHORE, Posix, Resume, Semaphore};
use std::collections::BTreeMap;

/// Most that there are at once.
const MOST: usize = 16_384;
/// `SEM_VALUE_MAX`
const MOST_VALUE: u32 = i32::MAX as u32;

#[derive(Clone, Debug)]
struct Shared {
    value: u32,
    /// It has a name still.
    is_named: bool,
    /// How often processes have it open.
    users: BTreeMap<u32, u32>,
}

/// Those of one computer.
#[derive(Clone, Debug, Default)]
pub(super) struct Semaphores {
    all: Vec<Option<Shared>>,
    names: BTreeMap<Vec<u8>, u32>,
}

/// What the trace calls it.
fn object(semaphore: u32) -> ObjectId {
    ObjectId(FIRST_SEMAPHORE + semaphore)
}

impl Semaphores {
    /// A process has open what another one has.
    pub fn fork(&mut self, parent: u32, child: u32) {
        for shared in self.all.iter_mut().flatten() {
            if let Some(&times) = shared.users.get(&parent) {
                shared.users.insert(child, times);
            }
        }
    }

    /// A process has none open any more.
    pub fn leave(&mut self, pid: u32) {
        for place in &mut self.all {
            if let Some(shared) = place {
                shared.users.remove(&pid);
            }
            drop_if_unused(place);
        }
    }

    fn of(&mut self, semaphore: u32) -> Result<&mut Shared, i32> {
        let place = self.all.get_mut(semaphore as usize);
        place.and_then(Option::as_mut).ok_or(EINVAL)
    }

    fn open(&mut self, name: Vec<u8>, create: Option<u32>, pid: u32) -> Result<u32, i32> {
        match (self.names.get(&name).copied(), create) {
            (Some(_), Some(_)) => Err(EEXIST),
            (None, None) => Err(ENOENT),
            (Some(found), None) => {
                *self.of(found)?.users.entry(pid).or_default() += 1;
                Ok(found)
            }
            (None, Some(value)) => {
                if value > MOST_VALUE || name.is_empty() {
                    return Err(EINVAL);
                }
                let free = self.all.iter().position(Option::is_none).unwrap_or(self.all.len());
                if free >= MOST {
                    return Err(ENOSPC);
                }
                if free == self.all.len() {
                    self.all.push(None);
                }
                self.all[free] = Some(Shared {
                    value,
                    is_named: true,
                    users: BTreeMap::from([(pid, 1)]),
                });
                let semaphore = free as u32;
                self.names.insert(name, semaphore);
                Ok(semaphore)
            }
        }
    }

    fn close(&mut self, semaphore: u32, pid: u32) -> Result<(), i32> {
        let users = &mut self.of(semaphore)?.users;
        let times = users.get_mut(&pid).ok_or(EINVAL)?;
        *times -= 1;
        if *times == 0 {
            users.remove(&pid);
        }
        drop_if_unused(&mut self.all[semaphore as usize]);
        Ok(())
    }

    fn unlink(&mut self, name: &[u8]) -> Result<(), i32> {
        let semaphore = self.names.remove(name).ok_or(ENOENT)?;
        self.of(semaphore)?.is_named = false;
        drop_if_unused(&mut self.all[semaphore as usize]);
        Ok(())
    }
}

fn drop_if_unused(place: &mut Option<Shared>) {
    place.take_if(|shared| !shared.is_named && shared.users.is_empty());
}

impl Kernel {
    pub(super) fn semaphore(&mut self, now_ns: u64, call: Semaphore) -> Answer {
        let pid = self.current;
        let semaphores = &mut self.semaphores;
        let outcome = match call {
            Semaphore::Open { name, create } => semaphores
                .open(name, create, pid)
                .map(|number| Resume::Int(number.into())),
            Semaphore::Take {
                semaphore,
                wait,
                deadline_ns,
            } => match semaphores.of(semaphore) {
                Ok(shared) if shared.value > 0 => {
                    shared.value -= 1;
                    Ok(Resume::Done)
                }
                Ok(_) if !wait => Err(EAGAIN),
                Ok(_) if deadline_ns.is_some_and(|deadline| deadline <= now_ns) => Ok(Resume::TimedOut),
                Ok(_) => {
                    let reason = BlockReason::SharedSemaphore {
                        object: object(semaphore),
                    };
                    return Answer::Later(reason, Posix::Semaphore(call));
                }
                Err(error) => Err(error),
            },
            Semaphore::Give { semaphore } => match semaphores.of(semaphore) {
                Ok(shared) if shared.value >= MOST_VALUE => Err(EOVERFLOW),
                Ok(shared) => {
                    shared.value += 1;
                    self.changed = true;
                    Ok(Resume::Done)
                }
                Err(error) => Err(error),
            },
            Semaphore::Value { semaphore } => semaphores.of(semaphore).map(|shared| Resume::Int(shared.value.into())),
            Semaphore::Close { semaphore } => semaphores.close(semaphore, pid).map(|()| Resume::Done),
            Semaphore::Unlink { name } => semaphores.unlink(&name).map(|()| Resume::Done),
        };
        Answer::Now(outcome.unwrap_or_else(Resume::Error))
    }
}
