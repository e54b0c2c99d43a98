//! `int(x, base)`.

use super::INT;
use crate::layout::{PyStr, PyUnicode};
use crate::native::Args;
use crate::objects::number;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::wrap_new;
use crate::value::{Slot, Value};

/// `int.__new__`.
pub fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [x, base] = args.bind(th, "int", ["x", "base"], 0)?;
    let n = value(th, x, base)?;
    if class == INT.class() {
        return Ok(n);
    }
    // An instance of a subclass holds a machine word.
    let Some(n) = ops::int_value(n) else {
        return Err(th.overflow_error("Python int too large to convert to C long"));
    };
    let n = th.int(n);
    wrap_new(th, class, &INT, n)
}

fn value(th: &mut Thread, x: Slot, base: Slot) -> PyResult {
    let Some(x) = x else {
        return match base {
            None => Ok(Value::int_unchecked(0)),
            Some(_) => Err(th.type_error("int() missing string argument")),
        };
    };
    let Some(base) = base else { return number::to_int(th, x) };
    let base = ops::integer_arg(th, base)?;
    if let Some(s) = x.payload::<PyStr>() {
        return number::int_from_text(th, s.get().bytes(), base, true);
    }
    if x.payload::<PyUnicode>().is_some() {
        let text = number::decimal_text(th, x)?;
        return number::int_from_text(th, &text, base, true);
    }
    Err(th.type_error("int() can't convert non-string with explicit base"))
}
