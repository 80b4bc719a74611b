//! Processes that fork: they share cores, descriptors and files of their computer, wait for each other and send each other signals.

mod fake;

use fake::{Done, Op, run, run_with};
use heddle_machine::scheduler::{Fair, Random};
use heddle_machine::{Config, End, errno};
use heddle_trace::{EventKind, StateClass, ThreadState};
use heddle_vm::contract::{Posix, Resume};

const MS: u64 = 1_000_000;

fn config(cores: u16) -> Config {
    Config {
        cores,
        ..Config::default()
    }
}

fn wait(pid: i32) -> Op {
    Op::Call(Posix::WaitPid { pid, options: 4 })
}

fn read(fd: i32) -> Op {
    Op::Call(Posix::Read { fd, len: 100 })
}

fn write(fd: i32, data: &[u8]) -> Op {
    let data = data.to_vec();
    Op::Call(Posix::Write { fd, data })
}

fn close(fd: i32) -> Op {
    Op::Call(Posix::Close { fd })
}

/// No two threads of any process on one core at a time; what each process had of the cores, ns.
fn on_cores(done: &Done) -> Vec<u64> {
    let mut cores: Vec<Option<(u32, u32, u64)>> = vec![None; 8];
    let mut had = vec![0; 9];
    for event in &done.trace.events {
        let EventKind::State { state, .. } = event.kind else {
            continue;
        };
        let who = (event.id.process.0, event.thread.0);
        for core in &mut cores {
            if let Some((process, thread, since)) = *core
                && (process, thread) == who
            {
                had[process as usize] += event.time - since;
                *core = None;
            }
        }
        if let ThreadState::Running { core } | ThreadState::Native { core } = state {
            let place = &mut cores[usize::from(core.0)];
            assert_eq!(*place, None, "{event:?}");
            *place = Some((who.0, who.1, event.time));
        }
    }
    had
}

#[test]
fn a_stopped_process_has_no_core_until_it_goes_on() {
    let kill = |signal| Op::Call(Posix::Kill { pid: 4002, signal });
    let wait = |options| Op::Call(Posix::WaitPid { pid: -1, options });
    let main = || {
        vec![
            Op::Fork(vec![Op::Run(20 * MS), Op::Exit(0)]),
            Op::Run(5 * MS),
            kill(19),
            wait(4 | 2),
            Op::Sleep(100 * MS),
            wait(4 | 2 | 1),
            kill(18),
            wait(4 | 8),
            wait(4),
        ]
    };
    let policy = || Box::new(Fair);
    let done = run_with(main(), 1_000, &config(2), policy(), u64::MAX);
    assert_eq!(done.end, End::Exited(0));
    let expected = [
        Resume::Int(4002),
        Resume::Done,
        Resume::Pair(4002, 19 << 8 | 0x7f),
        Resume::Pair(0, 0),
        Resume::Done,
        Resume::Pair(4002, 0xffff),
        Resume::Pair(4002, 0),
    ];
    assert_eq!(done.image.answers, expected);
    let had = on_cores(&done)[2];
    assert!((20 * MS..22 * MS).contains(&had), "{had}");
    assert!(done.now_ns > 120 * MS && done.now_ns < 125 * MS, "{}", done.now_ns);
    let in_pieces = run_with(main(), 1_000, &config(2), policy(), 700);
    assert_eq!(done.trace.events, in_pieces.trace.events);
}

#[test]
fn a_process_that_nobody_continues_is_a_deadlock() {
    let main = vec![
        Op::Fork(vec![Op::Call(Posix::Kill { pid: 0, signal: 20 }), Op::Run(MS)]),
        wait(-1),
    ];
    let done = run(main, &config(1));
    let End::Deadlock(report) = done.end else {
        panic!("{:?}", done.end)
    };
    let said: Vec<String> = report.threads.iter().map(|thread| thread.sentence()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    for sentence in said {
        assert!(sentence.contains("SIGCONT") || sentence.contains("child"), "{sentence}");
    }
}

#[test]
fn the_image_of_a_process_that_is_over_is_let_go() {
    let mut main = Vec::new();
    for _ in 0..5 {
        main.extend([Op::Fork(vec![Op::Run(MS), Op::Exit(0)]), wait(-1)]);
    }
    // One that nobody waits for, and one that outlives its parent.
    main.extend([Op::Fork(vec![Op::Exit(0)]), Op::Fork(vec![Op::Sleep(50 * MS)])]);
    main.push(Op::Sleep(10 * MS));
    let done = run(main, &config(2));
    assert_eq!(done.end, End::Exited(0));
    assert_eq!(done.images_left, 0);
}

#[test]
fn a_child_is_waited_for_and_its_status_told() {
    let main = vec![
        Op::Run(MS),
        Op::Fork(vec![Op::Run(5 * MS), Op::Exit(7)]),
        wait(-1),
        wait(-1),
    ];
    let done = run(main, &config(2));
    assert_eq!(done.end, End::Exited(0));
    let expected = [
        Resume::Int(4002),
        Resume::Pair(4002, 7 << 8),
        Resume::Error(errno::ECHILD),
    ];
    assert_eq!(done.image.answers, expected);
    on_cores(&done);
}

#[test]
fn processes_run_on_all_cores_and_share_few_fairly() {
    let child = || Op::Fork(vec![Op::Run(60 * MS)]);
    let main = vec![child(), child(), wait(-1), wait(-1)];
    for (cores, longest_ms) in [(2, 64), (1, 125)] {
        let done = run(main.clone(), &config(cores));
        assert_eq!(done.end, End::Exited(0));
        assert!(done.now_ns < longest_ms * MS, "{cores} cores: {} ns", done.now_ns);
        let had = on_cores(&done);
        assert!(had[2].abs_diff(had[3]) < MS, "{had:?}");
        let switches = done.trace.events.iter().filter(|event| match event.kind {
            EventKind::State { state, .. } => event.id.process.0 > 1 && state.class() == StateClass::Ready,
            _ => false,
        });
        let switches = switches.count();
        // One core: a turn of about a quantum each, hence some thirty.
        assert!(
            if cores == 1 {
                (10..60).contains(&switches)
            } else {
                switches < 8
            },
            "{switches}"
        );
    }
}

#[test]
fn four_on_two_cores_take_twice_as_long() {
    let child = || Op::Fork(vec![Op::Run(40 * MS)]);
    let mut main: Vec<Op> = (0..4).map(|_| child()).collect();
    main.extend((0..4).map(|_| wait(-1)));
    let done = run(main, &config(2));
    assert!((80 * MS..90 * MS).contains(&done.now_ns), "{}", done.now_ns);
    let had = on_cores(&done);
    assert!(had[2..6].iter().all(|had| had.abs_diff(40 * MS) < MS), "{had:?}");
}

#[test]
fn a_pipe_ends_when_the_last_copy_of_its_writing_end_is_closed() {
    let child = vec![close(3), Op::Run(3 * MS), write(4, b"from the child"), Op::Run(3 * MS)];
    let main = vec![
        Op::Call(Posix::Pipe),
        Op::Fork(child),
        write(4, b"from the parent, "),
        close(4),
        Op::Sleep(5 * MS),
        read(3),
        read(3),
        wait(-1),
    ];
    let done = run(main, &config(2));
    let expected = [
        Resume::Pair(3, 4),
        Resume::Int(4002),
        Resume::Int(17),
        Resume::Done,
        Resume::Bytes(b"from the parent, from the child".to_vec()),
        Resume::Bytes(Vec::new()),
        Resume::Pair(4002, 0),
    ];
    assert_eq!(done.image.answers, expected);
}

#[test]
fn a_signal_ends_another_process() {
    for child in [
        vec![Op::Sleep(1 << 50)],
        vec![Op::Run(1 << 40)],
        vec![Op::Native(1 << 40)],
    ] {
        let kill = |pid, signal| Op::Call(Posix::Kill { pid, signal });
        let main = vec![
            Op::Fork(child),
            Op::Sleep(5 * MS),
            Op::Call(Posix::WaitPid { pid: -1, options: 5 }),
            kill(4002, 0),
            kill(4002, 15),
            wait(4002),
            kill(4002, 15),
        ];
        let done = run(main, &config(1));
        let expected = [
            Resume::Int(4002),
            Resume::Pair(0, 0),
            Resume::Done,
            Resume::Done,
            Resume::Pair(4002, 15),
            Resume::Error(errno::ESRCH),
        ];
        assert_eq!(done.image.answers, expected);
        assert!(done.now_ns < 20 * MS, "{}", done.now_ns);
    }
}

#[test]
fn processes_that_wait_for_each_other_are_a_deadlock() {
    let main = vec![Op::Call(Posix::Pipe), Op::Fork(vec![read(3)]), wait(-1)];
    let done = run(main, &config(2));
    let End::Deadlock(report) = done.end else {
        panic!("{:?}", done.end);
    };
    let told: Vec<String> = report.threads.iter().map(|thread| thread.waits_for.clone()).collect();
    assert_eq!(told, ["a child process", "something to read from descriptor 3"]);
}

#[test]
fn every_division_of_the_work_gives_the_same_run() {
    let grandchild = Op::Fork(vec![Op::Run(7 * MS), Op::Native(3 * MS), write(4, b"x")]);
    let child = vec![
        Op::Start(vec![Op::Run(4 * MS), Op::Sleep(MS), Op::Run(MS)]),
        grandchild,
        Op::Run(9 * MS),
        write(4, b"y"),
        Op::Join(1),
        wait(-1),
    ];
    let main = vec![
        Op::Call(Posix::Pipe),
        Op::Fork(child.clone()),
        Op::Fork(child),
        close(4),
        Op::Start(vec![Op::Run(20 * MS)]),
        read(3),
        read(3),
        read(3),
        wait(-1),
        wait(-1),
        Op::Join(1),
    ];
    for seed in 0..6 {
        let policy = || -> Box<dyn heddle_machine::scheduler::Scheduler> {
            if seed == 0 {
                Box::new(Fair)
            } else {
                Box::new(Random::new(seed))
            }
        };
        let config = Config {
            seed,
            ..config(1 + (seed % 3) as u16)
        };
        let whole = run_with(main.clone(), 1_000, &config, policy(), u64::MAX);
        assert_eq!(whole.end, End::Exited(0), "{seed}");
        on_cores(&whole);
        for work in [1, 33_333] {
            let parts = run_with(main.clone(), 1_000, &config, policy(), work);
            assert_eq!(parts.trace.events, whole.trace.events, "{seed} {work}");
        }
    }
}
