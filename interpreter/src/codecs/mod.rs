//! Codecs: the ones the core needs before any import, the registry, and error handlers.
//!
//! - `registry`: search functions, the cache of codecs, error callbacks. `convert`: encoding and decoding by name.
//! - `handler`: what happens at an error; decoders and encoders call [`handler::decode_error`] and
//!   [`handler::encode_error`] and go on where these say.
//! - `narrow` (ASCII, Latin-1), `utf8`, `utf7`, `wide` (UTF-16, UTF-32, internal), `escape`, `charmap`: the codecs.
//!
//! A decoder takes bytes and returns a unicode and how many bytes it consumed; with `last` unset, an unfinished
//! sequence at the end is left for the next call.

pub mod charmap;
mod convert;
pub mod escape;
pub mod handler;
pub mod narrow;
pub mod registry;
pub mod utf7;
pub mod utf8;
pub mod wide;

pub use convert::{
    decode, decode_to_unicode, default_encoding, default_is_ascii_based, encode, encode_to_str,
    set_default_encoding,
};

use crate::raised::PyResult;
use crate::value::Value;

/// A unicode and the number of bytes consumed.
pub type Decoded = PyResult<(Value, usize)>;
