//! Refusals, with the exception type and text that 2.7.18 gives them.

use std::fmt;

/// The Python exception that a refusal becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `ValueError`.
    Value,
    /// `TypeError`.
    Type,
    /// `OverflowError`.
    Overflow,
    /// `ZeroDivisionError`.
    ZeroDivision,
    /// `struct.error`.
    Struct,
    /// `MemoryError`, without a text.
    Memory,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which exception to raise.
    pub kind: Kind,
    /// Its text.
    pub message: String,
}

/// What everything here that can be refused answers.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A `ValueError`.
    #[cold]
    pub fn value(message: impl Into<String>) -> Error {
        Error { kind: Kind::Value, message: message.into() }
    }

    /// A `TypeError`.
    #[cold]
    pub fn type_error(message: impl Into<String>) -> Error {
        Error { kind: Kind::Type, message: message.into() }
    }

    /// An `OverflowError`.
    #[cold]
    pub fn overflow(message: impl Into<String>) -> Error {
        Error { kind: Kind::Overflow, message: message.into() }
    }

    /// A `struct.error`.
    #[cold]
    pub fn structure(message: impl Into<String>) -> Error {
        Error { kind: Kind::Struct, message: message.into() }
    }
}

/// Refuses a width or precision that there is no memory for, before anything is laid out.
pub(crate) fn room(units: usize) -> Result<()> {
    let room = Vec::<u32>::new().try_reserve_exact(units);
    room.map_err(|_| Error { kind: Kind::Memory, message: String::new() })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
