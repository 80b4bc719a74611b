//! `_processes`: what `posix`, `fcntl` and `_multiprocessing` say of other processes: forks, programs, ends, groups and sessions, locks on files,
//! semaphores.

use crate::posix::{ask, done, fd_of, number};
use heddle_vm::contract::{Exec, FileLock, Posix, Resume, Semaphore, SystemCall};
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

/// The bytes of each item of a list or tuple.
fn strings(p: &mut Process, list: Value) -> NativeResult<Vec<Vec<u8>>> {
    let items = match p.as_tuple(list).or_else(|| p.as_list(list).map(Vec::as_slice)) {
        Some(items) => items.to_vec(),
        None => return Err(p.type_error("a tuple or list is due")),
    };
    items.into_iter().map(|item| p.buffer_bytes(item)).collect()
}

/// `_exec(path, arguments, names, values)`, all as bytes: comes back only if it fails.
fn exec(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path, argv, names, values] = p.exactly(args, "exec")?;
    let exec = Exec {
        path: p.buffer_bytes(path)?,
        argv: strings(p, argv)?,
        environ: strings(p, names)?.into_iter().zip(strings(p, values)?).collect(),
    };
    done(p, Posix::Exec(Box::new(exec)), None)
}

/// `_close_all(first, end, keep)`
fn close_all(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [first, end, keep] = p.exactly(args, "close_all")?;
    let (first, end) = (fd_of(p, first)?, fd_of(p, end)?);
    let kept = p.as_list(keep).cloned().unwrap_or_default();
    let keep = kept.into_iter().map(|fd| fd_of(p, fd)).collect::<NativeResult<_>>()?;
    done(p, Posix::CloseAll { first, end, keep }, None)
}

/// `_space()`: free pages of the file system, and all.
fn space(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "space")?;
    match ask(p, Posix::Space, None)? {
        Resume::Pair(free, all) => Ok(p.new_tuple(vec![Value::from_i32(free), Value::from_i32(all)])),
        other => Err(p.system_error(&format!("statvfs was answered with {other:?}"))),
    }
}

fn semaphore(p: &mut Process, v: Value) -> NativeResult<u32> {
    let n = p.index_i64(v)?;
    u32::try_from(n).map_err(|_| p.os_error(errno::EINVAL, None))
}

/// `_sem_open(name, value or None)`: its number.
fn sem_open(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name, value] = p.exactly(args, "sem_open")?;
    let name = p.buffer_bytes(name)?;
    let create = if value.is_none() {
        None
    } else {
        Some(semaphore(p, value)?)
    };
    number(p, Posix::Semaphore(Semaphore::Open { name, create }), None)
}

/// `_sem_take(number, wait, timeout)`: whether it was got; the time-out in seconds, None without end.
fn sem_take(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [number, wait, timeout] = p.exactly(args, "sem_take")?;
    let (semaphore, wait) = (semaphore(p, number)?, p.truth(wait)?);
    let deadline_ns = crate::thread::deadline(p, timeout)?;
    let call = Semaphore::Take {
        semaphore,
        wait,
        deadline_ns,
    };
    match p.system_call(SystemCall::Posix(Posix::Semaphore(call)))? {
        Resume::Done => Ok(Value::TRUE),
        Resume::TimedOut | Resume::Error(errno::EAGAIN) => Ok(Value::FALSE),
        Resume::Error(error) => Err(p.os_error(error, None)),
        other => Err(p.system_error(&format!("the kernel answered {other:?}"))),
    }
}

/// `_sem_give(number)`
fn sem_give(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [number] = p.exactly(args, "sem_give")?;
    let semaphore = semaphore(p, number)?;
    done(p, Posix::Semaphore(Semaphore::Give { semaphore }), None)
}

/// `_sem_value(number)`
fn sem_value(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [given] = p.exactly(args, "sem_value")?;
    let semaphore = semaphore(p, given)?;
    number(p, Posix::Semaphore(Semaphore::Value { semaphore }), None)
}

/// `_sem_close(number)`
fn sem_close(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [number] = p.exactly(args, "sem_close")?;
    let semaphore = semaphore(p, number)?;
    done(p, Posix::Semaphore(Semaphore::Close { semaphore }), None)
}

/// `_sem_unlink(name)`
fn sem_unlink(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.exactly(args, "sem_unlink")?;
    let name = p.buffer_bytes(name)?;
    done(p, Posix::Semaphore(Semaphore::Unlink { name }), None)
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
        Native::function("_exec", exec),
        Native::function("_close_all", close_all),
        Native::function("_space", space),
        Native::function("_sem_open", sem_open),
        Native::function("_sem_take", sem_take),
        Native::function("_sem_give", sem_give),
        Native::function("_sem_value", sem_value),
        Native::function("_sem_close", sem_close),
        Native::function("_sem_unlink", sem_unlink),
    ],
    types: &[],
    init: None,
};
