//! What `classobj` does as an object.

use super::{BASES, CLASSOBJ, DICT, NAME, dict, is_classobj, lookup};
use crate::layout::*;
use crate::names;
use crate::native::{Args, TypeDef};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::lookup::text;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

pub(super) const SLOTS: SlotTable = SlotTable {
    new: Some(new),
    repr: Some(repr),
    str: Some(str),
    hash: Some(o::object::hash),
    call: Some(call),
    getattr: Some(getattr),
    setattr: Some(setattr),
    ..SlotTable::EMPTY
};

fn new(th: &mut Thread, _class: Value, args: Args<'_>) -> PyResult {
    let [name, bases, dict] =
        args.bind(th, "classobj", ["name", "bases", "dict"], 3)?.map(|v| v.unwrap_or(Value::NONE));
    make(th, name, bases, dict)
}

/// A new old-style class; with a new-style base, what that base's metaclass makes.
pub fn make(th: &mut Thread, name: Value, bases: Value, dict: Value) -> PyResult {
    if name.payload::<PyStr>().is_none() {
        return Err(th.type_error("PyClass_New: name must be a string"));
    }
    if !o::dict::is_dict(dict) {
        return Err(th.type_error("PyClass_New: dict must be a dictionary"));
    }
    let Some(b) = bases.payload::<PyTuple>() else {
        return Err(th.type_error("PyClass_New: bases must be a tuple"));
    };
    for c in b.get().items() {
        if !is_classobj(*c) {
            let meta = crate::types::type_of(*c).value();
            if ops::callable(th, meta) {
                return ops::call(th, meta, &[name, bases, dict]);
            }
            return Err(th.type_error("PyClass_New: base must be a class"));
        }
    }
    let key = names::__doc__.get(th);
    if o::dict::get_str(th, dict, key)?.is_none() {
        o::dict::set_str(th, dict, key, Value::NONE)?;
    }
    let key = names::__module__.get(th);
    if o::dict::get_str(th, dict, key)?.is_none() && !th.frame.is_null() {
        // SAFETY: the top frame.
        let globals = unsafe { (*th.frame).globals };
        let n = names::__name__.get(th);
        if let Some(m) = o::dict::get_str(th, globals, n)? {
            o::dict::set_str(th, dict, key, m)?;
        }
    }
    Ok(th.new_record(&CLASSOBJ, &[Some(name), Some(b.value()), Some(dict)]))
}

fn name_of(th: &Thread, v: Value) -> String {
    v.cast::<PyRecord>().and_then(|r| r.unguarded().at(NAME).get()).map_or(String::from("?"), |n| text(th, n))
}

/// `module.name`.
pub fn full_name(th: &mut Thread, v: Value) -> String {
    let key = names::__module__.get(th);
    match o::dict::get_str_unguarded(dict(v), key) {
        Some(m) if m.payload::<PyStr>().is_some() => format!("{}.{}", text(th, m), name_of(th, v)),
        _ => format!("?.{}", name_of(th, v)),
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let n = full_name(th, v);
    Ok(th.new_str(format!("<class {n} at {:#x}>", v.bits()).as_bytes()))
}

fn str(th: &mut Thread, v: Value) -> PyResult {
    let n = full_name(th, v);
    Ok(th.new_str(n.as_bytes()))
}

fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let inst = o::instance::new_old_style(th, v)?;
    let key = names::__init__.get(th);
    match o::instance::plain(th, inst, key)? {
        Some(init) => {
            let r = ops::call_args(th, init, args)?;
            if !r.is_none() {
                return Err(th.type_error("__init__() should return None"));
            }
        }
        None if !args.is_empty() || !args.kw.is_empty() => {
            return Err(th.type_error("this constructor takes no arguments"));
        }
        None => {}
    }
    Ok(inst)
}

fn getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    match th.str_bytes(name) {
        b"__dict__" => return Ok(dict(v)),
        b"__bases__" => {
            return Ok(v
                .cast::<PyRecord>()
                .and_then(|r| r.unguarded().at(BASES).get())
                .unwrap_or(Value::NONE));
        }
        b"__name__" => {
            return Ok(v
                .cast::<PyRecord>()
                .and_then(|r| r.unguarded().at(NAME).get())
                .unwrap_or(Value::NONE));
        }
        _ => {}
    }
    // What `classobj` itself has is no attribute of old-style classes.
    match lookup(v, name) {
        Some(x) => match ops::slots_of(x).descr_get {
            Some(get) => get(th, x, None, Some(v)),
            None => Ok(x),
        },
        None => {
            let (c, n) = (name_of(th, v), text(th, name));
            Err(th.attribute_error(format!("class {c} has no attribute '{n}'")))
        }
    }
}

fn setattr(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<()> {
    let Some(r) = v.cast::<PyRecord>() else { return Ok(()) };
    // Classes are read-mostly: see types/modify.rs.
    if !th.m.tx.is_solo() && !gc_stm::is_young(r.obj()) {
        if let Err(c) = th.m.tx.enter_exclusive() {
            return Err(th.conflict(c));
        }
        th.m.tx.record().request_own(stm_core::Requests::COMMIT);
    }
    match th.str_bytes(name) {
        b"__dict__" => {
            let Some(d) = x.filter(|d| o::dict::is_dict(*d)) else {
                return Err(th.type_error("__dict__ must be a dictionary object"));
            };
            r.write(th)?.at(DICT).set(Some(d));
            return Ok(());
        }
        b"__bases__" => {
            let Some(t) = x.and_then(|x| x.payload::<PyTuple>()) else {
                return Err(th.type_error("__bases__ must be a tuple object"));
            };
            for c in t.get().items() {
                if !is_classobj(*c) {
                    return Err(th.type_error("__bases__ items must be classes"));
                }
                if super::is_subclass(*c, v) {
                    return Err(th.type_error("a __bases__ item causes an inheritance cycle"));
                }
            }
            r.write(th)?.at(BASES).set(Some(t.value()));
            return Ok(());
        }
        b"__name__" => {
            let Some(n) = x.filter(|n| n.payload::<PyStr>().is_some()) else {
                return Err(th.type_error("__name__ must be a string object"));
            };
            r.write(th)?.at(NAME).set(Some(n));
            return Ok(());
        }
        _ => {}
    }
    match x {
        Some(x) => o::dict::set_str(th, dict(v), name, x),
        None => {
            if o::dict::delete_str(th, dict(v), name)? {
                return Ok(());
            }
            let (c, n) = (name_of(th, v), text(th, name));
            Err(th.attribute_error(format!("class {c} has no attribute '{n}'")))
        }
    }
}

/// For the declaration.
pub const DEF: TypeDef = TypeDef {
    slots: SLOTS,
    flags: 0,
    doc: Some(
        "classobj(name, bases, dict)\n\nCreate a class object.  The name must be a string; the second argument\na tuple of classes, and the third a dictionary.",
    ),
    ..TypeDef::new("classobj", crate::kinds::kind::RECORD)
};
