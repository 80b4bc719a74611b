//! The gallery's chapter on processes: the measured programs take the time they name. What each prints is in `gallery.rs`.

mod run;

use heddle_lab::Kind;
use heddle_scenario::{File, Scenario};
use heddle_trace::{Between, EventKind, Trace};
use run::Ended;
use std::path::{Path, PathBuf};

fn gallery() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/gallery")
}

/// A program of the gallery with the files of the folder of its name; `change` is made in its text.
fn run(name: &str, change: [&str; 2]) -> Ended {
    let read =
        |path: PathBuf| std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let source = read(gallery().join(format!("{name}.py")));
    assert!(source.contains(change[0]), "{name} has no {}", change[0]);
    let source = source.replacen(change[0], change[1], 1);
    let mut scenario = Scenario::from_source("main.py", &source).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    for file in std::fs::read_dir(gallery().join(name)).into_iter().flatten() {
        let path = file.expect("a file").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name")
            .to_owned();
        scenario.files.push(File { name, text: read(path) });
    }
    run::to_end(&scenario, 10_000_000)
}

/// The seconds that a program has printed as the first number of its last line, and those its author measured, agree within a tenth.
fn takes(name: &str, change: [&str; 2], measured_s: f64) {
    let ended = run(name, change);
    let output = ended.stdout();
    let last = output.lines().last().unwrap_or_default();
    let found = last.split_whitespace().find_map(|word| word.parse::<f64>().ok());
    let found = found.unwrap_or_else(|| panic!("{name}: {}", ended.output()));
    let off = (found / measured_s - 1.0).abs();
    assert!(off <= 0.1, "{name} with {}: {found} s, not {measured_s} s", change[1]);
}

/// "An Introduction to Python Concurrency", part 10. Two threads, 45.5 s, are in the tests of the profiles.
#[test]
fn a_hundred_million_twice_in_processes_takes_half_the_time() {
    takes("mp_three_ways", ["", ""], 12.5);
    takes("mp_three_ways", ["WAY = \"processes\"", "WAY = \"sequential\""], 24.6);
}

/// The same, "Pool Example".
#[test]
fn a_pool_of_two_digests_the_files_in_little_more_than_half_the_time() {
    takes("mp_digests", ["POOL = True", "POOL = False"], 10.0);
    takes("mp_digests", ["", ""], 5.6);
}

/// Who waits is named with its process, for every process has a MainThread.
#[test]
fn the_deadlock_of_the_pool_names_processes() {
    let ended = run("mp_future_deadlock", ["", ""]);
    let Kind::Deadlock(report, _) = &ended.outcome.kind else {
        panic!("{:?}", ended.outcome)
    };
    let sentences: Vec<String> = report.threads.iter().map(|thread| thread.sentence()).collect();
    let says = |wanted: &str| assert!(sentences.iter().any(|one| one == wanted), "{wanted}: {sentences:#?}");
    says("MainThread of process 4001 waits for future `future`");
    says("MainThread of process 4002 waits for lock `pool._shutdown_lock`, which it holds itself");
}

/// What the trace tells of what happens between processes.
fn between(ended: &Ended) -> (Vec<(u32, Between)>, Trace) {
    let trace = ended.run.trace();
    let told = trace.events.iter().filter_map(|event| match event.kind {
        EventKind::Between(between) => Some((event.id.process.0, between)),
        _ => None,
    });
    (told.collect(), trace)
}

#[test]
fn the_trace_tells_who_was_copied_and_asked_for() {
    let ended = run("mp_start", ["", ""]);
    let (told, _) = between(&ended);
    let forked: Vec<u32> = told
        .iter()
        .filter_map(|(by, between)| match between {
            Between::Forked {
                child,
                objects,
                bytes,
                descriptors,
            } => {
                assert_eq!(*by, 1);
                assert!(
                    *objects > 1_000 && *bytes > 10 * objects,
                    "{objects} objects, {bytes} bytes"
                );
                assert!(*descriptors >= 3, "{descriptors} descriptors");
                Some(child.0)
            }
            _ => None,
        })
        .collect();
    assert_eq!(forked, [2, 3, 4, 5]);
    let mut reaped: Vec<u32> = told
        .iter()
        .filter_map(|(_, between)| match between {
            Between::Reaped { child } => Some(child.0),
            _ => None,
        })
        .collect();
    reaped.sort_unstable();
    assert_eq!(reaped, forked);
}

#[test]
fn the_trace_tells_messages_in_short_and_how_long_pickling_takes() {
    let ended = run("mp_pipe_both", ["", ""]);
    let (told, trace) = between(&ended);
    let sent: Vec<_> = told
        .iter()
        .filter_map(|(by, between)| match between {
            Between::Sends { bytes, text, name } => Some((*by, trace.text(*name), trace.text(*text), *bytes)),
            _ => None,
        })
        .collect();
    let texts: Vec<_> = sent.iter().map(|(by, name, text, _)| (*by, *name, *text)).collect();
    assert_eq!(
        texts,
        [
            (1, "here", "['Hello', 'World']"),
            (2, "there", "['Good', 'Night']"),
            (2, "there", "b'raw bytes are not pi…'"),
        ]
    );
    assert_eq!(sent[2].3, 25);
    let pickled: Vec<_> = told
        .iter()
        .filter_map(|(by, between)| match between {
            Between::Pickled { ns, text, loads } => {
                assert!(*ns > 1_000, "{ns} ns");
                Some((*by, trace.text(*text), *loads))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        pickled,
        [
            (1, "['Hello', 'World']", false),
            (2, "['Hello', 'World']", true),
            (2, "['Good', 'Night']", false),
            (1, "['Good', 'Night']", true),
        ]
    );
    // Everything that was written was read, four bytes before each message.
    let flows =
        |wanted: fn(&Between) -> Option<u64>| told.iter().filter_map(|(_, between)| wanted(between)).sum::<u64>();
    let written = flows(|between| match between {
        Between::Written(flow) => Some(flow.bytes),
        _ => None,
    });
    let read = flows(|between| match between {
        Between::Read(flow) => Some(flow.bytes),
        _ => None,
    });
    let messages: u64 = sent.iter().map(|(.., bytes)| bytes + 4).sum();
    assert_eq!((written, read), (messages, messages));
}

/// What stands in memory that only the computer can read is told by its size, and costs the program nothing.
#[test]
fn messages_from_shared_memory_are_told_without_reading_it() {
    let program = "import multiprocessing as mp\n\
                   from multiprocessing import shared_memory\n\
                   block = shared_memory.SharedMemory(create=True, size=64)\n\
                   here, there = mp.Pipe()\n\
                   here.send_bytes(block.buf[:5])\n\
                   here.send_bytes(memoryview(bytearray(b'plain text'))[6:])\n\
                   print(there.recv_bytes(), there.recv_bytes())\n\
                   block.close()\n\
                   block.unlink()\n";
    let scenario = Scenario::from_source("main.py", program).expect("a scenario");
    let ended = run::to_end(&scenario, 10_000_000);
    assert_eq!(ended.output(), "b'\\x00\\x00\\x00\\x00\\x00' b'text'\n");
    let (told, trace) = between(&ended);
    let sent: Vec<_> = told
        .iter()
        .filter_map(|(_, between)| match between {
            Between::Sends { bytes, text, .. } => Some((*bytes, trace.text(*text))),
            _ => None,
        })
        .collect();
    assert_eq!(sent, [(5, "b'…'"), (4, "b'text'")]);
}

/// Equal seeds give equal traces, whatever runs between processes.
#[test]
fn the_chapter_has_one_trace() {
    for name in ["mp_primes", "mp_spawn_fork", "mp_manager", "mp_pool_maps", "mp_channel"] {
        let (once, again) = (run(name, ["", ""]), run(name, ["", ""]));
        assert_eq!(once.run.trace().hash, again.run.trace().hash, "{name}");
    }
}
