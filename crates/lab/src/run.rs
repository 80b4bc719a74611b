//! A run of a scenario.

use crate::boot::{self, Engine};
use crate::library::LibraryFolder;
use crate::limits::Limits;
use crate::network;
use crate::report::{describe_deadlock, without_library};
use crate::text::Decoder;
use heddle_machine::scheduler::{Fair, Pct, Random, Recording, Replay, ScheduleLog, Scheduler};
use heddle_machine::{Config, Costs, Counters, DeadlockReport, End, HostFolder, LimitKind, Machine, Profile};
use heddle_scenario::{OsScheduler, Policy, Scenario};
use heddle_trace::{Budget, Stats, Stream, Trace, TraceHash};
use heddle_vm::imports::LIBRARY_PATH;
use heddle_vm::survey::Survey;
use std::cell::RefCell;
use std::rc::Rc;

/// Where programs find Python.
const PYTHON_PATHS: [&str; 3] = ["/usr/bin/python3", "/usr/bin/python3.14", "/usr/bin/python"];

/// What the main thread executes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// The scenario's first file.
    #[default]
    Script,
    /// `-m NAME`.
    Module(String),
    /// `-c CODE`.
    Command(String),
}

/// What a run has beside its scenario. Links carry none of this.
#[derive(Clone, Default)]
pub struct Options {
    /// What to execute.
    pub entry: Entry,
    /// Arguments after the program's name.
    pub arguments: Vec<String>,
    /// Host folders: path inside the simulated computer (relative to the program's folder), and the folder.
    pub mounts: Vec<(String, Rc<dyn HostFolder>)>,
    /// How much of the trace is kept in detail.
    pub budget: Option<Budget>,
    /// Parameters of the policy "pct": bug depth and expected number of choices.
    pub pct: Option<(u32, u64)>,
    /// What is to be noted of it, beside the trace.
    pub survey: Option<Survey>,
}

/// Why a run cannot begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartError {
    /// The program does not compile.
    Syntax {
        /// The file.
        file: String,
        /// Name of the exception ("SyntaxError", "IndentationError").
        exception: String,
        /// Line, from 1; 0 if there is no place.
        line: u32,
        /// Column in characters, from 1; 0 if unknown.
        column: u32,
        /// Last line.
        end_line: u32,
        /// Column behind the last character, from 1.
        end_column: u32,
        /// The source line, where CPython shows it.
        text: Option<String>,
        /// CPython's message.
        message: String,
    },
    /// Anything else, as a sentence.
    Other(String),
}

impl std::fmt::Display for StartError {
    /// As CPython prints it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StartError::Other(sentence) => f.write_str(sentence),
            StartError::Syntax {
                file,
                exception,
                line,
                column,
                end_line,
                end_column,
                text,
                message,
            } => {
                if *line > 0 {
                    writeln!(f, "  File \"{file}\", line {line}")?;
                }
                if let Some(text) = text {
                    let shown = text.trim_end_matches(['\n', '\r']);
                    let stripped = shown.trim_start_matches([' ', '\t', '\x0c']);
                    writeln!(f, "    {stripped}")?;
                    let indent = shown.chars().count() - stripped.chars().count();
                    let from = (*column as usize).saturating_sub(1 + indent);
                    let width = stripped.chars().count();
                    if *column as usize > indent {
                        let to = if end_line == line && end_column > column {
                            (*end_column as usize).saturating_sub(1 + indent)
                        } else if end_line > line {
                            width
                        } else {
                            from + 1
                        };
                        let carets = to.saturating_sub(from).max(1);
                        writeln!(f, "    {}{}", " ".repeat(from), "^".repeat(carets))?;
                    }
                }
                write!(f, "{exception}: {message}")
            }
        }
    }
}

impl std::error::Error for StartError {}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The program came to its end.
    Finished,
    /// Nothing can ever happen again; the report, and as text with source lines.
    Deadlock(DeadlockReport, String),
    /// A limit was reached; the sentence says which.
    LimitReached(String),
    /// The recorded schedule does not fit the program; the sentence says where.
    Schedule(String),
    /// The person stopped it.
    Stopped,
}

/// How a run ended, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// As the shell sees it: Python's own, 3 for a deadlock, 4 for a limit or a stop, 2 for a schedule that does not fit.
    pub exit_status: i32,
    /// How.
    pub kind: Kind,
    /// The last line of the exception that ended the main thread, if one did.
    pub uncaught: Option<String>,
    /// When, ns.
    pub virtual_ns: u64,
    /// Whether it ended only because its time was up (virtual time or simulated work): with more it would go on.
    pub out_of_time: bool,
}

/// Something the program wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputChunk {
    /// When, ns.
    pub time_ns: u64,
    /// Where.
    pub stream: Stream,
    /// Process.
    pub pid: u32,
    /// Thread.
    pub thread: u32,
    /// What, as text; may be empty when only a part of a character was written.
    pub text: String,
    /// What.
    pub bytes: Vec<u8>,
}

/// What is new since the last call of [`Run::advance`].
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Virtual time reached, ns.
    pub now_ns: u64,
    /// How the run ended, once it has.
    pub finished: Option<Outcome>,
    /// What was written, in order.
    pub output: Vec<OutputChunk>,
}

/// A scenario on its way. Clone it for a checkpoint.
#[derive(Clone)]
pub struct Run {
    pub(crate) machine: Machine<Engine>,
    decoder: Decoder,
    schedule: Rc<RefCell<ScheduleLog>>,
    scenario: Rc<Scenario>,
}

impl Run {
    /// Prepares to run the scenario's first file.
    ///
    /// # Errors
    /// The program does not compile, or the scenario asks for what this version cannot do.
    pub fn new(scenario: &Scenario, limits: Limits) -> Result<Run, StartError> {
        Run::with_options(scenario, limits, Options::default())
    }

    /// Prepares to run the scenario.
    ///
    /// # Errors
    /// See [`Run::new`].
    pub fn with_options(scenario: &Scenario, limits: Limits, options: Options) -> Result<Run, StartError> {
        heddle_stdlib::start();
        let settings = &scenario.machine;
        if let Some(problem) = scenario.validate().first() {
            return Err(StartError::Other(problem.to_string()));
        }
        let Some(costs) = Costs::named(&settings.computer) else {
            return Err(StartError::Other(format!(
                "The computer \"{}\" is not known.",
                settings.computer
            )));
        };
        let limits = limits.lowered(&settings.limits);
        let Some(profile) = Profile::named(settings.python.name()) else {
            return Err(StartError::Other(format!(
                "Python {} is not known.",
                settings.python.name()
            )));
        };
        let defaults = Config::default();
        let program = match &options.entry {
            Entry::Script => scenario
                .files
                .first()
                .map_or_else(String::new, |file| file.name.clone()),
            Entry::Module(name) => name.clone(),
            Entry::Command(_) => "<string>".to_owned(),
        };
        let config = Config {
            cores: settings.cores,
            seed: settings.seed,
            profile,
            os: match settings.os_scheduler {
                OsScheduler::FairShare => heddle_machine::OsScheduler::FairShare,
                OsScheduler::RoundRobin => heddle_machine::OsScheduler::RoundRobin,
                OsScheduler::Cooperative => heddle_machine::OsScheduler::Cooperative,
            },
            quantum_ns: settings.quantum_ns.unwrap_or(defaults.quantum_ns),
            switch_interval_ns: settings.switch_interval_ns.unwrap_or(profile.switch_interval_ns()),
            costs: Costs {
                context_switch_ns: settings.context_switch_ns.unwrap_or(costs.context_switch_ns),
                wake_shallow_ns: settings.wake_up_ns.unwrap_or(costs.wake_shallow_ns),
                signal_ns: settings.signal_ns.unwrap_or(costs.signal_ns),
                ..costs
            },
            stdin: settings.stdin.clone().into_bytes(),
            interrupts: settings.interrupts.clone(),
            terminal: false,
            hosts: network::hosts(settings)?,
            limits: limits.for_machine(),
            program,
        };
        boot::check_syntax(scenario, &options.entry)?;
        let (place, remotes) = network::computers(scenario, &config, limits, options.survey.as_ref())?;
        let own = boot::Own::first(remotes.len(), options.survey.clone());
        let image = boot::boot(scenario, &options, &config, limits, &own);
        let (recording, schedule) = Recording::new(policy(scenario, &options)?);
        let budget = options.budget.unwrap_or_default();
        let python = settings.python.name();
        let mut machine =
            Machine::with_computers((image, &config, place), remotes, python, Box::new(recording), budget);
        // What comes from the command line (`<string>`) is no file.
        for file in scenario.files.iter().filter(|file| !file.name.starts_with('<')) {
            let added = machine.add_file(file.name.as_bytes(), file.text.clone().into_bytes());
            added.map_err(|_| StartError::Other(format!("\"{}\" is not a good name for a file.", file.name)))?;
        }
        for path in PYTHON_PATHS {
            let added = machine.add_program(path.as_bytes(), heddle_machine::PYTHON);
            added.map_err(|_| StartError::Other("Python cannot be installed.".to_owned()))?;
        }
        let library = machine.mount(LIBRARY_PATH.as_bytes(), Rc::new(LibraryFolder));
        library.map_err(|_| StartError::Other("The library cannot be mounted.".to_owned()))?;
        for (path, folder) in options.mounts {
            let mounted = machine.mount(path.as_bytes(), folder);
            mounted.map_err(|_| StartError::Other(format!("Nothing can be mounted at \"{path}\".")))?;
        }
        let scenario = Rc::new(scenario.clone());
        Ok(Run {
            machine,
            decoder: Decoder::default(),
            schedule,
            scenario,
        })
    }

    /// Runs on for about `budget` units of work: about a nanosecond each natively, two in a browser.
    pub fn advance(&mut self, budget: u64) -> Progress {
        let over = self.machine.advance(budget);
        self.progress(over)
    }

    /// Ctrl-C: sends SIGINT to the program, at the moment it has reached. Gives that moment, ns: with it among the scenario's
    /// `interrupts` the run is the same. `None` when the run is over, or when it has to wait for hosts ([`Run::interrupted`]).
    pub fn interrupt(&mut self) -> Option<u64> {
        self.machine.interrupt()
    }

    /// Ends the run here; the progress is the last one.
    pub fn stop(&mut self) -> Progress {
        self.machine.stop();
        self.progress(true)
    }

    pub(crate) fn progress(&mut self, over: bool) -> Progress {
        let decoder = &mut self.decoder;
        let output = self.machine.take_output().into_iter().map(|written| OutputChunk {
            time_ns: written.time_ns,
            stream: written.stream,
            pid: written.pid,
            thread: written.thread,
            text: decoder.decode(written.pid, written.stream, &written.bytes),
            bytes: written.bytes,
        });
        let output = output.collect();
        Progress {
            now_ns: self.machine.now_ns(),
            finished: if over { self.outcome() } else { None },
            output,
        }
    }

    /// How the run ended, once it has.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        let (exit_status, kind) = match self.machine.end()? {
            End::Exited(status) => (*status, Kind::Finished),
            End::Deadlock(report) => {
                let report = without_library(report);
                let text = describe_deadlock(&report, |file, line| self.source_line(file, line));
                (3, Kind::Deadlock(report, text))
            }
            End::Limit(_, sentence) | End::Lost(sentence) => (4, Kind::LimitReached(sentence.clone())),
            End::Schedule(sentence) => (2, Kind::Schedule(sentence.clone())),
            End::Stopped => (4, Kind::Stopped),
        };
        let uncaught = self.machine.uncaught().map(str::to_owned);
        Some(Outcome {
            exit_status,
            kind,
            uncaught,
            virtual_ns: self.machine.now_ns(),
            out_of_time: matches!(
                self.machine.end()?,
                End::Limit(LimitKind::VirtualTime | LimitKind::Work, _)
            ),
        })
    }

    /// A line of a file of the scenario or of the library.
    fn source_line(&self, file: &str, line: u32) -> Option<String> {
        let at = usize::try_from(line).ok()?.checked_sub(1)?;
        let own = self.scenario.files.iter().find(|own| own.name == file);
        match own {
            Some(own) => own.text.lines().nth(at).map(str::to_owned),
            None => boot::library_line(file, at),
        }
    }

    /// The hash of the trace so far.
    #[must_use]
    pub fn trace_hash(&self) -> TraceHash {
        self.machine.recorder().hash()
    }

    /// What is new in the trace since this was asked for last: an encoded [`heddle_trace::Chunk`], for who follows the run.
    pub fn trace_chunk(&mut self) -> Vec<u8> {
        self.machine.trace_chunk().encode()
    }

    /// The whole trace so far.
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.machine.recorder().trace()
    }

    /// The whole trace so far, encoded.
    #[must_use]
    pub fn trace_bytes(&self) -> Vec<u8> {
        self.trace().encode()
    }

    /// Totals so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.machine.recorder().stats()
    }

    /// What has been counted of Python 2's GIL so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.machine.counters()
    }

    /// The choices so far that were not the fair ones, as the text of a schedule.
    #[must_use]
    pub fn schedule(&self) -> String {
        self.schedule.borrow().to_string()
    }
}

/// The policy that a scenario asks for; a recorded schedule goes before it.
fn policy(scenario: &Scenario, options: &Options) -> Result<Box<dyn Scheduler>, StartError> {
    let seed = scenario.machine.seed;
    if let Some(schedule) = &scenario.schedule {
        let text = str::from_utf8(schedule).map_err(|_| StartError::Other("The schedule is not text.".to_owned()))?;
        return Ok(Box::new(Replay::new(
            ScheduleLog::parse(text).map_err(StartError::Other)?,
        )));
    }
    Ok(match scenario.machine.policy {
        Policy::Fair => Box::new(Fair),
        Policy::Random => Box::new(Random::new(seed)),
        Policy::Pct => {
            let (depth, steps) = options.pct.unwrap_or((3, 1_000));
            Box::new(Pct::new(seed, depth, steps))
        }
    })
}
