//! The built-in type `complex`.

mod arithmetic;
mod construct;
mod methods;

use crate::kinds::kind;
use crate::layout::PyComplex;
use crate::native::TypeDef;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `complex`.
pub static COMPLEX: TypeDef = TypeDef {
    doc: Some("complex(real[, imag]) -> complex number\n\nThe number real + imag*1j, or the one in a text."),
    slots: SlotTable {
        new: Some(construct::new),
        repr: Some(methods::repr),
        str: Some(methods::str),
        hash: Some(methods::hash),
        richcmp: Some(methods::richcmp),
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
        pos: Some(arithmetic::pos),
        abs: Some(arithmetic::abs),
        nonzero: Some(methods::nonzero),
        int: Some(|th, _| Err(th.type_error("can't convert complex to int"))),
        long: Some(|th, _| Err(th.type_error("can't convert complex to long"))),
        float: Some(|th, _| Err(th.type_error("can't convert complex to float"))),
        coerce: Some(methods::coerce),
        ..SlotTable::EMPTY
    },
    methods: methods::METHODS,
    getset: methods::GETSET,
    ..TypeDef::new("complex", kind::COMPLEX)
};

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    pub re: f64,
    pub im: f64,
}

impl Complex {
    pub const fn new(re: f64, im: f64) -> Complex {
        Complex { re, im }
    }
}

/// The number in a complex (or subclass).
#[inline]
pub fn complex_value(v: Value) -> Option<Complex> {
    v.payload::<PyComplex>().map(|c| Complex::new(c.get().re, c.get().im))
}

/// A complex argument of a native: a complex, whatever `__complex__` gives, or a float.
pub fn complex_arg(th: &mut crate::thread::Thread, v: Value) -> crate::raised::PyResult<Complex> {
    if let Some(c) = complex_value(v) {
        return Ok(c);
    }
    if let Some(r) = construct::special_method(th, v)? {
        return match complex_value(r) {
            Some(c) => Ok(c),
            None => Err(th.type_error("__complex__ should return a complex object")),
        };
    }
    Ok(Complex::new(crate::ops::float_arg(th, v)?, 0.0))
}
