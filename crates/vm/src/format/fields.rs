//! `str.format`: replacement fields, their names, conversions and nested specifications. Also the parsers behind the module `_string`.

use crate::function::Args;
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// A piece of a format string: literal text and the field behind it.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// Text before the field, braces already undoubled.
    pub literal: Wtf8Buf,
    /// The field, if one follows.
    pub field: Option<Field>,
}

/// A replacement field, its parts as text.
#[derive(Clone, Debug, Default)]
pub struct Field {
    pub name: Wtf8Buf,
    pub conversion: Option<CodePoint>,
    pub spec: Wtf8Buf,
    /// The specification holds fields itself.
    pub nested: bool,
}

/// A step from the first part of a field name: `.attribute` or `[index]`.
#[derive(Clone, Debug)]
pub enum Step {
    Attribute(Wtf8Buf),
    /// A number if it reads as one.
    Item(Result<i64, Wtf8Buf>),
    /// Nothing that can be read: a message of ValueError, raised once the steps before it have been taken.
    Malformed(&'static str),
}

fn is(c: Option<&CodePoint>, expected: char) -> bool {
    c.is_some_and(|c| c.to_u32() == expected as u32)
}

fn collect(codes: &[CodePoint]) -> Wtf8Buf {
    codes.iter().copied().collect()
}

/// Splits a format string into pieces. Errors are messages of ValueError.
pub fn parse_pieces(codes: &[CodePoint]) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = Wtf8Buf::new();
    let mut at = 0;
    while at < codes.len() {
        let c = codes[at];
        at += 1;
        let (open, close) = (is(Some(&c), '{'), is(Some(&c), '}'));
        if !open && !close {
            literal.push(c);
            continue;
        }
        if codes.get(at) == Some(&c) {
            at += 1;
            literal.push(c);
            continue;
        }
        if close {
            return Err("Single '}' encountered in format string".to_owned());
        }
        if at >= codes.len() {
            return Err("Single '{' encountered in format string".to_owned());
        }
        let field = parse_field(codes, &mut at)?;
        pieces.push(Piece {
            literal: std::mem::take(&mut literal),
            field: Some(field),
        });
    }
    if !literal.is_empty() {
        pieces.push(Piece { literal, field: None });
    }
    Ok(pieces)
}

/// Reads a field from behind its `{` to behind its `}`.
fn parse_field(codes: &[CodePoint], at: &mut usize) -> Result<Field, String> {
    let mut field = Field::default();
    let start = *at;
    // The name ends at '!', ':' or '}' outside of brackets.
    let mut bracket = false;
    loop {
        match codes.get(*at) {
            None => return Err("expected '}' before end of string".to_owned()),
            c if !bracket && is(c, '{') => return Err("unexpected '{' in field name".to_owned()),
            c if is(c, '[') => bracket = true,
            c if is(c, ']') => bracket = false,
            c if !bracket && (is(c, '}') || is(c, ':') || is(c, '!')) => break,
            _ => {}
        }
        *at += 1;
    }
    field.name = collect(&codes[start..*at]);
    if is(codes.get(*at), '!') {
        *at += 1;
        let Some(&conversion) = codes.get(*at) else {
            return Err("end of string while looking for conversion specifier".to_owned());
        };
        if is(Some(&conversion), '}') {
            return Err("unmatched '{' in format spec".to_owned());
        }
        field.conversion = Some(conversion);
        *at += 1;
        match codes.get(*at) {
            None => return Err("unmatched '{' in format spec".to_owned()),
            c if is(c, '}') || is(c, ':') => {}
            _ => return Err("expected ':' after conversion specifier".to_owned()),
        }
    }
    if is(codes.get(*at), ':') {
        *at += 1;
        let start = *at;
        let mut depth = 1;
        loop {
            match codes.get(*at) {
                None => return Err("unmatched '{' in format spec".to_owned()),
                c if is(c, '{') => {
                    field.nested = true;
                    depth += 1;
                }
                c if is(c, '}') => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
            *at += 1;
        }
        field.spec = collect(&codes[start..*at]);
    }
    *at += 1;
    Ok(field)
}

/// Splits a field name into its first part and the steps from there. Errors are messages of ValueError.
pub fn split_name(name: &[CodePoint]) -> Result<(Wtf8Buf, Vec<Step>), String> {
    let end = name
        .iter()
        .position(|c| is(Some(c), '.') || is(Some(c), '['))
        .unwrap_or(name.len());
    let first = collect(&name[..end]);
    let mut steps = Vec::new();
    let mut at = end;
    while at < name.len() {
        if is(name.get(at), '.') {
            let start = at + 1;
            at = start;
            while at < name.len() && !is(name.get(at), '.') && !is(name.get(at), '[') {
                at += 1;
            }
            if at == start {
                steps.push(Step::Malformed("Empty attribute in format string"));
                break;
            }
            steps.push(Step::Attribute(collect(&name[start..at])));
        } else if is(name.get(at), '[') {
            let start = at + 1;
            let length = name[start..].iter().position(|c| is(Some(c), ']'));
            let Some(length) = length else {
                steps.push(Step::Malformed("Missing ']' in format string"));
                break;
            };
            if length == 0 {
                steps.push(Step::Malformed("Empty attribute in format string"));
                break;
            }
            at = start + length + 1;
            let key = collect(&name[start..start + length]);
            steps.push(Step::Item(as_index(&key)?.ok_or(key)));
        } else {
            steps.push(Step::Malformed(
                "Only '.' or '[' may follow ']' in format field specifier",
            ));
            break;
        }
    }
    Ok((first, steps))
}

/// A name that is a number. Numbers beyond the range are an error.
pub fn as_index(name: &Wtf8Buf) -> Result<Option<i64>, String> {
    let Ok(text) = name.as_str() else { return Ok(None) };
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| "Too many decimal digits in format string".to_owned())
}

/// Automatic numbering of fields: not begun, counted, or given by hand.
#[derive(Debug, Default)]
struct Numbering {
    next: Option<i64>,
    manual: bool,
}

/// The arguments that fields refer to.
enum Source<'a> {
    /// `str.format`
    Call(Args<'a>),
    /// `str.format_map`
    Mapping(Value),
}

impl Process {
    /// `text.format(*args, **kw)`
    pub fn str_format(&mut self, this: Value, args: Args<'_>) -> NativeResult {
        self.format_pieces(this, &Source::Call(args))
    }

    /// `text.format_map(mapping)`
    pub fn str_format_map(&mut self, this: Value, mapping: Value) -> NativeResult {
        self.format_pieces(this, &Source::Mapping(mapping))
    }

    fn format_pieces(&mut self, this: Value, source: &Source<'_>) -> NativeResult {
        let codes: Vec<CodePoint> = self
            .as_pystr(this)
            .map(|s| s.wtf8().code_points().collect())
            .unwrap_or_default();
        let mut numbering = Numbering::default();
        let text = self.render(&codes, source, &mut numbering, 2)?;
        Ok(self.new_wtf8(text))
    }

    fn render(
        &mut self,
        codes: &[CodePoint],
        source: &Source<'_>,
        numbering: &mut Numbering,
        depth: u32,
    ) -> NativeResult<Wtf8Buf> {
        if depth == 0 {
            return Err(self.value_error("Max string recursion exceeded"));
        }
        let pieces = match parse_pieces(codes) {
            Ok(pieces) => pieces,
            Err(message) => return Err(self.value_error(&message)),
        };
        let mut out = Wtf8Buf::new();
        for piece in pieces {
            out.push_wtf8(&piece.literal);
            if let Some(field) = piece.field {
                let v = self.field_text(&field, source, numbering, depth)?;
                if let Some(s) = self.as_pystr(v) {
                    out.push_wtf8(s.wtf8());
                }
            }
        }
        Ok(out)
    }

    fn field_text(
        &mut self,
        field: &Field,
        source: &Source<'_>,
        numbering: &mut Numbering,
        depth: u32,
    ) -> NativeResult {
        let mut value = self.field_value(&field.name, source, numbering)?;
        if let Some(conversion) = field.conversion {
            value = match conversion.to_char() {
                Some('r') => self.repr(value)?,
                Some('s') => self.str(value)?,
                Some('a') => self.ascii(value)?,
                _ => {
                    let c = conversion.to_char_lossy();
                    let shown = if c > ' ' && (c as u32) < 127 {
                        c.to_string()
                    } else {
                        format!("\\x{:x}", c as u32)
                    };
                    return Err(self.value_error(&format!("Unknown conversion specifier {shown}")));
                }
            };
        }
        let spec = if field.nested {
            let codes: Vec<CodePoint> = field.spec.code_points().collect();
            self.render(&codes, source, numbering, depth - 1)?
        } else {
            field.spec.clone()
        };
        let spec = self.new_wtf8(spec);
        self.format(value, spec)
    }

    fn field_value(&mut self, name: &Wtf8Buf, source: &Source<'_>, numbering: &mut Numbering) -> NativeResult {
        let codes: Vec<CodePoint> = name.code_points().collect();
        let (first, steps, index) = match split_name(&codes).and_then(|(f, s)| Ok((as_index(&f)?, f, s))) {
            Ok((index, first, steps)) => (first, steps, index),
            Err(message) => return Err(self.value_error(&message)),
        };
        let mut value = self.first_value(&first, index, source, numbering)?;
        for step in steps {
            value = match step {
                Step::Attribute(name) => {
                    let name = self.new_wtf8(name);
                    let name = self.intern_value(name);
                    self.getattr(value, name)?
                }
                Step::Malformed(message) => return Err(self.value_error(message)),
                Step::Item(Ok(n)) => {
                    let n = self.new_int(n);
                    self.getitem(value, n)?
                }
                Step::Item(Err(key)) => {
                    let key = self.new_wtf8(key);
                    self.getitem(value, key)?
                }
            };
        }
        Ok(value)
    }

    fn first_value(
        &mut self,
        first: &Wtf8Buf,
        index: Option<i64>,
        source: &Source<'_>,
        numbering: &mut Numbering,
    ) -> NativeResult {
        let index = match (first.is_empty(), index) {
            (true, _) => {
                if numbering.manual {
                    return Err(
                        self.value_error("cannot switch from manual field specification to automatic field numbering")
                    );
                }
                let n = numbering.next.unwrap_or(0);
                numbering.next = Some(n + 1);
                Some(n)
            }
            (false, Some(n)) => {
                if numbering.next.is_some() {
                    return Err(
                        self.value_error("cannot switch from automatic field numbering to manual field specification")
                    );
                }
                numbering.manual = true;
                Some(n)
            }
            (false, None) => None,
        };
        match (source, index) {
            (Source::Mapping(_), Some(_)) if first.is_empty() => {
                Err(self.value_error("Format string contains positional fields"))
            }
            (Source::Mapping(_), Some(_)) => Err(self.value_error("Format string contains positional fields")),
            (Source::Mapping(mapping), None) => {
                let key = self.new_wtf8(first.clone());
                self.getitem(*mapping, key)
            }
            (Source::Call(args), Some(n)) => match usize::try_from(n).ok().and_then(|n| args.get(n)) {
                Some(v) => Ok(v),
                None => Err(self.index_error(&format!("Replacement index {n} out of range for positional args tuple"))),
            },
            (Source::Call(args), None) => {
                let found = args
                    .kw
                    .iter()
                    .find(|(name, _)| self.as_pystr(*name).is_some_and(|s| s.bytes() == first.as_bytes()));
                match found {
                    Some((_, v)) => Ok(*v),
                    None => {
                        let key = self.new_wtf8(first.clone());
                        Err(self.key_error(key))
                    }
                }
            }
        }
    }
}
