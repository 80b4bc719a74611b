//! asyncio's Python classes, which a program selects by `sys.modules['_asyncio'] = None`: the order of callbacks is that of `_asyncio`.

use std::process::Command;
use std::time::Duration;

use heddle_tests::conformance::{self, Expected};
use heddle_tests::program;

/// Puzzles of order whose text tells the classes apart by nothing but order.
const PREFIX: &str = "asyncio_puzzle_";

#[test]
fn puzzles_of_order_come_out_the_same() {
    let names: Vec<String> = conformance::names()
        .into_iter()
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let program = std::fs::read_to_string(conformance::source(&name)).expect("it is there");
        let code = format!(
            "import sys; sys.modules['_asyncio'] = None\nimport asyncio\nassert asyncio.Task is asyncio.tasks._PyTask\n{program}"
        );
        let mut command = Command::new(program::heddle().expect("heddle is there"));
        command.args(["run", "-c", &code]);
        let said = program::run(&mut command, Duration::from_secs(60)).expect("it runs");
        let expected = Expected::load(&name).expect("it is blessed");
        assert_eq!(said.stdout, expected.stdout, "{name}\n{}", said.stderr);
        assert_eq!(said.exit, 0, "{name}\n{}", said.stderr);
    }
}
