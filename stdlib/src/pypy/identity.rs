//! `identity_dict`: a mapping whose keys are compared with `is`. Inside is a dict from `id(key)` to the pair of key and value.

use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyRecord, PyTuple, Ref};
use interpreter::native::{Args, MethodDef, NO_NEW, TypeDef};
use interpreter::objects::{dict, list};
use interpreter::types::slots::SlotTable;
use interpreter::value::{Slot, Value};
use interpreter::{PyResult, Thread};

/// What `identity_dict` makes: a record of the dict inside.
pub(super) static IDENTITY_DICT: TypeDef = TypeDef {
    module: "__pypy__",
    flags: NO_NEW,
    slots: SlotTable {
        len: Some(|th, v| {
            let d = inside(th, v)?;
            dict::len(th, d)
        }),
        getitem: Some(|th, v, k| match find(th, v, k)? {
            Some(x) => Ok(x),
            None => Err(th.key_error(k)),
        }),
        setitem: Some(setitem),
        contains: Some(|th, v, k| Ok(find(th, v, k)?.is_some())),
        iter: Some(|th, _| {
            Err(th.type_error("'identity_dict' object does not support iteration; iterate over x.keys()"))
        }),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("get", get, 1, 2, 0, "get(key[, default])"),
        MethodDef::new("keys", |th, args| parts(th, args.pos[0], 0), 0, 0, 0, "keys() -> list"),
        MethodDef::new("values", |th, args| parts(th, args.pos[0], 1), 0, 0, 0, "values() -> list"),
        MethodDef::new("clear", clear, 0, 0, 0, "clear()"),
    ],
    ..TypeDef::new("identity_dict", kind::RECORD)
};

pub(super) fn new(th: &mut Thread, _: Args<'_>) -> PyResult {
    let d = th.new_dict();
    Ok(th.new_record(&IDENTITY_DICT, &[Some(d)]))
}

/// The dict inside; it is never replaced.
fn inside(th: &mut Thread, v: Value) -> PyResult<Ref<PyDict>> {
    let d = v.cast::<PyRecord>().and_then(|r| r.unguarded().at(0).get());
    match d.and_then(|d| d.cast::<PyDict>()) {
        Some(d) => Ok(d),
        None => Err(th.type_error("an identity_dict is needed")),
    }
}

fn find(th: &mut Thread, v: Value, key: Value) -> PyResult<Slot> {
    let id = th.integer_i128(i128::from(key.bits()))?;
    let d = inside(th, v)?;
    let pair = dict::get(th, d, id)?;
    Ok(pair.and_then(|p| p.cast::<PyTuple>()).and_then(|p| p.get().items().get(1).copied()))
}

fn setitem(th: &mut Thread, v: Value, key: Value, x: Slot) -> PyResult<()> {
    let id = th.integer_i128(i128::from(key.bits()))?;
    let d = inside(th, v)?;
    match x {
        Some(x) => {
            let pair = th.new_tuple(&[key, x]);
            dict::set(th, d, id, pair)
        }
        None if dict::delete(th, d, id)? => Ok(()),
        None => Err(th.key_error(key)),
    }
}

fn get(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(find(th, args.pos[0], args.pos[1])?.or(args.get(2)).unwrap_or(Value::NONE))
}

/// The list of all keys (0) or values (1).
fn parts(th: &mut Thread, v: Value, which: usize) -> PyResult {
    let out = th.new_list(&[])?;
    let d = inside(th, v)?;
    let mut at = 0;
    while let Some((_, pair)) = dict::next_entry(th, d, &mut at)? {
        if let Some(x) = pair.cast::<PyTuple>().and_then(|p| p.get().items().get(which).copied()) {
            list::push(th, out, x)?;
        }
    }
    Ok(out)
}

fn clear(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = inside(th, args.pos[0])?;
    dict::clear(th, d)?;
    Ok(Value::NONE)
}
