//! The Web Worker in which programs run.
//!
//! The worker says `Ready` when its wasm has been loaded; what is asked earlier waits. A Stop that is not answered
//! within [`PATIENCE_MS`] ends the worker by force, and so does an engine that failed: the next one is started at once,
//! so the next run works.
//!
//! Where the worker wants others for processes of a run, the page makes them and hands them the port by which those two talk. It knows no more of them, but
//! ends them all when the run is over or stopped, or the worker ends.

use crate::host_js;
use gloo::timers::callback::Timeout;
use heddle_protocol::{RunLimits, ToPage, ToWorker, decode, encode};
use heddle_scenario::Scenario;
use heddle_trace::{Order, Question, Step};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ErrorEvent, Event, MessageEvent, MessagePort, Worker};
use yew::prelude::Callback;

/// How long a worker may take to obey Stop.
const PATIENCE_MS: u32 = 300;
/// By this name the worker's script knows that it is for processes.
const HOST: &str = "heddle-host";

/// What the page learns.
pub enum Heard {
    /// A message.
    Message(ToPage),
    /// The worker was ended because it did not stop this run in time.
    Killed { run: u32, wall_us: u64 },
}

/// See the module. Cloning gives another handle on the same worker.
#[derive(Clone)]
pub struct Engine {
    inner: Rc<Inner>,
}

struct Inner {
    live: RefCell<Option<Live>>,
    /// What to send once the worker is ready.
    waiting: RefCell<Option<ToWorker>>,
    health: Cell<Health>,
    /// Whether it sleeps until it is needed, and must be claimed from the page around: an embedded lab's.
    is_shared: bool,
    /// The latest run's number, and whether it may still be going on.
    number: Cell<u32>,
    active: Cell<bool>,
    started_ms: Cell<f64>,
    impatience: RefCell<Option<Timeout>>,
    tell: Callback<Heard>,
}

/// How the worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    /// Its wasm is being loaded.
    Loading,
    Ready,
    /// It failed, and another one takes its place on the next occasion.
    Broken,
    /// There is none until there is something to do.
    Asleep,
}

/// The worker, and those that it has for processes, by the numbers that it gave them; dropping it ends all.
struct Live {
    lab: Thread,
    _hear: Closure<dyn FnMut(MessageEvent)>,
    hosts: BTreeMap<u32, Thread>,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.lab.worker.set_onmessage(None);
    }
}

/// A worker with the function that it calls when it fails; dropping it ends it.
struct Thread {
    worker: Worker,
    _fail: Closure<dyn FnMut(Event)>,
}

impl Thread {
    /// Starts a worker of this name with the script; `fail` is told why if that cannot be loaded or ends.
    fn new(name: &str, mut fail: impl FnMut(String) + 'static) -> Result<Thread, String> {
        let worker = host_js::start_worker(name).map_err(|error| format!("the worker cannot be started: {error:?}"))?;
        let fail = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            fail(what_failed(&event));
        });
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Ok(Thread { worker, _fail: fail })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Engine {
    /// Starts the worker.
    pub fn new(tell: Callback<Heard>) -> Self {
        let engine = Engine::asleep(tell, false);
        engine.spawn();
        engine
    }

    /// Starts no worker before something is to be run, and asks the page around for leave to have one.
    pub fn shared(tell: Callback<Heard>) -> Self {
        Engine::asleep(tell, true)
    }

    fn asleep(tell: Callback<Heard>, is_shared: bool) -> Self {
        Engine {
            inner: Rc::new(Inner {
                live: RefCell::new(None),
                waiting: RefCell::new(None),
                health: Cell::new(Health::Asleep),
                is_shared,
                number: Cell::new(0),
                active: Cell::new(false),
                started_ms: Cell::new(0.0),
                impatience: RefCell::new(None),
                tell,
            }),
        }
    }

    /// Runs a scenario; the answers carry the number that is returned.
    pub fn run(&self, scenario: Scenario, limits: RunLimits) -> u32 {
        let run = self.begin();
        self.send(ToWorker::Run {
            run,
            scenario: Box::new(scenario),
            limits,
        });
        run
    }

    /// Sweeps a scenario over `NAME=VALUE,…`; the answers carry the number that is returned. What ran is dropped.
    pub fn sweep(&self, scenario: Scenario, over: String, limits: RunLimits) -> u32 {
        let run = self.begin();
        self.send(ToWorker::Sweep {
            run,
            scenario: Box::new(scenario),
            over,
            limits,
        });
        run
    }

    /// The number of something new to do.
    fn begin(&self) -> u32 {
        let inner = &self.inner;
        let run = inner.number.get() + 1;
        inner.number.set(run);
        self.set_active(true);
        inner.started_ms.set(now_ms());
        inner.impatience.take();
        run
    }

    /// Ctrl-C for the latest run.
    pub fn interrupt(&self) {
        if self.inner.active.get() && self.inner.health.get() == Health::Ready {
            let run = self.inner.number.get();
            self.send(ToWorker::Interrupt { run });
        }
    }

    /// Asks what there is to see at a moment of the last run; [`ToPage::Seen`] answers.
    pub fn look(&self, run: u32, at_ns: u64, question: Question) {
        if self.inner.health.get() == Health::Ready {
            self.send(ToWorker::Look { run, at_ns, question });
        }
    }

    /// Asks where a step leads; [`ToPage::Stepped`] answers. False: there is no engine now that could say it.
    pub fn step(&self, run: u32, step: Step) -> bool {
        let is_ready = self.inner.health.get() == Health::Ready;
        if is_ready {
            self.send(ToWorker::Step { run, step });
        }
        is_ready
    }

    /// Has the last run noted in more detail; [`ToPage::Surveyed`] answers.
    pub fn survey(&self, run: u32, number: u32, order: Order, until_ns: u64) {
        if self.inner.health.get() == Health::Ready {
            self.send(ToWorker::Survey {
                run,
                number,
                order,
                until_ns,
            });
        }
    }

    /// Ends the latest run.
    pub fn stop(&self) {
        let inner = &self.inner;
        if !inner.active.get() {
            return;
        }
        let run = inner.number.get();
        self.end_hosts();
        self.send(ToWorker::Stop { run });
        let engine = self.clone();
        let impatience = Timeout::new(PATIENCE_MS, move || engine.kill(run));
        *inner.impatience.borrow_mut() = Some(impatience);
    }

    fn kill(&self, run: u32) {
        let inner = &self.inner;
        if !inner.active.get() || inner.number.get() != run {
            return;
        }
        self.set_active(false);
        if inner.is_shared {
            self.sleep();
        } else {
            self.spawn();
        }
        let wall_us = ((now_ms() - inner.started_ms.get()) * 1e3) as u64;
        inner.tell.emit(Heard::Killed { run, wall_us });
    }

    /// Gives the worker up until the next run; a run that is going on ends. What it has told stays.
    pub fn give_up(&self) {
        self.kill(self.inner.number.get());
        self.sleep();
    }

    fn sleep(&self) {
        self.inner.live.take();
        self.inner.waiting.take();
        self.inner.health.set(Health::Asleep);
    }

    fn set_active(&self, active: bool) -> bool {
        if self.inner.is_shared {
            host_js::busy_engine(active);
        }
        self.inner.active.replace(active)
    }

    fn send(&self, message: ToWorker) {
        if self.inner.health.get() != Health::Ready {
            // Only the newest wish counts; a Stop cancels a Run that was not sent yet.
            *self.inner.waiting.borrow_mut() = Some(message);
            if matches!(self.inner.health.get(), Health::Broken | Health::Asleep) {
                self.spawn();
            }
            return;
        }
        if let Some(live) = &*self.inner.live.borrow() {
            let bytes = js_sys::Uint8Array::from(encode(&message).as_slice());
            // A worker that cannot be posted to is a worker that has ended; then `onerror` has told so.
            let _ = live.lab.worker.post_message(&bytes.buffer());
        }
    }

    /// Starts a worker in place of the one there is; a shared one when there is leave.
    fn spawn(&self) {
        self.inner.health.set(Health::Loading);
        self.inner.live.take();
        if !self.inner.is_shared {
            return self.start();
        }
        let engine = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            host_js::claim_engine().await;
            // It may have been given up again meanwhile.
            let is_wanted = engine.inner.health.get() == Health::Loading && engine.inner.live.borrow().is_none();
            if is_wanted {
                engine.start();
            } else {
                host_js::release_engine();
            }
        });
    }

    fn start(&self) {
        let engine = self.clone();
        let lab = match Thread::new("", move |why| engine.fail(why)) {
            Ok(lab) => lab,
            Err(message) => {
                self.inner.tell.emit(Heard::Message(ToPage::Failed { message }));
                return;
            }
        };
        let engine = self.clone();
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| engine.hear(&event));
        lab.worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        *self.inner.live.borrow_mut() = Some(Live {
            lab,
            _hear: hear,
            hosts: BTreeMap::new(),
        });
    }

    /// Makes a worker for a process, which is to hear at this port.
    fn make_host(&self, number: u32, port: Option<MessagePort>) {
        let engine = self.clone();
        let lost = move |why| {
            if engine.inner.health.get() == Health::Ready {
                engine.send(ToWorker::WorkerLost { worker: number, why });
            }
        };
        let made = Thread::new(HOST, lost.clone()).and_then(|host| {
            let port = port.ok_or("it has no port")?;
            host.worker
                .post_message_with_transfer(&port, &js_sys::Array::of1(&port))
                .map_err(|error| format!("{error:?}"))?;
            Ok(host)
        });
        match made {
            Ok(host) => {
                if let Some(live) = &mut *self.inner.live.borrow_mut() {
                    live.hosts.insert(number, host);
                }
            }
            Err(why) => lost(why),
        }
    }

    /// Ends a worker of a process.
    fn end_host(&self, number: u32) {
        if let Some(live) = &mut *self.inner.live.borrow_mut() {
            live.hosts.remove(&number);
        }
    }

    /// Ends all of them.
    fn end_hosts(&self) {
        if let Some(live) = &mut *self.inner.live.borrow_mut() {
            live.hosts.clear();
        }
    }

    fn hear(&self, event: &MessageEvent) {
        let inner = &self.inner;
        let bytes = js_sys::Uint8Array::new(&event.data()).to_vec();
        let message = match decode::<ToPage>(&bytes) {
            Ok(message) => message,
            Err(garbled) => ToPage::Failed {
                message: garbled.to_string(),
            },
        };
        match &message {
            ToPage::Ready { .. } => {
                inner.health.set(Health::Ready);
                if let Some(waiting) = inner.waiting.take() {
                    self.send(waiting);
                }
            }
            ToPage::Finished { run, .. } | ToPage::Refused { run, .. } | ToPage::Swept { run, .. }
                if *run == inner.number.get() =>
            {
                self.set_active(false);
                inner.impatience.take();
                self.end_hosts();
            }
            ToPage::Worker { worker } => {
                self.make_host(*worker, event.ports().get(0).dyn_into().ok());
                return;
            }
            ToPage::WorkerOver { worker } => {
                self.end_host(*worker);
                return;
            }
            ToPage::Failed { message } => {
                self.fail(message.clone());
                return;
            }
            _ => {}
        }
        inner.tell.emit(Heard::Message(message));
    }

    /// The engine failed: tell, and start another. A panic arrives as a message and as an error; the first one counts.
    fn fail(&self, message: String) {
        let inner = &self.inner;
        let before = inner.health.replace(Health::Broken);
        if before == Health::Broken {
            return;
        }
        let was_active = self.set_active(false);
        inner.impatience.take();
        inner.waiting.take();
        self.end_hosts();
        if before == Health::Ready {
            // Not now: the closure that runs belongs to the worker. One that failed while loading would fail again, so
            // that one waits for the next run.
            let engine = self.clone();
            Timeout::new(0, move || {
                if engine.inner.health.get() == Health::Broken {
                    engine.spawn();
                }
            })
            .forget();
        }
        if was_active || before == Health::Loading {
            inner.tell.emit(Heard::Message(ToPage::Failed { message }));
        }
    }
}

/// What an `error` event of a worker says. A script that cannot be fetched is told by an event without any words.
fn what_failed(event: &Event) -> String {
    match event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message) {
        Some(message) if !message.is_empty() => message,
        _ => "the engine's script cannot be loaded".to_owned(),
    }
}

fn now_ms() -> f64 {
    gloo::utils::window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
