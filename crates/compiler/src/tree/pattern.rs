//! Patterns of `match`.

use ruff_python_ast::{Pattern, Singleton};

use super::{Builder, Field, name, node, optional_name};
use crate::code::Const;
use crate::codegen::Gen;

impl Builder<'_> {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Gen<Field> {
        self.deeper(|this| this.pattern_inner(pattern))
    }

    fn patterns<'p>(&mut self, patterns: impl IntoIterator<Item = &'p Pattern>) -> Gen<Field> {
        let list: Gen<Vec<Field>> = patterns.into_iter().map(|pattern| self.pattern(pattern)).collect();
        list.map(Field::List)
    }

    fn pattern_inner(&mut self, pattern: &Pattern) -> Gen<Field> {
        let loc = self.loc(pattern);
        Ok(match pattern {
            Pattern::MatchValue(value) => node("MatchValue", loc, vec![("value", self.expr(&value.value)?)]),
            Pattern::MatchSingleton(singleton) => {
                let value = match singleton.value {
                    Singleton::None => Const::None,
                    Singleton::True => Const::Bool(true),
                    Singleton::False => Const::Bool(false),
                };
                node("MatchSingleton", loc, vec![("value", Field::Const(value))])
            }
            Pattern::MatchSequence(sequence) => node(
                "MatchSequence",
                loc,
                vec![("patterns", self.patterns(&sequence.patterns)?)],
            ),
            Pattern::MatchMapping(mapping) => {
                let fields = vec![
                    ("keys", self.exprs(&mapping.keys)?),
                    ("patterns", self.patterns(&mapping.patterns)?),
                    ("rest", optional_name(mapping.rest.as_ref())),
                ];
                node("MatchMapping", loc, fields)
            }
            Pattern::MatchClass(class) => {
                let keywords = &class.arguments.keywords;
                let fields = vec![
                    ("cls", self.expr(&class.cls)?),
                    ("patterns", self.patterns(&class.arguments.patterns)?),
                    (
                        "kwd_attrs",
                        Field::List(keywords.iter().map(|keyword| name(&keyword.attr)).collect()),
                    ),
                    (
                        "kwd_patterns",
                        self.patterns(keywords.iter().map(|keyword| &keyword.pattern))?,
                    ),
                ];
                node("MatchClass", loc, fields)
            }
            Pattern::MatchStar(star) => node("MatchStar", loc, vec![("name", optional_name(star.name.as_ref()))]),
            Pattern::MatchAs(as_) => {
                let inner = match as_.pattern.as_deref() {
                    Some(pattern) => self.pattern(pattern)?,
                    None => Field::None,
                };
                node(
                    "MatchAs",
                    loc,
                    vec![("pattern", inner), ("name", optional_name(as_.name.as_ref()))],
                )
            }
            Pattern::MatchOr(or) => node("MatchOr", loc, vec![("patterns", self.patterns(&or.patterns)?)]),
        })
    }
}
