//! Iteration over an array.

use super::array;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{NO_NEW, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value};

/// `arrayiterator`: the array and the next place.
pub static ARRAY_ITER: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(|_, v| Ok(v)), next: Some(next), ..SlotTable::EMPTY },
    ..TypeDef::new("arrayiterator", kind::RECORD)
};

pub fn iter(th: &mut Thread, v: Value) -> PyResult {
    Ok(th.new_record(&ARRAY_ITER, &[Some(v), Value::from_small_int(0)]))
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let Some(r) = v.cast::<PyRecord>() else { return Ok(None) };
    let s = r.write(th)?;
    let (Some(a), Some(i)) = (s.at(0).get(), s.at(1).get().and_then(Value::as_small_int)) else {
        return Ok(None);
    };
    let x = array(th, a)?.get(th, i as usize)?;
    if x.is_some() {
        r.write(th)?.at(1).set(Value::from_small_int(i + 1));
    }
    Ok(x)
}
