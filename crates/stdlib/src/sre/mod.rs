//! `_sre`: the matcher behind CPython's `re`, which compiles patterns to its code in Python. The matcher is [`machine`]; letters' cases and the magic number are `rustpython-sre_engine`'s.

use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;
use rustpython_sre_engine as engine;

mod charset;
mod machine;
mod matching;
mod pattern;
mod result;
mod substitute;

pub use pattern::Pattern;

/// `compile(pattern, flags, code, groups, groupindex, indexgroup)`
fn compile(p: &mut Process, args: Args<'_>) -> NativeResult {
    let names = ["pattern", "flags", "code", "groups", "groupindex", "indexgroup"];
    let given = p.bind(args, "compile", names, 6)?;
    let [pattern, flags, code, groups, groupindex, indexgroup] = given.map(|v| v.unwrap_or(Value::NONE));
    for (v, fits, wanted) in [
        (groupindex, p.as_dict(groupindex).is_some(), "dict"),
        (indexgroup, p.as_tuple(indexgroup).is_some(), "tuple"),
    ] {
        if !fits {
            let name = p.type_name(v);
            let which = if wanted == "dict" { 5 } else { 6 };
            return Err(p.type_error(&format!("compile() argument {which} must be {wanted}, not {name}")));
        }
    }
    let flags = p.index_i64(flags)?;
    let groups = p.index_i64(groups)?.max(0) as usize;
    let mut codes = Vec::new();
    for v in p.list_from_iterable(code)? {
        let n = p.index_value(v)?;
        match p.as_i64(n).and_then(|n| u32::try_from(n).ok()) {
            Some(n) => codes.push(n),
            None => return Err(p.overflow_error("regular expression code size limit exceeded")),
        }
    }
    let is_bytes = !pattern.is_none() && p.as_pystr(pattern).is_none();
    let class = p.native_type(&pattern::PATTERN);
    let compiled = Pattern {
        pattern,
        flags,
        codes: codes.into(),
        groups,
        groupindex,
        indexgroup,
        is_bytes,
        any: pattern.is_none(),
    };
    Ok(p.new_payload(class, compiled))
}

fn character(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<u32> {
    let [v] = p.exactly(args, name)?;
    Ok(p.index_i64(v)? as u32)
}

fn unicode_iscased(p: &mut Process, args: Args<'_>) -> NativeResult {
    let c = character(p, args, "unicode_iscased")?;
    // A letter whose upper case is several letters has a case too.
    let several = char::from_u32(c).is_some_and(|c| c.to_uppercase().count() > 1 || c.to_lowercase().count() > 1);
    let cased = engine::string::lower_unicode(c) != c || engine::string::upper_unicode(c) != c;
    Ok(Value::from_bool(cased || several))
}

fn unicode_tolower(p: &mut Process, args: Args<'_>) -> NativeResult {
    let c = character(p, args, "unicode_tolower")?;
    Ok(p.new_int(i64::from(engine::string::lower_unicode(c))))
}

fn ascii_iscased(p: &mut Process, args: Args<'_>) -> NativeResult {
    let c = character(p, args, "ascii_iscased")?;
    Ok(Value::from_bool(
        char::from_u32(c).is_some_and(|c| c.is_ascii_alphabetic()),
    ))
}

fn ascii_tolower(p: &mut Process, args: Args<'_>) -> NativeResult {
    let c = character(p, args, "ascii_tolower")?;
    Ok(p.new_int(i64::from(engine::string::lower_ascii(c))))
}

fn getcodesize(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::from_i32(4))
}

/// `template(pattern, parts)`: literals and group numbers in turn, kept as they are for `expand`.
fn template(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [_pattern, parts] = p.exactly(args, "template")?;
    let parts = p.list_from_iterable(parts)?;
    for &group in parts.iter().skip(1).step_by(2) {
        if !p.is_int(group) {
            return Err(p.type_error("an integer is required"));
        }
        if p.as_i64(group).is_none_or(|n| n < 0) {
            return Err(p.type_error("invalid template"));
        }
    }
    let class = p.native_type(&substitute::TEMPLATE);
    Ok(p.new_payload(class, substitute::Template { parts }))
}

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    // The simulated machine is 64-bit everywhere, so these are too.
    for (name, n) in [
        ("MAGIC", engine::SRE_MAGIC as i64),
        ("CODESIZE", 4),
        ("MAXREPEAT", 4_294_967_295),
        ("MAXGROUPS", 1_073_741_823),
    ] {
        let (name, n) = (p.intern(name), p.new_int(n));
        p.dict_set_str(dict, name, n);
    }
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_sre",
    doc: "",
    functions: &[
        Native::function("compile", compile),
        Native::function("template", template),
        Native::function("getcodesize", getcodesize),
        Native::function("unicode_iscased", unicode_iscased),
        Native::function("unicode_tolower", unicode_tolower),
        Native::function("ascii_iscased", ascii_iscased),
        Native::function("ascii_tolower", ascii_tolower),
    ],
    types: &[],
    init: Some(init),
};
