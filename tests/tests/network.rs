//! The simulated network: what its hosts answer and how long that takes, and what waiting for them costs.

use std::path::Path;

use heddle_tests::program::{self, Said};

fn run(name: &str, more: &[&str]) -> Said {
    program::suite("network", name, more)
}

/// The first number after this text, in seconds.
fn seconds(said: &Said, before: &str) -> f64 {
    let rest = said.stdout.split_once(before).map_or("", |(_, rest)| rest);
    let number: String = rest
        .trim_start()
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    number
        .parse()
        .unwrap_or_else(|_| panic!("no number after \"{before}\"\n{}\n{}", said.stdout, said.stderr))
}

fn close_to(found: f64, wanted: f64, percent: f64) {
    let off = (found / wanted - 1.0).abs() * 100.0;
    assert!(off <= percent, "{found} s is {off:.1} % off {wanted} s");
}

/// Seed 003: two requests took 1.63 s one after the other and 0.67 s in threads.
#[test]
fn two_requests_are_as_fast_as_one_in_threads() {
    let said = run("../../../web/gallery/requests_threads.py", &[]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    assert_eq!(said.stdout.matches("200\n").count(), 4);
    close_to(seconds(&said, "synchronously took"), 1.63, 5.0);
    close_to(seconds(&said, "threads took"), 0.67, 5.0);
}

/// Seed 001: three sites of two seconds each take more than six seconds, and about two with threads.
#[test]
fn three_sites_at_once_take_as_long_as_one() {
    let said = run("../../../web/gallery/three_sites.py", &[]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    let alone = seconds(&said, "one thread:");
    assert!(alone > 6.0 && alone < 6.6, "{alone}");
    close_to(seconds(&said, "three threads:"), 2.0, 10.0);
}

#[test]
fn hosts_answer_every_client() {
    let said = run("clients.py", &[]);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/network/clients.expected");
    let expected = std::fs::read_to_string(expected).expect("the expected answers");
    assert_eq!(said.stdout, expected, "{}", said.stderr);
}

#[test]
fn the_network_is_the_same_for_every_run_of_a_seed() {
    for policy in ["fair", "random"] {
        let first = run("clients.py", &["--policy", policy]);
        let second = run("clients.py", &["--policy", policy]);
        assert_eq!((first.exit, second.exit), (0, 0), "{}", first.stderr);
        assert_eq!(first.stdout, second.stdout);
    }
}

#[test]
fn hosts_that_are_declared_badly_are_refused() {
    let code = "# /// lab\n# hosts = \"a.example latency=soon\"\n# ///\nprint('never')\n";
    let path = std::env::temp_dir().join(format!("heddle-bad-host-{}.py", std::process::id()));
    std::fs::write(&path, code).expect("a file");
    let said = run(path.to_str().expect("a path"), &[]);
    std::fs::remove_file(&path).expect("the file is there");
    assert_eq!(said.exit, 2, "{}", said.stdout);
    assert!(said.stderr.contains("host a.example"), "{}", said.stderr);
}
