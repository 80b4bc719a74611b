//! The module `unicodedata`; of the historical database of Unicode 3.2 what `stringprep` asks for.

use heddle_names::characters::{self, Number, Property};
use heddle_names::normal::{self, Form};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

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

/// A property in words; `usual` is what stands for nothing in the table. While the table is not here, everything is unknown: the run
/// begins again once it is.
fn property(c: CodePoint, property: Property, usual: &str) -> String {
    let table = characters::table();
    let text = table.as_ref().map_or("", |table| table.property(c.to_u32(), property));
    if text.is_empty() { usual } else { text }.to_owned()
}

fn value(c: CodePoint) -> Option<Number> {
    characters::table()?.number(c.to_u32())
}

/// The direction in Unicode 3.2.
fn old_direction(c: CodePoint) -> String {
    let direction = property(c, Property::OldDirection, &property(c, Property::Direction, ""));
    direction.trim_start_matches('-').to_owned()
}

/// What a character is made of.
fn made_of(c: CodePoint) -> String {
    property(c, Property::MadeOf, "").trim_start_matches('!').to_owned()
}

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
    text_property!("category", |c| {
        property(c, Property::OldCategory, &property(c, Property::Category, ""))
    }),
    text_property!("bidirectional", old_direction),
    Native::function("normalize", normalize),
];

static FUNCTIONS: &[Native] = &[
    text_property!("category", |c| property(c, Property::Category, "")),
    text_property!("bidirectional", |c| property(c, Property::Direction, "")),
    text_property!("east_asian_width", |c| property(c, Property::Width, "N")),
    text_property!("decomposition", made_of),
    Native::function("combining", |vm, args| {
        let [c] = vm.exactly(args, "unicodedata.combining")?;
        let c = character(vm, c, "combining", "")?;
        let class = characters::table().map_or(0, |table| table.combining(c.to_u32()));
        Ok(Value::from_i32(i32::from(class)))
    }),
    Native::function("mirrored", |vm, args| {
        let [c] = vm.exactly(args, "unicodedata.mirrored")?;
        let c = character(vm, c, "mirrored", "")?;
        Ok(Value::from_i32(i32::from(
            !property(c, Property::Mirrored, "").is_empty(),
        )))
    }),
    Native::function("digit", |vm, args| {
        number(vm, args, "digit", "not a digit", |vm, c| match value(c)? {
            Number::Decimal(n) | Number::Digit(n) => Some(vm.new_int(n.into())),
            Number::Other(_) => None,
        })
    }),
    Native::function("decimal", |vm, args| {
        number(vm, args, "decimal", "not a decimal", |vm, c| match value(c)? {
            Number::Decimal(n) => Some(vm.new_int(n.into())),
            Number::Digit(_) | Number::Other(_) => None,
        })
    }),
    Native::function("numeric", |vm, args| {
        number(vm, args, "numeric", "not a numeric character", |vm, c| {
            let x = match value(c)? {
                Number::Decimal(n) | Number::Digit(n) => n.into(),
                Number::Other(x) => x,
            };
            Some(vm.new_float(x))
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
        Ok(Value::from_bool(&*normal_form(form, text.wtf8()) == text.wtf8()))
    })
    .sig("(form, unistr, /)"),
];

fn normalize(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [form, text] = vm.exactly(args, "normalize")?;
    let form = form_argument(vm, form, "normalize")?;
    let text = text_argument(vm, text, "normalize")?;
    Ok(vm.new_wtf8(normal_form(form, text.wtf8())))
}

fn normal_form(form: Form, text: &Wtf8) -> Wtf8Buf {
    let codes: Vec<u32> = text.code_points().map(CodePoint::to_u32).collect();
    let codes = normal::normalize(&codes, form).unwrap_or(codes);
    codes.into_iter().filter_map(CodePoint::from_u32).collect()
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

fn form_argument(vm: &mut Process, v: Value, function: &str) -> NativeResult<Form> {
    let text = text_argument(vm, v, function)?;
    let (compatible, compose) = match text.as_str() {
        Some("NFC") => (false, true),
        Some("NFD") => (false, false),
        Some("NFKC") => (true, true),
        Some("NFKD") => (true, false),
        _ => return Err(vm.value_error("invalid normalization form")),
    };
    Ok(Form { compatible, compose })
}

fn text_argument(vm: &mut Process, v: Value, function: &str) -> NativeResult<heddle_vm::pystr::PyStr> {
    match vm.as_pystr(v) {
        Some(s) => Ok(s.clone()),
        None => {
            let name = vm.type_name(v);
            Err(vm.type_error(&format!("{function}() argument must be str, not {name}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustpython_unicode::{NormalizeForm, Ucd};

    const FORMS: [(NormalizeForm, bool, bool); 4] = [
        (NormalizeForm::Nfc, false, true),
        (NormalizeForm::Nfd, false, false),
        (NormalizeForm::Nfkc, true, true),
        (NormalizeForm::Nfkd, true, false),
    ];

    /// The build script wrote the table from the same database; the normal forms are computed from it here, by other means (and from data
    /// of a newer Unicode) there.
    #[test]
    fn characters_are_what_the_database_says() {
        crate::start();
        let (new, old) = (Ucd::new(true), Ucd::new(false));
        let table = characters::table().expect("the command line's program carries the table");
        for code in (0..0x3134F).chain(0xE0000..0xE0200) {
            let c = CodePoint::from_u32(code).expect("no code point is beyond the last");
            assert_eq!(property(c, Property::Category, ""), new.category(c), "{code:X}");
            assert_eq!(table.combining(code), new.combining(c), "{code:X}");
            assert_eq!(old_direction(c), old.bidirectional(c), "{code:X}");
            let known = c.to_char().and_then(heddle_names::name).is_some();
            for (form, compatible, compose) in FORMS.into_iter().filter(|_| known) {
                for text in [vec![code], vec![0x61, code, 0x301], vec![code, 0x323, 0x301, 0x11A8]] {
                    let text: Wtf8Buf = text.into_iter().filter_map(CodePoint::from_u32).collect();
                    let expected = rustpython_unicode::normalize(form, &text);
                    assert_eq!(normal_form(Form { compatible, compose }, &text), expected, "{code:X}");
                }
            }
        }
    }
}
