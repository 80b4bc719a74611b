//! Numbers, text, bytes and formatting: programs whose expected output CPython 3.14 has written.

use heddle_vm::testing::run;

fn check(name: &str, source: &str, expected: &str) {
    let got = run(source);
    let differing: Vec<String> = got
        .lines()
        .zip(expected.lines())
        .filter(|(got, expected)| got != expected)
        .map(|(got, expected)| format!("got      {got}\nexpected {expected}"))
        .collect();
    assert!(differing.is_empty(), "{name}:\n{}", differing.join("\n"));
    assert_eq!(
        got.lines().count(),
        expected.lines().count(),
        "{name}: number of lines\n{got}"
    );
}

#[test]
fn numbers() {
    check(
        "numbers",
        include_str!("data/numbers.py"),
        include_str!("data/numbers.expected"),
    );
}

#[test]
fn text() {
    heddle_names::set_source(|| Some("=E9\nLATIN SMALL LETTER E WITH ACUTE\n=20AC\nEURO SIGN".into()));
    check("text", include_str!("data/text.py"), include_str!("data/text.expected"));
}

#[test]
fn formatting() {
    check(
        "formatting",
        include_str!("data/formatting.py"),
        include_str!("data/formatting.expected"),
    );
}
