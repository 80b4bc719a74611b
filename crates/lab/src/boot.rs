//! From a scenario to a process image.

use crate::limits::Limits;
use crate::run::{Entry, Options, StartError};
use heddle_compiler::{Mode, SyntaxErrorKind};
use heddle_machine::{Config, EPOCH_NS};
use heddle_scenario::Scenario;
use heddle_vm::interpreters::Interpreters;
use heddle_vm::process;

/// The process image that runs.
pub(crate) type Engine = Interpreters;

/// `os.getpid()` of the first process, and of whoever started it.
const PID: u32 = 4001;
const PARENT_PID: u32 = 4000;

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
    let (file, source) = match entry {
        Entry::Script => scenario
            .files
            .first()
            .map_or(("", ""), |file| (file.name.as_str(), file.text.as_str())),
        Entry::Command(code) => ("<string>", code.as_str()),
        Entry::Module(_) => return Ok(()),
    };
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

/// The image of a process that is about to start.
pub(crate) fn boot(
    scenario: &Scenario,
    options: &Options,
    config: &Config,
    limits: Limits,
) -> Result<Engine, StartError> {
    let (entry, program) = match &options.entry {
        Entry::Script => {
            let path = scenario.files.first().map(|file| file.name.clone()).unwrap_or_default();
            (
                process::Entry::Script {
                    path: path.clone(),
                    source: scenario.source().to_owned(),
                },
                path,
            )
        }
        Entry::Module(name) => (process::Entry::Module(name.clone()), "-m".to_owned()),
        Entry::Command(code) => (process::Entry::Command(code.clone()), "-c".to_owned()),
    };
    let mut argv = vec![program];
    argv.extend(options.arguments.iter().cloned());
    let environ = ENVIRONMENT
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Ok(Interpreters::new(process::Process::new(process::Config {
        entry,
        argv,
        environ,
        pid: PID,
        parent_pid: PARENT_PID,
        cores: u32::from(config.cores),
        seed: config.seed,
        memory_limit: limits.memory_bytes,
        python: scenario.machine.python.name().to_owned(),
        rules: config.profile.rules(config.costs.processor_percent),
        switch_interval_ns: config.switch_interval_ns,
        epoch_ns: EPOCH_NS.unsigned_abs(),
        library: &heddle_stdlib::LIBRARY,
    })))
}

/// A line of a file of CPython's library, counted from 0.
pub(crate) fn library_line(file: &str, line: usize) -> Option<String> {
    (heddle_stdlib::LIBRARY.source)(file)?
        .lines()
        .nth(line)
        .map(str::to_owned)
}
