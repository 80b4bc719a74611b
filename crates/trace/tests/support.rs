//! Traces for the tests of this crate: one written by hand, and random ones from a seed.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "tests; not every test file uses every function"
)]

use heddle_trace::*;

/// A small deterministic generator (an LCG's high bits).
pub struct Rng(pub u64);

impl Rng {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}

pub fn header() -> Header {
    Header {
        cores: 2,
        switch_interval_ns: 5_000_000,
        python: "3.13".to_owned(),
    }
}

pub const P: ProcessId = ProcessId(1);

/// Two threads take turns under one GIL, `switches` times.
pub fn turns(budget: Budget, switches: u64) -> Recorder {
    let mut r = Recorder::new(header(), budget);
    let (main, t1, t2) = (ThreadId(0), ThreadId(1), ThreadId(2));
    let gil = GilId(0);
    let [file, name1, name2, count] = ["main.py", "T1", "T2", "countdown"].map(|text| r.intern(text));
    let state = |state, line| EventKind::State {
        state,
        label: StringId::EMPTY,
        line,
    };
    let run = |core| ThreadState::Running { core: CoreId(core) };
    r.record(
        0,
        P,
        main,
        EventKind::ProcessStart {
            parent: None,
            name: file,
        },
        None,
    );
    r.record(0, P, main, EventKind::GilTake { gil }, None);
    r.record(0, P, main, state(run(0), 1), None);
    let c1 = r.record(
        600_000,
        P,
        t1,
        EventKind::ThreadCreated {
            by: Some(main),
            name: name1,
            daemon: false,
        },
        None,
    );
    r.record(600_000, P, t1, state(ThreadState::GilWait, 0), Some(c1));
    let c2 = r.record(
        610_000,
        P,
        t2,
        EventKind::ThreadCreated {
            by: Some(main),
            name: name2,
            daemon: false,
        },
        None,
    );
    r.record(610_000, P, t2, state(ThreadState::GilWait, 0), Some(c2));
    let mut at = 620_000;
    let join = ThreadState::Blocked(BlockReason::Join { thread: t1 });
    let ran = RunSummary {
        function: count,
        file,
        first_line: 14,
        last_line: 15,
        min_line: 14,
        max_line: 15,
    };
    let drop = |why| EventKind::GilDrop {
        gil,
        why,
        requested: why == DropWhy::Requested,
        line: 15,
    };
    let mut cause = r.record(at, P, main, drop(DropWhy::Blocking), None);
    r.record(at, P, main, state(join, 21), None);
    for turn in 0..switches {
        let (me, other, core) = if turn % 2 == 0 { (t1, t2, 0) } else { (t2, t1, 1) };
        at += 6_000;
        r.record(at, P, me, EventKind::GilTake { gil }, Some(cause));
        r.record(at, P, me, state(run(core), 14), Some(cause));
        at += 5_000_000;
        r.record(at, P, other, EventKind::GilRequest { gil, holder: me }, None);
        at += 120;
        r.record(at, P, me, EventKind::Ran(ran), None);
        cause = r.record(at, P, me, drop(DropWhy::Requested), None);
        r.record(at, P, me, state(ThreadState::GilWait, 15), None);
        r.advance(at);
    }
    let bytes = b"0.0548 s\n".to_vec().into_boxed_slice();
    r.record(
        at,
        P,
        main,
        EventKind::Output {
            stream: Stream::Stdout,
            bytes,
        },
        None,
    );
    for thread in [t1, t2, main] {
        r.record(at, P, thread, EventKind::ThreadFinished { how: Finish::Returned }, None);
        r.record(at, P, thread, state(ThreadState::Finished, 0), None);
    }
    r.record(at, P, main, EventKind::ProcessExit { status: 0 }, None);
    r.finish(at);
    r
}

/// Any events in any order of kinds: for codecs, not for meaning.
pub fn noise(seed: u64, count: u64) -> Trace {
    let mut rng = Rng(seed);
    let mut r = Recorder::new(header(), Budget::default());
    let names: Vec<_> = (0..20).map(|n| r.intern(&format!("name {n} é"))).collect();
    let mut time = 0;
    let mut ids = Vec::new();
    for _ in 0..count {
        time += match rng.below(4) {
            0 => 0,
            1 => rng.below(1 << 40),
            _ => rng.below(5_000),
        };
        let process = ProcessId(rng.below(3) as u32);
        let thread = ThreadId(rng.below(5) as u32);
        let cause = if ids.is_empty() || rng.below(2) == 0 {
            None
        } else {
            Some(ids[rng.below(ids.len() as u64) as usize])
        };
        let kind = any_kind(&mut rng, &names);
        ids.push(r.record(time, process, thread, kind, cause));
    }
    r.finish(time);
    r.trace()
}

fn any_kind(rng: &mut Rng, names: &[StringId]) -> EventKind {
    let name = names[rng.below(20) as usize];
    let object = ObjectId(rng.below(1 << 20) as u32);
    let gil = GilId(rng.below(2) as u32);
    let line = rng.below(500) as u32;
    let thread = ThreadId(rng.below(5) as u32);
    match rng.below(17) {
        0 => EventKind::ProcessStart {
            parent: (rng.below(2) == 0).then_some(ProcessId(7)),
            name,
        },
        1 => EventKind::ProcessExit {
            status: rng.below(300) as i32 - 15,
        },
        2 => EventKind::ThreadCreated {
            by: (rng.below(2) == 0).then_some(thread),
            name,
            daemon: rng.below(2) == 0,
        },
        3 => EventKind::ThreadStarted,
        4 => EventKind::ThreadFinished {
            how: [Finish::Returned, Finish::Raised, Finish::Abandoned][rng.below(3) as usize],
        },
        5 => EventKind::ThreadRenamed { name, target: names[3] },
        6 => EventKind::Ran(RunSummary {
            function: name,
            file: names[1],
            first_line: line,
            last_line: 3,
            min_line: 2,
            max_line: 900,
        }),
        7 => EventKind::GilTake { gil },
        8 => {
            let why = [DropWhy::Requested, DropWhy::Blocking, DropWhy::Ticks, DropWhy::Finished][rng.below(4) as usize];
            EventKind::GilDrop {
                gil,
                why,
                requested: rng.below(2) == 0,
                line,
            }
        }
        9 => EventKind::GilRequest { gil, holder: thread },
        10 => EventKind::LockAcquire { object },
        11 => EventKind::LockRelease { object },
        12 => EventKind::Wake {
            thread,
            object: (rng.below(2) == 0).then_some(object),
        },
        13 => EventKind::ObjectNamed {
            object,
            class: ObjectClass::Queue,
            name,
        },
        14 => EventKind::Output {
            stream: Stream::Stderr,
            bytes: vec![rng.below(256) as u8; rng.below(9) as usize].into(),
        },
        15 => EventKind::Note {
            note: Note::Deadlock,
            text: name,
        },
        _ => EventKind::State {
            state: any_state(rng),
            label: name,
            line,
        },
    }
}

fn any_state(rng: &mut Rng) -> ThreadState {
    use BlockReason as R;
    let object = ObjectId(rng.below(30) as u32);
    let (thread, fd) = (ThreadId(rng.below(5) as u32), rng.below(9) as u32);
    let core = CoreId(rng.below(4) as u16);
    let reason = match rng.below(24) {
        0 => R::Lock { object },
        1 => R::RLock { object },
        2 => R::Condition { object },
        3 => R::Semaphore { object },
        4 => R::Event { object },
        5 => R::Barrier { object },
        6 => R::QueueGet { object },
        7 => R::QueuePut { object },
        8 => R::QueueJoin { object },
        9 => R::Join { thread },
        10 => R::ThreadStart { thread },
        11 => R::Future { object },
        12 => R::Sleep {
            until: rng.below(1 << 50),
        },
        13 => R::Read { fd },
        14 => R::Write { fd },
        15 => R::Accept { fd },
        16 => R::Connect { fd },
        17 => R::Select,
        18 => R::WaitPid { process: None },
        19 => R::WaitPid {
            process: Some(ProcessId(u32::MAX)),
        },
        20 => R::Signal,
        21 => R::ImportLock { object },
        22 => R::SharedSemaphore { object },
        23 => R::FileLock { fd },
        _ => R::Shutdown,
    };
    match rng.below(8) {
        0 => ThreadState::Running { core },
        1 => ThreadState::Ready,
        2 => ThreadState::GilWait,
        3 => ThreadState::Native { core },
        4 => ThreadState::Finished,
        _ => ThreadState::Blocked(reason),
    }
}

/// Where stored traces are. Written once (with `HEDDLE_BLESS=1`), never changed.
pub const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/traces/v1");

/// The stored trace of this name, written first if it is a new one.
pub fn stored_vector(name: &str, trace: impl FnOnce() -> Trace) -> Vec<u8> {
    let path = format!("{VECTORS}/{name}.trace");
    if std::env::var_os("HEDDLE_BLESS").is_some() && !std::path::Path::new(&path).exists() {
        std::fs::create_dir_all(VECTORS).unwrap();
        std::fs::write(&path, trace().encode()).unwrap();
    }
    std::fs::read(&path).unwrap()
}

/// The stored trace of this name means this one still, and this one is still stored so.
pub fn check_vector(name: &str, trace: &Trace) {
    assert_eq!(Trace::decode(&trace.encode()).unwrap(), *trace, "{name}");
    let stored = stored_vector(name, || trace.clone());
    assert_eq!(Trace::decode(&stored).unwrap(), *trace, "{name}");
    assert_eq!(trace.encode(), stored, "{name}");
}

/// The hash of a run in which only this happens; the strings 1 and 2 are "a" and "b".
pub fn hash_of(kind: EventKind) -> TraceHash {
    let mut r = Recorder::new(header(), Budget::default());
    let _ = ["a", "b"].map(|text| r.intern(text));
    r.record(5, P, ThreadId(0), kind, None);
    r.finish(9);
    r.hash()
}
