//! The types of None, NotImplemented and Ellipsis.

use crate::kinds::kind;
use crate::native::{NO_NEW, TypeDef};
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `NoneType`.
pub static NONE: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(|th, _| Ok(th.intern(b"None"))),
        hash: Some(|_, v| Ok(constant_hash(v))),
        nonzero: None,
        ..SlotTable::EMPTY
    },
    ..TypeDef::new("NoneType", kind::INT)
};

/// `NotImplementedType`.
pub static NOT_IMPLEMENTED: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(|th, _| Ok(th.intern(b"NotImplemented"))),
        hash: Some(|_, v| Ok(constant_hash(v))),
        ..SlotTable::EMPTY
    },
    ..TypeDef::new("NotImplementedType", kind::INT)
};

/// `ellipsis`.
pub static ELLIPSIS: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(|th, _| Ok(th.intern(b"Ellipsis"))),
        hash: Some(|_, v| Ok(constant_hash(v))),
        ..SlotTable::EMPTY
    },
    ..TypeDef::new("ellipsis", kind::INT)
};

/// Constants hash by their word, spread a little.
fn constant_hash(v: Value) -> i64 {
    (v.bits() as i64).wrapping_mul(0x51ed_270b)
}
