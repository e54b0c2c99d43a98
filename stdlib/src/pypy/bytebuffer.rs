//! `bytebuffer`: a writable buffer of fixed size, over a bytearray that nobody else sees.

use interpreter::buffer::{self, Buffer};
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PySlice};
use interpreter::native::{Args, NO_NEW, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread, ops};

/// What `bytebuffer` makes: a record of the bytearray.
pub(super) static BYTEBUFFER: TypeDef = TypeDef {
    module: "__pypy__",
    flags: NO_NEW,
    slots: SlotTable {
        len: Some(|th, v| view(th, v).map(|b| b.len)),
        str: Some(|th, v| {
            let b = view(th, v)?;
            th.try_str(b.bytes())
        }),
        getitem: Some(getitem),
        setitem: Some(setitem),
        getslice: Some(getslice),
        setslice: Some(setslice),
        buffer: Some(view),
        ..SlotTable::EMPTY
    },
    ..TypeDef::new("bytebuffer", kind::RECORD)
};

pub(super) fn new(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::integer_arg(th, args.pos[0])?;
    if n < 0 {
        return Err(th.value_error("negative size"));
    }
    let n = th.int(n);
    let bytes = ops::call(th, interpreter::objects::bytearray::BYTEARRAY.class(), &[n])?;
    Ok(th.new_record(&BYTEBUFFER, &[Some(bytes)]))
}

fn view(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    // Set when the object was made, never replaced.
    let bytes = v.cast::<PyRecord>().and_then(|r| r.unguarded().at(0).get()).unwrap_or(Value::NONE);
    buffer::of(th, bytes)
}

/// The index as a position in the buffer.
fn position(th: &mut Thread, v: Value, k: Value) -> PyResult<usize> {
    let i = ops::index_i64(th, k, None)?;
    let n = view(th, v)?.len;
    let at = if i < 0 { i + n as i64 } else { i };
    match usize::try_from(at) {
        Ok(at) if at < n => Ok(at),
        _ => Err(th.index_error("buffer index out of range")),
    }
}

/// The bounds of a plain slice, within the buffer.
fn clip(i: i64, j: i64, n: usize) -> std::ops::Range<usize> {
    let start = i.clamp(0, n as i64) as usize;
    start..j.clamp(start as i64, n as i64) as usize
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    if let Some(s) = k.cast::<PySlice>() {
        let n = view(th, v)?.len;
        let (start, _, step, n) = ops::slice_indices(th, s, n)?;
        let b = view(th, v)?;
        let out: Vec<u8> =
            (0..n as i64).filter_map(|i| b.bytes().get((start + i * step) as usize).copied()).collect();
        return th.try_str(&out);
    }
    let at = position(th, v, k)?;
    let b = view(th, v)?;
    th.try_str(&b.bytes()[at..=at])
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let b = view(th, v)?;
    th.try_str(&b.bytes()[clip(i, j, b.len)])
}

/// A copy of the bytes to store.
fn data(th: &mut Thread, x: Slot) -> PyResult<Vec<u8>> {
    match x {
        Some(x) => Ok(buffer::of(th, x)?.bytes().to_vec()),
        None => Err(th.type_error("bytebuffer doesn't support item deletion")),
    }
}

fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let new = data(th, x)?;
    if let Some(s) = k.cast::<PySlice>() {
        let n = view(th, v)?.len;
        let (start, _, step, n) = ops::slice_indices(th, s, n)?;
        if new.len() != n {
            return Err(th.type_error("right operand length must match slice length"));
        }
        let b = view(th, v)?;
        for (i, c) in new.iter().enumerate() {
            b.write(th, (start + i as i64 * step) as usize, std::slice::from_ref(c))?;
        }
        return Ok(());
    }
    let at = position(th, v, k)?;
    if new.len() != 1 {
        return Err(th.type_error("right operand must be a single byte"));
    }
    view(th, v)?.write(th, at, &new)
}

fn setslice(th: &mut Thread, v: Value, i: i64, j: i64, x: Slot) -> PyResult<()> {
    let new = data(th, x)?;
    let b = view(th, v)?;
    let range = clip(i, j, b.len);
    if new.len() != range.len() {
        return Err(th.type_error("right operand length must match slice length"));
    }
    b.write(th, range.start, &new)
}
