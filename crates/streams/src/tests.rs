//! What is split comes back as it was, and what was damaged is refused.

use crate::{Error, join, split};

/// A program with one function of these instructions, and a section after it.
fn program(instructions: &[u8]) -> Vec<u8> {
    let mut body = vec![1, 3, 0x7f];
    body.extend_from_slice(instructions);
    body.push(0x0b);
    let mut code = vec![1, body.len() as u8];
    code.extend(body);
    let mut all = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0".to_vec();
    all.extend([10, code.len() as u8]);
    all.extend(code);
    all.extend([0, 3, 1, b'x', 7]);
    all
}

/// One of each kind.
const ALL_KINDS: &[&[u8]] = &[
    &[0x41, 0x00],                               // a number that is one byte with its instruction
    &[0x41, 0x7f],                               // one that is negative
    &[0x41, 0x3f],                               // one that is not frequent
    &[0x41, 0xc0, 0x00],                         // two bytes
    &[0x41, 0x80, 0x80, 0xc0, 0x00],             // an address
    &[0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], // 64 bits
    &[0x43, 1, 2, 3, 4],
    &[0x44, 1, 2, 3, 4, 5, 6, 7, 8],
    &[0x20, 0],
    &[0x21, 2],
    &[0x22, 1],
    &[0x20, 0xc8, 0x01],
    &[0x20, 2],
    &[0x28, 2, 8],
    &[0x28, 0, 0x80, 0x01], // not aligned
    &[0x37, 3, 0],
    &[0x02, 0x40],
    &[0x0d, 0],
    &[0x0c, 9],
    &[0x0e, 2, 0, 1, 2],
    &[0x0b],
    &[0x10, 0x85, 0x01],
    &[0x11, 1, 0],
    &[0x1c, 1, 0x7f],
    &[0x23, 0],
    &[0x3f, 0],
    &[0xd0, 0x70],
    &[0xfc, 0],
    &[0xfc, 10, 0, 0],
    &[0xfc, 11, 0],
    &[0xa7],
];

#[test]
fn what_is_split_is_joined_byte_for_byte() {
    for instruction in ALL_KINDS {
        let one = program(instruction);
        assert_eq!(split(&one).and_then(|form| join(&form)), Ok(one), "{instruction:x?}");
    }
    let all = program(&ALL_KINDS.concat());
    assert_eq!(split(&all).and_then(|form| join(&form)), Ok(all));
}

#[test]
fn what_is_not_known_is_refused() {
    assert_eq!(split(b"<!doctype html>"), Err(Error::NoProgram));
    assert_eq!(split(b"\0asm\x01\0\0\0"), Err(Error::NoProgram));
    assert_eq!(split(&program(&[0xfd, 0])), Err(Error::Instruction(0xfd)));
    assert_eq!(split(&program(&[0xd3])), Err(Error::Instruction(0xd3)));
    // A local that is not written in the shortest way would not come back as it was.
    assert_eq!(split(&program(&[0x20, 0x81, 0x00])), Err(Error::Number));
}

#[test]
fn damage_is_told() {
    let form = split(&program(&ALL_KINDS.concat())).expect("a program");
    for end in 0..form.len() {
        assert!(join(&form[..end]).is_err(), "{end}");
    }
    for at in 0..form.len() {
        for bit in 0..8 {
            let mut other = form.clone();
            other[at] ^= 1 << bit;
            // It may be another program, but it is one with all its parts, or none.
            let _ = join(&other).map(|program| assert!(!program.is_empty()));
        }
    }
}
