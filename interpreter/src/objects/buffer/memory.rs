//! `memoryview`: one dimension of bytes, as Python 2.7's own types export them.

use crate::buffer::{Buffer, Items};
use crate::layout::{PyByteArray, PyRecord, PySlice, PyUnicode};
use crate::native::{Args, GetSetDef, MethodDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::{CmpOp, SlotTable};
use crate::types::type_of;
use crate::value::{Slot, Value};

pub(super) const SLOTS: SlotTable = SlotTable {
    new: Some(new),
    repr: Some(repr),
    hash: Some(o::list::unhashable),
    richcmp: Some(compare),
    len: Some(len),
    getitem: Some(getitem),
    setitem: Some(setitem),
    buffer: Some(buffer),
    ..SlotTable::EMPTY
};

pub(super) static METHODS: &[MethodDef] = &[
    MethodDef::new("tobytes", tobytes, 0, 0, 0, "The bytes as a str."),
    MethodDef::new("tolist", tolist, 0, 0, 0, "The bytes as a list of integers."),
];

pub(super) static GETSET: &[GetSetDef] = &[
    GetSetDef { name: "format", get: format, set: None, doc: "" },
    GetSetDef {
        name: "itemsize",
        get: |th, v| {
            let n = items(th, v)?.map_or(1, |i| i.size);
            th.long(&n.into())
        },
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "ndim",
        get: |th, v| {
            let n = items(th, v)?.map_or(1, |i| i.shape.len());
            th.long(&n.into())
        },
        set: None,
        doc: "",
    },
    GetSetDef { name: "readonly", get: readonly, set: None, doc: "" },
    GetSetDef { name: "shape", get: shape, set: None, doc: "" },
    GetSetDef { name: "strides", get: strides, set: None, doc: "" },
    GetSetDef { name: "suboffsets", get: |_, _| Ok(Value::NONE), set: None, doc: "" },
];

fn new(th: &mut Thread, _: Value, args: Args<'_>) -> PyResult {
    let [v] = args.bind(th, "memoryview", ["object"], 1)?;
    let v = v.unwrap_or(Value::NONE);
    if type_of(v).value() == super::MEMORYVIEW.class() {
        let r = v
            .cast::<PyRecord>()
            .map(|r| [r.unguarded().at(0).get(), r.unguarded().at(1).get(), r.unguarded().at(2).get()]);
        return Ok(th.new_record(&super::MEMORYVIEW, &r.unwrap_or_default()));
    }
    // Text and packed items (arrays) have only the older of 2.7's two protocols.
    let old = v.payload::<PyUnicode>().is_some()
        || (ops::slots_of(v).iter.is_some() && v.payload::<PyByteArray>().is_none());
    if old || ops::slots_of(v).buffer.is_none() {
        return Err(
            th.type_error("cannot make memory view because object does not have the buffer interface")
        );
    }
    Ok(th.new_record(&super::MEMORYVIEW, &[Some(v), Value::from_small_int(0), None]))
}

fn buffer(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    let Some(r) = v.cast::<PyRecord>() else { return Err(th.type_error("a memoryview is required")) };
    // The slots are set once, when the view is made.
    let r = r.unguarded();
    let number = |i: usize| r.at(i).get().and_then(Value::as_small_int);
    let (object, start, n) = (r.at(0).get().unwrap_or(Value::NONE), number(1).unwrap_or(0), number(2));
    let b = crate::buffer::of(th, object)?;
    Ok(b.part(start as usize, n.map_or(usize::MAX, |n| n as usize)))
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    th.try_str(format!("<memory at {:#x}>", v.bits()).as_bytes())
}

fn compare(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if !matches!(op, CmpOp::Eq | CmpOp::Ne)
        || b.payload::<PyUnicode>().is_some()
        || ops::slots_of(b).buffer.is_none()
    {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (crate::buffer::of(th, a)?, crate::buffer::of(th, b)?);
    Ok(Value::from_bool((x.bytes() == y.bytes()) == (op == CmpOp::Eq)))
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    match items(th, v)? {
        Some(i) => Ok(i.shape.first().copied().unwrap_or(1)),
        None => buffer(th, v).map(|b| b.len),
    }
}

/// What the whole of an object's memory consists of; none: of bytes.
fn items(th: &mut Thread, v: Value) -> PyResult<Option<Items>> {
    let Some(r) = v.cast::<PyRecord>() else { return Ok(None) };
    match (r.unguarded().at(0).get(), r.unguarded().at(2).get()) {
        (Some(object), None) => match ops::slots_of(object).items {
            Some(f) => f(th, object).map(Some),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

fn format(th: &mut Thread, v: Value) -> PyResult {
    match items(th, v)? {
        Some(i) => th.try_str(i.format.as_bytes()),
        None => Ok(th.intern(b"B")),
    }
}

fn is_index(k: Value) -> bool {
    ops::exact_integer(k).is_some() || ops::slots_of(k).index.is_some()
}

fn bad_key(th: &mut Thread, k: Value) -> crate::raised::Raised {
    let n = ops::type_name(k);
    th.type_error(format!("cannot index memory using \"{n}\""))
}

/// The place an index means.
fn place(th: &mut Thread, v: Value, k: Value) -> PyResult<usize> {
    let i = ops::index_i64(th, k, None)?;
    let n = buffer(th, v)?.len as i64;
    let j = if i < 0 { i + n } else { i };
    if j < 0 || j >= n {
        return Err(th.index_error("index out of bounds"));
    }
    Ok(j as usize)
}

fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    if let Some(s) = k.cast::<PySlice>() {
        let n = buffer(th, v)?.len;
        let (start, _, step, n) = ops::slice_indices(th, s, n)?;
        if step != 1 {
            return Err(th.not_implemented_error(""));
        }
        let r = v.cast::<PyRecord>().map(|r| (r.unguarded().at(0).get(), r.unguarded().at(1).get()));
        let (object, first) = r.unwrap_or((None, None));
        let (i, n) = (th.int(first.and_then(Value::as_small_int).unwrap_or(0) + start), th.int(n as i64));
        return Ok(th.new_record(&super::MEMORYVIEW, &[object, Some(i), Some(n)]));
    }
    if !is_index(k) {
        return Err(bad_key(th, k));
    }
    let i = place(th, v, k)?;
    let b = buffer(th, v)?.bytes();
    Ok(o::str::one_byte(th, b.get(i).copied().unwrap_or(0)))
}

fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let b = buffer(th, v)?;
    if b.readonly {
        return Err(th.type_error("cannot modify read-only memory"));
    }
    let Some(x) = x else { return Err(th.type_error("cannot delete memory")) };
    let (at, n) = if let Some(s) = k.cast::<PySlice>() {
        let (start, _, step, n) = ops::slice_indices(th, s, b.len)?;
        if step != 1 {
            return Err(th.not_implemented_error(""));
        }
        (start as usize, n)
    } else if is_index(k) {
        (place(th, v, k)?, 1)
    } else {
        return Err(bad_key(th, k));
    };
    if x.payload::<PyUnicode>().is_some() {
        return Err(th.type_error("'unicode' does not have the buffer interface"));
    }
    let new = crate::buffer::of(th, x)?.bytes().to_vec();
    if new.len() != n {
        return Err(th.value_error("cannot modify size of memoryview object"));
    }
    let b = buffer(th, v)?;
    b.write(th, at, &new)
}

fn tobytes(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = buffer(th, args.pos[0])?;
    o::str::from_bytes(th, b.bytes())
}

fn tolist(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = buffer(th, args.pos[0])?;
    let items: Vec<Value> = b.bytes().iter().map(|c| Value::int_unchecked(*c as i64)).collect();
    th.new_list(&items)
}

fn readonly(th: &mut Thread, v: Value) -> PyResult {
    buffer(th, v).map(|b| Value::from_bool(b.readonly))
}

fn shape(th: &mut Thread, v: Value) -> PyResult {
    if let Some(i) = items(th, v)? {
        if i.shape.is_empty() {
            return Ok(Value::NONE);
        }
        let lengths = th.m.root_vec();
        for n in i.shape {
            let n = th.long(&n.into())?;
            lengths.push(n.bits());
        }
        return th.try_tuple(ops::values(&lengths));
    }
    let n = buffer(th, v)?.len;
    let n = th.long(&n.into())?;
    Ok(th.new_tuple(&[n]))
}

fn strides(th: &mut Thread, v: Value) -> PyResult {
    if items(th, v)?.is_some() {
        return Ok(Value::NONE);
    }
    let n = th.long(&1.into())?;
    Ok(th.new_tuple(&[n]))
}
