//! What happens between processes: copies of a process and their ends, bytes in pipes, messages, and the pickling of what is sent.
//!
//! A pipe (or one direction of a pair of sockets) is a *channel* with a number of its own on its computer. The kernel tells of each write and
//! read; the library's connections say before their first write how long the message is and what it says, and before a read who waits. Who
//! reads a trace puts both together: a message is what its thread writes next.

use crate::ids::{Nanos, ProcessId, StringId};

/// See the module. The event's thread is the one that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// It has copied its process (`fork`).
    Forked {
        /// The copy, which has this thread alone.
        child: ProcessId,
        /// How many objects the copy has.
        objects: u64,
        /// How large they are, by model sizes, bytes.
        bytes: u64,
        /// How many open descriptors it has.
        descriptors: u64,
    },
    /// It has asked how this process ended (`waitpid`), which was a zombie until then. The event's process is the dead one itself where
    /// nobody will ever ask.
    Reaped {
        /// Which.
        child: ProcessId,
    },
    /// It has written into a channel.
    Written(Flow),
    /// It has read from a channel.
    Read(Flow),
    /// It is about to write a message into a channel.
    Sends {
        /// The length of the message without its frame, bytes.
        bytes: u64,
        /// What it says, in short, or empty.
        text: StringId,
        /// The expression by which the program knows the connection ("conn"; of a queue "q._writer"), or empty.
        name: StringId,
    },
    /// It is about to read a message from a channel.
    Receives {
        /// The expression by which the program knows the connection ("conn"; of a queue "q._reader"), or empty.
        name: StringId,
    },
    /// It has pickled something, or read a pickle: from so long ago until now.
    Pickled {
        /// How long that took, ns.
        ns: Nanos,
        /// What it was, in short, or empty.
        text: StringId,
        /// Whether a pickle was read.
        loads: bool,
    },
}

/// Bytes that go into a channel or come out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Which, on the computer of the event's process.
    pub channel: u64,
    /// How many.
    pub bytes: u64,
    /// How many in all so far, these included, in the same direction.
    pub total: u64,
    /// How many are in the channel now.
    pub depth: u64,
}

/// Its number, its numbers and its strings: as stored, and as hashed.
pub(crate) type Parts = (u8, [u64; 4], [StringId; 2]);

impl Between {
    /// Never change one.
    pub(crate) fn parts(self) -> Parts {
        const NONE: [StringId; 2] = [StringId::EMPTY; 2];
        let flow = |flow: Flow| [flow.channel, flow.bytes, flow.total, flow.depth];
        match self {
            Between::Forked {
                child,
                objects,
                bytes,
                descriptors,
            } => (0, [child.0.into(), objects, bytes, descriptors], NONE),
            Between::Reaped { child } => (1, [child.0.into(), 0, 0, 0], NONE),
            Between::Written(written) => (2, flow(written), NONE),
            Between::Read(read) => (3, flow(read), NONE),
            Between::Sends { bytes, text, name } => (4, [bytes, 0, 0, 0], [text, name]),
            Between::Receives { name } => (5, [0; 4], [name, StringId::EMPTY]),
            Between::Pickled { ns, text, loads } => (6, [ns, loads.into(), 0, 0], [text, StringId::EMPTY]),
        }
    }

    pub(crate) fn from_parts((number, words, [text, name]): Parts) -> Option<Between> {
        let [a, b, c, d] = words;
        let process = || u32::try_from(a).ok().map(ProcessId);
        let flow = Flow {
            channel: a,
            bytes: b,
            total: c,
            depth: d,
        };
        Some(match number {
            0 => Between::Forked {
                child: process()?,
                objects: b,
                bytes: c,
                descriptors: d,
            },
            1 => Between::Reaped { child: process()? },
            2 => Between::Written(flow),
            3 => Between::Read(flow),
            4 => Between::Sends { bytes: a, text, name },
            5 => Between::Receives { name: text },
            6 => Between::Pickled {
                ns: a,
                text,
                loads: b != 0,
            },
            _ => return None,
        })
    }
}
