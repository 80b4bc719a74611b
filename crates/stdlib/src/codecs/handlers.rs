//! The built-in error handlers as functions that `codecs.lookup_error` gives out.

use heddle_vm::builtin::text::codec_errors::{DecodeFailure, EncodeFailure, Replacement};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;
use rustpython_wtf8::CodePoint;

static HANDLERS: [Native; 8] = [
    Native::function("strict", |vm, args| handle(vm, args, "strict")),
    Native::function("ignore", |vm, args| handle(vm, args, "ignore")),
    Native::function("replace", |vm, args| handle(vm, args, "replace")),
    Native::function("xmlcharrefreplace", |vm, args| handle(vm, args, "xmlcharrefreplace")),
    Native::function("backslashreplace", |vm, args| handle(vm, args, "backslashreplace")),
    Native::function("namereplace", |vm, args| handle(vm, args, "namereplace")),
    Native::function("surrogateescape", |vm, args| handle(vm, args, "surrogateescape")),
    Native::function("surrogatepass", |vm, args| handle(vm, args, "surrogatepass")),
];

/// The handler of a built-in name.
pub fn by_name(name: &str) -> Option<&'static Native> {
    HANDLERS.iter().find(|def| def.name == name)
}

/// What an exception's handler answers: the replacement and the place to go on at.
fn handle(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let [exception] = vm.exactly(args, name)?;
    if !vm.is_instance(exception, core::UNICODE_ERROR) {
        if name == "strict" && vm.is_instance(exception, core::EXCEPTION) {
            return Err(Unwind::Raise(exception));
        }
        let given = vm.type_name(exception);
        return Err(vm.type_error(&format!("don't know how to handle {given} in error callback")));
    }
    if name == "strict" {
        return Err(Unwind::Raise(exception));
    }
    let codec = vm.exception_field(exception, 0);
    let codec = vm.text(codec);
    let object = vm.exception_field(exception, 1);
    let (start, end) = (vm.exception_field(exception, 2), vm.exception_field(exception, 3));
    let (start, end) = (vm.index_i64(start)?.max(0) as usize, vm.index_i64(end)?.max(0) as usize);
    let reason = vm.exception_field(exception, 4);
    let reason = vm.text(reason);
    let (value, next) = if let Some(s) = vm.as_pystr(object).cloned() {
        let codes: Vec<CodePoint> = s.wtf8().code_points().collect();
        let failure = EncodeFailure {
            codec: &codec,
            object,
            codes: &codes,
            start,
            end,
            reason: &reason,
        };
        match vm.handle_encode_error(name, &failure)? {
            (Replacement::Text(text), next) => (vm.new_wtf8(text), next),
            (Replacement::Bytes(bytes), next) => (vm.new_bytes(&bytes), next),
        }
    } else {
        let bytes = vm.buffer_bytes(object)?;
        let failure = DecodeFailure {
            codec: &codec,
            bytes: &bytes,
            start,
            end,
            reason: &reason,
        };
        let (text, next) = vm.handle_decode_error(name, &failure)?;
        (vm.new_wtf8(text), next)
    };
    let next = vm.new_int(next as i64);
    Ok(vm.new_tuple(vec![value, next]))
}

/// The name that an `errors` argument gives; "strict" for None.
pub fn errors_argument(vm: &mut Process, v: Option<Value>) -> String {
    match v {
        Some(v) if !v.is_none() => vm.text(v),
        _ => "strict".to_owned(),
    }
}
