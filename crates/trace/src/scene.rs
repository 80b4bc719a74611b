//! One moment of a run, whole: where every thread stands, with its variables, and who holds and awaits what.
//!
//! A trace says when states began and ended; a scene says what the process images hold at one moment. Its texts were written where the objects are, so
//! that whoever shows them needs none.

use crate::{GilId, Nanos, ObjectClass, ObjectId, ProcessId, ThreadId, ThreadKey, ThreadState};
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// The moment.
    pub at: Nanos,
    /// Whether the run is over by then.
    pub is_over: bool,
    /// The processes that live, by number.
    pub processes: Vec<ProcessScene>,
}

/// A process.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProcessScene {
    /// Which.
    pub process: ProcessId,
    /// The threads that have not ended, main first.
    pub threads: Vec<ThreadScene>,
    /// How many more of them there are than are told.
    pub more_threads: u32,
    /// The GILs of its interpreters.
    pub gils: Vec<GilScene>,
    /// What threads wait for and what they hand to each other, as far as the program's variables lead to it.
    pub things: Vec<Thing>,
    /// The global variables of the program's modules, the main one first.
    pub modules: Vec<Scope>,
    /// What was asked for: values from inside.
    pub insides: Vec<Inside>,
    /// What was asked for: the code that a thread executes.
    pub listing: Option<Listing>,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThreadScene {
    /// Which.
    pub thread: ThreadId,
    /// Its Python-level name.
    pub name: String,
    /// What it does.
    pub state: ThreadState,
    /// What it waits for, in words; empty if it does not.
    pub waits_for: String,
    /// Who holds that.
    pub held_by: Option<ThreadId>,
    /// Its calls, innermost first.
    pub stack: Vec<FrameScene>,
    /// How many more of them there are than are told.
    pub more_frames: u32,
}

/// A call that has not returned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FrameScene {
    /// The qualified name of its function.
    pub function: String,
    /// The file.
    pub file: String,
    /// The line of its instruction, from 1.
    pub line: u32,
    /// The instruction: the next one in the innermost call of a thread, the one that calls in the others.
    pub instruction: u32,
    /// Its variables that are bound.
    pub variables: Vec<Variable>,
}

/// Names with their values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// What a person calls it.
    pub name: String,
    /// In the order in which they were bound.
    pub variables: Vec<Variable>,
    /// How many more there are than are told.
    pub more: u32,
}

/// A name with its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// The name, or for an item the way to it (`[2]`, `['a']`).
    pub name: String,
    /// What it stands for.
    pub value: Glimpse,
}

/// A value as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Glimpse {
    /// About what `repr` says, cut where it is long.
    pub text: String,
    /// The name of its class.
    pub class: String,
    /// By which its inside can be asked for, if it has one.
    pub handle: Option<Handle>,
}

/// An object of one process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Handle {
    /// The interpreter on whose heap it is.
    pub interpreter: u32,
    /// Its place there.
    pub object: u32,
}

/// The inside of a value: attributes, items.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inside {
    /// Of which object.
    pub of: Handle,
    /// What is in it.
    pub scope: Scope,
}

/// The instructions of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its qualified name.
    pub function: String,
    /// Its file.
    pub file: String,
    /// In their order.
    pub rows: Vec<Instruction>,
    /// Who stands in it, in the outermost call first, and before (in the innermost call) or at which instruction.
    pub places: Vec<(ThreadId, u32)>,
}

/// An instruction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// Its line, 0 if it has none.
    pub line: u32,
    /// Where it stands in `co_code`, bytes.
    pub offset: u32,
    /// What it is called.
    pub name: String,
    /// Its argument.
    pub arg: Option<u32>,
    /// What that means.
    pub meaning: String,
    /// Whether another thread may be let in before it or in it.
    pub switch: SwitchPoint,
}

/// Whether the chosen version of Python may let another thread in at an instruction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SwitchPoint {
    /// Never.
    #[default]
    No,
    /// Where what is called is not Python code: that looks when it begins.
    Call,
    /// Yes.
    Yes,
}

/// A GIL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GilScene {
    /// Which.
    pub gil: GilId,
    /// Who has it.
    pub holder: Option<ThreadId>,
    /// Whether the holder is asked to let go.
    pub is_asked: bool,
    /// Who waits for it, longest first, and when each asks the holder to let go, unless another one has had it by then.
    pub waiters: Vec<(ThreadId, Option<Nanos>)>,
}

/// Something that threads wait for, or hand to each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    /// Which.
    pub object: ObjectId,
    /// What it is.
    pub class: ObjectClass,
    /// The expression that leads to it.
    pub name: String,
    /// Who holds it.
    pub owner: Option<ThreadId>,
    /// How it stands: "locked", "3 of 10 items".
    pub standing: String,
    /// What is in it, the next one out first.
    pub contents: Vec<Glimpse>,
    /// Who waits for it, longest first.
    pub waiters: Vec<ThreadId>,
}

/// What is asked about a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The objects whose inside is wanted too.
    pub insides: Vec<(ProcessId, Handle)>,
    /// The thread whose code is wanted too: of its innermost call in a file of the program.
    pub code_of: Option<ThreadKey>,
}

/// A step from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// From this moment, ns.
    pub from: Nanos,
    /// Of this thread; of whichever moves first, if of none.
    pub of: Option<ThreadKey>,
    /// How far.
    pub stride: Stride,
    /// Backward.
    pub back: bool,
}

/// How far a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stride {
    /// One instruction, in the library too.
    Instruction,
    /// One line of the program's own files.
    Line,
    /// To the next (or last) time that a thread comes to this line of the main file.
    To(u32),
}
