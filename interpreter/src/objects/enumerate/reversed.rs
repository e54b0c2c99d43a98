//! `reversed`: a record of sequence and next position; no sequence once exhausted.

use crate::kinds::kind;
use crate::layout::PyRecord;
use crate::native::{Args, MethodDef, TypeDef};
use crate::objects::exceptions::{INDEX_ERROR, STOP_ITERATION};
use crate::objects::list::{itself, not_a};
use crate::objects::unpack::{expect_args, no_keywords};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `reversed`.
pub static REVERSED: TypeDef = TypeDef {
    doc: Some("reversed(sequence) -> iterator over the items from the last to the first"),
    slots: SlotTable { iter: Some(itself), next: Some(next), new: Some(new), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__length_hint__", length_hint, 0, 0, 0, "Items still to come.")],
    ..TypeDef::new("reversed", kind::RECORD)
};

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if class == REVERSED.class() {
        no_keywords(th, &args, "reversed")?;
    }
    expect_args(th, &args, 0, "reversed", 1, 1)?;
    let seq = args.pos[0];
    if let Some(r) = ops::call_special(th, seq, &crate::names::__reversed__, &[])? {
        return Ok(r);
    }
    if !ops::is_sequence(seq) {
        return Err(th.type_error("argument to reversed() must be a sequence"));
    }
    let n = ops::len(th, seq)? as i64;
    let base = th.new_record(&REVERSED, &[Some(seq), Some(Value::int_unchecked(n - 1))]);
    crate::types::wrap_new(th, class, &REVERSED, base)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let Some(r) = v.payload::<PyRecord>() else { return Err(not_a(th, "reversed", v)) };
    let rec = r.read(th)?;
    let (Some(seq), Some(i)) = (rec.at(0).get(), rec.at(1).get().and_then(Value::as_small_int)) else {
        return Ok(None);
    };
    if i >= 0
        && let Some(x) = item(th, seq, i)?
    {
        r.write(th)?.at(1).set(Some(Value::int_unchecked(i - 1)));
        return Ok(Some(x));
    }
    let rec = r.write(th)?;
    rec.at(0).set(None);
    rec.at(1).set(Some(Value::int_unchecked(-1)));
    Ok(None)
}

/// Item `i` of a sequence; none if that raises IndexError or StopIteration.
pub fn item(th: &mut Thread, seq: Value, i: i64) -> PyResult<Slot> {
    let k = th.int(i);
    match ops::getitem(th, seq, k) {
        Ok(x) => Ok(Some(x)),
        Err(e) => {
            let class = if th.exception_matches(INDEX_ERROR.class()) {
                INDEX_ERROR.class()
            } else {
                STOP_ITERATION.class()
            };
            e.catch_if(th, class)?;
            Ok(None)
        }
    }
}

fn length_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(r) = args.pos[0].payload::<PyRecord>() else { return Ok(th.int(0)) };
    let rec = r.read(th)?;
    let (Some(seq), Some(i)) = (rec.at(0).get(), rec.at(1).get().and_then(Value::as_small_int)) else {
        return Ok(th.int(0));
    };
    let n = ops::len(th, seq)? as i64;
    Ok(th.int(if n < i + 1 { 0 } else { i + 1 }))
}
