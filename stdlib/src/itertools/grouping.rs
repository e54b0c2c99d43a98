//! `groupby`: iterator, key function (None: identity), key of the group handed out, key and value read last.
//! `_grouper`: the groupby, the key of its group.

use super::state::{State, make, state};
use interpreter::kinds::kind;
use interpreter::native::{Args, NO_NEW, TypeDef};
use interpreter::objects::list::itself;
use interpreter::ops;
use interpreter::types::slots::SlotTable;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

const ITERATOR: usize = 0;
const KEY_FUNCTION: usize = 1;
const TARGET: usize = 2;
const KEY: usize = 3;
const VALUE: usize = 4;

/// `itertools.groupby`.
pub static GROUPBY: TypeDef = TypeDef {
    module: "itertools",
    doc: Some(
        "groupby(iterable[, key]) -> (key, group) for each run of items with equal keys; a group is an iterator",
    ),
    slots: SlotTable { iter: Some(itself), next: Some(next), new: Some(new), ..SlotTable::EMPTY },
    ..TypeDef::new("groupby", kind::RECORD)
};

/// `itertools._grouper`.
pub static GROUPER: TypeDef = TypeDef {
    module: "itertools",
    flags: NO_NEW,
    slots: SlotTable { iter: Some(itself), next: Some(group_next), ..SlotTable::EMPTY },
    ..TypeDef::new("_grouper", kind::RECORD)
};

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [items, key] = args.bind(th, "groupby", ["iterable", "key"], 1)?;
    let it = ops::iter(th, items.unwrap_or(Value::NONE))?;
    make(th, class, &GROUPBY, &[Some(it), Some(key.unwrap_or(Value::NONE)), None, None, None])
}

/// Reads the next item and its key; false at the end.
fn advance(th: &mut Thread, s: State) -> PyResult<bool> {
    let it = s.value(th, ITERATOR)?;
    let Some(x) = ops::next(th, it)? else { return Ok(false) };
    let f = s.value(th, KEY_FUNCTION)?;
    let key = if f.is_none() { x } else { ops::call(th, f, &[x])? };
    s.set(th, KEY, Some(key))?;
    s.set(th, VALUE, Some(x))?;
    Ok(true)
}

fn next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let s = state(th, v)?;
    // Skip what is left of the group handed out last.
    loop {
        if let Some(key) = s.get(th, KEY)? {
            match s.get(th, TARGET)? {
                None => break,
                Some(target) => {
                    if !ops::equal(th, target, key)? {
                        break;
                    }
                }
            }
        }
        if !advance(th, s)? {
            return Ok(None);
        }
    }
    let key = s.value(th, KEY)?;
    s.set(th, TARGET, Some(key))?;
    let group = th.new_record(&GROUPER, &[Some(s.0.value()), Some(key)]);
    Ok(Some(th.new_tuple(&[key, group])))
}

fn group_next(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let g = state(th, v)?;
    let (parent, target) = (g.value(th, 0)?, g.value(th, 1)?);
    let s = state(th, parent)?;
    if s.get(th, VALUE)?.is_none() && !advance(th, s)? {
        return Ok(None);
    }
    let key = s.value(th, KEY)?;
    if !ops::equal(th, target, key)? {
        return Ok(None);
    }
    let x = s.get(th, VALUE)?;
    s.set(th, VALUE, None)?;
    s.set(th, KEY, None)?;
    Ok(x)
}
