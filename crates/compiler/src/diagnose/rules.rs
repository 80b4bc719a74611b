//! Mistakes CPython recognises from the tokens around the place where its parser stopped.

use ruff_python_parser::{ParseError, ParseErrorType};
use ruff_text_size::TextRange;

use super::{View, is_keyword};
use crate::errors::SyntaxError;
use crate::lexer::Kind;

type Found = Option<Box<SyntaxError>>;

/// The error, if the tokens show which mistake it is.
pub(super) fn known(view: &View<'_>, error: &ParseError) -> Found {
    let index = view.index_at(error.location.start().to_u32());
    legacy_statement(view, index)
        .or_else(|| string_inside(view, index))
        .or_else(|| statement_in_condition(view, index))
        .or_else(|| augmented_tuple(view, index))
        .or_else(|| bare_star(view, index))
        .or_else(|| bound_of_many(view, index))
        .or_else(|| keyword_argument(view, error, index))
        .or_else(|| star_without_value(view, index))
        .or_else(|| parenthesised_parameter(view, index))
        .or_else(|| import_from(view, index))
        .or_else(|| alias_target(view, index))
        .or_else(|| missing_in(view, error, index))
        .or_else(|| single_equals(view, index))
        .or_else(|| dict_item(view, error, index))
        .or_else(|| missing_value(view, index))
        .or_else(|| conditional(view, error, index))
        .or_else(|| field(view, index))
        .or_else(|| comprehension_target(view, index))
        .or_else(|| forgotten_comma(view, index))
        .or_else(|| missing_colon(view, error, index))
}

/// What is wrong inside a field of an f-string, before the field itself is blamed.
pub(super) fn in_field(view: &View<'_>, index: usize) -> Found {
    legacy_statement(view, index)
        .or_else(|| field(view, index))
        .or_else(|| forgotten_comma(view, index))
}

/// What is wrong inside a field of an f-string where nothing else is known of the mistake: the longest expression at its
/// beginning shows what had to follow.
pub(super) fn misfit(view: &View<'_>, index: usize) -> Found {
    let token = view.tokens.get(index)?;
    let (at, letter) = field_of(view, token)?;
    let first = at + 1;
    if token.level != view.tokens[at].level + 1 && view.text(token) != "}" || index < first {
        return None;
    }
    let lambda =
        (first..=index).find(|at| view.text_at(*at) == "lambda" && view.tokens[*at].level == view.tokens[first].level);
    if let Some(lambda) = lambda
        && let Some(colon) = (lambda..view.tokens.len()).find(|at| view.text_at(*at) == ":")
    {
        let range = view.tokens[lambda].range().cover(view.tokens[colon].range());
        let message = format!("{letter}-string: lambda expressions are not allowed without parentheses");
        return Some(view.error(range, message));
    }
    let end = (first + 1..=index).rev().find(|end| {
        view.parse(view.tokens[first].range().cover(view.tokens[end - 1].range()))
            .is_some()
    });
    match end {
        None => Some(view.error_at_token(
            first,
            format!("{letter}-string: expecting a valid expression after '{{'"),
        )),
        Some(end) if matches!(view.text_at(end), "=" | "!" | ":" | "}") => None,
        Some(end) => Some(view.error_at_token(end, format!("{letter}-string: expecting '=', or '!', or ':', or '}}'"))),
    }
}

/// The opening brace of the field of an f-string that a token stands in, and the letter of the string.
fn field_of(view: &View<'_>, token: &crate::lexer::Token) -> Option<(usize, char)> {
    let open = view.open_bracket_at(token.start.max(1))?;
    let at = view.index_at(open.start);
    let count = |kind: Kind| view.tokens[..at].iter().filter(|token| token.kind == kind).count();
    let in_string = at > 0
        && (matches!(view.tokens[at - 1].kind, Kind::FStringStart | Kind::FStringMiddle)
            || matches!(view.text_at(at - 1), ":" | "}") && count(Kind::FStringStart) > count(Kind::FStringEnd));
    if !in_string || view.text(open) != "{" {
        return None;
    }
    let start = view.tokens[..at]
        .iter()
        .rposition(|token| token.kind == Kind::FStringStart)?;
    let letter = if view.text_at(start).to_ascii_lowercase().contains('t') {
        't'
    } else {
        'f'
    };
    Some((at, letter))
}

/// `print "x"` and `exec "x"`.
fn legacy_statement(view: &View<'_>, index: usize) -> Found {
    let before = index.checked_sub(1)?;
    let name = view.text_at(before);
    if !matches!(name, "print" | "exec") || !view.begins_operand(index) {
        return None;
    }
    let end = match field_of(view, &view.tokens[before]) {
        Some((at, _)) if at + 1 == before => operand_end(view, index, view.tokens[index].level),
        _ if starts_statement(view, before) => statement_end(view, before),
        _ => return None,
    };
    let range = view.tokens[before].range().cover(view.tokens[end].range());
    Some(view.error(
        range,
        format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?"),
    ))
}

/// `"doesn't "shrink", does it"`: expressions between two strings.
fn string_inside(view: &View<'_>, index: usize) -> Found {
    let level = view.tokens.get(index)?.level;
    let plain = |at: usize| {
        let token = &view.tokens[at];
        token.level == level
            && match token.kind {
                Kind::Number => true,
                Kind::Name => {
                    let text = view.text(token);
                    !is_keyword(text) || matches!(text, "None" | "True" | "False")
                }
                _ => false,
            }
    };
    let last = (index..view.tokens.len()).find(|at| !plain(*at))?;
    let before = (0..index).rev().find(|at| !plain(*at))?;
    let (open, close) = (&view.tokens[before], &view.tokens[last]);
    if open.kind != Kind::Str || close.kind != Kind::Str || before + 1 >= last || open.level != level {
        return None;
    }
    let range = view.tokens[before + 1].range().cover(view.tokens[last - 1].range());
    Some(view.error(range, "invalid syntax. Is this intended to be part of the string?"))
}

/// `x if y else pass`, `pass if x else y`.
fn statement_in_condition(view: &View<'_>, index: usize) -> Found {
    let level = view.tokens.get(index)?.level;
    let same = |at: usize, text: &str| view.tokens[at].level == level && view.text_at(at) == text;
    if index > 0 && view.text_at(index - 1) == "else" {
        let start = (0..index).rev().find(|at| starts_statement(view, *at)).unwrap_or(0);
        let condition = (start + 1..index - 1).any(|at| same(at, "if"));
        return condition
            .then(|| view.error_at_token(index, "expected expression after 'else', but statement is given"));
    }
    let at = if view.text_at(index) == "if" {
        index.checked_sub(1)?
    } else {
        index
    };
    let statement = matches!(view.text_at(at), "pass" | "break" | "continue") && view.text_at(at + 1) == "if";
    let otherwise = (at..=statement_end(view, at)).any(|at| same(at, "else"));
    (statement && otherwise).then(|| view.error_at_token(at, "expected expression before 'if', but statement is given"))
}

/// `a, b += 1`.
fn augmented_tuple(view: &View<'_>, index: usize) -> Found {
    let op = view.text_at(index);
    if !op.ends_with('=') || op.len() < 2 || matches!(op, "==" | "!=" | "<=" | ">=" | ":=") {
        return None;
    }
    let start = (0..index).rev().find(|at| starts_statement(view, *at))?;
    let range = view.tokens[start].range().cover(view.tokens[index - 1].range());
    let expr = view.parse(range)?;
    let name = super::targets::expr_name(&expr);
    matches!(name, "tuple" | "list").then(|| {
        view.error(
            range,
            format!("'{name}' is an illegal expression for augmented assignment"),
        )
    })
}

/// `def f(*, **k)`.
fn bare_star(view: &View<'_>, index: usize) -> Found {
    let star = index.checked_sub(2)?;
    let bare = view.text_at(index) == "**" && view.text_at(star + 1) == "," && view.text_at(star) == "*";
    bare.then(|| view.error_at_token(star, "named arguments must follow bare *"))
}

/// `class C[*Ts: int]`.
fn bound_of_many(view: &View<'_>, index: usize) -> Found {
    let open = view.open_bracket_at(view.tokens.get(index)?.start)?;
    let star = index.checked_sub(2)?;
    if view.text_at(index) != ":" || view.text(open) != "[" {
        return None;
    }
    let kind = match view.text_at(star) {
        "*" => "TypeVarTuple",
        "**" => "ParamSpec",
        _ => return None,
    };
    let level = view.tokens[index].level;
    let end = operand_end(view, index + 1, level);
    let range = view.tokens.get(index + 1)?.range().cover(view.tokens[end].range());
    let what = match view.parse(range) {
        Some(ruff_python_ast::Expr::Tuple(_)) => "constraints",
        _ => "bound",
    };
    let whole = view.tokens[index].range().cover(range);
    Some(view.error(whole, format!("cannot use {what} with {kind}")))
}

pub(super) fn starts_statement(view: &View<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else {
        return true;
    };
    matches!(view.tokens[before].kind, Kind::Newline | Kind::Indent | Kind::Dedent)
        || matches!(view.text_at(before), ";" | ":")
}

/// The last token of the simple statement around a token.
fn statement_end(view: &View<'_>, index: usize) -> usize {
    let mut end = index;
    while let Some(token) = view.tokens.get(end + 1) {
        if matches!(token.kind, Kind::Newline | Kind::End) || (token.level == 0 && view.text(token) == ";") {
            break;
        }
        end += 1;
    }
    end
}

/// `if x = 1:`.
fn single_equals(view: &View<'_>, index: usize) -> Found {
    if view.text_at(index) != "=" {
        return None;
    }
    let left_end = index.checked_sub(1)?;
    let level = view.tokens[index].level;
    let left = operand_start(view, left_end, level);
    let right = operand_end(view, index + 1, level);
    let keyword = left.checked_sub(1).map_or("", |at| view.text_at(at));
    let in_condition =
        matches!(keyword, "if" | "while" | "elif" | "return") || level > 0 && !matches!(keyword, "and" | "or" | "not");
    if !in_condition || view.text_at(right + 1) == "=" {
        return None;
    }
    let range = view.tokens[left].range().cover(view.tokens[right].range());
    if left == left_end && view.tokens[left].kind == Kind::Name && !is_keyword(view.text_at(left)) {
        return Some(view.error(range, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"));
    }
    let target = view.tokens[left].range().cover(view.tokens[left_end].range());
    let expr = view.parse(target)?;
    let name = super::targets::expr_name(&expr);
    if matches!(name, "None" | "True" | "False") {
        return Some(view.error(target, format!("cannot assign to {name}")));
    }
    let call = view.open_bracket_at(view.tokens[index].start).is_some_and(|open| {
        let at = view.index_at(open.start);
        view.text(open) == "(" && at > 0 && view.ends_expression(at - 1)
    });
    if call {
        return Some(view.error(
            target.cover(view.tokens[index].range()),
            "expression cannot contain assignment, perhaps you meant \"==\"?",
        ));
    }
    if matches!(name, "list" | "tuple" | "generator expression") {
        return None;
    }
    Some(view.error(
        target,
        format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?"),
    ))
}

/// `f(expression = value)`.
fn keyword_argument(view: &View<'_>, error: &ParseError, index: usize) -> Found {
    let equals = if view.text_at(index) == "=" {
        index
    } else {
        view.index_at(error.location.end().to_u32())
    };
    let token = view.tokens.get(equals)?;
    if view.text(token) != "=" || token.level == 0 {
        return None;
    }
    let open = view.open_bracket_at(token.start)?;
    let at = view.index_at(open.start);
    let is_call = view.text(open) == "(" && at > 0 && view.ends_expression(at - 1) && token.level == open.level + 1;
    if !is_call || at > 1 && matches!(view.text_at(at - 2), "def" | "class") {
        return None;
    }
    let mut start = equals - 1;
    while start > at + 1 && !(view.tokens[start - 1].level == token.level && view.text_at(start - 1) == ",") {
        start -= 1;
    }
    let end = operand_end(view, equals + 1, token.level);
    let whole = view.tokens[start].range().cover(view.tokens[end].range());
    let target = view.tokens[start].range().cover(token.range());
    match (view.text_at(start), start + 1 == equals) {
        (name @ ("True" | "False" | "None"), true) => Some(view.error(target, format!("cannot assign to {name}"))),
        ("*", _) => Some(view.error(whole, "cannot assign to iterable argument unpacking")),
        ("**", _) => Some(view.error(whole, "cannot assign to keyword argument unpacking")),
        (name, true) if view.tokens[start].kind == Kind::Name && !is_keyword(name) => None,
        // `f("text" name=1)`: two operands side by side.
        _ if (start..equals - 1).any(|at| {
            view.tokens[at + 1].level == token.level && view.ends_expression(at) && view.begins_operand(at + 1)
        }) =>
        {
            let both = view.tokens[start].range().cover(view.tokens[equals - 1].range());
            Some(view.error(both, "invalid syntax. Perhaps you forgot a comma?"))
        }
        _ => Some(view.error(
            target,
            "expression cannot contain assignment, perhaps you meant \"==\"?",
        )),
    }
}

/// A star with nothing behind it.
fn star_without_value(view: &View<'_>, index: usize) -> Found {
    let before = index.checked_sub(1)?;
    let opens = before
        .checked_sub(1)
        .is_some_and(|at| matches!(view.text_at(at), "(" | "[" | "," | "{"));
    let closes = matches!(view.text_at(index), ")" | "]" | ":" | "," | "}");
    (view.text_at(before) == "*" && opens && closes).then(|| view.error_at_token(index, "Invalid star expression"))
}

/// `def f(a, (b, c))`, `lambda (a, b): 0`.
fn parenthesised_parameter(view: &View<'_>, index: usize) -> Found {
    let token = view.tokens.get(index)?;
    if view.text(token) != "(" {
        return None;
    }
    let close =
        (index + 1..view.tokens.len()).find(|at| view.tokens[*at].level == token.level && view.text_at(*at) == ")")?;
    let range = token.range().cover(view.tokens[close].range());
    let in_def = view.open_bracket_at(token.start).is_some_and(|open| {
        let at = view.index_at(open.start);
        at > 1 && view.text_at(at - 2) == "def"
    });
    if in_def {
        return Some(view.error(range, "Function parameters cannot be parenthesized"));
    }
    let in_lambda = (0..index)
        .rev()
        .take(16)
        .map(|at| view.text_at(at))
        .take_while(|text| *text != ":")
        .any(|text| text == "lambda");
    in_lambda.then(|| view.error(range, "Lambda expression parameters cannot be parenthesized"))
}

/// `import a from b`.
fn import_from(view: &View<'_>, index: usize) -> Found {
    if view.text_at(index) != "from" {
        return None;
    }
    let mut first = index;
    while first > 0 && !starts_statement(view, first) {
        first -= 1;
    }
    if view.text_at(first) != "import" {
        return None;
    }
    let range = view.tokens[first]
        .range()
        .cover(view.tokens[statement_end(view, index)].range());
    Some(view.error(range, "Did you mean to use 'from ... import ...' instead?"))
}

/// `import a as b.c`, `except A as b.c`.
fn alias_target(view: &View<'_>, index: usize) -> Found {
    let as_at = (index.saturating_sub(2)..=index)
        .rev()
        .find(|at| view.text_at(*at) == "as")?;
    let mut first = as_at;
    while first > 0 && !starts_statement(view, first) {
        first -= 1;
    }
    let level = view.tokens[as_at].level;
    let end = operand_end(view, as_at + 1, level);
    let range = view.tokens.get(as_at + 1)?.range().cover(view.tokens[end].range());
    let name = super::targets::expr_name(&view.parse(range)?);
    match view.text_at(first) {
        "import" | "from" if name != "name" => Some(view.error(range, format!("cannot use {name} as import target"))),
        "except" if name != "name" => {
            let star = if view.text_at(first + 1) == "*" { "*" } else { "" };
            Some(view.error(range, format!("cannot use except{star} statement with {name}")))
        }
        "case" if name != "name" => Some(view.error(range, format!("cannot use {name} as pattern target"))),
        _ => None,
    }
}

/// `[x for x if y]`.
fn missing_in(view: &View<'_>, error: &ParseError, index: usize) -> Found {
    let ParseErrorType::ExpectedToken { expected, .. } = &error.error else {
        return None;
    };
    let after_for = (0..index).rev().take(12).any(|at| view.text_at(at) == "for");
    let token = view.tokens.get(index)?;
    if *expected == ruff_python_ast::token::TokenKind::In && after_for && token.level > 0 && view.text(token) == "if" {
        return Some(view.error_at_token(index, "'in' expected after for-loop variables"));
    }
    None
}

/// The first token of the operand that ends with a token.
fn operand_start(view: &View<'_>, end: usize, level: u16) -> usize {
    let mut at = end;
    while at > 0 {
        let before = &view.tokens[at - 1];
        let text = view.text(before);
        if before.level < level && matches!(text, "(" | "[" | "{") {
            break;
        }
        if before.level == level {
            let stops = matches!(before.kind, Kind::Newline | Kind::Indent | Kind::Dedent)
                || matches!(
                    text,
                    "," | ":" | ";" | "=" | ":=" | "->" | "+=" | "-=" | "(" | "[" | "{"
                ) && view.tokens[at].level != level + 1
                || (before.kind == Kind::Name
                    && is_keyword(text)
                    && !matches!(text, "None" | "True" | "False" | "await"));
            if stops {
                break;
            }
        }
        at -= 1;
    }
    at
}

/// The last token of the operand that begins with a token.
fn operand_end(view: &View<'_>, start: usize, level: u16) -> usize {
    let mut at = start;
    while let Some(next) = view.tokens.get(at + 1) {
        let text = view.text(next);
        if next.level <= level {
            let closes = matches!(text, ")" | "]" | "}") && next.level < level;
            let stops = matches!(next.kind, Kind::Newline | Kind::End | Kind::Indent | Kind::Dedent)
                || matches!(text, "," | ":" | ";" | "=" | ":=" | "!")
                || (next.kind == Kind::Name && is_keyword(text) && !matches!(text, "None" | "True" | "False"));
            if closes || stops {
                break;
            }
            if next.level == level && view.ends_expression(at) && view.begins_operand(at + 1) {
                break;
            }
        }
        at += 1;
    }
    at.min(view.tokens.len().saturating_sub(1))
}

/// `{1: 2, 3}`, `{1: }`.
fn dict_item(view: &View<'_>, error: &ParseError, index: usize) -> Found {
    let open = view.open_bracket_at(error.location.start().to_u32())?;
    if view.text(open) != "{" {
        return None;
    }
    let text = view.text_at(index);
    let before = index.checked_sub(1)?;
    if view.text_at(before) == ":" && matches!(text, "}" | ",") {
        return Some(view.error_at_token(before, "expression expected after dictionary key and ':'"));
    }
    let has_colon = view.tokens[view.index_at(open.start)..index]
        .iter()
        .any(|token| token.level == open.level + 1 && view.text(token) == ":");
    if has_colon && matches!(text, "}" | ",") && view.ends_expression(before) {
        return Some(view.error_at_token(before, "':' expected after dictionary key"));
    }
    None
}

/// `f(a=)`, `def f(a=): …`.
fn missing_value(view: &View<'_>, index: usize) -> Found {
    let before = index.checked_sub(1)?;
    if view.text_at(before) != "=" || !matches!(view.text_at(index), ")" | "," | ":") {
        return None;
    }
    let open = view.open_bracket_at(view.tokens[index].start);
    let header = open.is_some_and(|open| {
        let at = view.index_at(open.start);
        at > 1 && view.text_at(at - 2) == "def"
    });
    if header || open.is_none() {
        return Some(view.error_at_token(before, "expected default value expression"));
    }
    let name = &view.tokens[before.checked_sub(1)?];
    let range = name.range().cover(view.tokens[before].range());
    Some(view.error(range, "expected argument value expression"))
}

/// `x if y` without `else`.
fn conditional(view: &View<'_>, error: &ParseError, index: usize) -> Found {
    let ParseErrorType::ExpectedToken { expected, .. } = &error.error else {
        return None;
    };
    if *expected != ruff_python_ast::token::TokenKind::Else {
        return None;
    }
    let level = view.tokens.get(index)?.level;
    let if_at = (0..index)
        .rev()
        .find(|at| view.text_at(*at) == "if" && view.tokens[*at].level >= level)?;
    if !view.ends_expression(index.checked_sub(1)?) || view.text_at(index) == ":" {
        return None;
    }
    let start = operand_start(view, if_at.checked_sub(1)?, view.tokens[if_at].level);
    let range = view.tokens[start].range().cover(view.tokens[index - 1].range());
    Some(view.error(range, "expected 'else' after 'if' expression"))
}

/// A field of an f-string.
fn field(view: &View<'_>, index: usize) -> Found {
    let token = view.tokens.get(index)?;
    let (at, letter) = field_of(view, token)?;
    let text = view.text(token);
    let expecting = format!("{letter}-string: expecting a valid expression after '{{'");
    if index > at + 1 && view.tokens[at + 1..index].iter().all(|token| token.kind == Kind::Op) {
        return Some(view.error_at_token(at + 1, expecting));
    }
    if index == at + 1 {
        if matches!(text, "}" | "!" | ":" | "=") {
            return Some(view.error_at_token(
                index,
                format!("{letter}-string: valid expression required before '{text}'"),
            ));
        }
        if text == "lambda" {
            return None;
        }
        return Some(view.error_at_token(index, expecting));
    }
    None
}

/// `[x, y for x in z]`.
fn comprehension_target(view: &View<'_>, index: usize) -> Found {
    if !matches!(view.text_at(index), "for" | "async") {
        return None;
    }
    let open = view.open_bracket_at(view.tokens[index].start)?;
    let at = view.index_at(open.start);
    if !matches!(view.text(open), "[" | "{") || at > 0 && view.ends_expression(at - 1) {
        return None;
    }
    let first = &view.tokens[at + 1];
    let has_comma = view.tokens[at + 1..index]
        .iter()
        .any(|token| token.level == open.level + 1 && view.text(token) == ",");
    let has_colon = view.tokens[at + 1..index]
        .iter()
        .any(|token| token.level == open.level + 1 && view.text(token) == ":");
    if !has_comma || has_colon {
        return None;
    }
    let range = first.range().cover(view.tokens[index - 1].range());
    Some(view.error(range, "did you forget parentheses around the comprehension target?"))
}

/// Two expressions side by side inside brackets.
fn forgotten_comma(view: &View<'_>, index: usize) -> Found {
    let before = index.checked_sub(1)?;
    let token = view.tokens.get(index)?;
    if token.level == 0 || !view.ends_expression(before) || !view.begins_operand(index) {
        return None;
    }
    // A name in front of a string may be a prefix that is none.
    if view.tokens[before].kind == Kind::Name && matches!(token.kind, Kind::Str | Kind::FStringStart) {
        return None;
    }
    let open = view.open_bracket_at(token.start)?;
    let at = view.index_at(open.start);
    if at > 1 && view.text_at(at - 2) == "def" {
        return None;
    }
    let start = operand_start(view, before, token.level);
    let end = operand_end(view, index, token.level);
    if (start.saturating_sub(1)..index).any(|at| view.text_at(at) == "!") {
        return None;
    }
    let range: TextRange = view.tokens[start].range().cover(view.tokens[end].range());
    Some(view.error(range, "invalid syntax. Perhaps you forgot a comma?"))
}

/// A compound statement without its colon.
fn missing_colon(view: &View<'_>, error: &ParseError, index: usize) -> Found {
    let ParseErrorType::ExpectedToken { expected, .. } = &error.error else {
        return None;
    };
    if *expected != ruff_python_ast::token::TokenKind::Colon {
        return None;
    }
    let token = view.tokens.get(index)?;
    if token.level > 0 {
        return None;
    }
    let mut first = index;
    while first > 0 && !matches!(view.tokens[first - 1].kind, Kind::Newline | Kind::Indent | Kind::Dedent) {
        first -= 1;
    }
    let ends = matches!(token.kind, Kind::Newline | Kind::End);
    let word = view.text_at(first);
    // Some statements insist on the colon whatever follows, others only at the end of the line.
    let insists = matches!(
        word,
        "def" | "class" | "try" | "else" | "finally" | "for" | "with" | "async" | "match" | "case"
    ) || (word == "except" && view.text_at(first + 1) == ":");
    if ends || matches!(word, "def" | "try" | "else" | "finally") && insists {
        return Some(view.error_at_token(index, "expected ':'"));
    }
    None
}
