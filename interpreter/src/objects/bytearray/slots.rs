//! Operators of `bytearray`.

use super::convert::{array, byte, collect, exported};
use super::storage::{new as make, set, splice, view};
use crate::buffer::Buffer;
use crate::layout::{PyByteArray, PySlice, PyUnicode};
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::{CmpOp, SlotTable};
use crate::value::{Slot, Value};

pub(super) const BYTEARRAY: SlotTable = SlotTable {
    new: Some(new),
    init: Some(super::convert::init),
    repr: Some(repr),
    str: Some(str),
    hash: Some(o::list::unhashable),
    richcmp: Some(compare),
    len: Some(len),
    iter: Some(super::iter::iter),
    concat: Some(concat),
    iconcat: Some(iconcat),
    repeat: Some(repeat),
    irepeat: Some(irepeat),
    contains: Some(contains),
    getitem: Some(getitem),
    setitem: Some(setitem),
    buffer: Some(buffer),
    ..SlotTable::EMPTY
};

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    let b = make(th, b"")?;
    crate::types::wrap_new(th, class, &super::BYTEARRAY, b)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let b = view(th, v)?;
    let mut out = b"bytearray(b".to_vec();
    let quote = if b.contains(&b'\'') && !b.contains(&b'"') { b'"' } else { b'\'' };
    out.push(quote);
    for &c in b {
        match c {
            b'\'' | b'\\' => out.extend_from_slice(&[b'\\', c]),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x20..=0x7e => out.push(c),
            c => out.extend_from_slice(format!("\\x{c:02x}").as_bytes()),
        }
    }
    out.push(quote);
    out.push(b')');
    th.try_str(&out)
}

fn str(th: &mut Thread, v: Value) -> PyResult {
    let b = view(th, v)?;
    o::str::from_bytes(th, b)
}

fn compare(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let bytes = |th: &mut Thread, v: Value| -> PyResult<Option<Buffer>> {
        if v.payload::<PyUnicode>().is_some() {
            return Ok(None);
        }
        match ops::slots_of(v).buffer {
            Some(f) => f(th, v).map(Some),
            None => Ok(None),
        }
    };
    let (Some(x), Some(y)) = (bytes(th, a)?, bytes(th, b)?) else { return Ok(Value::NOT_IMPLEMENTED) };
    Ok(Value::from_bool(op.holds(x.bytes().cmp(y.bytes()))))
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    view(th, v).map(|b| b.len())
}

/// The bytes of `b`, an operand of a concatenation; refused as "`x` to `y`".
fn operand(th: &mut Thread, b: Value, x: Value, y: Value) -> PyResult<Buffer> {
    if b.payload::<PyUnicode>().is_none()
        && let Some(f) = ops::slots_of(b).buffer
    {
        return f(th, b);
    }
    let (x, y) = (ops::type_name(x), ops::type_name(y));
    Err(th.type_error(format!("can't concat {x} to {y}")))
}

/// `a + b` where one is a bytearray.
pub fn concat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let y = operand(th, b, a, b)?;
    let x = operand(th, a, a, b)?;
    let all = [x.bytes(), y.bytes()].concat();
    make(th, &all)
}

fn iconcat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let y = operand(th, b, b, a)?.bytes().to_vec();
    let r = array(th, a)?;
    let n = r.write(th)?.len.get();
    splice(th, r, n, 0, &y)?;
    Ok(a)
}

fn repeated(th: &mut Thread, v: Value, n: Value) -> PyResult<Vec<u8>> {
    let n = o::str::repeat_count(th, n)?;
    let b = view(th, v)?;
    let total = b.len().checked_mul(n);
    match total.and_then(crate::text::replace::reserved::<u8>) {
        Some(mut out) => {
            for _ in 0..if b.is_empty() { 0 } else { n } {
                out.extend_from_slice(b);
            }
            Ok(out)
        }
        None => Err(th.memory_error()),
    }
}

fn repeat(th: &mut Thread, v: Value, n: Value) -> PyResult {
    let b = repeated(th, v, n)?;
    make(th, &b)
}

fn irepeat(th: &mut Thread, v: Value, n: Value) -> PyResult {
    let b = repeated(th, v, n)?;
    let r = array(th, v)?;
    let n = r.write(th)?.len.get();
    splice(th, r, 0, n, &b)?;
    Ok(v)
}

fn contains(th: &mut Thread, v: Value, x: Value) -> PyResult<bool> {
    if ops::exact_integer(x).is_some()
        || (ops::slots_of(x).index.is_some() && ops::slots_of(x).buffer.is_none())
    {
        let c = byte(th, x)?;
        return Ok(memchr::memchr(c, view(th, v)?).is_some());
    }
    let w = exported(th, x)?;
    let b = view(th, v)?;
    Ok(crate::text::search::find_in(b, w.bytes(), 0, i64::MAX, false).is_some())
}

/// The place an index means; IndexError beyond the ends.
fn place(th: &mut Thread, v: Value, k: Value) -> PyResult<usize> {
    let i = ops::index_i64(th, k, None)?;
    let n = view(th, v)?.len() as i64;
    let j = if i < 0 { i + n } else { i };
    if j < 0 || j >= n {
        return Err(th.index_error("bytearray index out of range"));
    }
    Ok(j as usize)
}

fn is_index(k: Value) -> bool {
    ops::exact_integer(k).is_some() || ops::slots_of(k).index.is_some()
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    if let Some(s) = k.cast::<PySlice>() {
        let n = view(th, v)?.len();
        let (start, _, step, n) = ops::slice_indices(th, s, n)?;
        let b = view(th, v)?;
        let out: Vec<u8> =
            (0..n as i64).filter_map(|i| b.get((start + i * step) as usize).copied()).collect();
        return make(th, &out);
    }
    if !is_index(k) {
        return Err(th.type_error("bytearray indices must be integers"));
    }
    let i = place(th, v, k)?;
    let b = view(th, v)?;
    Ok(th.int(b.get(i).copied().unwrap_or(0) as i64))
}

fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let r = array(th, v)?;
    if let Some(s) = k.cast::<PySlice>() {
        let new = match x {
            None => Vec::new(),
            Some(x)
                if x.payload::<PyUnicode>().is_some()
                    || (is_index(x) && ops::slots_of(x).buffer.is_none()) =>
            {
                return Err(
                    th.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)")
                );
            }
            Some(x) => collect(th, x)?,
        };
        let n = view(th, v)?.len();
        let (start, stop, step, n) = ops::slice_indices(th, s, n)?;
        if step == 1 {
            let stop = if stop < start { start } else { stop };
            return splice(th, r, start as usize, (stop - start) as usize, &new);
        }
        return set_extended(th, v, start, step, n, x.is_none(), &new);
    }
    if !is_index(k) {
        return Err(th.type_error("bytearray indices must be integer"));
    }
    let i = place(th, v, k)?;
    match x {
        None => splice(th, r, i, 1, b""),
        Some(x) => {
            let b = byte(th, x)?;
            set(th, r, i, b)
        }
    }
}

fn set_extended(
    th: &mut Thread,
    v: Value,
    start: i64,
    step: i64,
    n: usize,
    delete: bool,
    new: &[u8],
) -> PyResult<()> {
    let r = array(th, v)?;
    let mut all = view(th, v)?.to_vec();
    let places: Vec<usize> =
        (0..n as i64).map(|i| (start + i * step) as usize).filter(|i| *i < all.len()).collect();
    if delete || (new.is_empty() && n > 0) {
        let mut gone = vec![false; all.len()];
        places.iter().for_each(|i| gone[*i] = true);
        let kept: Vec<u8> = all.iter().zip(&gone).filter(|(_, g)| !**g).map(|(b, _)| *b).collect();
        return splice(th, r, 0, all.len(), &kept);
    }
    if new.len() != n {
        let k = new.len();
        return Err(
            th.value_error(format!("attempt to assign bytes of size {k} to extended slice of size {n}"))
        );
    }
    for (i, b) in places.iter().zip(new) {
        all[*i] = *b;
    }
    splice(th, r, 0, all.len(), &all)
}

fn buffer(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    let r = array(th, v)?;
    let a: &PyByteArray = r.read(th)?;
    Ok(Buffer::of_storage(r.value(), a.storage(), a.start.get(), a.len.get()))
}
