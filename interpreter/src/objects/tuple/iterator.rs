//! `tupleiterator`: a record of tuple and position; no tuple once exhausted.

use super::this;
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::objects::list::itself;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `tupleiterator`.
pub static ITERATOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(iter_next), ..SlotTable::EMPTY },
    methods: &[MethodDef::new("__length_hint__", length_hint, 0, 0, 0, "Items still to come.")],
    ..TypeDef::new("tupleiterator", kind::RECORD)
};

pub(super) fn iter(th: &mut Thread, v: Value) -> PyResult {
    let t = this(th, v)?;
    Ok(th.new_record(&ITERATOR, &[Some(t.value()), Some(Value::int_unchecked(0))]))
}

/// The next item of a `tupleiterator`.
#[inline]
pub fn iter_next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    let Some(r) = it.cast::<PyRecord>() else { return Ok(None) };
    let rec = r.write(th)?;
    let (Some(t), Some(i)) = (rec.at(0).get().and_then(Value::cast::<PyTuple>), rec.at(1).get()) else {
        return Ok(None);
    };
    let i = i.small_int_unchecked() as usize;
    match t.get().items().get(i) {
        Some(v) => {
            rec.at(1).set(Some(Value::int_unchecked(i as i64 + 1)));
            Ok(Some(*v))
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
    let n = match (rec.at(0).get().and_then(Value::cast::<PyTuple>), rec.at(1).get()) {
        (Some(t), Some(i)) => t.len as i64 - i.small_int_unchecked(),
        _ => 0,
    };
    Ok(th.int(n))
}
