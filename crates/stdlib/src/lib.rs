//! Python's native modules in Rust, and CPython's own library packed at build time.

use heddle_vm::process::{Library, ModuleDef};
use heddle_vm::watchers::Eyes;

pub mod abc_module;
mod arguments;
pub mod array;
pub mod asyncio_module;
pub mod binascii;
pub mod bisect;
pub mod c_code;
mod checksum;
pub mod cmath;
pub mod codecs;
pub mod collections_module;
pub mod context;
pub mod csv;
pub mod functools;
pub mod gc;
pub mod greenlets;
pub mod hashes;
pub mod heapq;
pub mod interpreters;
pub mod io;
pub mod itertools;
pub mod json;
pub mod lsprof;
pub mod mapping;
pub mod math;
pub mod operator;
mod pack;
pub mod posix;
pub mod processes;
pub mod random;
pub mod signals;
pub mod small;
pub mod sockets;
pub mod sre;
pub mod string;
pub mod structs;
pub mod thread;
pub mod time;
pub mod unicodedata;
pub mod weakref;
pub mod zlib;

/// Everything the VM needs to know of this crate.
pub static LIBRARY: Library = Library {
    modules: MODULES,
    find: pack::find,
    place: pack::place,
    names: pack::names,
    source: pack::source,
    eyes: Eyes {
        length: |p, v| {
            p.heap
                .payload::<collections_module::Deque>(v)
                .map(|deque| deque.items.len())
        },
        task_of_step: asyncio_module::eyes::task_of_step,
        task: asyncio_module::eyes::task,
        is_done: asyncio_module::eyes::is_done,
    },
};

pub use pack::{files, install, rest_name, wanted};

/// To be called before a program is compiled: says where Unicode's tables are, and nothing of the library is [`wanted`] yet.
pub fn start() {
    heddle_names::set_source(pack::unicode_names);
    heddle_names::characters::set_source(pack::unicode_characters);
    pack::forget_wishes();
}

static MODULES: &[&ModuleDef] = &[
    &abc_module::MODULE,
    &binascii::MODULE,
    &codecs::MODULE,
    &collections_module::MODULE,
    &asyncio_module::MODULE,
    &context::MODULE,
    &gc::MODULE,
    &greenlets::MODULE,
    &hashes::MD5,
    &hashes::SHA1,
    &hashes::SHA2,
    &io::MODULE,
    &hashes::SHA3,
    &hashes::BLAKE2,
    &array::MODULE,
    &cmath::MODULE,
    &c_code::MODULE,
    &csv::MODULE,
    &json::MODULE,
    &zlib::MODULE,
    &itertools::MODULE,
    &lsprof::MODULE,
    &mapping::MODULE,
    &math::MODULE,
    &posix::MODULE,
    &processes::MODULE,
    &random::MODULE,
    &small::ERRNO,
    &signals::MODULE,
    &sockets::MODULE,
    &small::IMP,
    &operator::MODULE,
    &functools::MODULE,
    &heapq::MODULE,
    &interpreters::MODULE,
    &bisect::MODULE,
    &small::WARNINGS,
    &sre::MODULE,
    &string::MODULE,
    &structs::MODULE,
    &thread::MODULE,
    &time::MODULE,
    &unicodedata::MODULE,
    &weakref::MODULE,
];
