//! `compile`, `exec`, `eval`, `globals`, `locals`.

use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Pending, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::{Mode, Options};

/// `PyCF_ONLY_AST`.
const ONLY_AST: u32 = 0x400;
/// `PyCF_ALLOW_TOP_LEVEL_AWAIT`.
const TOP_LEVEL_AWAIT: u32 = 0x2000;
/// The future features, and `PyCF_*` from `SOURCE_IS_UTF8` to `OPTIMIZED_AST`.
const KNOWN_FLAGS: u32 = heddle_compiler::code::flags::FUTURE_MASK | 0xff00 | 0x10;

fn globals(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "globals")?;
    Ok(p.caller_globals())
}

fn locals(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "locals")?;
    p.once(|p| p.caller_locals())
}

/// The encoding that a comment in the first two lines declares (PEP 263).
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|byte| *byte == b'\n').take(2) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_start_matches([' ', '\t', '\x0c']);
        let Some(comment) = line.strip_prefix('#') else {
            if line.trim().is_empty() {
                continue;
            }
            return None;
        };
        let Some((_, rest)) = comment.split_once("coding") else {
            continue;
        };
        let Some(rest) = rest.strip_prefix([':', '=']) else {
            continue;
        };
        let name: String = rest
            .trim_start_matches([' ', '\t'])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            .collect();
        if !name.is_empty() {
            return Some(name.to_ascii_lowercase().replace('_', "-"));
        }
    }
    None
}

/// The text of source given as bytes.
pub(crate) fn decoded_source(p: &mut Process, bytes: &[u8], filename: &str) -> NativeResult<String> {
    let marked = bytes.starts_with(b"\xef\xbb\xbf");
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(encoding) = declared_encoding(body)
        && !(encoding == "utf-8" || encoding == "utf8" || encoding.starts_with("utf-8-"))
    {
        if marked {
            let message = format!("encoding problem: {encoding} with BOM");
            return Err(p.error(core::SYNTAX_ERROR, &message));
        }
        let parts = p.once(|p| {
            let parts = vec![p.new_bytes(body), p.new_str(&encoding)];
            Ok(p.new_tuple(parts))
        })?;
        let parts = p.as_tuple(parts).map(<[Value]>::to_vec).unwrap_or_default();
        let function = p.prelude_function("_decode_source");
        let text = p.call(function, &parts)?;
        return Ok(p.text(text));
    }
    match std::str::from_utf8(body) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let before = String::from_utf8_lossy(&body[..at]);
            let line = before.rsplit('\n').next().unwrap_or_default();
            let rest = body[at..].split(|byte| *byte == b'\n').next().unwrap_or_default();
            let reason = match error.error_len() {
                None => "unexpected end of data",
                Some(1) if matches!(body[at], 0xc2..=0xf4) => "invalid continuation byte",
                Some(1) => "invalid start byte",
                Some(_) => "invalid continuation byte",
            };
            let column = line.chars().count() as u32 + 1;
            let number = before.matches('\n').count() as u32 + 1;
            let message = format!(
                "(unicode error) 'utf-8' codec can't decode byte 0x{:02x} in position {}: {reason}",
                body[at],
                line.len()
            );
            let error = heddle_compiler::SyntaxError {
                kind: heddle_compiler::SyntaxErrorKind::Syntax,
                message,
                line: number,
                column,
                end_line: number,
                end_column: column,
                endless: false,
                text: Some(format!("{line}{}\n", String::from_utf8_lossy(rest))),
            };
            Err(p.syntax_error(&error, filename))
        }
    }
}

/// Source text out of a str, bytes or bytearray.
fn source_text(p: &mut Process, v: Value, function: &str, filename: &str) -> NativeResult<String> {
    match p.heap.object(v) {
        Some(Obj::Str(s)) => {
            if let Some(text) = s.as_str() {
                return Ok(text.to_owned());
            }
            // Lone surrogates: what encoding says of them.
            let s = s.clone();
            p.encode_value(v, &s, "utf-8", "strict")?;
            Ok(s.lossy().into_owned())
        }
        Some(Obj::Bytes(b)) => {
            let bytes = b.to_vec();
            decoded_source(p, &bytes, filename)
        }
        Some(Obj::ByteArray(b)) => {
            let bytes = b.to_vec();
            decoded_source(p, &bytes, filename)
        }
        _ if p.is_one_piece(v) => {
            let bytes = p.buffer_bytes(v)?;
            decoded_source(p, &bytes, filename)
        }
        _ => Err(p.type_error(&format!("{function}() arg 1 must be a string, bytes or code object"))),
    }
}

fn compile(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [source, filename, mode, flags, dont_inherit, optimize, _feature] = p.bind(
        args,
        "compile",
        [
            "source",
            "filename",
            "mode",
            "flags",
            "dont_inherit",
            "optimize",
            "*_feature_version",
        ],
        3,
    )?;
    let (source, filename, mode) = (
        source.unwrap_or(Value::NONE),
        filename.unwrap_or(Value::NONE),
        mode.unwrap_or(Value::NONE),
    );
    let flags = match flags {
        Some(v) => p.index_i64(v)? as u32,
        None => 0,
    };
    if flags & !KNOWN_FLAGS != 0 {
        return Err(p.value_error("compile(): unrecognised flags"));
    }
    let optimize = match optimize {
        Some(v) => p.index_i64(v)?,
        None => -1,
    };
    if !(-1..=2).contains(&optimize) {
        return Err(p.value_error("compile(): invalid optimize value"));
    }
    let inherit = match dont_inherit {
        Some(v) => !p.truth(v)?,
        None => true,
    };
    let filename = match p.heap.object(filename) {
        Some(Obj::Bytes(b)) => String::from_utf8_lossy(b).into_owned(),
        Some(Obj::Str(s)) => s.lossy().into_owned(),
        _ => {
            let name = p.type_name(filename);
            return Err(p.type_error(&format!("expected str, bytes or os.PathLike object, not {name}")));
        }
    };
    let given_mode = mode;
    let mode = match p.as_str(mode) {
        Some("exec") => Mode::Exec,
        Some("eval") => Mode::Eval,
        Some("single") => Mode::Single,
        Some("func_type") if flags & ONLY_AST != 0 => return Err(p.not_supported("compile() with mode 'func_type'")),
        Some("func_type") => {
            return Err(p.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
        }
        _ if flags & ONLY_AST != 0 => {
            return Err(p.value_error("compile() mode must be 'exec', 'eval', 'single' or 'func_type'"));
        }
        _ => return Err(p.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let options = options_of(p, flags, inherit, optimize);
    match p.heap.object(source) {
        Some(Obj::Code(_)) => return Ok(source),
        Some(Obj::Str(_) | Obj::Bytes(_) | Obj::ByteArray(_)) => {}
        // Perhaps a tree.
        _ => {
            let file = p.once(|p| Ok(p.new_str(&filename)))?;
            let (flags, optimize) = (
                p.new_int(i64::from(flags | options.future)),
                p.new_int(i64::from(options.optimize)),
            );
            let function = p.prelude_function("_compile_tree");
            return p.tail_call(function, &[source, file, given_mode, flags, optimize]);
        }
    }
    let text = source_text(p, source, "compile", &filename)?;
    if flags & ONLY_AST != 0 {
        let text = if mode == Mode::Eval {
            text.trim_start_matches([' ', '\t'])
        } else {
            &text
        };
        return p.parse_source(text, &filename, mode);
    }
    p.compile_source(&text, &filename, mode, &options)
}

/// Future features asked for, and those of the caller.
fn options_of(p: &Process, flags: u32, inherit: bool, optimize: i64) -> Options {
    let mut future_flags = flags & heddle_compiler::code::flags::FUTURE_MASK;
    if inherit
        && let Some(frame) = p.caller_frame()
        && let Some(Obj::Code(c)) = p.heap.object(frame.code)
    {
        future_flags |= c.code.flags & heddle_compiler::code::flags::FUTURE_MASK;
    }
    Options {
        future: future_flags,
        optimize: match optimize {
            ..0 => p.config.switches.optimize,
            level => level.min(2) as u8,
        },
        top_level_await: flags & TOP_LEVEL_AWAIT != 0,
    }
}

/// Globals and locals of `exec` and `eval`.
fn namespaces(
    p: &mut Process,
    globals: Option<Value>,
    locals: Option<Value>,
    name: &str,
) -> NativeResult<(Value, Value)> {
    let globals = globals.filter(|v| !v.is_none());
    let locals = locals.filter(|v| !v.is_none());
    let (globals, locals) = match (globals, locals) {
        (Some(g), Some(l)) => (g, l),
        (Some(g), None) => (g, g),
        (None, given) => {
            let g = p.caller_globals();
            let l = match given {
                Some(l) => l,
                None => p.once(|p| p.caller_locals())?,
            };
            (g, l)
        }
    };
    if p.as_dict(globals).is_none() {
        let given = p.type_name(globals);
        return Err(p.type_error(&format!("{name}() globals must be a dict, not {given}")));
    }
    if p.dict_get_str(globals, names::BUILTINS_DUNDER).is_none() {
        let key = names::BUILTINS;
        let builtins = p.dict_get_str(p.modules, key).unwrap_or(p.builtins);
        p.dict_set_str(globals, names::BUILTINS_DUNDER, builtins);
    }
    Ok((globals, locals))
}

fn run_code(p: &mut Process, args: Args<'_>, name: &'static str, mode: Mode) -> NativeResult {
    let [source, globals, locals, closure] = p.bind(args, name, ["", "globals", "locals", "*closure"], 1)?;
    let source = source.unwrap_or(Value::NONE);
    let (globals, locals) = namespaces(p, globals, locals, name)?;
    let code = match p.heap.object(source) {
        Some(Obj::Code(_)) => source,
        _ => {
            let text = source_text(p, source, name, "<string>")?;
            let text = match mode {
                Mode::Eval => text.trim_start_matches([' ', '\t']).to_owned(),
                _ => text,
            };
            let options = options_of(p, 0, true, -1);
            p.compile_source(&text, "<string>", mode, &options)?
        }
    };
    let function = p.once(|p| {
        let function = p.new_function(code, globals);
        let free = p.whole_code(code).map_or(0, |c| c.code.freevars.len());
        let cells = closure.filter(|c| !c.is_none());
        if cells.and_then(|c| p.as_tuple(c)).map_or(0, <[Value]>::len) != free {
            return Err(p.type_error(&if cells.is_none() {
                format!("code object passed to {name}() may not contain free variables")
            } else {
                format!("code object requires a closure of exactly length {free}")
            }));
        }
        if let Some(cells) = cells {
            p.heap.incref(cells);
            if let Obj::Function(f) = p.heap.get_mut(function) {
                f.closure = cells;
            }
        }
        Ok(function)
    })?;
    let optimized = matches!(p.heap.object(function), Some(Obj::Function(f))
        if matches!(p.heap.object(f.code), Some(Obj::Code(c)) if c.code.flags & heddle_compiler::code::flags::OPTIMIZED != 0));
    let locals = if optimized { Value::NULL } else { locals };
    let result = match p.next_log_entry() {
        Some(crate::native::LogEntry::Value(v)) => v,
        Some(crate::native::LogEntry::Raise(e)) => return Err(Unwind::Raise(e)),
        Some(_) => return Err(p.system_error("exec was not deterministic")),
        None => return Err(Unwind::Pending(Box::new(Pending::Execute { function, locals }))),
    };
    Ok(if mode == Mode::Eval { result } else { Value::NONE })
}

/// The functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("globals", globals).sig("($module, /)"),
    Native::function("locals", locals).sig("($module, /)"),
    Native::function("compile", compile)
        .sig("($module, /, source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)"),
    Native::function("exec", |p, a| run_code(p, a, "exec", Mode::Exec))
        .sig("($module, source, /, globals=None, locals=None, *, closure=None)"),
    Native::function("eval", |p, a| run_code(p, a, "eval", Mode::Eval))
        .sig("($module, source, /, globals=None, locals=None)"),
];
