//! The built-in type `float`.

mod arithmetic;
mod compare;
mod construct;
mod formats;
mod methods;

pub use arithmetic::power;
pub use construct::from_text_object;
pub use formats::is_unknown;
pub use methods::round;

use crate::kinds::kind;
use crate::layout::PyFloat;
use crate::native::TypeDef;
use crate::types::slots::SlotTable;

/// `float`.
pub static FLOAT: TypeDef = TypeDef {
    doc: Some("float(x) -> floating point number\n\nThe float in a number or a text."),
    slots: SlotTable {
        new: Some(construct::new),
        repr: Some(methods::repr),
        str: Some(methods::str),
        hash: Some(methods::hash),
        richcmp: Some(compare::richcmp),
        add: Some(arithmetic::add),
        sub: Some(arithmetic::sub),
        mul: Some(arithmetic::mul),
        div: Some(arithmetic::div),
        rem: Some(arithmetic::rem),
        divmod: Some(arithmetic::divmod),
        pow: Some(arithmetic::pow),
        floordiv: Some(arithmetic::floordiv),
        truediv: Some(arithmetic::truediv),
        neg: Some(arithmetic::neg),
        pos: Some(methods::float),
        abs: Some(arithmetic::abs),
        nonzero: Some(methods::nonzero),
        int: Some(methods::int),
        long: Some(methods::long),
        float: Some(methods::float),
        coerce: Some(methods::coerce),
        ..SlotTable::EMPTY
    },
    methods: methods::METHODS,
    getset: methods::GETSET,
    ..TypeDef::new("float", kind::FLOAT)
};

/// The number in a float (or subclass).
#[inline]
pub fn float_value(v: crate::value::Value) -> Option<f64> {
    if v.is_flonum() {
        return Some(v.flonum_unchecked());
    }
    let b = v.base_object();
    if b.is_flonum() { Some(b.flonum_unchecked()) } else { b.cast::<PyFloat>().map(|f| f.value) }
}
