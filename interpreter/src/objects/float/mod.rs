//! The built-in type `float`.

use crate::kinds::kind;
use crate::layout::PyFloat;
use crate::native::TypeDef;

/// `float`.
pub static FLOAT: TypeDef = TypeDef::new("float", kind::FLOAT);

/// The number in a float (or subclass).
#[inline]
pub fn float_value(v: crate::value::Value) -> Option<f64> {
    if v.is_flonum() {
        return Some(v.flonum_unchecked());
    }
    let b = v.base_object();
    if b.is_flonum() { Some(b.flonum_unchecked()) } else { b.cast::<PyFloat>().map(|f| f.value) }
}
