//! A run and what has come of it.

use super::written::Written;
use heddle_protocol::{Ending, SyntaxProblem};
use heddle_scenario::{File, Settings};
use heddle_trace::Stats;
use std::collections::BTreeMap;
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
    /// All of it, since the library was there.
    pub whole_us: u64,
    /// The worker of the lab.
    pub lab_us: u64,
    /// Those of processes.
    pub workers_us: Vec<u64>,
}

/// How long one and the same run took with so many workers for its processes, at best, µs of real time: the first run of a page is slower, for
/// the browser is still compiling the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Which run: its trace hash.
    hash: u64,
    by_workers: BTreeMap<usize, u64>,
}

impl Timings {
    /// Takes another one in. That of another run begins anew.
    pub fn note(&mut self, hash: u64, workers: usize, us: u64) {
        if self.hash != hash {
            *self = Timings {
                hash,
                ..Timings::default()
            };
        }
        let best = self.by_workers.entry(workers).or_insert(us);
        *best = us.min(*best);
    }

    /// Numbers of workers and how long it took with them, µs; the fewest first.
    pub fn all(&self) -> impl Iterator<Item = (usize, u64)> {
        self.by_workers.iter().map(|(workers, us)| (*workers, *us))
    }

    /// How many times as fast it was with so many workers as with none, if both were measured.
    pub fn gain(&self, workers: usize) -> Option<f64> {
        let (none, some) = (self.by_workers.get(&0)?, self.by_workers.get(&workers)?);
        (workers > 0).then(|| *none as f64 / (*some).max(1) as f64)
    }
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
    /// How long workers have worked on it in real time, once it is over.
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
