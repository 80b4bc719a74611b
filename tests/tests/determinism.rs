//! Same scenario, same trace: twice in one build, in portions of any size, and in debug (this test) as in release (`heddle`).
//!
//! That wasm says the same is shown by the browser tests, which compare with `heddle` too.

mod run;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use heddle_scenario::{Key, Scalar, Scenario};
use heddle_tests::program;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/determinism")
}

/// The scenarios by name, as text.
fn scenarios() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = std::fs::read_dir(folder())
        .expect("the folder")
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_str()?.to_string();
            name.ends_with(".py")
                .then(|| (name, std::fs::read_to_string(entry.path()).expect("text")))
        })
        .collect();
    all.sort();
    assert!(all.len() >= 5, "the scenarios are not found");
    all
}

/// What a run says: its trace hash and its standard output and error.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    hash: String,
    output: String,
}

/// Runs to the end, `work` units at a time.
fn tell(scenario: &Scenario, work: u64) -> Told {
    let ended = run::to_end(scenario, work);
    let output = ended.output();
    assert_eq!(ended.outcome.exit_status, 0, "{output}");
    Told {
        hash: ended.run.trace_hash().to_string(),
        output,
    }
}

fn scenario(name: &str, text: &str) -> Scenario {
    Scenario::from_source(name, text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

#[test]
fn twice_the_same_scenario_gives_the_same_trace() {
    for (name, text) in scenarios() {
        let scenario = scenario(&name, &text);
        assert_eq!(tell(&scenario, 20_000_000), tell(&scenario, 20_000_000), "{name}");
    }
}

#[test]
fn how_the_work_is_divided_changes_nothing() {
    for (name, text) in scenarios() {
        let scenario = scenario(&name, &text);
        assert_eq!(tell(&scenario, 20_000_000), tell(&scenario, 77_777), "{name}");
    }
}

#[test]
fn debug_and_release_tell_the_same() {
    for (name, text) in scenarios() {
        let debug = tell(&scenario(&name, &text), 20_000_000);
        let mut command = Command::new(program::heddle().expect("heddle"));
        command.args(["run", "--hash", &name]).current_dir(folder());
        let said = program::run(&mut command, Duration::from_secs(60)).expect("it runs");
        assert_eq!(said.last_error(), format!("trace hash: {}", debug.hash), "{name}");
        let output = said.stdout + said.stderr.rsplit_once("trace hash: ").map_or("", |(before, _)| before);
        assert_eq!(output, debug.output, "{name}");
    }
}

#[test]
fn the_hash_sees_the_seed_and_the_cores() {
    let (name, text) = scenarios()
        .into_iter()
        .find(|(name, _)| name == "queue_race.py")
        .expect("queue_race.py");
    let base = tell(&scenario(&name, &text), 20_000_000);
    for (key, value) in [(Key::Cores, 1), (Key::Seed, 99)] {
        let mut changed = scenario(&name, &text);
        changed
            .machine
            .set(key, &Scalar::Number(value))
            .expect("a good setting");
        assert_ne!(base.hash, tell(&changed, 20_000_000).hash, "{key:?} = {value}");
    }
}
