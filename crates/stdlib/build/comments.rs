//! Leaves out what no program can see: comments that have a line to themselves. Their lines stay, empty, so that every line keeps its
//! number; comments behind code stay too, because tracebacks show such lines.

use ruff_python_ast::token::TokenKind;
use ruff_text_size::Ranged;

/// The source without those comments.
pub fn leave_out(source: &str, path: &str) -> String {
    let parsed = ruff_python_parser::parse_module(source).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut out = String::with_capacity(source.len());
    // What has been copied; and how many formatted strings are open: the text between their braces may be part of their value.
    let (mut copied, mut strings) = (0, 0);
    for token in parsed.tokens() {
        match token.kind() {
            TokenKind::FStringStart | TokenKind::TStringStart => strings += 1,
            TokenKind::FStringEnd | TokenKind::TStringEnd => strings -= 1,
            TokenKind::Comment if strings == 0 => {
                let (start, end) = (token.start().to_usize(), token.end().to_usize());
                let code = source[copied..start].trim_end_matches([' ', '\t']);
                if code.is_empty() && copied == 0 || code.ends_with('\n') {
                    out.push_str(code);
                    copied = end;
                }
            }
            _ => {}
        }
    }
    out.push_str(&source[copied..]);
    out
}
