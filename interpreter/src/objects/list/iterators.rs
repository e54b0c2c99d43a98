//! List iterators, forwards and backwards: records of list and position; no list once exhausted.

use super::storage;
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `listiterator`.
pub static ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(iter_next), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__length_hint__", length_hint, 0, 0, 0, "Items still to come.")],
    ..TypeDef::new("listiterator", kind::RECORD)
};

/// `listreverseiterator`.
pub static REVERSE_ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(reverse_next), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__length_hint__", reverse_length_hint, 0, 0, 0, "Items still to come.")],
    ..TypeDef::new("listreverseiterator", kind::RECORD)
};

/// `iter(it)` of iterators.
pub fn itself(_: &mut Thread, v: Value) -> PyResult {
    Ok(v)
}

/// An iterator over a list.
#[inline]
pub fn iterator(th: &Thread, l: Ref<PyList>) -> Value {
    th.new_record(&ITERATOR, &[Some(l.value()), Some(Value::int_unchecked(0))])
}

/// The next item of a `listiterator`.
#[inline]
pub fn iter_next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.write(th)?;
    let (Some(l), Some(i)) = (rec.at(0).get().and_then(Value::cast::<PyList>), rec.at(1).get()) else {
        return Ok(None);
    };
    let i = i.small_int_unchecked() as usize;
    let list = l.read(th)?;
    if i < list.len.get()
        && let Some(s) = list.storage()
    {
        rec.at(1).set(Some(Value::int_unchecked(i as i64 + 1)));
        return Ok(s.slots()[i].get());
    }
    rec.at(0).set(None);
    Ok(None)
}

fn length_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = match state(th, args.pos[0])? {
        Some((l, i)) => storage::len(th, l)?.saturating_sub(i as usize),
        None => 0,
    };
    Ok(th.int(n as i64))
}

fn state(th: &Thread, it: Value) -> PyResult<Option<(Ref<PyList>, i64)>> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.read(th)?;
    Ok(rec.at(0).get().and_then(Value::cast::<PyList>).zip(rec.at(1).get().and_then(Value::as_small_int)))
}

/// `reversed(l)`.
pub fn reversed(th: &mut Thread, args: Args<'_>) -> PyResult {
    let l = super::this(th, args.pos[0])?;
    let n = storage::len(th, l)? as i64;
    Ok(th.new_record(&REVERSE_ITERATOR, &[Some(l.value()), Some(Value::int_unchecked(n - 1))]))
}

fn reverse_next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    let Some((l, i)) = state(th, it)? else { return Ok(None) };
    let item = if i >= 0 { storage::get(th, l, i as usize)? } else { None };
    if let Some(r) = it.cast::<PyRecord>() {
        let rec = r.write(th)?;
        match item {
            Some(_) => rec.at(1).set(Some(Value::int_unchecked(i - 1))),
            None => rec.at(0).set(None),
        }
    }
    Ok(item)
}

fn reverse_length_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = match state(th, args.pos[0])? {
        Some((l, i)) if storage::len(th, l)? as i64 > i => i + 1,
        _ => 0,
    };
    Ok(th.int(n))
}
