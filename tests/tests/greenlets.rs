//! The native module `greenlet`. CPython has no such module, so the programs of `suite/greenlets` say themselves what is wrong (`assert`),
//! or what they print follows from their text.

use heddle_tests::program::{self, Said};

fn run(name: &str) -> Said {
    let said = program::suite("greenlets", name, &[]);
    assert_eq!(said.exit, 0, "{}\n{}", said.stdout, said.stderr);
    assert_eq!(said.stderr, "");
    said
}

#[test]
fn switches_pass_values_and_exceptions_between_stacks() {
    assert_eq!(run("switching.py").stdout, "ok\n");
}

#[test]
fn generators_and_natives_on_the_stack_are_in_nobodys_way() {
    assert_eq!(run("natives.py").stdout, "ok\n");
}

#[test]
fn each_has_its_own_state_and_an_end() {
    assert_eq!(run("state.py").stdout, "ok\nthe last one ends\n");
}

/// Primes below 60; a hub that wakes each task at its time, to the hundredth of a virtual second; sums over 10,000 tasks: of 0 to 9,999
/// and one for each, and two for each; a ring that adds one a thousand times.
#[test]
fn schedulers_are_written_with_them() {
    let expected = "\
2 3 5 7 11 13 17 19 23 29 31 37 41 43 47 53 59
0.10 quick 0
0.20 quick 1
0.25 slow 0
0.30 quick 2
0.40 quick 3
0.50 slow 1
0.50 too late
0.50 quick 4
0.55 cleaned up
True 60.0
50005000 50015000
1 True
1000
";
    assert_eq!(run("tasklets.py").stdout, expected);
}

#[test]
fn stacks_that_wait_count_against_the_limit_of_memory() {
    let said = program::suite(
        "greenlets",
        "memory.py",
        &["--max-memory", "256MiB", "--max-time", "1000s"],
    );
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (0, "MemoryError True\n"),
        "{}",
        said.stderr
    );
}
