//! What a thread does in an interpreter that it has entered: start it, run a task, end it. And how it comes in and goes.

use super::parcel::Parcel;
use super::request::Settings;
use crate::boot::{clear_main, entry_frame, open_streams, start_importing, thread_ident};
use crate::contract::ThreadIndex;
use crate::function::{Args, Native};
use crate::native::{NativeResult, Unwind};
use crate::process::{Process, Thread};
use crate::value::Value;

/// Starts the interpreter.
pub static START: Native = Native::function("<interpreter>", start);
/// What a thread brings home that has started one; anything else is a failure (of memory).
pub(super) const STARTED: Parcel = Parcel::Bool(true);
/// Runs a task in it.
pub static RUN: Native = Native::function("<task>", run);
/// Ends it.
pub static END: Native = Native::function("<interpreter>", end);

/// What making and ending an interpreter take in CPython beside what runs here as well, ns. `_interpreters.create` of 3.13 takes 9.3 ms and
/// `destroy` 1.3 ms (the least of 40) on a server where a counting loop takes 1.42 times the time that it takes on `laptop-2026`.
const CREATE_NS: u64 = 6_300_000;
const END_NS: u64 = 800_000;

impl Process {
    /// An interpreter beside the main one: nothing runs in it yet.
    pub(super) fn beside_main(&self, id: u32, settings: &Settings) -> Process {
        let mut image = Process::new(self.config.clone());
        image.interpreter = id;
        image.observer.begin_at(id);
        image.allowed = settings.clone();
        image.entropy = self.config.seed ^ u64::from(id).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if let Some(main) = image.threads.first_mut() {
            main.frames.clear();
            main.ended = true;
        }
        image
    }

    /// A thread of another interpreter comes in, to run this.
    pub(super) fn enter(&mut self, thread: ThreadIndex, name: &str, task: &'static Native, parcel: &Parcel) {
        self.number_threads(thread + 1);
        let argument = self.unpack(parcel);
        self.heap.incref(argument);
        if let Some(place) = self.threads.get_mut(thread as usize) {
            place.frames = vec![entry_frame(task, vec![argument])];
            place.ended = false;
            place.visiting = true;
            name.clone_into(&mut place.name);
        }
        self.heap.release_pending();
    }

    /// It has gone: what it kept here goes too.
    pub(super) fn left(&mut self, thread: ThreadIndex) {
        self.end_greenlets(thread as usize);
        let Some(place) = self.threads.get_mut(thread as usize) else {
            return;
        };
        let ident = place.ident;
        let old = std::mem::replace(
            place,
            Thread {
                ident,
                ended: true,
                ..Thread::default()
            },
        );
        let kept = old
            .locals
            .into_values()
            .chain(old.handled_outer)
            .chain(old.asyncgen_hooks);
        for v in kept.chain([
            old.handled,
            old.context,
            old.running_loop,
            old.running_task,
            old.trace,
            old.profile,
        ]) {
            self.heap.decref(v);
        }
    }

    /// Records for threads below this number: those of other interpreters are over here.
    pub(crate) fn number_threads(&mut self, end: ThreadIndex) {
        while (self.threads.len() as ThreadIndex) < end {
            self.threads.push(Thread {
                ident: thread_ident(self.threads.len() as ThreadIndex),
                ended: true,
                ..Thread::default()
            });
        }
    }

    /// The thread, which has no frame left, is a guest here: what it brings home.
    pub(crate) fn parting(&mut self) -> Option<Parcel> {
        let thread = self.current_thread();
        std::mem::take(&mut thread.visiting).then(|| std::mem::take(&mut thread.parting))
    }
}

fn start(vm: &mut Process, _: Args<'_>) -> NativeResult {
    let began = vm
        .run_prelude()
        .and_then(|()| start_importing(vm))
        .and_then(|()| open_streams(vm))
        .and_then(|()| share_path(vm));
    if let Err(Unwind::Pending(pending)) = began {
        return Err(Unwind::Pending(pending));
    }
    if began.is_ok() {
        vm.current_thread().parting = STARTED;
    }
    vm.compute(CREATE_NS).map(|()| Value::NONE)
}

/// `sys.path` begins as the main interpreter's began.
fn share_path(vm: &mut Process) -> NativeResult<()> {
    let folder = vm.config.entry.folder();
    vm.prepend_to_path(&folder)
}

fn run(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[task] = args.pos else {
        return Ok(Value::NONE);
    };
    let answer = (|| {
        let module = vm.import_module("_interpreters")?;
        let name = vm.intern("_run");
        let run = vm.getattr(module, name)?;
        vm.call(run, &[task])
    })();
    let result = match answer {
        Err(Unwind::Pending(pending)) => return Err(Unwind::Pending(pending)),
        // Only what no Python code can do anything about comes here: no memory, an interrupt.
        Err(Unwind::Raise(_)) => Parcel::None,
        Ok(answer) => vm.pack(answer).unwrap_or_default(),
    };
    vm.current_thread().parting = result;
    Ok(Value::NONE)
}

fn end(vm: &mut Process, _: Args<'_>) -> NativeResult {
    vm.exit_sequence(0)?;
    clear_main(vm, None)?;
    vm.compute(END_NS).map(|()| Value::NONE)
}
