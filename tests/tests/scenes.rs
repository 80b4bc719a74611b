//! Looking at moments of a run: that it changes nothing, that it shows what is true then, however the moment is come to, and where steps lead.

mod run;

use heddle_lab::{Checkpoints, Limits, Look, Run, Stepping};
use heddle_scenario::{Key, Scalar, Scenario};
use heddle_trace::{ObjectClass, Question, Scene, Step, Stride, SwitchPoint, ThreadKey, ThreadScene, Variable};
use std::path::Path;

fn scenario(text: &str) -> Scenario {
    Scenario::from_source("main.py", text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The programs of the tests of determinism, each for every version of Python.
fn scenarios() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/determinism");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(entry.path()).expect("text");
        for python in ["2.7", "3.9", "3.13", "3.14", "3.13t"] {
            let mut scenario = scenario(&text);
            let set = scenario.machine.set(Key::Python, &Scalar::Text(python.to_owned()));
            set.unwrap_or_else(|why| panic!("{why}"));
            all.push((format!("{name} {python}"), scenario));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(all.len() >= 20, "the scenarios are not found");
    all
}

fn new_run(scenario: &Scenario) -> Run {
    Run::new(scenario, Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The scene of a moment, by running up to it.
fn scene(scenario: &Scenario, at: u64) -> Scene {
    let mut run = new_run(scenario);
    while !run.advance_to(at, 10_000_000) {}
    run.into_scene(at, &Question::default())
}

fn thread<'a>(scene: &'a Scene, name: &str) -> &'a ThreadScene {
    let all = scene.processes.iter().flat_map(|process| &process.threads);
    let found = all.clone().find(|thread| thread.name == name);
    found.unwrap_or_else(|| {
        panic!(
            "no {name} among {:?}",
            all.map(|thread| &thread.name).collect::<Vec<_>>()
        )
    })
}

fn value<'a>(variables: &'a [Variable], name: &str) -> &'a str {
    let found = variables.iter().find(|variable| variable.name == name);
    &found.unwrap_or_else(|| panic!("no {name} in {variables:?}")).value.text
}

/// Moments that have nothing to do with what happens at them.
fn scattered(count: u64, end: u64) -> Vec<u64> {
    let mut state = 42_u64;
    let mut all: Vec<u64> = (0..count)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) % end.max(1)
        })
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn a_run_that_is_looked_at_is_the_same_run() {
    // It may be off by some ns in versions that can be stopped between any two instructions, and where another computer's Python is just starting.
    let exact = |name: &str| {
        (name.ends_with("3.13") || name.ends_with("3.14") || name.ends_with("2.7"))
            && !name.starts_with("two_computers")
    };
    let mut different = Vec::new();
    for (name, scenario) in scenarios().into_iter().filter(|(name, _)| exact(name)) {
        let plain = run::to_end(&scenario, 20_000_000);
        let mut looked = new_run(&scenario);
        for at in scattered(300, plain.outcome.virtual_ns) {
            while !looked.advance_to(at, 500_000) {}
        }
        let looked = run::go_on(looked, 20_000_000, |_, _| ());
        if looked.run.trace_hash() != plain.run.trace_hash() || looked.outcome.virtual_ns != plain.outcome.virtual_ns {
            different.push(name);
        }
    }
    assert_eq!(different, Vec::<String>::new());
}

#[test]
fn a_moment_is_the_same_from_every_checkpoint() {
    for (name, scenario) in scenarios() {
        let mut checkpoints = Checkpoints::new(8 << 20);
        let ended = run::go_on(new_run(&scenario), 1_000_000, |run, _| checkpoints.keep_up(run));
        for at in scattered(4, ended.outcome.virtual_ns) {
            let mut look = checkpoints.look(at).expect("there is the first one");
            while !checkpoints.advance(&mut look, 1_000_000) {}
            assert_eq!(look.scene(&Question::default()), scene(&scenario, at), "{name} at {at}");
        }
    }
}

const COUNTS: &str = r#"
import time

def count(most):
    i = 0
    while i < most:
        time.sleep(0.001)
        i += 1
    return i

total = count(20)
done = True
"#;

#[test]
fn variables_are_what_they_are_at_that_moment() {
    let scenario = scenario(COUNTS);
    let ended = run::to_end(&scenario, 20_000_000);
    let start = ended.outcome.virtual_ns - 20_500_000;
    let at = |milliseconds: u64| {
        let scene = scene(&scenario, start + milliseconds * 1_000_000);
        let frame = thread(&scene, "MainThread")
            .stack
            .iter()
            .find(|frame| frame.function == "count");
        frame.map(|frame| value(&frame.variables, "i").parse::<u64>().expect("a number"))
    };
    let (early, late) = (at(5).expect("it counts"), at(15).expect("it counts"));
    assert!(
        (9..=10).contains(&(late - early)),
        "a millisecond each, and a little: {early}, {late}"
    );
    let scene = scene(&scenario, ended.outcome.virtual_ns + 1);
    assert!(scene.is_over);
}

#[test]
fn a_deadlock_shows_who_holds_and_who_waits() {
    let scenario = scenario(
        r#"
import threading, time, queue

class Account:
    def __init__(self, name):
        self.name = name
        self.lock = threading.Lock()
    def __repr__(self):
        return f"Account({self.name})"

a, b = Account("a"), Account("b")
jobs = queue.Queue(2)
condition = threading.Condition()

def move(source, target):
    with source.lock:
        time.sleep(0.01)
        with target.lock:
            pass

def fill():
    for n in range(5):
        jobs.put(n)

def wait():
    with condition:
        condition.wait()

for target, args, name in [(move, (a, b), "ab"), (move, (b, a), "ba"), (fill, (), "fills"), (wait, (), "first"), (wait, (), "second")]:
    threading.Thread(target=target, args=args, name=name).start()
"#,
    );
    let scene = scene(&scenario, 60_000_000);
    let process = &scene.processes[0];
    let number = |name: &str| thread(&scene, name).thread;
    let thing = |name: &str| {
        process
            .things
            .iter()
            .find(|thing| thing.name == name)
            .unwrap_or_else(|| panic!("no {name} in {:?}", process.things))
    };
    let (lock, other) = (thing("a.lock"), thing("b.lock"));
    assert_eq!(
        (lock.owner, &lock.waiters[..]),
        (Some(number("ab")), &[number("ba")][..])
    );
    assert_eq!(
        (other.owner, &other.waiters[..]),
        (Some(number("ba")), &[number("ab")][..])
    );
    assert_eq!(thread(&scene, "ab").held_by, Some(number("ba")));
    let jobs = thing("jobs");
    assert_eq!(
        (jobs.class, jobs.standing.as_str()),
        (ObjectClass::Queue, "2 of 2 items, 2 not done")
    );
    assert_eq!(
        jobs.contents.iter().map(|item| item.text.as_str()).collect::<Vec<_>>(),
        ["0", "1"]
    );
    assert_eq!(jobs.waiters, [number("fills")]);
    assert_eq!(
        thing("condition").waiters,
        [number("first"), number("second")],
        "in the order in which they came"
    );
    let frame = &thread(&scene, "ab").stack[0];
    assert_eq!(
        (frame.function.as_str(), value(&frame.variables, "source")),
        ("move", "Account(a)"),
        "what repr says, of the program's own class"
    );
    assert_eq!(
        value(&process.modules[0].variables, "jobs").split(' ').next(),
        Some("<queue.Queue")
    );
}

#[test]
fn the_inside_of_a_value_is_told_when_it_is_asked_for() {
    let scenario = scenario(
        "import time\nclass Node:\n    pass\nnode = Node()\nnode.next = node\nnode.items = [1, {'a': 2}]\ntime.sleep(1)\n",
    );
    let first = scene(&scenario, 500_000_000);
    let process = &first.processes[0];
    let node = process.modules[0]
        .variables
        .iter()
        .find(|one| one.name == "node")
        .expect("the node");
    let handle = node.value.handle.expect("it has an inside");
    let mut run = new_run(&scenario);
    while !run.advance_to(500_000_000, 10_000_000) {}
    let question = Question {
        insides: vec![(process.process, handle)],
        ..Question::default()
    };
    let scene = run.into_scene(500_000_000, &question);
    let inside = &scene.processes[0].insides[0];
    assert_eq!(inside.of, handle);
    assert_eq!(value(&inside.scope.variables, "items"), "[1, {'a': 2}]");
    assert_eq!(
        inside.scope.variables[0].value.handle,
        Some(handle),
        "a cycle leads back to itself"
    );
}

#[test]
fn a_repr_that_fails_or_never_ends_is_told_in_short() {
    let text = "import time\nclass Bad:\n    def __repr__(self):\n        raise ValueError\nclass Slow:\n    def __repr__(self):\n        while True: pass\nclass Waits:\n    def __repr__(self):\n        time.sleep(9)\nbad, slow, waits, good = Bad(), Slow(), Waits(), [Bad]\ntime.sleep(1)\n";
    let scene = scene(&scenario(text), 500_000_000);
    let variables = &scene.processes[0].modules[0].variables;
    assert_eq!(
        ["bad", "slow", "waits", "good"].map(|name| value(variables, name)),
        ["<Bad>", "<Slow>", "<Waits>", "[<class '__main__.Bad'>]"]
    );
}

/// Where a step leads.
fn step(scenario: &Scenario, checkpoints: &mut Checkpoints, step: Step) -> Option<u64> {
    let mut stepping = Stepping::new(step);
    loop {
        if let Some(result) = stepping.result() {
            return result;
        }
        if let Some(at) = stepping.wants() {
            let look = checkpoints.look(at);
            stepping.give(look.unwrap_or_else(|| Look::from_start(new_run(scenario), at)));
        }
        stepping.advance(checkpoints, 1_000_000);
    }
}

/// The line at which the main thread stands.
fn line(scenario: &Scenario, at: u64) -> u32 {
    let scene = scene(scenario, at);
    let stack = &thread(&scene, "MainThread").stack;
    stack
        .iter()
        .find(|frame| frame.file.ends_with("main.py"))
        .map_or(0, |frame| frame.line)
}

#[test]
fn steps_go_from_line_to_line_and_back_the_same_way() {
    let text = "def double(x):\n    y = x * 2\n    return y\n\ntotal = 0\nfor i in range(3):\n    total += double(i)\nlast = total\n";
    let scenario = scenario(text);
    let mut checkpoints = Checkpoints::new(8 << 20);
    let mut go = |from: u64, back: bool| {
        let one = Step {
            from,
            of: None,
            stride: Stride::Line,
            back,
        };
        step(&scenario, &mut checkpoints, one)
    };
    // From the first line on to the last.
    let mut at = 0;
    let mut moments = Vec::new();
    while let Some(next) = go(at, false) {
        assert!(next > at);
        moments.push(next);
        at = next;
    }
    let lines: Vec<u32> = moments
        .iter()
        .map(|&at| line(&scenario, at))
        .filter(|&line| line > 0)
        .collect();
    // A call comes to the line of the `def` first, as it does in pdb.
    let round = [1, 2, 3, 7, 6, 7];
    let wanted: Vec<u32> = [1, 5, 6, 7]
        .into_iter()
        .chain(round)
        .chain(round)
        .chain([1, 2, 3, 7, 6, 8])
        .collect();
    let shown: Vec<u32> = lines
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .map(|pair| pair[1])
        .collect();
    let start = shown.iter().position(|&line| line == 5).expect("it comes to line 5");
    assert_eq!(shown[start..], wanted[1..], "all lines: {lines:?}");
    // And back, up to where Python itself starts, which may be some ns off.
    for pair in moments.windows(2).skip(2).rev() {
        assert_eq!(go(pair[1], true), Some(pair[0]));
    }
}

#[test]
fn steps_by_instruction_change_the_instruction_and_nothing_is_left_out() {
    let scenario = scenario("x = 1\ny = 2\nz = x + y\n");
    let mut checkpoints = Checkpoints::new(8 << 20);
    let line_start = |checkpoints: &mut Checkpoints, mut at: u64, wanted: u32| loop {
        at = step(
            &scenario,
            checkpoints,
            Step {
                from: at,
                of: None,
                stride: Stride::Line,
                back: false,
            },
        )
        .expect("a line");
        if line(&scenario, at) == wanted {
            return at;
        }
    };
    let mut at = line_start(&mut checkpoints, 0, 3);
    let mut instructions = Vec::new();
    for _ in 0..4 {
        let scene = scene(&scenario, at);
        instructions.push(thread(&scene, "MainThread").stack[0].instruction);
        at = step(
            &scenario,
            &mut checkpoints,
            Step {
                from: at,
                of: None,
                stride: Stride::Instruction,
                back: false,
            },
        )
        .expect("an instruction");
    }
    let first = instructions[0];
    // LOAD_NAME x, LOAD_NAME y, BINARY_OP, STORE_NAME z
    assert_eq!(instructions, [first, first + 1, first + 2, first + 3]);
}

#[test]
fn a_step_of_one_thread_waits_until_that_one_moves() {
    let text = "import threading\ndef other():\n    a = 1\n    b = 2\nt = threading.Thread(target=other)\nt.start()\nt.join()\n";
    let scenario = scenario(text);
    let mut checkpoints = Checkpoints::new(8 << 20);
    let key = ThreadKey {
        process: heddle_trace::ProcessId(1),
        thread: heddle_trace::ThreadId(1),
    };
    let mut lines = Vec::new();
    let mut at = 0;
    while let Some(next) = step(
        &scenario,
        &mut checkpoints,
        Step {
            from: at,
            of: Some(key),
            stride: Stride::Line,
            back: false,
        },
    ) {
        let scene = scene(&scenario, next);
        let stack = scene
            .processes
            .iter()
            .flat_map(|process| &process.threads)
            .find(|one| one.thread == key.thread)
            .map(|one| &one.stack);
        lines.extend(
            stack
                .and_then(|stack| stack.iter().find(|frame| frame.function == "other"))
                .map(|frame| frame.line),
        );
        at = next;
    }
    lines.dedup();
    assert_eq!(lines, [2, 3, 4]);
}

#[test]
fn a_step_over_a_sleep_takes_no_time() {
    let scenario = scenario("import time\ntime.sleep(3600 - 1)\nx = 1\n");
    let mut checkpoints = Checkpoints::new(8 << 20);
    let found = step(
        &scenario,
        &mut checkpoints,
        Step {
            from: 1_000_000_000,
            of: None,
            stride: Stride::Line,
            back: false,
        },
    );
    assert_eq!(line(&scenario, found.expect("the next line")), 3);
}

#[test]
fn what_happens_at_the_very_moment_has_happened() {
    let text = "import threading\na = threading.Lock()\na.acquire()\nt = threading.Thread(target=a.acquire, name='late')\nt.start()\nt.join()\n";
    let scenario = scenario(text);
    let ended = run::to_end(&scenario, 20_000_000);
    let scene = scene(&scenario, ended.outcome.virtual_ns);
    let lock = scene.processes[0]
        .things
        .iter()
        .find(|thing| thing.name == "a")
        .expect("the lock");
    assert_eq!(
        lock.waiters,
        [thread(&scene, "late").thread],
        "the run ended as it began to wait"
    );
}

const COUNTDOWN: &str = "import threading\n\
def countdown(n):\n\
\x20   while n > 0:\n\
\x20       n -= 1\n\
threads = [threading.Thread(target=countdown, args=(1_000_000,), name=name) for name in 'AB']\n\
for thread in threads: thread.start()\n\
for thread in threads: thread.join()\n";

#[test]
fn code_is_listed_with_who_stands_in_it_and_where_threads_may_switch() {
    let listing = |python: &str| {
        let mut scenario = scenario(COUNTDOWN);
        let set = scenario.machine.set(Key::Python, &Scalar::Text(python.to_owned()));
        set.unwrap_or_else(|why| panic!("{why}"));
        let mut run = new_run(&scenario);
        while !run.advance_to(24_000_000, 10_000_000) {}
        let question = Question {
            code_of: Some(ThreadKey {
                process: heddle_trace::ProcessId(1),
                thread: heddle_trace::ThreadId(1),
            }),
            ..Question::default()
        };
        let scene = run.into_scene(24_000_000, &question);
        let process = scene.processes.into_iter().next().expect("it runs");
        process.listing.expect("it executes code of the program")
    };
    let new = listing("3.13");
    assert_eq!((new.function.as_str(), new.file.as_str()), ("countdown", "main.py"));
    let mut who: Vec<u32> = new.places.iter().map(|(thread, _)| thread.0).collect();
    who.sort_unstable();
    assert_eq!(who, [1, 2], "both are in it");
    let may: Vec<&str> = new
        .rows
        .iter()
        .filter(|row| row.switch == SwitchPoint::Yes)
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!(may, ["RESUME", "JUMP_BACKWARD"], "never within n -= 1");
    assert!(
        new.rows.windows(2).all(|pair| pair[0].offset < pair[1].offset),
        "{new:?}"
    );
    let jump = new
        .rows
        .iter()
        .find(|row| row.name == "JUMP_BACKWARD")
        .expect("the loop");
    let target = new.rows.iter().find(|row| format!("to {}", row.offset) == jump.meaning);
    assert_eq!(target.expect("it jumps to an instruction").line, 3);
    let count = |python: &str| {
        listing(python)
            .rows
            .iter()
            .filter(|row| row.switch == SwitchPoint::Yes)
            .count()
    };
    assert!(count("3.9") > 2 && count("3.9") < new.rows.len());
    assert_eq!(count("3.13t"), new.rows.len());
}
