//! `_csv.reader`: an iterator over the lines of another, one record of fields at a time.

use super::dialect::{self, Dialect, NONNUMERIC, NOTNULL, STRINGS};
use super::error;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    Escaped,
    InField,
    Quoted,
    EscapedInQuotes,
    QuoteInQuotes,
    EatLineEnd,
    AfterEscapedLineEnd,
}

#[derive(Clone, Debug)]
struct Reader {
    input: Value,
    dialect: Value,
    lines: i64,
}
heddle_vm::impl_payload!(Reader, |this, f| [this.input, this.dialect].into_iter().for_each(f));

/// `_csv.reader`'s class
pub static READER: TypeDef = TypeDef {
    name: "Reader",
    module: "_csv",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1372),
    flags: 0,
    members: &[&[
        Native::method("__iter__", |_, a| Ok(a.this())),
        Native::method("__next__", next),
        Native::getter("dialect", |p, a| Ok(of(p, a.this())?.dialect)),
        Native::getter("line_num", |p, a| {
            let n = of(p, a.this())?.lines;
            Ok(p.new_int(n))
        }),
    ]],
    doc: "CSV reader",
    finish: None,
};

fn of(p: &mut Process, v: Value) -> NativeResult<Reader> {
    match p.heap.payload::<Reader>(v).cloned() {
        Some(reader) => Ok(reader),
        None => Err(p.type_error("a _csv.Reader object is required")),
    }
}

/// `reader(iterable, [dialect], **parameters)`
pub fn reader(p: &mut Process, args: Args<'_>) -> NativeResult {
    if args.is_empty() || args.len() > 2 {
        let (bound, given) = if args.is_empty() {
            ("at least 1 argument", 0)
        } else {
            ("at most 2 arguments", args.len())
        };
        return Err(p.type_error(&format!("reader expected {bound}, got {given}")));
    }
    let input = p.get_iter(args.this())?;
    let dialect = dialect::make(p, args.get(1), args.kw)?;
    let class = p.native_type(&READER);
    Ok(p.new_payload(
        class,
        Reader {
            input,
            dialect,
            lines: 0,
        },
    ))
}

/// A field that is being read.
#[derive(Debug, Default)]
struct Field {
    text: Wtf8Buf,
    chars: usize,
    quoted: bool,
}

/// A record that is being read.
struct Record {
    dialect: Dialect,
    state: State,
    field: Field,
    fields: Vec<Field>,
    limit: usize,
}

impl Record {
    fn save(&mut self) {
        self.fields.push(std::mem::take(&mut self.field));
    }

    fn add(&mut self, c: CodePoint) -> Result<(), String> {
        if self.field.chars >= self.limit {
            return Err(format!("field larger than field limit ({})", self.limit));
        }
        self.field.text.push(c);
        self.field.chars += 1;
        Ok(())
    }

    /// One character; None at the end of a line.
    fn step(&mut self, c: Option<CodePoint>) -> Result<(), String> {
        let code = c.map(CodePoint::to_u32);
        let ends = matches!(code, None | Some(10 | 13));
        let is = |wanted: Option<u32>| code.is_some() && code == wanted;
        match self.state {
            State::StartRecord | State::StartField => {
                if self.state == State::StartRecord {
                    if code.is_none() {
                        return Ok(());
                    }
                    if ends {
                        self.state = State::EatLineEnd;
                        return Ok(());
                    }
                }
                if ends {
                    self.save();
                    self.end_line(code);
                } else if is(self.dialect.quote) && self.dialect.quoting != dialect::NONE {
                    self.field.quoted = true;
                    self.state = State::Quoted;
                } else if is(self.dialect.escape) {
                    self.state = State::Escaped;
                } else if code == Some(32) && self.dialect.skip_space {
                    self.state = State::StartField;
                } else if is(Some(self.dialect.delimiter)) {
                    self.save();
                    self.state = State::StartField;
                } else {
                    self.state = State::InField;
                    self.take(c)?;
                }
            }
            State::Escaped if ends && code.is_some() => {
                self.take(c)?;
                self.state = State::AfterEscapedLineEnd;
            }
            State::Escaped => {
                self.add(c.unwrap_or(CodePoint::from('\n')))?;
                self.state = State::InField;
            }
            State::AfterEscapedLineEnd if code.is_none() => {}
            State::AfterEscapedLineEnd | State::InField => {
                self.state = State::InField;
                if ends {
                    self.save();
                    self.end_line(code);
                } else if is(self.dialect.escape) {
                    self.state = State::Escaped;
                } else if is(Some(self.dialect.delimiter)) {
                    self.save();
                    self.state = State::StartField;
                } else {
                    self.take(c)?;
                }
            }
            State::Quoted => {
                if code.is_none() {
                } else if is(self.dialect.escape) {
                    self.state = State::EscapedInQuotes;
                } else if is(self.dialect.quote) && self.dialect.quoting != dialect::NONE {
                    self.state = if self.dialect.double_quote {
                        State::QuoteInQuotes
                    } else {
                        State::InField
                    };
                } else {
                    self.take(c)?;
                }
            }
            State::EscapedInQuotes => {
                self.add(c.unwrap_or(CodePoint::from('\n')))?;
                self.state = State::Quoted;
            }
            State::QuoteInQuotes => self.after_quote(c, ends)?,
            State::EatLineEnd => match code {
                Some(10 | 13) => {}
                None => self.state = State::StartRecord,
                Some(_) => {
                    return Err(
                        "new-line character seen in unquoted field - do you need to open the file with newline=''?"
                            .to_owned(),
                    );
                }
            },
        }
        Ok(())
    }

    /// Behind a quote inside a quoted field: it was the last, or the first of two.
    fn after_quote(&mut self, c: Option<CodePoint>, ends: bool) -> Result<(), String> {
        let code = c.map(CodePoint::to_u32);
        if code.is_some() && code == self.dialect.quote && self.dialect.quoting != dialect::NONE {
            self.take(c)?;
            self.state = State::Quoted;
        } else if code == Some(self.dialect.delimiter) {
            self.save();
            self.state = State::StartField;
        } else if ends {
            self.save();
            self.end_line(code);
        } else if !self.dialect.strict {
            self.take(c)?;
            self.state = State::InField;
        } else {
            let name = |c: u32| char::from_u32(c).unwrap_or('?');
            let quote = name(self.dialect.quote.unwrap_or(34));
            return Err(format!("'{}' expected after '{quote}'", name(self.dialect.delimiter)));
        }
        Ok(())
    }

    fn take(&mut self, c: Option<CodePoint>) -> Result<(), String> {
        c.map_or(Ok(()), |c| self.add(c))
    }

    fn end_line(&mut self, code: Option<u32>) {
        self.state = if code.is_none() {
            State::StartRecord
        } else {
            State::EatLineEnd
        };
    }
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Reader { input, dialect, lines } = of(p, this)?;
    let dialect = dialect::of(p, dialect)?;
    let limit = super::field_limit(p);
    let mut record = Record {
        dialect,
        state: State::StartRecord,
        field: Field::default(),
        fields: Vec::new(),
        limit,
    };
    let mut read = lines;
    loop {
        let Some(line) = p.iter_next(input)? else {
            set_lines(p, this, read);
            if record.field.chars > 0 || matches!(record.state, State::Quoted) {
                if record.dialect.strict {
                    return Err(error(p, "unexpected end of data"));
                }
                record.save();
                break;
            }
            return Ok(Value::NULL);
        };
        let Some(text) = p.as_pystr(line).cloned() else {
            let name = p.type_name(line);
            return Err(error(
                p,
                &format!("iterator should return strings, not {name} (the file should be opened in text mode)"),
            ));
        };
        read += 1;
        let characters = text.wtf8().code_points().map(Some).chain([None]);
        for c in characters {
            if let Err(message) = record.step(c) {
                set_lines(p, this, read);
                return Err(error(p, &message));
            }
        }
        if record.state == State::StartRecord {
            break;
        }
    }
    set_lines(p, this, read);
    let mut values = Vec::with_capacity(record.fields.len());
    for field in record.fields {
        values.push(value_of(p, field, record.dialect.quoting)?);
        p.check_limit()?;
    }
    Ok(p.new_list(values))
}

fn set_lines(p: &mut Process, this: Value, lines: i64) {
    if let Some(reader) = p.heap.payload_mut::<Reader>(this) {
        reader.lines = lines;
    }
}

fn value_of(p: &mut Process, field: Field, quoting: i64) -> NativeResult {
    let empty = field.chars == 0;
    if !field.quoted && empty && (quoting == NOTNULL || quoting == STRINGS) {
        return Ok(Value::NONE);
    }
    let text = p.new_wtf8(field.text);
    if !field.quoted && !empty && (quoting == NONNUMERIC || quoting == STRINGS) {
        return p.call(core::FLOAT, &[text]);
    }
    Ok(text)
}
