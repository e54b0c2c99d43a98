//! Dict iterators: records of dict, position, length at the start (-1 once that was found changed) and items left;
//! no dict once exhausted.

use super::access::{self, Entry};
use super::this;
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::objects::list::itself;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

static HINT: &[MethodDef] =
    &[MethodDef::new("__length_hint__", length_hint, 0, 0, 0, "Items still to come.")];

/// `dictionary-keyiterator`.
pub static KEY_ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(next_key), ..SlotTable::EMPTY },
    methods: HINT,
    ..TypeDef::new("dictionary-keyiterator", kind::RECORD)
};

/// `dictionary-valueiterator`.
pub static VALUE_ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(next_value), ..SlotTable::EMPTY },
    methods: HINT,
    ..TypeDef::new("dictionary-valueiterator", kind::RECORD)
};

/// `dictionary-itemiterator`.
pub static ITEM_ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(next_item), ..SlotTable::EMPTY },
    methods: HINT,
    ..TypeDef::new("dictionary-itemiterator", kind::RECORD)
};

/// An iterator of one of the three types.
pub(super) fn make(th: &Thread, def: &TypeDef, d: Ref<PyDict>) -> PyResult {
    let n = Value::int_unchecked(access::len(th, d)? as i64);
    Ok(th.new_record(def, &[Some(d.value()), Some(Value::int_unchecked(0)), Some(n), Some(n)]))
}

pub(super) fn iter(th: &mut Thread, v: Value) -> PyResult {
    let d = this(th, v)?;
    make(th, &KEY_ITERATOR, d)
}

#[inline(always)]
fn small(s: Slot) -> i64 {
    s.map_or(0, Value::small_int_unchecked)
}

/// Moves on to the next entry.
#[inline(always)]
fn advance(th: &mut Thread, it: Value) -> PyResult<Option<Entry>> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.write(th)?;
    let Some(d) = rec.at(0).get().and_then(Value::cast::<PyDict>) else { return Ok(None) };
    if access::len(th, d)? as i64 != small(rec.at(2).get()) {
        rec.at(2).set(Some(Value::int_unchecked(-1)));
        return Err(th.runtime_error("dictionary changed size during iteration"));
    }
    let mut pos = small(rec.at(1).get()) as usize;
    let e = access::walk(th, d, &mut pos)?;
    match e {
        Some(_) => {
            rec.at(1).set(Some(Value::int_unchecked(pos as i64)));
            rec.at(3).set(Some(Value::int_unchecked(small(rec.at(3).get()) - 1)));
        }
        None => rec.at(0).set(None),
    }
    Ok(e)
}

/// The next key.
pub fn next_key(th: &mut Thread, it: Value) -> PyResult<Slot> {
    Ok(advance(th, it)?.map(|e| e.key))
}

/// The next value.
pub fn next_value(th: &mut Thread, it: Value) -> PyResult<Slot> {
    Ok(advance(th, it)?.map(|e| e.value))
}

/// The next (key, value).
pub fn next_item(th: &mut Thread, it: Value) -> PyResult<Slot> {
    Ok(advance(th, it)?.map(|e| th.new_tuple(&[e.key, e.value])))
}

fn length_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(r) = args.pos[0].cast::<PyRecord>() else { return Ok(th.int(0)) };
    let rec = r.read(th)?;
    let n = match rec.at(0).get().and_then(Value::cast::<PyDict>) {
        Some(d) if access::len(th, d)? as i64 == small(rec.at(2).get()) => small(rec.at(3).get()),
        _ => 0,
    };
    Ok(th.int(n))
}
