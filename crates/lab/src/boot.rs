//! From a scenario to a process image.

use crate::limits::Limits;
use crate::run::{Entry, Options, StartError};
use heddle_compiler::{Mode, SyntaxErrorKind};
use heddle_machine::{Config, EPOCH_NS, FIRST_PID};
use heddle_scenario::{File, Scenario};
use heddle_trace::OS_PIDS;
use heddle_vm::interpreters::Interpreters;
use heddle_vm::process;
use heddle_vm::survey::Survey;

/// The process image that runs.
pub(crate) type Engine = Interpreters;

/// What the computer is called that runs the program.
pub(crate) const FIRST_COMPUTER: &str = "heddle";

/// What `os.environ` holds.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("HOME", "/lab"),
    ("LANG", "C.UTF-8"),
    ("PATH", "/usr/bin"),
    ("PWD", "/lab"),
    ("USER", "lab"),
];

/// Compiles the program, so that an error in it is known with its place before anything runs.
pub(crate) fn check_syntax(scenario: &Scenario, entry: &Entry) -> Result<(), StartError> {
    match entry {
        Entry::Script => scenario
            .files
            .first()
            .map_or(Ok(()), |file| check_source(&file.name, &file.text)),
        Entry::Command(code) => check_source("<string>", code),
        Entry::Module(_) => Ok(()),
    }
}

/// The same of one file.
pub(crate) fn check_source(file: &str, source: &str) -> Result<(), StartError> {
    match heddle_compiler::compile(source, file, Mode::Exec, &heddle_compiler::Options::default()) {
        Ok(_) => Ok(()),
        Err(error) => Err(StartError::Syntax {
            file: file.to_owned(),
            exception: exception_of(error.kind).to_owned(),
            line: error.line,
            column: error.column,
            end_line: error.end_line,
            end_column: error.end_column,
            text: error.text,
            message: error.message,
        }),
    }
}

/// The name of the exception that Python raises for an error of this kind.
fn exception_of(kind: SyntaxErrorKind) -> &'static str {
    match kind {
        SyntaxErrorKind::Syntax | SyntaxErrorKind::Incomplete => "SyntaxError",
        SyntaxErrorKind::Indentation => "IndentationError",
        SyntaxErrorKind::Tab => "TabError",
        SyntaxErrorKind::Memory => "MemoryError",
        SyntaxErrorKind::Recursion => "RecursionError",
        SyntaxErrorKind::Value => "ValueError",
    }
}

/// What a process knows of the computer it runs on, and who takes notes of it.
pub(crate) struct Own {
    /// Its number among the computers, from 0.
    pub index: u32,
    /// How many there are.
    pub computers: u64,
    /// What it is called.
    pub name: String,
    /// What is to be noted of its processes.
    pub survey: Option<Survey>,
}

impl Own {
    /// The first computer beside so many others.
    pub fn first(others: usize, survey: Option<Survey>) -> Own {
        Own {
            index: 0,
            computers: others as u64 + 1,
            name: FIRST_COMPUTER.to_owned(),
            survey,
        }
    }
}

/// The image of a process that is about to start.
pub(crate) fn boot(scenario: &Scenario, options: &Options, config: &Config, limits: Limits, own: &Own) -> Engine {
    let (entry, program) = match &options.entry {
        Entry::Script => {
            let file = scenario.files.first();
            return script(file, &options.arguments, scenario, config, limits, own);
        }
        Entry::Module(name) => (process::Entry::Module(name.clone()), "-m".to_owned()),
        Entry::Command(code) => (process::Entry::Command(code.clone()), "-c".to_owned()),
    };
    process(entry, program, &options.arguments, scenario, config, limits, own)
}

/// The image of a process that is about to run a file of the scenario.
pub(crate) fn script(
    file: Option<&File>,
    arguments: &[String],
    scenario: &Scenario,
    config: &Config,
    limits: Limits,
    own: &Own,
) -> Engine {
    let (path, source) = file.map_or_else(Default::default, |file| (file.name.clone(), file.text.clone()));
    let entry = process::Entry::Script {
        path: path.clone(),
        source,
    };
    process(entry, path, arguments, scenario, config, limits, own)
}

fn process(
    entry: process::Entry,
    program: String,
    arguments: &[String],
    scenario: &Scenario,
    config: &Config,
    limits: Limits,
    own: &Own,
) -> Engine {
    let mut argv = vec![program];
    argv.extend(arguments.iter().cloned());
    let environ = ENVIRONMENT
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut rules = config.profile.rules(config.costs.processor_percent);
    if let Some(method) = scenario.machine.start_method {
        rules.library.start_method = method.name();
    }
    Interpreters::new(process::Process::new(process::Config {
        entry,
        argv,
        switches: process::Switches::default(),
        environ,
        pid: OS_PIDS + FIRST_PID + own.index,
        parent_pid: OS_PIDS,
        umask: 0o022,
        host_name: own.name.clone(),
        cores: u32::from(config.cores),
        seed: config.seed.wrapping_add(u64::from(own.index) << 32),
        memory_limit: limits.memory_bytes / own.computers.max(1),
        python: scenario.machine.python.name().to_owned(),
        rules,
        switch_interval_ns: config.switch_interval_ns,
        epoch_ns: EPOCH_NS.unsigned_abs(),
        library: &heddle_stdlib::LIBRARY,
        survey: own.survey.clone(),
    }))
}

/// A line of a file of CPython's library, counted from 0.
pub(crate) fn library_line(file: &str, line: usize) -> Option<String> {
    (heddle_stdlib::LIBRARY.source)(file)?
        .lines()
        .nth(line)
        .map(str::to_owned)
}
