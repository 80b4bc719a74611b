//! `posix`: calls of the virtual kernel under their Python names.

use heddle_vm::contract::{DefaultWorkers, FileStat, Posix, Resume, SystemCall, WorkerRule};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

/// Makes a kernel call; OSError with the path, if there is one, when it fails.
pub(crate) fn ask(p: &mut Process, call: Posix, path: Option<Value>) -> NativeResult<Resume> {
    match p.system_call(SystemCall::Posix(call))? {
        Resume::Error(errno) => Err(p.os_error(errno, path)),
        answer => Ok(answer),
    }
}

pub(crate) fn done(p: &mut Process, call: Posix, path: Option<Value>) -> NativeResult {
    ask(p, call, path)?;
    Ok(Value::NONE)
}

pub(crate) fn number(p: &mut Process, call: Posix, path: Option<Value>) -> NativeResult {
    match ask(p, call, path)? {
        Resume::Int(n) => Ok(p.new_int(n)),
        other => Err(p.system_error(&format!("the kernel answered {other:?} where a number was due"))),
    }
}

/// A path argument as bytes: str, bytes or os.PathLike.
pub(crate) fn path_bytes(p: &mut Process, v: Value, function: &str) -> NativeResult<Vec<u8>> {
    if let Some(s) = p.as_pystr(v) {
        let bytes = surrogates_to_bytes(s.bytes());
        return no_nul(p, bytes);
    }
    if let Some(b) = p.as_bytes(v).map(<[u8]>::to_vec) {
        return no_nul(p, b);
    }
    if let Some(inner) = p.call_special(v, heddle_vm::names::FSPATH, &[])? {
        return path_bytes(p, inner, function);
    }
    let name = p.type_name(v);
    Err(p.type_error(&format!(
        "{function}: path should be string, bytes or os.PathLike, not {name}"
    )))
}

fn no_nul(p: &mut Process, bytes: Vec<u8>) -> NativeResult<Vec<u8>> {
    if bytes.contains(&0) {
        return Err(p.value_error("embedded null byte"));
    }
    Ok(bytes)
}

/// The file system encoding: UTF-8 where lone surrogates U+DC80…U+DCFF stand for single bytes.
fn surrogates_to_bytes(wtf8: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(wtf8.len());
    let mut i = 0;
    while i < wtf8.len() {
        match wtf8[i..] {
            [0xED, b, c, ..] if (0xB2..=0xB3).contains(&b) => {
                out.push(((b & 3) << 6) | (c & 0x3F));
                i += 3;
            }
            _ => {
                out.push(wtf8[i]);
                i += 1;
            }
        }
    }
    out
}

/// The way back.
fn path_value(p: &mut Process, bytes: &[u8], as_bytes: bool) -> Value {
    if as_bytes {
        return p.new_bytes(bytes);
    }
    let mut text = rustpython_wtf8::Wtf8Buf::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for &b in chunk.invalid() {
            if let Some(c) = rustpython_wtf8::CodePoint::from_u32(0xDC00 + u32::from(b)) {
                text.push(c);
            }
        }
    }
    p.new_wtf8(text)
}

pub(crate) fn fd_of(p: &mut Process, v: Value) -> NativeResult<i32> {
    let n = p.index_i64(v)?;
    match i32::try_from(n) {
        Ok(fd) => Ok(fd),
        Err(_) => Err(p.overflow_error("Python int too large to convert to C int")),
    }
}

fn integer(p: &mut Process, v: Option<Value>, default: i64) -> NativeResult<i64> {
    match v.filter(|v| !v.is_none()) {
        Some(v) => p.index_i64(v),
        None => Ok(default),
    }
}

/// What a system without an argument says of it, as CPython does.
fn unavailable(p: &mut Process, what: &str) -> Unwind {
    let text = format!("{what} unavailable on this platform");
    p.error(heddle_vm::types::core::NOT_IMPLEMENTED_ERROR, &text)
}

/// `dir_fd`: the kernel knows no paths from an open folder.
fn no_dir(p: &mut Process, dir: Option<Value>) -> NativeResult<()> {
    let Some(dir) = dir.filter(|dir| !dir.is_none()) else {
        return Ok(());
    };
    if p.is_int(dir) {
        return Err(unavailable(p, "dir_fd"));
    }
    let name = p.type_name(dir);
    Err(p.type_error(&format!("argument should be integer or None, not {name}")))
}

/// `follow_symlinks` where only True is known.
fn only_following(p: &mut Process, function: &str, follow: Option<Value>) -> NativeResult<()> {
    match follow {
        Some(follow) if !p.truth(follow)? => Err(unavailable(p, &format!("{function}: follow_symlinks"))),
        _ => Ok(()),
    }
}

fn open(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path, flags, mode, dir] = p.bind(args, "open", ["path", "flags", "mode", "*dir_fd"], 2)?;
    no_dir(p, dir)?;
    let path = path.unwrap_or(Value::NONE);
    let bytes = path_bytes(p, path, "open")?;
    let flags = integer(p, flags, 0)? as i32;
    let mode = integer(p, mode, 0o777)? as u32 & !p.config.umask;
    number(
        p,
        Posix::Open {
            path: bytes,
            flags,
            mode,
        },
        Some(path),
    )
}

fn close(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "close")?;
    let fd = fd_of(p, fd)?;
    done(p, Posix::Close { fd }, None)
}

fn read(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, len] = p.exactly(args, "read")?;
    let (fd, len) = (fd_of(p, fd)?, p.index_i64(len)?);
    if len < 0 {
        return Err(p.os_error(heddle_vm::errno::EINVAL, None));
    }
    match ask(p, Posix::Read { fd, len: len as u64 }, None)? {
        Resume::Bytes(b) => Ok(p.new_bytes(&b)),
        other => Err(p.system_error(&format!("read was answered with {other:?}"))),
    }
}

fn write(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, data] = p.exactly(args, "write")?;
    let fd = fd_of(p, fd)?;
    let data = p.buffer_bytes(data)?;
    number(p, Posix::Write { fd, data }, None)
}

fn lseek(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, offset, whence] = p.exactly(args, "lseek")?;
    let (fd, offset, whence) = (fd_of(p, fd)?, p.index_i64(offset)?, p.index_i64(whence)? as i32);
    number(p, Posix::Lseek { fd, offset, whence }, None)
}

fn ftruncate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, length] = p.exactly(args, "ftruncate")?;
    let (fd, length) = (fd_of(p, fd)?, p.index_i64(length)?);
    done(p, Posix::Ftruncate { fd, length }, None)
}

fn isatty(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "isatty")?;
    let fd = fd_of(p, fd)?;
    match p.system_call(SystemCall::Posix(Posix::Isatty { fd }))? {
        Resume::Int(n) => Ok(Value::from_bool(n != 0)),
        _ => Ok(Value::FALSE),
    }
}

fn dup(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "dup")?;
    let fd = fd_of(p, fd)?;
    number(p, Posix::Dup { fd }, None)
}

fn dup2(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [from, to, inheritable] = p.bind(args, "dup2", ["fd", "fd2", "inheritable"], 2)?;
    let (from, to) = (
        fd_of(p, from.unwrap_or(Value::NONE))?,
        fd_of(p, to.unwrap_or(Value::NONE))?,
    );
    let inheritable = match inheritable {
        Some(v) => p.truth(v)?,
        None => true,
    };
    number(p, Posix::Dup2 { from, to, inheritable }, None)
}

fn pipe(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "pipe")?;
    match ask(p, Posix::Pipe, None)? {
        Resume::Pair(r, w) => Ok(p.new_tuple(vec![Value::from_i32(r), Value::from_i32(w)])),
        other => Err(p.system_error(&format!("pipe was answered with {other:?}"))),
    }
}

/// The fields of `stat_result`; the first ten are items, and the whole seconds have no name of their own.
const STAT_FIELDS: &[&str] = &[
    "st_mode",
    "st_ino",
    "st_dev",
    "st_nlink",
    "st_uid",
    "st_gid",
    "st_size",
    "_atime",
    "_mtime",
    "_ctime",
    "st_atime",
    "st_mtime",
    "st_ctime",
    "st_atime_ns",
    "st_mtime_ns",
    "st_ctime_ns",
    "st_blksize",
    "st_blocks",
    "st_rdev",
];

fn stat_value(p: &mut Process, s: FileStat) -> Value {
    let class = p
        .module_state
        .get("posix")
        .and_then(|m| m.first().copied())
        .unwrap_or(Value::NONE);
    let times = [s.atime_ns, s.mtime_ns, s.ctime_ns];
    let mut values: Vec<Value> = [
        i64::from(s.mode),
        s.inode as i64,
        s.device as i64,
        s.links as i64,
        i64::from(s.uid),
        i64::from(s.gid),
        s.size as i64,
    ]
    .map(|n| p.new_int(n))
    .to_vec();
    values.extend(times.map(|t| p.new_int(t.div_euclid(1_000_000_000))));
    values.extend(times.map(|t| p.new_float(t as f64 / 1e9)));
    values.extend(times.map(|t| p.new_int(t)));
    values.extend([
        Value::from_i32(4096),
        Value::from_i32(s.size.div_ceil(512) as i32),
        Value::from_i32(0),
    ]);
    p.new_structseq(class, values)
}

fn stat_call(p: &mut Process, call: Posix, path: Option<Value>) -> NativeResult {
    match ask(p, call, path)? {
        Resume::Stat(s) => Ok(stat_value(p, s)),
        other => Err(p.system_error(&format!("stat was answered with {other:?}"))),
    }
}

fn stat(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path, dir, follow] = p.bind(args, "stat", ["path", "*dir_fd", "*follow_symlinks"], 1)?;
    no_dir(p, dir)?;
    let path = path.unwrap_or(Value::NONE);
    let follow = match follow {
        Some(v) => p.truth(v)?,
        None => true,
    };
    if p.is_int(path) {
        let fd = fd_of(p, path)?;
        // Not of standard input, by an oversight of CPython's.
        if fd > 0 && !follow {
            return Err(p.value_error("stat: cannot use fd and follow_symlinks together"));
        }
        return stat_call(p, Posix::Fstat { fd }, None);
    }
    let bytes = path_bytes(p, path, "stat")?;
    stat_call(p, Posix::Stat { path: bytes, follow }, Some(path))
}

fn lstat(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path, dir] = p.bind(args, "lstat", ["path", "*dir_fd"], 1)?;
    no_dir(p, dir)?;
    let path = path.unwrap_or(Value::NONE);
    let bytes = path_bytes(p, path, "lstat")?;
    stat_call(
        p,
        Posix::Stat {
            path: bytes,
            follow: false,
        },
        Some(path),
    )
}

fn fstat(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "fstat")?;
    let fd = fd_of(p, fd)?;
    stat_call(p, Posix::Fstat { fd }, None)
}

/// Calls with one path and nothing else.
fn with_path(p: &mut Process, args: Args<'_>, name: &str, call: fn(Vec<u8>) -> Posix) -> NativeResult {
    let [path, dir] = p.bind(args, name, ["path", "*dir_fd"], 1)?;
    no_dir(p, dir)?;
    let path = path.unwrap_or(Value::NONE);
    let bytes = path_bytes(p, path, name)?;
    done(p, call(bytes), Some(path))
}

fn chdir(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path] = p.bind(args, "chdir", ["path"], 1)?;
    let path = path.unwrap_or(Value::NONE);
    let bytes = path_bytes(p, path, "chdir")?;
    done(p, Posix::Chdir { path: bytes }, Some(path))
}

fn mkdir(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path, mode, dir] = p.bind(args, "mkdir", ["path", "mode", "*dir_fd"], 1)?;
    no_dir(p, dir)?;
    let path = path.unwrap_or(Value::NONE);
    let bytes = path_bytes(p, path, "mkdir")?;
    let mode = integer(p, mode, 0o777)? as u32 & !p.config.umask;
    done(p, Posix::Mkdir { path: bytes, mode }, Some(path))
}

fn chmod(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path, mode, dir, follow] = p.bind(args, "chmod", ["path", "mode", "*dir_fd", "*follow_symlinks"], 2)?;
    no_dir(p, dir)?;
    only_following(p, "chmod", follow)?;
    let path = path.unwrap_or(Value::NONE);
    let bytes = path_bytes(p, path, "chmod")?;
    let mode = p.index_i64(mode.unwrap_or(Value::NONE))? as u32;
    done(p, Posix::Chmod { path: bytes, mode }, Some(path))
}

/// `umask(mask)`: what new files and folders are not permitted; gives what it was.
fn umask(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [mask] = p.exactly(args, "umask")?;
    let mask = fd_of(p, mask)? as u32 & 0o777;
    let before = std::mem::replace(&mut p.config.umask, mask);
    Ok(p.new_int(i64::from(before)))
}

fn access(p: &mut Process, args: Args<'_>) -> NativeResult {
    let names = ["path", "mode", "*dir_fd", "*effective_ids", "*follow_symlinks"];
    let [path, mode, dir, effective, follow] = p.bind(args, "access", names, 2)?;
    no_dir(p, dir)?;
    only_following(p, "access", follow)?;
    if let Some(effective) = effective
        && p.truth(effective)?
    {
        return Err(unavailable(p, "access: effective_ids"));
    }
    let bytes = path_bytes(p, path.unwrap_or(Value::NONE), "access")?;
    let mode = integer(p, mode, 0)? as i32;
    let answer = p.system_call(SystemCall::Posix(Posix::Access { path: bytes, mode }))?;
    Ok(Value::from_bool(!matches!(answer, Resume::Error(_) | Resume::Int(0))))
}

fn two_paths(p: &mut Process, args: Args<'_>, name: &str, call: fn(Vec<u8>, Vec<u8>) -> Posix) -> NativeResult {
    let [a, b, from_dir, to_dir] = p.bind(args, name, ["src", "dst", "*src_dir_fd", "*dst_dir_fd"], 2)?;
    no_dir(p, from_dir)?;
    no_dir(p, to_dir)?;
    let (a, b) = (a.unwrap_or(Value::NONE), b.unwrap_or(Value::NONE));
    let (x, y) = (path_bytes(p, a, name)?, path_bytes(p, b, name)?);
    done(p, call(x, y), Some(a))
}

/// `symlink(src, dst, target_is_directory=False)`, whose third argument says something to Windows only.
fn symlink(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [target, path, _, dir] = p.bind(args, "symlink", ["src", "dst", "target_is_directory", "*dir_fd"], 2)?;
    no_dir(p, dir)?;
    let (a, b) = (target.unwrap_or(Value::NONE), path.unwrap_or(Value::NONE));
    let (target, path) = (path_bytes(p, a, "symlink")?, path_bytes(p, b, "symlink")?);
    done(p, Posix::Symlink { target, path }, Some(a))
}

fn entries(
    p: &mut Process,
    path: Option<Value>,
    name: &str,
) -> NativeResult<(Vec<heddle_vm::contract::DirEntry>, bool)> {
    let (bytes, as_bytes) = match path.filter(|v| !v.is_none()) {
        Some(v) => (path_bytes(p, v, name)?, p.as_bytes(v).is_some()),
        None => (b".".to_vec(), false),
    };
    match ask(p, Posix::ReadDir { path: bytes }, path)? {
        Resume::Entries(found) => Ok((found, as_bytes)),
        other => Err(p.system_error(&format!("readdir was answered with {other:?}"))),
    }
}

fn listdir(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path] = p.bind(args, "listdir", ["path"], 0)?;
    let (found, as_bytes) = entries(p, path, "listdir")?;
    let names = found.iter().map(|e| path_value(p, &e.name, as_bytes)).collect();
    Ok(p.new_list(names))
}

/// `(name, inode, kind)` of every entry, for the Python part of `scandir`.
fn scan(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path] = p.bind(args, "_scan", ["path"], 0)?;
    let (found, as_bytes) = entries(p, path, "scandir")?;
    let mut items = Vec::with_capacity(found.len());
    for e in found {
        let name = path_value(p, &e.name, as_bytes);
        let parts = vec![name, p.new_int(e.inode as i64), p.new_int(i64::from(e.kind))];
        items.push(p.new_tuple(parts));
    }
    Ok(p.new_list(items))
}

fn readlink(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path, dir] = p.bind(args, "readlink", ["path", "*dir_fd"], 1)?;
    no_dir(p, dir)?;
    let path = path.unwrap_or(Value::NONE);
    let as_bytes = p.as_bytes(path).is_some();
    let bytes = path_bytes(p, path, "readlink")?;
    match ask(p, Posix::Readlink { path: bytes }, Some(path))? {
        Resume::Bytes(b) => Ok(path_value(p, &b, as_bytes)),
        other => Err(p.system_error(&format!("readlink was answered with {other:?}"))),
    }
}

fn current_folder(p: &mut Process, as_bytes: bool) -> NativeResult {
    match ask(p, Posix::Getcwd, None)? {
        Resume::Bytes(b) => Ok(path_value(p, &b, as_bytes)),
        other => Err(p.system_error(&format!("getcwd was answered with {other:?}"))),
    }
}

fn utime(p: &mut Process, args: Args<'_>) -> NativeResult {
    let names = ["path", "times", "*ns", "*dir_fd", "*follow_symlinks"];
    let [path, times, ns, dir, follow] = p.bind(args, "utime", names, 1)?;
    no_dir(p, dir)?;
    only_following(p, "utime", follow)?;
    let path = path.unwrap_or(Value::NONE);
    let bytes = path_bytes(p, path, "utime")?;
    let times_ns = match (times.filter(|v| !v.is_none()), ns) {
        (_, Some(ns)) => match p.as_tuple(ns).map(<[Value]>::to_vec).as_deref() {
            Some(&[a, b]) => Some((p.index_i64(a)?, p.index_i64(b)?)),
            _ => return Err(p.type_error("utime: 'ns' must be a tuple of two ints")),
        },
        (Some(times), None) => match p.as_tuple(times).map(<[Value]>::to_vec).as_deref() {
            Some(&[a, b]) => Some(((p.float_of(a)? * 1e9) as i64, (p.float_of(b)? * 1e9) as i64)),
            _ => return Err(p.type_error("utime: 'times' must be either a tuple of two ints or None")),
        },
        (None, None) => None,
    };
    done(p, Posix::Utime { path: bytes, times_ns }, Some(path))
}

fn exit_now(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [status] = p.bind(args, "_exit", ["status"], 1)?;
    let status = p.index_i64(status.unwrap_or(Value::NONE))?;
    p.system_call(SystemCall::Exit {
        status: (status & 0xff) as i32,
    })?;
    Ok(Value::NONE)
}

fn strerror(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [code] = p.exactly(args, "strerror")?;
    let code = p.index_i64(code)? as i32;
    let text = heddle_vm::errno::text(code).map_or_else(|| format!("Unknown error {code}"), str::to_owned);
    Ok(p.new_str(&text))
}

fn fspath(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.bind(args, "fspath", ["path"], 1)?;
    fspath_of(p, v.unwrap_or(Value::NONE))
}

/// `os.fspath(v)`
pub(crate) fn fspath_of(p: &mut Process, v: Value) -> NativeResult {
    if p.as_pystr(v).is_some() || p.as_bytes(v).is_some() {
        return Ok(v);
    }
    match p.call_special(v, heddle_vm::names::FSPATH, &[])? {
        Some(path) if p.as_pystr(path).is_some() || p.as_bytes(path).is_some() => Ok(path),
        Some(path) => {
            let (a, b) = (p.type_name(v), p.type_name(path));
            Err(p.type_error(&format!("expected {a}.__fspath__() to return str or bytes, not {b}")))
        }
        None => {
            let name = p.type_name(v);
            Err(p.type_error(&format!("expected str, bytes or os.PathLike object, not {name}")))
        }
    }
}

/// Deterministic bytes from the scenario's seed (splitmix64).
fn urandom(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [n] = p.exactly(args, "urandom")?;
    let n = p.index_i64(n)?;
    if n < 0 {
        return Err(p.value_error("negative argument not allowed"));
    }
    if n as u64 > p.heap.limit_bytes.min(1 << 30) {
        return Err(p.error(heddle_vm::types::core::MEMORY_ERROR, ""));
    }
    let mut bytes = Vec::with_capacity(n as usize + 8);
    while bytes.len() < n as usize {
        p.entropy = p.entropy.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = p.entropy;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend((z ^ (z >> 31)).to_le_bytes());
    }
    bytes.truncate(n as usize);
    Ok(p.new_bytes(&bytes))
}

fn constant(p: &mut Process, n: i64) -> NativeResult {
    Ok(p.new_int(n))
}

fn get_blocking(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "get_blocking")?;
    let fd = fd_of(p, fd)?;
    match ask(p, Posix::Nonblocking { fd, set: None }, None)? {
        Resume::Int(on) => Ok(Value::from_bool(on == 0)),
        other => Err(p.system_error(&format!("the kernel answered {other:?}"))),
    }
}

fn set_blocking(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, blocking] = p.exactly(args, "set_blocking")?;
    let (fd, blocking) = (fd_of(p, fd)?, p.truth(blocking)?);
    done(
        p,
        Posix::Nonblocking {
            fd,
            set: Some(!blocking),
        },
        None,
    )
}

fn nothing(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::NONE)
}

/// `get_inheritable(fd)`
fn get_inheritable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "get_inheritable")?;
    let fd = fd_of(p, fd)?;
    match ask(p, Posix::Inheritable { fd, set: None }, None)? {
        Resume::Int(n) => Ok(Value::from_bool(n != 0)),
        other => Err(p.system_error(&format!("the kernel answered {other:?}"))),
    }
}

/// `set_inheritable(fd, inheritable)`
fn set_inheritable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, inheritable] = p.exactly(args, "set_inheritable")?;
    let (fd, set) = (fd_of(p, fd)?, Some(p.truth(inheritable)?));
    done(p, Posix::Inheritable { fd, set }, None)
}

/// `nice(increment)`: of this thread, as under Linux.
fn nice(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [by] = p.exactly(args, "nice")?;
    let by = p.index_i64(by)?.clamp(-40, 40) as i32;
    match p.system_call(SystemCall::Nice { by })? {
        Resume::Int(nice) => Ok(p.new_int(nice)),
        other => Err(p.system_error(&format!("the machine answered {other:?} where a number was due"))),
    }
}

fn sched_yield(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "sched_yield")?;
    p.system_call(SystemCall::Yield)?;
    Ok(Value::NONE)
}

/// `sched_getaffinity(pid)`: of every process all cores.
fn affinity(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [pid] = p.exactly(args, "sched_getaffinity")?;
    let pid = fd_of(p, pid)?;
    if pid < 0 {
        return Err(p.os_error(heddle_vm::errno::ESRCH, None));
    }
    if pid != 0 && i64::from(pid) != i64::from(p.config.pid) {
        // Whether there is one.
        done(p, Posix::Kill { pid, signal: 0 }, None)?;
    }
    let cores = (0..p.config.cores).map(|n| Value::from_i32(n as i32)).collect();
    p.new_set(cores)
}

/// `_usage(thread)`: ns in the interpreter and outside of it, bytes of memory by model sizes, cores given up and taken away; of this thread
/// or the whole process. Then ns in the interpreter and outside of it of children that were waited for.
fn usage(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [thread] = p.exactly(args, "_usage")?;
    let whole = !p.truth(thread)?;
    let user_ns = crate::time::user_ns(p, whole);
    let answer = p.system_call(SystemCall::Usage { whole })?;
    let Resume::Usage {
        core_ns,
        given_up,
        taken,
        children_ns: (children_user_ns, children_core_ns),
    } = answer
    else {
        return Err(p.system_error(&format!("the computer answered {answer:?}")));
    };
    let numbers = [
        user_ns.min(core_ns),
        core_ns.saturating_sub(user_ns),
        p.heap.model_bytes(),
        given_up,
        taken,
        children_user_ns,
        children_core_ns.saturating_sub(children_user_ns),
    ];
    let numbers = numbers.map(|n| p.new_int(n.cast_signed())).to_vec();
    Ok(p.new_tuple(numbers))
}

/// `_library_rules()`: the start method of `multiprocessing`, whether a thread of an executor counts as idle ("never", "after task", "at empty
/// queue"), and how many such an executor has at most unless it is told.
fn library_rules(p: &mut Process, _args: Args<'_>) -> NativeResult {
    let rules = p.config.rules.library;
    let idle = match rules.worker_rule {
        WorkerRule::Always => "never",
        WorkerRule::IdleAfterTask => "after task",
        WorkerRule::IdleAtEmptyQueue => "at empty queue",
    };
    let cores = i64::from(p.config.cores);
    let workers = match rules.default_workers {
        DefaultWorkers::FiveTimesCpus => cores * 5,
        // No process is bound to some of the cores, so `process_cpu_count()` is `cpu_count()`.
        DefaultWorkers::CpusPlusFour | DefaultWorkers::ProcessCpusPlusFour => (cores + 4).min(32),
    };
    let items = vec![p.new_str(rules.start_method), p.new_str(idle), p.new_int(workers)];
    Ok(p.new_tuple(items))
}

/// `_access_mode(fd)`: what a descriptor was opened for, and whether it appends.
fn access_mode(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "_access_mode")?;
    let fd = fd_of(p, fd)?;
    match ask(p, Posix::FileFlags { fd }, None)? {
        Resume::Int(flags) => Ok(p.new_int(flags & 0o2003)),
        other => Err(p.system_error(&format!("the kernel answered {other:?}"))),
    }
}

const CONSTANTS: &[(&str, i32)] = &[
    ("O_RDONLY", 0),
    ("O_WRONLY", 1),
    ("O_RDWR", 2),
    ("O_CREAT", 0o100),
    ("O_EXCL", 0o200),
    ("O_NOCTTY", 0o400),
    ("O_TRUNC", 0o1000),
    ("O_APPEND", 0o2000),
    ("O_NONBLOCK", 0o4000),
    ("O_DIRECTORY", 0o200_000),
    ("O_NOFOLLOW", 0o400_000),
    ("O_CLOEXEC", 0o2_000_000),
    ("F_OK", 0),
    ("R_OK", 4),
    ("W_OK", 2),
    ("X_OK", 1),
    ("WNOHANG", 1),
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_NOUSER", 67),
    ("EX_NOHOST", 68),
    ("EX_UNAVAILABLE", 69),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_OSFILE", 72),
    ("EX_CANTCREAT", 73),
    ("EX_IOERR", 74),
    ("EX_TEMPFAIL", 75),
    ("EX_PROTOCOL", 76),
    ("EX_NOPERM", 77),
    ("EX_CONFIG", 78),
    ("NGROUPS_MAX", 65536),
    ("TMP_MAX", 238_328),
];

/// `putenv(name, value)`: what C code of the process reads (`tzset`).
fn putenv(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name, value] = p.exactly(args, "putenv")?;
    let (name, value) = (path_bytes(p, name, "putenv")?, path_bytes(p, value, "putenv")?);
    if name.is_empty() || name.contains(&b'=') {
        return Err(p.value_error("illegal environment variable name"));
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (name, value) = (text(&name), text(&value));
    p.config.environ.retain(|(other, _)| *other != name);
    p.config.environ.push((name, value));
    Ok(Value::NONE)
}

/// `_environment()`: names and values of the environment as it is.
fn environment(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "_environment")?;
    let environ = p.config.environ.clone();
    let names = environ.iter().map(|(name, _)| p.new_bytes(name.as_bytes())).collect();
    let names = p.new_list(names);
    let values = environ.iter().map(|(_, value)| p.new_bytes(value.as_bytes())).collect();
    let values = p.new_list(values);
    Ok(p.new_tuple(vec![names, values]))
}

/// `unsetenv(name)`
fn unsetenv(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.exactly(args, "unsetenv")?;
    let name = String::from_utf8_lossy(&path_bytes(p, name, "unsetenv")?).into_owned();
    p.config.environ.retain(|(other, _)| *other != name);
    Ok(Value::NONE)
}

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    for &(name, n) in CONSTANTS {
        let name = p.intern(name);
        p.dict_set_str(dict, name, Value::from_i32(n));
    }
    let environ = p.new_dict();
    for (key, value) in p.config.environ.clone() {
        let (key, value) = (p.new_bytes(key.as_bytes()), p.new_bytes(value.as_bytes()));
        p.dict_set(environ, key, value)?;
    }
    let stat_class = p.new_structseq_type("os", "stat_result", STAT_FIELDS, 10)?;
    p.heap.incref(stat_class);
    p.module_state.insert("posix", vec![stat_class]);
    let size_class = p.new_structseq_type("os", "terminal_size", &["columns", "lines"], 2)?;
    let uname_class = p.new_structseq_type(
        "posix",
        "uname_result",
        &["sysname", "nodename", "release", "version", "machine"],
        5,
    )?;
    let have = p.new_list(Vec::new());
    let error = heddle_vm::types::core::OS_ERROR;
    for (name, value) in [
        ("environ", environ),
        ("stat_result", stat_class),
        ("terminal_size", size_class),
        ("uname_result", uname_class),
        ("_have_functions", have),
        ("error", error),
    ] {
        let name = p.intern(name);
        p.dict_set_str(dict, name, value);
    }
    Ok(())
}

/// The native part; `prelude/posix.py` adds what needs Python (`scandir`, `uname` …).
pub static MODULE: ModuleDef = ModuleDef {
    name: "_posix",
    doc: "",
    functions: &[
        Native::function("open", open),
        Native::function("close", close),
        Native::function("read", read),
        Native::function("write", write),
        Native::function("lseek", lseek),
        Native::function("ftruncate", ftruncate),
        Native::function("isatty", isatty),
        Native::function("dup", dup),
        Native::function("dup2", dup2),
        Native::function("pipe", pipe),
        Native::function("stat", stat),
        Native::function("lstat", lstat),
        Native::function("fstat", fstat),
        Native::function("access", access),
        Native::function("mkdir", mkdir),
        Native::function("rmdir", |p, a| with_path(p, a, "rmdir", |path| Posix::Rmdir { path })),
        Native::function("unlink", |p, a| {
            with_path(p, a, "unlink", |path| Posix::Unlink { path })
        }),
        Native::function("remove", |p, a| {
            with_path(p, a, "remove", |path| Posix::Unlink { path })
        }),
        Native::function("chmod", chmod),
        Native::function("chdir", chdir),
        Native::function("rename", |p, a| {
            two_paths(p, a, "rename", |from, to| Posix::Rename { from, to })
        }),
        Native::function("replace", |p, a| {
            two_paths(p, a, "replace", |from, to| Posix::Rename { from, to })
        }),
        Native::function("symlink", symlink),
        Native::function("listdir", listdir),
        Native::function("_scan", scan),
        Native::function("readlink", readlink),
        Native::function("getcwd", |p, _| current_folder(p, false)).sig("($module, /)"),
        Native::function("getcwdb", |p, _| current_folder(p, true)).sig("($module, /)"),
        Native::function("utime", utime),
        Native::function("_exit", exit_now),
        Native::function("strerror", strerror),
        Native::function("fspath", fspath),
        Native::function("urandom", urandom),
        Native::function("getpid", |p, _| constant(p, i64::from(p.config.pid))).sig("($module, /)"),
        Native::function("getppid", |p, _| constant(p, i64::from(p.config.parent_pid))).sig("($module, /)"),
        Native::function("getuid", |p, _| constant(p, 1000)).sig("($module, /)"),
        Native::function("geteuid", |p, _| constant(p, 1000)).sig("($module, /)"),
        Native::function("getgid", |p, _| constant(p, 1000)).sig("($module, /)"),
        Native::function("getegid", |p, _| constant(p, 1000)).sig("($module, /)"),
        Native::function("umask", umask),
        Native::function("_environment", environment),
        Native::function("cpu_count", |p, _| constant(p, i64::from(p.config.cores))).sig("($module, /)"),
        Native::function("_usage", usage),
        Native::function("_library_rules", library_rules),
        Native::function("_host_name", |p, _| {
            let name = p.config.host_name.clone();
            Ok(p.new_str(&name))
        }),
        Native::function("_access_mode", access_mode),
        Native::function("nice", nice),
        Native::function("sched_yield", sched_yield),
        Native::function("sched_getaffinity", affinity),
        Native::function("get_blocking", get_blocking),
        Native::function("set_blocking", set_blocking),
        Native::function("get_inheritable", get_inheritable),
        Native::function("set_inheritable", set_inheritable),
        Native::function("putenv", putenv).sig("($module, name, value, /)"),
        Native::function("unsetenv", unsetenv).sig("($module, name, /)"),
        Native::function("device_encoding", nothing),
    ],
    types: &[],
    init: Some(init),
};
