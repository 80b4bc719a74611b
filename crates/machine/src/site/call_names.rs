//! What Linux calls the system calls, for the statistics. A call of the virtual kernel that Linux makes by several names has the usual one.

use heddle_vm::contract::{Memory, Posix, Semaphore, SignalCall, SystemCall};

/// The name of a call; `None` where a real computer makes none (C code that only computes, settings of the interpreter) or where it depends
/// on what the call finds ([`SystemCall::Wake`] with nobody to wake).
pub(super) fn name_of(call: &SystemCall) -> Option<&'static str> {
    Some(match call {
        SystemCall::Sleep { .. } => "clock_nanosleep",
        SystemCall::Wait { .. } => "futex_wait",
        SystemCall::StartThread { .. } => "clone",
        SystemCall::Yield => "sched_yield",
        SystemCall::Nice { .. } => "setpriority",
        SystemCall::Exit { .. } => "exit_group",
        SystemCall::Usage { .. } => "getrusage",
        // A computer touches memory without a call.
        SystemCall::Posix(Posix::Memory(Memory::Read { .. } | Memory::Write { .. })) => return None,
        SystemCall::Posix(call) => posix(call),
        SystemCall::Signal(call) => signal(call),
        _ => return None,
    })
}

fn signal(call: &SignalCall) -> &'static str {
    match call {
        SignalCall::Action { .. } => "sigaction",
        SignalCall::Send { .. } => "kill",
        SignalCall::Timer { .. } => "setitimer",
        SignalCall::Mask { .. } => "sigprocmask",
        SignalCall::Pending => "sigpending",
        SignalCall::Wait { .. } => "sigtimedwait",
        SignalCall::Pause => "pause",
    }
}

fn posix(call: &Posix) -> &'static str {
    match call {
        Posix::Open { .. } => "open",
        Posix::Close { .. } => "close",
        Posix::Read { .. } => "read",
        Posix::Write { .. } => "write",
        Posix::Lseek { .. } => "lseek",
        Posix::Ftruncate { .. } => "ftruncate",
        Posix::Fstat { .. } => "fstat",
        Posix::Stat { .. } => "stat",
        Posix::Isatty { .. } | Posix::Available { .. } => "ioctl",
        Posix::Dup { .. } => "dup",
        Posix::Dup2 { .. } => "dup2",
        Posix::Pipe => "pipe",
        Posix::Inheritable { .. } => "ioctl",
        Posix::CloseAll { .. } => "close_range",
        Posix::Exec(_) => "execve",
        // In glibc a semaphore makes a call only to wait, or to wake somebody.
        Posix::Semaphore(Semaphore::Take { .. }) => "futex_wait",
        Posix::Semaphore(Semaphore::Give { .. }) => "futex_wake",
        Posix::Semaphore(Semaphore::Unlink { .. }) => "unlink",
        Posix::Semaphore(Semaphore::Close { .. }) => "munmap",
        Posix::Semaphore(_) => "open",
        Posix::Space => "statfs",
        Posix::Memory(Memory::Unmap { .. }) => "munmap",
        Posix::Memory(Memory::Resize { .. }) => "mremap",
        Posix::Memory(_) => "mmap",
        Posix::Fork => "clone",
        Posix::WaitPid { .. } => "wait4",
        Posix::Kill { .. } => "kill",
        Posix::SetGroup { .. } => "setpgid",
        Posix::Group { .. } => "getpgid",
        Posix::NewSession => "setsid",
        Posix::Session { .. } => "getsid",
        Posix::Flock { .. } => "flock",
        Posix::Lockf { .. } | Posix::FindLock { .. } | Posix::PipeSize { .. } => "fcntl",
        Posix::ReadDir { .. } => "getdents",
        Posix::Mkdir { .. } => "mkdir",
        Posix::Rmdir { .. } => "rmdir",
        Posix::Unlink { .. } => "unlink",
        Posix::Rename { .. } => "rename",
        Posix::Symlink { .. } => "symlink",
        Posix::Readlink { .. } => "readlink",
        Posix::Access { .. } => "access",
        Posix::Chmod { .. } => "chmod",
        Posix::Utime { .. } => "utimensat",
        Posix::Chdir { .. } => "chdir",
        Posix::Getcwd => "getcwd",
        Posix::Nonblocking { .. } | Posix::FileFlags { .. } => "fcntl",
        Posix::Poll { .. } => "poll",
        Posix::EpollCreate => "epoll_create1",
        Posix::EpollControl { .. } => "epoll_ctl",
        Posix::EpollWait { .. } => "epoll_wait",
        Posix::Socket { .. } => "socket",
        Posix::SocketPair { .. } => "socketpair",
        Posix::Bind { .. } => "bind",
        Posix::Listen { .. } => "listen",
        Posix::Accept { .. } => "accept",
        Posix::Connect { .. } => "connect",
        Posix::Send { .. } => "send",
        Posix::Receive { .. } => "recv",
        Posix::SendRights { .. } => "sendmsg",
        Posix::ReceiveRights { .. } => "recvmsg",
        Posix::Shutdown { .. } => "shutdown",
        Posix::SocketName { .. } => "getsockname",
        Posix::SocketError { .. } => "getsockopt",
        Posix::Resolve { .. } => "getaddrinfo",
        #[allow(unreachable_patterns, reason = "a new call counts before it has a name here")]
        _ => "other",
    }
}
