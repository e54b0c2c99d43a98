//! The built-in types `xrange` and `rangeiterator`.
//!
//! An `xrange` is a record of first number, step and length, never changed. Its iterator is a record of next number,
//! step and numbers left.

use crate::kinds::kind;
use crate::layout::PyRecord;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::objects::list::{fit_index, itself, not_a};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `xrange`.
pub static XRANGE: TypeDef = TypeDef {
    doc: Some(
        "xrange(stop)\nxrange(start, stop[, step])\n\nLike range(), but makes the numbers only when they are asked for.",
    ),
    flags: 0,
    slots: SlotTable {
        repr: Some(repr),
        iter: Some(iter),
        new: Some(new),
        len: Some(len),
        getitem: Some(getitem),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new(
            "__reversed__",
            reversed,
            0,
            0,
            0,
            "An iterator over the numbers from the last to the first.",
        ),
        MethodDef::new("__reduce__", reduce, 0, 0, 0, "How to pickle the xrange."),
    ],
    ..TypeDef::new("xrange", kind::RECORD)
};

/// `rangeiterator`.
pub static XRANGE_ITER: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(iter_next), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__length_hint__", length_hint, 0, 0, 0, "Numbers still to come.")],
    ..TypeDef::new("rangeiterator", kind::RECORD)
};

/// First number, step, length.
fn parts(th: &mut Thread, v: Value) -> PyResult<(i64, i64, i64)> {
    let Some(r) = v.cast::<PyRecord>() else { return Err(not_a(th, "xrange", v)) };
    // Set when the object is made, never changed.
    let part = |i: usize| r.unguarded().at(i).get().and_then(ops::int_value).unwrap_or(0);
    Ok((part(0), part(1), part(2)))
}

/// Numbers in a range; none if more than a machine word counts.
pub fn range_len(start: i64, stop: i64, step: i64) -> Option<i64> {
    let (lo, hi) = if step > 0 { (start, stop) } else { (stop, start) };
    if lo >= hi {
        return Some(0);
    }
    let n = (hi as i128 - 1 - lo as i128) / (step as i128).abs() + 1;
    i64::try_from(n).ok()
}

/// An `xrange`, whose step is not zero.
pub fn make(th: &mut Thread, start: i64, stop: i64, step: i64) -> PyResult {
    let Some(n) = range_len(start, stop, step) else {
        return Err(th.overflow_error("xrange() result has too many items"));
    };
    let parts = [Some(th.int(start)), Some(th.int(step)), Some(th.int(n))];
    Ok(th.new_record(&XRANGE, &parts))
}

fn new(th: &mut Thread, _class: Value, args: Args<'_>) -> PyResult {
    crate::objects::unpack::no_keywords(th, &args, "xrange")?;
    if args.is_empty() || args.len() > 3 {
        return Err(th.type_error("xrange() requires 1-3 int arguments"));
    }
    let first = ops::integer_arg(th, args.pos[0])?;
    let Some(stop) = args.get(1) else { return make(th, 0, first, 1) };
    let stop = ops::integer_arg(th, stop)?;
    let step = match args.get(2) {
        Some(v) => ops::integer_arg(th, v)?,
        None => 1,
    };
    if step == 0 {
        return Err(th.value_error("xrange() arg 3 must not be zero"));
    }
    make(th, first, stop, step)
}

/// The number after the last one, as far as it fits a machine word.
fn stop_of(start: i64, step: i64, n: i64) -> i64 {
    let stop = start as i128 + step as i128 * n as i128;
    stop.clamp(i64::MIN as i128, i64::MAX as i128) as i64
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let (start, step, n) = parts(th, v)?;
    let stop = stop_of(start, step, n);
    let text = if start == 0 && step == 1 {
        format!("xrange({stop})")
    } else if step == 1 {
        format!("xrange({start}, {stop})")
    } else {
        format!("xrange({start}, {stop}, {step})")
    };
    Ok(th.new_str(text.as_bytes()))
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    Ok(parts(th, v)?.2 as usize)
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let (start, step, n) = parts(th, v)?;
    if ops::exact_integer(k).is_none() && ops::slots_of(k).index.is_none() {
        let t = ops::type_name(k);
        return Err(th.type_error(format!("sequence index must be integer, not '{t}'")));
    }
    let i = ops::index_i64(th, k, None)?;
    match fit_index(i, n as usize) {
        Some(i) => Ok(th.int(start.wrapping_add((i as i64).wrapping_mul(step)))),
        None => Err(th.index_error("xrange object index out of range")),
    }
}

fn new_iterator(th: &Thread, start: i64, step: i64, n: i64) -> Value {
    th.new_record(&XRANGE_ITER, &[Some(th.int(start)), Some(th.int(step)), Some(th.int(n))])
}

fn iter(th: &mut Thread, v: Value) -> PyResult {
    let (start, step, n) = parts(th, v)?;
    Ok(new_iterator(th, start, step, n))
}

fn reversed(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (start, step, n) = parts(th, args.pos[0])?;
    let last = start.wrapping_add(step.wrapping_mul(n.wrapping_sub(1)));
    Ok(new_iterator(th, last, step.wrapping_neg(), n))
}

/// The next number.
#[inline]
pub fn iter_next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.write(th)?;
    let (Some(now), Some(step), Some(left)) = (rec.at(0).get(), rec.at(1).get(), rec.at(2).get()) else {
        return Ok(None);
    };
    if left.is_tagged_int() && step.is_tagged_int() && now.is_tagged_int() {
        let n = left.small_int_unchecked();
        if n == 0 {
            return Ok(None);
        }
        // Two 63-bit numbers: no overflow.
        let next = now.small_int_unchecked() + step.small_int_unchecked();
        rec.at(0).set(Some(th.int(next)));
        rec.at(2).set(Some(Value::int_unchecked(n - 1)));
        return Ok(Some(now));
    }
    let n = ops::int_value(left).unwrap_or(0);
    if n == 0 {
        return Ok(None);
    }
    let next = ops::int_value(now).unwrap_or(0).wrapping_add(ops::int_value(step).unwrap_or(0));
    rec.at(0).set(Some(th.int(next)));
    rec.at(2).set(Some(th.int(n - 1)));
    Ok(Some(now))
}

fn length_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(r) = args.pos[0].cast::<PyRecord>() else { return Ok(th.int(0)) };
    Ok(r.read(th)?.at(2).get().unwrap_or(Value::int_unchecked(0)))
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (start, step, n) = parts(th, args.pos[0])?;
    let parts = [th.int(start), th.int(stop_of(start, step, n)), th.int(step)];
    let parts = th.new_tuple(&parts);
    Ok(th.new_tuple(&[XRANGE.class(), parts]))
}
