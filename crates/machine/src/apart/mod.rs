//! Processes that live apart from the hub, in Web Workers of their own.
//!
//! The machine is cut at the image. Where a process lives apart, its site stands on both sides: there with its image, which logs what it answers to
//! the site ([`Told`]), and at the hub with a reader of that log in the image's place ([`image`]). The hub does what it always does; whatever it does
//! to a site is an [`Order`], which the other side is given too. A grant is one more order: the other side carries it out, sends the log, and the hub
//! carries the same grant out on its own side with the answers from there. So the hub knows of every site all that it knows of a near one, at the same
//! moments, and the trace is written by the same code in the same order; there is nothing that could differ but the image's answers.
//!
//! The price is that a site's part of the work (switching threads, calls, the trace) is done on both sides. The image's, nearly all of it, is not.

mod front;
mod image;
mod replica;

pub(crate) use front::{Front, Sent};
pub(crate) use image::Hosted;
pub use replica::Replica;

use crate::deadlock::BlockedThread;
use crate::site::Reply;
use heddle_trace::EventId;
use heddle_vm::contract::{Exec, ImageEvent, Resume, Stop, ThreadIndex};
use heddle_vm::interpreters::Crossing;
use serde::{Deserialize, Serialize};

/// What the hub does to a site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Order {
    /// It is not before this moment any more, ns.
    Time(u64),
    /// Run up to this moment, ns, and report.
    Grant(u64),
    /// So many bytes of memory are other processes'.
    OthersUse(u64),
    /// To a thread's call.
    Reply(ThreadIndex, Reply),
    /// To a thread that sleeps in a call: its answer, and the event that it comes from.
    Wake(ThreadIndex, Resume, Option<EventId>),
    /// For the process or one of its threads.
    Signal(u8, Option<ThreadIndex>),
    /// Ctrl-C at this moment, ns.
    Interrupt(u64),
    /// A core, and since when it is free, ns.
    GetCore(u16, u64),
    /// See [`crate::site::Site::lose_core`].
    LoseCore(u16),
    /// See [`crate::site::Site::level`].
    Level(u64),
    /// The thread forks; the child has this pid, and its parent is the process itself.
    Fork(ThreadIndex, u32),
    /// The thread runs another program.
    Exec(ThreadIndex, Box<Exec>),
    /// The parent is gone; this is the number of the new one.
    Adopted(u32),
    /// The parent has been told that the process was stopped or goes on.
    Turned,
    /// What a child that was waited for has had, ns.
    ChildHad((u64, u64)),
    /// The calls that have come to their deadlines are known.
    ExpiredKnown,
    /// The process is over.
    End,
    /// Tell what the deadlock report needs.
    Portray,
}

/// What an image answers to its site, in the order in which it is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Told {
    /// The text with the next number, from 1, for those below; 0 is empty.
    Text(String),
    /// A thread ran up to this moment, ns, and stopped (`None`: for [`heddle_vm::contract::SystemCall::Across`]).
    Ran(u64, Option<Stop>, Spot),
    /// Where another thread stands from now on.
    Stands(ThreadIndex, Spot),
    /// Something happened while a thread ran.
    Event(ImageEvent),
    /// Whether a thread got what it waits for, and who has it now.
    Took(bool, Option<ThreadIndex>),
    /// A name that was asked for.
    Name(String),
    /// What stands on a semaphore that processes share.
    Semaphore(u32, String),
    /// The request of a thread between interpreters.
    Crossed(Crossing),
}

/// Where a thread stands: numbers of the texts of function and file, and the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spot {
    function: u32,
    file: u32,
    line: u32,
}

/// What a site tells the hub after a grant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Which one.
    pub pid: u32,
    told: Vec<Told>,
    /// Its memory by model sizes, bytes, the number of its objects, and its time in bytecode, ns.
    memory: u64,
    objects: u64,
    user_ns: u64,
    /// Answers [`Order::Portray`].
    pub(crate) portrait: Option<Vec<BlockedThread>>,
}
