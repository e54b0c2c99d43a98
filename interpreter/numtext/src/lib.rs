//! Number text: how 2.7.18 writes, reads, formats, hashes and packs numbers, without objects.
//!
//! The interpreter hands in machine values, `BigInt`s and slices, and gets text, values or an [`Error`] that names
//! the Python exception. Characters of an error's message are below 256 and stand for bytes.
//!
//! - `float_text`, `float_parse`, `complex_text`, `int_text`: numbers to text and back.
//! - `spec`, `grouping`, `format`: format specifications and `__format__`.
//! - `template`: the templates of `str.format`; `percent`: the `%` operator.
//! - `hash`: hash values; `convert`, `arith`: integers and floats; `structure`: the `struct` module's codes.
//!
//! Checked by `tests/table.rs`, a table of 2.7.18's answers.
#![forbid(unsafe_code)]

pub mod arith;
pub mod complex_text;
pub mod convert;
mod error;
pub mod float_parse;
pub mod float_text;
pub mod format;
mod grouping;
pub mod hash;
pub mod int_text;
pub mod percent;
pub mod spec;
pub mod structure;
pub mod template;
mod unit;

pub use error::{Error, Kind, Result};
pub use grouping::Locale;
pub use unit::{Unit, from_ascii};
