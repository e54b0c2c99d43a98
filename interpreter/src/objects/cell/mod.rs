//! `cell`: a variable shared by a function and the functions inside it.

use crate::kinds::kind;
use crate::layout::PyCell;
use crate::native::{GetSetDef, NO_NEW, TypeDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `cell`.
pub static CELL: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(repr),
        cmp: Some(cmp),
        hash: Some(crate::types::dispatch::unhashable),
        ..SlotTable::EMPTY
    },
    getset: &[GetSetDef {
        name: "cell_contents",
        get: |th, v| match content(th, v)? {
            Some(x) => Ok(x),
            None => Err(th.value_error("Cell is empty")),
        },
        set: None,
        doc: "",
    }],
    ..TypeDef::new("cell", kind::CELL)
};

fn content(th: &Thread, v: Value) -> PyResult<Slot> {
    match v.cast::<PyCell>() {
        Some(c) => Ok(c.read(th)?.content.get()),
        None => Ok(None),
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let text = match content(th, v)? {
        Some(x) => {
            let t = ops::type_name(x);
            format!("<cell at {:#x}: {t} object at {:#x}>", v.bits(), x.bits())
        }
        None => format!("<cell at {:#x}: empty>", v.bits()),
    };
    Ok(th.new_str(text.as_bytes()))
}

fn cmp(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    match (content(th, a)?, content(th, b)?) {
        (Some(x), Some(y)) => ops::cmp(th, x, y),
        (None, None) => Ok(0),
        (None, Some(_)) => Ok(-1),
        (Some(_), None) => Ok(1),
    }
}
