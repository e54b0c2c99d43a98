//! Instances: attribute storage by shape or dict, and the old-style `instance` type.

pub mod attributes;
mod old_style;

pub use attributes::*;
pub use old_style::{find, new_old_style, plain};

use crate::kinds::kind;
use crate::layout::PyInstance;
use crate::native::TypeDef;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::type_of;
use crate::value::Value;

/// `instance`: instances of old-style classes. The payload is the class, the overflow the `__dict__`.
pub static INSTANCE: TypeDef = old_style::DEF;

/// True for instances of old-style classes.
#[inline]
pub fn is_old_style(v: Value) -> bool {
    v.kind() == kind::INSTANCE.index() && type_of(v).value() == INSTANCE.class()
}

/// The class of an old-style instance.
pub fn class_of(v: Value) -> Value {
    v.cast::<PyInstance>().and_then(|i| i.unguarded().payload.get()).unwrap_or(Value::NONE)
}

/// True if an old-style instance has the attribute (dict or class; hooks included).
pub fn has_attribute(th: &mut Thread, v: Value, name: Value) -> bool {
    super::classobj::lookup(class_of(v), name).is_some()
        || matches!(get_own_attribute(th, v, name), Ok(Some(_)))
}

/// Three-way comparison with an old-style instance on either side: coercion, then `__cmp__` of either; none if neither
/// answers.
pub fn compare(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<i32>> {
    let (a, b) = crate::ops::coerce(th, a, b)?.unwrap_or((a, b));
    if !is_old_style(a) && !is_old_style(b) {
        return crate::ops::cmp(th, a, b).map(Some);
    }
    for (x, y, sign) in [(a, b, 1), (b, a, -1)] {
        if !is_old_style(x) {
            continue;
        }
        let n = crate::names::__cmp__.get(th);
        let Some(m) = crate::ops::getattr_opt(th, x, n)? else { continue };
        let r = crate::ops::call(th, m, &[y])?;
        if r == Value::NOT_IMPLEMENTED {
            continue;
        }
        let Some(c) = crate::ops::int_value(r) else {
            return Err(th.type_error("comparison did not return an int"));
        };
        return Ok(Some(sign * c.signum() as i32));
    }
    Ok(None)
}
