//! The module `unicodedata`; of the historical database of Unicode 3.2 what `stringprep` asks for.

use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;
use rustpython_unicode::{NormalizeForm, Ucd};
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// `unicodedata`
pub static MODULE: ModuleDef = ModuleDef {
    name: "unicodedata",
    doc: "This module provides access to the Unicode Character Database.",
    functions: FUNCTIONS,
    types: &[],
    init: Some(|vm, dict| {
        let (name, version) = (vm.intern("unidata_version"), vm.new_str("16.0.0"));
        vm.dict_set_str(dict, name, version);
        let old: Vec<(&str, Value)> = OLD_FUNCTIONS
            .iter()
            .map(|def| (def.name, vm.new_native(def, Value::NULL)))
            .collect();
        let mut old = old;
        old.push(("unidata_version", vm.new_str("3.2.0")));
        let (name, old) = (vm.intern("ucd_3_2_0"), vm.new_namespace(&old));
        vm.dict_set_str(dict, name, old);
        Ok(())
    }),
};

const UCD: Ucd = Ucd::new(true);
const OLD: Ucd = Ucd::new(false);

macro_rules! text_property {
    ($name:literal, $f:expr) => {
        Native::function($name, |vm, args| {
            let [c] = vm.exactly(args, concat!("unicodedata.", $name))?;
            let c = character(vm, c, $name, "")?;
            let f: fn(CodePoint) -> String = $f;
            Ok(vm.new_str(&f(c)))
        })
        .sig("(chr, /)")
    };
}

/// Functions of `ucd_3_2_0`. Normalization is that of today: what has changed since are a handful of corrections.
static OLD_FUNCTIONS: &[Native] = &[
    text_property!("category", |c| OLD.category(c).to_owned()),
    text_property!("bidirectional", |c| OLD.bidirectional(c).to_owned()),
    Native::function("normalize", normalize),
];

static FUNCTIONS: &[Native] = &[
    text_property!("category", |c| UCD.category(c).to_owned()),
    text_property!("bidirectional", |c| UCD.bidirectional(c).to_owned()),
    text_property!("east_asian_width", |c| UCD.east_asian_width(c).to_owned()),
    text_property!("decomposition", |c| UCD.decomposition(c)),
    Native::function("combining", |vm, args| {
        let [c] = vm.exactly(args, "unicodedata.combining")?;
        let c = character(vm, c, "combining", "")?;
        Ok(Value::from_i32(i32::from(UCD.combining(c))))
    }),
    Native::function("mirrored", |vm, args| {
        let [c] = vm.exactly(args, "unicodedata.mirrored")?;
        let c = character(vm, c, "mirrored", "")?;
        Ok(Value::from_i32(UCD.mirrored(c)))
    }),
    Native::function("digit", |vm, args| {
        number(vm, args, "digit", "not a digit", |vm, c| {
            UCD.digit(c).map(|n| vm.new_int(n as i64))
        })
    }),
    Native::function("decimal", |vm, args| {
        number(vm, args, "decimal", "not a decimal", |vm, c| {
            UCD.decimal(c).map(|n| vm.new_int(n as i64))
        })
    }),
    Native::function("numeric", |vm, args| {
        number(vm, args, "numeric", "not a numeric character", |vm, c| {
            UCD.numeric(c).map(|x| vm.new_float(x))
        })
    }),
    Native::function("name", |vm, args| {
        number(vm, args, "name", "no such name", |vm, c| {
            let name = heddle_names::name(c.to_char()?)?;
            Some(vm.new_str(&name))
        })
    }),
    Native::function("lookup", lookup).sig("(name, /)"),
    Native::function("normalize", normalize).sig("(form, unistr, /)"),
    Native::function("is_normalized", |vm, args| {
        let [form, text] = vm.exactly(args, "is_normalized")?;
        let form = form_argument(vm, form, "is_normalized")?;
        let text = text_argument(vm, text, "is_normalized")?;
        Ok(Value::from_bool(rustpython_unicode::is_normalized(form, text.wtf8())))
    })
    .sig("(form, unistr, /)"),
];

fn normalize(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [form, text] = vm.exactly(args, "normalize")?;
    let form = form_argument(vm, form, "normalize")?;
    let text = text_argument(vm, text, "normalize")?;
    let out = rustpython_unicode::normalize(form, text.wtf8());
    Ok(vm.new_wtf8(out))
}

/// The one character a function was given; `place` is " 1" where it has more arguments.
fn character(vm: &mut Process, v: Value, function: &str, place: &str) -> NativeResult<CodePoint> {
    let Some(s) = vm.as_pystr(v).cloned() else {
        let name = vm.type_name(v);
        return Err(vm.type_error(&format!(
            "{function}() argument{place} must be a unicode character, not {name}"
        )));
    };
    match (s.len(), s.char_at(0)) {
        (1, Some(c)) => Ok(c),
        (n, _) => Err(vm.type_error(&format!(
            "{function}(): argument{place} must be a unicode character, not a string of length {n}"
        ))),
    }
}

/// A property that not all characters have: its value, the default, or ValueError.
fn number(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    missing: &str,
    property: fn(&mut Process, CodePoint) -> Option<Value>,
) -> NativeResult {
    vm.between(args, name, 1, 2)?;
    let c = character(vm, args.get(0).unwrap_or(Value::NULL), name, " 1")?;
    match property(vm, c).or(args.get(1)) {
        Some(v) => Ok(v),
        None => Err(vm.value_error(missing)),
    }
}

fn lookup(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "unicodedata.lookup")?;
    let name = vm.name_argument(Some(name), "lookup", "name", "")?;
    match heddle_names::character(&name) {
        Some(c) => Ok(vm.new_wtf8(Wtf8Buf::from(CodePoint::from_char(c)))),
        None => Err(vm.error(core::KEY_ERROR, &format!("undefined character name '{name}'"))),
    }
}

fn form_argument(vm: &mut Process, v: Value, function: &str) -> NativeResult<NormalizeForm> {
    let text = text_argument(vm, v, function)?;
    match text.as_str() {
        Some("NFC") => Ok(NormalizeForm::Nfc),
        Some("NFD") => Ok(NormalizeForm::Nfd),
        Some("NFKC") => Ok(NormalizeForm::Nfkc),
        Some("NFKD") => Ok(NormalizeForm::Nfkd),
        _ => Err(vm.value_error("invalid normalization form")),
    }
}

fn text_argument(vm: &mut Process, v: Value, function: &str) -> NativeResult<std::rc::Rc<heddle_vm::pystr::PyStr>> {
    match vm.as_pystr(v) {
        Some(s) => Ok(s.clone()),
        None => {
            let name = vm.type_name(v);
            Err(vm.type_error(&format!("{function}() argument must be str, not {name}")))
        }
    }
}
