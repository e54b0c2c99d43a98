//! Positions in sequences: indexes, slices and repeat counts as Python code gives them.
//!
//! `__index__` may run Python code, which may change the sequence. So all conversions come first and give plain
//! numbers; these are fitted to a length read afterwards.

use crate::layout::{PySlice, Ref};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// The key of a subscription, converted.
pub enum Key {
    Index(i64),
    Slice(Bounds),
}

/// A converted slice: not yet fitted to a length.
#[derive(Copy, Clone)]
pub struct Bounds {
    start: Option<i64>,
    stop: Option<i64>,
    pub step: i64,
}

/// A slice fitted to a length: `count` items, the first at `start`.
#[derive(Copy, Clone, Debug)]
pub struct Span {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
    pub count: usize,
}

impl Bounds {
    /// Converts the parts of a slice.
    pub fn of(th: &mut Thread, s: Ref<PySlice>) -> PyResult<Bounds> {
        let s = s.get();
        let step = if s.step.is_none() { 1 } else { bound(th, s.step)? };
        if step == 0 {
            return Err(th.value_error("slice step cannot be zero"));
        }
        let start = if s.start.is_none() { None } else { Some(bound(th, s.start)?) };
        let stop = if s.stop.is_none() { None } else { Some(bound(th, s.stop)?) };
        // The smallest step has no positive counterpart.
        Ok(Bounds { start, stop, step: step.max(-i64::MAX) })
    }

    /// Fits the slice to a sequence of `len` items.
    pub fn fit(self, len: usize) -> Span {
        self.fit_signed(len as i64)
    }

    /// As [`Bounds::fit`] for any number (`slice.indices` takes negative ones, too).
    pub fn fit_signed(self, len: i64) -> Span {
        let step = self.step;
        let down = step < 0;
        let clip = |v: i64| {
            let v = if v < 0 { v.saturating_add(len) } else { v };
            if v < 0 {
                if down { -1 } else { 0 }
            } else if v >= len {
                if down { len.saturating_sub(1) } else { len }
            } else {
                v
            }
        };
        let start = clip(self.start.unwrap_or(if down { i64::MAX } else { 0 }));
        let stop = clip(self.stop.unwrap_or(if down { i64::MIN } else { i64::MAX }));
        let count = if (down && stop >= start) || (!down && start >= stop) {
            0
        } else if down {
            stop.saturating_sub(start).saturating_add(1) / step + 1
        } else {
            stop.saturating_sub(start).saturating_sub(1) / step + 1
        };
        Span { start, stop, step, count: count as usize }
    }
}

impl Span {
    /// Position of the item that is number `i` of the slice.
    #[inline(always)]
    pub fn at(self, i: usize) -> usize {
        (self.start + i as i64 * self.step) as usize
    }
}

/// A slice bound: an integer or something with `__index__`, clipped to the machine word.
pub fn bound(th: &mut Thread, v: Value) -> PyResult<i64> {
    if ops::exact_integer(v).is_none() && ops::slots_of(v).index.is_none() {
        return Err(th.type_error("slice indices must be integers or None or have an __index__ method"));
    }
    ops::index_clipped(th, v)
}

/// The key of a subscription of a `what`.
pub fn key(th: &mut Thread, k: Value, what: &str) -> PyResult<Key> {
    if let Some(n) = k.as_small_int() {
        return Ok(Key::Index(n));
    }
    if let Some(s) = k.cast::<PySlice>() {
        return Ok(Key::Slice(Bounds::of(th, s)?));
    }
    if ops::int_value(k).is_some()
        || k.payload::<crate::layout::PyLong>().is_some()
        || ops::slots_of(k).index.is_some()
    {
        return Ok(Key::Index(ops::index_i64(th, k, None)?));
    }
    let n = ops::type_name(k);
    Err(th.type_error(format!("{what} indices must be integers, not {n}")))
}

/// Position of an index in a sequence of `len` items.
#[inline]
pub fn fit_index(i: i64, len: usize) -> Option<usize> {
    let i = if i < 0 { i.saturating_add(len as i64) } else { i };
    if i >= 0 && (i as usize) < len { Some(i as usize) } else { None }
}

/// An argument of `index`/`insert`/`pop` taken as a machine word.
pub fn index_arg(th: &mut Thread, v: Value) -> PyResult<i64> {
    if o::float::float_value(v).is_some() {
        return Err(th.type_error("integer argument expected, got float"));
    }
    if ops::exact_integer(v).is_none() && ops::slots_of(v).index.is_none() {
        return Err(th.type_error("an integer is required"));
    }
    ops::index_i64(th, v, Some(&o::exceptions::OVERFLOW_ERROR))
}

/// Optional `start` and `stop` of `index`, fitted to a length.
pub fn search_range(th: &mut Thread, start: Option<Value>, stop: Option<Value>) -> PyResult<(i64, i64)> {
    for v in [start, stop].into_iter().flatten() {
        if ops::exact_integer(v).is_none() && ops::slots_of(v).index.is_none() {
            return Err(th.type_error("slice indices must be integers or have an __index__ method"));
        }
    }
    let a = match start {
        Some(v) => bound(th, v)?,
        None => 0,
    };
    let b = match stop {
        Some(v) => bound(th, v)?,
        None => i64::MAX,
    };
    Ok((a, b))
}

/// A bound counted from the end if negative, never below 0.
pub fn from_end(i: i64, len: usize) -> i64 {
    if i < 0 { i.saturating_add(len as i64).max(0) } else { i }
}

/// How often a sequence is repeated by `* n`.
pub fn repeat_count(th: &mut Thread, n: Value) -> PyResult<usize> {
    if ops::exact_integer(n).is_none() && ops::slots_of(n).index.is_none() {
        let t = ops::type_name(n);
        return Err(th.type_error(format!("can't multiply sequence by non-int of type '{t}'")));
    }
    let i = ops::index_i64(th, n, Some(&o::exceptions::OVERFLOW_ERROR))?;
    Ok(i.max(0) as usize)
}
