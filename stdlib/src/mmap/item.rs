//! Bytes and slices by index.

use super::object::{Map, map};
use interpreter::layout::{PySlice, PyStr};
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value, ops};

pub(super) fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    Ok(map(th, v)?.len)
}

/// An index into the mapping; none: not an integer.
fn index(th: &mut Thread, m: &Map, k: Value) -> PyResult<Option<usize>> {
    if ops::exact_integer(k).is_none() && ops::slots_of(k).index.is_none() {
        return Ok(None);
    }
    let n = ops::index_clipped(th, k)?;
    let n = if n < 0 { n.saturating_add(m.len as i64) } else { n };
    match usize::try_from(n).ok().filter(|n| *n < m.len) {
        Some(n) => Ok(Some(n)),
        None => Err(th.index_error("mmap index out of range")),
    }
}

pub(super) fn get(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let m = map(th, v)?;
    if let Some(s) = k.cast::<PySlice>() {
        let (start, _, step, n) = ops::slice_indices(th, s, m.len)?;
        // `__index__` may have run Python code.
        let m = same(th, v, &m)?;
        if step == 1 {
            return th.try_str(&m.bytes()[start as usize..][..n]);
        }
        let picked: Vec<u8> = (0..n).map(|i| m.bytes()[(start + i as i64 * step) as usize]).collect();
        return th.try_str(&picked);
    }
    match index(th, &m, k)? {
        Some(i) => {
            let m = same(th, v, &m)?;
            th.try_str(&m.bytes()[i..=i])
        }
        None => Err(th.type_error("mmap indices must be integers")),
    }
}

/// The mapping again; it may have been closed meanwhile, but must not have changed its size.
fn same(th: &mut Thread, v: Value, before: &Map) -> PyResult<Map> {
    let m = map(th, v)?;
    if m.len < before.len {
        return Err(th.index_error("mmap index out of range"));
    }
    Ok(m)
}

pub(super) fn set(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let m = map(th, v)?;
    if let Some(s) = k.cast::<PySlice>() {
        let (start, _, step, n) = ops::slice_indices(th, s, m.len)?;
        let m = same(th, v, &m)?;
        let data = slice_data(th, x, n)?;
        m.writable(th)?;
        m.locked(th)?;
        for (i, c) in data.iter().enumerate() {
            m.store(th, (start + i as i64 * step) as usize, &[*c])?;
        }
        return Ok(());
    }
    let Some(i) = index(th, &m, k)? else {
        return Err(th.type_error("mmap indices must be integer"));
    };
    let m = same(th, v, &m)?;
    let Some(x) = x else {
        return Err(th.type_error("mmap object doesn't support item deletion"));
    };
    let Some(&[c]) = x.payload::<PyStr>().map(|s| s.get().bytes()) else {
        return Err(th.index_error("mmap assignment must be single-character string"));
    };
    m.writable(th)?;
    m.store(th, i, &[c])
}

/// What is assigned to a slice of `n` bytes.
fn slice_data<'a>(th: &mut Thread, x: Slot, n: usize) -> PyResult<&'a [u8]> {
    let Some(x) = x else {
        return Err(th.type_error("mmap object doesn't support slice deletion"));
    };
    let Some(s) = x.payload::<PyStr>() else {
        return Err(th.index_error("mmap slice assignment must be a string"));
    };
    let data = s.get().bytes();
    if data.len() != n {
        return Err(th.index_error("mmap slice assignment is wrong size"));
    }
    Ok(data)
}

/// Bounds of a simple slice, as CPython passes them: the length has been added to negative ones.
fn clipped(m: &Map, i: i64, j: i64) -> (usize, usize) {
    let len = m.len as i64;
    let i = i.clamp(0, len);
    (i as usize, j.clamp(i, len) as usize)
}

pub(super) fn get_slice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let m = map(th, v)?;
    let (i, j) = clipped(&m, i, j);
    th.try_str(&m.bytes()[i..j])
}

pub(super) fn set_slice(th: &mut Thread, v: Value, i: i64, j: i64, x: Slot) -> PyResult<()> {
    let m = map(th, v)?;
    let (i, j) = clipped(&m, i, j);
    let data = slice_data(th, x, j - i)?;
    m.writable(th)?;
    m.store(th, i, data)
}
