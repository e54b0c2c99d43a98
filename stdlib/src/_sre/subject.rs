//! What may be searched: str, unicode, and whatever exports bytes.

use interpreter::layout::{Chars, PyStr, PyUnicode};
use interpreter::{PyResult, Thread, Value, objects as o, ops};

/// The characters of a searched object. Those of mutable objects are copied, because matching may commit.
pub enum Subject<'a> {
    Bytes(&'a [u8]),
    Unicode(Chars<'a>),
    /// Bytes of a mutable object.
    Copy(Vec<u8>),
    /// Four-byte items of an array.
    Words(Vec<u32>),
}

impl<'a> Subject<'a> {
    pub fn new(th: &mut Thread, v: Value) -> PyResult<Subject<'a>> {
        if let Some(s) = v.payload::<PyStr>() {
            return Ok(Subject::Bytes(s.get().bytes()));
        }
        if let Some(u) = v.payload::<PyUnicode>() {
            return Ok(Subject::Unicode(u.get().chars()));
        }
        let Some(f) = ops::slots_of(v).buffer else { return Err(th.type_error("expected string or buffer")) };
        let items = match ops::slots_of(v).len {
            Some(f) => f(th, v)?,
            None => return Err(th.type_error("expected string or buffer")),
        };
        let b = f(th, v)?.bytes();
        if b.len() == items {
            return Ok(Subject::Copy(b.to_vec()));
        }
        if b.len() == items.saturating_mul(4) {
            let words = b.chunks_exact(4).map(|w| u32::from_ne_bytes([w[0], w[1], w[2], w[3]]));
            return Ok(Subject::Words(words.collect()));
        }
        Err(th.type_error("buffer size mismatch"))
    }

    pub fn len(&self) -> usize {
        match self {
            Subject::Bytes(b) => b.len(),
            Subject::Unicode(c) => c.len(),
            Subject::Copy(b) => b.len(),
            Subject::Words(w) => w.len(),
        }
    }
}

/// A part of a searched object, of its own type.
pub fn part(th: &mut Thread, v: Value, start: usize, end: usize) -> PyResult {
    if let Some(s) = v.payload::<PyStr>() {
        let b = s.get().bytes();
        return if start == 0 && end == b.len() {
            Ok(s.value())
        } else {
            o::str::from_bytes(th, b.get(start..end).unwrap_or(b""))
        };
    }
    if let Some(u) = v.payload::<PyUnicode>() {
        let c = u.get().chars();
        if start == 0 && end == c.len() {
            return Ok(u.value());
        }
        return interpreter::with_chars!(c, |s| o::unicode::from_units(th, s.get(start..end).unwrap_or(&[])));
    }
    let (i, j) = (th.int(start as i64), th.int(end as i64));
    ops::get_slice(th, v, Some(i), Some(j))
}
