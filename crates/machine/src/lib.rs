//! The simulated computer: clock, cores, operating-system scheduler, the interpreter's lock, a virtual POSIX kernel.
//! It decides what runs next, and when; it knows threads and system calls, no Python objects. See the README.

mod apart;
mod config;
mod costs;
mod deadlock;
mod draws;
mod hub;
mod kernel;
mod profile;
mod queue;
mod record;
mod scene;
pub mod scheduler;
mod site;
mod wire;

pub use apart::{Order, Replica, Report};
pub use config::{Config, LimitKind, Limits, OsScheduler, duration, size};
pub use costs::{Costs, NAMES as COST_TABLES};
pub use deadlock::{BlockedThread, DeadlockReport};
pub use hub::{End, FIRST_PID, Machine, Output, Place, Remote};
pub use kernel::{EPOCH_NS, HOME, HostEntry, HostFolder, HostKind, PYTHON, RemoteHost, errno, filled as filled_page};
pub use profile::{GilKind, HandOver, PROFILES, Profile};
pub use site::Counters;
pub use wire::Link;
