//! What happened in a run: events, their encoding, hash, statistics and exports.
//!
//! The machine writes through a [`Recorder`]; readers (the page, the command line) hold a [`Trace`]. This crate
//! knows no Python objects, no browser and no real clock. See the README for the entry points.

mod between;
mod chunk;
mod csv;
mod encode;
mod encode_kind;
mod encode_tasks;
mod event;
mod firefox;
mod fold;
mod hash;
mod ids;
mod lost;
mod numbers;
mod own_time;
mod perfetto;
mod plot;
mod recorder;
mod scene;
mod scene_text;
mod slices;
mod state;
mod stats;
mod stats_text;
mod store;
mod strings;
mod survey;
mod survey_text;
mod sweep;
mod tally;
mod tasks;
mod told;
mod trace;
mod wire;

pub use between::{Between, Flow};
pub use chunk::{Applied, Chunk, Gap};
pub use csv::CSV_COLUMNS;
pub use encode::FORMAT_VERSION;
pub use event::{
    Density, DropWhy, Event, EventKind, Finish, Note, ObjectClass, RunSummary, Share, ShareOf, Stream, Switch,
};
pub use firefox::FIREFOX_VERSION;
pub use hash::{Hasher, TraceHash, hash_bytes};
pub use ids::{
    CoreId, EventId, GilId, GroupId, LoopId, Nanos, OS_PIDS, ObjectId, ProcessId, StringId, TaskId, ThreadId,
    ThreadKey, TrackKey,
};
pub use lost::{Lost, LostUpdates};
pub use own_time::FunctionStats;
pub use plot::{Colours, Plot};
pub use recorder::{Budget, Recorder};
pub use scene::{
    FrameScene, GilScene, Glimpse, Handle, Inside, Instruction, Listing, ProcessScene, Question, Scene, Scope, Step,
    Stride, SwitchPoint, Thing, ThreadScene, Variable,
};
pub use slices::{SliceOf, slices};
pub use state::{BlockReason, StateClass, ThreadState};
pub use stats::{
    CoreStats, GilStats, LockStats, OTHERS, ProcessStats, Speed, Stats, Sums, SystemCalls, ThreadStats, Totals, Waited,
};
pub use strings::StringTable;
pub use survey::{Findings, FunctionTimes, Hit, LineTimes, MOST_HITS, Order, Seen, Watched};
pub use sweep::{Point, Quantity, rounded, to_csv};
pub use tally::Count;
pub use tasks::{AwaitReason, Awaiting, GroupPhase, LoopState, TaskEnd, TaskState, await_chain};
pub use trace::{Header, Trace};
pub use wire::DecodeError;
