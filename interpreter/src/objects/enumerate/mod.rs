//! The built-in types `enumerate` and `reversed`.

mod reversed;

pub use reversed::{REVERSED, item};

use crate::kinds::kind;
use crate::layout::PyRecord;
use crate::native::{Args, TypeDef};
use crate::objects::list::{itself, not_a};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `enumerate`: a record of iterator and next number.
pub static ENUMERATE: TypeDef = TypeDef {
    doc: Some(
        "enumerate(iterable[, start]) -> iterator over (number, item), the numbers counting from start (0)",
    ),
    slots: SlotTable { iter: Some(itself), next: Some(next), new: Some(new), ..SlotTable::EMPTY },
    ..TypeDef::new("enumerate", kind::RECORD)
};

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [seq, start] = args.bind(th, "enumerate", ["sequence", "start"], 1)?;
    let start = match start {
        Some(v) => {
            let i = ops::index(th, v)?;
            i.base_object()
        }
        None => Value::int_unchecked(0),
    };
    let it = ops::iter(th, seq.unwrap_or(Value::NONE))?;
    let base = th.new_record(&ENUMERATE, &[Some(it), Some(start)]);
    crate::types::wrap_new(th, class, &ENUMERATE, base)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let Some(r) = v.payload::<PyRecord>() else { return Err(not_a(th, "enumerate", v)) };
    let Some(it) = r.read(th)?.at(0).get() else { return Ok(None) };
    let Some(item) = ops::next(th, it)? else { return Ok(None) };
    let number = r.read(th)?.at(1).get().unwrap_or(Value::int_unchecked(0));
    let following = successor(th, number)?;
    r.write(th)?.at(1).set(Some(following));
    Ok(Some(th.new_tuple(&[number, item])))
}

/// `n + 1` for an int or long.
pub fn successor(th: &mut Thread, n: Value) -> PyResult {
    if let Some(i) = ops::int_value(n)
        && let Some(j) = i.checked_add(1)
    {
        return Ok(th.int(j));
    }
    ops::binary(th, n, Value::int_unchecked(1), &ops::ADD)
}
