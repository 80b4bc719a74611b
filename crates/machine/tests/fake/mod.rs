//! A fake process image: each thread is a list of operations, with a switch point every so many nanoseconds.

#![allow(dead_code, reason = "each test file uses a part of it")]

use heddle_machine::scheduler::{Fair, Recording, ScheduleLog, Scheduler};
use heddle_machine::{Config, End, Machine};
use heddle_trace::{BlockReason, Budget, ObjectId, ThreadId, Trace};
use heddle_vm::contract::{
    Here, Image, ImageEvent, ImageEventKind, ObjectIndex, Place, Posix, Ran, Resume, Stop, SystemCall, ThreadIndex,
    Until,
};
use std::rc::Rc;

/// One operation of a fake thread.
#[derive(Clone, Debug)]
pub enum Op {
    /// Bytecode for so long.
    Run(u64),
    /// `acquire`, perhaps with a timeout; a timed-out acquire skips the operations up to the matching release.
    Acquire(u32, Option<u64>),
    /// `release`.
    Release(u32),
    /// `time.sleep`.
    Sleep(u64),
    /// Starts a thread with this program.
    Start(Vec<Op>),
    /// Joins the n-th thread that was started.
    Join(u32),
    /// C code without the GIL.
    Native(u64),
    /// `os.sched_yield`.
    Yield,
    /// A kernel call.
    Call(Posix),
    /// `fork`; the child does this.
    Fork(Vec<Op>),
    /// `os._exit`.
    Exit(i32),
    /// Adds 1 to the shared number by a read and a write with a switch point between them.
    Increment,
}

/// Handles of threads as objects start here.
const HANDLES: u32 = 1000;

#[derive(Clone, Debug, Default)]
struct Fake {
    ops: Vec<Op>,
    at: usize,
    left: Option<u64>,
    read: Option<u64>,
    ending: bool,
}

/// The image.
#[derive(Clone, Debug)]
pub struct FakeImage {
    threads: Vec<Fake>,
    owners: Vec<Option<ThreadIndex>>,
    done: Vec<bool>,
    events: Vec<ImageEvent>,
    /// Time between two switch points.
    granule_ns: u64,
    ticks: u32,
    /// The shared number of [`Op::Increment`].
    pub number: u64,
    /// Answers of kernel calls, in order.
    pub answers: Vec<Resume>,
    /// As many owners as there are images whose process is not over.
    alive: Rc<()>,
}

impl FakeImage {
    /// A process whose main thread does this.
    pub fn new(main: Vec<Op>, granule_ns: u64) -> FakeImage {
        FakeImage {
            threads: vec![Fake {
                ops: main,
                ..Fake::default()
            }],
            owners: vec![None; 64],
            done: vec![false],
            events: Vec::new(),
            granule_ns,
            ticks: 0,
            number: 0,
            answers: Vec::new(),
            alive: Rc::default(),
        }
    }

    fn event(&mut self, time_ns: u64, thread: ThreadIndex, kind: ImageEventKind) {
        self.events.push(ImageEvent { time_ns, thread, kind });
    }

    /// One operation; `None`: go on.
    fn step(&mut self, thread: ThreadIndex, now: &mut u64) -> Option<Stop> {
        let me = &mut self.threads[thread as usize];
        let Some(op) = me.ops.get(me.at).cloned() else {
            if thread == 0 {
                return Some(Stop::Exit { status: 0 });
            }
            if std::mem::replace(&mut me.ending, true) {
                return Some(Stop::ThreadEnd);
            }
            self.done[thread as usize] = true;
            return Some(Stop::SystemCall(SystemCall::Wake {
                object: HANDLES + thread,
                count: u32::MAX,
            }));
        };
        match op {
            Op::Run(ns) => {
                let left = me.left.unwrap_or(ns);
                let part = left.min(self.granule_ns);
                *now += part;
                me.left = (left > part).then_some(left - part);
                me.at += usize::from(me.left.is_none());
                None
            }
            Op::Increment => {
                *now += self.granule_ns;
                match me.read.take() {
                    None => me.read = Some(self.number),
                    Some(read) => {
                        self.number = read + 1;
                        me.at += 1;
                    }
                }
                None
            }
            Op::Acquire(lock, timeout) => {
                *now += 40;
                if self.owners[lock as usize].is_none() {
                    me.at += 1;
                    self.owners[lock as usize] = Some(thread);
                    self.event(*now, thread, ImageEventKind::Acquired { object: lock });
                    return None;
                }
                let reason = BlockReason::Lock { object: ObjectId(lock) };
                let deadline_ns = timeout.map(|timeout| *now + timeout);
                Some(Stop::SystemCall(SystemCall::Wait {
                    object: lock,
                    reason,
                    deadline_ns,
                }))
            }
            Op::Release(lock) => {
                *now += 40;
                self.owners[lock as usize] = None;
                self.event(*now, thread, ImageEventKind::Released { object: lock });
                Some(Stop::SystemCall(SystemCall::Wake { object: lock, count: 1 }))
            }
            Op::Sleep(ns) => Some(Stop::SystemCall(SystemCall::Sleep { until_ns: *now + ns })),
            Op::Start(ops) => {
                self.threads.push(Fake { ops, ..Fake::default() });
                self.done.push(false);
                let child = self.threads.len() as ThreadIndex - 1;
                Some(Stop::SystemCall(SystemCall::StartThread {
                    thread: child,
                    daemon: false,
                }))
            }
            Op::Join(other) if self.done.get(other as usize) == Some(&true) => {
                me.at += 1;
                None
            }
            Op::Join(other) => {
                let reason = BlockReason::Join {
                    thread: ThreadId(other),
                };
                Some(Stop::SystemCall(SystemCall::Wait {
                    object: HANDLES + other,
                    reason,
                    deadline_ns: None,
                }))
            }
            Op::Native(cost_ns) => Some(Stop::SystemCall(SystemCall::Compute {
                cost_ns,
                release_gil: true,
            })),
            Op::Yield => Some(Stop::SystemCall(SystemCall::Yield)),
            Op::Fork(_) => Some(Stop::SystemCall(SystemCall::Posix(Posix::Fork))),
            Op::Exit(status) => Some(Stop::SystemCall(SystemCall::Exit { status })),
            Op::Call(call) => Some(Stop::SystemCall(SystemCall::Posix(call))),
        }
    }
}

impl Image for FakeImage {
    fn run(&mut self, thread: ThreadIndex, until: Until) -> Ran {
        let mut now_ns = until.now_ns;
        loop {
            if now_ns >= until.limit_ns {
                return Ran {
                    now_ns,
                    stop: Stop::Limit,
                };
            }
            if let Some(stop) = self.step(thread, &mut now_ns) {
                return Ran { now_ns, stop };
            }
            if let Some(interval) = until.ticks {
                self.ticks += 1;
                if self.ticks >= interval {
                    self.ticks = 0;
                    let stop = Stop::Check;
                    return Ran { now_ns, stop };
                }
            }
        }
    }

    fn resume(&mut self, thread: ThreadIndex, answer: Resume) {
        let me = &mut self.threads[thread as usize];
        if me.ending {
            return;
        }
        match (&me.ops[me.at], &answer) {
            (Op::Acquire(lock, _), Resume::TimedOut) => {
                let lock = *lock;
                while !matches!(me.ops[me.at], Op::Release(released) if released == lock) {
                    me.at += 1;
                }
            }
            (Op::Fork(child), Resume::Int(0)) => {
                me.ops = child.clone();
                me.at = 0;
                return;
            }
            (Op::Call(_) | Op::Fork(_), _) => self.answers.push(answer),
            _ => {}
        }
        me.at += 1;
    }

    fn forked(&mut self, _thread: ThreadIndex, _pid: u32, _parent_pid: u32) {
        self.threads.truncate(1);
        self.answers.clear();
    }

    fn end(&mut self) {
        self.alive = Rc::default();
    }

    fn try_take(&mut self, thread: ThreadIndex, object: ObjectIndex) -> bool {
        if object >= HANDLES {
            return self.done[(object - HANDLES) as usize];
        }
        let owner = &mut self.owners[object as usize];
        if owner.is_some() {
            return false;
        }
        *owner = Some(thread);
        true
    }

    fn stack(&self, thread: ThreadIndex) -> Vec<Place> {
        vec![Place {
            function: format!("f{thread}"),
            file: "main.py".to_owned(),
            line: self.here(thread).line,
        }]
    }

    fn here(&self, thread: ThreadIndex) -> Here<'_> {
        Here {
            function: "f",
            file: "main.py",
            line: self.threads[thread as usize].at as u32 + 1,
        }
    }

    fn owner(&self, object: ObjectIndex) -> Option<ThreadIndex> {
        self.owners.get(object as usize).copied().flatten()
    }

    fn describe(&self, object: ObjectIndex) -> String {
        format!("lock_{object}")
    }

    fn thread_name(&self, thread: ThreadIndex) -> String {
        if thread == 0 {
            "MainThread".to_owned()
        } else {
            format!("Thread-{thread}")
        }
    }

    fn drain_events(&mut self, into: &mut Vec<ImageEvent>) {
        into.append(&mut self.events);
    }
}

/// What a run left behind.
pub struct Done {
    pub end: End,
    pub now_ns: u64,
    pub busy_ns: u64,
    pub image: FakeImage,
    /// How many images were left that nobody had ended.
    pub images_left: usize,
    pub trace: Trace,
    pub schedule: ScheduleLog,
}

/// Runs a program to its end, `work` at a time.
pub fn run_with(main: Vec<Op>, granule_ns: u64, config: &Config, policy: Box<dyn Scheduler>, work: u64) -> Done {
    let (recording, log) = Recording::new(policy);
    let budget = Budget {
        events: usize::MAX,
        ..Budget::default()
    };
    let image = FakeImage::new(main, granule_ns);
    let alive = Rc::clone(&image.alive);
    let mut machine = Machine::new(image, config, "3.13", Box::new(recording), budget);
    while !machine.advance(work) {}
    let schedule = log.borrow().clone();
    let images_left = Rc::strong_count(&alive) - 1;
    Done {
        images_left,
        end: machine.end().cloned().expect("the run is over"),
        now_ns: machine.now_ns(),
        busy_ns: machine.busy_ns(),
        image: machine.image().expect("it never lives apart").clone(),
        trace: machine.recorder().trace(),
        schedule,
    }
}

/// Runs a program under the fair policy.
pub fn run(main: Vec<Op>, config: &Config) -> Done {
    run_with(main, 1_000, config, Box::new(Fair), u64::MAX)
}
