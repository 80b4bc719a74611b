//! Ctrl-C: pressed while a run goes on, and written into the scenario, it gives the same run.

mod run;

use heddle_lab::{Kind, Limits, Run};
use heddle_scenario::{Key, Scalar, Scenario};
use std::path::Path;

/// Two threads compute, sleep, wait for each other; Ctrl-C is caught as often as it comes.
const PROGRAM: &str = "
import threading, time
lock = threading.Lock()
def work():
    for _ in range(600):
        with lock:
            time.sleep(0.0001)
        sum(range(2000))
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
caught = 0
while any(thread.is_alive() for thread in threads):
    try:
        for thread in threads: thread.join()
    except KeyboardInterrupt:
        caught += 1
        print('caught at', time.perf_counter())
print(caught)
";

struct Ended {
    hash: u64,
    output: String,
    kind: Kind,
}

/// Runs to the end `work` units at a time, and presses Ctrl-C after each of these numbers of portions.
fn run(scenario: &Scenario, work: u64, press: &[usize]) -> (Ended, Vec<u64>) {
    let begun = Run::new(scenario, Limits::default()).expect("it starts");
    let (mut portion, mut pressed) = (0, Vec::new());
    let ended = run::go_on(begun, work, |run, _| {
        if press.contains(&portion) {
            pressed.extend(run.interrupt());
        }
        portion += 1;
    });
    let (hash, output) = (ended.run.trace_hash().0, ended.output());
    let kind = ended.outcome.kind;
    (Ended { hash, output, kind }, pressed)
}

fn scenario(program: &str, settings: &[(Key, &str)]) -> Scenario {
    let mut scenario = Scenario::from_source("main.py", program).expect("a scenario");
    for (key, value) in settings {
        let value = Scalar::Text((*value).to_owned());
        scenario.machine.set(*key, &value).expect("a setting");
    }
    scenario
}

#[test]
fn a_pressed_ctrl_c_can_be_repeated_exactly() {
    for python in ["2.7", "3.9", "3.13", "3.13t"] {
        for (work, press) in [(10_000, vec![150]), (30_000, vec![30, 60, 61]), (1_000_000, vec![1, 2])] {
            let settings = [(Key::Python, python)];
            let (live, pressed) = run(&scenario(PROGRAM, &settings), work, &press);
            assert_eq!(pressed.len(), press.len(), "{python}: the run was over too soon");
            let mut again = scenario(PROGRAM, &settings);
            again.machine.interrupts = pressed.clone();
            // Portions of another size, nobody presses anything.
            let (replayed, _) = run(&again, 700_000, &[]);
            assert_eq!(replayed.output, live.output, "{python} {work} {pressed:?}");
            assert_eq!(replayed.hash, live.hash, "{python} {work} {pressed:?}");
            assert!(
                live.output.contains("caught at") || live.output.contains("KeyboardInterrupt"),
                "{}",
                live.output
            );
        }
    }
}

#[test]
fn a_deadlock_waits_for_a_ctrl_c_that_is_to_come() {
    let program = "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n";
    let (ended, _) = run(&scenario(program, &[]), 1_000_000, &[]);
    assert!(matches!(ended.kind, Kind::Deadlock(..)));
    let (ended, _) = run(&scenario(program, &[(Key::Interrupt, "2s, 0.2s")]), 1_000_000, &[]);
    assert!(matches!(ended.kind, Kind::Finished) && ended.output.ends_with("KeyboardInterrupt\n"));
}

/// David Beazley, USENIX 2009: while one tick lasts, Ctrl-C is not noticed. (`web/gallery/ctrl_c.py`.)
#[test]
fn a_long_tick_does_not_notice_ctrl_c() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/gallery/ctrl_c.py");
    let text = std::fs::read_to_string(path).expect("the program");
    let (ended, _) = run(&scenario(&text, &[]), 50_000_000, &[]);
    let late: Vec<f64> = ended
        .output
        .lines()
        .filter_map(|line| line.rsplit(", ").next()?.split(' ').next()?.parse().ok())
        .collect();
    let [loops, search] = late.as_slice() else {
        panic!("two lines, not {}", ended.output);
    };
    assert!(*loops < 0.001 && *search > 0.5, "{}", ended.output);
}

/// The terminal sends SIGINT to all processes in the foreground.
#[test]
fn ctrl_c_reaches_forked_processes_too() {
    let program = "
import os, time
pid = os.fork()
name = 'parent' if pid else 'child'
for _ in range(2):
    try:
        end = time.perf_counter() + 0.5
        while time.perf_counter() < end: pass
    except KeyboardInterrupt:
        print(name, 'caught', flush=True)
if pid:
    os.waitpid(pid, 0)
";
    let (live, pressed) = run(&scenario(program, &[]), 1_000_000, &[100]);
    assert_eq!(pressed.len(), 1);
    for told in ["parent caught", "child caught"] {
        assert_eq!(live.output.matches(told).count(), 1, "{told}: {}", live.output);
    }
    let mut again = scenario(program, &[]);
    again.machine.interrupts = pressed;
    let (replayed, _) = run(&again, 700_000, &[]);
    assert_eq!((replayed.output, replayed.hash), (live.output, live.hash));
}
