//! The arrows between crates: who may use whom, and who may know that there is a browser.
//!
//! Read from `cargo metadata`, so that a dependency that came in through another one is seen too.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// For each crate the crates of ours that it may use directly (also in tests and build scripts).
const ALLOWED: [(&str, &[&str]); 20] = [
    ("heddle-scenario", &[]),
    ("heddle-trace", &[]),
    ("heddle-names", &[]),
    ("heddle-streams", &[]),
    ("heddle-unpack", &["heddle-streams"]),
    ("unicode_names2", &["heddle-names"]),
    ("unicode-normalization", &["heddle-names"]),
    ("heddle-compiler", &["heddle-names"]),
    ("heddle-timeline", &["heddle-trace"]),
    ("heddle-vm", &["heddle-compiler", "heddle-names", "heddle-trace"]),
    (
        "heddle-stdlib",
        &["heddle-compiler", "heddle-names", "heddle-vm", "heddle-trace"],
    ),
    ("heddle-machine", &["heddle-vm", "heddle-trace"]),
    ("heddle-explore", &["heddle-machine", "heddle-vm", "heddle-trace"]),
    (
        "heddle-lab",
        &[
            "heddle-compiler",
            "heddle-vm",
            "heddle-stdlib",
            "heddle-machine",
            "heddle-explore",
            "heddle-trace",
            "heddle-scenario",
        ],
    ),
    ("heddle-protocol", &["heddle-scenario", "heddle-trace"]),
    (
        "heddle-worker",
        &["heddle-protocol", "heddle-lab", "heddle-trace", "heddle-scenario"],
    ),
    (
        "heddle-cli",
        &[
            "heddle-lab",
            "heddle-timeline",
            "heddle-trace",
            "heddle-scenario",
            "heddle-explore",
        ],
    ),
    (
        "heddle-web",
        &["heddle-protocol", "heddle-timeline", "heddle-trace", "heddle-scenario"],
    ),
    (
        "heddle-tests",
        &["heddle-lab", "heddle-trace", "heddle-timeline", "heddle-scenario"],
    ),
    ("xtask", &["heddle-tests", "heddle-streams"]),
];

/// Only these know the browser.
const IN_THE_BROWSER: [&str; 3] = ["heddle-worker", "heddle-unpack", "heddle-web"];

/// The doors to a browser.
const BROWSER: [&str; 4] = ["wasm-bindgen", "js-sys", "web-sys", "yew"];

struct Package {
    name: String,
    /// Names of the packages it uses: all kinds of dependencies of ours; of others what is part of its build for wasm.
    uses: BTreeSet<String>,
}

/// The packages by id, and the ids of ours.
fn packages() -> (BTreeMap<String, Package>, Vec<String>) {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--filter-platform=wasm32-unknown-unknown",
        ])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let names: BTreeMap<String, String> = list(&metadata["packages"])
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let ours: Vec<String> = list(&metadata["workspace_members"]).iter().map(text).collect();
    let mut packages = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let id = text(&node["id"]);
        let is_ours = ours.contains(&id);
        let uses = list(&node["deps"])
            .iter()
            .filter(|dep| {
                let other_is_ours = ours.contains(&text(&dep["pkg"]));
                (is_ours && other_is_ours) || list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null())
            })
            .filter_map(|dep| names.get(&text(&dep["pkg"])).cloned())
            .collect();
        let name = names.get(&id).cloned().unwrap_or_default();
        packages.insert(id, Package { name, uses });
    }
    (packages, ours)
}

/// The shortest way from `from` to one of `goals`.
fn path<'a>(uses: &BTreeMap<&'a str, Vec<&'a str>>, from: &'a str, goals: &[&str]) -> Option<String> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(name) = queue.pop_front() {
        if goals.contains(&name) {
            let mut way = vec![name];
            while let Some(previous) = way.last().and_then(|last| came_from.get(last)) {
                way.push(previous);
            }
            way.reverse();
            return Some(way.join(" -> "));
        }
        for next in uses.get(name).into_iter().flatten() {
            if *next != from && !came_from.contains_key(next) {
                came_from.insert(next, name);
                queue.push_back(next);
            }
        }
    }
    None
}

#[test]
fn crates_use_only_what_stands_below_them() {
    let (packages, ours) = packages();
    let our_names: BTreeSet<&str> = ours
        .iter()
        .filter_map(|id| Some(packages.get(id)?.name.as_str()))
        .collect();
    let mut problems = Vec::new();
    for id in &ours {
        let package = &packages[id];
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == package.name) else {
            problems.push(format!("{} is not in the table of arrows", package.name));
            continue;
        };
        for used in package.uses.iter().filter(|used| our_names.contains(used.as_str())) {
            if !allowed.contains(&used.as_str()) {
                problems.push(format!("{} -> {used} is not allowed", package.name));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn only_worker_unpack_and_web_know_the_browser() {
    let (packages, ours) = packages();
    let mut uses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages.values() {
        uses.entry(&package.name)
            .or_default()
            .extend(package.uses.iter().map(String::as_str));
    }
    let offending: Vec<String> = ours
        .iter()
        .map(|id| packages[id].name.as_str())
        .filter(|name| !IN_THE_BROWSER.contains(name))
        .filter_map(|name| path(&uses, name, &BROWSER))
        .collect();
    assert!(
        offending.is_empty(),
        "the browser is reached by\n{}",
        offending.join("\n")
    );
}

#[test]
fn the_table_has_no_arrow_up() {
    let uses: BTreeMap<&str, Vec<&str>> = ALLOWED
        .iter()
        .map(|(name, allowed)| (*name, allowed.to_vec()))
        .collect();
    for (name, allowed) in ALLOWED {
        for used in allowed {
            let way = path(&uses, used, &[name]);
            assert!(way.is_none(), "{name} -> {}", way.unwrap_or_default());
        }
    }
}
