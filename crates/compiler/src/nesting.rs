//! Refuses sources whose syntax tree would be deeper than the stack bears, before anything is parsed.
//!
//! Parser, symbol table, generator and the tree's own destructor all walk it by recursion, so its depth must be bounded where it
//! costs nothing: on the tokens. Brackets and indentation have CPython's limits and messages. Beside brackets, depth comes from
//! operators: each one may add a level to the expression it stands in (`a.b.c`, `f()()`, `1 + 1 + 1`, `not not x`), so they are
//! counted along the way from the statement inwards; a comma goes back to the count of its bracket. That count is an upper
//! bound of the depth.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

use crate::errors::{SyntaxError, SyntaxErrorKind};
use crate::source::{Loc, Source};

/// CPython's MAXLEVEL.
const MAX_BRACKETS: usize = 200;
/// CPython's MAXINDENT.
const MAX_INDENTS: u32 = 100;
/// Operators on the way to one place of an expression. A level takes up to 1.2 KB of stack in parser, generator and destructors, and a
/// browser's worker has less than a mebibyte.
const MAX_OPERATORS: u32 = 600;
/// No shorter source reaches a limit.
const HARMLESS_BYTES: usize = 100;

/// What was opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Bracket,
    String,
    /// A field of a string.
    Field,
}

/// Checks a whole source.
pub(crate) fn check(source: &Source<'_>) -> Result<(), Box<SyntaxError>> {
    if source.text.len() < HARMLESS_BYTES {
        return Ok(());
    }
    let refuse = |kind, message: &str| Err(source.error_at(kind, Loc::NONE, message));
    let mut lexer = lex(source.text, Mode::Module);
    // For each open bracket the count before it, and what it is.
    let mut open: Vec<(u32, Open)> = Vec::new();
    let (mut indents, mut operators) = (0_u32, 0_u32);
    loop {
        let token = lexer.next_token();
        match token {
            TokenKind::EndOfFile => return Ok(()),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                let in_string = matches!(open.last(), Some((_, Open::String)));
                let kind = match token {
                    TokenKind::FStringStart | TokenKind::TStringStart => Open::String,
                    TokenKind::Lbrace if in_string => Open::Field,
                    _ => Open::Bracket,
                };
                open.push((operators, kind));
                operators += 1;
                if open.len() > MAX_BRACKETS {
                    return refuse(SyntaxErrorKind::Syntax, "too many nested parentheses");
                }
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                // Strings and their fields stand side by side; what a bracket closes may be called or indexed.
                operators = match open.pop() {
                    Some((before, Open::Bracket)) => before + 1,
                    Some((before, _)) => before,
                    None => 1,
                }
            }
            TokenKind::Comma => operators = open.last().map_or(0, |(before, _)| before + 1),
            TokenKind::Newline | TokenKind::Semi if open.is_empty() => operators = 0,
            TokenKind::Indent => {
                indents += 1;
                if indents >= MAX_INDENTS {
                    return refuse(SyntaxErrorKind::Indentation, "too many levels of indentation");
                }
            }
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            kind if deepens(kind) => operators += 1,
            _ => {}
        }
        if operators > MAX_OPERATORS {
            return refuse(SyntaxErrorKind::Memory, "too complex to compile");
        }
    }
}

/// Whether a token between operands may add a level. Comparisons, `and`, `or` and joined strings stay flat.
fn deepens(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Dot
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::DoubleStar
            | TokenKind::Slash
            | TokenKind::DoubleSlash
            | TokenKind::Percent
            | TokenKind::At
            | TokenKind::Vbar
            | TokenKind::Amper
            | TokenKind::CircumFlex
            | TokenKind::LeftShift
            | TokenKind::RightShift
            | TokenKind::Tilde
            | TokenKind::Not
            | TokenKind::Await
            | TokenKind::Yield
            | TokenKind::Lambda
            | TokenKind::If
            | TokenKind::Else
            | TokenKind::ColonEqual
    )
}

#[cfg(test)]
mod tests {
    use crate::{Mode, Options, SyntaxErrorKind, compile};

    fn refused(text: &str) -> Option<(SyntaxErrorKind, String)> {
        compile(text, "x.py", Mode::Exec, &Options::default())
            .err()
            .map(|error| (error.kind, error.message))
    }

    #[test]
    fn depth_of_any_kind_is_refused() {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("{1: ", "}"),
            ("f(", ")"),
            ("a[", "]"),
            ("(a for a in ", ")"),
            ("f'{", "}'"),
        ] {
            let text = format!("x = {}1{}", open.repeat(20_000), close.repeat(20_000));
            let (_, message) = refused(&text).unwrap_or_else(|| panic!("{open} is not refused"));
            assert!(
                message.contains("too many nested") || message.contains("complex"),
                "{open}: {message}"
            );
        }
        for chain in [
            "not ",
            "-",
            "~",
            "lambda: ",
            "1 if 1 else ",
            "1 + ",
            "1 ** ",
            "a.",
            "1 | ",
        ] {
            let (kind, _) = refused(&format!("x = {}a", chain.repeat(20_000))).unwrap_or_else(|| panic!("{chain}"));
            assert_eq!(kind, SyntaxErrorKind::Memory, "{chain}");
        }
        for chain in [".b", "()", "[0]", " + 1"] {
            let (kind, _) = refused(&format!("x = a{}", chain.repeat(20_000))).unwrap_or_else(|| panic!("{chain}"));
            assert_eq!(kind, SyntaxErrorKind::Memory, "{chain}");
        }
        let indents: String = (0..3_000).map(|n| format!("{}if 1:\n", " ".repeat(n))).collect();
        assert_eq!(
            refused(&indents),
            Some((
                SyntaxErrorKind::Indentation,
                "too many levels of indentation".to_owned()
            ))
        );
    }

    #[test]
    fn what_is_long_but_flat_is_compiled() {
        for (text, many) in [
            ("x = [a.b, ", "c.d(1) + 2, "),
            ("f(", "1, "),
            ("x = (", "'text' "),
            ("x = (", "f'{1}' "),
            ("x = (a", " and a"),
            ("x = (1", " < 1"),
            ("x = {", "1: -1, "),
        ] {
            let close = if text.contains('[') {
                "]"
            } else if text.contains('{') {
                "}"
            } else {
                ")"
            };
            assert_eq!(refused(&format!("{text}{}{close}", many.repeat(5_000))), None, "{many}");
        }
        assert_eq!(refused("if 0: pass\nelif a.b: pass\n"), None);
        assert_eq!(refused(&"x = -1 + 2\n".repeat(5_000)), None);
        assert_eq!(refused(&format!("x = 1{}", " + 1".repeat(550))), None);
    }
}
