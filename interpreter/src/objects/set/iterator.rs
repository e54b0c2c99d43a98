//! `setiterator`: a record of set, position, length at the start (-1 once that was found changed) and items left.

use super::core::{len, next_key};
use super::this;
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::objects::list::itself;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `setiterator`.
pub static ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(iter_next), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__length_hint__", length_hint, 0, 0, 0, "Items still to come.")],
    ..TypeDef::new("setiterator", kind::RECORD)
};

pub(super) fn iter(th: &mut Thread, v: Value) -> PyResult {
    let s = this(th, v)?;
    let n = Value::int_unchecked(len(th, s)? as i64);
    Ok(th.new_record(&ITERATOR, &[Some(s.value()), Some(Value::int_unchecked(0)), Some(n), Some(n)]))
}

fn small(s: Slot) -> i64 {
    s.map_or(0, Value::small_int_unchecked)
}

/// The next item.
pub fn iter_next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.write(th)?;
    let Some(s) = rec.at(0).get().and_then(Value::cast::<PySet>) else { return Ok(None) };
    if len(th, s)? as i64 != small(rec.at(2).get()) {
        rec.at(2).set(Some(Value::int_unchecked(-1)));
        return Err(th.runtime_error("Set changed size during iteration"));
    }
    let mut pos = small(rec.at(1).get()) as usize;
    match next_key(th, s, &mut pos)? {
        Some((k, _)) => {
            rec.at(1).set(Some(Value::int_unchecked(pos as i64)));
            rec.at(3).set(Some(Value::int_unchecked(small(rec.at(3).get()) - 1)));
            Ok(Some(k))
        }
        None => {
            rec.at(0).set(None);
            Ok(None)
        }
    }
}

fn length_hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(r) = args.pos[0].cast::<PyRecord>() else { return Ok(th.int(0)) };
    let rec = r.read(th)?;
    let n = match rec.at(0).get().and_then(Value::cast::<PySet>) {
        Some(s) if len(th, s)? as i64 == small(rec.at(2).get()) => small(rec.at(3).get()),
        _ => 0,
    };
    Ok(th.int(n))
}
