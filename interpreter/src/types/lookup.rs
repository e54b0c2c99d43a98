//! Attribute lookup along the MRO and the default `__getattribute__`/`__setattr__`.

use crate::layout::*;
use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::{flag, type_of};
use crate::value::{Slot, Value};
use std::sync::atomic::Ordering;

/// The version of a type for caches, assigned when first asked for.
#[inline]
pub fn version_of(th: &Thread, t: Ref<PyType>) -> u64 {
    let v = t.unguarded().version.load(Ordering::Acquire);
    if v != 0 {
        return v;
    }
    let fresh = th.rt.fresh_version();
    match t.unguarded().version.compare_exchange(0, fresh, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => fresh,
        Err(v) => v,
    }
}

/// The attribute `name` (interned) of a class as found along its MRO. Class dicts are read-mostly: no barrier.
#[inline]
pub fn type_lookup(th: &mut Thread, t: Ref<PyType>, name: Value) -> Slot {
    let version = version_of(th, t);
    if let Some(r) = th.method_cache.get(version, name) {
        return r;
    }
    let r = type_lookup_slow(t, name);
    debug_assert!(!gc_stm::is_young(name.obj_unchecked()));
    // A private (young) class may still change without a new version being published: not cached.
    th.method_cache.put(version, name, r);
    r
}

fn type_lookup_slow(t: Ref<PyType>, name: Value) -> Slot {
    let mro = t.unguarded().mro.get().and_then(|m| m.cast::<PyTuple>());
    match mro {
        Some(m) => m.get().items().iter().find_map(|c| match c.cast::<PyType>() {
            Some(k) => o::dict::get_str_unguarded(k.unguarded().dict.get(), name),
            None => o::dict::get_str_unguarded(o::classobj::dict(*c), name),
        }),
        None => o::dict::get_str_unguarded(t.unguarded().dict.get(), name),
    }
}

/// `object.__getattribute__`.
pub fn generic_getattr(th: &mut Thread, v: Value, name: Value) -> PyResult {
    let t = type_of(v);
    let found = type_lookup(th, t, name);
    if let Some(d) = found {
        let s = ops::slots_of(d);
        if let (Some(get), Some(_)) = (s.descr_get, s.descr_set) {
            return get(th, d, Some(v), Some(t.value()));
        }
    }
    if let Some(x) = o::instance::get_own_attribute(th, v, name)? {
        return Ok(x);
    }
    if let Some(d) = found {
        return match ops::slots_of(d).descr_get {
            Some(get) => get(th, d, Some(v), Some(t.value())),
            None => Ok(d),
        };
    }
    Err(no_attribute(th, v, name))
}

/// `object.__setattr__` and `__delattr__`.
pub fn generic_setattr(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<()> {
    let t = type_of(v);
    let found = type_lookup(th, t, name);
    if let Some(d) = found
        && let Some(set) = ops::slots_of(d).descr_set
    {
        return set(th, d, v, x);
    }
    if o::instance::set_own_attribute(th, v, name, x)? {
        return Ok(());
    }
    if found.is_some() && !has_dict(v) {
        let (tn, n) = (t.name(), text(th, name));
        return Err(th.attribute_error(format!("'{tn}' object attribute '{n}' is read-only")));
    }
    if found.is_some() && x.is_none() {
        let n = text(th, name);
        return Err(th.attribute_error(n));
    }
    if has_dict(v) {
        let n = text(th, name);
        return Err(th.attribute_error(n));
    }
    Err(no_attribute(th, v, name))
}

/// True if the value has attributes of its own.
pub fn has_dict(v: Value) -> bool {
    type_of(v).unguarded().flags.get() & flag::HAS_DICT != 0
}

/// AttributeError in the default words.
#[cold]
pub fn no_attribute(th: &mut Thread, v: Value, name: Value) -> Raised {
    let (t, n) = (ops::type_name(v), text(th, name));
    th.attribute_error(format!("'{t}' object has no attribute '{n}'"))
}

/// A name's text for messages.
pub fn text(th: &Thread, name: Value) -> String {
    String::from_utf8_lossy(th.str_bytes(name)).into_owned()
}

/// As [`type_lookup`], without the cache: for classes under construction or change.
pub fn type_lookup_uncached(t: Ref<PyType>, name: Value) -> Slot {
    type_lookup_slow(t, name)
}
