//! From a scenario to a process image.

use crate::limits::Limits;
use crate::run::{Entry, Options, StartError};
use heddle_machine::Config;
use heddle_scenario::Scenario;
use heddle_vm::contract::{Here, Image, ImageEvent, ObjectIndex, Place, Ran, Resume, ThreadIndex, Until};

/// The interpreter is not part of this build yet: there is no process image, so no run begins.
#[derive(Clone, Debug)]
pub(crate) enum Engine {}

/// Compiles the program, for the sake of its errors' places.
pub(crate) fn check_syntax(_scenario: &Scenario, _entry: &Entry) -> Result<(), StartError> {
    Ok(())
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
