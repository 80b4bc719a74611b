//! The interpreters of one process (PEP 684, PEP 734): each an image with a heap of its own; threads belong to the one in which they were made
//! and can enter others.
//!
//! This is the image that the computer sees. A process with one interpreter is that interpreter's image and nothing more. Whatever interpreters
//! have to do with each other goes through [`SystemCall::Across`], which the computer lets happen in order of time; between such calls they
//! run apart, each as far ahead of the others as the computer wants. A thread has the same number in all of them, hence the same identity; where
//! it is not, its record is that of a thread that has ended.

mod crossing;
mod life;
mod objects;
mod parcel;
mod queues;
mod request;

pub use parcel::{Parcel, Unfit};
pub use request::{Crossing, InterpreterId, QueueRequest, Refusal, Request, Settings};

use crate::contract::{
    Footing, Here, Image, ImageEvent, ImageEventKind, ObjectIndex, Place, Program, Ran, Resume, Stop, SystemCall,
    ThreadIndex, Until,
};
use crate::process::{Config, Process};
use crate::scene::Sight;
use heddle_trace::{Handle, Scope};
use objects::Objects;
use queues::Queues;
use std::collections::BTreeMap;

/// One of them.
#[derive(Clone, Debug)]
struct Interpreter {
    image: Process,
    gil: u32,
    /// `Interpreter` objects that name it, and whether it ends with the last.
    references: i64,
    owned: bool,
    /// Who runs its `__main__`.
    running: Option<ThreadIndex>,
    /// What the thread that is in it on behalf of another has come for.
    errand: Errand,
    /// It can be entered.
    ready: bool,
    settings: Settings,
    /// Bytes of its heap when it last ran.
    bytes: u64,
}

/// Where a thread is.
#[derive(Clone, Debug, Default)]
struct Travel {
    /// The interpreters that it has entered, the first being its own.
    path: Vec<InterpreterId>,
    /// What it does next, once it has let go of its GIL.
    next: Option<Next>,
}

/// A way from one interpreter to another.
#[derive(Clone, Debug)]
enum Next {
    Enter(InterpreterId, Errand, Parcel),
    Leave(Parcel),
}

/// What a thread enters an interpreter for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errand {
    Start,
    Run,
    End,
}

/// All interpreters of a process.
#[derive(Clone, Debug)]
pub struct Interpreters {
    all: BTreeMap<InterpreterId, Interpreter>,
    last_id: InterpreterId,
    threads: Vec<Travel>,
    /// Number of the thread that is made next.
    next_thread: ThreadIndex,
    objects: Objects,
    queues: Queues,
    /// Bytes that all heaps together may use, and what they used when they last ran.
    memory_limit: u64,
    bytes: u64,
    /// What other processes use of that limit.
    elsewhere: u64,
    /// What interpreters had run when the process ended, ns.
    past_ns: u64,
    /// Who ran since the last drain.
    ran: Vec<InterpreterId>,
}

impl Interpreters {
    /// A process that begins with this interpreter.
    #[must_use]
    pub fn new(main: Process) -> Interpreters {
        let memory_limit = main.config.memory_limit;
        let interpreter = Interpreter {
            image: main,
            gil: 0,
            references: 0,
            owned: false,
            running: Some(0),
            errand: Errand::Run,
            ready: true,
            settings: Settings::MAIN,
            bytes: 0,
        };
        Interpreters {
            all: BTreeMap::from([(0, interpreter)]),
            last_id: 0,
            threads: Vec::new(),
            next_thread: 1,
            objects: Objects::default(),
            queues: Queues::default(),
            memory_limit,
            bytes: 0,
            elsewhere: 0,
            past_ns: 0,
            ran: Vec::new(),
        }
    }

    /// The interpreter in which the thread is.
    fn at(&self, thread: ThreadIndex) -> InterpreterId {
        let travel = self.threads.get(thread as usize);
        travel.and_then(|travel| travel.path.last()).copied().unwrap_or(0)
    }

    /// The one in which it was made.
    fn home(&self, thread: ThreadIndex) -> InterpreterId {
        let travel = self.threads.get(thread as usize);
        travel.and_then(|travel| travel.path.first()).copied().unwrap_or(0)
    }

    fn travel(&mut self, thread: ThreadIndex) -> &mut Travel {
        let at = thread as usize;
        if self.threads.len() <= at {
            self.threads.resize_with(at + 1, Travel::default);
        }
        &mut self.threads[at]
    }

    fn image(&self, id: InterpreterId) -> Option<&Process> {
        self.all.get(&id).map(|interpreter| &interpreter.image)
    }

    fn image_mut(&mut self, id: InterpreterId) -> Option<&mut Process> {
        self.all.get_mut(&id).map(|interpreter| &mut interpreter.image)
    }

    /// A thread's stop as the computer is told it: threads and objects of all interpreters are numbered together.
    fn told(&mut self, id: InterpreterId, stop: Stop) -> Stop {
        match stop {
            Stop::SystemCall(SystemCall::StartThread { thread, daemon }) => {
                self.next_thread = self.next_thread.max(thread + 1);
                if id != 0 {
                    self.travel(thread).path = vec![id];
                }
                Stop::SystemCall(SystemCall::StartThread { thread, daemon })
            }
            Stop::SystemCall(call) if id != 0 => Stop::SystemCall(self.objects.number_call(id, call)),
            stop => stop,
        }
    }
}

impl Image for Interpreters {
    fn run(&mut self, thread: ThreadIndex, until: Until) -> Ran {
        let id = self.at(thread);
        let next_thread = self.next_thread;
        let taken = self.bytes.saturating_add(self.queues.bytes());
        let Some(interpreter) = self.all.get_mut(&id) else {
            return Ran {
                now_ns: until.now_ns,
                stop: Stop::ThreadEnd,
            };
        };
        let image = &mut interpreter.image;
        image.next_thread = next_thread;
        let others = taken.saturating_sub(interpreter.bytes).saturating_add(self.elsewhere);
        let limit = self.memory_limit.saturating_sub(others);
        if image.heap.limit() != limit {
            image.heap.move_limit(limit);
        }
        let Ran { now_ns, stop } = image.run(thread, until);
        let bytes = image.heap.model_bytes();
        self.bytes = self.bytes.saturating_sub(interpreter.bytes).saturating_add(bytes);
        interpreter.bytes = bytes;
        if self.ran.last() != Some(&id) {
            self.ran.push(id);
        }
        let stop = self.told(id, stop);
        Ran { now_ns, stop }
    }

    fn resume(&mut self, thread: ThreadIndex, answer: Resume) {
        let id = self.at(thread);
        let answer = match answer {
            Resume::Interrupted(call) if id != 0 => Resume::Interrupted(Box::new(self.objects.place_call(*call))),
            answer => answer,
        };
        if let Some(image) = self.image_mut(id) {
            image.resume(thread, answer);
        }
    }

    fn try_take(&mut self, thread: ThreadIndex, object: ObjectIndex) -> bool {
        let (id, object) = self.objects.place(object);
        self.image_mut(id).is_none_or(|image| image.try_take(thread, object))
    }

    fn across(&mut self, thread: ThreadIndex, request: Request) -> Crossing {
        self.begin(thread, request)
    }

    fn cross(&mut self, thread: ThreadIndex) {
        self.go(thread);
    }

    fn forked(&mut self, thread: ThreadIndex, pid: u32, parent_pid: u32) {
        if thread != 0 {
            // What other interpreters have of it is lost, as their threads are.
            self.travel(thread);
            self.threads.swap(0, thread as usize);
        }
        // Of the interpreters only those are left in which the thread is, the main one among them; the others' threads are gone.
        let path = std::mem::take(&mut self.travel(0).path);
        let is_left = |id: InterpreterId| id == 0 || path.contains(&id);
        self.all.retain(|&id, _| is_left(id));
        self.ran.retain(|&id| is_left(id));
        self.bytes = self.all.values().map(|interpreter| interpreter.bytes).sum();
        self.threads.truncate(1);
        self.travel(0).path = path;
        for interpreter in self.all.values_mut() {
            interpreter.image.forked(thread, pid, parent_pid);
        }
        self.past_ns = 0;
    }

    fn exec(&mut self, program: Program) -> String {
        let Some(before) = self.image(0) else {
            return String::new();
        };
        let generation = u64::from(self.next_thread);
        let mut image = Process::new(before.config.of_program(program, generation));
        let name = image.config.entry.name().to_owned();
        image.number_threads(self.next_thread);
        *self = Interpreters {
            next_thread: self.next_thread,
            past_ns: self.user_ns(),
            elsewhere: self.elsewhere,
            ..Interpreters::new(image)
        };
        name
    }

    fn program_name(program: &Program) -> String {
        Config::name_of_program(program)
    }

    fn adopted(&mut self, parent_pid: u32) {
        for interpreter in self.all.values_mut() {
            interpreter.image.adopted(parent_pid);
        }
    }

    fn objects(&self) -> u64 {
        let all = self.all.values();
        all.map(|interpreter| interpreter.image.heap.live() as u64).sum()
    }

    fn memory(&self) -> (u64, u64) {
        (self.bytes.saturating_add(self.queues.bytes()), self.memory_limit)
    }

    fn user_ns(&self) -> u64 {
        let now: u64 = self.all.values().map(|interpreter| interpreter.image.user_ns()).sum();
        self.past_ns + now
    }

    fn end(&mut self) {
        self.past_ns = self.user_ns();
        self.all.clear();
        self.threads = Vec::new();
        self.objects = Objects::default();
        self.queues = Queues::default();
        self.ran = Vec::new();
        self.bytes = 0;
    }

    fn others_use(&mut self, bytes: u64) {
        self.elsewhere = bytes;
    }

    fn signal(&mut self, signal: u8) {
        if let Some(image) = self.image_mut(0) {
            image.signal(signal);
        }
    }

    fn stack(&self, thread: ThreadIndex) -> Vec<Place> {
        let own = [0];
        let path = self
            .threads
            .get(thread as usize)
            .map_or(&own[..], |travel| &travel.path);
        let path = if path.is_empty() { &own[..] } else { path };
        let images = path.iter().rev().filter_map(|&id| self.image(id));
        images.flat_map(|image| image.stack(thread)).collect()
    }

    fn here(&self, thread: ThreadIndex) -> Here<'_> {
        self.image(self.at(thread))
            .map_or_else(Here::default, |image| image.here(thread))
    }

    fn stands(&self, thread: ThreadIndex) -> Footing {
        self.image(self.at(thread))
            .map_or_else(Footing::default, |image| image.stands(thread))
    }

    fn see(&mut self, threads: &[ThreadIndex], insides: &[Handle], code_of: Option<ThreadIndex>) -> Sight {
        let mut all = Sight::default();
        let ids: Vec<InterpreterId> = self.all.keys().copied().collect();
        for id in ids {
            let here: Vec<ThreadIndex> = threads
                .iter()
                .copied()
                .filter(|&thread| self.at(thread) == id)
                .collect();
            let own: Vec<Handle> = insides
                .iter()
                .copied()
                .filter(|handle| handle.interpreter == id)
                .collect();
            let code_of = code_of.filter(|thread| here.contains(thread));
            let Some(image) = self.image_mut(id) else { continue };
            let mut sight = image.see(&here, &own, code_of);
            all.listing = all.listing.take().or(sight.listing.take());
            for (thing, locks) in &mut sight.things {
                thing.object.0 = self.objects.number(id, thing.object.0);
                for lock in locks {
                    *lock = self.objects.number(id, *lock);
                }
            }
            if id != 0 {
                let named = |name: String| format!("{name} in interpreter {id}");
                let modules = std::mem::take(&mut sight.modules).into_iter();
                sight.modules = modules
                    .map(|scope| Scope {
                        name: named(scope.name),
                        ..scope
                    })
                    .collect();
            }
            all.stacks.append(&mut sight.stacks);
            all.things.append(&mut sight.things);
            all.modules.append(&mut sight.modules);
            all.insides.append(&mut sight.insides);
        }
        all.stacks.sort_by_key(|(thread, ..)| *thread);
        all
    }

    fn owner(&self, object: ObjectIndex) -> Option<ThreadIndex> {
        let (id, object) = self.objects.place(object);
        self.image(id)?.owner(object)
    }

    fn describe(&self, object: ObjectIndex) -> String {
        let (id, object) = self.objects.place(object);
        self.image(id).map_or_else(String::new, |image| image.describe(object))
    }

    fn thread_name(&self, thread: ThreadIndex) -> String {
        let home = self.home(thread);
        let name = self
            .image(home)
            .map_or_else(String::new, |image| image.thread_name(thread));
        match self.at(thread) {
            0 => name,
            id => format!("{name} in interpreter {id}"),
        }
    }

    fn drain_events(&mut self, into: &mut Vec<ImageEvent>) {
        let mut ran = std::mem::take(&mut self.ran);
        for id in ran.drain(..) {
            let from = into.len();
            if let Some(interpreter) = self.all.get_mut(&id) {
                interpreter.image.drain_events(into);
            }
            if id == 0 {
                continue;
            }
            for event in &mut into[from..] {
                match &mut event.kind {
                    ImageEventKind::Acquired { object }
                    | ImageEventKind::Released { object }
                    | ImageEventKind::Named { object, .. } => *object = self.objects.number(id, *object),
                    ImageEventKind::ThreadNamed { .. }
                    | ImageEventKind::Uncaught { .. }
                    | ImageEventKind::Task(_)
                    | ImageEventKind::Message(_) => {}
                }
            }
            // What a guest is called here is not its name.
            let mut at = from;
            while at < into.len() {
                let guest = match &into[at].kind {
                    ImageEventKind::ThreadNamed { thread, .. } => self.home(*thread) != id,
                    _ => false,
                };
                if guest {
                    into.remove(at);
                } else {
                    at += 1;
                }
            }
        }
        self.ran = ran; // keeps its memory
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Rules;
    use crate::process::{Config, Entry, Library};

    static EMPTY: Library = Library {
        modules: &[],
        find: |_| None,
        place: |_| None,
        names: Vec::new,
        source: |_| None,
        eyes: crate::watchers::Eyes::BLIND,
    };

    #[test]
    fn a_process_that_is_over_has_no_heap_any_more() {
        let mut process = Interpreters::new(Process::new(Config {
            entry: Entry::Command(String::new()),
            argv: Vec::new(),
            switches: Default::default(),
            environ: Vec::new(),
            pid: 1,
            parent_pid: 0,
            umask: 0,
            host_name: String::new(),
            cores: 1,
            seed: 0,
            memory_limit: 1 << 30,
            python: "3.13".to_owned(),
            rules: Rules::DEFAULT,
            switch_interval_ns: 1,
            epoch_ns: 0,
            library: &EMPTY,
            survey: None,
        }));
        process.bytes = 1000;
        process.image_mut(0).expect("main").threads[0].cpu_ns = 42;
        process.end();
        assert_eq!((process.memory().0, process.user_ns()), (0, 42));
        assert!(process.all.is_empty());
        process.adopted(1);
        process.drain_events(&mut Vec::new());
        assert_eq!(process.here(0), Here::default());
    }
}
