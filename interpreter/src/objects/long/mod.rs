//! The built-in type `long`: integers of any size.
//!
//! The digits lie in the object; arithmetic on short ones is done in machine words, on some dozen digits where they lie,
//! on longer ones by crate `num-bigint`. A result is always a long, whatever its size.

mod arithmetic;
mod construct;
mod digits;
mod methods;

pub use arithmetic::{from_i128, power, shift_left, true_divide};

use crate::kinds::kind;
use crate::native::TypeDef;
use crate::types::slots::SlotTable;

/// `long`.
pub static LONG: TypeDef = TypeDef {
    doc: Some("long(x=0) -> long\nlong(x, base=10) -> long\n\nAs int(), but the result is always a long."),
    slots: SlotTable {
        new: Some(construct::new),
        repr: Some(methods::repr),
        str: Some(methods::str),
        hash: Some(methods::hash),
        cmp: Some(methods::cmp),
        add: Some(arithmetic::add),
        sub: Some(arithmetic::sub),
        mul: Some(arithmetic::mul),
        div: Some(arithmetic::div),
        rem: Some(arithmetic::rem),
        divmod: Some(arithmetic::divmod),
        pow: Some(arithmetic::pow),
        lshift: Some(arithmetic::lshift),
        rshift: Some(arithmetic::rshift),
        and: Some(arithmetic::and),
        xor: Some(arithmetic::xor),
        or: Some(arithmetic::or),
        floordiv: Some(arithmetic::floordiv),
        truediv: Some(arithmetic::truediv),
        neg: Some(arithmetic::neg),
        pos: Some(methods::long),
        abs: Some(arithmetic::abs),
        invert: Some(arithmetic::invert),
        nonzero: Some(methods::nonzero),
        int: Some(methods::int),
        long: Some(methods::long),
        float: Some(methods::float),
        oct: Some(methods::oct),
        hex: Some(methods::hex),
        index: Some(methods::long),
        coerce: Some(methods::coerce),
        ..SlotTable::EMPTY
    },
    methods: methods::METHODS,
    getset: methods::GETSET,
    ..TypeDef::new("long", kind::LONG)
};
