//! Programs made by chance (`heddle_tests::fuzz`): none may panic, and what ends by itself says what CPython says.
//!
//! The numbers of cases are fixed, so a run takes the same work everywhere. `FUZZ_SEED=N` begins elsewhere, `FUZZ_CASES=N` makes more.

mod run;

use heddle_lab::{Kind, Limits, Run};
use heddle_scenario::Scenario;
use heddle_tests::{fuzz, python};

/// Of each kind: about two minutes together on two cores.
const CASES: u64 = 2000;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Tells the program when a test ends by a panic.
struct Told<'a>(u64, &'a str);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}\n{}", self.0, self.1);
        }
    }
}

/// What a program writes; None: it does not compile or a limit ended it.
fn output_of(text: &str) -> Option<String> {
    let scenario = Scenario::from_source("main.py", text).ok()?;
    let limits = Limits {
        time_ns: 2_000_000_000,
        memory_bytes: 64 << 20,
        steps: 20_000_000,
        output_bytes: 1 << 20,
        threads: 50,
    };
    let ended = run::go_on(Run::new(&scenario, limits).ok()?, 10_000_000, |_, _| ());
    matches!(ended.outcome.kind, Kind::Finished).then(|| ended.stdout())
}

fn corpus() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the programs are there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    files.sort();
    files
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect()
}

#[test]
fn damaged_programs_do_not_panic() {
    let corpus = corpus();
    let first = number("FUZZ_SEED", 1);
    for seed in first..first + number("FUZZ_CASES", CASES) {
        let text = fuzz::mutated(&corpus[seed as usize % corpus.len()], seed);
        let _told = Told(seed, &text);
        let _ = output_of(&text);
    }
}

#[test]
fn generated_programs_say_what_cpython_says() {
    let cpython = python::cpython_3_13().ok();
    let folder = std::env::temp_dir().join(format!("heddle-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for programs");
    let file = folder.join("main.py");
    let first = number("FUZZ_SEED", 1);
    let mut compared = 0;
    for seed in first..first + number("FUZZ_CASES", CASES) {
        let text = fuzz::program(seed, 25);
        let _told = Told(seed, &text);
        let ours = output_of(&text);
        let Some(cpython) = &cpython else { continue };
        std::fs::write(&file, &text).expect("the folder can be written");
        let theirs = python::run(cpython, &file).expect("CPython ends");
        let Some(ours) = ours else {
            assert_ne!(theirs.exit, 0, "seed {seed}: CPython ends by itself");
            continue;
        };
        let differing = ours.lines().zip(theirs.stdout.lines()).find(|(a, b)| a != b);
        assert!(
            differing.is_none() && ours.lines().count() == theirs.stdout.lines().count(),
            "seed {seed}: (ours, CPython's) {differing:?}, status {}",
            theirs.exit
        );
        compared += 1;
    }
    std::fs::remove_dir_all(&folder).expect("our own folder");
    assert!(
        cpython.is_none() || compared > 50 || number("FUZZ_CASES", CASES) < 100,
        "only {compared} programs were compared"
    );
}
