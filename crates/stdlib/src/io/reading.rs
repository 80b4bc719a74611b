//! Reading through a buffer.

use super::base::checked_size;
use super::buffered::{change, check_closed, is_free, locked, peek_state, raw_of};
use super::buffered_methods::pass_on;
use super::calls::{fill, is_exactly, method, one_size, room};
use super::{file, writing};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// `raw.tell()`
pub fn raw_tell(p: &mut Process, this: Value) -> NativeResult<i64> {
    let raw = raw_of(p, this)?;
    let at = if file::is_exact(p, raw) {
        file::seek_to(p, raw, 0, 1)?
    } else {
        let at = method(p, raw, "tell", &[])?;
        p.index_i64(at)?
    };
    if at < 0 {
        return Err(p.error(core::OS_ERROR, &format!("Raw stream returned invalid position {at}")));
    }
    change(p, this, |state| state.position = Some(at));
    Ok(at)
}

/// `raw.seek(target, whence)`
pub fn raw_seek(p: &mut Process, raw: Value, target: i64, whence: i64) -> NativeResult<i64> {
    if file::is_exact(p, raw) {
        return file::seek_to(p, raw, target, whence as i32);
    }
    let (target, whence) = (p.new_int(target), p.new_int(whence));
    let at = method(p, raw, "seek", &[target, whence])?;
    let at = p.index_i64(at)?;
    if at < 0 {
        return Err(p.error(core::OS_ERROR, &format!("Raw stream returned invalid position {at}")));
    }
    Ok(at)
}

/// Takes the raw stream back to where the reader is, forgetting what was read ahead. Inside the lock.
pub fn rewind(p: &mut Process, this: Value) -> NativeResult<()> {
    let ahead = p.once(|p| {
        let n = peek_state(p, this).map_or(0, |s| s.rest().len());
        Ok(p.new_int(n as i64))
    })?;
    let ahead = p.index_i64(ahead)?;
    if ahead > 0 {
        let raw = raw_of(p, this)?;
        let at = raw_seek(p, raw, -ahead, 1)?;
        change(p, this, |state| state.position = Some(at));
    }
    change(p, this, |state| (state.ahead, state.taken) = (Vec::new(), 0));
    Ok(())
}

/// OSError from a `readinto` that gave no number.
fn failed(p: &mut Process, cause: Value) -> Unwind {
    let error = p.error(core::OS_ERROR, "raw readinto() failed");
    if let Unwind::Raise(e) = &error {
        p.set_cause(*e, cause);
        p.set_exception_link(*e, cause, |e| &mut e.context);
    }
    error
}

/// One read of the raw stream; `None` where it would block.
fn raw_read(p: &mut Process, raw: Value, n: usize) -> NativeResult<Option<Vec<u8>>> {
    if file::is_exact(p, raw) {
        return file::read_some(p, raw, n as u64).map(Some);
    }
    let buffer = p.once(|p| Ok(p.new_bytearray(vec![0; n])))?;
    let view = p.once(|p| p.new_memoryview(buffer))?;
    let count = method(p, raw, "readinto", &[view])?;
    if count.is_none() {
        return Ok(None);
    }
    let count = match p.index_i64(count) {
        Err(Unwind::Raise(cause)) => return Err(failed(p, cause)),
        other => other?,
    };
    if count < 0 || count as usize > n {
        let message = format!("raw readinto() returned invalid length {count} (should have been between 0 and {n})");
        return Err(p.error(core::OS_ERROR, &message));
    }
    let bytes = p.buffer_bytes(buffer)?;
    Ok(Some(bytes.get(..count as usize).unwrap_or_default().to_vec()))
}

/// What a step inside the lock has gathered: bytes taken, what is left over for later, and how far the raw stream went.
struct Gathered {
    bytes: Vec<u8>,
    left: Vec<u8>,
    read: usize,
    blocked: bool,
}

impl Gathered {
    fn start(p: &Process, this: Value) -> Gathered {
        Gathered {
            bytes: peek_state(p, this).map_or_else(Vec::new, |s| s.rest().to_vec()),
            left: Vec::new(),
            read: 0,
            blocked: false,
        }
    }

    /// Reads once more; false at the end of the stream.
    fn more(&mut self, p: &mut Process, raw: Value, n: usize) -> NativeResult<bool> {
        match raw_read(p, raw, n)? {
            None => {
                self.blocked = true;
                Ok(false)
            }
            Some(chunk) => {
                self.read += chunk.len();
                self.bytes.extend_from_slice(&chunk);
                Ok(!chunk.is_empty())
            }
        }
    }

    /// Keeps the first `n` bytes as the result, the others for later.
    fn cut(&mut self, n: usize) {
        if n < self.bytes.len() {
            self.left = self.bytes.split_off(n);
        }
    }

    /// The last thing of the step: changes the state, gives the result.
    fn commit(self, p: &mut Process, this: Value) -> NativeResult {
        let Gathered {
            bytes,
            left,
            read,
            blocked,
        } = self;
        change(p, this, |state| {
            state.position = state.position.map(|at| at + read as i64);
            (state.ahead, state.taken) = (left, 0);
        });
        if blocked && bytes.is_empty() {
            return Ok(Value::NONE);
        }
        Ok(p.new_bytes(&bytes))
    }
}

/// Exactly `n` bytes, or fewer at the end of the stream.
fn read_exactly(p: &mut Process, this: Value, raw: Value, n: usize) -> NativeResult {
    writing::flush_pending(p, this)?;
    let size = peek_state(p, this).map_or(1, |s| s.size.max(1));
    let mut got = Gathered::start(p, this);
    while got.bytes.len() < n {
        let missing = n - got.bytes.len();
        let want = if missing >= size {
            missing - missing % size
        } else {
            size
        };
        if !got.more(p, raw, want)? {
            break;
        }
    }
    got.cut(n);
    got.commit(p, this)
}

fn read_everything(p: &mut Process, this: Value, raw: Value) -> NativeResult {
    writing::flush_pending(p, this)?;
    let mut got = Gathered::start(p, this);
    let name = p.intern("readall");
    let rest = match p.getattr_opt(raw, name)? {
        Some(readall) => p.call(readall, &[])?,
        None => super::base::in_python_here(p, "read_chunks", &[raw])?,
    };
    if rest.is_none() {
        got.blocked = true;
    } else {
        let rest = super::calls::expect_bytes(p, rest, "readall")?;
        got.read = rest.len();
        got.bytes.extend(rest);
    }
    got.commit(p, this)
}

/// Takes `n` bytes of what was read ahead, if there are that many and nobody is inside.
fn read_short(p: &mut Process, this: Value, n: usize) -> Option<Value> {
    if !is_free(p, this) {
        return None;
    }
    let state = p.heap.payload_mut::<super::buffered::Buffered>(this)?;
    let bytes = state.ahead.get(state.taken..state.taken.checked_add(n)?)?.to_vec();
    state.taken += n;
    Some(p.new_bytes(&bytes))
}

fn read(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, n) = one_size(p, args, "read")?;
    if n < -1 {
        return Err(p.value_error("read length must be non-negative or -1"));
    }
    raw_of(p, this)?;
    if n >= 0
        && !p.replaying()
        && let Some(bytes) = read_short(p, this, n as usize)
    {
        return Ok(bytes);
    }
    let raw = check_closed(p, this, "read of closed file")?;
    if n < 0 {
        return locked(p, this, |p| read_everything(p, this, raw));
    }
    let n = checked_size(p, n)?;
    locked(p, this, |p| read_exactly(p, this, raw, n))
}

fn read1(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, n) = one_size(p, args, "read1")?;
    let raw = check_closed(p, this, "read of closed file")?;
    let n = if n < 0 {
        peek_state(p, this).map_or(0, |s| s.size)
    } else {
        checked_size(p, n)?
    };
    if n == 0 {
        return Ok(p.new_bytes(b""));
    }
    locked(p, this, |p| once_at_most(p, this, raw, n))
}

/// What stands ready, or one read: at most `n` bytes.
fn once_at_most(p: &mut Process, this: Value, raw: Value, n: usize) -> NativeResult {
    writing::flush_pending(p, this)?;
    let mut got = Gathered::start(p, this);
    if got.bytes.is_empty() {
        got.more(p, raw, n)?;
    }
    got.cut(n);
    got.blocked = false;
    got.commit(p, this)
}

/// What `readinto` (`all`) and `readinto1` read. The latter reads once at most: large rests past the buffer, small ones only when nothing
/// stood ready.
fn read_to_fill(p: &mut Process, this: Value, raw: Value, n: usize, all: bool) -> NativeResult {
    writing::flush_pending(p, this)?;
    let size = peek_state(p, this).map_or(1, |s| s.size.max(1));
    let mut got = Gathered::start(p, this);
    while got.bytes.len() < n {
        let missing = n - got.bytes.len();
        let direct = missing > size;
        if !direct && !all && !got.bytes.is_empty() {
            break;
        }
        if !got.more(p, raw, if direct { missing } else { size })? || !all {
            break;
        }
    }
    got.cut(n);
    got.commit(p, this)
}

fn readinto(p: &mut Process, args: Args<'_>, all: bool) -> NativeResult {
    let (this, [buffer]) = p.method_args(args, if all { "readinto" } else { "readinto1" })?;
    let raw = check_closed(p, this, "readinto of closed file")?;
    let length = room(p, buffer, "readinto")?;
    if length == 0 {
        return Ok(Value::from_i32(0));
    }
    let data = locked(p, this, |p| read_to_fill(p, this, raw, length, all))?;
    match p.as_bytes(data).map(<[u8]>::to_vec) {
        Some(bytes) => fill(p, buffer, &bytes),
        None => Ok(Value::NONE),
    }
}

fn line_end(bytes: &[u8], limit: i64) -> Option<usize> {
    let end = memchr::memchr(b'\n', bytes).map(|at| at + 1);
    match usize::try_from(limit) {
        Ok(limit) if end.is_none_or(|end| end > limit) && bytes.len() >= limit => Some(limit),
        _ => end,
    }
}

fn readline(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, limit) = one_size(p, args, "readline")?;
    line(p, this, limit)
}

fn line(p: &mut Process, this: Value, limit: i64) -> NativeResult {
    raw_of(p, this)?;
    if !p.replaying()
        && let Some(n) = peek_state(p, this).and_then(|s| line_end(s.rest(), limit))
        && let Some(found) = read_short(p, this, n)
    {
        return Ok(found);
    }
    let raw = check_closed(p, this, "readline of closed file")?;
    locked(p, this, |p| {
        writing::flush_pending(p, this)?;
        let size = peek_state(p, this).map_or(1, |s| s.size.max(1));
        let mut got = Gathered::start(p, this);
        let mut searched = 0;
        let end = loop {
            let rest = got.bytes.get(searched..).unwrap_or_default();
            let left = if limit < 0 { -1 } else { limit - searched as i64 };
            if let Some(n) = line_end(rest, left) {
                break searched + n;
            }
            searched = got.bytes.len();
            if !got.more(p, raw, size)? {
                break got.bytes.len();
            }
        };
        got.cut(end);
        got.blocked = false;
        got.commit(p, this)
    })
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let found = if is_exact(p, this) {
        line(p, this, -1)?
    } else {
        let found = method(p, this, "readline", &[])?;
        if p.as_bytes(found).is_none() {
            let name = p.type_name(found);
            let message = format!("readline() should have returned a bytes object, not '{name}'");
            return Err(p.error(core::OS_ERROR, &message));
        }
        found
    };
    let empty = p.as_bytes(found).is_none_or(<[u8]>::is_empty);
    Ok(if empty { Value::NULL } else { found })
}

fn is_exact(p: &Process, this: Value) -> bool {
    use super::buffered::{BUFFERED_RANDOM, BUFFERED_READER};
    is_exactly(p, this, &BUFFERED_READER) || is_exactly(p, this, &BUFFERED_RANDOM)
}

fn peek(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, _) = one_size(p, args, "peek")?;
    let raw = check_closed(p, this, "peek of closed file")?;
    locked(p, this, |p| {
        writing::flush_pending(p, this)?;
        let size = peek_state(p, this).map_or(1, |s| s.size.max(1));
        let mut got = Gathered::start(p, this);
        if got.bytes.is_empty() {
            got.more(p, raw, size)?;
        }
        let shown = got.bytes.clone();
        got.cut(0);
        got.blocked = false;
        got.commit(p, this)?;
        Ok(p.new_bytes(&shown))
    })
}

/// The methods of streams that read.
pub const MEMBERS: &[Native] = &[
    Native::method("readable", |p, args| pass_on(p, args, "readable")).sig("($self, /)"),
    Native::method("read", read).sig("($self, size=-1, /)"),
    Native::method("read1", read1).sig("($self, size=-1, /)"),
    Native::method("readinto", |p, args| readinto(p, args, true)).sig("($self, buffer, /)"),
    Native::method("readinto1", |p, args| readinto(p, args, false)).sig("($self, buffer, /)"),
    Native::method("readline", readline).sig("($self, size=-1, /)"),
    Native::method("peek", peek).sig("($self, size=0, /)"),
    Native::method("__next__", next),
];
