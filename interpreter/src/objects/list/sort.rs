//! `list.sort` and `sorted`.
//!
//! The list is empty while it is being sorted, so that code called by the comparison cannot see or disturb the
//! work. It has storage without capacity for that time: every change replaces it, so a list with other storage at the
//! end was modified: ValueError, and the sorted items win.

use super::timsort::timsort;
use super::{storage, this};
use crate::layout::*;
use crate::native::Args;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::value::Value;
use gc_stm::RootVec;
use std::cmp::Ordering;

pub(super) fn sort(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [cmp, key, reverse] = args.skip(1).bind(th, "sort", ["cmp", "key", "reverse"], 0)?;
    let reverse = match reverse {
        Some(v) => ops::int32_arg(th, v)? != 0,
        None => false,
    };
    let l = this(th, args.pos[0])?;
    sort_list(th, l, cmp.filter(|c| !c.is_none()), key.filter(|k| !k.is_none()), reverse)?;
    Ok(Value::NONE)
}

/// Sorts a list in place.
pub fn sort_list(
    th: &mut Thread,
    l: Ref<PyList>,
    cmp: Option<Value>,
    key: Option<Value>,
    reverse: bool,
) -> PyResult<()> {
    let items = storage::snapshot(th, l)?;
    let marker = th.new_storage(0)?.value();
    let empty = l.write(th)?;
    empty.items.set(Some(marker));
    empty.len.set(0);
    let r = sort_words(th, &items, cmp, key, reverse);
    if let Err(e) = r {
        // Whatever stopped the sort, no item may be lost. An abort undoes this with all the rest.
        if th.unwinding() == crate::raised::Unwind::Exception {
            let c = e.catch(th)?;
            storage::replace(th, l, ops::values(&items))?;
            return Err(th.reraise(c));
        }
        return Err(e);
    }
    let now = l.read(th)?;
    let modified = now.items.get() != Some(marker);
    storage::replace(th, l, ops::values(&items))?;
    if modified {
        return Err(th.value_error("list modified during sort"));
    }
    Ok(())
}

/// Sorts words that are values.
fn sort_words(
    th: &mut Thread,
    items: &RootVec,
    cmp: Option<Value>,
    key: Option<Value>,
    reverse: bool,
) -> PyResult<()> {
    let keys = match key {
        Some(f) => {
            let keys = th.m.root_vec();
            for i in 0..items.len() {
                let k = ops::call(th, f, &[ops::values(items)[i]])?;
                keys.push(k.bits());
            }
            Some(keys)
        }
        None => None,
    };
    let by = keys.as_ref().unwrap_or(items);
    let n = items.len();
    let mut order: Vec<usize> = if reverse { (0..n).rev().collect() } else { (0..n).collect() };
    let r = match (cmp, plain_kind(ops::values(by))) {
        (None, Some(plain)) => {
            sort_plain(ops::values(by), plain, &mut order);
            Ok(())
        }
        (Some(f), _) => {
            timsort(&mut order, &mut |a, b| cmp_less(th, f, ops::values(by)[a], ops::values(by)[b]))
        }
        (None, None) => timsort(&mut order, &mut |a, b| less(th, ops::values(by)[a], ops::values(by)[b])),
    };
    if reverse {
        order.reverse();
    }
    items.with(|w| {
        let old = std::mem::take(w);
        w.extend(order.iter().map(|i| old[*i]));
    });
    r
}

/// Kinds of value whose order needs no Python code.
#[derive(Copy, Clone, PartialEq)]
enum Plain {
    Int,
    Float,
    Str,
}

fn plain_of(v: Value) -> Option<Plain> {
    if v.is_tagged_int() {
        Some(Plain::Int)
    } else if v.is_flonum() {
        Some(Plain::Float)
    } else if v.cast::<PyStr>().is_some() {
        Some(Plain::Str)
    } else {
        None
    }
}

/// The one plain kind of all values, if so.
fn plain_kind(vs: &[Value]) -> Option<Plain> {
    let first = plain_of(*vs.first()?)?;
    if vs.iter().all(|v| plain_of(*v) == Some(first)) { Some(first) } else { None }
}

fn bytes_of<'a>(v: Value) -> &'a [u8] {
    match v.cast::<PyStr>() {
        Some(s) => s.get().bytes(),
        None => b"",
    }
}

fn sort_plain(vs: &[Value], plain: Plain, order: &mut [usize]) {
    match plain {
        Plain::Int => order.sort_by_key(|i| vs[*i].small_int_unchecked()),
        // A flonum is never a NaN.
        Plain::Float => order.sort_by(|a, b| {
            let (x, y) = (vs[*a].flonum_unchecked(), vs[*b].flonum_unchecked());
            x.partial_cmp(&y).unwrap_or(Ordering::Equal)
        }),
        Plain::Str => order.sort_by(|a, b| bytes_of(vs[*a]).cmp(bytes_of(vs[*b]))),
    }
}

/// The order of two plain values of one kind, or of exact tuples of such; none if Python code may have a say.
#[inline]
fn plain_order(a: Value, b: Value) -> Option<Ordering> {
    if let (Some(x), Some(y)) = (a.as_small_int(), b.as_small_int()) {
        return Some(x.cmp(&y));
    }
    if a.is_flonum() && b.is_flonum() {
        return a.flonum_unchecked().partial_cmp(&b.flonum_unchecked());
    }
    if let (Some(x), Some(y)) = (a.cast::<PyStr>(), b.cast::<PyStr>()) {
        return Some(x.get().bytes().cmp(y.get().bytes()));
    }
    None
}

/// `a < b` without a call, where that can be told.
#[inline]
fn quick_less(a: Value, b: Value) -> Option<bool> {
    let (Some(x), Some(y)) = (a.cast::<PyTuple>(), b.cast::<PyTuple>()) else {
        return plain_order(a, b).map(|o| o == Ordering::Less);
    };
    for (v, w) in x.get().items().iter().zip(y.get().items()) {
        if v == w {
            continue;
        }
        match plain_order(*v, *w)? {
            Ordering::Equal => {}
            o => return Some(o == Ordering::Less),
        }
    }
    Some(x.len < y.len)
}

/// `a < b`.
#[inline]
fn less(th: &mut Thread, a: Value, b: Value) -> Result<bool, Raised> {
    if let Some(r) = quick_less(a, b) {
        return Ok(r);
    }
    let r = ops::rich_compare(th, a, b, CmpOp::Lt)?;
    ops::is_true(th, r)
}

/// `cmp(a, b) < 0` by a function.
fn cmp_less(th: &mut Thread, f: Value, a: Value, b: Value) -> Result<bool, Raised> {
    let r = ops::call(th, f, &[a, b])?;
    match ops::int_value(r) {
        Some(n) => Ok(n < 0),
        None => {
            let n = ops::type_name(r);
            Err(th.type_error(format!("comparison function must return int, not {n}")))
        }
    }
}
