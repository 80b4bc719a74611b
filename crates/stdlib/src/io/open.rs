//! `open` and the standard streams.

use super::buffered::{self, BUFFERED_RANDOM, BUFFERED_READER, BUFFERED_WRITER};
use super::calls::{method, set_own};
use super::file::{FILE_IO, File};
use super::text::{TEXT_IO_WRAPPER, change};
use super::text_make::standard;
use heddle_vm::contract::{Posix, Resume, SystemCall, TERMINAL_INODE};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// What a mode asks for.
#[derive(Clone, Copy, Debug, Default)]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    text: bool,
    binary: bool,
}

fn parse_mode(p: &mut Process, mode: &str) -> NativeResult<Mode> {
    let mut m = Mode::default();
    for c in mode.chars() {
        let slot = match c {
            'x' => &mut m.creating,
            'r' => &mut m.reading,
            'w' => &mut m.writing,
            'a' => &mut m.appending,
            '+' => &mut m.updating,
            't' => &mut m.text,
            'b' => &mut m.binary,
            _ => return Err(p.value_error(&format!("invalid mode: '{mode}'"))),
        };
        if std::mem::replace(slot, true) {
            return Err(p.value_error(&format!("invalid mode: '{mode}'")));
        }
    }
    if m.text && m.binary {
        return Err(p.value_error("can't have text and binary mode at once"));
    }
    let kinds = [m.creating, m.reading, m.writing, m.appending];
    if kinds.iter().filter(|on| **on).count() > 1 {
        return Err(p.value_error("must have exactly one of create/read/write/append mode"));
    }
    Ok(m)
}

impl Mode {
    /// The mode of the raw file.
    fn raw(self) -> String {
        [
            (self.creating, 'x'),
            (self.reading, 'r'),
            (self.writing, 'w'),
            (self.appending, 'a'),
            (self.updating, '+'),
        ]
        .into_iter()
        .filter_map(|(on, c)| on.then_some(c))
        .collect()
    }
}

/// An argument that must be `str` or None.
fn text_or_none(p: &mut Process, v: Option<Value>, name: &str) -> NativeResult<Option<Value>> {
    match v.filter(|v| !v.is_none()) {
        Some(v) if p.as_pystr(v).is_some() => Ok(Some(v)),
        Some(v) => {
            let given = p.type_name(v);
            Err(p.type_error(&format!("open() argument '{name}' must be str or None, not {given}")))
        }
        None => Ok(None),
    }
}

/// `open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)`
fn open(p: &mut Process, args: Args<'_>) -> NativeResult {
    const NAMES: [&str; 8] = [
        "file",
        "mode",
        "buffering",
        "encoding",
        "errors",
        "newline",
        "closefd",
        "opener",
    ];
    let [file, mode, buffering, encoding, errors, newline, closefd, opener] = p.bind(args, "open", NAMES, 1)?;
    let file = file.unwrap_or(Value::NONE);
    let mode_text = match mode {
        Some(v) if p.as_pystr(v).is_some() => p.text(v),
        Some(v) => {
            let given = p.type_name(v);
            return Err(p.type_error(&format!("open() argument 'mode' must be str, not {given}")));
        }
        None => "r".to_owned(),
    };
    let buffering = match buffering {
        Some(v) => p.index_i64(v)?,
        None => -1,
    };
    let encoding = text_or_none(p, encoding, "encoding")?;
    let errors = text_or_none(p, errors, "errors")?;
    let newline = text_or_none(p, newline, "newline")?;
    let file = if p.is_int(file) {
        file
    } else {
        crate::posix::fspath_of(p, file)?
    };
    let m = parse_mode(p, &mode_text)?;
    if m.binary {
        for (given, what) in [(encoding, "an encoding"), (errors, "an errors"), (newline, "a newline")] {
            if given.is_some() {
                return Err(p.value_error(&format!("binary mode doesn't take {what} argument")));
            }
        }
        if buffering == 1 {
            super::calls::warn(
                p,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used",
                core::RUNTIME_WARNING,
            )?;
        }
    }
    let closefd = closefd.unwrap_or(Value::TRUE);
    let opener = opener.unwrap_or(Value::NONE);
    let class = p.native_type(&FILE_IO);
    let raw_mode = p.new_str(&m.raw());
    let raw = p.call(class, &[file, raw_mode, closefd, opener])?;
    let layers = Layers {
        mode: m,
        mode_text: &mode_text,
        buffering,
        text: [encoding, errors, newline],
    };
    let made = p.scope(|p| layers.around(p, raw));
    if matches!(made, Err(Unwind::Raise(_))) {
        method(p, raw, "close", &[])?;
    }
    made
}

/// What goes around the raw file.
struct Layers<'a> {
    mode: Mode,
    mode_text: &'a str,
    buffering: i64,
    /// encoding, errors, newline
    text: [Option<Value>; 3],
}

impl Layers<'_> {
    fn around(&self, p: &mut Process, raw: Value) -> NativeResult {
        let m = self.mode;
        let terminal = self.buffering < 0 && super::calls::says(p, raw, "_isatty_open_only")?;
        let line_buffering = !m.binary && (self.buffering == 1 || terminal);
        if self.buffering == 0 {
            if m.binary {
                return Ok(raw);
            }
            return Err(p.value_error("can't have unbuffered text I/O"));
        }
        let size = if self.buffering < 0 || self.buffering == 1 {
            super::DEFAULT_BUFFER_SIZE
        } else {
            self.buffering
        };
        let class = p.native_type(if m.updating {
            &BUFFERED_RANDOM
        } else if m.reading {
            &BUFFERED_READER
        } else {
            &BUFFERED_WRITER
        });
        let size = p.new_int(size);
        let buffer = p.call(class, &[raw, size])?;
        if m.binary {
            return Ok(buffer);
        }
        let class = p.native_type(&TEXT_IO_WRAPPER);
        let [encoding, errors, newline] = self.text.map(|v| v.unwrap_or(Value::NONE));
        let wrapper = p.call(
            class,
            &[buffer, encoding, errors, newline, Value::from_bool(line_buffering)],
        )?;
        let mode = p.new_str(self.mode_text);
        set_own(p, wrapper, "mode", mode);
        Ok(wrapper)
    }
}

/// `open_code(path)`: `open(path, 'rb')`.
fn open_code(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [path] = p.bind(args, "open_code", ["path"], 1)?;
    let path = path.unwrap_or(Value::NONE);
    if p.as_pystr(path).is_none() {
        let given = p.type_name(path);
        return Err(p.type_error(&format!("open_code() argument 'path' must be str, not {given}")));
    }
    let mode = p.intern("rb");
    open(p, Args::positional(&[path, mode]))
}

/// `text_encoding(encoding, stacklevel=2)`
fn text_encoding(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [encoding, _] = p.bind(args, "text_encoding", ["", ""], 1)?;
    match encoding.filter(|v| !v.is_none()) {
        Some(v) if p.as_pystr(v).is_none() => {
            let given = p.type_name(v);
            Err(p.type_error(&format!(
                "text_encoding() argument 'encoding' must be str or None, not {given}"
            )))
        }
        Some(v) => Ok(v),
        None => Ok(p.intern("locale")),
    }
}

/// What a standard descriptor is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Closed,
    /// What the person sees; written to in lines.
    Terminal,
    /// A pipe or a file.
    Other,
}

/// What a descriptor is that another program has handed down.
fn standing(p: &mut Process, fd: i32) -> NativeResult<Standing> {
    let call = SystemCall::Posix(Posix::Fstat { fd });
    Ok(match p.system_call(call)? {
        Resume::Stat(stat) if stat.inode == TERMINAL_INODE => Standing::Terminal,
        Resume::Stat(_) => Standing::Other,
        _ => Standing::Closed,
    })
}

/// `sys.stdin`, `stdout` and `stderr` as CPython makes them on a terminal: lines are written as they end. Nothing is asked of the kernel for
/// the first program; what others have got as their standard descriptors has to be found out.
fn standard_streams(p: &mut Process, _: Args<'_>) -> NativeResult {
    let mut standings = [Standing::Terminal; 3];
    if !p.config.switches.given.is_empty() {
        for (fd, slot) in (0..).zip(&mut standings) {
            *slot = standing(p, fd)?;
        }
    }
    let unbuffered = p.config.switches.unbuffered;
    for (fd, name, writing) in [(0, "stdin", false), (1, "stdout", true), (2, "stderr", true)] {
        let standing = standings[fd as usize];
        if standing == Standing::Closed {
            for key in [name.to_owned(), format!("__{name}__")] {
                let (sys, key) = (p.sys, p.intern(&key));
                p.dict_set_str(sys, key, Value::NONE);
            }
            continue;
        }
        let class = p.native_type(&FILE_IO);
        let file = File {
            fd,
            readable: !writing,
            writable: writing,
            seekable: Some(false),
            closefd: false,
            ..File::default()
        };
        let raw = p.new_payload(class, file);
        let shown = p.new_str(&format!("<{name}>"));
        set_own(p, raw, "name", shown);
        let class = p.native_type(if writing { &BUFFERED_WRITER } else { &BUFFERED_READER });
        let buffer = if writing && unbuffered {
            raw
        } else {
            let buffer = buffered::blank(p, class);
            buffered::attach(p, buffer, raw, super::DEFAULT_BUFFER_SIZE as usize);
            buffer
        };
        let errors = if fd == 2 { "backslashreplace" } else { "strict" };
        let stream = standard(p, buffer, errors, writing);
        change(p, stream, |state| {
            state.line_buffering = writing && (fd == 2 || standing == Standing::Terminal);
            state.write_through = writing && unbuffered;
        });
        let mode = p.intern(if writing { "w" } else { "r" });
        set_own(p, stream, "mode", mode);
        let sys = p.sys;
        for key in [name.to_owned(), format!("__{name}__")] {
            let key = p.intern(&key);
            p.dict_set_str(sys, key, stream);
        }
    }
    Ok(Value::NONE)
}

/// The module's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("open", open).sig(
        "($module, /, file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
    ),
    Native::function("open_code", open_code).sig("($module, /, path)"),
    Native::function("text_encoding", text_encoding).sig("($module, encoding, stacklevel=2, /)"),
    Native::function("_standard_streams", standard_streams),
];
