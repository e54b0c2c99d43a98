//! The built-in types `buffer` and `memoryview`: read access (and for memoryview write access) to the bytes of
//! another object, in part. Both look their object up again at each use, so that it may be resized meanwhile.

mod memory;
mod readonly;

pub use readonly::object_of;

use crate::kinds::kind;
use crate::native::TypeDef;

/// `buffer`: the object, the offset, the size (-1: up to the end).
pub static BUFFER: TypeDef = TypeDef {
    doc: Some("buffer(object [, offset[, size]])\n\nA read-only view of a part of the object's bytes."),
    flags: 0,
    slots: readonly::SLOTS,
    ..TypeDef::new("buffer", kind::RECORD)
};

/// `memoryview`: the object, the first byte, the number of bytes (none: all).
pub static MEMORYVIEW: TypeDef = TypeDef {
    doc: Some("memoryview(object)\n\nA view of the object's bytes."),
    flags: 0,
    slots: memory::SLOTS,
    methods: memory::METHODS,
    getset: memory::GETSET,
    ..TypeDef::new("memoryview", kind::RECORD)
};
