//! Runs of scenarios inside the tests' own process. A module of the tests, as the chores that share `src` do without the engine.

#![allow(dead_code, reason = "no test looks at everything")]

use heddle_lab::{Limits, Outcome, OutputChunk, Run};
use heddle_scenario::Scenario;
use heddle_trace::Stream;

/// A run that is over.
pub struct Ended {
    pub outcome: Outcome,
    /// What it wrote, in order.
    pub chunks: Vec<OutputChunk>,
    pub run: Run,
}

impl Ended {
    /// Standard output and error.
    pub fn output(&self) -> String {
        self.chunks.iter().map(|chunk| chunk.text.as_str()).collect()
    }

    /// Standard output alone.
    pub fn stdout(&self) -> String {
        let written = self.chunks.iter().filter(|chunk| chunk.stream == Stream::Stdout);
        written.map(|chunk| chunk.text.as_str()).collect()
    }
}

/// Runs a scenario to its end, `work` units at a time.
///
/// # Panics
/// If it does not start.
pub fn to_end(scenario: &Scenario, work: u64) -> Ended {
    let run = Run::new(scenario, Limits::default()).unwrap_or_else(|error| panic!("{error}"));
    go_on(run, work, |_, _| ())
}

/// The same for a run that was made already; `look` is called before each portion, with the virtual time that has been reached (ns).
pub fn go_on(mut run: Run, work: u64, mut look: impl FnMut(&mut Run, u64)) -> Ended {
    let (mut chunks, mut now_ns) = (Vec::new(), 0);
    loop {
        look(&mut run, now_ns);
        let progress = run.advance(work);
        chunks.extend(progress.output);
        now_ns = progress.now_ns;
        if let Some(outcome) = progress.finished {
            return Ended { outcome, chunks, run };
        }
    }
}
