//! Several interpreters in one process: what a GIL for each is worth by version, what goes from one to another, how trouble in one is told.
//!
//! What 3.13 has of them already is in `conformance/subinterpreters.py` and `subinterpreter_queues.py`.

use heddle_tests::program::{self, Said};

fn run(name: &str, more: &[&str]) -> Said {
    program::suite("interpreters", name, more)
}

/// Seconds with threads and with interpreters.
fn seconds(more: &[&str]) -> (f64, f64) {
    let said = run("speed.py", more);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    let number = |name: &str| {
        let line = said.stdout.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim().parse::<f64>().ok())
            .unwrap_or_else(|| panic!("no {name}\n{}", said.stdout))
    };
    (number("threads"), number("interpreters"))
}

#[test]
fn two_interpreters_on_two_cores_need_half_the_time_of_two_threads() {
    for python in ["3.12", "3.14"] {
        let (threads, interpreters) = seconds(&["--python", python]);
        let ratio = threads / interpreters;
        assert!((1.85..2.1).contains(&ratio), "{python}: {ratio}");
    }
}

#[test]
fn they_need_cores_and_a_version_with_a_gil_for_each() {
    for more in [["--python", "3.11"], ["--cores", "1"]] {
        let (threads, interpreters) = seconds(&more);
        assert!(interpreters > threads * 0.95, "{more:?}: {threads} {interpreters}");
    }
    let (threads, interpreters) = seconds(&["--python", "3.14t"]);
    assert!(
        (0.9..1.1).contains(&(threads / interpreters)),
        "{threads} {interpreters}"
    );
}

/// The facts are CPython 3.14's, by its documentation and its own tests.
#[test]
fn values_functions_and_exceptions_go_and_come_back() {
    let said = run("calls.py", &["--python", "3.14"]);
    let (shown, pool) = said.stdout.split_once("started").expect("the pool starts");
    assert_eq!(
        shown.lines().map(str::trim_end).take(9).collect::<Vec<_>>(),
        [
            "42 4 None",
            "(15, '<fake __main__>') 7",
            "True 8",
            "(1, (1, [2]), {'key': {'k': None}})",
            "NotShareableError | object could not be pickled",
            "ExecutionFailed | TypeError: unsupported operand type(s) for *: 'function' and 'int'",
            "",
            "Uncaught in the interpreter:",
            "",
        ],
        "{}\n{}",
        said.stdout,
        said.stderr
    );
    let end = [
        "<built-in function print>",
        "NotShareableError | object could not be pickled",
        "Oops told True",
        "in a thread",
        "",
    ];
    assert!(shown.ends_with(&end.join("\n")), "{shown}");
    let rest = [
        " <fake __main__>",
        "started <fake __main__>",
        "[(0, '<fake __main__>'), (3, '<fake __main__>'), (6, '<fake __main__>'), (9, '<fake __main__>')]",
        "True (5,) ExecutionFailed",
        "False True",
        "NotShareableError | object could not be pickled",
        "[Interpreter(0)]",
        "BrokenInterpreterPool",
        "",
    ];
    assert_eq!(pool, rest.join("\n"), "{}", said.stderr);
}

#[test]
fn a_deadlock_names_the_interpreter_and_shows_the_way_into_it() {
    let said = run("deadlock.py", &[]);
    assert_eq!(said.exit, 3, "{}", said.stderr);
    for text in [
        "A in interpreter 1 waits for lock `second`, held by B in interpreter 1",
        "B in interpreter 1 waits for lock `first`, held by A in interpreter 1",
        "MainThread in interpreter 1 waits for thread A",
        "File \"deadlock.py\", line 5, in <module>",
    ] {
        assert!(said.stderr.contains(text), "{text}\n{}", said.stderr);
    }
}

#[test]
fn the_limit_of_memory_is_for_all_of_them_together() {
    let said = run("memory.py", &["--max-memory", "40000000"]);
    let made = said.stdout.matches("one more").count();
    assert!((2..6).contains(&made), "{made}\n{}", said.stderr);
    assert!(said.stderr.contains("MemoryError"), "{}", said.stderr);
    assert_eq!(run("memory.py", &[]).stdout.matches("one more").count(), 6);
}

#[test]
fn each_gil_has_its_row_of_statistics() {
    let said = run("speed.py", &["--stats"]);
    let told = said.stdout + &said.stderr;
    assert!(told.contains("process 4001, GIL 1"), "{told}");
    assert!(told.contains("process 4001, GIL 2"), "{told}");
}

#[test]
fn a_child_has_the_main_one_alone_and_copies_have_a_limit() {
    let said = run("forks.py", &["--python", "3.14"]);
    assert_eq!(
        said.stdout, "fork not supported for isolated subinterpreters\n[0]\n[0, 1]\nMemoryError\n",
        "{}",
        said.stderr
    );
}
