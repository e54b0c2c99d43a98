//! Iteration over a bytearray.

use crate::kinds::kind;
use crate::layout::PyRecord;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `bytearray_iterator`: the bytearray (none once exhausted) and the next place.
pub static BYTEARRAY_ITER: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(myself), next: Some(next), ..SlotTable::EMPTY },
    methods: &[MethodDef::new(
        "__length_hint__",
        hint,
        0,
        0,
        0,
        "How many bytes are left, as far as is known.",
    )],
    ..TypeDef::new("bytearray_iterator", kind::RECORD)
};

pub(super) fn iter(th: &mut Thread, v: Value) -> PyResult {
    Ok(th.new_record(&BYTEARRAY_ITER, &[Some(v), Value::from_small_int(0)]))
}

fn myself(_: &mut Thread, v: Value) -> PyResult {
    Ok(v)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let Some(r) = v.cast::<PyRecord>() else { return Ok(None) };
    let s = r.write(th)?;
    let (Some(a), Some(i)) = (s.at(0).get(), s.at(1).get().and_then(Value::as_small_int)) else {
        return Ok(None);
    };
    match super::view(th, a)?.get(i as usize) {
        Some(b) => {
            let r = r.unguarded();
            r.at(1).set(Value::from_small_int(i + 1));
            Ok(Value::from_small_int(*b as i64))
        }
        None => {
            r.unguarded().at(0).set(None);
            Ok(None)
        }
    }
}

fn hint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(r) = args.pos[0].cast::<PyRecord>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let s = r.read(th)?;
    let (a, i) = (s.at(0).get(), s.at(1).get().and_then(Value::as_small_int).unwrap_or(0));
    let n = match a {
        Some(a) => super::view(th, a)?.len() as i64 - i,
        None => 0,
    };
    Ok(th.int(n.max(0)))
}
