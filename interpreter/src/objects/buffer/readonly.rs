//! `buffer`.

use crate::buffer::Buffer;
use crate::layout::{PyRecord, PySlice, PyUnicode, Ref};
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::type_of;
use crate::value::Value;

pub(super) const SLOTS: SlotTable = SlotTable {
    new: Some(new),
    repr: Some(repr),
    str: Some(str),
    hash: Some(hash),
    cmp: Some(cmp),
    len: Some(len),
    concat: Some(concat),
    repeat: Some(repeat),
    getitem: Some(getitem),
    getslice: Some(getslice),
    setitem: Some(refuse_item),
    setslice: Some(refuse_slice),
    buffer: Some(buffer),
    ..SlotTable::EMPTY
};

/// The object, offset and size of a buffer. They never change.
fn parts(v: Value) -> (Value, i64, i64) {
    let number =
        |r: Ref<PyRecord>, i: usize| r.unguarded().at(i).get().and_then(Value::as_small_int).unwrap_or(0);
    match v.cast::<PyRecord>() {
        Some(r) => (r.unguarded().at(0).get().unwrap_or(Value::NONE), number(r, 1), number(r, 2)),
        None => (Value::NONE, 0, 0),
    }
}

/// What a `buffer` shows; none for other values.
pub fn object_of(v: Value) -> Option<Value> {
    (type_of(v).value() == super::BUFFER.class()).then(|| parts(v).0)
}

fn new(th: &mut Thread, _: Value, args: Args<'_>) -> PyResult {
    if !args.kw.is_empty() {
        return Err(th.type_error("buffer() does not take keyword arguments"));
    }
    if args.is_empty() || args.len() > 3 {
        let (n, word, k) = if args.is_empty() { (0, "at least", 1) } else { (args.len(), "at most", 3) };
        let s = if k == 1 { "" } else { "s" };
        return Err(th.type_error(format!("buffer() takes {word} {k} argument{s} ({n} given)")));
    }
    let mut object = args.pos[0];
    let mut offset = match args.get(1) {
        Some(v) => ops::integer_arg(th, v)?,
        None => 0,
    };
    let mut size = match args.get(2) {
        Some(v) => ops::integer_arg(th, v)?,
        None => -1,
    };
    if ops::slots_of(object).buffer.is_none() {
        return Err(th.type_error("buffer object expected"));
    }
    if offset < 0 {
        return Err(th.value_error("offset must be zero or positive"));
    }
    if size < -1 {
        return Err(th.value_error("size must be zero or positive"));
    }
    // A buffer of a buffer is one of the object beneath.
    if type_of(object).value() == super::BUFFER.class() {
        let (base, o, s) = parts(object);
        if s != -1 {
            let left = (s - offset).max(0);
            if size == -1 || size > left {
                size = left;
            }
        }
        offset = offset.saturating_add(o);
        object = base;
    }
    let (o, s) = (th.int(offset), th.int(size));
    Ok(th.new_record(&super::BUFFER, &[Some(object), Some(o), Some(s)]))
}

fn buffer(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    let (object, offset, size) = parts(v);
    let b = crate::buffer::of(th, object)?;
    let n = if size < 0 { usize::MAX } else { size as usize };
    Ok(Buffer { readonly: true, storage: None, ..b.part(offset as usize, n) })
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let (object, offset, size) = parts(v);
    let (o, me) = (object.bits(), v.bits());
    th.try_str(format!("<read-only buffer for {o:#x}, size {size}, offset {offset} at {me:#x}>").as_bytes())
}

fn str(th: &mut Thread, v: Value) -> PyResult {
    let b = buffer(th, v)?;
    o::str::from_bytes(th, b.bytes())
}

fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let b = buffer(th, v)?;
    Ok(numtext::hash::hash_text(b.bytes(), th.rt.settings.hash_secret))
}

fn cmp(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    let (x, y) = (buffer(th, a)?, buffer(th, b)?);
    Ok(x.bytes().cmp(y.bytes()) as i32)
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    buffer(th, v).map(|b| b.len)
}

fn concat(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if ops::slots_of(b).buffer.is_none() || type_of(b).value() == super::MEMORYVIEW.class() {
        return Err(th.type_error("bad argument type for built-in operation"));
    }
    let (x, y) = (buffer(th, a)?, crate::buffer::of(th, b)?);
    if x.len == 0 && b.payload::<PyUnicode>().is_none() {
        return Ok(b);
    }
    let all = [x.bytes(), y.bytes()].concat();
    o::str::from_bytes(th, &all)
}

fn repeat(th: &mut Thread, v: Value, n: Value) -> PyResult {
    let n = o::str::repeat_count(th, n)?;
    let b = buffer(th, v)?;
    match b.len.checked_mul(n).and_then(crate::text::replace::reserved::<u8>) {
        Some(mut out) => {
            for _ in 0..if b.len == 0 { 0 } else { n } {
                out.extend_from_slice(b.bytes());
            }
            o::str::from_bytes(th, &out)
        }
        None => Err(th.memory_error()),
    }
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    if let Some(s) = k.cast::<PySlice>() {
        let n = buffer(th, v)?.len;
        let (start, _, step, n) = ops::slice_indices(th, s, n)?;
        let b = buffer(th, v)?.bytes();
        let out: Vec<u8> =
            (0..n as i64).filter_map(|i| b.get((start + i * step) as usize).copied()).collect();
        return o::str::from_bytes(th, &out);
    }
    if ops::exact_integer(k).is_none() && ops::slots_of(k).index.is_none() {
        return Err(th.type_error("sequence index must be integer"));
    }
    let i = ops::index_i64(th, k, None)?;
    let b = buffer(th, v)?.bytes();
    let j = if i < 0 { i + b.len() as i64 } else { i };
    match usize::try_from(j).ok().and_then(|j| b.get(j)) {
        Some(c) => Ok(o::str::one_byte(th, *c)),
        None => Err(th.index_error("buffer index out of range")),
    }
}

fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let b = buffer(th, v)?.bytes();
    let i = i.clamp(0, b.len() as i64) as usize;
    let j = j.clamp(i as i64, b.len().max(i) as i64) as usize;
    o::str::from_bytes(th, &b[i..j])
}

fn refuse_item(th: &mut Thread, _: Value, _: Value, _: Option<Value>) -> PyResult<()> {
    Err(th.type_error("buffer is read-only"))
}

fn refuse_slice(th: &mut Thread, _: Value, _: i64, _: i64, _: Option<Value>) -> PyResult<()> {
    Err(th.type_error("buffer is read-only"))
}
