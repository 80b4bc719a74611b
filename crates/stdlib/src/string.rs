//! The module `_string`: the parsers behind `string.Formatter`.

use heddle_vm::format::fields::{Step, as_index, parse_pieces, split_name};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// `_string`
pub static MODULE: ModuleDef = ModuleDef {
    name: "_string",
    doc: "string helper module",
    functions: &[
        Native::function("formatter_parser", formatter_parser),
        Native::function("formatter_field_name_split", formatter_field_name_split),
    ],
    types: &[],
    init: None,
};

fn code_points(vm: &mut Process, v: Value) -> NativeResult<Vec<CodePoint>> {
    match vm.as_pystr(v) {
        Some(s) => Ok(s.wtf8().code_points().collect()),
        None => {
            let name = vm.type_name(v);
            Err(vm.type_error(&format!("expected str, got {name}")))
        }
    }
}

/// An iterator of (literal, field name, specification, conversion). All of the text is parsed at once.
fn formatter_parser(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [text] = vm.exactly(args, "formatter_parser")?;
    let codes = code_points(vm, text)?;
    let pieces = match parse_pieces(&codes) {
        Ok(pieces) => pieces,
        Err(message) => return Err(vm.value_error(&message)),
    };
    let mut items = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let literal = vm.new_wtf8(piece.literal);
        let parts = match piece.field {
            None => vec![literal, Value::NONE, Value::NONE, Value::NONE],
            Some(field) => {
                let name = vm.new_wtf8(field.name);
                let spec = vm.new_wtf8(field.spec);
                let conversion = match field.conversion {
                    None => Value::NONE,
                    Some(c) => vm.new_wtf8(Wtf8Buf::from(c)),
                };
                vec![literal, name, spec, conversion]
            }
        };
        items.push(vm.new_tuple(parts));
    }
    let tuple = vm.new_tuple(items);
    vm.get_iter(tuple)
}

/// (first part, iterator of (is attribute, name or index))
fn formatter_field_name_split(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "formatter_field_name_split")?;
    let codes = code_points(vm, name)?;
    let (first, steps, index) = match split_name(&codes).and_then(|(f, s)| Ok((as_index(&f)?, f, s))) {
        Ok((index, first, steps)) => (first, steps, index),
        Err(message) => return Err(vm.value_error(&message)),
    };
    let first = match index {
        Some(n) => vm.new_int(n),
        None => vm.new_wtf8(first),
    };
    let mut items = Vec::with_capacity(steps.len());
    for step in steps {
        let (attribute, key) = match step {
            Step::Attribute(name) => (true, vm.new_wtf8(name)),
            Step::Malformed(message) => return Err(vm.value_error(message)),
            Step::Item(Ok(n)) => (false, vm.new_int(n)),
            Step::Item(Err(key)) => (false, vm.new_wtf8(key)),
        };
        items.push(vm.new_tuple(vec![Value::from_bool(attribute), key]));
    }
    let tuple = vm.new_tuple(items);
    let rest = vm.get_iter(tuple)?;
    Ok(vm.new_tuple(vec![first, rest]))
}
