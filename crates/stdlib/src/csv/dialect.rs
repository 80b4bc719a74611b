//! `_csv.Dialect`: checked parameters of reading and writing.

use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// When fields are quoted.
pub const MINIMAL: i64 = 0;
/// See [`MINIMAL`].
pub const ALL: i64 = 1;
/// See [`MINIMAL`].
pub const NONNUMERIC: i64 = 2;
/// See [`MINIMAL`].
pub const NONE: i64 = 3;
/// See [`MINIMAL`].
pub const STRINGS: i64 = 4;
/// See [`MINIMAL`].
pub const NOTNULL: i64 = 5;

/// The parameters. Characters are code points.
#[derive(Clone, Debug)]
pub struct Dialect {
    pub delimiter: u32,
    pub quote: Option<u32>,
    pub escape: Option<u32>,
    pub double_quote: bool,
    pub skip_space: bool,
    /// A `str`; only for the attribute and the writer.
    pub line_end: String,
    pub quoting: i64,
    pub strict: bool,
}
heddle_vm::impl_payload!(Dialect);

/// `_csv.Dialect`
pub static DIALECT: TypeDef = TypeDef {
    name: "Dialect",
    module: "_csv",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1371),
    flags: type_flags::BASETYPE,
    members: &[&[
        Native::static_method("__new__", |p, args| {
            if args.len() > 2 {
                let given = args.len() - 1;
                return Err(p.type_error(&format!(
                    "Dialect() takes at most 1 positional argument ({given} given)"
                )));
            }
            make_as(p, args.this(), args.get(1), args.kw)
        }),
        Native::getter("delimiter", |p, a| character(p, a, |d| Some(d.delimiter))),
        Native::getter("quotechar", |p, a| character(p, a, |d| d.quote)),
        Native::getter("escapechar", |p, a| character(p, a, |d| d.escape)),
        Native::getter("doublequote", |p, a| {
            Ok(Value::from_bool(of(p, a.this())?.double_quote))
        }),
        Native::getter("skipinitialspace", |p, a| {
            Ok(Value::from_bool(of(p, a.this())?.skip_space))
        }),
        Native::getter("strict", |p, a| Ok(Value::from_bool(of(p, a.this())?.strict))),
        Native::getter("lineterminator", |p, a| {
            let end = of(p, a.this())?.line_end;
            Ok(p.new_str(&end))
        }),
        Native::getter("quoting", |p, a| {
            let quoting = of(p, a.this())?.quoting;
            Ok(p.new_int(quoting))
        }),
        Native::method("__reduce__", pickle),
        Native::method("__reduce_ex__", pickle),
    ]],
    doc: "CSV dialect",
    finish: None,
};

fn pickle(p: &mut Process, args: Args<'_>) -> NativeResult {
    let name = p.type_name(args.this());
    Err(p.type_error(&format!("cannot pickle '{name}' instances")))
}

/// The parameters of a dialect object.
pub fn of(p: &mut Process, v: Value) -> NativeResult<Dialect> {
    match p.heap.payload::<Dialect>(v).cloned() {
        Some(dialect) => Ok(dialect),
        None => Err(p.type_error("a _csv.Dialect object is required")),
    }
}

fn character(p: &mut Process, args: Args<'_>, what: fn(&Dialect) -> Option<u32>) -> NativeResult {
    let dialect = of(p, args.this())?;
    match what(&dialect).and_then(char::from_u32) {
        Some(c) => Ok(p.new_str(&c.to_string())),
        None => Ok(Value::NONE),
    }
}

/// A dialect from a name, an object with attributes, or nothing, and keyword arguments.
pub fn make(p: &mut Process, base: Option<Value>, kw: &[(Value, Value)]) -> NativeResult {
    let class = p.native_type(&DIALECT);
    make_as(p, class, base, kw)
}

const NAMES: [&str; 8] = [
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
];

fn make_as(p: &mut Process, class: Value, base: Option<Value>, kw: &[(Value, Value)]) -> NativeResult {
    let mut base = base.filter(|v| !v.is_none());
    let mut given: [Option<Value>; 8] = [None; 8];
    for &(name, value) in kw {
        let text = p.text(name);
        match NAMES.iter().position(|n| *n == text) {
            Some(i) => given[i] = Some(value),
            None if text == "dialect" => base = Some(value).filter(|v| !v.is_none()),
            None => {
                return Err(p.type_error(&format!("this function got an unexpected keyword argument '{text}'")));
            }
        }
    }
    if let Some(name) = base
        && p.as_pystr(name).is_some()
    {
        base = Some(super::registered(p, name)?);
    }
    if let Some(base) = base {
        let own = p.native_type(&DIALECT);
        if p.type_of(base) == own && given.iter().all(Option::is_none) && class == own {
            return Ok(base);
        }
        for (slot, name) in given.iter_mut().zip(NAMES) {
            if slot.is_none() {
                let name = p.intern(name);
                *slot = p.getattr_opt(base, name)?;
            }
        }
    }
    let dialect = check(p, given)?;
    Ok(p.new_payload(class, dialect))
}

/// The character of a parameter; None for None.
fn one_character(p: &mut Process, v: Option<Value>, name: &str, default: Option<u32>) -> NativeResult<Option<u32>> {
    let optional = name != "delimiter";
    let Some(v) = v else { return Ok(default) };
    if v.is_none() && optional {
        return Ok(None);
    }
    let or_none = if optional { " or None" } else { "" };
    let Some(s) = p.as_pystr(v).cloned() else {
        let class = p.type_name(v);
        return Err(p.type_error(&format!("\"{name}\" must be a unicode character{or_none}, not {class}")));
    };
    match s.char_at(0) {
        Some(c) if s.len() == 1 => Ok(Some(c.to_u32())),
        _ => {
            let n = s.len();
            Err(p.type_error(&format!(
                "\"{name}\" must be a unicode character{or_none}, not a string of length {n}"
            )))
        }
    }
}

fn check(p: &mut Process, given: [Option<Value>; 8]) -> NativeResult<Dialect> {
    let [delimiter, double, escape, end, quote, quoting, skip, strict] = given;
    let mut flag = |v: Option<Value>, default: bool| match v {
        Some(v) => p.truth(v),
        None => Ok(default),
    };
    let (double_quote, skip_space, strict) = (flag(double, true)?, flag(skip, false)?, flag(strict, false)?);
    let quote_given = quote;
    let delimiter = one_character(p, delimiter, "delimiter", Some(u32::from(b',')))?.unwrap_or(0);
    let escape = one_character(p, escape, "escapechar", None)?;
    let quote = one_character(p, quote, "quotechar", Some(u32::from(b'"')))?;
    let line_end = match end {
        None => "\r\n".to_owned(),
        Some(v) if p.as_pystr(v).is_some() => p.text(v),
        Some(v) => {
            let class = p.type_name(v);
            return Err(p.type_error(&format!("\"lineterminator\" must be a string, not {class}")));
        }
    };
    let mut kind = match quoting {
        None => MINIMAL,
        Some(v) if p.is_int(v) && v.as_bool().is_none() => p.as_i64(v).unwrap_or(-1),
        Some(v) => {
            let class = p.type_name(v);
            return Err(p.type_error(&format!("\"quoting\" must be an integer, not {class}")));
        }
    };
    if !(MINIMAL..=NOTNULL).contains(&kind) {
        return Err(p.type_error("bad \"quoting\" value"));
    }
    if quote_given.is_some_and(Value::is_none) && quoting.is_none() {
        kind = NONE;
    }
    if kind != NONE && quote.is_none() {
        return Err(p.type_error("quotechar must be set if quoting enabled"));
    }
    bad_characters(p, delimiter, escape, quote, skip_space, &line_end)?;
    Ok(Dialect {
        delimiter,
        quote,
        escape,
        double_quote,
        skip_space,
        line_end,
        quoting: kind,
        strict,
    })
}

fn bad_characters(
    p: &mut Process,
    delimiter: u32,
    escape: Option<u32>,
    quote: Option<u32>,
    skip_space: bool,
    line_end: &str,
) -> NativeResult<()> {
    let all = [
        ("delimiter", Some(delimiter)),
        ("escapechar", escape),
        ("quotechar", quote),
    ];
    for (name, c) in all {
        let Some(c) = c else { continue };
        if c == 10 || c == 13 || (c == 32 && name != "delimiter" && skip_space) {
            return Err(p.value_error(&format!("bad {name} value")));
        }
        if line_end.chars().any(|e| u32::from(e) == c) {
            return Err(p.value_error(&format!("bad {name} or lineterminator value")));
        }
    }
    for i in 0..3 {
        for j in i + 1..3 {
            if let ((a, Some(x)), (b, Some(y))) = (all[i], all[j])
                && x == y
            {
                return Err(p.value_error(&format!("bad {a} or {b} value")));
            }
        }
    }
    Ok(())
}
