//! Several computers: what they send each other arrives after its way, in order, and the same in every run.

mod fake;

use fake::{FakeImage, Op};
use heddle_machine::scheduler::{Fair, Random, Scheduler};
use heddle_machine::{Config, End, Link, Machine, Place, Remote, errno};
use heddle_trace::{Budget, EventKind, Trace, TraceHash};
use heddle_vm::contract::{Address, Posix, Resume};

const MS: u64 = 1_000_000;
const TCP: Posix = Posix::Socket { domain: 2, kind: 1 };

fn place(number: u8, latency_ns: u64, bandwidth: Option<u64>) -> Place {
    Place {
        name: format!("node{number}"),
        address: [10, 0, 0, number],
        link: Link { latency_ns, bandwidth },
    }
}

struct Ran {
    end: End,
    trace: Trace,
    hash: TraceHash,
    answers: Vec<Resume>,
    now_ns: u64,
}

/// Runs a program on the first computer and the others on computers beside it, `work` at a time.
fn run_divided(main: Vec<Op>, others: Vec<Vec<Op>>, kind: (bool, bool), policy: Box<dyn Scheduler>, work: u64) -> Ran {
    let config = Config::default();
    let remote = |(at, ops): (usize, Vec<Op>)| Remote {
        image: FakeImage::new(ops, 1_000),
        config: Config {
            cores: 1,
            program: format!("node{}", at + 2),
            ..Config::default()
        },
        place: place(at as u8 + 2, MS, Some(100_000_000)),
        serves: kind.0,
        is_daemon: kind.1,
    };
    let remotes = others.into_iter().enumerate().map(remote).collect();
    let first = (FakeImage::new(main, 1_000), &config, place(1, 0, None));
    let mut machine = Machine::with_computers(first, remotes, "3.13", policy, Budget::default());
    while !machine.advance(work) {}
    Ran {
        end: machine.end().cloned().expect("it is over"),
        trace: machine.recorder().trace(),
        hash: machine.recorder().hash(),
        answers: machine.image().expect("it never lives apart").answers.clone(),
        now_ns: machine.now_ns(),
    }
}

fn run(main: Vec<Op>, others: Vec<Vec<Op>>) -> Ran {
    run_divided(main, others, (false, false), Box::new(Fair), u64::MAX)
}

fn at(number: u8, port: u16) -> Address {
    Address::Inet {
        host: [10, 0, 0, number],
        port,
    }
}

fn connect(number: u8, port: u16) -> Op {
    Op::Call(Posix::Connect {
        fd: 3,
        address: at(number, port),
    })
}

fn receive(fd: i32) -> Op {
    Op::Call(Posix::Receive {
        fd,
        len: 1 << 20,
        peek: false,
        wait: true,
    })
}

fn send(fd: i32, data: Vec<u8>) -> Op {
    let (to, wait) = (None, true);
    Op::Call(Posix::Send { fd, data, to, wait })
}

/// Listens on port 80 after so long.
fn listen(after_ns: u64, host: [u8; 4]) -> Vec<Op> {
    let address = Address::Inet { host, port: 80 };
    vec![
        Op::Run(after_ns),
        Op::Call(TCP),
        Op::Call(Posix::Bind { fd: 3, address }),
        Op::Call(Posix::Listen { fd: 3, backlog: 5 }),
    ]
}

fn echo() -> Vec<Op> {
    let mut ops = listen(0, [0; 4]);
    ops.extend([Op::Call(Posix::Accept { fd: 3 }), receive(4), send(4, b"pong".to_vec())]);
    ops
}

fn ping() -> Vec<Op> {
    vec![
        Op::Run(MS),
        Op::Call(TCP),
        connect(2, 80),
        send(3, b"ping".to_vec()),
        receive(3),
        receive(3),
    ]
}

#[test]
fn an_echo_takes_two_ways_and_ends_with_the_connection() {
    let done = run(ping(), vec![echo()]);
    assert_eq!(done.end, End::Exited(0));
    let expected = [
        Resume::Int(3),
        Resume::Done,
        Resume::Int(4),
        Resume::Received(b"pong".to_vec(), None),
        Resume::Received(Vec::new(), None),
    ];
    assert_eq!(done.answers, expected);
    // 1 ms of its own, two ways for the connection and two for the echo, and what the calls cost.
    assert!((5 * MS..6 * MS).contains(&done.now_ns), "{}", done.now_ns);
}

#[test]
fn every_division_of_the_work_gives_the_same_run() {
    for policy in [Box::new(Fair) as Box<dyn Scheduler>, Box::new(Random::new(7))] {
        let whole = run_divided(ping(), vec![echo(), ping()], (false, false), policy.clone(), u64::MAX);
        for work in [1, 777, 50_000] {
            let parts = run_divided(ping(), vec![echo(), ping()], (false, false), policy.clone(), work);
            assert_eq!(parts.hash, whole.hash, "{work}");
            assert_eq!(parts.trace.events, whole.trace.events, "{work}");
        }
    }
}

#[test]
fn computers_have_cores_of_their_own() {
    let busy = || vec![Op::Run(20 * MS)];
    let done = run(busy(), vec![busy(), busy()]);
    assert!(done.now_ns < 21 * MS, "{}", done.now_ns);
    assert_eq!(done.trace.header.cores, 4);
    let ran = |wanted: u16| {
        let on = |kind: &EventKind| matches!(kind, EventKind::Core { core, running: Some(_) } if core.0 == wanted);
        done.trace.events.iter().any(|event| on(&event.kind))
    };
    assert!(
        ran(2) && ran(3),
        "the cores of the others come behind those of the first"
    );
}

#[test]
fn where_nobody_listens_a_connection_is_refused() {
    let refused = Some(&Resume::Error(errno::ECONNREFUSED));
    let nobody = run(vec![Op::Call(TCP), connect(2, 80)], vec![vec![Op::Run(50 * MS)]]);
    assert_eq!(nobody.answers.last(), refused);
    // A listener on the loopback is not there for others.
    let inside = run(
        vec![Op::Run(5 * MS), Op::Call(TCP), connect(2, 80)],
        vec![listen(0, [127, 0, 0, 1])],
    );
    assert_eq!(inside.answers.last(), refused);
}

#[test]
fn an_address_that_nobody_has_is_given_up_after_three_seconds() {
    let done = run(vec![Op::Call(TCP), connect(9, 80)], vec![Vec::new()]);
    assert_eq!(done.answers.last(), Some(&Resume::Error(errno::EHOSTUNREACH)));
    assert!((3_000 * MS..3_001 * MS).contains(&done.now_ns), "{}", done.now_ns);
}

#[test]
fn a_host_that_serves_is_waited_for_and_does_not_keep_the_run() {
    let mut server = listen(30 * MS, [0; 4]);
    server.extend([Op::Call(Posix::Accept { fd: 3 }), Op::Sleep(1 << 50)]);
    let main = vec![Op::Call(TCP), connect(2, 80)];
    let done = run_divided(main, vec![server], (true, true), Box::new(Fair), u64::MAX);
    assert_eq!((done.end, done.answers.last()), (End::Exited(0), Some(&Resume::Done)));
    assert!((30 * MS..33 * MS).contains(&done.now_ns), "{}", done.now_ns);
}

#[test]
fn bandwidth_takes_time_and_a_full_window_makes_the_sender_wait() {
    let much = vec![b'x'; 3 << 20];
    // As a stream: each call sends what has room.
    let main: Vec<Op> = [Op::Run(MS), Op::Call(TCP), connect(2, 80)]
        .into_iter()
        .chain((0..3).map(|_| send(3, much.clone())))
        .collect();
    let mut reader = listen(0, [0; 4]);
    reader.push(Op::Call(Posix::Accept { fd: 3 }));
    reader.extend((0..400).map(|_| receive(4)));
    let done = run(main, vec![reader]);
    assert_eq!(done.end, End::Exited(0));
    let sent: i64 = done
        .answers
        .iter()
        .skip(2)
        .map(|answer| match answer {
            Resume::Int(sent) => *sent,
            other => panic!("{other:?}"),
        })
        .sum();
    assert!(sent > 1 << 20, "{sent}");
    // 10 ns a byte.
    assert!(
        done.now_ns > sent.unsigned_abs() * 10,
        "{} for {sent} bytes",
        done.now_ns
    );
}

#[test]
fn when_all_wait_for_each_other_it_is_a_deadlock() {
    let mut main = listen(0, [0; 4]);
    main.push(Op::Call(Posix::Accept { fd: 3 }));
    let done = run(main.clone(), vec![main]);
    let End::Deadlock(report) = done.end else {
        panic!("{:?}", done.end);
    };
    let told: Vec<String> = report.threads.iter().map(|thread| thread.sentence()).collect();
    let waits = |node: u8| format!("MainThread on node{node} waits for a connection to descriptor 3");
    assert_eq!(told, [waits(1), waits(2)]);
}

#[test]
fn the_run_ends_when_the_others_only_wait_to_be_asked() {
    let mut server = listen(0, [0; 4]);
    server.push(Op::Call(Posix::Accept { fd: 3 }));
    let done = run(vec![Op::Run(5 * MS)], vec![server]);
    assert_eq!(done.end, End::Exited(0));
}

#[test]
fn a_closed_connection_with_bytes_unread_is_reset() {
    let mut server = listen(0, [0; 4]);
    server.extend([
        Op::Call(Posix::Accept { fd: 3 }),
        Op::Run(10 * MS),
        Op::Call(Posix::Close { fd: 4 }),
        Op::Run(10 * MS),
    ]);
    let done = run(
        vec![
            Op::Run(MS),
            Op::Call(TCP),
            connect(2, 80),
            send(3, b"unread".to_vec()),
            receive(3),
        ],
        vec![server],
    );
    assert_eq!(done.answers.last(), Some(&Resume::Error(errno::ECONNRESET)));
}

#[test]
fn datagrams_reach_who_is_bound_to_their_port() {
    let bound = |number: u8| {
        vec![
            Op::Call(Posix::Socket { domain: 2, kind: 2 }),
            Op::Call(Posix::Bind {
                fd: 3,
                address: at(number, 7),
            }),
        ]
    };
    let mut main = bound(1);
    main.push(receive(3));
    let mut other = bound(2);
    other.push(Op::Run(5 * MS));
    other.push(Op::Call(Posix::Send {
        fd: 3,
        data: b"news".to_vec(),
        to: Some(at(1, 7)),
        wait: true,
    }));
    let done = run(main, vec![other]);
    let news = Resume::Received(b"news".to_vec(), Some(at(2, 7)));
    assert_eq!(done.answers.last(), Some(&news));
}
