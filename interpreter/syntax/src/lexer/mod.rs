//! From the bytes of a source to tokens.
//!
//! [`source`] finds the encoding and turns the input into one buffer with `\n` line ends; [`scanner`] cuts that
//! buffer into the tokens of [`token`], with the indentation rules of the language.

pub mod encoding;
pub mod scanner;
pub mod source;
pub mod token;
