//! What C code costs that works for long, and the module `lab`, with which a program says so itself.
//!
//! CPython's C code lets go of the GIL around work on many bytes; the work then takes its time on a core while other threads run bytecode.
//! Rates were measured with CPython 3.13 (OpenSSL's hashes, zlib 1.3 over text) on a server of 2024, in picoseconds per byte.

use heddle_vm::contract::SystemCall;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

/// Hashing fewer bytes than this keeps the GIL (`HASHLIB_GIL_MINSIZE`).
const HASH_BYTES: usize = 2048;
/// Check sums of more bytes than this let go of it (`zlibmodule.c`).
const CHECK_SUM_BYTES: usize = 5 * 1024;

pub const MD5: u64 = 1_300;
pub const SHA1: u64 = 520;
pub const SHA256: u64 = 550;
pub const SHA512: u64 = 1_320;
pub const SHA3: u64 = 1_960;
pub const BLAKE2: u64 = 1_050;
pub const COMPRESS_FAST: u64 = 10_000;
pub const COMPRESS: u64 = 40_000;
pub const DECOMPRESS: u64 = 8_000;
pub const CHECK_SUM: u64 = 250;

fn compute(p: &mut Process, cost_ns: u64, release_gil: bool) -> NativeResult<()> {
    p.system_call(SystemCall::Compute { cost_ns, release_gil }).map(|_| ())
}

fn cost_of(bytes: usize, picoseconds: u64) -> u64 {
    (bytes as u64).saturating_mul(picoseconds) / 1_000
}

/// The time of hashing: without the GIL from [`HASH_BYTES`] on, as part of the call below. Before the hash object is changed.
pub(crate) fn hashing(p: &mut Process, bytes: usize, picoseconds: u64) -> NativeResult<()> {
    if bytes < HASH_BYTES {
        p.worked(1, cost_of(bytes, picoseconds));
        return Ok(());
    }
    compute(p, cost_of(bytes, picoseconds), true)
}

/// The time of compressing or decompressing, always without the GIL. Before anything is changed.
pub(crate) fn packing(p: &mut Process, bytes: usize, picoseconds: u64) -> NativeResult<()> {
    compute(p, cost_of(bytes, picoseconds), true)
}

/// The time of a check sum.
pub(crate) fn summing(p: &mut Process, bytes: usize) -> NativeResult<()> {
    if bytes <= CHECK_SUM_BYTES {
        p.worked(1, cost_of(bytes, CHECK_SUM));
        return Ok(());
    }
    compute(p, cost_of(bytes, CHECK_SUM), true)
}

/// `c_call(seconds, release_gil=False)`: a C function that works for so long on its core.
fn c_call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [seconds, release] = p.bind(args, "c_call", ["seconds", "release_gil"], 1)?;
    let seconds = crate::time::duration_of(p, seconds.unwrap_or(Value::NONE))?;
    if seconds < 0.0 {
        return Err(p.value_error("seconds must be non-negative"));
    }
    let release = match release {
        Some(v) => p.truth(v)?,
        None => false,
    };
    compute(p, (seconds * 1e9).round() as u64, release)?;
    Ok(Value::NONE)
}

/// The module `lab`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "lab",
    doc: "What programs can ask of Heddle's simulated computer; no module of CPython.",
    functions: &[Native::function("c_call", c_call).sig("($module, /, seconds, release_gil=False)")],
    types: &[],
    init: None,
};
