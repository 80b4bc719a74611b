//! `epoll`: sets of open files that the kernel keeps, asked for those with something to say.
//!
//! A file is told of as long as there is something (levels), when something has come since it was told last (edges, `EPOLLET`), or once until it
//! is asked about again (`EPOLLONESHOT`). An edge is a bit of `poll` that was not there before, or more bytes, datagrams or connections than
//! had come, or for writing, more that the other end has taken. Linux tells some of the latter only after a write has failed; programs for
//! edges must bear more of them anyway. `EPOLLEXCLUSIVE` and `EPOLLWAKEUP` change nothing.

use super::errno::*;
use super::{Answer, Behind, Kernel, Outcome};
use heddle_trace::BlockReason;
use heddle_vm::contract::{Posix, Resume};

const EDGES: u32 = 1 << 31;
const ONCE: u32 = 1 << 30;
/// How deep sets may be in sets: Linux's `EP_MAX_NESTS`, and one for the outermost.
const MOST_NESTED: u32 = 5;

/// What has happened to a file so far.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    events: i16,
    came: u64,
    taken: u64,
}

/// A file of a set.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    fd: i32,
    /// The open file.
    file: usize,
    events: u32,
    /// It was told once, and nobody has asked about it again.
    is_spent: bool,
    /// When it was told last; `None`: it was not yet.
    seen: Option<Seen>,
}

impl Watch {
    /// The bits of `poll` that it is asked about.
    fn wanted(&self) -> i16 {
        (self.events & 0x7fff) as i16 | POLLERR | POLLHUP
    }

    /// What is to be told of it now.
    fn news(&self, now: Seen) -> i16 {
        let events = now.events & self.wanted();
        if self.is_spent {
            return 0;
        }
        match self.seen {
            Some(seen) if self.events & EDGES != 0 => {
                let new_bits = events & !seen.events != 0;
                let more_in = now.came != seen.came && events & POLLIN != 0;
                let more_room = now.taken != seen.taken && events & POLLOUT != 0;
                if new_bits || more_in || more_room { events } else { 0 }
            }
            _ => events,
        }
    }
}

impl Kernel {
    pub(super) fn epoll_create(&mut self) -> Outcome {
        self.epolls.push(Vec::new());
        let index = self.add_open(Behind::Epoll(self.epolls.len() - 1), 0);
        self.install(index)
    }

    fn epoll_set(&self, fd: i32) -> Result<usize, i32> {
        match self.file(fd)?.behind {
            Behind::Epoll(at) => Ok(at),
            _ => Err(EINVAL),
        }
    }

    /// `epoll_ctl`: 1 adds, 2 takes away, 3 asks about something else.
    pub(super) fn epoll_control(&mut self, epoll: i32, operation: i32, fd: i32, events: u32) -> Outcome {
        let file = self.index(fd)?;
        let at = self.epoll_set(epoll)?;
        match self.file(fd)?.behind {
            Behind::Inode(_) => return Err(EPERM),
            Behind::Epoll(inner) if operation == 1 && inner == at => return Err(EINVAL),
            Behind::Epoll(inner) if operation == 1 && self.reaches(inner, at, MOST_NESTED) => return Err(ELOOP),
            _ => {}
        }
        let set = self.epolls.get_mut(at).ok_or(EBADF)?;
        let place = set.iter().position(|watch| (watch.fd, watch.file) == (fd, file));
        let watch = Watch {
            fd,
            file,
            events,
            is_spent: false,
            seen: None,
        };
        match (operation, place) {
            (1, Some(_)) => return Err(EEXIST),
            (1, None) => set.push(watch),
            (2 | 3, None) => return Err(ENOENT),
            (2, Some(place)) => drop(set.remove(place)),
            (3, Some(place)) => set[place] = watch,
            _ => return Err(EINVAL),
        }
        // Somebody may be waiting for this set.
        self.changed = true;
        Ok(Resume::Done)
    }

    /// Whether a set contains another one, or is nested too deeply.
    fn reaches(&self, from: usize, to: usize, depth: u32) -> bool {
        if from == to || depth == 0 {
            return true;
        }
        let watched = self.epolls.get(from).map_or(&[][..], Vec::as_slice);
        watched.iter().any(|watch| match self.open.get(watch.file) {
            Some(Some(file)) => match file.behind {
                Behind::Epoll(inner) => self.reaches(inner, to, depth - 1),
                _ => false,
            },
            _ => false,
        })
    }

    /// Whether a set has something to tell.
    pub(super) fn epoll_is_ready(&self, at: usize) -> bool {
        let watched = self.epolls.get(at).map_or(&[][..], Vec::as_slice);
        watched.iter().any(|watch| watch.news(self.seen_of(watch.file)) != 0)
    }

    /// What has happened to an open file so far.
    fn seen_of(&self, index: usize) -> Seen {
        let Some(Some(file)) = self.open.get(index) else {
            return Seen::default();
        };
        let (came, taken) = match file.behind {
            Behind::PipeRead(pipe) => (self.pipes.get(pipe).map_or(0, |pipe| pipe.written), 0),
            Behind::PipeWrite(pipe) => {
                let taken = |pipe: &super::PipeBuffer| pipe.written - pipe.bytes.len() as u64;
                (0, self.pipes.get(pipe).map_or(0, taken))
            }
            Behind::Socket(at) => self.traffic(at),
            _ => (0, 0),
        };
        Seen {
            events: self.events_of_file(file),
            came,
            taken,
        }
    }

    /// `epoll_wait`
    pub(super) fn epoll_wait(&mut self, now_ns: u64, epoll: i32, most: usize, deadline_ns: Option<u64>) -> Answer {
        let at = match self.epoll_set(epoll) {
            Ok(at) => at,
            Err(error) => return Answer::Now(Resume::Error(error)),
        };
        let mut set = std::mem::take(&mut self.epolls[at]);
        let mut found = Vec::new();
        let mut told = 0;
        for (place, watch) in set.iter_mut().enumerate() {
            let now = self.seen_of(watch.file);
            let events = watch.news(now);
            if events == 0 {
                // A bit that comes back is an edge.
                if let Some(seen) = &mut watch.seen {
                    seen.events &= now.events;
                }
            } else if found.len() < most {
                watch.seen = Some(now);
                watch.is_spent = watch.events & ONCE != 0;
                found.push((watch.fd, events));
                told = place + 1;
            }
        }
        if found.len() == most {
            // The others have their turn next.
            set.rotate_left(told);
        }
        self.epolls[at] = set;
        if !found.is_empty() || deadline_ns.is_some_and(|deadline| deadline <= now_ns) {
            return Answer::Now(Resume::Ready(found));
        }
        let again = Posix::EpollWait {
            epoll,
            most,
            deadline_ns,
        };
        Answer::Later(BlockReason::Select, again)
    }

    /// An open file is gone: from all sets too.
    pub(super) fn epoll_forget(&mut self, index: usize) {
        for set in &mut self.epolls {
            set.retain(|watch| watch.file != index);
        }
    }
}
