//! What the simulated computer tells programs about itself, and C code that works with and without the GIL.

mod run;

use heddle_lab::{Limits, Run};
use heddle_scenario::Scenario;
use heddle_tests::program::{self, Said};

fn run(name: &str, more: &[&str]) -> Said {
    program::suite("machine", name, more)
}

/// The rest of the line that begins like this.
fn line<'a>(said: &'a Said, name: &str) -> &'a str {
    let found = said.stdout.lines().find_map(|line| line.strip_prefix(name));
    found.unwrap_or_else(|| panic!("no line \"{name}\"\n{}\n{}", said.stdout, said.stderr))
}

/// Within a factor of three of what CPython 3.13 takes (brought to the pace of the laptop: 0.8 of what was measured).
#[test]
fn natives_take_time_for_what_they_look_at() {
    let said = run("work.py", &[]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    for (name, ns) in [
        ("sum", 5.5),
        ("sum of a range", 13.6),
        ("list of a range", 20.0),
        ("in", 7.2),
        ("in a tuple", 8.0),
        ("count", 6.8),
        ("max", 10.0),
        ("set", 30.0),
        ("dict", 40.0),
        ("copy", 5.1),
        ("equal", 2.6),
        ("order of what is sorted", 10.0),
        ("sort", 190.0),
        ("repeat", 2.0),
        ("find", 0.5),
        ("upper", 0.25),
        ("replace", 0.6),
        ("split", 0.6),
        ("join", 2.0),
        ("bytes", 0.3),
    ] {
        let found = number(&said, &format!("{name} "));
        assert!(
            found > ns / 3.0 && found < ns * 3.0,
            "{name}: {found} ns, not about {ns}"
        );
    }
}

fn number(said: &Said, name: &str) -> f64 {
    line(said, name).trim().parse().expect("a number")
}

#[test]
fn c_code_without_the_gil_uses_two_cores() {
    let said = run("c_code.py", &[]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    // 550 ps a byte; hashes that keep the GIL were free once.
    let small = number(&said, "a small hash, ns:");
    assert!((800.0..2_000.0).contains(&small), "{small} ns");
    for name in ["c_call without the GIL:", "sha256:", "crc32:", "compress:"] {
        let ratio = number(&said, name);
        assert!((1.8..=2.05).contains(&ratio), "{name} {ratio}");
    }
    for name in ["c_call with the GIL:", "sha256 in small pieces:"] {
        let ratio = number(&said, name);
        assert!((0.6..=1.05).contains(&ratio), "{name} {ratio}");
    }
}

/// Not before they were waited for; then their children's too.
#[test]
fn children_count_when_they_have_been_waited_for() {
    let said = run("children.py", &["--cores", "2"]);
    assert_eq!(
        said.stdout, "0.0 0.0\n0.1\n0.05 0.0 True\n0.2 0.2 True\n0 7 7\n",
        "{}",
        said.stderr
    );
}

/// On one core, under every policy and with every kind of GIL: in turn with `os.sched_yield`, one after the other without.
#[test]
fn who_yields_the_core_lets_others_run() {
    for system in ["fair-share", "round-robin", "cooperative"] {
        for python in ["2.7", "3.13", "3.14t"] {
            let more = ["--cores", "1", "--os-scheduler", system, "--python", python];
            assert_eq!(run("yields.py", &more).stdout, "7\n1\n", "{system}, Python {python}");
        }
    }
}

/// However they grow, and however many there are.
#[test]
fn processes_share_the_limit_on_memory() {
    let said = run("memory.py", &["--max-memory", "128MiB"]);
    assert_eq!(said.stdout, "OSError 12 5\n[0, 1, 1]\n", "{}", said.stderr);
}

#[test]
fn the_machine_tells_the_truth_about_time_and_cores() {
    let said = run("c_code.py", &[]);
    assert_eq!(line(&said, "spent"), " 0.25 0.25 1.25", "{}", said.stderr);
    assert_eq!(line(&said, "usage"), " True True True True");
    assert_eq!(line(&said, "thread"), " True True");
    assert_eq!(line(&said, "cpus"), " 2 2 {0, 1} 2");
    assert_eq!(line(&said, "times"), " True True True True");
    let four = run("c_code.py", &["--cores", "4"]);
    assert_eq!(line(&four, "cpus"), " 4 4 {0, 1, 2, 3} 4");
}

#[test]
fn randomness_comes_from_the_seed() {
    let random = |more: &[&str]| line(&run("c_code.py", more), "random").to_owned();
    assert_eq!(random(&[]), random(&[]));
    assert_ne!(random(&[]), random(&["--seed", "2"]));
}

/// Ctrl-C interrupts a sleep and a loop, and ends a program that does not handle it with status 130.
#[test]
fn ctrl_c_reaches_the_program() {
    for (body, status, printed) in [
        (
            "try:\n    time.sleep(100)\nexcept KeyboardInterrupt:\n    print('interrupted', round(time.monotonic()))\n",
            0,
            "interrupted 1\n",
        ),
        ("while True: pass\n", 130, ""),
        (
            "import signal\nsignal.signal(2, lambda n, f: print('handled', n))\ntime.sleep(3)\nprint(round(time.monotonic()))\n",
            0,
            "handled 2\n3\n",
        ),
    ] {
        // Something happens after a second, so that the host is asked then.
        let text = format!("import threading, time\nthreading.Timer(1, time.sleep, [0.001]).start()\n{body}");
        let scenario = Scenario::from_source("main.py", &text).expect("a scenario");
        let begun = Run::new(&scenario, Limits::default()).expect("a run");
        let mut sent = false;
        let ended = run::go_on(begun, 1_000, |run, now_ns| {
            if now_ns >= 1_000_000_000 && !sent {
                run.interrupt();
                sent = true;
            }
        });
        let said = ended.stdout();
        assert_eq!((ended.outcome.exit_status, said.as_str()), (status, printed), "{text}");
    }
}
