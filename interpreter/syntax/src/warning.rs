//! Warnings found while compiling; whoever asked for the compilation issues them.

/// The category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// `SyntaxWarning`.
    Syntax,
    /// `DeprecationWarning`.
    Deprecation,
}

impl WarningKind {
    /// The name of the warning class.
    pub fn class_name(self) -> &'static str {
        match self {
            WarningKind::Syntax => "SyntaxWarning",
            WarningKind::Deprecation => "DeprecationWarning",
        }
    }
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
