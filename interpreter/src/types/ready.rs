//! Making the class objects of built-in types from their declarations.
//!
//! Those of native modules are made when somebody first needs them, and then several threads may. So:
//! 1. the maker is inevitable: one at a time (a second one finds the type made), and what it does is not undone;
//! 2. others find the class only once it is complete and old: its address is published last.
//!
//! Checked by `tests/python/test_threads.py` (`NativeTypes`).

use super::special::{NEW, SEQUENCE, SPECIALS};
use super::{flag, lookup};
use crate::layout::*;
use crate::native::{BASETYPE, CLASS, NO_NEW, STATIC, TypeDef};
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::Ordering;

/// Makes every type of `objects::ALL` and the exceptions ready. The first two (object, type) refer to each other.
pub fn start(th: &mut Thread) -> PyResult<()> {
    // Types whose instances the making itself needs exist first as bare objects.
    let all = || o::ALL.iter().chain(o::exceptions::ALL);
    for d in all() {
        let class = o::typeobject::TYPE.class_bits();
        let t = bare(th, d, class);
        d.cell.set(t.value());
    }
    // The first ones were made before `type` had an address.
    for d in all() {
        gc_stm::set_class(d.class().obj_unchecked(), o::typeobject::TYPE.class_bits());
    }
    o::tuple::make_empty(th);
    for d in all() {
        // SAFETY: made by `bare`.
        fill(th, d, unsafe { d.class().cast_unchecked() })?;
    }
    // Known to the whole runtime, and roots: minor collections look at no global roots.
    for d in all() {
        th.m.make_immortal(d.class().obj_unchecked());
    }
    Ok(())
}

/// Makes a type of a native module ready at its first use.
///
/// The address in the declaration outlives any transaction, so an abort must not empty the type behind it: the
/// transaction becomes one that cannot abort.
pub fn ready(th: &mut Thread, d: &'static TypeDef) -> PyResult {
    if !d.cell.is_set() {
        make(th, d)?;
    }
    Ok(d.class())
}

#[cold]
fn make(th: &mut Thread, d: &'static TypeDef) -> PyResult<()> {
    th.become_inevitable()?;
    // Another thread may have been faster while this one waited for its turn.
    if d.cell.is_set() {
        return Ok(());
    }
    if let Some(b) = d.base {
        ready(th, b)?;
    }
    let meta = match d.meta {
        Some(m) => ready(th, m)?,
        None => o::typeobject::TYPE.class(),
    };
    let t = bare(th, d, meta.bits());
    fill(th, d, t)?;
    th.m.make_old_now(t.obj());
    th.rt.roots.lock().push(t.value());
    d.cell.set(t.value());
    Ok(())
}

/// The type object with its fixed fields.
fn bare(th: &Thread, d: &'static TypeDef, class: u64) -> Ref<PyType> {
    let t: Ref<PyType> = th.alloc_fixed(class, round16(size_of::<PyType>()));
    th.m.register_native(t.obj(), 64);
    let u = t.unguarded();
    // SAFETY: fresh object; raw stores, since the zeroed cells are not valid values yet.
    unsafe {
        let p = t.as_ptr();
        std::ptr::addr_of_mut!((*p).layout).write(std::cell::Cell::new(d));
        std::ptr::addr_of_mut!((*p).name).write(std::cell::Cell::new(Value::NONE));
        std::ptr::addr_of_mut!((*p).dict).write(std::cell::Cell::new(Value::NONE));
        std::ptr::addr_of_mut!((*p).bases).write(std::cell::Cell::new(Value::NONE));
    }
    u.version.store(0, Ordering::Relaxed);
    t
}

/// Name, bases, MRO, dict and slots.
fn fill(th: &mut Thread, d: &'static TypeDef, t: Ref<PyType>) -> PyResult<()> {
    // Interning a name makes it old, and with it the type `str` and whatever else it reaches: from then on the type's
    // fields must be in the log like those of any old object.
    t.write(th)?;
    let u = t.unguarded();
    let is_object = std::ptr::eq(d, &o::object::OBJECT);
    let base = if is_object { None } else { Some(d.base.unwrap_or(&o::object::OBJECT)) };
    let name = d.name.rsplit('.').next().unwrap_or(d.name);
    u.name.set(th.intern(name.as_bytes()));
    // SAFETY: bases come first in ALL, or were made ready.
    let base_type: Option<Ref<PyType>> = base.map(|b| unsafe { b.class().cast_unchecked() });
    u.base.set(base_type.map(Ref::value));
    let bases: Vec<Value> = base_type.iter().map(|b| b.value()).collect();
    u.bases.set(th.try_tuple(&bases)?);
    let mut mro = vec![t.value()];
    if let Some(b) = base_type
        && let Some(m) = b.unguarded().mro.get().and_then(|m| m.cast::<PyTuple>())
    {
        mro.extend_from_slice(m.get().items());
    }
    u.mro.set(Some(th.try_tuple(&mro)?));
    let mut flags = flag::PLAIN_GETATTR | flag::PLAIN_SETATTR;
    if d.flags & BASETYPE != 0 {
        flags |= flag::BASETYPE;
    }
    if d.flags & NO_NEW != 0 {
        flags |= flag::NO_NEW;
    }
    if let Some(b) = base_type {
        flags |= b.unguarded().flags.get() & (flag::HAS_DICT | flag::HAS_WEAKREF | flag::PAYLOAD);
    }
    if d.flags & crate::native::HAS_DICT != 0 {
        flags |= flag::HAS_DICT;
    }
    if d.flags & crate::native::PAYLOAD != 0 {
        flags |= flag::PAYLOAD;
    }
    if d.flags & crate::native::WEAKREFS != 0 {
        flags |= flag::HAS_WEAKREF;
    }
    u.flags.set(flags);
    let mut slots = d.slots;
    if let Some(b) = base_type {
        slots.inherit(b.slots());
        if d.flags & NO_NEW != 0 {
            slots.new = None;
        }
        // An ordering without a hash of its own does not inherit object's hash.
        if (d.slots.cmp.is_some() || d.slots.richcmp.is_some()) && d.slots.hash.is_none() {
            slots.hash = b.slots().hash;
        }
    }
    u.slots.set(slots);
    if d.slots.getattr.is_some()
        || !is_default(slots.getattr.map_or(0, |f| f as usize), lookup::generic_getattr as *const () as usize)
    {
        u.flags.set(u.flags.get() & !flag::PLAIN_GETATTR);
    }
    if d.slots.setattr.is_some() {
        u.flags.set(u.flags.get() & !flag::PLAIN_SETATTR);
    }
    if is_object {
        u.flags.set(u.flags.get() | flag::PLAIN_GETATTR | flag::PLAIN_SETATTR);
    }
    let dict = th.new_dict();
    u.dict.set(dict);
    let owner = Some(t.value());
    let add = |th: &mut Thread, name: &str, v: Value| {
        let n = th.intern(name.as_bytes());
        o::dict::set_str(th, dict, n, v)
    };
    for s in SPECIALS {
        if (s.get)(&d.slots) != 0 {
            let v = th.new_builtin(o::descriptors::WRAPPER_DESCRIPTOR.class(), &s.def, None, owner);
            add(th, s.def.name, v)?;
        }
    }
    for (def, get) in SEQUENCE {
        if get(&d.slots) != 0 && !has_number(&d.slots, def.name) {
            let v = th.new_builtin(o::descriptors::WRAPPER_DESCRIPTOR.class(), def, None, owner);
            add(th, def.name, v)?;
        }
    }
    if d.slots.new.is_some() {
        let v = th.new_builtin(o::builtin::BUILTIN.class(), &NEW, owner, None);
        add(th, "__new__", v)?;
    }
    for m in d.methods {
        let v = if m.flags & STATIC != 0 {
            let f = th.new_builtin(o::builtin::BUILTIN.class(), m, None, None);
            th.new_record(&o::descriptors::STATICMETHOD, &[Some(f)])
        } else if m.flags & CLASS != 0 {
            th.new_builtin(o::descriptors::CLASSMETHOD_DESCRIPTOR.class(), m, None, owner)
        } else {
            th.new_builtin(o::descriptors::METHOD_DESCRIPTOR.class(), m, None, owner)
        };
        add(th, m.name, v)?;
    }
    for g in d.getset {
        let v = o::descriptors::new_getset(th, g, t.value());
        add(th, g.name, v)?;
    }
    // Where instances have a __doc__ of their own, the type's text is found by the getter of `type.__doc__`.
    if d.getset.iter().all(|g| g.name != "__doc__") {
        let doc = d.doc.map_or(Value::NONE, |t| th.new_str(t.as_bytes()));
        add(th, "__doc__", doc)?;
    }
    if let Some(h) = d.slots.hash
        && h as usize == super::dispatch::unhashable as *const () as usize
    {
        add(th, "__hash__", Value::NONE)?;
    }
    if let Some(b) = base_type {
        super::create::add_subclass(th, b, t)?;
    }
    u.flags.set(u.flags.get() | flag::READY);
    Ok(())
}

fn is_default(f: usize, generic: usize) -> bool {
    f == 0 || f == generic
}

fn has_number(s: &super::slots::SlotTable, name: &str) -> bool {
    match name {
        "__add__" => s.add.is_some(),
        "__mul__" | "__rmul__" => s.mul.is_some(),
        "__iadd__" => s.iadd.is_some(),
        _ => s.imul.is_some(),
    }
}
