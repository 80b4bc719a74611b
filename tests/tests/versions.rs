//! What a version of Python decides beside its GIL's algorithm: rules of its library, where signals are handled, what a long call holds up.
//! The programs are in `suite/versions`.

use heddle_tests::program::{Said, suite};

fn run(name: &str, python: &str, more: &[&str]) -> Said {
    let said = suite("versions", name, &[&["--python", python], more].concat());
    assert_eq!(said.exit, 0, "{name} under {python}: {}", said.stderr);
    said
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// As `concurrent/futures/thread.py` and `multiprocessing/context.py` of these versions say it; with 4 cores.
#[test]
fn the_library_follows_the_version() {
    let fork = "fork fork fork spawn forkserver";
    let forkserver = "forkserver forkserver forkserver fork spawn";
    // Start methods; default of `max_workers`; threads after 8 tasks in turn; idle workers after 4 tasks of two.
    for (python, methods, most, threads, idle) in [
        ("2.7", fork, 20, 8, 0),
        ("3.2", fork, 20, 8, 0),
        ("3.9", fork, 8, 1, 4),
        ("3.10", fork, 8, 1, 4),
        ("3.11", fork, 8, 1, 4),
        ("3.12", fork, 8, 1, 2),
        ("3.13", fork, 8, 1, 2),
        ("3.13t", fork, 8, 1, 2),
        ("3.14", forkserver, 8, 1, 2),
        ("3.14t", forkserver, 8, 1, 2),
    ] {
        let said = run("library.py", python, &["--cores", "4"]);
        let wanted = format!("{methods}\n{most} {threads}\n{idle}\n");
        assert_eq!(said.stdout, wanted, "Python {python}");
    }
    let many = run("library.py", "3.13", &["--cores", "64"]);
    assert!(many.stdout.contains("\n32 1\n"), "{}", many.stdout);
}

/// In 2.7 the signal waits for the main thread, which waits for a lock that no signal interrupts, and every tick is a check: measured under
/// 2.7.18, a countdown then takes 4.6 times as long. Later versions handle it at once.
#[test]
fn a_pending_signal_makes_every_tick_a_check_in_2_7() {
    let told = run("pending_signal.py", "2.7", &[]).stdout;
    let [times] = numbers(&told)[..] else { panic!("{told}") };
    assert!(told.starts_with("True ") && (3.7..5.5).contains(&times), "{told}");
    for python in ["3.2", "3.9", "3.13", "3.14"] {
        let told = run("pending_signal.py", python, &[]).stdout;
        let [times] = numbers(&told)[..] else { panic!("{told}") };
        assert!(told.starts_with("False ") && (0.9..1.1).contains(&times), "{told}");
    }
}

/// Two threads that compute signal each other at every tick then, instead of at every hundredth.
#[test]
fn a_pending_signal_makes_threads_fight_at_every_tick_in_2_7() {
    let told = run("storm.py", "2.7", &[]).stdout;
    let [calm, storm, handled] = numbers(&told)[..] else {
        panic!("{told}")
    };
    assert!(storm > 3.5 * calm && handled >= 1.0, "{told}");
    let told = run("storm.py", "3.9", &[]).stdout;
    let [calm, storm, _] = numbers(&told)[..] else {
        panic!("{told}")
    };
    assert!(storm < 2.0 * calm, "{told}");
}

/// Nothing but the GIL keeps a woken thread from running on while another is in C code.
#[test]
fn who_is_woken_beside_c_code_waits_for_the_gil() {
    for python in ["2.7", "3.9", "3.13"] {
        let said = run("woken_in_c_code.py", python, &["--stats"]);
        assert!(numbers(&said.stdout)[0] > 0.05, "Python {python}: {}", said.stdout);
        let column = |line: &str, at: usize| numbers(line).get(at).copied().unwrap_or(f64::NAN);
        let woken = said
            .stderr
            .lines()
            .find(|line| line.starts_with("woken"))
            .unwrap_or_default();
        // running, C code, ready, wants GIL
        assert!(
            column(woken, 1) < 0.1 && column(woken, 3) > 49.0,
            "Python {python}: {}",
            said.stderr
        );
    }
    let said = run("woken_in_c_code.py", "3.14t", &[]);
    assert!(numbers(&said.stdout)[0] < 0.001, "{}", said.stdout);
}

#[test]
fn who_is_woken_beside_c_code_has_the_lock() {
    for python in ["2.7", "3.9", "3.13", "3.14t"] {
        assert_eq!(
            run("taken_in_c_code.py", python, &[]).stdout,
            "woken main\n",
            "Python {python}"
        );
    }
}

/// Who has waited for a lock for a millisecond is given it: a `Lock` since 3.13 (from 3.13.1 on), an `RLock` since 3.14. Before, it comes too
/// late again and again.
#[test]
fn locks_are_handed_over_since_3_13() {
    for (python, lock, rlock) in [
        ("2.7", false, false),
        ("3.9", false, false),
        ("3.12", false, false),
        ("3.13", true, false),
        ("3.13t", true, false),
        ("3.14", true, true),
        ("3.14t", true, true),
    ] {
        for seed in ["1", "2"] {
            let told = run("hand_over.py", python, &["--seed", seed]).stdout;
            let waits = numbers(&told);
            let fair: Vec<bool> = waits.iter().map(|&wait| wait < 1.5).collect();
            assert_eq!(fair, [lock, rlock], "Python {python}, seed {seed}: {told}");
        }
    }
}
