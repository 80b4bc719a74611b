//! `_io`: files, buffers and text.
//!
//! As in CPython a file is three objects: raw bytes ([`file`]), a buffer around it ([`buffered`]) and text around that ([`text`]). Each may
//! also be a class in Python, so every layer calls the one below by its methods; only where the lower object is exactly one of the native
//! classes are its functions called directly, and what fits into a buffer needs no call at all.
//!
//! How replay shapes the code: a native runs again from its start whenever something below it had to leave the image, so each step that
//! changes an object is a [`Process::once`], or the last thing that a [`Process::scope`] does. Shortcuts that look at a buffer's state are
//! taken only while nothing has been logged yet.
//!
//! Not modelled: descriptors that would block.

pub mod base;
pub mod buffered;
pub mod buffered_methods;
pub mod bytes_io;
pub mod calls;
pub mod decoder;
pub mod file;
pub mod file_open;
pub mod newlines;
pub mod open;
pub mod pair;
pub mod reading;
pub mod string_io;
pub mod text;
pub mod text_make;
pub mod text_read;
pub mod text_seek;
pub mod text_write;
pub mod writing;

use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// What a buffer holds unless told otherwise, in bytes.
pub const DEFAULT_BUFFER_SIZE: i64 = 128 * 1024;

/// The key of the module's state: `UnsupportedOperation`.
const STATE: &str = "_io";

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    let size = p.new_int(DEFAULT_BUFFER_SIZE);
    let unsupported = match p.module_state.get(STATE).and_then(|values| values.first().copied()) {
        Some(class) => class,
        None => make_unsupported(p)?,
    };
    for (name, value) in [
        ("DEFAULT_BUFFER_SIZE", size),
        ("BlockingIOError", core::BLOCKING_IO_ERROR),
        ("UnsupportedOperation", unsupported),
    ] {
        let name = p.intern(name);
        p.dict_set_str(dict, name, value);
    }
    Ok(())
}

/// The exception class `io.UnsupportedOperation`.
fn make_unsupported(p: &mut Process) -> NativeResult {
    let name = p.intern("UnsupportedOperation");
    let bases = p.new_tuple(vec![core::OS_ERROR, core::VALUE_ERROR]);
    let namespace = p.new_dict();
    let module = p.intern("io");
    p.dict_set_str(namespace, heddle_vm::names::MODULE, module);
    let class = p.type_new(core::TYPE, name, bases, namespace, &[])?;
    p.heap.incref(class);
    p.module_state.insert(STATE, vec![class]);
    Ok(class)
}

/// `_io`
pub static MODULE: ModuleDef = ModuleDef {
    name: "_io",
    doc: "The io module provides the Python interfaces to stream handling. The\nbuiltin open function is defined in this module.",
    functions: open::FUNCTIONS,
    types: &[
        &base::IO_BASE,
        &base::RAW_IO_BASE,
        &base::BUFFERED_IO_BASE,
        &base::TEXT_IO_BASE,
        &file::FILE_IO,
        &bytes_io::BYTES_IO,
        &bytes_io::BYTES_IO_BUFFER,
        &string_io::STRING_IO,
        &buffered::BUFFERED_READER,
        &buffered::BUFFERED_WRITER,
        &buffered::BUFFERED_RANDOM,
        &pair::BUFFERED_RW_PAIR,
        &text::TEXT_IO_WRAPPER,
        &newlines::INCREMENTAL_NEWLINE_DECODER,
    ],
    init: Some(init),
};
