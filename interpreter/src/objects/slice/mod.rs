//! The built-in type `slice`.

use crate::kinds::kind;
use crate::layout::{PySlice, Ref};
use crate::native::{Args, GetSetDef, MethodDef, TypeDef};
use crate::objects::list::{Bounds, not_a};
use crate::objects::unpack::{expect_args, no_keywords};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `slice`.
pub static SLICE: TypeDef = TypeDef {
    doc: Some("slice(stop)\nslice(start, stop[, step])\n\nWhich items a subscription with colons selects."),
    flags: 0,
    slots: SlotTable {
        repr: Some(repr),
        hash: Some(hash),
        cmp: Some(cmp),
        new: Some(new),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new(
            "indices",
            indices,
            1,
            1,
            0,
            "S.indices(len) -> (start, stop, step) for a sequence of that length",
        ),
        MethodDef::new("__reduce__", reduce, 0, 0, 0, "How to pickle the slice."),
    ],
    getset: &[
        GetSetDef {
            name: "start",
            get: |th, v| Ok(this(th, v)?.start),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "stop",
            get: |th, v| Ok(this(th, v)?.stop),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "step",
            get: |th, v| Ok(this(th, v)?.step),
            set: Some(crate::native::read_only),
            doc: "",
        },
    ],
    ..TypeDef::new("slice", kind::SLICE)
};

fn this(th: &mut Thread, v: Value) -> PyResult<Ref<PySlice>> {
    match v.cast::<PySlice>() {
        Some(s) => Ok(s),
        None => Err(not_a(th, "slice", v)),
    }
}

fn new(th: &mut Thread, _class: Value, args: Args<'_>) -> PyResult {
    no_keywords(th, &args, "slice")?;
    expect_args(th, &args, 0, "slice", 1, 3)?;
    Ok(match *args.pos {
        [stop] => th.new_slice(Value::NONE, stop, Value::NONE),
        [start, stop] => th.new_slice(start, stop, Value::NONE),
        _ => th.new_slice(args.pos[0], args.pos[1], args.pos[2]),
    })
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let s = this(th, v)?;
    let (a, b, c) = (th.repr_text(s.start)?, th.repr_text(s.stop)?, th.repr_text(s.step)?);
    Ok(th.new_str(format!("slice({a}, {b}, {c})").as_bytes()))
}

fn hash(th: &mut Thread, _: Value) -> PyResult<i64> {
    Err(th.type_error("unhashable type"))
}

fn cmp(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    let (x, y) = (this(th, a)?, this(th, b)?);
    for (v, w) in [(x.start, y.start), (x.stop, y.stop), (x.step, y.step)] {
        let c = ops::cmp(th, v, w)?;
        if c != 0 {
            return Ok(c);
        }
    }
    Ok(0)
}

fn indices(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    let n = ops::index_i64(th, args.pos[1], Some(&super::exceptions::OVERFLOW_ERROR))?;
    let span = Bounds::of(th, s)?.fit_signed(n);
    let parts = [th.int(span.start), th.int(span.stop), th.int(span.step)];
    Ok(th.new_tuple(&parts))
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    let parts = th.new_tuple(&[s.start, s.stop, s.step]);
    Ok(th.new_tuple(&[SLICE.class(), parts]))
}
