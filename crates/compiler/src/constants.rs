//! Constants of a program: top-level assignments of a literal to a name (`N = 600_000`, `RATE: float = 0.5`), and the program with another
//! value in its place. Found in the tree, so that neither strings nor comments nor local names are mistaken for one.

use crate::errors::SyntaxError;
use crate::source::Source;
use crate::{Mode, parse};
use ruff_python_ast::{Expr, Mod, Stmt, UnaryOp};
use ruff_text_size::Ranged;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// Its value as written.
    pub value: String,
    /// Where the value stands in the source: offsets of bytes.
    pub range: std::ops::Range<usize>,
}

/// The constants of a program, in order; a name that is assigned several times occurs several times.
///
/// # Errors
/// The source is no Python.
pub fn constants(source: &str) -> Result<Vec<Constant>, SyntaxError> {
    let read = Source::new(source, "main.py");
    let (tree, _) = parse(&read, Mode::Exec).map_err(|error| *error)?;
    let Mod::Module(module) = tree else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for statement in &module.body {
        let (target, value) = match statement {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [target] => (target, &assign.value),
                _ => continue,
            },
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => (&*assign.target, value),
                None => continue,
            },
            _ => continue,
        };
        let Expr::Name(name) = target else { continue };
        let range = value.range().start().to_usize()..value.range().end().to_usize();
        if is_literal(value)
            && let Some(text) = source.get(range.clone())
        {
            found.push(Constant {
                name: name.id.to_string(),
                value: text.to_owned(),
                range,
            });
        }
    }
    Ok(found)
}

/// The program with another literal as the value of a constant.
///
/// # Errors
/// A sentence: there is no such constant, or it is assigned more than once, or the value is no literal.
pub fn with_constant(source: &str, name: &str, value: &str) -> Result<String, String> {
    let literal = constants(&format!("x = {value}\n")).is_ok_and(|found| match found.as_slice() {
        [only] => only.value == value.trim(),
        _ => false,
    });
    if !literal || value.contains('\n') {
        return Err(format!(
            "{name} = {value} is not a literal (a number, a string, True, False or None)."
        ));
    }
    let all = constants(source).map_err(|error| format!("The program does not compile: {}.", error.message))?;
    let found: Vec<_> = all.iter().filter(|constant| constant.name == name).collect();
    match found.as_slice() {
        [only] => {
            let (before, after) = (source.get(..only.range.start), source.get(only.range.end..));
            Ok(format!(
                "{}{}{}",
                before.unwrap_or(""),
                value.trim(),
                after.unwrap_or("")
            ))
        }
        [] => {
            let mut known: Vec<&str> = all.iter().map(|constant| constant.name.as_str()).collect();
            known.dedup();
            let known = match known.as_slice() {
                [] => "it has none".to_owned(),
                names => format!("it has {}", names.join(", ")),
            };
            Err(format!(
                "{name} is no constant of the program (a line `{name} = 1` outside of functions and classes); {known}."
            ))
        }
        _ => Err(format!(
            "{name} is assigned {} times at the top of the program.",
            found.len()
        )),
    }
}

/// A number, perhaps with a sign, a string without replacement fields, or a named constant.
fn is_literal(value: &Expr) -> bool {
    match value {
        Expr::NumberLiteral(_)
        | Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_) => true,
        Expr::UnaryOp(unary) => {
            matches!(unary.op, UnaryOp::USub | UnaryOp::UAdd) && matches!(*unary.operand, Expr::NumberLiteral(_))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = "# N = 1\n'''\nN = 2\n'''\nN = 600_000  # how far\nRATE: float = -0.5\nM = N + 1\nON = True\na = b = 3\n\ndef f():\n    N = 4\n    return 'N = 5'\n\nif ON:\n    K = 1\n";

    #[test]
    fn constants_are_top_level_literals() {
        let found = constants(PROGRAM).expect("Python");
        let named: Vec<_> = found.iter().map(|c| (c.name.as_str(), c.value.as_str())).collect();
        assert_eq!(named, [("N", "600_000"), ("RATE", "-0.5"), ("ON", "True")]);
    }

    #[test]
    fn only_the_value_is_replaced() {
        let changed = with_constant(PROGRAM, "N", "7").expect("a constant");
        assert_eq!(changed, PROGRAM.replace("600_000", "7"));
        let changed = with_constant(PROGRAM, "RATE", "'fast'").expect("a constant");
        assert_eq!(changed, PROGRAM.replace("-0.5", "'fast'"));
    }

    #[test]
    fn what_is_no_constant_is_refused_with_a_sentence() {
        for (name, value) in [
            ("M", "1"),
            ("K", "1"),
            ("a", "1"),
            ("f", "1"),
            ("N", "M + 1"),
            ("N", "1; import os"),
            ("N", "1\nimport os"),
            ("N", "1 # x"),
            ("N", ""),
        ] {
            let why = with_constant(PROGRAM, name, value).expect_err(name);
            assert!(why.ends_with('.') && why.contains(name), "{why}");
        }
        assert!(
            with_constant("N = 1\nN = 2\n", "N", "3")
                .expect_err("twice")
                .contains("2 times")
        );
        assert!(with_constant("N = = 1\n", "N", "3").is_err());
    }
}
