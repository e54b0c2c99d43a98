//! `islice`: iterator (none at the end), number of the next item to give, stop (-1: none), step, items consumed.

use super::filtering::iterator_type;
use super::state::{check_args, make, state};
use interpreter::kinds::kind;
use interpreter::layout::PyLong;
use interpreter::native::{Args, TypeDef};
use interpreter::objects::list::itself;
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

iterator_type!(
    /// `itertools.islice`.
    ISLICE, "islice", new, next, "islice(iterable, [start,] stop[, step]) -> the items that the slice selects");

/// An integer; -1 for None and for what is none.
fn number(th: &mut Thread, v: Value) -> PyResult<i64> {
    if let Some(n) = ops::int_value(v) {
        return Ok(n);
    }
    if let Some(l) = v.payload::<PyLong>() {
        return Ok(i64::try_from(&l.to_bigint()).unwrap_or(-1));
    }
    let Some(f) = ops::slots_of(v).int else { return Ok(-1) };
    match f(th, v) {
        Ok(r) => Ok(ops::int_value(r).unwrap_or(-1)),
        Err(e) => e.catch(th).map(|_| -1),
    }
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    check_args(th, class, &ISLICE, &args, 2, 4)?;
    let (start, stop) = if args.len() == 2 { (None, args.pos[1]) } else { (args.get(1), args.pos[2]) };
    let start = match start.filter(|v| !v.is_none()) {
        Some(v) => number(th, v)?,
        None => 0,
    };
    let mut end = -1;
    if !stop.is_none() {
        end = number(th, stop)?;
        if end == -1 || (args.len() == 2 && end < 0) {
            return Err(
                th.value_error("Stop argument for islice() must be None or an integer: 0 <= x <= maxint.")
            );
        }
    }
    if start < 0 || end < -1 {
        return Err(th.value_error("Indices for islice() must be None or an integer: 0 <= x <= maxint."));
    }
    let step = match args.get(3).filter(|v| !v.is_none()) {
        Some(v) => number(th, v)?,
        None => 1,
    };
    if step < 1 {
        return Err(th.value_error("Step for islice() must be a positive integer or None."));
    }
    let it = ops::iter(th, args.pos[0])?;
    let slots =
        [Some(it), Some(th.int(start)), Some(th.int(end)), Some(th.int(step)), Some(Value::int_unchecked(0))];
    make(th, class, &ISLICE, &slots)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    let Some(it) = s.get(th, 0)? else { return Ok(None) };
    let stop = s.number(th, 2)?;
    loop {
        let (next, count) = (s.number(th, 1)?, s.number(th, 4)?);
        if count >= next && stop != -1 && count >= stop {
            break;
        }
        let Some(x) = ops::next(th, it)? else { break };
        s.set_number(th, 4, count.saturating_add(1))?;
        if count >= next {
            let mut following = next.saturating_add(s.number(th, 3)?);
            if stop != -1 && following > stop {
                following = stop;
            }
            s.set_number(th, 1, following)?;
            return Ok(Some(x));
        }
    }
    // The source is let go as soon as nothing more is wanted of it.
    s.set(th, 0, None)?;
    Ok(None)
}
