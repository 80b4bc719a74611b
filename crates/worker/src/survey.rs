//! The last run, run once more from its beginning to note what its trace does not say, in short slices.

use crate::post::{next_budget, now_ms, post};
use heddle_lab::{Limits, Options, Run, Survey};
use heddle_protocol::ToPage;
use heddle_scenario::Scenario;
use heddle_trace::{Budget, Nanos, Order};

/// How long a slice shall take, and its first budget and the bounds of it.
const SLICE_MS: f64 = 12.0;
const FIRST_BUDGET: u64 = 1_000_000;
const BUDGETS: (u64, u64) = (20_000, 20_000_000);
/// So often the page hears of it.
const NEWS_MS: f64 = 250.0;

/// See the module.
pub struct Surveying {
    /// The page's numbers of the run and of this.
    run: u32,
    number: u32,
    until_ns: Nanos,
    survey: Survey,
    machine: Run,
    budget: u64,
    told_ms: f64,
}

impl Surveying {
    /// `None` if the scenario cannot be run, which it could.
    pub fn new(
        scenario: &Scenario,
        limits: Limits,
        (run, number): (u32, u32),
        order: Order,
        until_ns: Nanos,
    ) -> Option<Surveying> {
        let survey = Survey::new(order);
        let options = Options {
            budget: Some(Budget {
                events: 0,
                output_bytes: 0,
            }),
            survey: Some(survey.clone()),
            ..Options::default()
        };
        Some(Surveying {
            run,
            number,
            until_ns,
            survey,
            machine: Run::with_options(scenario, limits, options).ok()?,
            budget: FIRST_BUDGET,
            told_ms: now_ms(),
        })
    }

    /// One slice; false when it is over.
    pub fn turn(&mut self) -> bool {
        let before_ms = now_ms();
        let progress = self.machine.advance(self.budget);
        let now = now_ms();
        self.budget = next_budget(self.budget, now - before_ms, SLICE_MS, BUDGETS);
        let is_over = progress.finished.is_some() || progress.now_ns > self.until_ns;
        if is_over || now - self.told_ms >= NEWS_MS {
            self.told_ms = now;
            post(&ToPage::Surveyed {
                run: self.run,
                number: self.number,
                upto_ns: progress.now_ns,
                is_over,
                findings: Box::new(self.survey.findings()),
            });
        }
        !is_over
    }
}
