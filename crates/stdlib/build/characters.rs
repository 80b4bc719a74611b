//! The table of Unicode's characters in the form that `heddle_names::characters` reads.

use rustpython_unicode::{NormalizeForm, Ucd};
use rustpython_wtf8::{CodePoint, Wtf8Buf};
use std::fmt::Write as _;

/// The first and last Hangul syllable: what they are made of is computed.
const HANGUL: std::ops::RangeInclusive<u32> = 0xAC00..=0xD7A3;

pub fn table() -> String {
    let (mut table, mut count, mut open) = (String::new(), 0u32, String::new());
    for code in 0..=char::MAX as u32 {
        let line = line(CodePoint::from_u32(code).expect("code points end where characters do"));
        if line != open && count > 0 {
            let _ = writeln!(table, "{count}{open}");
            count = 0;
        }
        (open, count) = (line, count + 1);
    }
    let _ = write!(table, "{count}{open}");
    table
}

/// A character's properties: see `heddle_names::characters`.
fn line(c: CodePoint) -> String {
    let (new, old) = (Ucd::new(true), Ucd::new(false));
    let (category, direction) = (new.category(c), new.bidirectional(c));
    let combining = match new.combining(c) {
        0 => String::new(),
        class => class.to_string(),
    };
    let mut line = format!(
        ";{category};{direction};{};{combining};{};{};{};{};{}",
        unless(new.east_asian_width(c), "N"),
        if new.mirrored(c) == 0 { "" } else { "Y" },
        number(new, c),
        unless(old.category(c), category),
        match old.bidirectional(c) {
            "" if !direction.is_empty() => "-",
            known => unless(known, direction),
        },
        made_of(new, c),
    );
    line.truncate(line.trim_end_matches(';').len());
    line
}

/// A property, or nothing where it is what a reader thinks.
fn unless<'a>(property: &'a str, usual: &str) -> &'a str {
    if property == usual { "" } else { property }
}

/// The value as a number, and what kind of number that is.
fn number(ucd: Ucd, c: CodePoint) -> String {
    let (decimal, digit, numeric) = (ucd.decimal(c), ucd.digit(c), ucd.numeric(c));
    match (decimal, digit, numeric) {
        (Some(n), Some(d), Some(x)) if n == d && n as f64 == x => format!("D{n}"),
        (None, Some(d), Some(x)) if d as f64 == x => format!("d{d}"),
        (None, None, Some(x)) => format!("n{x}"),
        (None, None, None) => String::new(),
        other => panic!("{c:?} has numbers of no known kind: {other:?}"),
    }
}

/// The decomposition; behind a `!` where composing does not bring the character back.
fn made_of(ucd: Ucd, c: CodePoint) -> String {
    if HANGUL.contains(&c.to_u32()) {
        return String::new();
    }
    let mut parts = ucd.decomposition(c);
    let apart = rustpython_unicode::normalize(NormalizeForm::Nfd, &Wtf8Buf::from(c));
    let mut apart = apart.code_points();
    // The database tells of a few ideographs what they were made of before Unicode corrected it; normalizing knows better.
    if let (4 | 5, Some(part), None) = (parts.len(), apart.next(), apart.next()) {
        parts = format!("{:04X}", part.to_u32());
    }
    let composed = rustpython_unicode::normalize(NormalizeForm::Nfc, &Wtf8Buf::from(c));
    if !parts.is_empty() && !parts.starts_with('<') && composed != Wtf8Buf::from(c) {
        return format!("!{parts}");
    }
    parts
}
