//! The one door to the engine: a scenario becomes a run, a run becomes an outcome and a trace.
//!
//! The page's worker and the command line drive nothing but [`Run`] ([`Run::new`], then [`Run::advance`] until it says
//! how the run finished) and [`Sweeping`], which makes one run after the other. Everything is a pure function of scenario and options; how the work is divided into calls of
//! `advance` changes nothing.

mod apart;
mod boot;
mod library;
mod limits;
mod look;
mod network;
mod report;
mod run;
mod steps;
mod sweep;
mod text;

pub use apart::Part;
pub use heddle_machine::{BlockedThread, Counters, DeadlockReport, HostEntry, HostFolder, HostKind, Output, errno};
/// The part of CPython's library that the page fetches when a program asks for it: its file's name, whether it has been asked for since
/// a run was made or the library came (what that run did is then void, and it must be made again), and how to hand it over.
pub use heddle_stdlib::{install as install_library, rest_name as library_file, wanted as library_wanted};
pub use heddle_vm::survey::Survey;
pub use limits::Limits;
pub use look::{Checkpoints, Look};
pub use report::describe_deadlock;
pub use run::{Entry, Kind, Options, Outcome, OutputChunk, Progress, Run, StartError};
pub use steps::Stepping;
pub use sweep::{Sweep, Sweeping, Variant};

/// Version of the engine's semantics: raised whenever a cost or rule changes the timeline of an unchanged program.
pub const SEMANTICS: u32 = 3;
