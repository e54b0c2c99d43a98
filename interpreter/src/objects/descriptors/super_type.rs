//! `super`.

use super::fixed_slot;
use crate::kinds::kind;
use crate::layout::*;
use crate::names;
use crate::native::{Args, GetSetDef, TypeDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{is_subtype, lookup, type_of, wrap_new};
use crate::value::{Slot, Value};

/// `super`: class, object, class of the object.
pub static SUPER: TypeDef = TypeDef {
    doc: Some(
        "super(type) -> unbound super object\nsuper(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)",
    ),
    slots: SlotTable {
        new: Some(|th, class, _| {
            let r = th.new_record(&SUPER, &[None; 3]);
            wrap_new(th, class, &SUPER, r)
        }),
        init: Some(init),
        repr: Some(repr),
        getattr: Some(getattr),
        descr_get: Some(descr_get),
        ..SlotTable::EMPTY
    },
    getset: &[
        GetSetDef {
            name: "__thisclass__",
            get: |_, v| Ok(fixed_slot(v, 0).unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "the class invoking super()",
        },
        GetSetDef {
            name: "__self__",
            get: |_, v| Ok(fixed_slot(v, 1).unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "the instance invoking super(); may be None",
        },
        GetSetDef {
            name: "__self_class__",
            get: |_, v| Ok(fixed_slot(v, 2).unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "the type of the instance invoking super(); may be None",
        },
    ],
    ..TypeDef::new("super", kind::RECORD)
};

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    if !args.kw.is_empty() {
        return Err(th.type_error("super does not take keyword arguments"));
    }
    if args.is_empty() || args.len() > 2 {
        let n = args.len();
        let (word, b, s) = if n == 0 { ("at least", 1, "") } else { ("at most", 2, "s") };
        return Err(th.type_error(format!("super() takes {word} {b} argument{s} ({n} given)")));
    }
    let Some(t) = args.pos[0].cast::<PyType>() else {
        let n = ops::type_name(args.pos[0]);
        return Err(th.type_error(format!("super() argument 1 must be type, not {n}")));
    };
    let obj = args.get(1).filter(|x| !x.is_none());
    let class = match obj {
        Some(x) => Some(check(th, t, x)?),
        None => None,
    };
    if let Some(r) = v.payload::<PyRecord>() {
        let u = r.write(th)?;
        u.at(0).set(Some(t.value()));
        u.at(1).set(obj);
        u.at(2).set(class.map(Ref::value));
    }
    Ok(())
}

/// The class whose MRO is searched.
fn check(th: &mut Thread, t: Ref<PyType>, x: Value) -> PyResult<Ref<PyType>> {
    if let Some(c) = x.cast::<PyType>()
        && is_subtype(c, t)
    {
        return Ok(c);
    }
    if is_subtype(type_of(x), t) {
        return Ok(type_of(x));
    }
    let n = names::__class__.get(th);
    if let Some(c) = ops::getattr_opt(th, x, n)?
        && let Some(c) = c.cast::<PyType>()
        && is_subtype(c, t)
    {
        return Ok(c);
    }
    Err(th.type_error("super(type, obj): obj must be an instance or subtype of type"))
}

fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let class = fixed_slot(v, 2).and_then(|c| c.cast::<PyType>());
    if let Some(start) = class
        && name != names::__class__.get(th)
        && let Some(mro) = start.unguarded().mro.get().and_then(|m| m.cast::<PyTuple>())
    {
        let this = fixed_slot(v, 0);
        let items = mro.get().items();
        let after = items.iter().position(|c| Some(*c) == this).map_or(items.len(), |i| i + 1);
        for c in &items[after..] {
            let found = match c.cast::<PyType>() {
                Some(k) => o::dict::get_str_unguarded(k.unguarded().dict.get(), name),
                None => o::dict::get_str_unguarded(o::classobj::dict(*c), name),
            };
            if let Some(f) = found {
                let obj = fixed_slot(v, 1);
                // super(type, type2): the object is the class itself, and methods stay unbound.
                let obj = obj.filter(|x| *x != start.value());
                return match ops::slots_of(f).descr_get {
                    Some(get) => get(th, f, obj, Some(start.value())),
                    None => Ok(f),
                };
            }
        }
    }
    lookup::generic_getattr(th, v, name)
}

fn descr_get(th: &mut Thread, d: Value, obj: Slot, _: Slot) -> PyResult {
    let Some(x) = obj.filter(|x| !x.is_none()) else { return Ok(d) };
    if fixed_slot(d, 1).is_some() {
        return Ok(d);
    }
    let this = fixed_slot(d, 0).unwrap_or(Value::NONE);
    let class = type_of(d).value();
    if class != SUPER.class() {
        return ops::call(th, class, &[this, x]);
    }
    let Some(t) = this.cast::<PyType>() else { return Ok(d) };
    let c = check(th, t, x)?;
    Ok(th.new_record(&SUPER, &[Some(this), Some(x), Some(c.value())]))
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let name = |s: Slot| s.and_then(|c| c.cast::<PyType>()).map_or(String::from("NULL"), Ref::name);
    let this = name(fixed_slot(v, 0));
    let text = match fixed_slot(v, 2) {
        Some(c) => format!("<super: <class '{this}'>, <{} object>>", name(Some(c))),
        None => format!("<super: <class '{this}'>, NULL>"),
    };
    Ok(th.new_str(text.as_bytes()))
}
