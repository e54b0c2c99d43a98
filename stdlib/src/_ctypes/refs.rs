//! What C data must keep alive: Python objects that memory refers to.
//!
//! They hang at the outermost object, in a dict whose keys name the place: the index within each object on the way, in
//! hexadecimal, the innermost first. Simple types have no dict but the one object itself.

use super::memory::{self, BASE, Data, INDEX, OBJECTS};
use interpreter::layout::PyDict;
use interpreter::{PyResult, Thread, Value, objects::dict, ops};

/// The outermost object, with its collection in place if it is to have one.
fn container(th: &mut Thread, v: Value) -> PyResult<Data> {
    let mut d = memory::data(th, v)?;
    while let Some(base) = d.slot(th, BASE)? {
        d = memory::data(th, base)?;
    }
    if d.slot(th, OBJECTS)?.is_none() {
        let objects = if d.length > 0 { th.new_dict() } else { Value::NONE };
        d.set_slot(th, OBJECTS, Some(objects))?;
    }
    Ok(d)
}

/// What an object keeps alive, as a thing to be kept itself.
pub(super) fn kept(th: &mut Thread, v: Value) -> PyResult {
    let c = container(th, v)?;
    Ok(c.slot(th, OBJECTS)?.unwrap_or(Value::NONE))
}

/// Keeps `keep` alive as long as the memory of `target`'s part `index`. None: nothing to be kept.
pub(super) fn keep(th: &mut Thread, target: Value, index: usize, keep: Value) -> PyResult<()> {
    if keep.is_none() {
        return Ok(());
    }
    let c = container(th, target)?;
    match c.slot(th, OBJECTS)?.and_then(|o| o.cast::<PyDict>()) {
        Some(d) => {
            let key = key(th, target, index)?;
            dict::set(th, d, key, keep)
        }
        None => c.set_slot(th, OBJECTS, Some(keep)),
    }
}

fn key(th: &mut Thread, target: Value, index: usize) -> PyResult {
    // As an int is written in C: what is no index is -1.
    let mut text = format!("{:x}", index as u32);
    let mut d = memory::data(th, target)?;
    while let Some(base) = d.slot(th, BASE)? {
        let i = d.slot(th, INDEX)?.and_then(ops::int_value).unwrap_or(0);
        text.push_str(&format!(":{:x}", i as u32));
        d = memory::data(th, base)?;
    }
    th.try_str(text.as_bytes())
}
