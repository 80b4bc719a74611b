//! Descriptors that travel over sockets of this computer (`SCM_RIGHTS`). One is on its way with the first byte of its message: who reads that byte
//! gets it, or loses it if it reads without asking. A read does not go on into the next message that brings some, as under Linux.

use super::errno::*;
use super::{Answer, Kernel};
use heddle_vm::contract::{Posix, Resume};

/// Most descriptors of a message: Linux's `SCM_MAX_FD`.
const MOST_RIGHTS: usize = 253;
/// Most open files on their way at once.
const MOST_ON_THE_WAY: usize = 1024;

/// Open files that have come with the byte at this place of a stream, counted from its beginning.
#[derive(Clone, Debug)]
pub(super) struct Rights {
    pub at: u64,
    files: Vec<usize>,
}

impl Kernel {
    /// `sendmsg` with descriptors.
    pub(super) fn send_rights(&mut self, now_ns: u64, fd: i32, data: Vec<u8>, rights: Vec<i32>, wait: bool) -> Answer {
        let files = match self.files_of(fd, &data, &rights) {
            Ok(files) => files,
            Err(error) => return Answer::Now(Resume::Error(error)),
        };
        let peer = self.socket_of(fd).ok().and_then(|at| self.peer_of(at));
        let before = peer.map(|peer| self.traffic(peer).0);
        match self.send(now_ns, fd, data, None, wait) {
            Answer::Now(Resume::Int(sent)) => {
                if let (Some(peer), Some(at)) = (peer, before)
                    && sent > 0
                    && let Ok(socket) = self.socket_mut(peer)
                {
                    socket.rights.push_back(Rights {
                        at,
                        files: files.clone(),
                    });
                    for file in files {
                        if let Some(Some(file)) = self.open.get_mut(file) {
                            file.descriptors += 1;
                        }
                    }
                }
                Answer::Now(Resume::Int(sent))
            }
            Answer::Later(reason, Posix::Send { fd, data, wait, .. }) => {
                Answer::Later(reason, Posix::SendRights { fd, data, rights, wait })
            }
            other => other,
        }
    }

    /// The open files behind descriptors, if they can be sent over this one.
    fn files_of(&self, fd: i32, data: &[u8], rights: &[i32]) -> Result<Vec<usize>, i32> {
        let at = self.socket_of(fd)?;
        if rights.len() > MOST_RIGHTS || data.is_empty() || !self.socket(at)?.takes_rights() {
            return Err(EINVAL);
        }
        let on_the_way = self.sockets.iter().flatten().flat_map(|socket| &socket.rights);
        if on_the_way.map(|rights| rights.files.len()).sum::<usize>() + rights.len() > MOST_ON_THE_WAY {
            return Err(ETOOMANYREFS);
        }
        rights.iter().map(|&fd| self.index(fd)).collect()
    }

    /// `recvmsg` with room for so many descriptors; what does not fit is closed.
    pub(super) fn receive_rights(&mut self, fd: i32, len: u64, most: usize, wait: bool) -> Answer {
        self.receive_or_wait(
            (fd, len, false, wait),
            |kernel, (data, _)| {
                kernel.changed = true;
                let files = std::mem::take(&mut kernel.arrived);
                let cut = files.len() > most;
                let mut descriptors = Vec::new();
                for file in files {
                    if descriptors.len() < most
                        && let Ok(Resume::Int(fd)) = kernel.install(file)
                    {
                        kernel.inherited.insert(fd as i32);
                        descriptors.push(fd as i32);
                    }
                    kernel.forget_file(file);
                }
                Resume::Rights(data, descriptors, cut)
            },
            Posix::ReceiveRights { fd, len, most, wait },
        )
    }

    /// How much of a stream can be read at once, being asked for so much, and the open files that come with it.
    pub(super) fn rights_within(&mut self, at: usize, len: usize, peek: bool) -> usize {
        let Ok(socket) = self.socket_mut(at) else { return len };
        let begin = socket.came - socket.bytes.len() as u64;
        let mut end = begin + len.min(socket.bytes.len()) as u64;
        let mut found = Vec::new();
        while let Some(rights) = socket.rights.front() {
            if rights.at >= end || end == begin {
                break;
            }
            if rights.at > begin {
                // They come with the next read.
                end = rights.at;
                break;
            }
            if peek {
                break;
            }
            found.extend(socket.rights.pop_front().map(|rights| rights.files).unwrap_or_default());
            if let Some(next) = socket.rights.front() {
                end = end.min(next.at);
            }
        }
        self.drop_arrived();
        self.arrived = found;
        (end - begin) as usize
    }

    /// Nobody has asked for the descriptors that the last read brought.
    pub(super) fn drop_arrived(&mut self) {
        for file in std::mem::take(&mut self.arrived) {
            self.forget_file(file);
        }
    }

    /// A socket is closed with descriptors on their way to it.
    pub(super) fn drop_rights(&mut self, rights: impl IntoIterator<Item = Rights>) {
        for file in rights.into_iter().flat_map(|rights| rights.files) {
            self.forget_file(file);
        }
    }

    fn forget_file(&mut self, file: usize) {
        if let Some(Some(open)) = self.open.get_mut(file) {
            open.descriptors = open.descriptors.saturating_sub(1);
        }
        self.drop_if_unused(file);
    }
}
