//! What the parser says, in CPython's words.

use ruff_python_ast::Expr;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType};
use ruff_text_size::TextRange;

use super::View;
use super::targets::expr_name;
use crate::errors::SyntaxError;
use crate::lexer::Kind;

type Found = Option<Box<SyntaxError>>;

/// The error, if its kind alone says enough.
pub(super) fn known(view: &View<'_>, error: &ParseError) -> Found {
    let range = error.location;
    let index = view.index_at(range.start().to_u32());
    let fixed = |message: &str| Some(view.error(range, message));
    match &error.error {
        ParseErrorType::UnexpectedIndentation => Some(unexpected_indent(view, index)),
        ParseErrorType::InvalidAssignmentTarget => view.invalid_assignment(range),
        ParseErrorType::InvalidDeleteTarget => view.invalid_delete(range),
        ParseErrorType::InvalidAugmentedAssignmentTarget => {
            let name = expr_name(&view.parse(range)?);
            fixed(&format!("'{name}' is an illegal expression for augmented assignment"))
        }
        ParseErrorType::InvalidAnnotatedAssignmentTarget if without_annotation(view, range) => {
            Some(view.generic_at(view.index_at(range.end().to_u32())))
        }
        ParseErrorType::InvalidAnnotatedAssignmentTarget => match view.parse(range)? {
            Expr::List(_) => fixed("only single target (not list) can be annotated"),
            Expr::Tuple(_) => fixed("only single target (not tuple) can be annotated"),
            _ => fixed("illegal target for annotation"),
        },
        ParseErrorType::InvalidNamedAssignmentTarget => fixed(&format!(
            "cannot use assignment expressions with {}",
            expr_name(&view.parse(range)?)
        )),
        ParseErrorType::NonDefaultParamAfterDefaultParam => {
            fixed("parameter without a default follows parameter with a default")
        }
        ParseErrorType::ParamAfterVarKeywordParam => fixed("arguments cannot follow var-keyword argument"),
        ParseErrorType::UnparenthesizedGeneratorExpression => fixed("Generator expression must be parenthesized"),
        ParseErrorType::PositionalAfterKeywordArgument => Some(at_end_of_call(
            view,
            index,
            "positional argument follows keyword argument",
        )),
        ParseErrorType::PositionalAfterKeywordUnpacking => {
            let message = "positional argument follows keyword argument unpacking";
            Some(at_end_of_call(view, index, message))
        }
        ParseErrorType::InvalidArgumentUnpackingOrder => {
            // From the comma in front of it.
            let comma = view
                .tokens
                .get(index.wrapping_sub(1))
                .map_or(range, |token| token.range());
            let message = "iterable argument unpacking follows keyword argument unpacking";
            Some(view.error(comma.cover(range), message))
        }
        ParseErrorType::EmptyTypeParams => fixed("Type parameter list cannot be empty"),
        ParseErrorType::EmptyImportNames
            if !view
                .tokens
                .get(index)
                .is_none_or(|token| matches!(token.kind, Kind::Newline | Kind::End)) =>
        {
            None
        }
        ParseErrorType::EmptyImportNames => {
            Some(view.error_at_token(index, "Expected one or more names after 'import'"))
        }
        ParseErrorType::VarParameterWithDefault => Some(var_default(view, range)),
        ParseErrorType::ExpectedKeywordParam if matches!(view.text_at(index + 1), ")" | "," | ":" | "**") => {
            let comma_then_star =
                view.text_at(index + 1) == "," && !matches!(view.text_at(index + 2), ")" | "**" | ":");
            if comma_then_star {
                None
            } else if view.text_at(index.wrapping_sub(1)) == "lambda" {
                Some(view.error_at_token(index + 1, "named arguments must follow bare *"))
            } else {
                Some(view.error_at_token(index, "named arguments must follow bare *"))
            }
        }
        ParseErrorType::InvalidMatchPatternTarget if view.text_at(index.wrapping_sub(1)) == "as" => {
            fixed("cannot use '_' as a target")
        }
        ParseErrorType::InvalidStarredExpressionUsage => {
            let in_brackets = view.text_at(index.wrapping_sub(1)) == "(";
            in_brackets.then(|| view.error(range, "cannot use starred expression here"))
        }
        ParseErrorType::ExpectedRealNumber => fixed("real number required in complex literal"),
        ParseErrorType::ExpectedImaginaryNumber => fixed("imaginary number required in complex literal"),
        ParseErrorType::OtherError(message) => other(view, message, range, index),
        ParseErrorType::ExpectedToken { expected, .. } => expected_token(view, *expected, index),
        ParseErrorType::FStringError(kind) => f_string(view, kind, range, 'f'),
        ParseErrorType::TStringError(kind) => f_string(view, kind, range, 't'),
        ParseErrorType::Lexical(kind) => lexical(view, kind, range),
        _ => None,
    }
}

/// `f():` with nothing behind the colon.
fn without_annotation(view: &View<'_>, range: TextRange) -> bool {
    let colon = view.index_at(range.end().to_u32());
    let next = view.tokens.get(colon + 1);
    view.text_at(colon) == ":" && next.is_none_or(|token| matches!(token.kind, Kind::Newline | Kind::End))
}

fn unexpected_indent(view: &View<'_>, index: usize) -> Box<SyntaxError> {
    // The place is the first token of the line.
    let mut at = index;
    while view.tokens.get(at).is_some_and(|token| token.kind == Kind::Indent) {
        at += 1;
    }
    let mut error = view.indentation(at, "unexpected indent");
    // CPython counts the columns of the white space and no end.
    let indent = view
        .tokens
        .get(at.wrapping_sub(1))
        .filter(|token| token.kind == Kind::Indent);
    error.column = match indent {
        Some(indent) => view.error(TextRange::empty(indent.range().end()), "").column,
        None => error.column,
    };
    error.column = error.column.saturating_sub(1).max(1);
    error.end_column = error.column;
    error.endless = true;
    error
}

/// The place of the bracket that closes a call, which CPython has read by then.
fn at_end_of_call(view: &View<'_>, index: usize, message: &str) -> Box<SyntaxError> {
    let open = view
        .tokens
        .get(index)
        .and_then(|token| view.open_bracket_at(token.start));
    let close = open.and_then(|open| {
        (index..view.tokens.len()).find(|at| view.tokens[*at].level == open.level && view.text_at(*at) == ")")
    });
    view.error_at_token(close.unwrap_or(index), message)
}

fn var_default(view: &View<'_>, range: TextRange) -> Box<SyntaxError> {
    let index = view.index_at(range.start().to_u32());
    let tokens = (0..=index).rev().map(|at| view.text_at(at));
    let keyword = tokens.take(8).find_map(|text| match text {
        "**" => Some(true),
        "*" => Some(false),
        _ => None,
    });
    let kind = if keyword == Some(true) {
        "var-keyword"
    } else {
        "var-positional"
    };
    let equals = (index..index + 8).find(|at| view.text_at(*at) == "=").unwrap_or(index);
    view.error_at_token(equals, format!("{kind} argument cannot have default value"))
}

/// Errors the parser only has a sentence for.
fn other(view: &View<'_>, message: &str, range: TextRange, index: usize) -> Found {
    if let Some(what) = message.strip_prefix("Expected an indented block after ") {
        return Some(expected_block(view, what, index));
    }
    let text = match message {
        "Only one '/' separator allowed" => "/ may appear only once",
        "'/' parameter must appear before '*' parameter" => "/ must be ahead of *",
        "Only one '*' parameter allowed" => "* argument may appear only once",
        "Expected one or more exception types" => "expected one or more exception types",
        "Trailing comma not allowed" if !in_from_import(view, index) => {
            return Some(view.generic_at(index + usize::from(view.text_at(index) == ",")));
        }
        "Trailing comma not allowed" => {
            let message = "trailing comma not allowed without surrounding parentheses";
            return Some(view.error_at_token(index + usize::from(view.text_at(index) == ","), message));
        }
        text if text.starts_with("Cannot have both 'except' and 'except*'") => {
            "cannot have both 'except' and 'except*' on the same 'try'"
        }
        text if text.starts_with("Only single target (not tuple)") => "only single target (not tuple) can be annotated",
        text if text.starts_with("Only single target (not list)") => "only single target (not list) can be annotated",
        text if text.starts_with("Multiple exception types must be parenthesized") => {
            "multiple exception types must be parenthesized when using 'as'"
        }
        text if text.starts_with("Expected `except` or `finally`") => {
            return Some(view.error_at_token(index, "expected 'except' or 'finally' block"));
        }
        text if text.starts_with("Positional patterns cannot follow") => "positional patterns follow keyword patterns",
        text if text.starts_with("Boolean 'not' expression cannot be used") => {
            let token = view.error_at_token(index, "'not' after an operator must be parenthesized");
            return Some(token);
        }
        text if text.starts_with("Position-only parameter separator not allowed") => {
            if matches!(view.text_at(index.wrapping_sub(1)), ",") {
                return Some(view.error_at_token(index, "/ must be ahead of *"));
            }
            if matches!(view.text_at(index + 1), ")" | ":") {
                return None;
            }
            "at least one argument must precede /"
        }
        text if text.starts_with("Bytes literal cannot be mixed") => {
            let behind = view.index_at(range.end().to_u32());
            return Some(view.error_at_token(behind, "cannot mix bytes and nonbytes literals"));
        }
        _ => return None,
    };
    Some(view.error(range, text))
}

fn in_from_import(view: &View<'_>, index: usize) -> bool {
    let start = (0..=index).rev().find(|at| super::rules::starts_statement(view, *at));
    start.is_some_and(|at| view.text_at(at) == "from")
}

/// A colon without a block.
fn expected_block(view: &View<'_>, what: &str, index: usize) -> Box<SyntaxError> {
    let what = match what {
        text if text.starts_with("function definition") => "function definition".to_string(),
        text if text.starts_with("`class`") => "class definition".to_string(),
        text => match text.split('`').nth(1) {
            Some("elif") => "'elif' statement".to_string(),
            Some("else") => "'else' statement".to_string(),
            Some("except") => "'except' statement".to_string(),
            Some("finally") => "'finally' statement".to_string(),
            Some("case") => "'case' statement".to_string(),
            Some("except*") => "'except*' statement".to_string(),
            Some(word) => format!("'{word}' statement"),
            None => "statement".to_string(),
        },
    };
    // The statement is that of the last line in front that ends with a colon.
    let colon = (0..index).rev().find(|at| {
        view.text_at(*at) == ":" && view.tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Newline)
    });
    let mut first = colon.unwrap_or(0);
    while first > 0 {
        let before = &view.tokens[first - 1];
        if matches!(before.kind, Kind::Newline | Kind::Indent | Kind::Dedent) {
            break;
        }
        first -= 1;
    }
    let line = view
        .tokens
        .get(first)
        .map_or(0, |token| view.source.line(token.range().start()));
    let mut at = index;
    while view
        .tokens
        .get(at)
        .is_some_and(|token| matches!(token.kind, Kind::Newline | Kind::Dedent))
    {
        at += 1;
    }
    let mut error = view.indentation(at, format!("expected an indented block after {what} on line {line}"));
    if view.tokens.get(at).is_none_or(|token| token.kind == Kind::End)
        && let Some(last) = view.tokens[..at.min(view.tokens.len())]
            .iter()
            .rev()
            .find(|token| token.kind == Kind::Newline)
    {
        let placed = view.error(TextRange::empty(last.range().start()), "");
        (error.line, error.column, error.text) = (placed.line, placed.column, placed.text);
        (error.end_line, error.end_column) = (error.line, error.column);
        error.endless = true;
    }
    error
}

fn expected_token(view: &View<'_>, expected: TokenKind, index: usize) -> Found {
    match expected {
        TokenKind::Lpar if (0..index).rev().take(16).any(|at| view.text_at(at) == "def") => {
            Some(view.error_at_token(index, "expected '('"))
        }
        _ => None,
    }
}

fn f_string(view: &View<'_>, kind: &InterpolatedStringErrorType, range: TextRange, letter: char) -> Found {
    let message = match kind {
        InterpolatedStringErrorType::UnclosedLbrace => return Some(unclosed_field(view, range, letter)),
        InterpolatedStringErrorType::InvalidConversionFlag => {
            let index = view.index_at(range.start().to_u32());
            let second = index > 0 && view.text_at(index - 1) == "!";
            let at = if view.text_at(index) == "!" && !second {
                index + 1
            } else {
                index
            };
            let text = view.text_at(at);
            if view.tokens.get(at).is_some_and(|token| token.kind == Kind::Name) {
                let message =
                    format!("{letter}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
                return Some(view.error_at_token(at, message));
            }
            let missing = matches!(text, "}" | ":" | "");
            let what = if missing {
                "missing conversion character"
            } else {
                "invalid conversion character"
            };
            return Some(view.error_at_token(at, format!("{letter}-string: {what}")));
        }
        InterpolatedStringErrorType::SingleRbrace => format!("{letter}-string: single '}}' is not allowed"),
        InterpolatedStringErrorType::LambdaWithoutParentheses => {
            format!("{letter}-string: lambda expressions are not allowed without parentheses")
        }
        InterpolatedStringErrorType::ConversionFlagNotImmediatelyAfterExclamation => {
            let index = view.index_at(range.start().to_u32());
            let bang = (0..=index).rev().find(|at| view.text_at(*at) == "!")?;
            let range = view.tokens[bang].range().cover(view.tokens.get(bang + 1)?.range());
            let message = format!("{letter}-string: conversion type must come right after the exclamation mark");
            return Some(view.error(range, message));
        }
        _ => return None,
    };
    Some(view.error(range, message))
}

/// A field that goes on with something that does not fit, or does not go on.
fn unclosed_field(view: &View<'_>, range: TextRange, letter: char) -> Box<SyntaxError> {
    let index = view.index_at(range.start().to_u32());
    let ended = view
        .tokens
        .get(index)
        .is_none_or(|token| matches!(token.kind, Kind::FStringEnd | Kind::End | Kind::Newline));
    let open = view.open_bracket_at(range.start().to_u32());
    if ended
        && index > 0
        && view.text_at(index - 1) == ";"
        && let Some(found) = super::rules::misfit(view, index)
    {
        return found;
    }
    let (Some(open), false) = (open, ended) else {
        return view.error(range, format!("{letter}-string: expecting '}}'"));
    };
    if let Some(found) = super::rules::in_field(view, index) {
        return found;
    }
    let first = view.index_at(open.start) + 1;
    let inside =
        |text: &str| (first..index).any(|at| view.tokens[at].level == open.level + 1 && view.text_at(at) == text);
    let wanted = match () {
        () if index == first => "a valid expression after '{'",
        () if inside("!") => "':' or '}'",
        () if inside("=") => "'!', or ':', or '}'",
        () => "'=', or '!', or ':', or '}'",
    };
    view.error_at_token(index, format!("{letter}-string: expecting {wanted}"))
}

fn lexical(view: &View<'_>, kind: &LexicalErrorType, range: TextRange) -> Found {
    match kind {
        LexicalErrorType::UnicodeError
        | LexicalErrorType::MissingUnicodeLbrace
        | LexicalErrorType::MissingUnicodeRbrace
        | LexicalErrorType::StringError => Some(bad_escape(view, range)),
        LexicalErrorType::InvalidByteLiteral => {
            Some(view.error(range, "bytes can only contain ASCII literal characters"))
        }
        _ => None,
    }
}

/// An escape that cannot be decoded: our own decoder says which.
fn bad_escape(view: &View<'_>, range: TextRange) -> Box<SyntaxError> {
    let mut literals = crate::literal::Literals {
        source: view.source,
        warnings: Vec::new(),
    };
    let index = view.index_at(range.start().to_u32());
    let from = index.saturating_sub(1);
    for token in view.tokens.iter().skip(from).take(3) {
        let result = match token.kind {
            Kind::Str
                if view
                    .text(token)
                    .split(['"', '\''])
                    .next()
                    .is_some_and(|prefix| prefix.contains(['b', 'B'])) =>
            {
                literals.bytes(token.range()).map(|_| ())
            }
            Kind::Str => literals.string(token.range()).map(|_| ()),
            Kind::FStringMiddle => literals.interpolated(token.range(), false).map(|_| ()),
            _ => continue,
        };
        if let Err(mut error) = result {
            let placed = view.error(token.range(), "");
            (error.line, error.column, error.end_line, error.end_column) =
                (placed.line, placed.column, placed.end_line, placed.end_column);
            return error;
        }
    }
    view.error(range, "(unicode error) 'unicodeescape' codec can't decode bytes")
}
