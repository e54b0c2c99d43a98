//! Iteration from native code.

use super::{slots_of, type_name};
use crate::layout::{PyList, PyTuple};
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use gc_stm::RootVec;

/// `iter(v)`.
pub fn iter(th: &mut Thread, v: Value) -> PyResult {
    if let Some(f) = slots_of(v).iter {
        let r = f(th, v)?;
        if slots_of(r).next.is_none() {
            let n = type_name(r);
            return Err(th.type_error(format!("iter() returned non-iterator of type '{n}'")));
        }
        return Ok(r);
    }
    if is_sequence(v) {
        return Ok(o::seqiter::new(th, v));
    }
    let n = type_name(v);
    Err(th.type_error(format!("'{n}' object is not iterable")))
}

/// True for what can be indexed by keys: sequences that can be sliced do not count.
pub fn is_mapping(th: &mut Thread, v: Value) -> PyResult<bool> {
    if o::instance::is_old_style(v) {
        let n = crate::names::__getitem__.get(th);
        return Ok(super::getattr_opt(th, v, n)?.is_some());
    }
    let s = slots_of(v);
    Ok(s.getitem.is_some() && s.getslice.is_none())
}

/// True for values that can be indexed like a sequence.
pub fn is_sequence(v: Value) -> bool {
    slots_of(v).getitem.is_some() && !o::dict::is_dict(v)
}

/// The next item, or none at the end (StopIteration is absorbed).
#[inline]
pub fn next(th: &mut Thread, it: Value) -> PyResult<Slot> {
    match slots_of(it).next {
        Some(f) => {
            // Iterators over iterators over ...
            th.check_native_stack()?;
            match f(th, it) {
                Ok(v) => Ok(v),
                // A function that an iterator calls may end it so.
                e => absorb_stop(th, e).map(Option::flatten),
            }
        }
        None => {
            let n = type_name(it);
            Err(th.type_error(format!("'{n}' object is not an iterator")))
        }
    }
}

/// Turns a StopIteration in flight into "no more".
pub fn absorb_stop<T>(th: &mut Thread, r: PyResult<T>) -> PyResult<Option<T>> {
    match r {
        Ok(v) => Ok(Some(v)),
        Err(e) => {
            e.catch_if(th, o::exceptions::STOP_ITERATION.class())?;
            Ok(None)
        }
    }
}

/// All items of an iterable, kept as roots.
pub fn collect(th: &mut Thread, v: Value) -> PyResult<RootVec> {
    let out = th.m.root_vec();
    extend(th, &out, v)?;
    Ok(out)
}

/// Appends all items of an iterable.
pub fn extend(th: &mut Thread, out: &RootVec, v: Value) -> PyResult<()> {
    // Exact lists and tuples need no iterator.
    if let Some(t) = v.cast::<PyTuple>() {
        t.get().items().iter().for_each(|i| out.push(i.bits()));
        return Ok(());
    }
    if let Some(l) = v.cast::<PyList>() {
        let l = l.read(th)?;
        l.slots().iter().for_each(|s| out.push(s.get().map_or(0, Value::bits)));
        return Ok(());
    }
    let it = iter(th, v)?;
    while let Some(x) = next(th, it)? {
        out.push(x.bits());
        if out.len() & 0xffff == 0 {
            // The vector doubles.
            th.check_room(out.len() * 16)?;
        }
    }
    Ok(())
}

/// The words of a root vector as values.
pub fn values(v: &RootVec) -> &[Value] {
    // SAFETY: Value is a transparent non-zero word, and only values are pushed.
    unsafe { std::slice::from_raw_parts(v.as_slice().as_ptr() as *const Value, v.len()) }
}
