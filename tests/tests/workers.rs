//! Processes in workers of their own: the same scenario has the same trace, to the byte, for every number of workers.
//!
//! The workers are here copies of the run that get their orders as bytes and answer with bytes, as Web Workers do; those are tested by `tests/e2e`.

mod run;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use heddle_lab::{Limits, Outcome, Part, Run};
use heddle_scenario::Scenario;

/// What somebody sees of a run.
#[derive(Debug, PartialEq)]
struct Seen {
    hash: String,
    output: String,
    outcome: Outcome,
    trace: Vec<u8>,
}

/// Runs to the end with so many workers, `work` units at a time; how often a process has moved to one. Of several answers on their way the one sent last comes
/// first, if `backwards`.
fn with_workers(scenario: &Scenario, workers: usize, work: u64, backwards: bool) -> (Seen, usize) {
    let mut run = Run::new(scenario, Limits::default()).unwrap_or_else(|error| panic!("{error}"));
    run.spread(workers, 0);
    let (mut parts, mut answers, mut moved) = (BTreeMap::<usize, Part>::new(), VecDeque::new(), 0);
    let mut output = String::new();
    let outcome = loop {
        let progress = run.advance(work);
        output.extend(progress.output.iter().map(|chunk| chunk.text.as_str()));
        for host in run.closed_hosts() {
            parts.remove(&host).expect("a host that was opened");
        }
        if let Some(outcome) = progress.finished {
            break outcome;
        }
        if let Some(host) = run.leaving() {
            let part = Part::of(run.clone()).expect("a part");
            assert!(parts.insert(host, part).is_none(), "the host is free");
            run.left();
            moved += 1;
        }
        for (&host, part) in &mut parts {
            if let Some(orders) = run.orders(host) {
                answers.push_back(part.obey(&orders).expect("good orders"));
            }
        }
        if run.is_waiting() {
            let answer = if backwards {
                answers.pop_back()
            } else {
                answers.pop_front()
            };
            run.reported(&answer.expect("an answer that the run waits for"));
        }
    };
    assert!(parts.is_empty(), "no worker outlives its run");
    let seen = Seen {
        hash: run.trace_hash().to_string(),
        output,
        outcome,
        trace: run.trace_bytes(),
    };
    (seen, moved)
}

/// Names and texts of programs in a folder of this one, below a prefix.
fn programs(folder: &str, prefixes: &[&str]) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).expect("the folder").flatten();
    let mut all: Vec<(String, String)> = files
        .filter_map(|entry| {
            let name = entry.file_name().to_str()?.to_owned();
            let wanted = name.ends_with(".py") && prefixes.iter().any(|prefix| name.starts_with(prefix));
            wanted.then(|| (name, std::fs::read_to_string(entry.path()).expect("text")))
        })
        .collect();
    all.sort();
    all
}

fn scenario(name: &str, text: &str) -> Scenario {
    Scenario::from_source(name, text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

/// Numbers of workers, portions of work, and whether answers come backwards.
const ALL: [(usize, u64, bool); 4] = [
    (1, 20_000_000, false),
    (2, 77_777, true),
    (4, 20_000_000, true),
    (8, 3_000_000, false),
];

/// The same trace for all these numbers of workers, however the work is divided and whatever order answers come in; how many have moved.
fn check(programs: &[(String, String)], ways: &[(usize, u64, bool)]) -> usize {
    let mut all = 0;
    for (name, text) in programs {
        let scenario = scenario(name, text);
        let (near, moved) = with_workers(&scenario, 0, 20_000_000, false);
        assert_eq!(moved, 0, "{name}");
        for &(workers, work, backwards) in ways {
            let (apart, moved) = with_workers(&scenario, workers, work, backwards);
            assert_eq!(apart.hash, near.hash, "{name} with {workers} workers: {}", apart.output);
            assert!(
                apart == near,
                "{name} with {workers} workers: not the same trace, output or end"
            );
            all += moved;
        }
    }
    all
}

#[test]
fn programs_of_many_processes_run_alike_with_any_number_of_workers() {
    let mut all = programs("suite/workers", &[""]);
    all.extend(programs("suite/determinism", &["shared_memory"]));
    assert!(all.len() >= 14, "the scenarios are not found");
    for one in all {
        assert!(
            check(std::slice::from_ref(&one), &ALL) > 0,
            "{}: nobody has moved",
            one.0
        );
    }
}

#[test]
fn multiprocessing_runs_alike_with_any_number_of_workers() {
    let all = programs("conformance", &["mp_"]);
    assert!(all.len() >= 6, "the scenarios are not found");
    assert!(check(&all, &ALL[1..2]) >= all.len());
}

#[test]
fn forks_and_started_programs_run_alike_with_any_number_of_workers() {
    let all = programs("conformance", &["fork", "subprocess_"]);
    assert!(all.len() >= 8, "the scenarios are not found");
    assert!(check(&all, &ALL[1..3]) >= all.len());
}

#[test]
fn other_versions_and_policies_run_alike_with_any_number_of_workers() {
    let (name, text) = programs("suite/workers", &["threads_in_processes"]).remove(0);
    for (key, value) in [
        ("python", "2.7"),
        ("python", "3.13t"),
        ("python", "3.14"),
        ("policy", "random"),
        ("seed", "7"),
    ] {
        let line = match key {
            "seed" => format!("# {key} = {value}\n"),
            _ => format!("# {key} = \"{value}\"\n"),
        };
        let text = text.replacen("# ///\n", &format!("{line}# ///\n"), 1);
        let name = format!("{key}={value} {name}").replace([' ', '='], "_");
        assert!(check(&[(name, text)], &ALL) > 0);
    }
}

#[test]
fn a_lost_worker_ends_the_run_with_its_sentence() {
    let (name, text) = programs("suite/workers", &["pool"]).remove(0);
    let mut run = Run::new(&scenario(&name, &text), Limits::default()).expect("it starts");
    run.spread(1, 0);
    while run.leaving().is_none() {
        assert!(run.advance(1_000_000).finished.is_none());
    }
    run.left();
    run.lost("A worker is gone.".to_owned());
    let outcome = run.advance(1).finished.expect("it is over");
    assert_eq!(outcome.exit_status, 4);
    assert_eq!(
        outcome.kind,
        heddle_lab::Kind::LimitReached("A worker is gone.".to_owned())
    );
    assert_eq!(run.closed_hosts(), [0]);
}
