//! Processes in Web Workers of their own. The page makes them where this one wants them, as it does the lab's: not every browser makes workers of workers
//! without fail. It hands them a port, and from then on they and this one talk past the page (`static/worker.js`).
//!
//! A host is this very program: it begins with a copy of this one's whole memory, taken between two tasks of the event loop, when nothing of it is on the
//! stack. So an image moves without being written down, and there is no second way to say what a process is. What the copy holds of JavaScript's values
//! means nothing there: the functions below that a host calls ([`become_host`], [`obey`]) touch none, and hand over bytes alone.

use crate::post::{post, post_with};
use crate::{PART, TASK, Task, fetch_library, turn};
use heddle_protocol::ToPage;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessagePort};

#[wasm_bindgen]
extern "C" {
    /// Has a worker begin that will be the next host, for that takes longer than the copy.
    #[wasm_bindgen(js_name = heddlePrepare)]
    pub fn prepare();
    /// The worker that was prepared is not needed.
    #[wasm_bindgen(js_name = heddleDismiss)]
    pub fn dismiss();
    /// Makes a host with a copy of the memory as it will be when the current task is over, then calls [`opened`].
    #[wasm_bindgen(js_name = heddleOpen)]
    pub fn open(host: u32);
    /// Sends orders to a host.
    #[wasm_bindgen(js_name = heddleSend)]
    pub fn send(host: u32, orders: Vec<u8>);
    /// Ends a host.
    #[wasm_bindgen(js_name = heddleClose)]
    pub fn close(host: u32);
    /// The page tells that a worker cannot be had or has ended, and why.
    #[wasm_bindgen(js_name = heddleLost)]
    pub fn worker_lost(worker: u32, why: &str);
}

/// Asks the page for a worker, which will hear at this port; no other one has had its number.
#[wasm_bindgen(js_name = wantWorker)]
pub fn want_worker(worker: u32, port: &MessagePort) {
    post_with(&ToPage::Worker { worker }, port);
}

/// A worker is not needed any more.
#[wasm_bindgen(js_name = endWorker)]
pub fn end_worker(worker: u32) {
    post(&ToPage::WorkerOver { worker });
}

/// How many cores this computer has, as far as the browser tells.
pub fn cores() -> usize {
    js_sys::global()
        .dyn_into::<DedicatedWorkerGlobalScope>()
        .map_or(1, |scope| scope.navigator().hardware_concurrency() as usize)
}

/// Does something with the run that is in progress; then it goes on.
fn with_job(act: impl FnOnce(&mut crate::job::Job)) {
    TASK.with_borrow_mut(|slot| {
        if let Some(Task::Run(job)) = slot {
            act(job);
        }
    });
    turn();
}

/// The worker that was prepared can take its copy, or it will be told why not.
#[wasm_bindgen(js_name = hostIsReady)]
pub fn host_is_ready() {
    with_job(crate::job::Job::host_is_ready);
}

/// The copy for a host has been made.
#[wasm_bindgen]
pub fn opened() {
    with_job(crate::job::Job::opened);
}

/// What a host has answered, and how long it has worked so far, ms.
#[wasm_bindgen]
pub fn reported(host: u32, report: Vec<u8>, busy_ms: f64) {
    with_job(|job| job.reported(host, &report, busy_ms));
}

/// A host is gone, for this reason.
#[wasm_bindgen]
pub fn lost(why: String) {
    with_job(|job| job.lost(why));
}

/// A host needs the rest of Python's library: the run begins again when it is here.
#[wasm_bindgen(js_name = needsLibrary)]
pub fn needs_library() {
    let number = TASK.with_borrow_mut(|slot| match slot {
        Some(Task::Run(job)) => {
            job.wait_for_library();
            Some(job.number())
        }
        _ => None,
    });
    if let Some(number) = number {
        fetch_library(number);
    }
}

/// This copy of the memory is a host from now on.
#[wasm_bindgen(js_name = becomeHost)]
pub fn become_host() {
    // What went wrong is told by who called.
    std::panic::set_hook(Box::new(|_| {}));
    let part = match TASK.take() {
        Some(Task::Run(job)) => job.into_part(),
        _ => None,
    };
    PART.set(part);
}

/// In a host: carries out orders; the answer, if there is one.
#[wasm_bindgen]
pub fn obey(orders: &[u8]) -> Option<Vec<u8>> {
    PART.with_borrow_mut(|part| part.as_mut()?.obey(orders))
}

/// In a host: whether the rest of Python's library is needed to go on.
#[wasm_bindgen(js_name = wantsLibrary)]
pub fn wants_library() -> bool {
    heddle_lab::library_wanted()
}
