//! The built-in type `int`: machine words; results that do not fit become longs.

mod arithmetic;
mod construct;
mod methods;

pub use arithmetic::warn_classic_division;
pub use construct::new;

use crate::kinds::kind;
use crate::native::TypeDef;
use crate::types::slots::SlotTable;

/// `int`.
pub static INT: TypeDef = TypeDef {
    doc: Some(
        "int(x=0) -> int or long\nint(x, base=10) -> int or long\n\nThe integer in a number or a text, cut towards zero; \
         a long where a machine word is too short. Base 0 reads the base off the text as in source.",
    ),
    slots: SlotTable {
        new: Some(construct::new),
        repr: Some(methods::repr),
        str: Some(methods::repr),
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
        pos: Some(methods::int),
        abs: Some(arithmetic::abs),
        invert: Some(arithmetic::invert),
        nonzero: Some(methods::nonzero),
        int: Some(methods::int),
        long: Some(methods::long),
        float: Some(methods::float),
        oct: Some(methods::oct),
        hex: Some(methods::hex),
        index: Some(methods::int),
        coerce: Some(methods::coerce),
        ..SlotTable::EMPTY
    },
    methods: methods::METHODS,
    getset: methods::GETSET,
    ..TypeDef::new("int", kind::INT)
};
