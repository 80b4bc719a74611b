//! `zlib` over `miniz_oxide`. What is compressed can be read by any zlib, but is not the same bytes as zlib's own.

use crate::c_code;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use miniz_oxide::deflate::core::CompressorOxide;
use miniz_oxide::deflate::stream::deflate;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

const MAX_WBITS: i64 = 15;

static ERROR: TypeDef = TypeDef {
    name: "error",
    module: "zlib",
    base: Some(TypeRef::Core(core::EXCEPTION)),
    layout: Layout::Exception,
    flags: type_flags::BASETYPE,
    members: &[],
    doc: "",
    finish: None,
};

#[cold]
fn error(p: &mut Process, message: &str) -> Unwind {
    let class = p.native_type(&ERROR);
    p.error(class, message)
}

/// How the data stands in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapper {
    Raw,
    Zlib,
    Gzip,
    /// zlib or gzip, as the first byte tells (only for reading).
    Either,
}

fn wrapper(wbits: i64) -> Option<Wrapper> {
    match wbits {
        -15..=-8 => Some(Wrapper::Raw),
        0 | 8..=15 => Some(Wrapper::Zlib),
        24..=31 => Some(Wrapper::Gzip),
        40..=47 => Some(Wrapper::Either),
        _ => None,
    }
}

/// The check sum of zlib streams.
fn adler(start: u32, data: &[u8]) -> u32 {
    let (mut a, mut b) = (start & 0xFFFF, start >> 16);
    for chunk in data.chunks(5552) {
        for &byte in chunk {
            a += u32::from(byte);
            b += a;
        }
        a %= 65521;
        b %= 65521;
    }
    b << 16 | a
}

/// The check sum of gzip streams, four bits at a time.
pub fn crc(start: u32, data: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut i = 0;
        while i < 256 {
            let mut c = i as u32;
            let mut bit = 0;
            while bit < 8 {
                c = if c & 1 != 0 { 0xEDB8_8320 ^ c >> 1 } else { c >> 1 };
                bit += 1;
            }
            table[i] = c;
            i += 1;
        }
        table
    };
    !data
        .iter()
        .fold(!start, |c, b| TABLE[((c ^ u32::from(*b)) & 0xFF) as usize] ^ c >> 8)
}

fn check_sum(p: &mut Process, args: Args<'_>, name: &str, start: u32, sum: fn(u32, &[u8]) -> u32) -> NativeResult {
    let [data, value] = p.bind(args, name, ["", ""], 1)?;
    let bytes = p.byte_data(data.unwrap_or(Value::NONE))?;
    let start = match value {
        Some(v) => {
            let n = p.index_big(v)?;
            let low: num_bigint::BigInt = n & num_bigint::BigInt::from(u32::MAX);
            u32::try_from(low).unwrap_or(0)
        }
        None => start,
    };
    c_code::summing(p, bytes.len())?;
    Ok(p.new_int(i64::from(sum(start, &bytes))))
}

/// A compressor: the state, and what its wrapper needs.
#[derive(Clone)]
struct Compress {
    state: Box<CompressorOxide>,
    gzip: bool,
    head_written: bool,
    crc: u32,
    length: u32,
    finished: bool,
}

impl std::fmt::Debug for Compress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compress")
            .field("finished", &self.finished)
            .finish_non_exhaustive()
    }
}
heddle_vm::impl_payload!(Compress);

impl Compress {
    fn new(level: i64, wrapper: Wrapper) -> Compress {
        let format = if wrapper == Wrapper::Zlib {
            DataFormat::Zlib
        } else {
            DataFormat::Raw
        };
        let mut state = Box::<CompressorOxide>::default();
        state.set_format_and_level(format, if level < 0 { 6 } else { level as u8 });
        Compress {
            state,
            gzip: wrapper == Wrapper::Gzip,
            head_written: false,
            crc: 0,
            length: 0,
            finished: false,
        }
    }

    fn run(&mut self, data: &[u8], flush: MZFlush) -> Result<Vec<u8>, MZError> {
        let mut out = Vec::new();
        if self.gzip {
            if !self.head_written {
                out.extend([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
                self.head_written = true;
            }
            self.crc = crc(self.crc, data);
            self.length = self.length.wrapping_add(data.len() as u32);
        }
        let mut input = data;
        let mut buffer = vec![0; 32 * 1024];
        loop {
            let result = deflate(&mut self.state, input, &mut buffer, flush);
            input = input.get(result.bytes_consumed..).unwrap_or_default();
            out.extend_from_slice(buffer.get(..result.bytes_written).unwrap_or_default());
            match result.status {
                Ok(MZStatus::StreamEnd) => {
                    self.finished = true;
                    break;
                }
                Ok(_) if result.bytes_written == buffer.len() => {}
                Ok(_) if input.is_empty() && flush != MZFlush::Finish => break,
                Ok(_) if result.bytes_consumed == 0 && result.bytes_written == 0 => break,
                Ok(_) => {}
                Err(MZError::Buf) => break,
                Err(e) => return Err(e),
            }
        }
        if self.gzip && self.finished {
            out.extend(self.crc.to_le_bytes());
            out.extend(self.length.to_le_bytes());
        }
        Ok(out)
    }
}

/// A decompressor: the state, the head of a gzip stream as far as it came, and what is left over.
#[derive(Clone)]
struct Decompress {
    wrapper: Wrapper,
    state: Box<InflateState>,
    started: bool,
    /// Input not looked at yet: a part of a head or of a trailer.
    waiting: Vec<u8>,
    crc: u32,
    length: u32,
    body_ended: bool,
    eof: bool,
    unused: Vec<u8>,
    unconsumed: Vec<u8>,
}

impl std::fmt::Debug for Decompress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decompress")
            .field("eof", &self.eof)
            .finish_non_exhaustive()
    }
}
heddle_vm::impl_payload!(Decompress);

/// Length of the head of a gzip stream; None: more bytes are needed.
fn gzip_head(data: &[u8]) -> Result<Option<usize>, &'static str> {
    let start = [0x1f, 0x8b, 8];
    let n = data.len().min(3);
    if data[..n] != start[..n] {
        return Err("Error -3 while decompressing data: incorrect header check");
    }
    let Some(&flags) = data.get(3) else { return Ok(None) };
    let mut at = 10;
    if flags & 4 != 0 {
        let (Some(&low), Some(&high)) = (data.get(at), data.get(at + 1)) else {
            return Ok(None);
        };
        at += 2 + usize::from(low) + 256 * usize::from(high);
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let Some(zero) = data.get(at..).and_then(|rest| rest.iter().position(|b| *b == 0)) else {
                return Ok(None);
            };
            at += zero + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    Ok((data.len() >= at).then_some(at))
}

impl Decompress {
    fn new(wrapper: Wrapper) -> Decompress {
        Decompress {
            wrapper,
            state: InflateState::new_boxed(DataFormat::Raw),
            started: false,
            waiting: Vec::new(),
            crc: 0,
            length: 0,
            body_ended: false,
            eof: false,
            unused: Vec::new(),
            unconsumed: Vec::new(),
        }
    }

    /// Reads the head; false: more bytes are needed.
    fn begin(&mut self) -> Result<bool, &'static str> {
        if self.wrapper == Wrapper::Either {
            match self.waiting.first() {
                None => return Ok(false),
                Some(0x1f) => self.wrapper = Wrapper::Gzip,
                Some(_) => self.wrapper = Wrapper::Zlib,
            }
        }
        match self.wrapper {
            Wrapper::Gzip => match gzip_head(&self.waiting)? {
                None => return Ok(false),
                Some(head) => drop(self.waiting.drain(..head)),
            },
            Wrapper::Zlib => {
                let &[a, b, ..] = self.waiting.as_slice() else {
                    return Ok(false);
                };
                if a & 15 != 8 || !(u32::from(a) * 256 + u32::from(b)).is_multiple_of(31) {
                    return Err("Error -3 while decompressing data: incorrect header check");
                }
                self.state = InflateState::new_boxed(DataFormat::Zlib);
            }
            _ => {}
        }
        self.started = true;
        Ok(true)
    }

    /// Decompresses until the input or `most` bytes of output are used up. `careful`: input that is not needed for that is left over.
    fn run(&mut self, data: &[u8], most: usize, careful: bool) -> Result<Vec<u8>, &'static str> {
        if self.eof {
            self.unused.extend_from_slice(data);
            return Ok(Vec::new());
        }
        self.waiting.extend_from_slice(data);
        let mut out = Vec::new();
        if !self.started && !self.begin()? {
            return Ok(out);
        }
        let mut buffer = vec![0; 32 * 1024];
        while !self.body_ended && out.len() < most {
            let room = buffer.len().min(most - out.len());
            let input = self.waiting.get(..if careful { 1 } else { self.waiting.len() });
            let input = input.unwrap_or_default();
            let result = inflate(&mut self.state, input, &mut buffer[..room], MZFlush::None);
            self.waiting.drain(..result.bytes_consumed.min(self.waiting.len()));
            out.extend_from_slice(buffer.get(..result.bytes_written).unwrap_or_default());
            match result.status {
                Ok(MZStatus::StreamEnd) => self.body_ended = true,
                Ok(_) if result.bytes_written == 0 && result.bytes_consumed == 0 => break,
                Ok(_) => {}
                Err(MZError::Buf) => break,
                Err(_) => return Err("Error -3 while decompressing data: invalid block type"),
            }
        }
        self.crc = crc(self.crc, &out);
        self.length = self.length.wrapping_add(out.len() as u32);
        if self.body_ended {
            self.end()?;
        }
        Ok(out)
    }

    fn end(&mut self) -> Result<(), &'static str> {
        if self.wrapper == Wrapper::Gzip {
            let Some(trailer) = self.waiting.get(..8) else {
                return Ok(());
            };
            if trailer[..4] != self.crc.to_le_bytes() {
                return Err("Error -3 while decompressing data: incorrect data check");
            }
            if trailer[4..] != self.length.to_le_bytes() {
                return Err("Error -3 while decompressing data: incorrect length check");
            }
            self.waiting.drain(..8);
        }
        self.eof = true;
        self.unused = std::mem::take(&mut self.waiting);
        Ok(())
    }
}

fn level_argument(p: &mut Process, v: Option<Value>) -> NativeResult<i64> {
    match v {
        Some(v) => p.index_i64(v),
        None => Ok(-1),
    }
}

fn wrapper_argument(p: &mut Process, v: Option<Value>, reading: bool) -> NativeResult<Option<Wrapper>> {
    let wbits = match v {
        Some(v) => p.index_i64(v)?,
        None => MAX_WBITS,
    };
    Ok(wrapper(wbits).filter(|w| reading || *w != Wrapper::Either && wbits != 0))
}

fn compress(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, level, wbits] = p.bind(args, "compress", ["", "level", "wbits"], 1)?;
    let bytes = p.byte_data(data.unwrap_or(Value::NONE))?;
    let level = level_argument(p, level)?;
    let wrapper = wrapper_argument(p, wbits, false)?;
    let (Some(wrapper), -1..=9) = (wrapper, level) else {
        return Err(error(p, "Bad compression level"));
    };
    let rate = if level == 1 {
        c_code::COMPRESS_FAST
    } else {
        c_code::COMPRESS
    };
    c_code::packing(p, bytes.len(), rate)?;
    match Compress::new(level, wrapper).run(&bytes, MZFlush::Finish) {
        Ok(out) => Ok(p.new_bytes(&out)),
        Err(_) => Err(error(p, "Error -2 while compressing data")),
    }
}

/// Output that fits in what memory is left.
fn bounded(p: &Process, most: usize) -> usize {
    usize::try_from(p.heap.room()).unwrap_or(usize::MAX).min(most)
}

fn decompress(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, wbits, bufsize] = p.bind(args, "decompress", ["", "wbits", "bufsize"], 1)?;
    let bytes = p.byte_data(data.unwrap_or(Value::NONE))?;
    let Some(wrapper) = wrapper_argument(p, wbits, true)? else {
        return Err(error(
            p,
            "Error -2 while preparing to decompress data: inconsistent stream state",
        ));
    };
    if let Some(v) = bufsize
        && p.index_i64(v)? < 0
    {
        return Err(p.value_error("bufsize must be non-negative"));
    }
    c_code::packing(p, bytes.len(), c_code::DECOMPRESS)?;
    let mut state = Decompress::new(wrapper);
    let most = bounded(p, usize::MAX);
    match state.run(&bytes, most, false) {
        Ok(out) if state.eof => Ok(p.new_bytes(&out)),
        Ok(out) if out.len() >= most => Err(p.error(core::MEMORY_ERROR, "")),
        Ok(_) => Err(error(
            p,
            "Error -5 while decompressing data: incomplete or truncated stream",
        )),
        Err(message) => Err(error(p, message)),
    }
}

fn compressobj(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [level, method, wbits, ..] = p.bind(
        args,
        "compressobj",
        ["level", "method", "wbits", "memLevel", "strategy", "zdict"],
        0,
    )?;
    let level = level_argument(p, level)?;
    let method = match method {
        Some(v) => p.index_i64(v)?,
        None => 8,
    };
    let wrapper = wrapper_argument(p, wbits, false)?;
    let (Some(wrapper), -1..=9, 8) = (wrapper, level, method) else {
        return Err(p.value_error("Invalid initialization option"));
    };
    let class = p.native_type(&COMPRESS);
    Ok(p.new_payload(class, Compress::new(level, wrapper)))
}

fn decompressobj(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [wbits, zdict] = p.bind(args, "decompressobj", ["wbits", "zdict"], 0)?;
    if zdict.is_some() {
        return Err(p.not_supported("the argument zdict of zlib.decompressobj"));
    }
    let Some(wrapper) = wrapper_argument(p, wbits, true)? else {
        return Err(p.value_error("Invalid initialization option"));
    };
    let class = p.native_type(&DECOMPRESS);
    Ok(p.new_payload(class, Decompress::new(wrapper)))
}

fn compress_step(p: &mut Process, this: Value, data: &[u8], flush: MZFlush) -> NativeResult {
    c_code::packing(p, data.len(), c_code::COMPRESS)?;
    let Some(state) = p.heap.payload_mut::<Compress>(this) else {
        return Err(p.type_error("a zlib.Compress object is required"));
    };
    if state.finished {
        return Err(error(p, "Error -2 while compressing data: inconsistent stream state"));
    }
    match state.run(data, flush) {
        Ok(out) => Ok(p.new_bytes(&out)),
        Err(_) => Err(error(p, "Error -2 while compressing data")),
    }
}

static COMPRESS: TypeDef = TypeDef {
    name: "Compress",
    module: "zlib",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1351),
    flags: 0,
    members: &[&[
        Native::method("compress", |p, args| {
            let (this, [data]) = p.method_args(args, "zlib.Compress.compress")?;
            let bytes = p.byte_data(data)?;
            compress_step(p, this, &bytes, MZFlush::None)
        }),
        Native::method("flush", |p, args| {
            let [mode] = p.bind(args.rest(), "flush", [""], 0)?;
            let mode = match mode {
                Some(v) => p.index_i64(v)?,
                None => 4,
            };
            let flush = match mode {
                0 => return Ok(p.new_bytes(&[])),
                1 => MZFlush::Partial,
                2 => MZFlush::Sync,
                3 => MZFlush::Full,
                4 => MZFlush::Finish,
                _ => return Err(error(p, "Error -2 while flushing: inconsistent stream state")),
            };
            compress_step(p, args.this(), &[], flush)
        }),
        Native::method("copy", copy::<Compress>),
        Native::method("__copy__", copy::<Compress>),
        Native::method("__deepcopy__", copy::<Compress>),
    ]],
    doc: "",
    finish: None,
};

fn copy<T: heddle_vm::payload::Payload + Clone>(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = p.type_of(args.this());
    match p.heap.payload::<T>(args.this()).cloned() {
        Some(state) => Ok(p.new_payload(class, state)),
        None => Err(p.type_error("a zlib object is required")),
    }
}

fn decompressor(p: &mut Process, v: Value) -> NativeResult<&mut Decompress> {
    if p.heap.payload::<Decompress>(v).is_none() {
        return Err(p.type_error("a zlib.Decompress object is required"));
    }
    p.heap.payload_mut::<Decompress>(v).ok_or(Unwind::Raise(Value::NONE))
}

/// Decompresses `data` behind what was left unconsumed before.
fn decompress_step(p: &mut Process, this: Value, data: &[u8], most: usize) -> NativeResult {
    c_code::packing(p, data.len(), c_code::DECOMPRESS)?;
    let bound = bounded(p, most);
    let state = decompressor(p, this)?;
    let result = state.run(data, bound, most != usize::MAX);
    state.unconsumed = if state.started && !state.body_ended {
        std::mem::take(&mut state.waiting)
    } else {
        Vec::new()
    };
    match result {
        Ok(out) => Ok(p.new_bytes(&out)),
        Err(message) => Err(error(p, message)),
    }
}

static DECOMPRESS: TypeDef = TypeDef {
    name: "Decompress",
    module: "zlib",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1352),
    flags: 0,
    members: &[&[
        Native::method("decompress", |p, args| {
            let [data, most] = p.bind(args.rest(), "decompress", ["", "max_length"], 1)?;
            let bytes = p.byte_data(data.unwrap_or(Value::NONE))?;
            let most = match most {
                Some(v) => p.index_i64(v)?,
                None => 0,
            };
            if most < 0 {
                return Err(p.value_error("max_length must be non-negative"));
            }
            let most = if most == 0 { usize::MAX } else { most as usize };
            decompress_step(p, args.this(), &bytes, most)
        }),
        Native::method("flush", |p, args| {
            let [length] = p.bind(args.rest(), "flush", [""], 0)?;
            if let Some(v) = length
                && p.index_i64(v)? <= 0
            {
                return Err(p.value_error("length must be greater than zero"));
            }
            let rest = std::mem::take(&mut decompressor(p, args.this())?.unconsumed);
            decompress_step(p, args.this(), &rest, usize::MAX)
        }),
        Native::method("copy", copy::<Decompress>),
        Native::method("__copy__", copy::<Decompress>),
        Native::method("__deepcopy__", copy::<Decompress>),
        Native::getter("unused_data", |p, args| {
            let bytes = decompressor(p, args.this())?.unused.clone();
            Ok(p.new_bytes(&bytes))
        }),
        Native::getter("unconsumed_tail", |p, args| {
            let bytes = decompressor(p, args.this())?.unconsumed.clone();
            Ok(p.new_bytes(&bytes))
        }),
        Native::getter("eof", |p, args| Ok(Value::from_bool(decompressor(p, args.this())?.eof))),
    ]],
    doc: "",
    finish: None,
};

/// `zlib._ZlibDecompressor`, which keeps its unconsumed input itself.
static ZLIB_DECOMPRESSOR: TypeDef = TypeDef {
    name: "_ZlibDecompressor",
    module: "zlib",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1353),
    flags: 0,
    members: &[&[
        Native::static_method("__new__", |p, args| {
            let [wbits, zdict] = p.bind(args.rest(), "_ZlibDecompressor", ["wbits", "zdict"], 0)?;
            if zdict.is_some() {
                return Err(p.not_supported("the argument zdict of zlib._ZlibDecompressor"));
            }
            let Some(wrapper) = wrapper_argument(p, wbits, true)? else {
                return Err(p.value_error("Invalid initialization option"));
            };
            Ok(p.new_payload(args.this(), Decompress::new(wrapper)))
        }),
        Native::method("decompress", |p, args| {
            let [data, most] = p.bind(args.rest(), "decompress", ["data", "max_length"], 1)?;
            let bytes = p.byte_data(data.unwrap_or(Value::NONE))?;
            let most = match most {
                Some(v) => p.index_i64(v)?,
                None => -1,
            };
            let bound = bounded(p, usize::try_from(most).unwrap_or(usize::MAX));
            let state = decompressor(p, args.this())?;
            if state.eof {
                return Err(p.error(core::EOF_ERROR, "End of stream already reached"));
            }
            match state.run(&bytes, bound, most >= 0) {
                Ok(out) => Ok(p.new_bytes(&out)),
                Err(message) => Err(error(p, message)),
            }
        }),
        Native::getter("unused_data", |p, args| {
            let bytes = decompressor(p, args.this())?.unused.clone();
            Ok(p.new_bytes(&bytes))
        }),
        Native::getter("eof", |p, args| Ok(Value::from_bool(decompressor(p, args.this())?.eof))),
        Native::getter("needs_input", |p, args| {
            let state = decompressor(p, args.this())?;
            Ok(Value::from_bool(!state.eof && state.waiting.is_empty()))
        }),
    ]],
    doc: "",
    finish: None,
};

fn init(p: &mut Process, dict: Value) -> NativeResult<()> {
    for (name, n) in [
        ("MAX_WBITS", MAX_WBITS),
        ("DEFLATED", 8),
        ("DEF_MEM_LEVEL", 8),
        ("DEF_BUF_SIZE", 16384),
        ("Z_NO_COMPRESSION", 0),
        ("Z_BEST_SPEED", 1),
        ("Z_BEST_COMPRESSION", 9),
        ("Z_DEFAULT_COMPRESSION", -1),
        ("Z_FILTERED", 1),
        ("Z_HUFFMAN_ONLY", 2),
        ("Z_RLE", 3),
        ("Z_FIXED", 4),
        ("Z_DEFAULT_STRATEGY", 0),
        ("Z_NO_FLUSH", 0),
        ("Z_PARTIAL_FLUSH", 1),
        ("Z_SYNC_FLUSH", 2),
        ("Z_FULL_FLUSH", 3),
        ("Z_FINISH", 4),
        ("Z_BLOCK", 5),
        ("Z_TREES", 6),
    ] {
        let (name, n) = (p.intern(name), p.new_int(n));
        p.dict_set_str(dict, name, n);
    }
    for (name, text) in [
        ("ZLIB_VERSION", "1.3.1"),
        ("ZLIB_RUNTIME_VERSION", "1.3.1"),
        ("__version__", "1.0"),
    ] {
        let (name, text) = (p.intern(name), p.new_str(text));
        p.dict_set_str(dict, name, text);
    }
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "zlib",
    doc: "The functions in this module allow compression and decompression using the zlib format.",
    functions: &[
        Native::function("compress", compress).sig("($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)"),
        Native::function("decompress", decompress).sig("($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)"),
        Native::function("compressobj", compressobj),
        Native::function("decompressobj", decompressobj),
        Native::function("adler32", |p, a| check_sum(p, a, "adler32", 1, adler)).sig("($module, data, value=1, /)"),
        Native::function("crc32", |p, a| check_sum(p, a, "crc32", 0, crc)).sig("($module, data, value=0, /)"),
    ],
    types: &[&ERROR, &ZLIB_DECOMPRESSOR],
    init: Some(init),
};
