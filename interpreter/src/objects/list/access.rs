//! Subscription, slices, concatenation, containment.

use super::positions::{self, Key, Span};
use super::{iterators, storage, this};
use crate::layout::*;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

pub(super) fn iter(th: &mut Thread, v: Value) -> PyResult {
    let l = this(th, v)?;
    Ok(iterators::iterator(th, l))
}

pub(super) fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    let l = this(th, v)?;
    storage::len(th, l)
}

pub(super) fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let l = this(th, v)?;
    match positions::key(th, k, "list")? {
        Key::Index(i) => {
            let s = l.read(th)?.slots();
            match positions::fit_index(i, s.len()).and_then(|i| s[i].get()) {
                Some(x) => Ok(x),
                None => Err(th.index_error("list index out of range")),
            }
        }
        Key::Slice(b) => {
            let s = l.read(th)?.slots();
            let span = b.fit(s.len());
            storage::build(th, span.count, |i| s[span.at(i)].get().unwrap_or(Value::NONE))
        }
    }
}

pub(super) fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let l = this(th, v)?;
    let s = l.read(th)?.slots();
    let (lo, hi) = clip(i, j, s.len());
    storage::build(th, hi - lo, |k| s[lo + k].get().unwrap_or(Value::NONE))
}

/// Bounds of a simple slice.
fn clip(i: i64, j: i64, len: usize) -> (usize, usize) {
    let lo = i.clamp(0, len as i64) as usize;
    (lo, (j.clamp(0, len as i64) as usize).max(lo))
}

pub(super) fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let l = this(th, v)?;
    match positions::key(th, k, "list")? {
        Key::Index(i) => {
            let n = storage::len(th, l)?;
            let Some(i) = positions::fit_index(i, n) else {
                return Err(th.index_error("list assignment index out of range"));
            };
            match x {
                Some(x) => storage::set(th, l, i, x).map(|_| ()),
                None => storage::splice(th, l, i, i + 1, &[]),
            }
        }
        Key::Slice(b) => {
            if b.step == 1 {
                let items = items_of(th, x, "can only assign an iterable")?;
                let span = b.fit(storage::len(th, l)?);
                return storage::splice(
                    th,
                    l,
                    span.start as usize,
                    span.stop.max(span.start) as usize,
                    ops::values(&items),
                );
            }
            if x.is_none() {
                let span = b.fit(storage::len(th, l)?);
                return delete_span(th, l, span);
            }
            let items = items_of(th, x, "must assign iterable to extended slice")?;
            let span = b.fit(storage::len(th, l)?);
            if items.len() != span.count {
                let (n, m) = (items.len(), span.count);
                return Err(th.value_error(format!(
                    "attempt to assign sequence of size {n} to extended slice of size {m}"
                )));
            }
            for (i, v) in ops::values(&items).iter().enumerate() {
                storage::set(th, l, span.at(i), *v)?;
            }
            Ok(())
        }
    }
}

/// What is assigned to a slice; nothing for a deletion.
fn items_of(th: &mut Thread, x: Slot, message: &'static str) -> PyResult<gc_stm::RootVec> {
    match x {
        None => Ok(th.m.root_vec()),
        Some(x) => sequence_fast(th, x, message),
    }
}

/// The items of an iterable; a value that cannot be iterated is a TypeError with this message.
pub fn sequence_fast(th: &mut Thread, x: Value, message: &'static str) -> PyResult<gc_stm::RootVec> {
    if x.cast::<PyList>().is_some() || x.cast::<PyTuple>().is_some() {
        return ops::collect(th, x);
    }
    let it = match ops::iter(th, x) {
        Ok(it) => it,
        Err(e) => {
            e.catch_if(th, crate::objects::exceptions::TYPE_ERROR.class())?;
            return Err(th.type_error(message));
        }
    };
    super::construct::check_hint(th, x)?;
    let out = th.m.root_vec();
    while let Some(v) = ops::next(th, it)? {
        out.push(v.bits());
    }
    Ok(out)
}

/// Removes the items of an extended slice.
fn delete_span(th: &Thread, l: Ref<PyList>, span: Span) -> PyResult<()> {
    if span.count == 0 {
        return Ok(());
    }
    let items = storage::snapshot(th, l)?;
    let (first, last) = (span.at(0).min(span.at(span.count - 1)), span.at(0).max(span.at(span.count - 1)));
    let step = span.step.unsigned_abs() as usize;
    items.with(|w| {
        let mut i = 0;
        w.retain(|_| {
            let gone = i >= first && i <= last && (i - first) % step == 0;
            i += 1;
            !gone
        });
    });
    storage::replace(th, l, ops::values(&items))
}

pub(super) fn setslice(th: &mut Thread, v: Value, i: i64, j: i64, x: Slot) -> PyResult<()> {
    let l = this(th, v)?;
    let items = items_of(th, x, "can only assign an iterable")?;
    let (lo, hi) = clip(i, j, storage::len(th, l)?);
    storage::splice(th, l, lo, hi, ops::values(&items))
}

pub(super) fn concat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let l = this(th, a)?;
    let Some(m) = b.payload::<PyList>() else {
        let n = ops::type_name(b);
        return Err(th.type_error(format!("can only concatenate list (not \"{n}\") to list")));
    };
    let (x, y) = (l.read(th)?.slots(), m.read(th)?.slots());
    let k = x.len();
    storage::build(th, k + y.len(), |i| {
        (if i < k { x[i].get() } else { y[i - k].get() }).unwrap_or(Value::NONE)
    })
}

pub(super) fn iconcat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let l = this(th, a)?;
    super::construct::extend(th, l, b)?;
    Ok(a)
}

pub(super) fn repeat(th: &mut Thread, a: Value, n: Value) -> PyResult {
    let n = positions::repeat_count(th, n)?;
    let l = this(th, a)?;
    let items = storage::snapshot(th, l)?;
    storage::repeated(th, ops::values(&items), n)
}

pub(super) fn irepeat(th: &mut Thread, a: Value, n: Value) -> PyResult {
    let n = positions::repeat_count(th, n)?;
    let l = this(th, a)?;
    if n == 1 {
        return Ok(a);
    }
    let items = storage::snapshot(th, l)?;
    let r = storage::repeated(th, ops::values(&items), n)?;
    if let Some(r) = r.cast::<PyList>() {
        let to = l.write(th)?;
        to.items.set(r.unguarded().items.get());
        to.len.set(r.unguarded().len.get());
    }
    Ok(a)
}

pub(super) fn contains(th: &mut Thread, v: Value, x: Value) -> PyResult<bool> {
    let l = this(th, v)?;
    Ok(find(th, l, x, 0, i64::MAX)?.is_some())
}

/// Position of the first item equal to `x` in a range; the list may change meanwhile.
pub(super) fn find(
    th: &mut Thread,
    l: Ref<PyList>,
    x: Value,
    start: i64,
    stop: i64,
) -> PyResult<Option<usize>> {
    let mut i = start.max(0) as usize;
    // What needs no Python is compared without a call; the rest item by item.
    loop {
        let s = l.read(th)?.slots();
        let end = stop.clamp(0, s.len() as i64) as usize;
        let simple = x.is_tagged_int();
        let mut item = None;
        while i < end {
            let Some(v) = s[i].get() else { break };
            if v == x {
                return Ok(Some(i));
            }
            if !(simple && v.is_tagged_int()) {
                item = Some(v);
                break;
            }
            i += 1;
        }
        let Some(v) = item else { return Ok(None) };
        if ops::equal(th, v, x)? {
            return Ok(Some(i));
        }
        i += 1;
    }
}
