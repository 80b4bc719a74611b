//! A run and what has come of it.

use super::written::Written;
use heddle_protocol::{Ending, SyntaxProblem};
use heddle_scenario::{File, Settings};
use heddle_trace::Stats;
use std::rc::Rc;

/// Where a run stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// Nothing has been run yet.
    Never,
    /// Sent to the worker.
    Starting,
    /// Has begun.
    Running,
    /// Is over.
    Over {
        /// How it ended.
        ending: Ending,
        /// The trace hash; `None` when the worker had to be ended by force.
        hash: Option<u64>,
        /// Virtual time at the end in ns.
        virtual_ns: u64,
        /// Real time in µs.
        wall_us: u64,
    },
    /// The program does not compile.
    Refused(SyntaxProblem),
    /// The engine itself failed.
    Crashed(String),
}

/// What a run took in real time, µs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The worker of the lab.
    pub lab_us: u64,
    /// Those of processes.
    pub workers_us: Vec<u64>,
}

/// The latest run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The page's number for it; answers with another number are of an earlier run.
    pub number: u32,
    /// Where it stands.
    pub phase: Phase,
    /// The program as it was run.
    pub source: Rc<str>,
    /// The files beside it.
    pub files: Rc<Vec<File>>,
    /// Its machine.
    pub machine: Settings,
    /// Where its time was extended to, in virtual ns, if the person let it go on past a limit.
    pub extended_ns: Option<u64>,
    /// How far it is, in virtual ns.
    pub now_ns: u64,
    /// What it wrote.
    pub output: Written,
    /// Its statistics, as far as they are known.
    pub stats: Option<Rc<Stats>>,
    /// How long workers have worked on it in real time, once it is over, if processes had workers of their own.
    pub measured: Option<Measured>,
    /// When Ctrl-C was pressed in the page, in virtual ns: to be written into the settings when it is over.
    pub pressed: Vec<u64>,
}

impl Default for Run {
    fn default() -> Self {
        Run {
            number: 0,
            phase: Phase::Never,
            source: "".into(),
            files: Rc::default(),
            machine: Settings::default(),
            extended_ns: None,
            now_ns: 0,
            output: Written::default(),
            stats: None,
            measured: None,
            pressed: Vec::new(),
        }
    }
}

impl Run {
    /// Whether the worker is at it.
    pub fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Starting | Phase::Running)
    }

    /// How it ended, if it did.
    pub fn ending(&self) -> Option<&Ending> {
        match &self.phase {
            Phase::Over { ending, .. } => Some(ending),
            _ => None,
        }
    }

    /// The trace hash, once the run is over, if running it again gives the same: not where a person stopped it.
    pub fn hash_number(&self) -> Option<u64> {
        match &self.phase {
            Phase::Over { ending, hash, .. } if *ending != Ending::Stopped => *hash,
            _ => None,
        }
    }

    /// The trace hash that a link may promise: whoever opens it runs with the page's own limits.
    pub fn shared_hash(&self) -> Option<u64> {
        self.hash_number().filter(|_| self.extended_ns.is_none())
    }

    /// The error that stands in the editor.
    pub fn syntax_problem(&self) -> Option<&SyntaxProblem> {
        match &self.phase {
            Phase::Refused(problem) => Some(problem),
            _ => None,
        }
    }
}
