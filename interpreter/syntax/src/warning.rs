//! Warnings found while compiling; whoever asked for the compilation issues them.

/// The category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// `SyntaxWarning`.
    Syntax,
    /// `DeprecationWarning`.
    Deprecation,
}

/// One warning, to be issued with the file name and `lineno` (as `warnings.warn_explicit` does).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The category.
    pub kind: WarningKind,
    /// The text.
    pub message: String,
    /// The line.
    pub lineno: i32,
    /// When the filters turn the warning into an error: whether a `SyntaxError` with the same text, at `lineno`, replaces it.
    pub becomes_syntax_error: bool,
}
