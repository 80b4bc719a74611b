//! `_processes`: what `posix` and `fcntl` say of other processes: forks, ends, groups and sessions, locks on files.

use crate::posix::{ask, done, fd_of, number};
use heddle_vm::contract::{FileLock, Posix, Resume};
use heddle_vm::errno;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

const WEXITED: i32 = 4;
/// `WNOHANG`, `WUNTRACED`, `WCONTINUED`
const OF_WAITPID: i32 = 1 | 2 | 8;

/// `_fork()`: the copy of the process without the hooks around it.
fn fork(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "fork")?;
    if !p.allowed.fork {
        return Err(p.runtime_error("fork not supported for isolated subinterpreters"));
    }
    number(p, Posix::Fork, None)
}

fn wait_for(p: &mut Process, pid: i32, options: i32) -> NativeResult {
    match ask(p, Posix::WaitPid { pid, options }, None)? {
        Resume::Pair(pid, status) => Ok(p.new_tuple(vec![Value::from_i32(pid), Value::from_i32(status)])),
        other => Err(p.system_error(&format!("waitpid was answered with {other:?}"))),
    }
}

/// `waitpid(pid, options)`
fn waitpid(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [pid, options] = p.exactly(args, "waitpid")?;
    let (pid, options) = (fd_of(p, pid)?, fd_of(p, options)?);
    if options & !OF_WAITPID != 0 {
        return Err(p.os_error(errno::EINVAL, None));
    }
    wait_for(p, pid, options | WEXITED)
}

/// `_wait(pid, options)`: the options of `waitid`, the process id and the answer of `waitpid`.
fn wait(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [pid, options] = p.exactly(args, "wait")?;
    let (pid, options) = (fd_of(p, pid)?, fd_of(p, options)?);
    wait_for(p, pid, options)
}

/// `_kill(pid, signal)` of a process or group.
fn kill(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [pid, signal] = p.exactly(args, "kill")?;
    let (pid, signal) = (fd_of(p, pid)?, fd_of(p, signal)?);
    let Some(signal) = u8::try_from(signal).ok().filter(|signal| *signal <= 64) else {
        return Err(p.os_error(errno::EINVAL, None));
    };
    done(p, Posix::Kill { pid, signal }, None)
}

fn setpgid(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [pid, group] = p.exactly(args, "setpgid")?;
    let (pid, group) = (fd_of(p, pid)?, fd_of(p, group)?);
    done(p, Posix::SetGroup { pid, group }, None)
}

fn getpgid(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [pid] = p.bind(args, "getpgid", ["pid"], 1)?;
    let pid = fd_of(p, pid.unwrap_or(Value::NONE))?;
    number(p, Posix::Group { pid }, None)
}

fn getsid(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [pid] = p.exactly(args, "getsid")?;
    let pid = fd_of(p, pid)?;
    number(p, Posix::Session { pid }, None)
}

fn setsid(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "setsid")?;
    ask(p, Posix::NewSession, None)?;
    Ok(Value::NONE)
}

/// `_flock(fd, operation)`
fn flock(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, operation] = p.exactly(args, "flock")?;
    let (fd, operation) = (fd_of(p, fd)?, fd_of(p, operation)?);
    done(p, Posix::Flock { fd, operation }, None)
}

/// The fields of `struct flock` from the second argument on.
fn lock_of(p: &mut Process, fields: [Value; 4]) -> NativeResult<FileLock> {
    let [kind, whence, start, len] = fields;
    let short = |n: i64| i16::try_from(n).unwrap_or(i16::MAX);
    Ok(FileLock {
        kind: short(p.index_i64(kind)?),
        whence: short(p.index_i64(whence)?),
        start: p.index_i64(start)?,
        len: p.index_i64(len)?,
    })
}

/// `_lock(fd, kind, whence, start, len, wait)`
fn lock(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, kind, whence, start, len, wait] = p.exactly(args, "lock")?;
    let fd = fd_of(p, fd)?;
    let lock = lock_of(p, [kind, whence, start, len])?;
    let wait = p.truth(wait)?;
    done(p, Posix::Lockf { fd, lock, wait }, None)
}

/// `_find_lock(fd, kind, whence, start, len)`: kind, start, length and process of one that is in the way, or None.
fn find_lock(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, kind, whence, start, len] = p.exactly(args, "find_lock")?;
    let fd = fd_of(p, fd)?;
    let lock = lock_of(p, [kind, whence, start, len])?;
    match ask(p, Posix::FindLock { fd, lock }, None)? {
        Resume::Lock(None) => Ok(Value::NONE),
        Resume::Lock(Some((lock, pid))) => {
            let numbers = [i64::from(lock.kind), lock.start, lock.len, i64::from(pid)];
            let numbers = numbers.map(|n| p.new_int(n)).to_vec();
            Ok(p.new_tuple(numbers))
        }
        other => Err(p.system_error(&format!("the kernel answered {other:?}"))),
    }
}

/// `_pipe_size(fd, size or None)`
fn pipe_size(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, set] = p.exactly(args, "pipe_size")?;
    let fd = fd_of(p, fd)?;
    let set = if set.is_none() { None } else { Some(p.index_i64(set)?) };
    number(p, Posix::PipeSize { fd, set }, None)
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_processes",
    doc: "",
    functions: &[
        Native::function("_fork", fork),
        Native::function("waitpid", waitpid).sig("($module, pid, options, /)"),
        Native::function("_wait", wait),
        Native::function("_kill", kill),
        Native::function("setpgid", setpgid).sig("($module, pid, pgrp, /)"),
        Native::function("getpgid", getpgid).sig("($module, /, pid)"),
        Native::function("getsid", getsid).sig("($module, pid, /)"),
        Native::function("setsid", setsid).sig("($module, /)"),
        Native::function("_flock", flock),
        Native::function("_lock", lock),
        Native::function("_find_lock", find_lock),
        Native::function("_pipe_size", pipe_size),
    ],
    types: &[],
    init: None,
};
