//! The built-in types `iterator` (over what can be indexed) and `callable-iterator`.

use crate::kinds::kind;
use crate::layout::PyRecord;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::objects::enumerate::item;
use crate::objects::list::itself;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `iterator`: a record of sequence and next index; no sequence once exhausted.
pub static SEQITER: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(next), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__length_hint__", length_hint, 0, 0, 0, "Items still to come.")],
    ..TypeDef::new("iterator", kind::RECORD)
};

/// `callable-iterator`: a record of callable and sentinel; no callable once exhausted.
pub static CALLITER: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(call_next), ..SlotTable::EMPTY },
    ..TypeDef::new("callable-iterator", kind::RECORD)
};

/// An iterator that indexes a sequence until IndexError.
pub fn new(th: &Thread, seq: Value) -> Value {
    th.new_record(&SEQITER, &[Some(seq), Value::from_small_int(0)])
}

/// An iterator that calls `f` until it returns the sentinel: `iter(f, sentinel)`.
pub fn new_callable(th: &Thread, f: Value, sentinel: Value) -> Value {
    th.new_record(&CALLITER, &[Some(f), Some(sentinel)])
}

fn next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.read(th)?;
    let (Some(seq), Some(i)) = (rec.at(0).get(), rec.at(1).get().and_then(Value::as_small_int)) else {
        return Ok(None);
    };
    let x = item(th, seq, i)?;
    let rec = r.write(th)?;
    match x {
        Some(_) => rec.at(1).set(Some(Value::int_unchecked(i + 1))),
        None => rec.at(0).set(None),
    }
    Ok(x)
}

fn length_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(r) = args.pos[0].cast::<PyRecord>() else { return Ok(th.int(0)) };
    let rec = r.read(th)?;
    let (Some(seq), Some(i)) = (rec.at(0).get(), rec.at(1).get().and_then(Value::as_small_int)) else {
        return Ok(th.int(0));
    };
    let n = ops::len(th, seq)? as i64;
    Ok(th.int((n - i).max(0)))
}

/// Whether the sentinel is None and a value of a native type is not (those compare by identity or with their kind).
#[inline]
fn is_no_none(x: Value, sentinel: Value) -> bool {
    sentinel.is_none() && x.kind() == kind::RECORD.index()
}

fn call_next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.read(th)?;
    let (Some(f), Some(sentinel)) = (rec.at(0).get(), rec.at(1).get()) else { return Ok(None) };
    let called = ops::call(th, f, &[]);
    if let Some(x) = ops::absorb_stop(th, called)?
        && (is_no_none(x, sentinel) || !ops::equal(th, x, sentinel)?)
    {
        return Ok(Some(x));
    }
    let rec = r.write(th)?;
    rec.at(0).set(None);
    rec.at(1).set(None);
    Ok(None)
}
