//! `builtin_function_or_method`.

use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, GetSetDef, NO_NEW, TypeDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `builtin_function_or_method`.
pub static BUILTIN: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(repr),
        hash: Some(hash),
        cmp: Some(cmp),
        call: Some(|th, v, a: Args<'_>| ops::call_args(th, v, a)),
        ..SlotTable::EMPTY
    },
    getset: &[
        GetSetDef {
            name: "__name__",
            get: |th, v| Ok(th.intern(def(v).def.name.as_bytes())),
            set: None,
            doc: "",
        },
        GetSetDef { name: "__doc__", get: doc, set: None, doc: "" },
        GetSetDef {
            name: "__self__",
            get: |_, v| Ok(def(v).receiver.unwrap_or(Value::NONE)),
            set: None,
            doc: "",
        },
        GetSetDef { name: "__module__", get: module, set: None, doc: "" },
    ],
    ..TypeDef::new("builtin_function_or_method", kind::BUILTIN)
};

fn def<'a>(v: Value) -> &'a PyBuiltin {
    match v.cast::<PyBuiltin>() {
        Some(b) => b.get(),
        None => panic!("a builtin's attribute was asked of something else"),
    }
}

fn doc(th: &mut Thread, v: Value) -> PyResult {
    let d = def(v).def.doc;
    Ok(if d.is_empty() { Value::NONE } else { th.new_str(d.as_bytes()) })
}

fn module(_: &mut Thread, v: Value) -> PyResult {
    let b = def(v);
    Ok(if b.receiver.is_none() { b.owner.unwrap_or(Value::NONE) } else { Value::NONE })
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let b = def(v);
    let n = b.def.name;
    let text = match b.receiver {
        None => format!("<built-in function {n}>"),
        Some(r) => {
            let t = ops::type_name(r);
            format!("<built-in method {n} of {t} object at {:#x}>", r.bits())
        }
    };
    Ok(th.new_str(text.as_bytes()))
}

fn hash(_: &mut Thread, v: Value) -> PyResult<i64> {
    let b = def(v);
    Ok((b.receiver.map_or(0, Value::bits) >> 4) as i64 ^ (b.def as *const _ as usize as i64 >> 4))
}

fn cmp(_: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    let key = |b: &PyBuiltin| (b.receiver.map_or(0, Value::bits), b.def.func as usize);
    Ok(key(def(a)).cmp(&key(def(b))) as i32)
}
