//! How runs end: Python's exit statuses, deadlocks (3) with their report, bad usage (2).

use std::path::Path;

use heddle_tests::program::{self, Said};

fn heddle(args: &[&str]) -> Said {
    program::say(&Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/deadlock"), args)
}

fn code(text: &str) -> Said {
    heddle(&["run", "-c", text])
}

/// A program that somebody sent must not bring files of the reader into a link, nor into a run.
#[test]
fn programs_name_files_in_their_folder_only() {
    let folder = std::env::temp_dir().join(format!("heddle-beside-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("in")).expect("a folder");
    std::fs::write(folder.join("secret"), "SECRET = 1\n").expect("a file");
    let program = folder.join("in/main.py");
    for script in ["../secret".to_owned(), folder.join("secret").display().to_string()] {
        let text = format!("# /// lab\n# computers = \"n1 script={script}\"\n# ///\nprint('never')\n");
        std::fs::write(&program, text).expect("a file");
        for chore in ["link", "run"] {
            let said = heddle(&[chore, program.to_str().expect("UTF-8")]);
            assert_eq!(
                (said.exit, said.stdout.as_str()),
                (2, ""),
                "{chore} {script}\n{}",
                said.stderr
            );
            assert!(said.stderr.contains("in the program's folder"), "{}", said.stderr);
        }
    }
    // The mark of UTF-8 is no part of the program, for either.
    std::fs::write(
        &program,
        "\u{FEFF}# /// lab\n# cores = 3\n# ///\nimport os\nprint(os.cpu_count())\n",
    )
    .expect("a file");
    let path = program.to_str().expect("UTF-8");
    assert_eq!(heddle(&["run", path]).stdout, "3\n");
    assert_eq!(heddle(&["link", path]).exit, 0);
    std::fs::remove_dir_all(&folder).expect("our own folder");
}

#[test]
fn exit_statuses_are_pythons() {
    for (text, status) in [
        ("print('fine')", 0),
        ("raise SystemExit", 0),
        ("import sys; sys.exit(7)", 7),
        ("import sys; sys.exit('text')", 1),
        ("import sys; sys.exit(256 + 5)", 5),
        ("import sys; sys.exit(-1)", 255),
        ("1 / 0", 1),
        ("this is no python", 1),
        ("import threading; threading.Thread(target=lambda: 1 / 0).start()", 0),
        (
            "import sys, threading; threading.Thread(target=sys.exit, args=(9,)).start()",
            0,
        ),
        ("import os; os._exit(4)", 4),
        ("raise KeyboardInterrupt", 130),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", 143),
        ("import signal, time; signal.alarm(1); time.sleep(5)", 142),
        (
            "import os, threading; threading.Timer(1, os.kill, (os.getpid(), 9)).start()\nwhile True: pass",
            137,
        ),
    ] {
        let said = code(text);
        assert_eq!(said.exit, status, "{text}\n{}", said.stderr);
    }
}

#[test]
fn errors_are_told_as_python_tells_them() {
    for (text, last) in [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit('told')", "told"),
        (
            "import no_such_module",
            "ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("x = = 1", "SyntaxError: invalid syntax"),
        ("  x = 1", "IndentationError: unexpected indent"),
        ("class E(Exception): pass\nraise E('own')", "__main__.E: own"),
    ] {
        let said = code(text);
        // `-c` names the class of `__main__` without its module, as CPython does.
        let last = last.trim_start_matches("__main__.");
        assert_eq!(said.last_error(), last, "{text}\n{}", said.stderr);
        assert_eq!(said.stdout, "");
    }
}

#[test]
fn arguments_and_input_reach_the_program() {
    let said = heddle(&["run", "-c", "import sys; print(sys.argv)", "a", "--cores", "-x"]);
    assert_eq!(said.stdout, "['-c', 'a', '--cores', '-x']\n", "{}", said.stderr);
}

#[test]
fn bad_usage_is_one_sentence_and_status_2() {
    for args in [
        &["run", "no_such_file.py"][..],
        &["run"],
        &["run", "--cores", "0", "two_locks.py"],
        &["run", "--cores", "65", "two_locks.py"],
        &["run", "--python", "1.5", "two_locks.py"],
        &["fly"],
        &["open", "not-a-link"],
    ] {
        let said = heddle(args);
        assert_eq!((said.exit, said.stdout.as_str()), (2, ""), "{args:?}: {}", said.stderr);
        assert_eq!(said.stderr.lines().count(), 1, "{args:?}: {}", said.stderr);
    }
}

#[test]
fn two_locks_in_opposite_orders_are_reported_with_holders_and_lines() {
    let said = heddle(&["run", "two_locks.py"]);
    assert_eq!((said.exit, said.stdout.as_str()), (3, "joining\n"), "{}", said.stderr);
    for part in [
        "Deadlock",
        "MainThread",
        "Anna",
        "Bert",
        "held by Anna",
        "held by Bert",
        "with right:",
        "with left:",
        "a.join()",
    ] {
        assert!(said.stderr.contains(part), "`{part}` is missing in\n{}", said.stderr);
    }
}

#[test]
fn a_lock_taken_twice_is_a_deadlock_of_one() {
    let said = heddle(&["run", "self_lock.py"]);
    assert_eq!(said.exit, 3, "{}", said.stderr);
    for part in [
        "MainThread",
        "which it holds itself",
        "lock.acquire()",
        "in again",
        "self_lock.py\", line 7",
    ] {
        assert!(said.stderr.contains(part), "`{part}` is missing in\n{}", said.stderr);
    }
}

#[test]
fn waiting_for_ever_on_queues_and_conditions_is_a_deadlock() {
    let said = heddle(&["run", "empty_queue.py"]);
    assert_eq!((said.exit, said.stdout.as_str()), (3, "got 1\n"), "{}", said.stderr);
    for part in ["consumer", "item = q.get()", "thread consumer to end"] {
        assert!(said.stderr.contains(part), "`{part}` is missing in\n{}", said.stderr);
    }
    let said = heddle(&["run", "lost_notify.py"]);
    assert_eq!(said.exit, 3, "{}", said.stderr);
    for part in ["late waiter", "condition.wait()", "MainThread"] {
        assert!(said.stderr.contains(part), "`{part}` is missing in\n{}", said.stderr);
    }
}

#[test]
fn an_event_loop_that_nothing_can_wake_is_a_deadlock() {
    let said = heddle(&["run", "event_loop.py"]);
    assert_eq!((said.exit, said.stdout.as_str()), (3, "awaiting\n"), "{}", said.stderr);
    for part in [
        "MainThread waits for any of several descriptors",
        "reader waits for something to read from descriptor",
        "asyncio.run(main())",
    ] {
        assert!(said.stderr.contains(part), "`{part}` is missing in\n{}", said.stderr);
    }
}

#[test]
fn a_daemon_that_waits_is_no_deadlock() {
    let said =
        code("import queue, threading\nthreading.Thread(target=queue.Queue().get, daemon=True).start()\nprint('end')");
    assert_eq!(
        (said.exit, said.stdout.as_str(), said.stderr.as_str()),
        (0, "end\n", "")
    );
}

#[test]
fn a_link_opens_to_the_same_program() {
    let made = heddle(&["link", "two_locks.py"]);
    assert_eq!(made.exit, 0, "{}", made.stderr);
    let link = made.stdout.trim();
    assert!(link.contains('#'), "{link}");
    let opened = heddle(&["open", link]);
    let source = include_str!("../suite/deadlock/two_locks.py");
    assert_eq!((opened.exit, opened.stdout.as_str()), (0, source), "{}", opened.stderr);
    let cut = heddle(&["open", &link[..link.len() - 10]]);
    assert!(cut.exit == 2 && cut.stderr.contains("incomplete"), "{}", cut.stderr);
}

/// Those who wait for a thread hear of its end, even if nobody can be told what has ended it.
#[test]
fn a_thread_ends_though_the_report_of_its_error_fails() {
    let said = code(
        "import _thread, sys, threading
class Broken:
    def __repr__(self): 1 / 0
    def __call__(self): raise ValueError('told')
_thread.start_joinable_thread(Broken()).join()
class Shut:
    def write(self, text): raise OSError('shut')
    def flush(self): pass
errors, sys.stderr = sys.stderr, Shut()
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
sys.stderr = errors
print(thread.is_alive())",
    );
    assert_eq!((said.exit, said.stdout.as_str()), (0, "False\n"), "{}", said.stderr);
    assert!(said.stderr.contains("ValueError: told"), "{}", said.stderr);
}

/// A release on one core and a wait that begins on another at the same time miss each other in no order.
#[test]
fn no_wake_up_is_lost_without_a_gil() {
    for python in ["3.13t", "3.14t"] {
        for cores in ["2", "4"] {
            for seed in ["1", "2", "3", "4", "5", "6"] {
                let said = heddle(&[
                    "run",
                    "--python",
                    python,
                    "--cores",
                    cores,
                    "--seed",
                    seed,
                    "wake_ups.py",
                ]);
                assert_eq!(
                    (said.exit, said.stdout.as_str()),
                    (0, "190\n20\n"),
                    "{python} {cores} {seed}\n{}",
                    said.stderr
                );
            }
        }
    }
}

#[test]
fn a_lock_between_processes_that_nobody_gives_back_is_named() {
    let said = code(
        "import multiprocessing as mp\n\
         door = mp.Lock()\n\
         door.acquire()\n\
         p = mp.Process(target=door.acquire)\n\
         p.start()\n\
         p.join()\n",
    );
    assert_eq!(said.exit, 3, "{}", said.stderr);
    assert!(said.stderr.contains("waits for a child process"), "{}", said.stderr);
    assert!(said.stderr.contains("waits for semaphore `door`"), "{}", said.stderr);
}

/// The feeder of a queue that nobody reads keeps the child alive.
#[test]
fn joining_before_draining_a_queue_is_a_deadlock() {
    let said = code(
        "import multiprocessing as mp\n\
         q = mp.Queue()\n\
         p = mp.Process(target=lambda: q.put('x' * 200_000))\n\
         p.start()\n\
         p.join()\n",
    );
    assert_eq!(said.exit, 3, "{}", said.stderr);
    assert!(
        said.stderr.contains("QueueFeederThread of process 4002 waits for"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_child_that_waits_for_ever_is_a_deadlock_after_its_parents_end() {
    let said = code(
        "import os, threading\nif os.fork() == 0:\n    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()",
    );
    assert_eq!(said.exit, 3, "{}", said.stderr);
    assert!(
        said.stderr
            .contains("MainThread of process 4002 waits for lock `lock`, which it holds itself"),
        "{}",
        said.stderr
    );
}

#[test]
fn an_orphan_has_another_parent_and_goes_when_it_ends() {
    let said = code(
        "import os, time
r, w = os.pipe()
pid = os.fork()
if pid == 0:
    if os.fork() == 0:
        time.sleep(0.1)
        os.write(w, b'%d %d' % (os.getpid(), os.getppid()))
        time.sleep(0.1)
        os._exit(0)
    os._exit(0)
os.close(w)
os.waitpid(pid, 0)
orphan, parent = map(int, os.read(r, 100).split())
os.kill(orphan, 0)
print(parent, os.read(r, 1))
time.sleep(0.1)
try:
    os.kill(orphan, 0)
except ProcessLookupError:
    print('gone')",
    );
    assert_eq!(said.stdout, "1 b''\ngone\n", "{}", said.stderr);
}
