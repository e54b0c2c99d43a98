//! Descriptors of built-in types: method, wrapper, class method, getset, member.

use super::{fixed_slot, owner_name};
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{Args, GetSetDef, NO_NEW, TypeDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::types::{is_subtype, type_of};
use crate::value::{Slot, Value};

const BUILTIN_GETSET: &[GetSetDef] = &[
    GetSetDef { name: "__name__", get: builtin_name, set: Some(crate::native::read_only), doc: "" },
    GetSetDef { name: "__doc__", get: builtin_doc, set: None, doc: "" },
    GetSetDef { name: "__objclass__", get: builtin_owner, set: Some(crate::native::read_only), doc: "" },
];

/// `method_descriptor`.
pub static METHOD_DESCRIPTOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(method_repr),
        descr_get: Some(method_get),
        call: Some(builtin_call),
        ..SlotTable::EMPTY
    },
    getset: BUILTIN_GETSET,
    ..TypeDef::new("method_descriptor", kind::BUILTIN)
};

/// `wrapper_descriptor`.
pub static WRAPPER_DESCRIPTOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(wrapper_repr),
        descr_get: Some(wrapper_get),
        call: Some(builtin_call),
        ..SlotTable::EMPTY
    },
    getset: BUILTIN_GETSET,
    ..TypeDef::new("wrapper_descriptor", kind::BUILTIN)
};

/// `classmethod_descriptor`.
pub static CLASSMETHOD_DESCRIPTOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(method_repr),
        descr_get: Some(classmethod_get),
        call: Some(classmethod_call),
        ..SlotTable::EMPTY
    },
    getset: BUILTIN_GETSET,
    ..TypeDef::new("classmethod_descriptor", kind::BUILTIN)
};

/// `method-wrapper`: a wrapper descriptor bound to an object.
pub static METHOD_WRAPPER: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(bound_repr),
        cmp: Some(bound_cmp),
        hash: Some(bound_hash),
        call: Some(builtin_call),
        ..SlotTable::EMPTY
    },
    getset: &[
        GetSetDef { name: "__name__", get: builtin_name, set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "__doc__", get: builtin_doc, set: None, doc: "" },
        GetSetDef { name: "__objclass__", get: builtin_owner, set: Some(crate::native::read_only), doc: "" },
        GetSetDef { name: "__self__", get: bound_self, set: Some(crate::native::read_only), doc: "" },
    ],
    ..TypeDef::new("method-wrapper", kind::BUILTIN)
};

/// `getset_descriptor`.
pub static GETSET_DESCRIPTOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(getset_repr),
        descr_get: Some(getset_get),
        descr_set: Some(getset_set),
        ..SlotTable::EMPTY
    },
    getset: &[
        GetSetDef {
            name: "__name__",
            get: |th, v| getset_text(th, v, |d| d.name),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef { name: "__doc__", get: getset_doc, set: None, doc: "" },
        GetSetDef { name: "__objclass__", get: getset_owner, set: Some(crate::native::read_only), doc: "" },
    ],
    ..TypeDef::new("getset_descriptor", kind::GETSET)
};

/// `member_descriptor`: name, slot number and class of a `__slots__` entry.
pub static MEMBER_DESCRIPTOR: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable {
        repr: Some(member_repr),
        descr_get: Some(member_get),
        descr_set: Some(member_set),
        ..SlotTable::EMPTY
    },
    getset: &[
        GetSetDef {
            name: "__name__",
            get: |_, v| Ok(fixed_slot(v, 0).unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "",
        },
        GetSetDef {
            name: "__objclass__",
            get: |_, v| Ok(fixed_slot(v, 2).unwrap_or(Value::NONE)),
            set: Some(crate::native::read_only),
            doc: "",
        },
    ],
    ..TypeDef::new("member_descriptor", kind::RECORD)
};

fn builtin_call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    ops::call_args(th, v, args)
}

fn as_builtin(th: &mut Thread, v: Value) -> PyResult<Ref<PyBuiltin>> {
    match v.cast::<PyBuiltin>() {
        Some(b) => Ok(b),
        None => Err(th.type_error("a built-in method is needed")),
    }
}

fn builtin_name(th: &mut Thread, v: Value) -> PyResult {
    let b = as_builtin(th, v)?;
    Ok(th.intern(b.def.name.as_bytes()))
}

fn builtin_doc(th: &mut Thread, v: Value) -> PyResult {
    let b = as_builtin(th, v)?;
    Ok(if b.def.doc.is_empty() { Value::NONE } else { th.new_str(b.def.doc.as_bytes()) })
}

fn builtin_owner(th: &mut Thread, v: Value) -> PyResult {
    let b = as_builtin(th, v)?;
    Ok(b.owner.unwrap_or(Value::NONE))
}

fn method_repr(th: &mut Thread, v: Value) -> PyResult {
    let b = as_builtin(th, v)?;
    let (n, o) = (b.def.name, owner_name(th, b.owner));
    Ok(th.new_str(format!("<method '{n}' of '{o}' objects>").as_bytes()))
}

fn wrapper_repr(th: &mut Thread, v: Value) -> PyResult {
    let b = as_builtin(th, v)?;
    let (n, o) = (b.def.name, owner_name(th, b.owner));
    Ok(th.new_str(format!("<slot wrapper '{n}' of '{o}' objects>").as_bytes()))
}

/// Checks that the object a descriptor is fetched from is an instance of its class.
fn check_instance(th: &mut Thread, name: &str, owner: Slot, obj: Value) -> PyResult<()> {
    if let Some(t) = owner.and_then(|c| c.cast::<PyType>())
        && !is_subtype(type_of(obj), t)
    {
        let (o, k) = (t.name(), ops::type_name(obj));
        return Err(
            th.type_error(format!("descriptor '{name}' for '{o}' objects doesn't apply to '{k}' object"))
        );
    }
    Ok(())
}

fn method_get(th: &mut Thread, d: Value, obj: Slot, _: Slot) -> PyResult {
    let b = as_builtin(th, d)?;
    match obj {
        None => Ok(d),
        Some(x) => {
            check_instance(th, b.def.name, b.owner, x)?;
            Ok(th.new_builtin(o::builtin::BUILTIN.class(), b.get().def, Some(x), b.owner))
        }
    }
}

fn wrapper_get(th: &mut Thread, d: Value, obj: Slot, _: Slot) -> PyResult {
    let b = as_builtin(th, d)?;
    match obj {
        None => Ok(d),
        Some(x) => {
            check_instance(th, b.def.name, b.owner, x)?;
            Ok(th.new_builtin(METHOD_WRAPPER.class(), b.get().def, Some(x), b.owner))
        }
    }
}

fn classmethod_get(th: &mut Thread, d: Value, obj: Slot, ty: Slot) -> PyResult {
    let b = as_builtin(th, d)?;
    let class = match (ty, obj) {
        (Some(t), _) => t,
        (None, Some(x)) => type_of(x).value(),
        (None, None) => {
            let (n, o) = (b.def.name, owner_name(th, b.owner));
            return Err(
                th.type_error(format!("descriptor '{n}' for type '{o}' needs either an object or a type"))
            );
        }
    };
    if let (Some(c), Some(own)) = (class.cast::<PyType>(), b.owner.and_then(|c| c.cast::<PyType>()))
        && !is_subtype(c, own)
    {
        let (n, o, k) = (b.def.name, own.name(), c.name());
        return Err(th.type_error(format!("descriptor '{n}' for type '{o}' doesn't apply to type '{k}'")));
    }
    Ok(th.new_builtin(o::builtin::BUILTIN.class(), b.get().def, Some(class), b.owner))
}

fn classmethod_call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let b = as_builtin(th, v)?;
    let Some(class) = args.get(0) else {
        let (n, o) = (b.def.name, owner_name(th, b.owner));
        return Err(th.type_error(format!("descriptor '{n}' of '{o}' object needs an argument")));
    };
    let f = classmethod_get(th, v, None, Some(class))?;
    ops::call_args(th, f, args.skip(1))
}

fn bound_repr(th: &mut Thread, v: Value) -> PyResult {
    let b = as_builtin(th, v)?;
    let x = b.receiver.unwrap_or(Value::NONE);
    let (n, t) = (b.def.name, ops::type_name(x));
    Ok(th.new_str(format!("<method-wrapper '{n}' of {t} object at {:#x}>", x.bits()).as_bytes()))
}

fn bound_cmp(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    let (x, y) = (as_builtin(th, a)?.get(), as_builtin(th, b)?.get());
    let key = |b: &PyBuiltin| (b.def as *const _ as usize, b.owner.map_or(0, Value::bits));
    match key(x).cmp(&key(y)) {
        std::cmp::Ordering::Equal => {
            ops::cmp(th, x.receiver.unwrap_or(Value::NONE), y.receiver.unwrap_or(Value::NONE))
        }
        unequal => Ok(unequal as i32),
    }
}

fn bound_hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let b = as_builtin(th, v)?;
    let h = ops::hash(th, b.receiver.unwrap_or(Value::NONE))?;
    Ok(h ^ (b.get().def as *const _ as usize as i64 >> 4))
}

fn bound_self(th: &mut Thread, v: Value) -> PyResult {
    Ok(as_builtin(th, v)?.receiver.unwrap_or(Value::NONE))
}

/// A getset descriptor object.
pub fn new_getset(th: &Thread, def: &'static GetSetDef, owner: Value) -> Value {
    let r: Ref<PyGetSet> = th.alloc_fixed(GETSET_DESCRIPTOR.class_bits(), 32);
    // SAFETY: fresh object.
    unsafe {
        std::ptr::addr_of_mut!((*r.as_ptr()).def).write(def);
        std::ptr::addr_of_mut!((*r.as_ptr()).owner).write(owner);
    }
    r.value()
}

fn as_getset(th: &mut Thread, v: Value) -> PyResult<&'static PyGetSet> {
    match v.cast::<PyGetSet>() {
        Some(g) => Ok(g.get()),
        None => Err(th.type_error("a getset descriptor is needed")),
    }
}

fn getset_text(th: &mut Thread, v: Value, f: fn(&GetSetDef) -> &'static str) -> PyResult {
    let g = as_getset(th, v)?;
    Ok(th.new_str(f(g.def).as_bytes()))
}

fn getset_doc(th: &mut Thread, v: Value) -> PyResult {
    let g = as_getset(th, v)?;
    Ok(if g.def.doc.is_empty() { Value::NONE } else { th.new_str(g.def.doc.as_bytes()) })
}

fn getset_owner(th: &mut Thread, v: Value) -> PyResult {
    Ok(as_getset(th, v)?.owner)
}

fn getset_repr(th: &mut Thread, v: Value) -> PyResult {
    let g = as_getset(th, v)?;
    let (n, o) = (g.def.name, owner_name(th, Some(g.owner)));
    Ok(th.new_str(format!("<attribute '{n}' of '{o}' objects>").as_bytes()))
}

fn getset_get(th: &mut Thread, d: Value, obj: Slot, _: Slot) -> PyResult {
    let g = as_getset(th, d)?;
    match obj {
        None => Ok(d),
        Some(x) => {
            check_instance(th, g.def.name, Some(g.owner), x)?;
            (g.def.get)(th, x)
        }
    }
}

fn getset_set(th: &mut Thread, d: Value, obj: Value, x: Slot) -> PyResult<()> {
    let g = as_getset(th, d)?;
    check_instance(th, g.def.name, Some(g.owner), obj)?;
    match g.def.set {
        Some(f) => f(th, obj, x),
        None => {
            let (n, o) = (g.def.name, owner_name(th, Some(g.owner)));
            Err(th.attribute_error(format!("attribute '{n}' of '{o}' objects is not writable")))
        }
    }
}

fn member_repr(th: &mut Thread, v: Value) -> PyResult {
    let n = fixed_slot(v, 0).map_or(String::new(), |n| crate::types::lookup::text(th, n));
    let o = owner_name(th, fixed_slot(v, 2));
    Ok(th.new_str(format!("<member '{n}' of '{o}' objects>").as_bytes()))
}

/// Which slot of `obj` a member descriptor means; none if `d` is no member descriptor, or not one of its class.
pub fn member_slot(d: Value, obj: Value) -> Option<(Ref<PyInstance>, usize)> {
    if type_of(d).value() != MEMBER_DESCRIPTOR.class() {
        return None;
    }
    let owner = fixed_slot(d, 2)?.cast::<PyType>()?;
    let i = fixed_slot(d, 1)?.as_small_int()?;
    if is_subtype(type_of(obj), owner) { Some((obj.cast::<PyInstance>()?, i as usize)) } else { None }
}

fn member_place(th: &mut Thread, d: Value, obj: Value) -> PyResult<(Ref<PyInstance>, usize)> {
    if let Some(place) = member_slot(d, obj) {
        return Ok(place);
    }
    let name = fixed_slot(d, 0).map_or(String::new(), |n| crate::types::lookup::text(th, n));
    check_instance(th, &name, fixed_slot(d, 2), obj)?;
    Err(th.attribute_error(name))
}

fn member_get(th: &mut Thread, d: Value, obj: Slot, _: Slot) -> PyResult {
    let Some(x) = obj else { return Ok(d) };
    let (r, i) = member_place(th, d, x)?;
    match r.read(th)?.slots().get(i).and_then(|c| c.get()) {
        Some(v) => Ok(v),
        None => {
            let n = fixed_slot(d, 0).map_or(String::new(), |n| crate::types::lookup::text(th, n));
            Err(th.attribute_error(n))
        }
    }
}

fn member_set(th: &mut Thread, d: Value, obj: Value, x: Slot) -> PyResult<()> {
    let (r, i) = member_place(th, d, obj)?;
    let inst = r.write(th)?;
    if let Some(c) = inst.slots().get(i) {
        if x.is_none() && c.get().is_none() {
            let n = fixed_slot(d, 0).map_or(String::new(), |n| crate::types::lookup::text(th, n));
            return Err(th.attribute_error(n));
        }
        c.set(x);
    }
    Ok(())
}
