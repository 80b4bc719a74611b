//! `_csv.writer`: rows of fields, quoted and escaped as a dialect says.

use super::dialect::{self, ALL, Dialect, NONE, NONNUMERIC, NOTNULL, STRINGS};
use super::error;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

#[derive(Clone, Debug)]
struct Writer {
    /// The file's `write`.
    write: Value,
    dialect: Value,
}
heddle_vm::impl_payload!(Writer, |this, f| [this.write, this.dialect].into_iter().for_each(f));

/// `_csv.writer`'s class
pub static WRITER: TypeDef = TypeDef {
    name: "Writer",
    module: "_csv",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1373),
    flags: 0,
    members: &[&[
        Native::method("writerow", |p, a| {
            let (this, [row]) = p.method_args(a, "_csv.writer.writerow")?;
            write_row(p, this, row)
        }),
        Native::method("writerows", |p, a| {
            let (this, [rows]) = p.method_args(a, "_csv.writer.writerows")?;
            let write = p.getattr_text(this, "writerow")?;
            let run = p.prelude_function("_call_with_each");
            p.tail_call(run, &[write, rows])
        }),
        Native::getter("dialect", |p, a| Ok(of(p, a.this())?.dialect)),
    ]],
    doc: "CSV writer",
    finish: None,
};

fn of(p: &mut Process, v: Value) -> NativeResult<Writer> {
    match p.heap.payload::<Writer>(v).cloned() {
        Some(writer) => Ok(writer),
        None => Err(p.type_error("a _csv.Writer object is required")),
    }
}

/// `writer(file, [dialect], **parameters)`
pub fn writer(p: &mut Process, args: Args<'_>) -> NativeResult {
    if args.is_empty() || args.len() > 2 {
        let (bound, given) = if args.is_empty() {
            ("at least 1 argument", 0)
        } else {
            ("at most 2 arguments", args.len())
        };
        return Err(p.type_error(&format!("writer expected {bound}, got {given}")));
    }
    let write = p.getattr_opt(args.this(), names::WRITE)?;
    let Some(write) = write.filter(|w| p.is_callable(*w)) else {
        return Err(p.type_error("argument 1 must have a \"write\" method"));
    };
    let dialect = dialect::make(p, args.get(1), args.kw)?;
    let class = p.native_type(&WRITER);
    Ok(p.new_payload(class, Writer { write, dialect }))
}

fn write_row(p: &mut Process, this: Value, row: Value) -> NativeResult {
    let Writer { write, dialect } = of(p, this)?;
    let dialect = dialect::of(p, dialect)?;
    if p.lookup_in_type(p.type_of(row), names::ITER).is_none()
        && p.lookup_in_type(p.type_of(row), names::GETITEM).is_none()
    {
        let name = p.type_name(row);
        return Err(error(p, &format!("iterable expected, not {name}")));
    }
    let fields = p.list_from_iterable(row)?;
    let mut line = Wtf8Buf::new();
    let (count, mut only_is_empty) = (fields.len(), false);
    for (i, &field) in fields.iter().enumerate() {
        if i > 0 {
            push(&mut line, dialect.delimiter);
        }
        let quoted = match dialect.quoting {
            NONNUMERIC => p.as_float(field).is_none() && !p.is_int(field) && p.as_complex(field).is_none(),
            ALL => true,
            STRINGS => p.as_pystr(field).is_some(),
            NOTNULL => !field.is_none(),
            _ => false,
        };
        let text = if field.is_none() {
            Wtf8Buf::new()
        } else {
            let text = p.str(field)?;
            p.as_pystr(text).map_or_else(Wtf8Buf::new, |s| s.wtf8().to_wtf8_buf())
        };
        let null_needs_quotes = field.is_none() && matches!(dialect.quoting, STRINGS | NOTNULL);
        if text.is_empty() && count == 1 && null_needs_quotes {
            return Err(error(p, "single empty field record must be quoted"));
        }
        only_is_empty = text.is_empty() && !quoted;
        if text.is_empty() && dialect.delimiter == 32 && dialect.skip_space && !quoted {
            if null_needs_quotes || dialect.quoting == NONE {
                return Err(error(
                    p,
                    "empty field must be quoted if delimiter is a space and skipinitialspace is true",
                ));
            }
            append(p, &mut line, &dialect, &text, true)?;
            continue;
        }
        append(p, &mut line, &dialect, &text, quoted)?;
    }
    if count == 1 && only_is_empty && line.is_empty() {
        if dialect.quoting == NONE {
            return Err(error(p, "single empty field record must be quoted"));
        }
        let quote = dialect.quote.unwrap_or(34);
        push(&mut line, quote);
        push(&mut line, quote);
    }
    line.push_str(&dialect.line_end);
    let line = p.new_wtf8(line);
    p.tail_call(write, &[line])
}

fn push(line: &mut Wtf8Buf, c: u32) {
    if let Some(c) = CodePoint::from_u32(c) {
        line.push(c);
    }
}

/// Appends a field, quoted if it has to be.
fn append(p: &mut Process, line: &mut Wtf8Buf, d: &Dialect, text: &Wtf8, mut quoted: bool) -> NativeResult<()> {
    let mut out = Wtf8Buf::new();
    for c in text.code_points() {
        let code = c.to_u32();
        let is_quote = d.quote == Some(code);
        let is_escape = d.escape == Some(code);
        let special = code == d.delimiter
            || is_quote
            || is_escape
            || code == 10
            || code == 13
            || d.line_end.chars().any(|e| u32::from(e) == code);
        if special {
            let mut escapes = false;
            if d.quoting == NONE {
                escapes = true;
            } else {
                if is_quote {
                    if d.double_quote {
                        push(&mut out, code);
                    } else {
                        escapes = true;
                    }
                } else if is_escape {
                    escapes = true;
                }
                if !escapes {
                    quoted = true;
                }
            }
            if escapes {
                let Some(escape) = d.escape else {
                    return Err(error(p, "need to escape, but no escapechar set"));
                };
                push(&mut out, escape);
            }
        }
        out.push(c);
    }
    if quoted && let Some(quote) = d.quote {
        push(line, quote);
        line.push_wtf8(&out);
        push(line, quote);
    } else {
        line.push_wtf8(&out);
    }
    Ok(())
}
