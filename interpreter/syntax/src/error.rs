//! What can go wrong between source text and code object.
//!
//! Every stage of this crate fails with [`Error`]. It names the Python exception to raise and carries what
//! that exception's constructor needs; the file name is the caller's, who knows it as an object.
//!
//! Two shapes of syntax error exist and the difference is visible to programs:
//! - those of lexer and grammar carry a column and the offending line ([`SyntaxError::offset`] is `Some`);
//! - those found on the tree carry neither: `offset` is `None`, and whoever raises the exception looks the
//!   line up in the file, when there is one, as [`SyntaxError::text_from_file`] says.

use std::fmt;

/// Which exception class a [`SyntaxError`] becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxKind {
    /// `SyntaxError`.
    Syntax,
    /// `IndentationError`.
    Indentation,
    /// `TabError`.
    Tab,
}

impl SyntaxKind {
    /// The name of the exception class.
    pub fn class_name(self) -> &'static str {
        match self {
            SyntaxKind::Syntax => "SyntaxError",
            SyntaxKind::Indentation => "IndentationError",
            SyntaxKind::Tab => "TabError",
        }
    }
}

/// How the exception object tells where the error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `args` is `(message, (filename, lineno, offset, text))`: lexer, grammar, tree and code generator.
    Arguments,
    /// `args` is `(message,)`, and the attributes are set afterwards: symbol table and future statements.
    Attributes,
    /// `args` is `(message,)` and `lineno` stays `None`.
    Nowhere,
}

/// A `SyntaxError` or one of its subclasses, less the file name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The exception class.
    pub kind: SyntaxKind,
    /// The first argument of the exception.
    pub message: String,
    /// How the exception object tells the place.
    pub place: Place,
    /// The line, from 1; 0 when the source could not be decoded at all.
    pub lineno: i32,
    /// The column, from 1, when the lexer or the grammar found the error.
    pub offset: Option<i32>,
    /// The offending line, in the encoding of the source; it holds more lines when a string literal spans them.
    pub text: Option<Vec<u8>>,
}

impl SyntaxError {
    /// Whether the raiser should read line `lineno` of the source file to fill in `text`.
    pub fn text_from_file(&self) -> bool {
        self.offset.is_none() && self.place != Place::Nowhere
    }
}

/// A failure of the lexer, the parser, the symbol table or the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// `SyntaxError` and its subclasses. Boxed, since results carry it everywhere.
    Syntax(Box<SyntaxError>),
    /// The input ended where an interactive statement goes on: ask for another line.
    Incomplete,
    /// Nesting beyond the parser's stack: `s_push: parser stack overflow` on standard error, then `MemoryError()`.
    ParserStackOverflow,
    /// `TypeError(message)`.
    Type(String),
    /// `ValueError(message)`.
    Value(String),
    /// `SystemError(message)`.
    System(String),
    /// `OverflowError(message)`.
    Overflow(String),
    /// `RuntimeError(message)`.
    Runtime(String),
    /// `MemoryError()`.
    Memory,
    /// A callback of the embedder already holds a Python exception (a warning turned into an error, a codec's own failure).
    Raised,
}

/// What every stage returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A plain `SyntaxError` found on the tree: it has a line and no column.
    #[cold]
    pub fn syntax(message: impl Into<String>, lineno: i32) -> Error {
        Error::Syntax(Box::new(SyntaxError {
            kind: SyntaxKind::Syntax,
            message: message.into(),
            place: Place::Arguments,
            lineno,
            offset: None,
            text: None,
        }))
    }

    /// A `SyntaxError` of symbol table or future statements: its place is not among the arguments.
    #[cold]
    pub fn syntax_in_scope(message: impl Into<String>, lineno: i32) -> Error {
        let Error::Syntax(mut e) = Error::syntax(message, lineno) else {
            unreachable!("Error::syntax makes a SyntaxError")
        };
        e.place = Place::Attributes;
        Error::Syntax(e)
    }

    /// A `SyntaxError` without any place.
    #[cold]
    pub fn syntax_nowhere(message: impl Into<String>) -> Error {
        let Error::Syntax(mut e) = Error::syntax(message, 0) else {
            unreachable!("Error::syntax makes a SyntaxError")
        };
        e.place = Place::Nowhere;
        Error::Syntax(e)
    }

    /// An error of lexer or grammar, with its place in the line.
    #[cold]
    pub fn at(
        kind: SyntaxKind,
        message: impl Into<String>,
        lineno: i32,
        offset: i32,
        text: Option<Vec<u8>>,
    ) -> Error {
        Error::Syntax(Box::new(SyntaxError {
            kind,
            message: message.into(),
            place: Place::Arguments,
            lineno,
            offset: Some(offset),
            text,
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Syntax(e) => write!(f, "{}: {} (line {})", e.kind.class_name(), e.message, e.lineno),
            Error::Incomplete => f.write_str("incomplete input"),
            Error::ParserStackOverflow => f.write_str("MemoryError: s_push: parser stack overflow"),
            Error::Type(m) => write!(f, "TypeError: {m}"),
            Error::Value(m) => write!(f, "ValueError: {m}"),
            Error::System(m) => write!(f, "SystemError: {m}"),
            Error::Overflow(m) => write!(f, "OverflowError: {m}"),
            Error::Runtime(m) => write!(f, "RuntimeError: {m}"),
            Error::Memory => f.write_str("MemoryError"),
            Error::Raised => f.write_str("exception already raised"),
        }
    }
}

impl std::error::Error for Error {}
