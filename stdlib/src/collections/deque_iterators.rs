//! Deque iterators: records of deque record, items left and change counter at the start.

use super::deque::this;
use super::ring::Ring;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, MethodDef, NO_NEW, TypeDef};
use interpreter::objects::list::itself;
use interpreter::types::slots::SlotTable;
use interpreter::types::type_of;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

static HINT: &[MethodDef] =
    &[MethodDef::new("__length_hint__", length_hint, 0, 0, 0, "Items still to come.")];

/// `deque_iterator`.
pub static ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(next), ..SlotTable::EMPTY },
    methods: HINT,
    ..TypeDef::new("deque_iterator", kind::RECORD)
};

/// `deque_reverse_iterator`.
pub static REVERSE_ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(next), ..SlotTable::EMPTY },
    methods: HINT,
    ..TypeDef::new("deque_reverse_iterator", kind::RECORD)
};

fn make(th: &mut Thread, def: &TypeDef, v: Value) -> PyResult {
    let d = this(th, v)?;
    let (n, changes) = (d.len(th)?, d.changes(th)?);
    let slots = [Some(d.0.value()), Value::from_small_int(n as i64), Value::from_small_int(changes as i64)];
    Ok(th.new_record(def, &slots))
}

pub(super) fn iter(th: &mut Thread, v: Value) -> PyResult {
    make(th, &ITERATOR, v)
}

pub(super) fn reversed(th: &mut Thread, args: Args<'_>) -> PyResult {
    make(th, &REVERSE_ITERATOR, args.pos[0])
}

fn number(r: &PyRecord, i: usize) -> usize {
    r.at(i).get().and_then(Value::as_small_int).unwrap_or(0) as usize
}

fn next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.write(th)?;
    let Some(d) = rec.at(0).get().and_then(Value::cast::<PyRecord>).map(Ring) else { return Ok(None) };
    if d.changes(th)? != number(rec, 2) {
        rec.at(1).set(Value::from_small_int(0));
        return Err(th.runtime_error("deque mutated during iteration"));
    }
    let left = number(rec, 1);
    if left == 0 {
        return Ok(None);
    }
    rec.at(1).set(Value::from_small_int(left as i64 - 1));
    if type_of(it).value() == REVERSE_ITERATOR.class() {
        return d.get(th, left - 1);
    }
    d.get(th, d.len(th)?.saturating_sub(left))
}

fn length_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = match args.pos[0].cast::<PyRecord>() {
        Some(r) => number(r.read(th)?, 1),
        None => 0,
    };
    Ok(th.int(n as i64))
}
