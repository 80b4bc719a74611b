//! Methods of `str` about case and about which characters it consists of.

use super::is_space;
use super::repr::is_printable;
use super::str::this_str;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::core;
use crate::value::Value;
use rustpython_unicode::{case, classify, identifier};
use rustpython_wtf8::Wtf8Buf;

macro_rules! mapped {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| map(vm, args, $name, $f)).sig("($self, /)")
    };
}

macro_rules! every {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| {
            let s = plain_this(vm, args, $name)?;
            let f: fn(char) -> bool = $f;
            let all = !s.is_empty() && s.wtf8().code_points().all(|c| c.is_char_and(f));
            Ok(Value::from_bool(all))
        })
        .sig("($self, /)")
    };
}

macro_rules! test {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| {
            let s = plain_this(vm, args, $name)?;
            let f: fn(&PyStr) -> bool = $f;
            Ok(Value::from_bool(f(&s)))
        })
        .sig("($self, /)")
    };
}

pub(super) const METHODS: &[Native] = &[
    Native::method("lower", |vm, args| {
        recased(vm, args, "lower", <[u8]>::make_ascii_lowercase, |s| match s.as_str() {
            Some(text) if s.is_ascii() => text.to_ascii_lowercase().into(),
            Some(text) => text.to_lowercase().into(),
            None => s.wtf8().to_lowercase(),
        })
    })
    .sig("($self, /)"),
    Native::method("upper", |vm, args| {
        recased(vm, args, "upper", <[u8]>::make_ascii_uppercase, |s| match s.as_str() {
            Some(text) if s.is_ascii() => text.to_ascii_uppercase().into(),
            Some(text) => text.to_uppercase().into(),
            None => s.wtf8().to_uppercase(),
        })
    })
    .sig("($self, /)"),
    mapped!("casefold", |s| case::casefold_wtf8(s.wtf8())),
    mapped!("title", |s| case::title_wtf8(s.wtf8())),
    mapped!("capitalize", |s| case::capitalize_wtf8(s.wtf8())),
    mapped!("swapcase", |s| case::swapcase_wtf8(s.wtf8())),
    every!("isalpha", |c| if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        classify::is_alpha(c)
    }),
    every!("isalnum", |c| if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        classify::is_alnum(c) || classify::is_numeric(c)
    }),
    every!("isdigit", |c| if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        classify::is_digit(c)
    }),
    every!("isdecimal", |c| if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        classify::is_decimal(c)
    }),
    every!("isnumeric", |c| if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        classify::is_numeric(c)
    }),
    every!("isspace", is_space),
    test!("isascii", |s| s.is_ascii()),
    test!("isprintable", |s| s
        .wtf8()
        .code_points()
        .all(|c| c.is_char_and(is_printable))),
    test!("isidentifier", is_identifier),
    test!("islower", |s| has_case(s, case::is_lowercase, case::is_uppercase)),
    test!("isupper", |s| has_case(s, case::is_uppercase, case::is_lowercase)),
    test!("istitle", is_title),
];

fn plain_this(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult<PyStr> {
    let s = this_str(vm, args, name)?;
    if args.len() != 1 || !args.kw.is_empty() {
        vm.exactly::<0>(args.rest(), &format!("str.{name}"))?;
    }
    Ok(s)
}

/// `lower` and `upper`: `quick` for a short ASCII text.
fn recased(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    quick: fn(&mut [u8]),
    f: fn(&PyStr) -> Wtf8Buf,
) -> NativeResult {
    let s = plain_this(vm, args, name)?;
    match s.recased(quick) {
        Some(same) if same.is_same(&s) => Ok(vm.plain_str(args.this())),
        Some(other) => Ok(vm.heap.alloc(core::STR, Obj::Str(other))),
        None => map(vm, args, name, f),
    }
}

fn map(vm: &mut Process, args: Args<'_>, name: &str, f: fn(&PyStr) -> Wtf8Buf) -> NativeResult {
    let s = plain_this(vm, args, name)?;
    vm.scanned(s.bytes().len());
    let out = f(&s);
    if out.as_bytes() == s.bytes() {
        return Ok(vm.plain_str(args.this()));
    }
    Ok(vm.new_wtf8(out))
}

/// Is the text a Python identifier?
pub fn is_identifier(s: &PyStr) -> bool {
    let Some(text) = s.as_str() else { return false };
    let mut chars = text.chars();
    let start = |c: char| {
        if c.is_ascii() {
            c == '_' || c.is_ascii_alphabetic()
        } else {
            identifier::is_start(c)
        }
    };
    let inner = |c: char| {
        if c.is_ascii() {
            c == '_' || c.is_ascii_alphanumeric()
        } else {
            identifier::is_continue(c)
        }
    };
    chars.next().is_some_and(start) && chars.all(inner)
}

/// At least one character of the wanted case, none of the other or of title case.
fn has_case(s: &PyStr, wanted: fn(char) -> bool, other: fn(char) -> bool) -> bool {
    let mut found = false;
    for c in s.wtf8().code_points() {
        let Some(c) = c.to_char() else { continue };
        if other(c) || case::is_titlecase(c) {
            return false;
        }
        found |= wanted(c);
    }
    found
}

fn is_title(s: &PyStr) -> bool {
    let mut found = false;
    let mut after_cased = false;
    for c in s.wtf8().code_points() {
        let Some(c) = c.to_char() else {
            after_cased = false;
            continue;
        };
        if case::is_uppercase(c) || case::is_titlecase(c) {
            if after_cased {
                return false;
            }
            after_cased = true;
            found = true;
        } else if case::is_lowercase(c) {
            if !after_cased {
                return false;
            }
            found = true;
        } else {
            after_cased = false;
        }
    }
    found
}
