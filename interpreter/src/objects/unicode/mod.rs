//! The built-in type `unicode`.
//!
//! Characters are stored 1, 2 or 4 bytes wide, always as narrow as all of them allow (so that equal texts have equal
//! storage); to Python the build is a wide one: one item per code point, surrogates are ordinary characters.
//!
//! - `make`: making unicodes, widths. `convert`: what coerces to unicode, `unicode()` itself.
//! - `slots`: operators. `methods`: the method table, with `find`, `cut`, `fill`, `case`, `join`.

pub mod case;
mod convert;
pub mod cut;
pub mod fill;
pub mod find;
pub mod join;
mod make;
mod methods;
mod slots;

pub use convert::{decode_default, encode_default, from_object, of_any, text_of};
pub use make::{Builder, Stored, at_width, empty, from_units, one_char, widen, with_chars};
pub(crate) use slots::copy_into;
pub use slots::{concat, contains};

use crate::kinds::kind;
use crate::native::TypeDef;

/// `unicode`.
pub static UNICODE: TypeDef = TypeDef {
    doc: Some(
        "unicode(object='') -> unicode object\nunicode(string[, encoding[, errors]]) -> unicode object\n\nThe text of an object, or the decoded form of a string.",
    ),
    base: Some(&super::str::BASESTRING),
    slots: slots::UNICODE,
    methods: methods::METHODS,
    ..TypeDef::new("unicode", kind::UNICODE)
};
