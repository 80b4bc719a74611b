//! Statistics and sweeps of real programs whose numbers follow from what the program says.

mod run;

use heddle_lab::{Limits, Sweep, Sweeping};
use heddle_scenario::Scenario;
use heddle_tests::program;
use heddle_trace::{Point, Quantity, StateClass, Stats, ThreadStats};
use std::path::Path;

fn scenario(program: &str) -> Scenario {
    Scenario::from_source("main.py", program).expect("a scenario")
}

fn stats(program: &str) -> Stats {
    run::to_end(&scenario(program), 10_000_000).run.stats()
}

fn thread<'a>(stats: &'a Stats, name: &str) -> &'a ThreadStats {
    let found = stats.threads.iter().find(|thread| thread.name == name);
    found.unwrap_or_else(|| panic!("{name} is not there"))
}

/// Whether it is so many ms, up to 2 % and what threads cost.
fn about(ns: u64, ms: f64) -> bool {
    (ns as f64 / 1e6 - ms).abs() < 0.02 * ms + 0.5
}

fn calls(stats: &Stats, name: &str) -> u64 {
    let found = stats.totals.calls.iter().find(|calls| calls.name == name);
    found.map_or(0, |calls| calls.count)
}

const HANDS: &str = "
import lab, threading, time
table = threading.Lock()
def guest():
    with table:
        lab.c_call(0.1, release_gil=True)
    time.sleep(0.05)
threads = [threading.Thread(target=guest, name=name) for name in 'abc']
for thread in threads: thread.start()
for thread in threads: thread.join()
";

/// a, b and c compute 100 ms each, one after the other because of the lock, and sleep 50 ms.
#[test]
fn waits_for_a_lock_have_its_name() {
    let stats = stats(HANDS);
    assert!(about(stats.elapsed_ns, 350.0), "{}", stats.elapsed_ns);
    for (name, waited) in [("b", 100.0), ("c", 200.0)] {
        let [wait] = thread(&stats, name).totals.waits.as_slice() else {
            panic!("{name} waits for one thing")
        };
        assert!(
            wait.name == "table" && about(wait.ns, waited) && wait.times == 1,
            "{wait:?}"
        );
    }
    assert!(thread(&stats, "a").totals.waits.is_empty());
    let table = stats.locks.iter().find(|lock| lock.name == "table").expect("the lock");
    assert!(about(table.held_ns, 300.0) && about(table.waited_ns, 300.0));
    assert_eq!((table.acquired, table.waits), (3, 2));
    for name in ["a", "b", "c"] {
        let totals = &thread(&stats, name).totals;
        assert!(
            about(totals.cpu_ns(), 100.0) && about(totals.time(StateClass::Asleep), 50.0),
            "{name}"
        );
        assert!(totals.sums.gil_ns < 1_000_000, "{name} computes without the GIL");
    }
    assert!(about(stats.totals.cpu_ns(), 300.0));
    assert_eq!((calls(&stats, "clock_nanosleep"), calls(&stats, "clone")), (3, 3));
    // Nothing runs beside anything else, and in the last 50 ms nothing runs at all: no gain, and none to be had.
    let speed = stats.speed.expect("counted");
    assert!(
        (speed.speed_up() - 1.0).abs() < 0.02 && speed.bound(None) < 1.02,
        "{speed:?}"
    );
    assert!(about(speed.idle_ns, 50.0));
}

/// 100 ms alone, then 300 ms in each of two threads, which begin together.
const HALF: &str = "
import lab, threading, time
def work():
    time.sleep(0.001)
    lab.c_call(0.3, release_gil=RELEASE)
lab.c_call(0.1, release_gil=RELEASE)
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
";

#[test]
fn speed_up_and_amdahls_bound() {
    let free = stats(&HALF.replace("RELEASE", "True"));
    let speed = free.speed.expect("counted");
    assert!(about(speed.sequential_ns(), 700.0) && about(free.elapsed_ns, 400.0));
    assert!(
        (speed.serial_part() - 1.0 / 7.0).abs() < 0.01,
        "{}",
        speed.serial_part()
    );
    assert!((speed.speed_up() - 1.75).abs() < 0.02 && (speed.bound(Some(2)) - 1.75).abs() < 0.02);
    assert!((speed.bound(None) - 7.0).abs() < 0.3);
    // With the GIL the program would allow as much, but gets nothing of it: the second thread waits for the first, and main, which the first
    // one wakes when it ends, for the second.
    let held = stats(&HALF.replace("RELEASE", "False"));
    let speed = held.speed.expect("counted");
    assert!(
        (speed.speed_up() - 1.0).abs() < 0.02 && speed.bound(Some(2)) > 1.7,
        "{speed:?}"
    );
    assert!(about(held.totals.sums.gil_ns, 700.0) && about(held.totals.time(StateClass::GilWait), 600.0));
    assert!((held.utilisation() - 0.5).abs() < 0.01);
}

/// Under Python 2.7 two threads on two cores fail to take the GIL thousands of times, and are slower than one after the other.
#[test]
fn contention_of_python_2() {
    let program = "# /// lab\n# python = \"2.7\"\n# computer = \"macbook-2009\"\n# ///\nimport threading\ndef count(n):\n    while n > 0: n -= 1\nthreads = [threading.Thread(target=count, args=(1_000_000,)) for _ in range(2)]\nfor t in threads: t.start()\nfor t in threads: t.join()\n";
    let stats = stats(program);
    assert!(stats.totals.sums.failed > 1_000, "{}", stats.totals.sums.failed);
    assert!(calls(&stats, "futex_wake (GIL)") > 1_000);
    let speed = stats.speed.expect("counted");
    assert!((0.4..0.7).contains(&speed.speed_up()), "{speed:?}");
}

fn sweep(scenario: &Scenario, over: &str) -> Vec<Point> {
    let mut sweeping = Sweeping::new(Sweep::new(scenario, over).expect(over), Limits::default());
    let mut points = Vec::new();
    while !sweeping.is_over() {
        points.extend(sweeping.advance(3_000_000));
    }
    points
}

/// Seed 004's curve: two threads that call C code of n steps, against one after the other. Without the GIL from under 1 towards 2,
/// with it never above 1.
#[test]
fn the_curve_of_churn() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/gallery/churn.py");
    let text = std::fs::read_to_string(path).expect("the program");
    let over = "N=100,300,1000,3000,10000,100000,1000000";
    let curve = |text: &str| -> Vec<f64> {
        let points = sweep(&scenario(text), over);
        Quantity::Printed
            .of(&points)
            .into_iter()
            .map(|one| one.expect("a number"))
            .collect()
    };
    let free = curve(&text);
    assert!(free.is_sorted(), "{free:?}");
    assert!(free[0] < 0.9 && free[6] > 1.95 && free[6] <= 2.0, "{free:?}");
    let held = curve(&text.replace("RELEASE = True", "RELEASE = False"));
    // It need not rise everywhere: where the checks of short calls fall makes a few per cent.
    assert!(
        held.iter().all(|one| *one <= 1.0) && held[0] < 0.9 && held[6] > 0.95,
        "{held:?}"
    );
}

#[test]
fn sweeps_over_settings_and_constants() {
    let program = "import lab, threading\nN = 4\nTEXT = 'N = 9'\nthreads = [threading.Thread(target=lab.c_call, args=(0.1,), kwargs={'release_gil': True}) for _ in range(N)]\nfor t in threads: t.start()\nfor t in threads: t.join()\nprint(N, TEXT)\n";
    let scenario = scenario(program);
    let speed_up = Quantity::SpeedUp.of(&sweep(&scenario, "cores=1,2,4"));
    for (measured, cores) in speed_up.iter().zip([1.0, 2.0, 4.0]) {
        assert!((measured.expect("a number") - cores).abs() < 0.05, "{speed_up:?}");
    }
    let points = sweep(&scenario, "N=1..3");
    assert_eq!(
        points.iter().map(|point| point.x).collect::<Vec<_>>(),
        [Some(1.0), Some(2.0), Some(3.0)]
    );
    assert_eq!(Quantity::Printed.of(&points)[0], Some(9.0), "the string stays as it is");
    let intervals = Sweep::new(&scenario, "interval=500us, 5ms").expect("intervals");
    assert_eq!(
        (intervals.label.as_str(), intervals.variants[0].x),
        ("interval, ms", Some(0.5))
    );
    let versions = sweep(&scenario, "version=2.7,3.13t");
    assert!(
        versions.len() == 2 && versions.iter().all(|point| point.problem.is_none()),
        "{versions:?}"
    );
    let failing = sweep(&scenario, "N=2,'x'");
    assert!(failing[0].problem.is_none());
    assert!(
        failing[1]
            .problem
            .as_deref()
            .is_some_and(|why| why.starts_with("TypeError")),
        "{failing:?}"
    );
}

#[test]
fn what_cannot_be_swept_is_refused_with_a_sentence() {
    let scenario = scenario("N = 1\nM = N + 1\n");
    for over in [
        "cores",
        "cores=",
        "cores=1,,2",
        "cores=0",
        "cores=65",
        "cores=two",
        "interval=5",
        "version=3.3",
        "title=a",
        "limits.time=1s",
        "M=1",
        "K=1",
        "N=M",
        "N=5..1",
        "N=1..1000",
        "computer=abacus",
    ] {
        let why = Sweep::new(&scenario, over).expect_err(over);
        assert!(why.ends_with('.') && why.len() > 15, "{over}: {why}");
    }
}

#[test]
fn the_command_line_sweeps() {
    let folder = std::env::temp_dir().join(format!("heddle-sweep-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (file, svg) = (folder.join("main.py"), folder.join("plot.svg"));
    std::fs::write(&file, "import time\nN = 1\nprint('hidden')\ntime.sleep(N)\n").expect("a file");
    let sweep = |more: &[&str]| {
        let file = file.to_str().expect("UTF-8");
        program::say(&folder, &[&["sweep", file], more].concat())
    };
    let said = sweep(&["--over", "N=1,2", "--svg", svg.to_str().expect("UTF-8")]);
    assert_eq!(said.stdout.lines().next(), Some("N                 virtual time, ms"));
    assert!(
        said.stdout
            .lines()
            .nth(2)
            .is_some_and(|line| line.starts_with("2                 200")),
        "{}",
        said.stdout
    );
    assert!(
        std::fs::read_to_string(&svg)
            .expect("a plot")
            .contains("virtual time, ms")
    );
    let csv = sweep(&["--over", "N=1,-1", "--csv", "--measure", "cpu"]);
    assert!(
        csv.stdout.starts_with("N,time,cpu,speed-up,") && csv.stdout.contains("ValueError"),
        "{}",
        csv.stdout
    );
    let refused = sweep(&["--over", "M=1"]);
    assert!(
        refused.stderr.contains("M is no constant of the program"),
        "{}",
        refused.stderr
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}
