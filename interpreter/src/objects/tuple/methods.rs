//! Slots and methods of `tuple`.

use super::{TUPLE, this};
use crate::layout::*;
use crate::native::Args;
use crate::objects::list::{self, Key, guarded_repr, push_repr};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::value::Value;
use smallvec::SmallVec;

pub(super) fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [items] = args.bind(th, "tuple", ["sequence"], 0)?;
    let base = match items {
        None => th.new_tuple(&[]),
        Some(x) => from_iterable(th, x)?,
    };
    crate::types::wrap_new(th, class, &TUPLE, base)
}

/// `tuple(x)`.
pub fn from_iterable(th: &mut Thread, x: Value) -> PyResult {
    if x.cast::<PyTuple>().is_some() {
        return Ok(x);
    }
    if x.cast::<PyList>().is_none() {
        let it = ops::iter(th, x)?;
        list::check_hint(th, x)?;
        let items = th.m.root_vec();
        while let Some(v) = ops::next(th, it)? {
            items.push(v.bits());
        }
        return th.try_tuple(ops::values(&items));
    }
    let items = ops::collect(th, x)?;
    th.try_tuple(ops::values(&items))
}

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    let t = this(th, v)?;
    guarded_repr(th, v, "(...)", |th| {
        let mut out = vec![b'('];
        for (i, x) in t.get().items().iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(b", ");
            }
            push_repr(th, &mut out, *x)?;
        }
        if t.len == 1 {
            out.push(b',');
        }
        out.push(b')');
        th.try_str(&out)
    })
}

pub(super) fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let t = this(th, v)?;
    th.check_native_stack()?;
    let mut hashes: SmallVec<[i64; 8]> = SmallVec::with_capacity(t.len);
    for x in t.get().items() {
        hashes.push(ops::hash(th, *x)?);
    }
    Ok(numtext::hash::hash_tuple(hashes.into_iter()))
}

pub(super) fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (Some(x), Some(y)) = (a.payload::<PyTuple>(), b.payload::<PyTuple>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    for (v, w) in x.get().items().iter().zip(y.get().items()) {
        if !ops::equal(th, *v, *w)? {
            return match op {
                CmpOp::Eq => Ok(Value::FALSE),
                CmpOp::Ne => Ok(Value::TRUE),
                _ => ops::rich_compare(th, *v, *w, op),
            };
        }
    }
    Ok(Value::from_bool(op.holds(x.len.cmp(&y.len))))
}

pub(super) fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    Ok(this(th, v)?.len)
}

pub(super) fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let t = this(th, v)?;
    match list::key(th, k, "tuple")? {
        Key::Index(i) => match list::fit_index(i, t.len) {
            Some(i) => Ok(t.get().items()[i]),
            None => Err(th.index_error("tuple index out of range")),
        },
        Key::Slice(b) => {
            let span = b.fit(t.len);
            if span.step == 1 && span.count == t.len && v == t.value() {
                return Ok(v);
            }
            let items = t.get().items();
            build(th, span.count, |i| items[span.at(i)])
        }
    }
}

/// A new tuple of `n` items, made by `item` (which runs no Python).
pub fn build(th: &Thread, n: usize, mut item: impl FnMut(usize) -> Value) -> PyResult {
    if n == 0 {
        return th.try_tuple(&[]);
    }
    let r: Ref<PyTuple> = th.alloc_sized(TUPLE.class_bits(), PyTuple::size_for(n))?;
    // SAFETY: fresh object with room for the items.
    unsafe {
        (*r.as_ptr()).len = n;
        for i in 0..n {
            PyTuple::init(r, i, item(i));
        }
    }
    Ok(r.value())
}

pub(super) fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let t = this(th, v)?;
    let n = t.len as i64;
    let (lo, hi) = (i.clamp(0, n), j.clamp(0, n));
    if lo == 0 && hi == n && v == t.value() {
        return Ok(v);
    }
    th.try_tuple(if lo < hi { &t.get().items()[lo as usize..hi as usize] } else { &[] })
}

pub(super) fn contains(th: &mut Thread, v: Value, x: Value) -> PyResult<bool> {
    let t = this(th, v)?;
    for y in t.get().items() {
        if ops::equal(th, *y, x)? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn concat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let x = this(th, a)?;
    let Some(y) = b.payload::<PyTuple>() else {
        let n = ops::type_name(b);
        return Err(th.type_error(format!("can only concatenate tuple (not \"{n}\") to tuple")));
    };
    let (x, y) = (x.get().items(), y.get().items());
    build(th, x.len() + y.len(), |i| if i < x.len() { x[i] } else { y[i - x.len()] })
}

pub(super) fn repeat(th: &mut Thread, a: Value, n: Value) -> PyResult {
    let n = list::repeat_count(th, n)?;
    let t = this(th, a)?;
    let items = t.get().items();
    let total = th.checked_size(items.len().checked_mul(n))?;
    if n == 1 && a == t.value() {
        return Ok(a);
    }
    build(th, total, |i| items[i % items.len()])
}

pub(super) fn count(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = this(th, args.pos[0])?;
    let mut n = 0;
    for y in t.get().items() {
        if ops::equal(th, *y, args.pos[1])? {
            n += 1;
        }
    }
    Ok(th.int(n))
}

pub(super) fn index(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = this(th, args.pos[0])?;
    let (start, stop) = list::search_range(th, args.get(2), args.get(3))?;
    let (start, stop) = (list::from_end(start, t.len), list::from_end(stop, t.len).min(t.len as i64));
    for i in start..stop {
        if ops::equal(th, t.get().items()[i as usize], args.pos[1])? {
            return Ok(th.int(i));
        }
    }
    Err(th.value_error("tuple.index(x): x not in tuple"))
}

pub(super) fn getnewargs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = this(th, args.pos[0])?;
    Ok(th.new_tuple(&[t.value()]))
}

pub(super) fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = this(th, args.pos[0])?;
    Ok(th.int(PyTuple::size_for(t.len) as i64))
}
