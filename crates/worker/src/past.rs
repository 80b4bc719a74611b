//! The last run's past: what the page asks about its moments is answered by running a copy of it again, from a checkpoint, in short slices between
//! those of whatever else is in progress.

use crate::post::{next_budget, now_ms, post};
use crate::survey::Surveying;
use heddle_lab::{Checkpoints, Limits, Look, Options, Run, Stepping};
use heddle_protocol::ToPage;
use heddle_scenario::Scenario;
use heddle_trace::{Budget, Nanos, Order, Question, Step};
use std::cell::RefCell;

/// What the checkpoints of a run may take together, bytes by model sizes.
const MOST_BYTES: u64 = 64 << 20;
/// Which share of a run's time its checkpoints may take. Looks make more where they come by.
const SHARE: f64 = 0.03;
/// How long a slice shall take.
const SLICE_MS: f64 = 12.0;
/// The first slice's work, and bounds of it.
const FIRST_BUDGET: u64 = 2_000_000;
const BUDGETS: (u64, u64) = (20_000, 40_000_000);

struct Past {
    run: u32,
    scenario: Scenario,
    limits: Limits,
    checkpoints: Checkpoints,
    errand: Option<Errand>,
    /// Goes on while there is no errand.
    survey: Option<Surveying>,
    budget: u64,
    /// When the run began, and how long its checkpoints have taken, ms.
    began_ms: f64,
    spent_ms: f64,
}

/// What the page wants to know.
enum Errand {
    Look(Nanos, Question, Option<Box<Look>>),
    Step(Step, Box<Stepping>),
}

thread_local! {
    static PAST: RefCell<Option<Past>> = const { RefCell::new(None) };
}

/// A run begins; the one before is forgotten.
pub fn begin(run: u32, scenario: &Scenario, limits: Limits) {
    PAST.set(Some(Past {
        run,
        scenario: scenario.clone(),
        limits,
        checkpoints: Checkpoints::new(MOST_BYTES),
        errand: None,
        survey: None,
        budget: FIRST_BUDGET,
        began_ms: now_ms(),
        spent_ms: 0.0,
    }));
}

fn change(act: impl FnOnce(&mut Past)) {
    PAST.with_borrow_mut(|past| past.as_mut().map(act));
}

/// The run has come further.
pub fn keep_up(run: &mut Run) {
    change(|past| {
        let before_ms = now_ms();
        if past.spent_ms <= SHARE * (before_ms - past.began_ms) {
            past.checkpoints.keep_up(run);
            past.spent_ms += now_ms() - before_ms;
        }
    });
}

/// Processes of it move apart, each with a copy of this memory: it is not to be bigger than need be.
pub fn forget() {
    change(|past| past.checkpoints.clear());
}

/// Ctrl-C was pressed: what is run again must have it too.
pub fn interrupted(at: Nanos) {
    change(|past| {
        past.scenario.machine.interrupts.push(at);
        past.checkpoints.clear();
    });
}

/// The page asks for a moment.
pub fn look(run: u32, at: Nanos, question: Question) {
    set_out(run, Errand::Look(at, question, None));
}

/// The page asks where a step leads.
pub fn step(run: u32, step: Step) {
    set_out(run, Errand::Step(step, Box::new(Stepping::new(step))));
}

/// The page wants something noted.
pub fn survey(run: u32, number: u32, order: Order, until_ns: Nanos) {
    change(|past| {
        if past.run == run {
            past.survey = match order.is_empty() {
                true => None,
                false => Surveying::new(&past.scenario, past.limits, (run, number), order, until_ns),
            };
        }
    });
}

fn set_out(run: u32, errand: Errand) {
    let mut errand = Some(errand);
    change(|past| {
        if past.run == run {
            past.errand = errand.take();
        }
    });
    if let Some(Errand::Step(step, _)) = errand {
        // There is no such run any more.
        post(&ToPage::Stepped { run, step, at_ns: None });
    }
}

/// Goes on with what the page wants to know; false if there is nothing to do.
pub fn turn() -> bool {
    PAST.with_borrow_mut(|past| {
        let Some(past) = past.as_mut() else { return false };
        let Some(errand) = past.errand.take() else {
            let goes_on = past.survey.as_mut().is_some_and(Surveying::turn);
            if !goes_on {
                past.survey = None;
            }
            return goes_on;
        };
        let before = now_ms();
        past.errand = past.go_on(errand);
        past.budget = next_budget(past.budget, now_ms() - before, SLICE_MS, BUDGETS);
        past.errand.is_some() || past.survey.is_some()
    })
}

impl Past {
    /// One slice; what is left of the errand.
    fn go_on(&mut self, errand: Errand) -> Option<Errand> {
        match errand {
            Errand::Look(at, question, None) => Some(Errand::Look(at, question, Some(Box::new(self.set_out_for(at)?)))),
            Errand::Look(at, question, Some(mut look)) => {
                if !self.checkpoints.advance(&mut look, self.budget) {
                    return Some(Errand::Look(at, question, Some(look)));
                }
                post(&ToPage::Seen {
                    run: self.run,
                    scene: Box::new(look.scene(&question)),
                });
                None
            }
            Errand::Step(step, mut stepping) => {
                let look = stepping.wants().map(|at| self.set_out_for(at));
                let at_ns = match look {
                    Some(None) => None,
                    look => {
                        if let Some(look) = look.flatten() {
                            stepping.give(look);
                        }
                        stepping.advance(&mut self.checkpoints, self.budget);
                        let Some(at_ns) = stepping.result() else {
                            return Some(Errand::Step(step, stepping));
                        };
                        at_ns
                    }
                };
                post(&ToPage::Stepped {
                    run: self.run,
                    step,
                    at_ns,
                });
                None
            }
        }
    }

    /// From a checkpoint, or from the beginning.
    fn set_out_for(&self, at: Nanos) -> Option<Look> {
        self.checkpoints.look(at).or_else(|| {
            let options = Options {
                budget: Some(Budget {
                    events: 0,
                    output_bytes: 0,
                }),
                ..Options::default()
            };
            // It could be run, so that it can be run again.
            let run = Run::with_options(&self.scenario, self.limits, options).ok()?;
            Some(Look::from_start(run, at))
        })
    }
}
