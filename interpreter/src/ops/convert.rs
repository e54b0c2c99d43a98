//! Truth, length, index and integer conversions.

use super::{slots_of, type_name};
use crate::layout::*;
use crate::objects as o;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use num_bigint::BigInt;

/// Truth value.
#[inline]
pub fn is_true(th: &mut Thread, v: Value) -> PyResult<bool> {
    match v {
        Value::TRUE => return Ok(true),
        Value::FALSE | Value::NONE => return Ok(false),
        _ => {}
    }
    if let Some(n) = v.as_small_int() {
        return Ok(n != 0);
    }
    let s = slots_of(v);
    if let Some(f) = s.nonzero {
        return f(th, v);
    }
    if let Some(f) = s.len {
        return Ok(f(th, v)? != 0);
    }
    Ok(true)
}

/// `len(v)`.
pub fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    match slots_of(v).len {
        Some(f) => f(th, v),
        None => {
            let n = type_name(v);
            Err(th.type_error(format!("object of type '{n}' has no len()")))
        }
    }
}

/// A hint of the length (`__len__` or `__length_hint__`), or `default`.
pub fn length_hint(th: &mut Thread, v: Value, default: usize) -> PyResult<usize> {
    if let Some(f) = slots_of(v).len {
        match f(th, v) {
            Ok(n) => return Ok(n),
            Err(e) => {
                // TypeError and AttributeError mean: no length.
                let c = e.catch(th)?;
                let ok = o::exceptions::class_matches(th, c.class, o::exceptions::TYPE_ERROR.class())
                    || o::exceptions::class_matches(th, c.class, o::exceptions::ATTRIBUTE_ERROR.class());
                if !ok {
                    return Err(th.reraise(c));
                }
            }
        }
    }
    let name = crate::names::__length_hint__.get(th);
    let Some(m) = super::lookup_special(th, v, name)? else { return Ok(default) };
    match super::call(th, m, &[]) {
        Ok(r) => match r.as_small_int() {
            Some(n) if n >= 0 => Ok(n as usize),
            _ => Ok(default),
        },
        Err(e) => {
            let c = e.catch(th)?;
            let ok = o::exceptions::class_matches(th, c.class, o::exceptions::TYPE_ERROR.class())
                || o::exceptions::class_matches(th, c.class, o::exceptions::ATTRIBUTE_ERROR.class());
            if ok { Ok(default) } else { Err(th.reraise(c)) }
        }
    }
}

/// The integer in an int, bool or long object (or subclass), without conversion.
pub fn exact_integer(v: Value) -> Option<BigInt> {
    if let Some(n) = int_value(v) {
        return Some(BigInt::from(n));
    }
    v.payload::<PyLong>().map(|l| l.to_bigint())
}

/// The number in an int or bool (or subclass).
#[inline]
pub fn int_value(v: Value) -> Option<i64> {
    if let Some(n) = v.as_small_int() {
        return Some(n);
    }
    match v {
        Value::TRUE => return Some(1),
        Value::FALSE => return Some(0),
        _ => {}
    }
    let b = v.base_object();
    if let Some(n) = b.as_small_int() {
        return Some(n);
    }
    b.cast::<PyInt>().map(|i| i.value)
}

/// `operator.index(v)`: an int or long object.
pub fn index(th: &mut Thread, v: Value) -> PyResult {
    if int_value(v).is_some() || v.payload::<PyLong>().is_some() {
        return Ok(v);
    }
    if let Some(f) = slots_of(v).index {
        let r = f(th, v)?;
        if int_value(r).is_some() || r.payload::<PyLong>().is_some() {
            return Ok(r);
        }
        let n = type_name(r);
        return Err(th.type_error(format!("__index__ returned non-(int,long) (type {n})")));
    }
    let n = type_name(v);
    Err(th.type_error(format!("'{n}' object cannot be interpreted as an index")))
}

/// The number in a long that fits a machine word.
fn small_long(v: Value) -> Option<i64> {
    v.payload::<PyLong>().and_then(|l| i64::try_from(&l.to_bigint()).ok())
}

/// An index as a machine word; beyond it, IndexError (`err` none) or the given exception class's error.
pub fn index_i64(
    th: &mut Thread,
    v: Value,
    overflow: Option<&'static crate::native::TypeDef>,
) -> PyResult<i64> {
    let i = index(th, v)?;
    if let Some(n) = int_value(i).or_else(|| small_long(i)) {
        return Ok(n);
    }
    match overflow {
        Some(def) => {
            let n = type_name(v);
            Err(th.raise_def(def, format!("cannot fit '{n}' into an index-sized integer")))
        }
        None => {
            let n = type_name(v);
            Err(th.index_error(format!("cannot fit '{n}' into an index-sized integer")))
        }
    }
}

/// An index clipped to the machine word (slices).
pub fn index_clipped(th: &mut Thread, v: Value) -> PyResult<i64> {
    let i = index(th, v)?;
    if let Some(n) = int_value(i).or_else(|| small_long(i)) {
        return Ok(n);
    }
    match i.payload::<PyLong>() {
        Some(l) if l.sign < 0 => Ok(i64::MIN),
        _ => Ok(i64::MAX),
    }
}

/// An integer argument of a native (`PyArg_Parse` "l"/"n"): int, long or `__int__`, no float.
pub fn integer_arg(th: &mut Thread, v: Value) -> PyResult<i64> {
    if let Some(n) = int_value(v) {
        return Ok(n);
    }
    if let Some(l) = v.payload::<PyLong>() {
        return i64::try_from(&l.to_bigint())
            .map_err(|_| th.overflow_error("Python int too large to convert to C long"));
    }
    if o::float::float_value(v).is_some() {
        return Err(th.type_error("integer argument expected, got float"));
    }
    if let Some(f) = slots_of(v).int {
        let r = f(th, v)?;
        if let Some(n) = int_value(r) {
            return Ok(n);
        }
        if let Some(l) = r.payload::<PyLong>() {
            return i64::try_from(&l.to_bigint())
                .map_err(|_| th.overflow_error("Python int too large to convert to C long"));
        }
        return Err(th.type_error("__int__ method should return an integer"));
    }
    Err(th.type_error("an integer is required"))
}

/// As [`integer_arg`], for a C int.
pub fn int32_arg(th: &mut Thread, v: Value) -> PyResult<i32> {
    let n = integer_arg(th, v)?;
    i32::try_from(n).map_err(|_| {
        if n > 0 {
            th.overflow_error("signed integer is greater than maximum")
        } else {
            th.overflow_error("signed integer is less than minimum")
        }
    })
}

/// A float argument of a native: float, int, long or `__float__`.
pub fn float_arg(th: &mut Thread, v: Value) -> PyResult<f64> {
    if let Some(x) = o::float::float_value(v) {
        return Ok(x);
    }
    if let Some(n) = int_value(v) {
        return Ok(n as f64);
    }
    if let Some(f) = slots_of(v).float {
        let r = f(th, v)?;
        if let Some(x) = o::float::float_value(r) {
            return Ok(x);
        }
        return Err(th.type_error("nb_float should return float object"));
    }
    Err(th.type_error("a float is required"))
}

impl Thread {
    /// A count given by Python that must fit memory.
    pub fn checked_size(&mut self, n: Option<usize>) -> Result<usize, Raised> {
        match n {
            Some(n) if n <= isize::MAX as usize / 8 => Ok(n),
            _ => Err(self.memory_error()),
        }
    }
}
