//! The messages themselves.

use crate::RunLimits;
use heddle_scenario::Scenario;
use heddle_trace::{Findings, Order, Point, Question, Scene, Step};
use serde::{Deserialize, Serialize};

/// What the page asks of the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Run this; an earlier run is dropped.
    Run {
        /// The page's number for it.
        run: u32,
        /// The program and its machine.
        scenario: Box<Scenario>,
        /// The page's limits.
        limits: RunLimits,
    },
    /// End the run here; [`ToPage::Finished`] with [`Ending::Stopped`] answers.
    Stop {
        /// Which run.
        run: u32,
    },
    /// Ctrl-C: SIGINT for the program, at the moment it has reached. The run goes on; [`ToPage::Interrupted`] says when it was.
    Interrupt {
        /// Which run.
        run: u32,
    },
    /// Run this with each of several values; what ran before is dropped. [`ToPage::Sweeping`] answers, or [`ToPage::Swept`] with a problem.
    Sweep {
        /// The page's number for it.
        run: u32,
        /// The program and its machine.
        scenario: Box<Scenario>,
        /// What to change: `NAME=VALUE,VALUE`.
        over: String,
        /// The page's limits, of each run.
        limits: RunLimits,
    },
    /// A worker that [`ToPage::Worker`] asked for cannot be had, or failed.
    WorkerLost {
        /// Which one.
        worker: u32,
        /// What is known of it.
        why: String,
    },
    /// What is there to see at this moment of the last run? [`ToPage::Seen`] answers. An earlier question that has no answer yet is dropped.
    Look {
        /// Which run.
        run: u32,
        /// The moment, virtual ns.
        at_ns: u64,
        /// What is wanted beside the whole.
        question: Question,
    },
    /// Which moment does this step of the last run lead to? [`ToPage::Stepped`] answers.
    Step {
        /// Which run.
        run: u32,
        /// The step.
        step: Step,
    },
    /// Run the last run once more and note this of it. [`ToPage::Surveyed`] answers, again and again. An earlier survey ends; nothing to note ends it too.
    Survey {
        /// Which run.
        run: u32,
        /// The page's number for it.
        number: u32,
        /// What to note.
        order: Order,
        /// Where the run ended, virtual ns.
        until_ns: u64,
    },
}

/// What the worker tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToPage {
    /// The worker has been loaded and listens.
    Ready {
        /// The version of the engine's semantics.
        semantics: u32,
    },
    /// The program was compiled and begins.
    Started {
        /// Which run.
        run: u32,
    },
    /// The program was not compiled.
    Refused {
        /// Which run.
        run: u32,
        /// Where and why.
        problem: SyntaxProblem,
    },
    /// The run has come this far.
    Progress {
        /// Which run.
        run: u32,
        /// Virtual time in ns.
        now_ns: u64,
        /// A chunk of the trace, empty if there is nothing new.
        trace: Vec<u8>,
        /// What was written since.
        output: Vec<OutputChunk>,
    },
    /// The run is over; all its progress has been sent.
    Finished {
        /// Which run.
        run: u32,
        /// How it ended.
        ending: Ending,
        /// The trace hash.
        hash: u64,
        /// Virtual time at the end in ns.
        virtual_ns: u64,
        /// How long it took in real time, in microseconds.
        wall_us: u64,
    },
    /// What a run took in real time, microseconds: how long this worker has worked, and those of its processes. Comes before [`ToPage::Finished`].
    Measured {
        /// Which run.
        run: u32,
        /// All of it, since the library it needs was there.
        whole_us: u64,
        /// This worker.
        lab_us: u64,
        /// The workers that processes had, in the order in which they were ended.
        workers_us: Vec<u64>,
    },
    /// The engine itself failed (never the program's fault); this worker answers no more.
    Failed {
        /// What it said.
        message: String,
    },
    /// The statistics so far. The last ones come before [`ToPage::Finished`].
    Stats {
        /// Which run.
        run: u32,
        /// [`heddle_trace::Stats::to_bytes`].
        stats: Vec<u8>,
    },
    /// Ctrl-C was pressed.
    Interrupted {
        /// Which run.
        run: u32,
        /// When, in virtual ns.
        at_ns: u64,
    },
    /// A worker for a process is wanted. It is given the port that comes with this message.
    Worker {
        /// The lab's number for it, which no other one has had.
        worker: u32,
    },
    /// That worker is not needed any more.
    WorkerOver {
        /// Which one.
        worker: u32,
    },
    /// A sweep begins.
    Sweeping {
        /// Its number.
        run: u32,
        /// What is swept, with its unit.
        label: String,
        /// How many values there are.
        values: u32,
    },
    /// One value of a sweep has been run.
    Point {
        /// The sweep's number.
        run: u32,
        /// What was measured.
        point: Box<Point>,
    },
    /// A sweep is over.
    Swept {
        /// Its number.
        run: u32,
        /// Why it could not be done, in a sentence.
        problem: Option<String>,
    },
    /// A moment of a run.
    Seen {
        /// Which run.
        run: u32,
        /// What there is to see.
        scene: Box<Scene>,
    },
    /// Where a step leads.
    Stepped {
        /// Which run.
        run: u32,
        /// The step.
        step: Step,
        /// The moment, virtual ns; `None`: there is nothing of the kind within reach.
        at_ns: Option<u64>,
    },
    /// How far a survey has come.
    Surveyed {
        /// Which run.
        run: u32,
        /// The survey's number.
        number: u32,
        /// Everything before this moment has been seen, virtual ns.
        upto_ns: u64,
        /// Whether it is over.
        is_over: bool,
        /// All times, and the hits that are new.
        findings: Box<Findings>,
    },
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// As Python would have ended it.
    Exited {
        /// The exit status.
        status: i32,
        /// The last line of the traceback, where an exception ended the main thread.
        uncaught: Option<String>,
    },
    /// Nothing can ever run again.
    Deadlock {
        /// Who waits for what, held by whom; text of several lines.
        report: String,
        /// The same per thread, as far as it is known.
        held: Vec<Held>,
    },
    /// A limit was reached.
    Limit {
        /// Which, in a sentence.
        what: String,
        /// Whether the run would go on if it were given more time.
        out_of_time: bool,
    },
    /// The person stopped it.
    Stopped,
}

/// One thread of a deadlock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The thread's name.
    pub thread: String,
    /// What it waits for.
    pub waits_for: String,
    /// Who holds that, if anybody.
    pub held_by: Option<String>,
    /// The line at which it waits, 0 if unknown.
    pub line: u32,
}

/// Something the program wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputChunk {
    /// When, in virtual ns.
    pub time_ns: u64,
    /// Whether it went to stderr.
    pub is_error: bool,
    /// The process.
    pub process: u32,
    /// The thread in it.
    pub thread: u32,
    /// The text.
    pub text: String,
}

/// Why a program was not compiled, at its place (all numbers from 1; the end is exclusive).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyntaxProblem {
    /// The file.
    pub file: String,
    /// Line where it begins.
    pub line: u32,
    /// Column where it begins, in characters.
    pub column: u32,
    /// Line where it ends.
    pub end_line: u32,
    /// Column where it ends.
    pub end_column: u32,
    /// CPython's words ("SyntaxError: expected ':'").
    pub message: String,
}
