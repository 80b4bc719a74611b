//! `math`, `_random`, `_struct`, `binascii`, `_string`, `unicodedata` and the hashes: a program whose output CPython 3.14 has written.

use heddle_vm::process::Library;
use heddle_vm::testing::run_with;

static LIBRARY: Library = Library {
    modules: &[
        &heddle_stdlib::math::MODULE,
        &heddle_stdlib::random::MODULE,
        &heddle_stdlib::structs::MODULE,
        &heddle_stdlib::binascii::MODULE,
        &heddle_stdlib::string::MODULE,
        &heddle_stdlib::unicodedata::MODULE,
        &heddle_stdlib::hashes::MD5,
        &heddle_stdlib::hashes::SHA1,
        &heddle_stdlib::hashes::SHA2,
    ],
    find: |_| None,
    place: |_| None,
    names: Vec::new,
    source: |_| None,
    eyes: heddle_vm::watchers::Eyes::BLIND,
};

#[test]
fn modules() {
    heddle_stdlib::start();
    let outcome = run_with(include_str!("data/modules.py"), &LIBRARY);
    let got = outcome.stdout + &outcome.stderr;
    let expected = include_str!("data/modules.expected");
    for (got, expected) in got.lines().zip(expected.lines()) {
        assert_eq!(got, expected);
    }
    assert_eq!(got.lines().count(), expected.lines().count(), "{got}");
}
