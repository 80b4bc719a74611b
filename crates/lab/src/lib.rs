//! The one door to the engine: a scenario becomes a run, a run becomes an outcome and a trace.
//!
//! The page's worker and the command line drive nothing but [`Run`]: [`Run::new`], then [`Run::advance`] until it says
//! how the run finished. Everything is a pure function of scenario and options; how the work is divided into calls of
//! `advance` changes nothing.

mod boot;
mod library;
mod limits;
mod report;
mod run;
mod text;

pub use heddle_machine::{BlockedThread, DeadlockReport, HostEntry, HostFolder, HostKind, Output, errno};
pub use limits::Limits;
pub use report::describe_deadlock;
pub use run::{Entry, Kind, Options, Outcome, OutputChunk, Progress, Run, StartError};

/// Version of the engine's semantics: raised whenever a cost or rule changes the timeline of an unchanged program.
pub const SEMANTICS: u32 = 1;
