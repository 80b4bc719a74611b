//! Readiness: what can be done with a descriptor without waiting, and `poll`, which waits for any of several.

use super::errno::*;
use super::{Answer, Behind, Kernel, OpenFile};
use heddle_trace::BlockReason;
use heddle_vm::contract::{Posix, Resume};

impl Kernel {
    /// Everything that is so with this descriptor now, as bits of `poll`.
    pub(super) fn events_of(&self, fd: i32) -> i16 {
        self.file(fd).map_or(POLLNVAL, |file| self.events_of_file(file))
    }

    /// The same of an open file.
    pub(super) fn events_of_file(&self, file: &OpenFile) -> i16 {
        match file.behind {
            Behind::Inode(_) => POLLIN | POLLOUT,
            Behind::Stdin => POLLIN,
            Behind::Out(_) => POLLOUT,
            Behind::PipeRead(pipe) => {
                let pipe = &self.pipes[pipe];
                let data = if pipe.bytes.is_empty() { 0 } else { POLLIN };
                data | if pipe.writers == 0 { POLLHUP } else { 0 }
            }
            Behind::PipeWrite(pipe) => {
                let pipe = &self.pipes[pipe];
                let room = if pipe.size.saturating_sub(pipe.bytes.len()) >= 4096 {
                    POLLOUT
                } else {
                    0
                };
                room | if pipe.readers == 0 { POLLERR } else { 0 }
            }
            Behind::Socket(at) => self.socket_events(at),
            Behind::Epoll(at) if self.epoll_is_ready(at) => POLLIN,
            Behind::Epoll(_) => 0,
        }
    }

    /// `poll`: the descriptors about which there is something to say; negative ones are passed over.
    pub(super) fn poll(&mut self, now_ns: u64, wanted: Vec<(i32, i16)>, deadline_ns: Option<u64>) -> Answer {
        let always = POLLERR | POLLHUP | POLLNVAL;
        let found: Vec<(i32, i16)> = wanted
            .iter()
            .filter(|(fd, _)| *fd >= 0)
            .map(|&(fd, events)| (fd, self.events_of(fd) & (events | always)))
            .filter(|(_, events)| *events != 0)
            .collect();
        if !found.is_empty() || deadline_ns.is_some_and(|deadline| deadline <= now_ns) {
            return Answer::Now(Resume::Ready(found));
        }
        Answer::Later(BlockReason::Select, Posix::Poll { wanted, deadline_ns })
    }
}
