//! What must hold in every run, checked over the traces of random programs: one holder of the GIL, one thread per
//! core, one state per thread, CPU time to the nanosecond, no lost wake-up, the same run for the same seed.

mod fake;

use fake::{Done, Op, run_with};
use heddle_machine::scheduler::{Fair, Pct, Random, Replay, Scheduler};
use heddle_machine::{Config, Costs, End, GilKind, OsScheduler, PROFILES};
use heddle_trace::{EventKind, ThreadState};
use heddle_vm::contract::Posix;
use std::collections::BTreeMap;

/// A small generator of its own, so that the machine's is not tested with itself.
struct Rng(u64);

impl Rng {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// A program that cannot deadlock: locks are taken in order, and main joins everybody.
fn random_body(rng: &mut Rng, length: u64) -> Vec<Op> {
    let mut ops = Vec::new();
    for _ in 0..length {
        match rng.below(10) {
            0..=2 => ops.push(Op::Run(rng.below(9_000_000) + 1)),
            3 => ops.push(Op::Sleep(rng.below(6_000_000))),
            4 => ops.push(Op::Native(rng.below(3_000_000))),
            5 => ops.push(Op::Yield),
            6 => ops.push(Op::Call(Posix::Write {
                fd: 1,
                data: b"x".to_vec(),
            })),
            7 => ops.push(Op::Increment),
            _ => {
                let low = rng.below(3) as u32;
                let timeout = (rng.below(3) == 0).then(|| rng.below(2_000_000));
                ops.extend([Op::Acquire(low, timeout), Op::Run(rng.below(3_000_000))]);
                if rng.below(2) == 0 {
                    ops.extend([
                        Op::Acquire(low + 3, None),
                        Op::Sleep(rng.below(500_000)),
                        Op::Release(low + 3),
                    ]);
                }
                ops.push(Op::Release(low));
            }
        }
    }
    ops
}

fn random_program(seed: u64) -> Vec<Op> {
    let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let threads = rng.below(6) as u32;
    let mut main = Vec::new();
    for _ in 0..threads {
        let length = rng.below(12);
        main.push(Op::Start(random_body(&mut rng, length)));
        main.extend(random_body(&mut rng, 1));
    }
    main.extend((1..=threads).map(Op::Join));
    main
}

fn config(seed: u64) -> Config {
    Config {
        cores: 1 + (seed % 4) as u16,
        seed,
        ..Config::default()
    }
}

/// Walks over the trace and checks everything that can be seen in it.
fn check(done: &Done, config: &Config, what: &str) {
    let (cores, gil) = (config.cores, config.profile.gil != GilKind::None);
    assert_eq!(done.end, End::Exited(0), "{what}");
    let mut states: BTreeMap<u32, ThreadState> = BTreeMap::new();
    let mut on_core: BTreeMap<u16, (u32, u64)> = BTreeMap::new();
    let (mut holder, mut busy, mut last) = (None, 0, 0);
    for event in &done.trace.events {
        assert!(event.time >= last, "{what}: time runs backwards at {event:?}");
        last = event.time;
        let thread = event.thread.0;
        if let Some(cause) = event.cause {
            assert!(
                done.trace
                    .events
                    .iter()
                    .any(|other| other.id == cause && other.time <= event.time),
                "{what}"
            );
        }
        match event.kind {
            EventKind::GilTake { .. } => {
                assert_eq!(holder, None, "{what}: two holders of the GIL at {event:?}");
                holder = Some(thread);
            }
            EventKind::GilDrop { .. } => assert_eq!(holder.take(), Some(thread), "{what}: {event:?}"),
            EventKind::State { state, .. } => {
                let old = states.insert(thread, state);
                assert_ne!(
                    old,
                    Some(ThreadState::Finished),
                    "{what}: a thread that is over does {state:?}"
                );
                if let Some(core) = old.and_then(ThreadState::core) {
                    let (who, since) = on_core.remove(&core.0).expect("a thread leaves a core it had");
                    assert_eq!(who, thread, "{what}: {event:?}");
                    busy += event.time - since;
                }
                if let Some(core) = state.core() {
                    assert!(core.0 < cores, "{what}");
                    let other = on_core.insert(core.0, (thread, event.time));
                    assert_eq!(other, None, "{what}: two threads on one core at {event:?}");
                }
                if let (true, ThreadState::Running { .. }) = (gil, state) {
                    assert_eq!(holder, Some(thread), "{what}: runs without the GIL at {event:?}");
                }
            }
            _ => {}
        }
    }
    assert!(
        states.values().all(|state| *state == ThreadState::Finished),
        "{what}: {states:?}"
    );
    assert_eq!(busy, done.busy_ns, "{what}: CPU time of the trace and of the cores");
    assert!(busy <= u64::from(cores) * done.now_ns, "{what}");
}

fn policies(seed: u64) -> Vec<(&'static str, Box<dyn Scheduler>)> {
    vec![
        ("fair", Box::new(Fair)),
        ("random", Box::new(Random::new(seed))),
        ("pct", Box::new(Pct::new(seed, 3, 200))),
    ]
}

#[test]
fn random_programs_conserve_everything() {
    for seed in 1..=120 {
        let config = config(seed);
        for (name, policy) in policies(seed) {
            let what = format!("seed {seed}, {name}");
            let program = random_program(seed);
            let done = run_with(program.clone(), 700, &config, policy.clone_box(), u64::MAX);
            check(&done, &config, &what);
            // The same again, in small bites: how the host divides its work is invisible.
            let again = run_with(program.clone(), 700, &config, policy, 40_000);
            assert_eq!(done.trace.hash, again.trace.hash, "{what}");
            assert_eq!(done.schedule, again.schedule, "{what}");
            let replay = Box::new(Replay::new(done.schedule.clone()));
            let replayed = run_with(program, 700, &config, replay, u64::MAX);
            assert_eq!(done.trace.hash, replayed.trace.hash, "{what}: replayed");
        }
    }
}

/// Every version of Python and every policy of the operating system, on both computers.
#[test]
fn every_profile_conserves_everything() {
    let systems = [
        OsScheduler::FairShare,
        OsScheduler::RoundRobin,
        OsScheduler::Cooperative,
    ];
    for (number, profile) in PROFILES.iter().enumerate() {
        for seed in 1..=45 {
            let config = Config {
                profile: *profile,
                os: systems[seed as usize % 3],
                costs: [Costs::LAPTOP_2026, Costs::MACBOOK_2009][seed as usize / 3 % 2],
                ..config(seed)
            };
            let seed = seed + 1_000 * number as u64;
            for (name, policy) in policies(seed) {
                let what = format!("Python {}, {:?}, seed {seed}, {name}", profile.name, config.os);
                let program = random_program(seed);
                let done = run_with(program.clone(), 700, &config, policy.clone_box(), u64::MAX);
                check(&done, &config, &what);
                let again = run_with(program.clone(), 700, &config, policy, 40_000);
                assert_eq!(done.trace.hash, again.trace.hash, "{what}");
                let replay = Box::new(Replay::new(done.schedule.clone()));
                let replayed = run_with(program, 700, &config, replay, u64::MAX);
                assert_eq!(done.trace.hash, replayed.trace.hash, "{what}: replayed");
            }
        }
    }
}

#[test]
fn seeds_differ() {
    let run = |seed| {
        let config = Config {
            seed,
            ..Config::default()
        };
        run_with(random_program(3), 700, &config, Box::new(Fair), u64::MAX)
            .trace
            .hash
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_clone_goes_on_like_the_original() {
    use heddle_machine::Machine;
    let config = config(5);
    let image = fake::FakeImage::new(random_program(11), 700);
    let mut machine = Machine::new(image, &config, "3.13", Box::new(Fair), heddle_trace::Budget::default());
    machine.advance(1_000_000);
    let mut copy = machine.clone();
    while !machine.advance(u64::MAX) {}
    while !copy.advance(77_777) {}
    assert_eq!(machine.recorder().hash(), copy.recorder().hash());
}
