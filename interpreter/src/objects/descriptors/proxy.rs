//! `dictproxy`: the read-only view of a class dict.

use super::fixed_slot;
use crate::kinds::kind;
use crate::names;
use crate::native::{Args, MethodDef, NO_NEW, TypeDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `dictproxy`.
pub static DICTPROXY: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(|th, v| {
            let s = ops::repr(th, dict(v))?;
            let text = format!("dict_proxy({})", String::from_utf8_lossy(th.str_bytes(s)));
            Ok(th.new_str(text.as_bytes()))
        }),
        str: Some(|th, v| ops::str(th, dict(v))),
        iter: Some(|th, v| ops::iter(th, dict(v))),
        len: Some(|th, v| ops::len(th, dict(v))),
        getitem: Some(|th, v, k| ops::getitem(th, dict(v), k)),
        contains: Some(|th, v, k| ops::contains(th, dict(v), k)),
        richcmp: Some(|th, a, b, op| ops::rich_compare(th, dict(a), b, op)),
        hash: Some(crate::types::dispatch::unhashable),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new(
            "has_key",
            |th, a| ops::contains(th, dict(a.pos[0]), a.pos[1]).map(Value::from_bool),
            1,
            1,
            0,
            "",
        ),
        MethodDef::new("get", |th, a| forward(th, a, &names::get), 1, 2, 0, ""),
        MethodDef::new("keys", |th, a| forward(th, a, &names::keys), 0, 0, 0, ""),
        MethodDef::new("values", |th, a| forward(th, a, &names::values), 0, 0, 0, ""),
        MethodDef::new("items", |th, a| forward(th, a, &names::items), 0, 0, 0, ""),
        MethodDef::new("iteritems", |th, a| forward(th, a, &names::iteritems), 0, 0, 0, ""),
        MethodDef::new("iterkeys", |th, a| forward(th, a, &names::iterkeys), 0, 0, 0, ""),
        MethodDef::new("itervalues", |th, a| forward(th, a, &names::itervalues), 0, 0, 0, ""),
        MethodDef::new("copy", |th, a| forward(th, a, &names::copy), 0, 0, 0, ""),
    ],
    ..TypeDef::new("dictproxy", kind::RECORD)
};

fn dict(v: Value) -> Value {
    fixed_slot(v, 0).unwrap_or(v)
}

fn forward(th: &mut Thread, a: Args<'_>, name: &crate::name::Name) -> PyResult {
    let m = ops::getattr_name(th, dict(a.pos[0]), name)?;
    ops::call_args(th, m, a.skip(1))
}
