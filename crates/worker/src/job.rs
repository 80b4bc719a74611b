//! One run in the worker: advanced slice by slice, its news posted after each.

use crate::post::{next_budget, now_ms, post};
use crate::{hosts, past};
use heddle_lab::{Kind, Limits, Options, Outcome, OutputChunk, Part, Run, StartError};
use heddle_protocol::{Ending, Held, RunLimits, SyntaxProblem, ToPage};
use heddle_scenario::Scenario;
use heddle_trace::{Budget, Stream};

/// How long a slice shall take at first, so that short programs are drawn at once.
const SLICE_MS: f64 = 12.0;
/// How long one shall take later: Stop must work at once.
const LATER_SLICE_MS: f64 = 33.0;
/// When it is later.
const LATER_MS: f64 = 300.0;
/// How often the page hears of a run that takes longer than [`LONG_MS`], at most. It draws each time, for about 10 ms where nothing but the processor
/// draws, and what is drawn 30 times a second takes a third of a core away from the run.
const LONG_TELL_MS: f64 = 100.0;
/// How often while workers of processes take every core of the computer.
const CROWDED_TELL_MS: f64 = 250.0;
/// When a run is long.
const LONG_MS: f64 = 1_000.0;
/// The first slice's work, before any has been measured.
const FIRST_BUDGET: u64 = 500_000;
/// Bounds of a slice's work: one badly measured slice must not make the next one endless.
const BUDGETS: (u64, u64) = (20_000, 20_000_000);
/// How many events of a trace the page keeps in detail.
const EVENTS: usize = 150_000;
/// Threads alive at once.
const THREADS: u32 = 2_000;
/// How often the page hears of the statistics of a long run, at most; and how much rarer than they take to make.
const STATS_MS: f64 = 400.0;
const STATS_SHARE: f64 = 30.0;

/// See the module.
pub struct Job {
    number: u32,
    scenario: Box<Scenario>,
    limits: RunLimits,
    state: State,
    budget: u64,
    began_ms: f64,
    /// When it began the last time: that was when all of the library it needs was here.
    began_again_ms: f64,
    stats_due_ms: f64,
    /// What was written and not yet told, and when the page heard last, ms.
    output: Vec<OutputChunk>,
    told_ms: f64,
    /// How long this worker has worked, ms.
    busy_ms: f64,
    /// How many cores this computer has.
    cores: usize,
    /// Hosts of processes that are open, and how long each has worked, ms.
    open: Vec<(u32, f64)>,
    /// How long those have worked that are closed, ms.
    closed: Vec<f64>,
    /// Whether there is one that waits to be opened.
    is_prepared: bool,
}

impl Drop for Job {
    fn drop(&mut self) {
        self.close_all();
    }
}

enum State {
    New,
    Runs(Box<Run>),
    /// The rest of the library is on its way.
    Waits,
}

/// What follows a slice.
pub enum Step {
    /// Another one.
    More,
    /// Nothing: the run is over and the page was told.
    Over,
    /// The run needs the rest of the library, and must begin again when it is here.
    NeedsLibrary,
    /// Nothing until then.
    Waits,
}

impl Job {
    /// A run that is about to begin.
    pub fn new(number: u32, scenario: Box<Scenario>, limits: RunLimits) -> Job {
        Job {
            number,
            scenario,
            limits,
            state: State::New,
            budget: FIRST_BUDGET,
            began_ms: now_ms(),
            began_again_ms: now_ms(),
            stats_due_ms: now_ms() + STATS_MS,
            output: Vec::new(),
            told_ms: 0.0,
            busy_ms: 0.0,
            cores: hosts::cores(),
            open: Vec::new(),
            closed: Vec::new(),
            is_prepared: false,
        }
    }

    /// The library is here: the run begins again.
    pub fn again(&mut self) {
        self.close_all();
        self.closed.clear();
        self.began_again_ms = now_ms();
        self.busy_ms = 0.0;
        self.output.clear();
        self.state = State::New;
        self.budget = FIRST_BUDGET;
    }

    /// Runs for a few milliseconds; the first time it only begins.
    pub fn step(&mut self) -> Step {
        let step = match &mut self.state {
            State::New => self.begin(),
            State::Runs(_) => self.advance(),
            State::Waits => return Step::Waits,
        };
        if heddle_lab::library_wanted() {
            self.state = State::Waits;
            return Step::NeedsLibrary;
        }
        step
    }

    fn begin(&mut self) -> Step {
        let limits = limits(self.limits);
        let budget = Budget {
            events: EVENTS,
            ..Budget::default()
        };
        let options = Options {
            budget: Some(budget),
            ..Options::default()
        };
        match Run::with_options(&self.scenario, limits, options) {
            _ if heddle_lab::library_wanted() => Step::NeedsLibrary,
            Ok(mut run) => {
                past::begin(self.number, &self.scenario, limits);
                past::keep_up(&mut run);
                run.spread(usize::from(self.limits.workers), self.limits.worth_a_worker);
                run.host_is_ready(self.limits.worth_a_worker == 0);
                post(&ToPage::Started { run: self.number });
                self.state = State::Runs(Box::new(run));
                Step::More
            }
            Err(error) => {
                self.refuse(problem(error));
                Step::Over
            }
        }
    }

    /// The rest of the library cannot be had.
    pub fn without_library(&self, sentence: String) {
        self.refuse(problem(StartError::Other(sentence)));
    }

    fn refuse(&self, problem: SyntaxProblem) {
        post(&ToPage::Refused {
            run: self.number,
            problem,
        });
    }

    /// The page's number for it.
    pub fn number(&self) -> u32 {
        self.number
    }

    fn advance(&mut self) -> Step {
        let State::Runs(run) = &self.state else {
            return Step::Waits;
        };
        if run.is_waiting() {
            return Step::Waits;
        }
        let before = now_ms();
        let is_crowded = !self.open.is_empty() && self.open.len() + 1 >= self.cores;
        let (slice, tell) = pace(before - self.began_ms, is_crowded);
        let (mut progress, waits) = loop {
            let State::Runs(run) = &mut self.state else {
                return Step::Waits;
            };
            let mut progress = run.advance(self.budget);
            if heddle_lab::library_wanted() {
                return Step::NeedsLibrary;
            }
            past::keep_up(run);
            if let Some(at_ns) = run.interrupted() {
                let run = self.number;
                post(&ToPage::Interrupted { run, at_ns });
                past::interrupted(at_ns);
            }
            let was_cut = run.was_cut();
            self.output.append(&mut progress.output);
            let waits = self.serve_hosts();
            let took = (now_ms() - before).max(0.05);
            if !was_cut {
                self.budget = next_budget(self.budget, took, slice, BUDGETS);
            }
            if !was_cut || waits || progress.finished.is_some() || took > slice {
                self.busy_ms += took;
                break (progress, waits);
            }
        };
        match progress.finished.take() {
            Some(outcome) => {
                self.tell(progress.now_ns);
                self.finish(outcome);
                Step::Over
            }
            None => {
                let step = if waits { Step::Waits } else { Step::More };
                // Processes that live apart make many short turns.
                if now_ms() - self.told_ms < tell {
                    return step;
                }
                self.tell(progress.now_ns);
                if now_ms() >= self.stats_due_ms {
                    let before = now_ms();
                    self.tell_stats();
                    self.stats_due_ms = now_ms() + STATS_MS.max(STATS_SHARE * (now_ms() - before));
                }
                step
            }
        }
    }

    fn tell_stats(&self) {
        if let State::Runs(run) = &self.state {
            post(&ToPage::Stats {
                run: self.number,
                stats: run.stats().to_bytes(),
            });
        }
    }

    /// Sends SIGINT to the program, if it runs, and tells the page when that was.
    pub fn interrupt(&mut self) {
        if let State::Runs(run) = &mut self.state
            && let Some(at_ns) = run.interrupt()
        {
            post(&ToPage::Interrupted {
                run: self.number,
                at_ns,
            });
            past::interrupted(at_ns);
        }
    }

    /// Ends it here.
    pub fn stop(mut self) {
        let State::Runs(run) = &mut self.state else {
            return self.finish_as(Ending::Stopped, 0);
        };
        let mut progress = run.stop();
        let outcome = progress.finished.take();
        self.output.append(&mut progress.output);
        self.close_all();
        self.tell(progress.now_ns);
        match outcome {
            Some(outcome) => self.finish(outcome),
            None => self.finish_as(Ending::Stopped, 0),
        }
    }

    fn hash(&self) -> u64 {
        match &self.state {
            State::Runs(run) => run.trace_hash().0,
            _ => 0,
        }
    }

    /// Closes hosts that are not needed any more, opens one that is, and sends orders; whether the run waits for hosts.
    fn serve_hosts(&mut self) -> bool {
        let State::Runs(run) = &mut self.state else {
            return false;
        };
        for host in run.closed_hosts() {
            let host = host as u32;
            hosts::close(host);
            self.closed
                .extend(self.open.iter().filter(|open| open.0 == host).map(|open| open.1));
            self.open.retain(|open| open.0 != host);
        }
        if let Some(host) = run.leaving() {
            past::forget();
            self.open.push((host as u32, 0.0));
            self.is_prepared = false;
            run.host_is_ready(self.limits.worth_a_worker == 0);
            hosts::open(host as u32);
        } else if !self.is_prepared && run.will_leave() {
            self.is_prepared = true;
            hosts::prepare();
        }
        for &(host, _) in &self.open {
            if let Some(orders) = run.orders(host as usize) {
                hosts::send(host, orders);
            }
        }
        run.is_waiting()
    }

    fn close_all(&mut self) {
        if std::mem::take(&mut self.is_prepared) {
            hosts::dismiss();
        }
        for (host, busy_ms) in std::mem::take(&mut self.open) {
            hosts::close(host);
            self.closed.push(busy_ms);
        }
    }

    /// A host waits for its copy: until then processes run here, rather than wait for it too, unless they are to move at once.
    pub fn host_is_ready(&mut self) {
        if let State::Runs(run) = &mut self.state {
            run.host_is_ready(true);
        }
    }

    /// A host has its copy.
    pub fn opened(&mut self) {
        if let State::Runs(run) = &mut self.state {
            run.left();
        }
    }

    /// A host has answered.
    pub fn reported(&mut self, host: u32, report: &[u8], busy_ms: f64) {
        if let Some(open) = self.open.iter_mut().find(|open| open.0 == host) {
            open.1 = busy_ms;
        }
        if let State::Runs(run) = &mut self.state {
            run.reported(report);
        }
    }

    /// A host is gone.
    pub fn lost(&mut self, why: String) {
        if let State::Runs(run) = &mut self.state {
            run.lost(format!(
                "The run was ended since the worker of one of its processes failed: {why}."
            ));
        }
    }

    /// The run begins again when the rest of the library is here.
    pub fn wait_for_library(&mut self) {
        self.close_all();
        self.state = State::Waits;
    }

    /// What this copy of the job is in a host.
    pub fn into_part(mut self) -> Option<Part> {
        let state = std::mem::replace(&mut self.state, State::Waits);
        // Not dropped: the hosts that it would close are those of the other copy.
        std::mem::forget(self);
        match state {
            State::Runs(run) => Part::of(*run),
            State::New | State::Waits => None,
        }
    }

    fn tell(&mut self, now_ns: u64) {
        self.told_ms = now_ms();
        let trace = match &mut self.state {
            State::Runs(run) => run.trace_chunk(),
            State::New | State::Waits => Vec::new(),
        };
        post(&ToPage::Progress {
            run: self.number,
            now_ns,
            trace,
            output: std::mem::take(&mut self.output).into_iter().map(output_chunk).collect(),
        });
    }

    fn finish(&self, outcome: Outcome) {
        let virtual_ns = outcome.virtual_ns;
        self.finish_as(ending(outcome), virtual_ns);
    }

    fn finish_as(&self, ending: Ending, virtual_ns: u64) {
        self.tell_stats();
        let open = self.open.iter().map(|open| open.1);
        let in_us = |ms: f64| (ms.max(0.0) * 1e3) as u64;
        post(&ToPage::Measured {
            run: self.number,
            whole_us: in_us(now_ms() - self.began_again_ms),
            lab_us: in_us(self.busy_ms),
            workers_us: self.closed.iter().copied().chain(open).map(in_us).collect(),
        });
        post(&ToPage::Finished {
            run: self.number,
            ending,
            hash: self.hash(),
            virtual_ns,
            wall_us: ((now_ms() - self.began_ms).max(0.0) * 1e3) as u64,
        });
    }
}

/// How long a slice of a run shall take that began so long ago, and how long the page hears nothing of it, all in ms.
fn pace(age_ms: f64, is_crowded: bool) -> (f64, f64) {
    if age_ms < LATER_MS {
        (SLICE_MS, SLICE_MS)
    } else if is_crowded {
        (LATER_SLICE_MS, CROWDED_TELL_MS)
    } else if age_ms < LONG_MS {
        (LATER_SLICE_MS, LATER_SLICE_MS)
    } else {
        (LATER_SLICE_MS, LONG_TELL_MS)
    }
}

/// The page's limits, as the engine has them.
pub fn limits(limits: RunLimits) -> Limits {
    Limits {
        time_ns: limits.time_ns,
        memory_bytes: limits.memory_bytes,
        steps: limits.steps,
        output_bytes: limits.output_bytes,
        threads: THREADS,
    }
}

fn output_chunk(chunk: OutputChunk) -> heddle_protocol::OutputChunk {
    heddle_protocol::OutputChunk {
        time_ns: chunk.time_ns,
        is_error: chunk.stream == Stream::Stderr,
        process: chunk.pid,
        thread: chunk.thread,
        text: chunk.text,
    }
}

fn ending(outcome: Outcome) -> Ending {
    match outcome.kind {
        Kind::Finished => Ending::Exited {
            status: outcome.exit_status,
            uncaught: outcome.uncaught,
        },
        Kind::Stopped => Ending::Stopped,
        Kind::LimitReached(what) | Kind::Schedule(what) => Ending::Limit {
            what,
            out_of_time: outcome.out_of_time,
        },
        Kind::Deadlock(report, text) => {
            let held = report.threads.into_iter().map(|thread| Held {
                line: thread.stack.first().map_or(0, |place| place.line),
                thread: thread.name,
                waits_for: thread.waits_for,
                held_by: thread.held_by.map(|(_, name)| name),
            });
            Ending::Deadlock {
                held: held.collect(),
                report: text,
            }
        }
    }
}

fn problem(error: StartError) -> SyntaxProblem {
    match error {
        StartError::Syntax {
            file,
            exception,
            line,
            column,
            end_line,
            end_column,
            message,
            ..
        } => SyntaxProblem {
            file,
            line,
            column,
            end_line: end_line.max(line),
            end_column: if end_column > column || end_line > line {
                end_column
            } else {
                column + 1
            },
            message: format!("{exception}: {message}"),
        },
        StartError::Other(message) => SyntaxProblem {
            file: String::new(),
            line: 0,
            column: 0,
            end_line: 0,
            end_column: 0,
            message,
        },
    }
}
