//! What goes wrong in a source: errors and warnings, with CPython's wording.

/// Which exception an error is raised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// `SyntaxError`.
    Syntax,
    /// `IndentationError`.
    Indentation,
    /// `TabError`.
    Tab,
    /// `MemoryError`: nested too deeply.
    Memory,
    /// `RecursionError`: too complex.
    Recursion,
    /// `ValueError`: source with NUL characters …
    Value,
    /// A `_IncompleteInputError`, which an interactive console waits on.
    Incomplete,
}

/// An error in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Which exception.
    pub kind: SyntaxErrorKind,
    /// The message, without place.
    pub message: String,
    /// Line, from 1; 0 if there is no place.
    pub line: u32,
    /// Column in characters, from 1 (`offset` of the exception); 0 if unknown.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character, from 1.
    pub end_column: u32,
    /// It is about indentation, which ends nowhere: the exception's `end_offset` is -1.
    pub endless: bool,
    /// The source line, with its newline.
    pub text: Option<String>,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (line {}, column {})", self.message, self.line, self.column)
    }
}

impl std::error::Error for SyntaxError {}

/// Which category a warning has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// `SyntaxWarning`.
    Syntax,
    /// `DeprecationWarning`.
    Deprecation,
}

/// A warning about a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Its category.
    pub kind: WarningKind,
    /// The message.
    pub message: String,
    /// Line, from 1.
    pub line: u32,
}
