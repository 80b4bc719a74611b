//! f-strings, t-strings, and `"%s" % (…)`, which CPython turns into an f-string.

use ruff_python_ast::{
    ConversionFlag, Expr, ExprBinOp, ExprFString, ExprTString, FStringPart, InterpolatedElement,
    InterpolatedStringElement, Operator,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustpython_wtf8::Wtf8Buf;

use super::{Compiler, Gen, STACK_USE_GUIDELINE};
use crate::code::Const;
use crate::op::Ir;
use crate::source::{Loc, Source};

/// A piece of an interpolated string.
enum Piece<'a> {
    Text(Wtf8Buf, Loc),
    Value(&'a InterpolatedElement),
}

/// Pieces in order, adjacent texts joined.
#[derive(Default)]
struct Pieces<'a>(Vec<Piece<'a>>);

impl<'a> Pieces<'a> {
    fn text(&mut self, text: &rustpython_wtf8::Wtf8, loc: Loc) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Text(before, before_loc)) = self.0.last_mut() {
            before.push_wtf8(text);
            (before_loc.end_line, before_loc.end_col) = (loc.end_line, loc.end_col);
            return;
        }
        self.0.push(Piece::Text(text.to_wtf8_buf(), loc));
    }
}

/// One directive of a `%` format.
struct Directive {
    conversion: u32,
    spec: String,
}

impl<'a> Compiler<'a> {
    pub(super) fn f_string(&mut self, loc: Loc, string: &'a ExprFString) -> Gen {
        let mut pieces = Pieces::default();
        for part in &string.value {
            match part {
                FStringPart::Literal(literal) => {
                    let text = self.literals.string(literal.range)?;
                    let loc = self.loc(literal);
                    pieces.text(&text, loc);
                }
                FStringPart::FString(part) => {
                    let raw = self.is_raw(part.range);
                    self.collect(&part.elements, raw, &mut pieces)?;
                }
            }
        }
        self.joined(loc, pieces)
    }

    fn is_raw(&self, range: TextRange) -> bool {
        let text = self.source.slice(range);
        text.split(['"', '\''])
            .next()
            .is_some_and(|prefix| prefix.contains(['r', 'R']))
    }

    fn collect(&mut self, elements: &'a [InterpolatedStringElement], raw: bool, pieces: &mut Pieces<'a>) -> Gen {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    let text = self.literals.interpolated(literal.range, raw)?;
                    let loc = self.loc(literal);
                    pieces.text(&text, loc);
                }
                InterpolatedStringElement::Interpolation(value) => {
                    self.debug_text(value, pieces);
                    pieces.0.push(Piece::Value(value));
                }
            }
        }
        Ok(())
    }

    /// `{x=}` shows its own source first.
    fn debug_text(&mut self, value: &'a InterpolatedElement, pieces: &mut Pieces<'a>) {
        let Some(debug) = &value.debug_text else { return };
        let start = value.range.start() + TextSize::new(1);
        let end = start + TextSize::new(debug.as_str().len() as u32);
        let loc = self.source.loc_of(TextRange::new(start, end));
        let text = crate::literal::shown_source(debug.as_str());
        pieces.text(rustpython_wtf8::Wtf8::new(text.as_str()), loc);
    }

    /// Joins pieces into one string.
    fn joined(&mut self, loc: Loc, pieces: Pieces<'a>) -> Gen {
        let count = pieces.0.len();
        let big = count > STACK_USE_GUIDELINE;
        if big {
            self.load_str(loc, "");
            self.load_method(loc, "join");
            self.op_arg(loc, Ir::BuildList, 0);
        }
        for piece in pieces.0 {
            match piece {
                Piece::Text(text, loc) => self.load_const(loc, Const::Str(text)),
                Piece::Value(value) => self.formatted(value)?,
            }
            if big {
                self.op_arg(loc, Ir::ListAppend, 1);
            }
        }
        match count {
            _ if big => self.op_arg(loc, Ir::Call, 1),
            0 => self.load_str(loc, ""),
            1 => {}
            _ => self.op_arg(loc, Ir::BuildString, count as u32),
        }
        Ok(())
    }

    fn formatted(&mut self, value: &'a InterpolatedElement) -> Gen {
        self.expr(&value.expression)?;
        let loc = self.loc(value);
        let conversion = conversion(value);
        if conversion != 0 {
            self.op_arg(loc, Ir::ConvertValue, conversion);
        }
        if self.format_spec(value)? {
            self.op(loc, Ir::FormatWithSpec);
        } else {
            self.op(loc, Ir::FormatSimple);
        }
        Ok(())
    }

    /// Pushes the format specification, if there is one.
    fn format_spec(&mut self, value: &'a InterpolatedElement) -> Gen<bool> {
        let Some(spec) = value.format_spec.as_deref() else {
            return Ok(false);
        };
        let mut pieces = Pieces::default();
        // Escapes in a specification follow the string around it; a backslash in a raw one is rare enough.
        self.collect(&spec.elements, false, &mut pieces)?;
        let start = spec.range.start() - TextSize::new(1);
        let loc = self.source.loc_of(TextRange::new(start, spec.range.end()));
        self.deeper(|this| this.joined(loc, pieces))?;
        Ok(true)
    }

    pub(super) fn t_string(&mut self, loc: Loc, string: &'a ExprTString) -> Gen {
        let mut pieces = Pieces::default();
        for part in &string.value {
            let raw = self.is_raw(part.range);
            self.collect(&part.elements, raw, &mut pieces)?;
        }
        let mut strings = 0;
        let mut after_value = true;
        for piece in &pieces.0 {
            match piece {
                Piece::Text(text, text_loc) => {
                    self.load_const(*text_loc, Const::Str(text.clone()));
                    after_value = false;
                    strings += 1;
                }
                Piece::Value(_) => {
                    if after_value {
                        self.load_str(loc, "");
                        strings += 1;
                    }
                    after_value = true;
                }
            }
        }
        if after_value {
            self.load_str(loc, "");
            strings += 1;
        }
        self.op_arg(loc, Ir::BuildTuple, strings);
        let mut values = 0;
        for piece in pieces.0 {
            if let Piece::Value(value) = piece {
                self.interpolation(value)?;
                values += 1;
            }
        }
        self.op_arg(loc, Ir::BuildTuple, values);
        self.op(loc, Ir::BuildTemplate);
        Ok(())
    }

    fn interpolation(&mut self, value: &'a InterpolatedElement) -> Gen {
        let loc = self.loc(value);
        self.expr(&value.expression)?;
        let text = interpolation_text(self.source, value);
        self.load_str(loc, text);
        let has_spec = self.format_spec(value)?;
        let arg = 2 | u32::from(has_spec) | conversion(value) << 2;
        self.op_arg(loc, Ir::BuildInterpolation, arg);
        Ok(())
    }

    /// `"…%s…" % (a, b)` with plain directives; false if it is not that.
    pub(super) fn format_operator(&mut self, loc: Loc, node: &'a ExprBinOp) -> Gen<bool> {
        let (Operator::Mod, Expr::StringLiteral(format), Expr::Tuple(tuple)) = (node.op, &*node.left, &*node.right)
        else {
            return Ok(false);
        };
        if tuple.elts.iter().any(|elt| matches!(elt, Expr::Starred(_))) {
            return Ok(false);
        }
        let text = self.string_value(format)?;
        let Some(text) = text.as_str().ok() else {
            return Ok(false);
        };
        let Some(parts) = parse_format(text, tuple.elts.len()) else {
            return Ok(false);
        };
        let count = parts.len();
        if count > STACK_USE_GUIDELINE {
            self.load_str(loc, "");
            self.load_method(loc, "join");
            self.op_arg(loc, Ir::BuildList, 0);
        }
        let mut values = tuple.elts.iter();
        for part in parts {
            match part {
                Err(text) => self.load_const(Loc::NONE, Const::str(&text)),
                Ok(directive) => {
                    let Some(value) = values.next() else { continue };
                    self.expr(value)?;
                    let loc = self.expr_loc(value);
                    self.op_arg(loc, Ir::ConvertValue, directive.conversion);
                    if directive.spec.is_empty() {
                        self.op(loc, Ir::FormatSimple);
                    } else {
                        self.load_str(loc, &directive.spec);
                        self.op(loc, Ir::FormatWithSpec);
                    }
                }
            }
            if count > STACK_USE_GUIDELINE {
                self.op_arg(loc, Ir::ListAppend, 1);
            }
        }
        match count {
            0 => self.load_str(loc, ""),
            1 => {}
            count if count > STACK_USE_GUIDELINE => self.op_arg(loc, Ir::Call, 1),
            count => self.op_arg(loc, Ir::BuildString, count as u32),
        }
        Ok(true)
    }
}

/// The source of an interpolated expression, with its parentheses.
pub(crate) fn interpolation_text<'a>(source: &Source<'a>, value: &InterpolatedElement) -> &'a str {
    let start = value.range.start() + TextSize::new(1);
    let before = source.slice(TextRange::new(start, value.expression.start()));
    let mut end = value.expression.end();
    for _ in before.matches('(') {
        let next = source.skip_trivia(end);
        if source.text.as_bytes().get(next.to_usize()) == Some(&b')') {
            end = next + TextSize::new(1);
        }
    }
    source.slice(TextRange::new(start, end)).trim_end()
}

/// `FVC_*`: 1 `str`, 2 `repr`, 3 `ascii`; `{x=}` means `repr`.
fn conversion(value: &InterpolatedElement) -> u32 {
    match value.conversion {
        ConversionFlag::Str => 1,
        ConversionFlag::Repr => 2,
        ConversionFlag::Ascii => 3,
        ConversionFlag::None if value.debug_text.is_some() && value.format_spec.is_none() => 2,
        ConversionFlag::None => 0,
    }
}

/// Splits a `%` format into texts (`Err`) and directives; nothing if it has any that an f-string cannot stand for.
fn parse_format(format: &str, values: usize) -> Option<Vec<Result<Directive, String>>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut directives = 0;
    let mut chars = format.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '%' {
            text.push(char);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            text.push('%');
            continue;
        }
        if !text.is_empty() {
            parts.push(Err(std::mem::take(&mut text)));
        }
        let mut left = false;
        while chars.next_if_eq(&'-').is_some() {
            left = true;
        }
        if matches!(chars.peek(), Some('+' | ' ' | '#' | '0')) {
            return None;
        }
        let width = digits(&mut chars)?;
        let precision = if chars.next_if_eq(&'.').is_some() {
            Some(digits(&mut chars)?.unwrap_or(0))
        } else {
            None
        };
        let conversion = match chars.next()? {
            's' => 1,
            'r' => 2,
            'a' => 3,
            _ => return None,
        };
        let mut spec = String::new();
        if width.is_some_and(|width| width > 0) && !left {
            spec.push('>');
        }
        if let Some(width) = width {
            spec.push_str(&width.to_string());
        }
        if let Some(precision) = precision {
            spec.push_str(&format!(".{precision}"));
        }
        directives += 1;
        parts.push(Ok(Directive { conversion, spec }));
    }
    if !text.is_empty() {
        parts.push(Err(text));
    }
    (directives == values).then_some(parts)
}

/// A number of up to two digits; `None` inside if there is none.
fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Option<u32>> {
    let mut value = None;
    let mut count = 0;
    while let Some(digit) = chars.peek().and_then(|char| char.to_digit(10)) {
        chars.next();
        count += 1;
        if count > 2 {
            return None;
        }
        value = Some(value.unwrap_or(0) * 10 + digit);
    }
    Some(value)
}
