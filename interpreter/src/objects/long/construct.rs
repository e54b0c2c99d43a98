//! `long(x, base)`.

use super::{LONG, from_i128};
use crate::layout::{PyLong, PyStr, PyUnicode};
use crate::native::Args;
use crate::objects::number;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::wrap_new;
use crate::value::{Slot, Value};

pub(super) fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [x, base] = args.bind(th, "long", ["x", "base"], 0)?;
    let n = value(th, x, base)?;
    if class == LONG.class() {
        return Ok(n);
    }
    // What the instance carries is a plain long.
    let n = n.payload::<PyLong>().map_or(n, |l| l.value());
    wrap_new(th, class, &LONG, n)
}

fn value(th: &mut Thread, x: Slot, base: Slot) -> PyResult {
    let Some(x) = x else {
        return match base {
            None => from_i128(th, 0),
            Some(_) => Err(th.type_error("long() missing string argument")),
        };
    };
    let Some(base) = base else { return number::to_long(th, x) };
    let base = ops::integer_arg(th, base)?;
    if let Some(s) = x.payload::<PyStr>() {
        return number::long_from_text(th, s.get().bytes(), base, true);
    }
    if x.payload::<PyUnicode>().is_some() {
        let text = number::decimal_text(th, x)?;
        return number::long_from_text(th, &text, base, true);
    }
    Err(th.type_error("long() can't convert non-string with explicit base"))
}
