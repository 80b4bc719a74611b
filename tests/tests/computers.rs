//! Several computers in one scenario: programs that talk over sockets, hosts that run a program, and what happens where nobody answers.

mod run;

use heddle_lab::{Kind, Limits, Run, StartError};
use heddle_scenario::{File, Scenario};
use heddle_tests::program::{self, Said};

fn run(name: &str, more: &[&str]) -> Said {
    program::suite("computers", name, more)
}

#[test]
fn an_echo_comes_back_from_another_computer() {
    let said = run("echo.py", &[]);
    assert_eq!((said.exit, said.stderr.as_str()), (0, ""), "{}", said.stdout);
    let expected = "starts on node1 ['echo_server.py'] 2
refused: 111
refused: 111
asked by ('10.0.0.1', 32768)
heddle ('10.0.0.1', 32768) ('10.0.0.2', 9000) 10.0.0.1
HELLO 0 True
HELLO 1 True
HELLO 2 True
a megabyte there and back: True
the other end is closed
end: b''
('10.0.0.9', 80) OSError [Errno 113] No route to host
('node1', 81) ConnectionRefusedError [Errno 111] Connection refused
('node2', 80) gaierror [Errno -2] Name or service not known
TimeoutError timed out
";
    assert_eq!(said.stdout, expected);
}

#[test]
fn a_host_with_a_script_serves() {
    let said = run("web.py", &[]);
    assert_eq!((said.exit, said.stderr.as_str()), (0, ""), "{}", said.stdout);
    let expected = "(200, {'path': '/', 'client': '10.0.0.1'})
(200, {'path': '/items/3', 'client': '10.0.0.1'})
(404, 'Not Found')
b'hello'
[Errno 111] Connection refused
three at once: True
(200, 7)
";
    assert_eq!(said.stdout, expected);
}

#[test]
fn a_manager_serves_processes_of_another_computer() {
    let said = run("manager.py", &[]);
    assert_eq!((said.exit, said.stderr.as_str()), (0, ""), "{}", said.stdout);
    let expected = "serves on ('0.0.0.0', 50000)
[(0, 0), (1, 1), (2, 4), (3, 9), (4, 16), (5, 25)] True
{'from': 'node1', 'a': 1} [0, 0]
digest sent was rejected
stops
";
    assert_eq!(said.stdout, expected);
}

#[test]
fn output_comes_in_the_same_order_under_every_policy() {
    for policy in ["fair", "random", "pct"] {
        let more = ["--policy", policy, "--hash"];
        let (first, second) = (run("echo.py", &more), run("echo.py", &more));
        assert_eq!((first.exit, second.exit), (0, 0), "{}", first.stderr);
        assert_eq!((&first.stdout, &first.stderr), (&second.stdout, &second.stderr));
        assert!(first.stderr.contains("trace hash"), "{}", first.stderr);
    }
}

#[test]
fn computers_that_wait_for_each_other_are_reported() {
    let said = run("stuck.py", &[]);
    assert_eq!(said.exit, 3, "{}", said.stderr);
    for computer in ["heddle", "node1"] {
        let line = format!("MainThread on {computer} waits for a connection to descriptor 3");
        assert!(said.stderr.contains(&line), "{}", said.stderr);
    }
}

fn two_files(main: &str, other: &str) -> Scenario {
    let mut scenario = Scenario::from_source("main.py", main).expect("a program");
    scenario.files.push(File {
        name: "other.py".to_owned(),
        text: other.to_owned(),
    });
    scenario
}

fn outcome(scenario: &Scenario) -> (heddle_lab::Outcome, String) {
    let ended = run::to_end(scenario, 100_000_000);
    let output = ended.output();
    (ended.outcome, output)
}

const OTHER: &str = "# /// lab\n# computers = \"node1 script=other.py\"\n# ///\n";

#[test]
fn the_first_program_gives_the_status_and_the_others_are_waited_for() {
    let main = format!("{OTHER}import sys\nsys.exit(7)\n");
    let scenario = two_files(
        &main,
        "import time\ntime.sleep(2)\nprint('late')\nraise ValueError('elsewhere')\n",
    );
    let (outcome, output) = outcome(&scenario);
    assert_eq!((outcome.exit_status, outcome.kind), (7, Kind::Finished));
    assert!(
        output.starts_with("late\n") && output.contains("ValueError: elsewhere"),
        "{output}"
    );
    assert!(outcome.virtual_ns > 2_000_000_000);
}

/// Servers wait to be asked; who waits for a lock will never go on.
#[test]
fn after_the_first_program_a_server_may_wait_but_a_deadlock_is_told() {
    let server = "import queue, socket, threading
threading.Thread(target=queue.Queue().get).start()
listener = socket.create_server(('', 80))
listener.accept()
";
    let (quiet, _) = outcome(&two_files(OTHER, server));
    assert_eq!((quiet.exit_status, quiet.kind), (0, Kind::Finished));
    let stuck = "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n";
    let (told, _) = outcome(&two_files(OTHER, stuck));
    assert!(
        matches!(&told.kind, Kind::Deadlock(_, text) if text.contains("MainThread on node1 waits for lock `lock`")),
        "{:?}",
        told.kind
    );
    assert_eq!(told.exit_status, 3);
}

#[test]
fn what_is_missing_or_wrong_is_said_before_the_run() {
    let missing = Scenario::from_source("main.py", OTHER).expect("a program");
    let Err(StartError::Other(sentence)) = Run::new(&missing, Limits::default()) else {
        panic!("it has no file");
    };
    assert!(sentence.contains("node1 should run \"other.py\""), "{sentence}");
    let Err(StartError::Syntax { file, line, .. }) = Run::new(&two_files(OTHER, "x = (\n"), Limits::default()) else {
        panic!("it has an error");
    };
    assert_eq!((file.as_str(), line), ("other.py", 1));
}

#[test]
fn limits_hold_for_all_computers_together() {
    let main = format!("{OTHER}# limits.time = \"1s\"\n");
    let main = main
        .replace("# ///\n# limits.time", "# limits.time")
        .replace("\"1s\"\n", "\"1s\"\n# ///\n");
    let (outcome, _) = outcome(&two_files(&main, "while True:\n    pass\n"));
    assert_eq!(outcome.exit_status, 4, "{main}");
    assert!(
        outcome.out_of_time && outcome.virtual_ns < 1_001_000_000,
        "{}",
        outcome.virtual_ns
    );
}
