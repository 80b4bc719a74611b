//! `FileIO.__init__`: from a path and a mode, or a descriptor, to an open file.

use super::calls::set_own;
use super::file::{File, close_descriptor, is_exact, seek_to};
use crate::posix::{ask, fspath_of, path_bytes};
use heddle_vm::contract::{Posix, Resume};
use heddle_vm::errno;
use heddle_vm::function::Args;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;

const O_RDWR: i32 = 2;
const O_WRONLY: i32 = 1;
const O_CREAT: i32 = 0o100;
const O_EXCL: i32 = 0o200;
const O_TRUNC: i32 = 0o1000;
const O_APPEND: i32 = 0o2000;
const O_CLOEXEC: i32 = 0o2_000_000;

const FORMAT: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const DEVICE: u32 = 0o020_000;

const ONE_MODE: &str = "Must have exactly one of create/read/write/append mode and at most one plus";

/// What a mode means: the state of the file, and the flags for `open`.
fn parse_mode(p: &mut Process, mode: &str) -> NativeResult<(File, i32)> {
    let mut file = File::default();
    let (mut kinds, mut plus, mut flags) = (0, 0, 0);
    for c in mode.chars() {
        match c {
            'x' => {
                (file.created, file.writable) = (true, true);
                flags |= O_EXCL | O_CREAT;
                kinds += 1;
            }
            'r' => {
                file.readable = true;
                kinds += 1;
            }
            'w' => {
                file.writable = true;
                flags |= O_CREAT | O_TRUNC;
                kinds += 1;
            }
            'a' => {
                (file.appending, file.writable) = (true, true);
                flags |= O_APPEND | O_CREAT;
                kinds += 1;
            }
            'b' => {}
            '+' => {
                (file.readable, file.writable) = (true, true);
                plus += 1;
            }
            _ => return Err(p.value_error(&format!("invalid mode: {mode}"))),
        }
    }
    if kinds != 1 || plus > 1 {
        return Err(p.value_error(ONE_MODE));
    }
    flags |= match (file.readable, file.writable) {
        (true, true) => O_RDWR,
        (false, true) => O_WRONLY,
        _ => 0,
    };
    Ok((file, flags | O_CLOEXEC))
}

/// The descriptor of a path, by the kernel or by the program's own opener.
fn open_path(p: &mut Process, name: Value, flags: i32, opener: Option<Value>) -> NativeResult<i32> {
    let Some(opener) = opener else {
        let path = path_bytes(p, name, "open")?;
        let call = Posix::Open {
            path,
            flags,
            mode: 0o666 & !p.config.umask,
        };
        return match ask(p, call, Some(name))? {
            Resume::Int(fd) => Ok(fd as i32),
            other => Err(p.system_error(&format!("open was answered with {other:?}"))),
        };
    };
    let fd = p.call(opener, &[name, Value::from_i32(flags)])?;
    if !p.is_int(fd) {
        return Err(p.type_error("expected integer from opener"));
    }
    match p.as_i64(fd).and_then(|n| i32::try_from(n).ok()) {
        Some(fd) if fd >= 0 => Ok(fd),
        Some(fd) => Err(p.value_error(&format!("opener returned {fd}"))),
        None => Err(p.overflow_error("Python int too large to convert to C int")),
    }
}

/// Looks at what was opened: no folder, please; and its size.
fn inspect(p: &mut Process, this: Value, fd: i32, name: Value) -> NativeResult<()> {
    let stat = match ask(p, Posix::Fstat { fd }, None)? {
        Resume::Stat(stat) => stat,
        other => return Err(p.system_error(&format!("fstat was answered with {other:?}"))),
    };
    if stat.mode & FORMAT == FOLDER {
        return Err(p.os_error(errno::EISDIR, Some(name)));
    }
    if let Some(file) = p.heap.payload_mut::<File>(this) {
        file.size_bytes = stat.size;
        file.is_plain = stat.mode & FORMAT != DEVICE;
    }
    Ok(())
}

/// Sets the attribute `name`; a class in Python may have its own idea of that.
fn set_name(p: &mut Process, this: Value, name: Value) -> NativeResult {
    if is_exact(p, this) {
        set_own(p, this, "name", name);
    } else {
        let attribute = p.intern("name");
        p.setattr(this, attribute, name)?;
    }
    Ok(Value::NONE)
}

/// `FileIO(file, mode='r', closefd=True, opener=None)`
pub fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [name, mode, closefd, opener] = p.bind(args.rest(), "FileIO", ["file", "mode", "closefd", "opener"], 1)?;
    let name = name.unwrap_or(Value::NONE);
    let mode = match mode {
        Some(v) if p.as_pystr(v).is_some() => p.text(v),
        Some(v) => {
            let given = p.type_name(v);
            return Err(p.type_error(&format!("FileIO() argument 'mode' must be str, not {given}")));
        }
        None => "r".to_owned(),
    };
    let closefd = match closefd {
        Some(v) => p.truth(v)?,
        None => true,
    };
    close_descriptor(p, this)?;
    if name.as_bool().is_some() {
        super::calls::warn(p, "bool is used as a file descriptor", core::RUNTIME_WARNING)?;
    }
    let given = if p.is_int(name) {
        match p.as_i64(name).and_then(|fd| i32::try_from(fd).ok()) {
            Some(fd) => Some(i64::from(fd)),
            None => return Err(p.type_error("expected str, bytes or os.PathLike object, not int")),
        }
    } else {
        None
    };
    if given.is_some_and(|fd| fd < 0) {
        return Err(p.value_error("negative file descriptor"));
    }
    let name = match given {
        Some(_) => name,
        None => fspath_of(p, name)?,
    };
    let (mut file, flags) = parse_mode(p, &mode)?;
    let fd = match given.map(i32::try_from) {
        Some(Ok(fd)) => fd,
        Some(Err(_)) => return Err(p.overflow_error("Python int too large to convert to C int")),
        None if !closefd => return Err(p.value_error("Cannot use closefd=False with file name")),
        None => open_path(p, name, flags, opener.filter(|v| !v.is_none()))?,
    };
    // Until it has been looked at, the object does not own a descriptor that was given to it.
    (file.fd, file.closefd) = (fd, given.is_none());
    let appending = file.appending;
    p.once(|p| {
        if let Some(slot) = p.heap.payload_mut::<File>(this) {
            *slot = file;
        }
        Ok(Value::NONE)
    })?;
    if let Err(error) = p.scope(|p| inspect(p, this, fd, name).map(|()| Value::NONE)) {
        if matches!(error, Unwind::Raise(_)) {
            close_descriptor(p, this)?;
        }
        return Err(error);
    }
    if let Err(error) = p.scope(|p| set_name(p, this, name)) {
        if matches!(error, Unwind::Raise(_)) && given.is_none() {
            close_descriptor(p, this)?;
        }
        return Err(error);
    }
    p.once(|p| {
        if let Some(slot) = p.heap.payload_mut::<File>(this) {
            slot.closefd = closefd;
        }
        Ok(Value::NONE)
    })?;
    if appending {
        // A pipe has no end to go to.
        let end = seek_to(p, this, 0, 2);
        if let Err(Unwind::Raise(e)) = &end
            && p.as_i64(p.exception_field(*e, 0)) == Some(i64::from(errno::ESPIPE))
        {
            return Ok(Value::NONE);
        }
        end?;
    }
    Ok(Value::NONE)
}
