//! `repr` of strings and bytes: CPython's choice of quotes and escapes.

use rustpython_wtf8::{Wtf8, Wtf8Buf};
use std::fmt::Write;

/// The quote to use: double ones only around single ones without double ones.
fn quote(bytes: &[u8]) -> char {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    }
}

/// `repr(text)`
pub fn str_repr(text: &Wtf8) -> Wtf8Buf {
    let quote = quote(text.as_bytes());
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    // Writing into a String cannot fail.
    for c in text.code_points() {
        let Some(c) = c.to_char() else {
            let _ = write!(out, "\\u{:04x}", c.to_u32());
            continue;
        };
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            c if !c.is_ascii() && is_printable(c) => out.push(c),
            c => match c as u32 {
                n @ 0..=0xFF => {
                    let _ = write!(out, "\\x{n:02x}");
                }
                n @ 0x100..=0xFFFF => {
                    let _ = write!(out, "\\u{n:04x}");
                }
                n => {
                    let _ = write!(out, "\\U{n:08x}");
                }
            },
        }
    }
    out.push(quote);
    Wtf8Buf::from(out)
}

/// Does `repr` show the character as it is?
pub fn is_printable(c: char) -> bool {
    rustpython_unicode::classify::is_printable(c)
}

/// `repr(bytes)`, with the `b`.
pub fn bytes_repr(bytes: &[u8]) -> String {
    let quote = quote(bytes);
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    out.push(quote);
    for &b in bytes {
        match b {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            b if b == quote as u8 => {
                out.push('\\');
                out.push(b as char);
            }
            b' '..=b'~' => out.push(b as char),
            b => {
                let _ = write!(out, "\\x{b:02x}");
            }
        }
    }
    out.push(quote);
    out
}
