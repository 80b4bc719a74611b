//! f-strings and t-strings: adjacent texts are one `Constant`.

use ruff_python_ast::{
    ConversionFlag, ExprFString, ExprTString, FStringPart, InterpolatedElement, InterpolatedStringElement,
};
use ruff_text_size::{TextRange, TextSize};
use rustpython_wtf8::{Wtf8, Wtf8Buf};

use super::{Builder, Field, node};
use crate::code::Const;
use crate::codegen::Gen;
use crate::source::Loc;

/// The values of a string so far, and the text that has not become one yet.
#[derive(Default)]
struct Values {
    list: Vec<Field>,
    text: Wtf8Buf,
    at: Option<Loc>,
    unicode: bool,
}

impl Values {
    fn text(&mut self, text: &Wtf8, loc: Loc, unicode: bool) {
        if text.is_empty() {
            return;
        }
        self.text.push_wtf8(text);
        match &mut self.at {
            Some(at) => (at.end_line, at.end_col) = (loc.end_line, loc.end_col),
            None => {
                self.at = Some(loc);
                self.unicode = unicode;
            }
        }
    }

    fn flush(&mut self) {
        if let Some(loc) = self.at.take() {
            let text = Const::Str(std::mem::take(&mut self.text));
            let kind = if self.unicode {
                Field::Name("u".to_owned())
            } else {
                Field::None
            };
            self.list.push(node(
                "Constant",
                loc,
                vec![("value", Field::Const(text)), ("kind", kind)],
            ));
        }
    }

    fn value(&mut self, value: Field) {
        self.flush();
        self.list.push(value);
    }

    fn finish(mut self) -> Field {
        self.flush();
        Field::List(self.list)
    }
}

impl Builder<'_> {
    pub(super) fn f_string(&mut self, loc: Loc, string: &ExprFString) -> Gen<Field> {
        let mut values = Values::default();
        for part in &string.value {
            match part {
                FStringPart::Literal(literal) => {
                    let text = self.literals.string(literal.range)?;
                    values.text(&text, self.loc(literal), literal.flags.prefix().is_unicode());
                }
                FStringPart::FString(part) => {
                    let raw = self.is_raw(part.range);
                    self.elements(&part.elements, raw, false, &mut values)?;
                }
            }
        }
        Ok(node("JoinedStr", loc, vec![("values", values.finish())]))
    }

    pub(super) fn t_string(&mut self, loc: Loc, string: &ExprTString) -> Gen<Field> {
        let mut values = Values::default();
        for part in &string.value {
            let raw = self.is_raw(part.range);
            self.elements(&part.elements, raw, true, &mut values)?;
        }
        Ok(node("TemplateStr", loc, vec![("values", values.finish())]))
    }

    fn is_raw(&self, range: TextRange) -> bool {
        let text = self.source.slice(range);
        let prefix = text.split(['"', '\'']).next();
        prefix.is_some_and(|prefix| prefix.contains(['r', 'R']))
    }

    fn elements(
        &mut self,
        elements: &[InterpolatedStringElement],
        raw: bool,
        template: bool,
        values: &mut Values,
    ) -> Gen {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    let text = self.literals.interpolated(literal.range, raw)?;
                    values.text(&text, self.loc(literal), false);
                }
                InterpolatedStringElement::Interpolation(value) => {
                    if let Some(debug) = &value.debug_text {
                        let start = value.range.start() + TextSize::new(1);
                        let end = start + TextSize::new(debug.as_str().len() as u32);
                        let text = crate::literal::shown_source(debug.as_str());
                        values.text(
                            Wtf8::new(text.as_str()),
                            self.source.loc_of(TextRange::new(start, end)),
                            false,
                        );
                    }
                    let value = self.deeper(|this| this.interpolated(value, raw, template))?;
                    values.value(value);
                }
            }
        }
        Ok(())
    }

    fn interpolated(&mut self, value: &InterpolatedElement, raw: bool, template: bool) -> Gen<Field> {
        let loc = self.loc(value);
        let expression = self.expr(&value.expression)?;
        let conversion = match value.conversion {
            ConversionFlag::None if value.debug_text.is_some() && value.format_spec.is_none() => i32::from(b'r'),
            flag => i32::from(flag as i8),
        };
        let spec = match value.format_spec.as_deref() {
            Some(spec) => {
                let mut values = Values::default();
                self.elements(&spec.elements, raw, template, &mut values)?;
                let start = spec.range.start() - TextSize::new(1);
                let loc = self.source.loc_of(TextRange::new(start, spec.range.end()));
                node("JoinedStr", loc, vec![("values", values.finish())])
            }
            None => Field::None,
        };
        let mut fields = vec![("value", expression)];
        if template {
            let text = crate::codegen::interpolation_text(self.source, value);
            fields.push(("str", Field::Const(Const::str(text))));
        }
        fields.extend([("conversion", Field::Int(conversion)), ("format_spec", spec)]);
        let kind = if template { "Interpolation" } else { "FormattedValue" };
        Ok(node(kind, loc, fields))
    }
}
