//! The document people edit and share: Python files, the machine they run on, and the link that carries both.
//!
//! The settings stand in the program itself, in a `# /// lab` block ([`read_settings`], [`write_settings`]), so that the file still
//! runs under any Python and the page's controls and the text stay in step.

mod archive;
mod block;
mod computers;
mod embedding;
mod hosts;
mod link;
mod scenario;
mod settings;
mod toml;
mod units;

pub use archive::{open_file, zip};
pub use block::{Problem, block_lines, place_of, read_settings, write_settings};
pub use computers::{MOST_COMPUTERS, PROGRAM, Remote, parse_computers};
pub use embedding::{Embedding, Lines, Moment, Shown, Theme, scalar};
pub use hosts::{Host, parse_hosts};
pub use link::{LINK_VERSION, Link, LinkError, MAX_INFLATED, decode as decode_link, encode as encode_link};
pub use scenario::{File, Scenario, View, beside};
pub use settings::{
    COMPUTERS, DEFAULT_COMPUTER, Key, Limits, MAX_CORES, MOST_INTERRUPTS, OsScheduler, Policy, PythonVersion, Scalar,
    Settings, StartMethod,
};
pub use units::{format_duration, format_size, parse_duration_ns, parse_size_bytes};
