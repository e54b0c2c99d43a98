//! Arguments of string methods: str, unicode, or anything that exports its bytes.

use crate::layout::{PyStr, PyUnicode, Ref};
use crate::native::{Args, NativeFn};
use crate::objects::unicode;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use smallvec::SmallVec;

/// A text argument. Bytes of a mutable exporter must not be kept across a commit point.
#[derive(Copy, Clone)]
pub enum Text<'a> {
    Bytes(&'a [u8]),
    Unicode(Ref<PyUnicode>),
}

/// The text in an argument.
pub fn text_argument<'a>(th: &mut Thread, v: Value) -> PyResult<Text<'a>> {
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(Text::Bytes(s.get().bytes()));
    }
    if let Some(u) = v.payload::<PyUnicode>() {
        return Ok(Text::Unicode(u));
    }
    crate::buffer::character_buffer(th, v).map(|b| Text::Bytes(b.bytes()))
}

/// As [`text_argument`]; absent and None are none.
pub fn text_or_none<'a>(th: &mut Thread, v: Slot) -> PyResult<Option<Text<'a>>> {
    match v {
        None | Some(Value::NONE) => Ok(None),
        Some(v) => text_argument(th, v).map(Some),
    }
}

/// Calls a method of `unicode` with self decoded.
#[cold]
pub fn promote(th: &mut Thread, args: Args<'_>, f: NativeFn) -> PyResult {
    let me = unicode::from_object(th, args.pos[0])?;
    let mut all: SmallVec<[Value; 8]> = SmallVec::from_slice(args.pos);
    all[0] = me;
    f(th, Args { callee: args.callee, pos: &all, kw: args.kw })
}

/// A `start` or `end` argument, clipped to the machine word.
pub fn slice_bound(th: &mut Thread, v: Slot, default: i64) -> PyResult<i64> {
    match v {
        None | Some(Value::NONE) => Ok(default),
        Some(v) => {
            if let Some(n) = v.as_small_int() {
                return Ok(n);
            }
            if ops::exact_integer(v).is_none() && ops::slots_of(v).index.is_none() {
                return Err(
                    th.type_error("slice indices must be integers or None or have an __index__ method")
                );
            }
            ops::index_clipped(th, v)
        }
    }
}

/// `start` and `end` at positions `i` and `i + 1`.
pub fn slice_range(th: &mut Thread, args: &Args<'_>, i: usize) -> PyResult<(i64, i64)> {
    Ok((slice_bound(th, args.get(i), 0)?, slice_bound(th, args.get(i + 1), i64::MAX)?))
}
