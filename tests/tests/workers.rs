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

/// How a run is given workers.
#[derive(Clone, Copy)]
struct Way {
    workers: usize,
    /// What one must save a process before it gets it.
    worth: u64,
    /// So many units of work are done at a time.
    work: u64,
    /// Of several answers on their way the one sent last comes first.
    backwards: bool,
}

/// Runs to the end; how often a process has moved to a worker.
fn with_workers(scenario: &Scenario, way: Way) -> (Seen, usize) {
    let mut run = Run::new(scenario, Limits::default()).unwrap_or_else(|error| panic!("{error}"));
    run.spread(way.workers, way.worth);
    let (mut parts, mut answers, mut moved) = (BTreeMap::<usize, Part>::new(), VecDeque::new(), 0);
    let mut output = String::new();
    let outcome = loop {
        let progress = run.advance(way.work);
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
            let answer = if way.backwards {
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

const fn at_once(workers: usize, work: u64, backwards: bool) -> Way {
    Way {
        workers,
        worth: 0,
        work,
        backwards,
    }
}

/// All processes but the first have workers.
const ALL: [Way; 4] = [
    at_once(1, 20_000_000, false),
    at_once(2, 77_777, true),
    at_once(4, 20_000_000, true),
    at_once(8, 3_000_000, false),
];

/// One that computes stays, and they move in the middle of their work.
const WHERE_IT_PAYS: [Way; 2] = [
    Way {
        workers: 2,
        worth: 300_000,
        work: 500_000,
        backwards: true,
    },
    Way {
        workers: 4,
        worth: 2_000_000,
        work: 20_000_000,
        backwards: false,
    },
];

/// The same trace for all these numbers of workers, however the work is divided and whatever order answers come in; how many have moved.
fn check(programs: &[(String, String)], ways: &[Way]) -> usize {
    let mut all = 0;
    for (name, text) in programs {
        let scenario = scenario(name, text);
        let (near, moved) = with_workers(&scenario, at_once(0, 20_000_000, false));
        assert_eq!(moved, 0, "{name}");
        for &way in ways {
            let workers = way.workers;
            let (apart, moved) = with_workers(&scenario, way);
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
fn programs_run_alike_where_processes_move_only_if_that_pays() {
    let mut all = programs("suite/workers", &[""]);
    all.extend(programs("suite/determinism", &["shared_memory"]));
    assert!(check(&all, &WHERE_IT_PAYS) > 0);
}

/// How often processes move where that must save `worth`, in one of the programs of the benchmark.
fn moved(name: &str, worth: u64) -> usize {
    let (name, text) = programs("bench/processes", &[name]).remove(0);
    // The same, but shorter.
    let text = text.replace("80_000_000", "400_000").replace("range(64)", "range(8)");
    let way = Way {
        workers: 4,
        worth,
        work: 20_000_000,
        backwards: false,
    };
    with_workers(&scenario(&name, &text), way).1
}

#[test]
fn one_of_two_that_compute_moves_and_none_of_two_that_talk() {
    assert_eq!(moved("two_counts", 2_000_000), 1);
    assert_eq!(moved("pool_of_two", 2_000_000), 1);
    assert_eq!(moved("pipe", 2_000_000), 0);
    assert_eq!(moved("pipe", 0), 2);
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
