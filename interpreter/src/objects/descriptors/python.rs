//! `property`, `staticmethod`, `classmethod`.

use super::fixed_slot;
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, BASETYPE, GetSetDef, KEYWORDS, MethodDef, TypeDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{type_of, wrap_new};
use crate::value::{Slot, Value};

/// `property`: getter, setter, deleter, doc.
pub static PROPERTY: TypeDef = TypeDef {
    doc: Some("property(fget=None, fset=None, fdel=None, doc=None) -> property attribute"),
    flags: BASETYPE,
    slots: SlotTable {
        new: Some(|th, class, _| {
            let r = th.new_record(&PROPERTY, &[None; 5]);
            wrap_new(th, class, &PROPERTY, r)
        }),
        init: Some(property_init),
        descr_get: Some(property_get),
        descr_set: Some(property_set),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new(
            "getter",
            |th, a| property_copy(th, a, 0),
            1,
            1,
            KEYWORDS,
            "Descriptor to change the getter on a property.",
        ),
        MethodDef::new(
            "setter",
            |th, a| property_copy(th, a, 1),
            1,
            1,
            KEYWORDS,
            "Descriptor to change the setter on a property.",
        ),
        MethodDef::new(
            "deleter",
            |th, a| property_copy(th, a, 2),
            1,
            1,
            KEYWORDS,
            "Descriptor to change the deleter on a property.",
        ),
    ],
    getset: &[
        GetSetDef { name: "fget", get: |th, v| part(th, v, 0), set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "fset", get: |th, v| part(th, v, 1), set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "fdel", get: |th, v| part(th, v, 2), set: Some(crate::native::read_only), doc: "" },
        GetSetDef {
            name: "__doc__",
            get: |th, v| part(th, v, 3),
            set: Some(crate::native::read_only),
            doc: "",
        },
    ],
    ..TypeDef::new("property", kind::RECORD)
};

fn part(_: &mut Thread, v: Value, i: usize) -> PyResult {
    Ok(fixed_slot(v, i).unwrap_or(Value::NONE))
}

fn property_init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let parts = args.bind(th, "property", ["fget", "fset", "fdel", "doc"], 0)?;
    let mut parts = parts.map(|p| p.filter(|v| !v.is_none()));
    let mut from_getter = false;
    if parts[3].is_none()
        && let Some(g) = parts[0]
    {
        let n = crate::names::__doc__.get(th);
        if let Some(d) = ops::getattr_opt(th, g, n)? {
            parts[3] = Some(d);
            from_getter = true;
        }
    }
    let Some(r) = v.payload::<PyRecord>() else { return Ok(()) };
    let u = r.write(th)?;
    for (c, p) in u.slots().iter().zip(parts) {
        c.set(p);
    }
    u.at(4).set(if from_getter { Some(Value::TRUE) } else { None });
    if v.cast::<PyInstance>().is_some()
        && let Some(d) = parts[3]
        && from_getter
    {
        // A subclass instance shows the getter's doc as an attribute of its own.
        let n = crate::names::__doc__.get(th);
        ops::setattr(th, v, n, Some(d))?;
    }
    Ok(())
}

fn property_copy(th: &mut Thread, a: Args<'_>, which: usize) -> PyResult {
    let v = a.pos[0];
    let mut parts = [0, 1, 2, 3].map(|i| fixed_slot(v, i).unwrap_or(Value::NONE));
    parts[which] = a.pos[1];
    if fixed_slot(v, 4).is_some() && which == 0 {
        parts[3] = Value::NONE;
    } else if fixed_slot(v, 4).is_some() {
        parts[3] = Value::NONE;
    }
    let class = type_of(v).value();
    ops::call(th, class, &parts)
}

fn property_get(th: &mut Thread, d: Value, obj: Slot, _: Slot) -> PyResult {
    let Some(x) = obj else { return Ok(d) };
    match fixed_slot(d, 0) {
        Some(f) => ops::call(th, f, &[x]),
        None => Err(th.attribute_error("unreadable attribute")),
    }
}

fn property_set(th: &mut Thread, d: Value, obj: Value, x: Slot) -> PyResult<()> {
    match x {
        Some(x) => match fixed_slot(d, 1) {
            Some(f) => ops::call(th, f, &[obj, x]).map(|_| ()),
            None => Err(th.attribute_error("can't set attribute")),
        },
        None => match fixed_slot(d, 2) {
            Some(f) => ops::call(th, f, &[obj]).map(|_| ()),
            None => Err(th.attribute_error("can't delete attribute")),
        },
    }
}

const FUNC_GETSET: &[GetSetDef] = &[GetSetDef {
    name: "__func__",
    get: |_, v| Ok(fixed_slot(v, 0).unwrap_or(Value::NONE)),
    set: Some(crate::native::read_only),
    doc: "",
}];

/// `staticmethod`.
pub static STATICMETHOD: TypeDef = TypeDef {
    doc: Some("staticmethod(function) -> method\n\nConvert a function to be a static method."),
    slots: SlotTable {
        new: Some(|th, class, _| {
            let r = th.new_record(&STATICMETHOD, &[None]);
            wrap_new(th, class, &STATICMETHOD, r)
        }),
        init: Some(|th, v, args| holder_init(th, v, args, "staticmethod")),
        descr_get: Some(|th, d, _, _| holder_get(th, d, "staticmethod")),
        ..SlotTable::EMPTY
    },
    getset: FUNC_GETSET,
    ..TypeDef::new("staticmethod", kind::RECORD)
};

/// `classmethod`.
pub static CLASSMETHOD: TypeDef = TypeDef {
    doc: Some("classmethod(function) -> method\n\nConvert a function to be a class method."),
    slots: SlotTable {
        new: Some(|th, class, _| {
            let r = th.new_record(&CLASSMETHOD, &[None]);
            wrap_new(th, class, &CLASSMETHOD, r)
        }),
        init: Some(|th, v, args| holder_init(th, v, args, "classmethod")),
        descr_get: Some(|th, d, obj, ty| {
            let f = holder_get(th, d, "classmethod")?;
            let class = match (ty, obj) {
                (Some(t), _) => t,
                (None, Some(x)) => type_of(x).value(),
                (None, None) => return Ok(f),
            };
            let meta = type_of(class).value();
            Ok(th.new_method(f, Some(class), Some(meta)))
        }),
        ..SlotTable::EMPTY
    },
    getset: FUNC_GETSET,
    ..TypeDef::new("classmethod", kind::RECORD)
};

fn holder_init(th: &mut Thread, v: Value, args: Args<'_>, name: &str) -> PyResult<()> {
    if !args.kw.is_empty() {
        return Err(th.type_error(format!("{name} does not take keyword arguments")));
    }
    if args.len() != 1 {
        let n = args.len();
        return Err(th.type_error(format!("{name} expected 1 arguments, got {n}")));
    }
    if let Some(r) = v.payload::<PyRecord>() {
        r.write(th)?.at(0).set(Some(args.pos[0]));
    }
    Ok(())
}

fn holder_get(th: &mut Thread, d: Value, name: &str) -> PyResult {
    match fixed_slot(d, 0) {
        Some(f) => Ok(f),
        None => Err(th.runtime_error(format!("uninitialized {name} object"))),
    }
}
