//! The built-in type `bytearray`: bytes in place, with room at the end, and cheap deletion in front.
//!
//! - `storage`: the bytes and the one primitive that changes their number. `convert`: what becomes bytes.
//! - `slots`: operators. `methods`: the method table, with `change` and `text`.

mod change;
mod convert;
mod iter;
mod methods;
mod slots;
mod storage;
mod text;

pub use iter::BYTEARRAY_ITER;
pub use slots::concat;
pub use storage::{new, splice, view};

use crate::kinds::kind;
use crate::native::TypeDef;

/// `bytearray`.
pub static BYTEARRAY: TypeDef = TypeDef {
    doc: Some(
        "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_bytearray) -> copy\nbytearray(count) -> zeros\n\nA mutable string of bytes.",
    ),
    slots: slots::BYTEARRAY,
    methods: methods::METHODS,
    ..TypeDef::new("bytearray", kind::BYTEARRAY)
};
