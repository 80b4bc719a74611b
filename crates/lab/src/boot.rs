//! From a scenario to a process image.

use crate::limits::Limits;
use crate::run::{Entry, Options, StartError};
use heddle_compiler::{Mode, SyntaxErrorKind};
use heddle_machine::Config;
use heddle_scenario::Scenario;
use heddle_vm::contract::{Here, Image, ImageEvent, ObjectIndex, Place, Ran, Resume, ThreadIndex, Until};

/// The interpreter is not part of this build yet: there is no process image, so no run begins.
#[derive(Clone, Debug)]
pub(crate) enum Engine {}

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
pub(crate) fn boot(_: &Scenario, _: &Options, _: &Config, _: Limits) -> Result<Engine, StartError> {
    Err(StartError::Other(
        "The interpreter is not part of this build yet.".to_owned(),
    ))
}

/// A line of a file of CPython's library, counted from 0.
pub(crate) fn library_line(_file: &str, _line: usize) -> Option<String> {
    None
}

impl Image for Engine {
    fn run(&mut self, _: ThreadIndex, _: Until) -> Ran {
        match *self {}
    }
    fn resume(&mut self, _: ThreadIndex, _: Resume) {
        match *self {}
    }
    fn try_take(&mut self, _: ThreadIndex, _: ObjectIndex) -> bool {
        match *self {}
    }
    fn stack(&self, _: ThreadIndex) -> Vec<Place> {
        match *self {}
    }
    fn here(&self, _: ThreadIndex) -> Here<'_> {
        match *self {}
    }
    fn owner(&self, _: ObjectIndex) -> Option<ThreadIndex> {
        match *self {}
    }
    fn describe(&self, _: ObjectIndex) -> String {
        match *self {}
    }
    fn thread_name(&self, _: ThreadIndex) -> String {
        match *self {}
    }
    fn drain_events(&mut self, _: &mut Vec<ImageEvent>) {
        match *self {}
    }
}
