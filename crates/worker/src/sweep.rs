//! A sweep in the worker: a scenario with one value after the other, in slices, a point told after each run.

use crate::job::{Step, limits};
use crate::post::{next_budget, now_ms, post};
use heddle_lab::{Sweep, Sweeping};
use heddle_protocol::{RunLimits, ToPage};
use heddle_scenario::Scenario;

/// How long a slice shall take: the page draws little meanwhile, but Stop must work at once.
const SLICE_MS: f64 = 40.0;
/// The first slice's work, and bounds of it.
const FIRST_BUDGET: u64 = 2_000_000;
const BUDGETS: (u64, u64) = (20_000, 40_000_000);

/// See the module.
pub struct SweepJob {
    number: u32,
    sweeping: Sweeping,
    budget: u64,
    waits: bool,
}

impl SweepJob {
    /// A sweep that is about to begin; where it cannot be done, the page is told why.
    pub fn new(number: u32, scenario: &Scenario, over: &str, run_limits: RunLimits) -> Option<SweepJob> {
        match Sweep::new(scenario, over) {
            Ok(sweep) => {
                post(&ToPage::Sweeping {
                    run: number,
                    label: sweep.label.clone(),
                    values: u32::try_from(sweep.variants.len()).unwrap_or(u32::MAX),
                });
                Some(SweepJob {
                    number,
                    sweeping: Sweeping::new(sweep, limits(run_limits)),
                    budget: FIRST_BUDGET,
                    waits: false,
                })
            }
            Err(problem) => {
                post(&ToPage::Swept {
                    run: number,
                    problem: Some(problem),
                });
                None
            }
        }
    }

    /// The page's number for it.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Runs for a few milliseconds.
    pub fn step(&mut self) -> Step {
        if self.waits {
            return Step::Waits;
        }
        let before = now_ms();
        let point = self.sweeping.advance(self.budget);
        if heddle_lab::library_wanted() {
            self.waits = true;
            return Step::NeedsLibrary;
        }
        self.budget = next_budget(self.budget, now_ms() - before, SLICE_MS, BUDGETS);
        if let Some(point) = point {
            post(&ToPage::Point {
                run: self.number,
                point: Box::new(point),
            });
        }
        if self.sweeping.is_over() {
            self.end(None);
            return Step::Over;
        }
        Step::More
    }

    /// The library is here: the current run begins again.
    pub fn again(&mut self) {
        self.waits = false;
        self.sweeping.again();
    }

    /// It is over, for this reason if it did not come to its end.
    pub fn end(&self, problem: Option<String>) {
        post(&ToPage::Swept {
            run: self.number,
            problem,
        });
    }
}
