//! The context that all components share: the state, and what only the whole page can do.

use crate::hooks::opening::Given;
use crate::state::files::FileDeed;
use crate::state::{Action, Lab, Notice, Overlay, Severity, View};
use gloo::timers::callback::Timeout;
use heddle_scenario::{File, Settings};
use heddle_trace::Step;
use yew::prelude::*;

/// The state and its deeds.
#[derive(Clone, PartialEq)]
pub struct Page {
    /// The state; also dispatches actions.
    pub lab: UseReducerHandle<Lab>,
    /// Runs the program in the editor.
    pub run: Callback<()>,
    /// Runs the program again and lets it go on up to this moment, past its limit of time.
    pub go_on: Callback<u64>,
    /// Ends the run or the sweep.
    pub stop: Callback<()>,
    /// Ctrl-C for the program that runs.
    pub interrupt: Callback<()>,
    /// Sweeps the program over `NAME=VALUE,…`.
    pub sweep: Callback<String>,
    /// Runs the program that was run on other machines: `NAME=VALUE,…`.
    pub compare: Callback<String>,
    /// Opens another program; the one in the editor is kept in the browser.
    pub open: Callback<(String, Vec<File>)>,
    /// Asks the worker where a step leads; t goes there.
    pub step: Callback<Step>,
    /// Shows a line of the file that is in the editor.
    pub show_line: Callback<u32>,
}

impl Page {
    /// Sends an action.
    pub fn send(&self, action: Action) {
        self.lab.dispatch(action);
    }

    /// Changes the timeline's view.
    pub fn look(&self, change: impl FnOnce(&mut View) + 'static) {
        self.send(Action::View(Box::new(change)));
    }

    /// Changes the settings, in the program's text as well.
    pub fn set(&self, change: impl FnOnce(&mut Settings) + 'static) {
        self.send(Action::Change(Box::new(change)));
    }

    /// Shows a line of a file (0: the program) in the editor.
    pub fn show(&self, file: usize, line: u32) {
        if self.lab.files.shown == file {
            return self.show_line.emit(line);
        }
        self.send(Action::Files(FileDeed::Show(file)));
        // The editor has the other file after the page has been drawn again.
        let show_line = self.show_line.clone();
        Timeout::new(50, move || show_line.emit(line)).forget();
    }

    /// Opens what a file holds, or tells why it cannot.
    pub fn take(&self) -> Callback<Given> {
        let page = self.clone();
        Callback::from(move |given: Given| match given {
            Ok(mut files) if !files.is_empty() => {
                let program = files.remove(0);
                page.open.emit((program.text, files));
            }
            Ok(_) => {}
            Err(text) => {
                page.send(Action::Show(Overlay::None));
                page.send(Action::Tell(Some(Notice {
                    severity: Severity::Error,
                    text,
                })));
            }
        })
    }

    /// A callback that sends an action.
    pub fn on<E: 'static>(&self, action: impl Fn() -> Action + 'static) -> Callback<E> {
        let page = self.clone();
        Callback::from(move |_| page.send(action()))
    }
}

/// The page's context; everything is drawn inside it.
#[hook]
pub fn use_page() -> Page {
    match use_context::<Page>() {
        Some(page) => page,
        None => unreachable!("components are drawn inside the page's context"),
    }
}
