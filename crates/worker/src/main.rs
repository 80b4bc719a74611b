//! The program of the page's Web Worker: runs scenarios in short slices and reports, so that a message from the page
//! (Stop, another Run) is heard between any two of them.
//!
//! One turn of the loop is one task of the worker's event loop; the next is requested through a `MessageChannel`, which
//! unlike `setTimeout` has no minimum delay. Processes of a run may have workers of their own (`hosts.rs`). A panic is told to the page before the worker dies of it.

mod hosts;
mod job;
mod library;
mod past;
mod post;
mod survey;
mod sweep;

use heddle_lab::Part;
use heddle_protocol::{ToPage, ToWorker, decode};
use job::{Job, Step};
use post::post;
use std::cell::{Cell, RefCell};
use sweep::SweepJob;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// What the worker is at.
enum Task {
    Run(Box<Job>),
    Sweep(Box<SweepJob>),
}

impl Task {
    fn number(&self) -> u32 {
        match self {
            Task::Run(job) => job.number(),
            Task::Sweep(sweep) => sweep.number(),
        }
    }

    fn step(&mut self) -> Step {
        match self {
            Task::Run(job) => job.step(),
            Task::Sweep(sweep) => sweep.step(),
        }
    }

    fn stop(self) {
        match self {
            Task::Run(job) => job.stop(),
            Task::Sweep(sweep) => sweep.end(Some("The sweep was stopped.".to_owned())),
        }
    }
}

/// The engine allocates and frees an object for nearly every value that a program computes: `talc` does it in fewer
/// instructions than the standard library's dlmalloc (figures in `crates/vm/README.md`).
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    /// What is in progress, if anything. A worker has a single thread; this and what follows is its only state.
    static TASK: RefCell<Option<Task>> = const { RefCell::new(None) };
    /// Whether a turn has been requested and not yet been taken: there is never more than one.
    static REQUESTED: Cell<bool> = const { Cell::new(false) };
    /// By what turns are requested.
    static WAKE: RefCell<Option<MessagePort>> = const { RefCell::new(None) };
    /// In a host: its part of a run.
    static PART: RefCell<Option<Part>> = const { RefCell::new(None) };
}

fn main() {
    std::panic::set_hook(Box::new(|info| {
        post(&ToPage::Failed {
            message: info.to_string(),
        });
    }));
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let Ok(channel) = MessageChannel::new() else {
        post(&ToPage::Failed {
            message: "this browser has no MessageChannel".into(),
        });
        return;
    };
    let (wake, woken) = (channel.port1(), channel.port2());
    WAKE.set(Some(wake));
    let woke = Closure::<dyn FnMut()>::new(|| {
        REQUESTED.set(false);
        turn();
    });
    woken.set_onmessage(Some(woke.as_ref().unchecked_ref()));
    woke.forget();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = js_sys::Uint8Array::new(&event.data()).to_vec();
        match decode::<ToWorker>(&bytes) {
            Ok(message) => {
                obey(message);
                request_turn();
            }
            Err(garbled) => post(&ToPage::Failed {
                message: garbled.to_string(),
            }),
        }
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    post(&ToPage::Ready {
        semantics: heddle_lab::SEMANTICS,
    });
}

/// Asks the event loop to call back.
fn request_turn() {
    if !REQUESTED.replace(true) {
        WAKE.with_borrow(|port| {
            // A port that cannot post is closed with the worker.
            let _ = port
                .as_ref()
                .map(|port| port.post_message(&wasm_bindgen::JsValue::NULL));
        });
    }
}

/// Does what the page asks.
fn obey(message: ToWorker) {
    if let ToWorker::WorkerLost { worker, why } = &message {
        return hosts::worker_lost(*worker, why);
    }
    TASK.with_borrow_mut(|slot| match message {
        ToWorker::Run { run, scenario, limits } => *slot = Some(Task::Run(Box::new(Job::new(run, scenario, limits)))),
        ToWorker::Sweep {
            run,
            scenario,
            over,
            limits,
        } => *slot = SweepJob::new(run, &scenario, &over, limits).map(|sweep| Task::Sweep(Box::new(sweep))),
        ToWorker::Stop { run } => {
            if slot.as_ref().is_some_and(|task| task.number() == run)
                && let Some(task) = slot.take()
            {
                task.stop();
            }
        }
        ToWorker::Interrupt { run } => {
            if let Some(Task::Run(job)) = slot.as_mut()
                && job.number() == run
            {
                job.interrupt();
            }
        }
        ToWorker::WorkerLost { .. } => {}
        ToWorker::Look { run, at_ns, question } => past::look(run, at_ns, question),
        ToWorker::Step { run, step } => past::step(run, step),
        ToWorker::Survey {
            run,
            number,
            order,
            until_ns,
        } => past::survey(run, number, order, until_ns),
    });
}

/// Runs one slice of each of what is in progress, and asks for what must follow.
fn turn() {
    let (step, number) = TASK.with_borrow_mut(|slot| match slot {
        Some(task) => {
            let step = task.step();
            (step, task.number())
        }
        None => (Step::Waits, 0),
    });
    if past::turn() {
        request_turn();
    }
    match step {
        Step::More => request_turn(),
        Step::Over => TASK.set(None),
        Step::Waits => {}
        Step::NeedsLibrary => fetch_library(number),
    }
}

/// Fetches the rest of the library for what runs under that number and waits.
fn fetch_library(number: u32) {
    wasm_bindgen_futures::spawn_local(async move {
        let fetched = library::fetch().await;
        library_came(number, fetched);
        request_turn();
    });
}

/// What waits for the library begins again, unless it was stopped or replaced meanwhile.
fn library_came(number: u32, fetched: Result<(), String>) {
    TASK.with_borrow_mut(|slot| {
        let Some(task) = slot.as_mut().filter(|task| task.number() == number) else {
            return;
        };
        match (fetched, task) {
            (Ok(()), Task::Run(job)) => job.again(),
            (Ok(()), Task::Sweep(sweep)) => sweep.again(),
            (Err(sentence), Task::Run(job)) => {
                job.without_library(sentence);
                *slot = None;
            }
            (Err(sentence), Task::Sweep(sweep)) => {
                sweep.end(Some(sentence));
                *slot = None;
            }
        }
    });
}
