//! `FileIO`: a descriptor of the virtual kernel.

use super::base::{self, RAW_IO_BASE};
use super::calls::{fill, no_pickle, one_size, own, room, unsupported, warn_unclosed};
use super::file_open;
use crate::posix::ask;
use heddle_vm::contract::{Posix, Resume, SystemCall};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// State of a `FileIO`.
#[derive(Clone, Debug)]
pub struct File {
    /// The descriptor; -1 when closed or not opened yet.
    pub fd: i32,
    /// Opened by `x`.
    pub created: bool,
    /// May be read.
    pub readable: bool,
    /// May be written.
    pub writable: bool,
    /// Opened by `a`.
    pub appending: bool,
    /// Can it be positioned? `None`: nobody has tried.
    pub seekable: Option<bool>,
    /// The descriptor is closed with the object.
    pub closefd: bool,
    /// The object dies.
    pub finalizing: bool,
    /// Bytes in the file when it was opened, for `readall`.
    pub size_bytes: u64,
    /// Not a device, so surely no terminal.
    pub is_plain: bool,
}
heddle_vm::impl_payload!(File);

impl Default for File {
    fn default() -> File {
        File {
            fd: -1,
            created: false,
            readable: false,
            writable: false,
            appending: false,
            seekable: None,
            closefd: true,
            finalizing: false,
            size_bytes: 0,
            is_plain: false,
        }
    }
}

impl File {
    fn mode(&self) -> &'static str {
        match (self.created, self.appending, self.readable, self.writable) {
            (true, _, true, _) => "xb+",
            (true, _, false, _) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, false, _) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, false) => "rb",
            _ => "wb",
        }
    }
}

const CLOSED: &str = "I/O operation on closed file";

/// A copy of the state; TypeError for something else.
pub fn state(p: &mut Process, this: Value) -> NativeResult<File> {
    match p.heap.payload::<File>(this).cloned() {
        Some(file) => Ok(file),
        None => Err(p.wrong_self("FileIO", "_io.FileIO", this)),
    }
}

/// Is it exactly a native file, not an instance of a class derived from it in Python?
pub fn is_exact(p: &Process, v: Value) -> bool {
    super::calls::is_exactly(p, v, &FILE_IO)
}

/// The state of an open file; ValueError when closed.
fn open_state(p: &mut Process, this: Value) -> NativeResult<File> {
    let file = state(p, this)?;
    if file.fd < 0 {
        return Err(p.value_error(CLOSED));
    }
    Ok(file)
}

fn able(p: &mut Process, this: Value, reading: bool) -> NativeResult<File> {
    let file = open_state(p, this)?;
    match reading {
        true if !file.readable => Err(unsupported(p, "File not open for reading")),
        false if !file.writable => Err(unsupported(p, "File not open for writing")),
        _ => Ok(file),
    }
}

/// Up to `len` bytes from where the file stands: one system call.
pub fn read_some(p: &mut Process, this: Value, len: u64) -> NativeResult<Vec<u8>> {
    let file = able(p, this, true)?;
    let room = p.heap.room();
    if len > room {
        return Err(p.error(core::MEMORY_ERROR, ""));
    }
    match ask(p, Posix::Read { fd: file.fd, len }, None)? {
        Resume::Bytes(bytes) => Ok(bytes),
        other => Err(p.system_error(&format!("read was answered with {other:?}"))),
    }
}

/// Writes what the kernel takes: one system call, the number of bytes.
pub fn write_some(p: &mut Process, this: Value, data: Vec<u8>) -> NativeResult<usize> {
    let file = able(p, this, false)?;
    match ask(p, Posix::Write { fd: file.fd, data }, None)? {
        Resume::Int(n) => Ok(n.max(0) as usize),
        other => Err(p.system_error(&format!("write was answered with {other:?}"))),
    }
}

/// `lseek`: the new position.
pub fn seek_to(p: &mut Process, this: Value, offset: i64, whence: i32) -> NativeResult<i64> {
    let file = open_state(p, this)?;
    let fd = file.fd;
    let answer = ask(p, Posix::Lseek { fd, offset, whence }, None);
    if let Some(file) = p.heap.payload_mut::<File>(this)
        && file.seekable.is_none()
        && !matches!(answer, Err(Unwind::Pending(_)))
    {
        file.seekable = Some(answer.is_ok());
    }
    match answer? {
        Resume::Int(n) => Ok(n),
        other => Err(p.system_error(&format!("lseek was answered with {other:?}"))),
    }
}

/// Everything from where the file stands to its end.
pub fn read_all(p: &mut Process, this: Value) -> NativeResult {
    let file = able(p, this, true)?;
    let mut all = Vec::new();
    let mut want = if file.size_bytes > 0 {
        file.size_bytes.min(1 << 30) + 1
    } else {
        super::DEFAULT_BUFFER_SIZE as u64
    };
    loop {
        let chunk = read_some(p, this, want)?;
        if chunk.is_empty() {
            return Ok(p.new_bytes(&all));
        }
        all.extend(chunk);
        if all.len() as u64 > p.heap.room() {
            return Err(p.error(core::MEMORY_ERROR, ""));
        }
        want = want
            .saturating_sub(all.len() as u64)
            .max(super::DEFAULT_BUFFER_SIZE as u64);
    }
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    Ok(p.new_payload(class, File::default()))
}

fn read(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, size) = one_size(p, args, "read")?;
    if size < 0 {
        return read_all(p, this);
    }
    let bytes = read_some(p, this, size as u64)?;
    Ok(p.new_bytes(&bytes))
}

fn readinto(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [buffer]) = p.method_args(args, "readinto")?;
    able(p, this, true)?;
    let length = room(p, buffer, "readinto")?;
    let bytes = read_some(p, this, length as u64)?;
    fill(p, buffer, &bytes)
}

fn write(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [data]) = p.method_args(args, "write")?;
    able(p, this, false)?;
    let data = p.scope(|p| {
        let data = p.buffer_bytes(data)?;
        Ok(p.new_bytes(&data))
    })?;
    let data = p.as_bytes(data).map(<[u8]>::to_vec).unwrap_or_default();
    let n = write_some(p, this, data)?;
    Ok(p.new_int(n as i64))
}

fn seek(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [offset, whence] = p.bind(args.rest(), "seek", ["", ""], 1)?;
    let this = args.this();
    open_state(p, this)?;
    let offset = p.index_i64(offset.unwrap_or(Value::NONE))?;
    let whence = match whence {
        Some(v) => p.index_i64(v)? as i32,
        None => 0,
    };
    let at = seek_to(p, this, offset, whence)?;
    Ok(p.new_int(at))
}

fn tell(p: &mut Process, args: Args<'_>) -> NativeResult {
    let at = seek_to(p, args.this(), 0, 1)?;
    Ok(p.new_int(at))
}

fn truncate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [size] = p.bind(args.rest(), "truncate", [""], 0)?;
    let this = args.this();
    let file = able(p, this, false)?;
    let length = match size.filter(|v| !v.is_none()) {
        Some(v) => p.index_i64(v)?,
        None => seek_to(p, this, 0, 1)?,
    };
    ask(p, Posix::Ftruncate { fd: file.fd, length }, None)?;
    Ok(p.new_int(length))
}

fn seekable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    open_state(p, this)?;
    let known = p.once(|p| {
        let file = state(p, this)?;
        Ok(file.seekable.map_or(Value::NONE, Value::from_bool))
    })?;
    if !known.is_none() {
        return Ok(known);
    }
    match seek_to(p, this, 0, 1) {
        Ok(_) => Ok(Value::TRUE),
        Err(Unwind::Raise(_)) => Ok(Value::FALSE),
        Err(pending) => Err(pending),
    }
}

fn isatty(p: &mut Process, args: Args<'_>) -> NativeResult {
    let fd = open_state(p, args.this())?.fd;
    match p.system_call(SystemCall::Posix(Posix::Isatty { fd }))? {
        Resume::Int(n) => Ok(Value::from_bool(n != 0)),
        _ => Ok(Value::FALSE),
    }
}

/// `isatty`, without asking the kernel where `open` has seen that it cannot be a terminal.
fn isatty_open_only(p: &mut Process, args: Args<'_>) -> NativeResult {
    if open_state(p, args.this())?.is_plain {
        return Ok(Value::FALSE);
    }
    isatty(p, args)
}

/// Closes the descriptor, if it is the object's own.
pub fn close_descriptor(p: &mut Process, this: Value) -> NativeResult<()> {
    let fd = p.once(|p| {
        let Some(file) = p.heap.payload_mut::<File>(this) else {
            return Ok(Value::from_i32(-1));
        };
        let fd = if file.closefd { file.fd } else { -1 };
        file.fd = -1;
        Ok(Value::from_i32(fd))
    })?;
    match p.as_i64(fd) {
        Some(fd) if fd >= 0 => ask(p, Posix::Close { fd: fd as i32 }, None).map(|_| ()),
        _ => Ok(()),
    }
}

fn close(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let before = p.once(|p| {
        let file = state(p, this)?;
        let warn = file.finalizing && file.fd >= 0 && file.closefd;
        Ok(Value::from_bool(warn))
    })?;
    // Nothing to flush, and no mark to leave, unless a class in Python wants to hear of it.
    let flushed = if is_exact(p, this) && own(p, this, "flush").is_none() {
        Ok(Value::NONE)
    } else {
        super::calls::settled(p.scope(|p| base::close(p, this)))?
    };
    if before == Value::TRUE {
        warn_unclosed(p, this)?;
    }
    close_descriptor(p, this)?;
    flushed
}

fn dealloc_warn(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [source]) = p.method_args(args, "_dealloc_warn")?;
    let file = state(p, this)?;
    if file.fd >= 0 && file.closefd {
        warn_unclosed(p, source)?;
    }
    Ok(Value::NONE)
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let file = state(p, this)?;
    let class = p.dotted_type_name(p.type_of(this));
    if file.fd < 0 {
        return Ok(p.new_str(&format!("<{class} [closed]>")));
    }
    let (mode, closefd) = (file.mode(), if file.closefd { "True" } else { "False" });
    let shown = match own(p, this, "name") {
        Some(name) => format!("name={}", p.repr_text(name)?),
        None => format!("fd={}", file.fd),
    };
    Ok(p.new_str(&format!("<{class} {shown} mode='{mode}' closefd={closefd}>")))
}

fn get_set_finalizing(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        Some(v) => {
            let on = v == Value::TRUE;
            if let Some(file) = p.heap.payload_mut::<File>(this) {
                file.finalizing = on;
            }
            Ok(Value::NONE)
        }
        None => Ok(Value::from_bool(state(p, this)?.finalizing)),
    }
}

static MEMBERS: &[Native] = &[
    heddle_vm::builtin::objects::INSTANCE_DICT_ENTRY,
    Native::static_method("__new__", new),
    Native::method("__init__", file_open::init).sig("($self, /, file, mode='r', closefd=True, opener=None)"),
    Native::method("__repr__", repr),
    Native::method("__reduce__", no_pickle),
    Native::method("__reduce_ex__", no_pickle),
    Native::method("read", read).sig("($self, size=-1, /)"),
    Native::method("readall", |p, args| read_all(p, args.this())).sig("($self, /)"),
    Native::method("readinto", readinto).sig("($self, buffer, /)"),
    Native::method("write", write).sig("($self, b, /)"),
    Native::method("seek", seek).sig("($self, pos, whence=0, /)"),
    Native::method("tell", tell).sig("($self, /)"),
    Native::method("truncate", truncate).sig("($self, size=None, /)"),
    Native::method("seekable", seekable).sig("($self, /)"),
    Native::method("readable", |p, args| {
        Ok(Value::from_bool(open_state(p, args.this())?.readable))
    })
    .sig("($self, /)"),
    Native::method("writable", |p, args| {
        Ok(Value::from_bool(open_state(p, args.this())?.writable))
    })
    .sig("($self, /)"),
    Native::method("fileno", |p, args| Ok(Value::from_i32(open_state(p, args.this())?.fd))).sig("($self, /)"),
    Native::method("isatty", isatty).sig("($self, /)"),
    Native::method("_isatty_open_only", isatty_open_only),
    Native::method("close", close).sig("($self, /)"),
    Native::method("_dealloc_warn", dealloc_warn),
    Native::getter("mode", |p, args| {
        let mode = state(p, args.this())?.mode();
        Ok(p.new_str(mode))
    }),
    Native::getter("closed", |p, args| Ok(Value::from_bool(state(p, args.this())?.fd < 0))),
    Native::getter("closefd", |p, args| {
        Ok(Value::from_bool(state(p, args.this())?.closefd))
    }),
    Native::getter("_blksize", |p, _| Ok(p.new_int(super::DEFAULT_BUFFER_SIZE))),
    Native::getset("_finalizing", get_set_finalizing),
];

/// `_io.FileIO`
pub static FILE_IO: TypeDef = TypeDef {
    name: "FileIO",
    module: "_io",
    base: Some(TypeRef::Def(&RAW_IO_BASE)),
    layout: Layout::Payload(0x1601),
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[MEMBERS],
    doc: "Open a file.\n\nThe mode can be 'r' (default), 'w', 'x' or 'a' for reading,\nwriting, exclusive creation or appending.  The file will be created if it\ndoesn't exist when opened for writing or appending; it will be truncated\nwhen opened for writing.  A FileExistsError will be raised if it already\nexists when opened for creating. Opening a file for creating implies\nwriting so this mode behaves in a similar way to 'w'.Add a '+' to the mode\nto allow simultaneous reading and writing. A custom opener can be used by\npassing a callable as *opener*. The underlying file descriptor for the file\nobject is then obtained by calling opener with (*name*, *flags*).\n*opener* must return an open file descriptor (passing os.open as *opener*\nresults in functionality similar to passing None).",
    finish: None,
};
