//! Operators of `str`.

use super::{from_bytes, repr_into};
use crate::buffer::Buffer;
use crate::layout::{PyByteArray, PySlice, PyStr, PyUnicode, Ref, form};
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::text_sum;
use crate::thread::Thread;
use crate::types::slots::{CmpOp, SlotTable};
use crate::value::Value;

pub(super) const BASESTRING: SlotTable = SlotTable { new: Some(new_base), ..SlotTable::EMPTY };

pub(super) const STR: SlotTable = SlotTable {
    new: Some(new),
    repr: Some(repr),
    str: Some(str),
    hash: Some(hash),
    richcmp: Some(compare),
    len: Some(len),
    concat: Some(concat),
    repeat: Some(repeat),
    contains: Some(contains),
    getitem: Some(getitem),
    getslice: Some(getslice),
    rem: Some(modulo),
    buffer: Some(buffer),
    ..SlotTable::EMPTY
};

fn bytes<'a>(v: Value) -> &'a [u8] {
    match v.payload::<PyStr>() {
        Some(s) => s.get().bytes(),
        None => b"",
    }
}

fn new_base(th: &mut Thread, _: Value, _: Args<'_>) -> PyResult {
    Err(th.type_error("The basestring type cannot be instantiated"))
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let v = if args.kw.is_empty() && args.pos.len() <= 1 {
        args.get(0)
    } else {
        args.bind(th, "str", ["object"], 0)?[0]
    };
    let s = match v {
        Some(v) => ops::str(th, v)?,
        None => super::empty(th),
    };
    if class == super::STR.class() {
        return Ok(s);
    }
    crate::types::wrap_new(th, class, &super::STR, s.base_object())
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let mut out = Vec::new();
    repr_into(bytes(v), &mut out);
    th.try_str(&out)
}

fn str(_: &mut Thread, v: Value) -> PyResult {
    Ok(v.base_object())
}

fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    Ok(v.payload::<PyStr>().map_or(0, |s| super::hash_of(th, s)))
}

fn compare(_: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (Some(x), Some(y)) = (a.payload::<PyStr>(), b.payload::<PyStr>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let (x, y) = (x.get().bytes(), y.get().bytes());
    Ok(Value::from_bool(match op {
        CmpOp::Eq => x == y,
        CmpOp::Ne => x != y,
        _ => op.holds(x.cmp(y)),
    }))
}

fn len(_: &mut Thread, v: Value) -> PyResult<usize> {
    Ok(bytes(v).len())
}

/// `a + b`, of a str and what can be added to one.
pub fn concat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let Some(y) = b.payload::<PyStr>() else {
        if b.payload::<PyUnicode>().is_some() {
            return o::unicode::concat(th, a, b);
        }
        if b.payload::<PyByteArray>().is_some() {
            return o::bytearray::concat(th, a, b);
        }
        let n = ops::type_name(b);
        return Err(th.type_error(format!("cannot concatenate 'str' and '{n}' objects")));
    };
    let (x, y) = (bytes(a), y.get().bytes());
    if y.is_empty() {
        return Ok(a.base_object());
    }
    if x.is_empty() {
        return Ok(b.base_object());
    }
    let Some(n) = x.len().checked_add(y.len()).filter(|n| *n < isize::MAX as usize / 2) else {
        return Err(th.overflow_error("strings are too large to concat"));
    };
    if n >= text_sum::LEAST
        && let Some(x) = a.payload::<PyStr>()
        && let Some(r) = text_sum::of_strs(th, x, y)?
    {
        return Ok(r);
    }
    let r = th.str_of_len(n)?;
    // SAFETY: fresh object of that length.
    let out = unsafe {
        (*r.as_ptr()).form = form::SUM;
        PyStr::bytes_mut(r)
    };
    out[..x.len()].copy_from_slice(x);
    out[x.len()..].copy_from_slice(y);
    Ok(r.value())
}

/// The count of a repetition; negative ones are 0.
pub fn repeat_count(th: &mut Thread, n: Value) -> PyResult<usize> {
    if let Some(n) = n.as_small_int() {
        return Ok(n.max(0) as usize);
    }
    if ops::exact_integer(n).is_none() && ops::slots_of(n).index.is_none() {
        return Err(cannot_multiply(th, n));
    }
    Ok(ops::index_i64(th, n, Some(&o::exceptions::OVERFLOW_ERROR))?.max(0) as usize)
}

/// The refusal of a repetition by something that is no integer.
#[cold]
pub fn cannot_multiply(th: &mut Thread, n: Value) -> crate::raised::Raised {
    let n = ops::type_name(n);
    th.type_error(format!("can't multiply sequence by non-int of type '{n}'"))
}

fn repeat(th: &mut Thread, v: Value, n: Value) -> PyResult {
    let n = repeat_count(th, n)?;
    let b = bytes(v);
    if n == 1 {
        return Ok(v.base_object());
    }
    if n == 0 || b.is_empty() {
        return Ok(super::empty(th));
    }
    let Some(total) = b.len().checked_mul(n).filter(|n| *n < isize::MAX as usize) else {
        return Err(th.overflow_error("repeated string is too long"));
    };
    let r = th.str_of_len(total)?;
    // SAFETY: fresh object of that length.
    let out = unsafe { PyStr::bytes_mut(r) };
    if let [c] = b {
        out.fill(*c);
        return Ok(r.value());
    }
    out[..b.len()].copy_from_slice(b);
    let mut done = b.len();
    while done < total {
        let k = done.min(total - done);
        out.copy_within(..k, done);
        done += k;
    }
    Ok(r.value())
}

fn contains(th: &mut Thread, v: Value, x: Value) -> PyResult<bool> {
    if let Some(x) = x.payload::<PyStr>() {
        return Ok(match x.get().bytes() {
            [] => true,
            [c] => memchr::memchr(*c, bytes(v)).is_some(),
            w => memchr::memmem::find(bytes(v), w).is_some(),
        });
    }
    if x.payload::<PyUnicode>().is_some() {
        return o::unicode::contains(th, v, x);
    }
    let n = ops::type_name(x);
    Err(th.type_error(format!("'in <string>' requires string as left operand, not {n}")))
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let b = bytes(v);
    let i = match k.as_small_int() {
        Some(i) => i,
        None => {
            if let Some(s) = k.cast::<PySlice>() {
                return extended_slice(th, v, s);
            }
            if ops::exact_integer(k).is_none() && ops::slots_of(k).index.is_none() {
                let n = ops::type_name(k);
                return Err(th.type_error(format!("string indices must be integers, not {n}")));
            }
            ops::index_i64(th, k, None)?
        }
    };
    let j = if i < 0 { i + b.len() as i64 } else { i };
    match b.get(j as usize) {
        Some(c) if j >= 0 => Ok(super::one_byte(th, *c)),
        _ => Err(th.index_error("string index out of range")),
    }
}

fn extended_slice(th: &mut Thread, v: Value, s: Ref<PySlice>) -> PyResult {
    let b = bytes(v);
    let (start, _, step, n) = ops::slice_indices(th, s, b.len())?;
    if step == 1 {
        let start = start as usize;
        return if n == b.len() {
            Ok(v.base_object())
        } else {
            from_bytes(th, &b[start.min(b.len())..][..n])
        };
    }
    let r = th.str_of_len(n)?;
    // SAFETY: fresh object of that length.
    let out = unsafe { PyStr::bytes_mut(r) };
    for (k, c) in out.iter_mut().enumerate() {
        *c = b[(start + k as i64 * step) as usize];
    }
    Ok(r.value())
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let b = bytes(v);
    let i = i.max(0) as usize;
    let j = (j.max(0) as usize).min(b.len());
    if i == 0 && j == b.len() {
        return Ok(v.base_object());
    }
    if i >= j {
        return Ok(super::empty(th));
    }
    from_bytes(th, &b[i..j])
}

fn modulo(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if a.payload::<PyStr>().is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    super::percent::format_str(th, a, b)
}

fn buffer(_: &mut Thread, v: Value) -> PyResult<Buffer> {
    let b = bytes(v);
    Ok(Buffer::of_bytes(v.base_object(), b))
}
