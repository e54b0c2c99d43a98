//! LOAD_METHOD and CALL_METHOD: `x.name(...)` without a bound method object.
//!
//! LOAD_METHOD replaces `x` by two operands: the function or built-in method found on its class and `x` itself, or, where
//! the attribute is anything else, `None` and the attribute. CALL_METHOD finds its callee in the first or the second.
//! A cache word is empty, *packed* as that of LOAD_ATTR (the attribute lies in a slot of the instance), or a reference to
//! a record. The record's key is `shape id << 1 | 1` for instances, the class for values of a built-in type without
//! attributes of their own; `first` is what was found on the class, if it binds, `second` if it does not. For a
//! module's attribute the key is the module's dict and `second` the cell. The thread's cache of shapes holds such words too
//! (`eval/attr.rs`).
//!
//! Checked by `tests/python/test_method_calls.py`.

use super::attr;
use super::code::CodeRuntime;
use crate::kinds::kind;
use crate::layout::*;
use crate::objects::descriptors::METHOD_DESCRIPTOR;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::cache::Access;
use crate::types::{flag, lookup, type_of};
use crate::value::Value;
use std::sync::atomic::Ordering;

/// What LOAD_METHOD has found.
pub enum Found {
    /// To be called with the receiver in front.
    Method(Value),
    /// To be called as it is.
    Attribute(Value),
}

/// LOAD_METHOD.
#[inline(always)]
pub fn load(th: &mut Thread, v: Value, rt: &CodeRuntime, w: u64) -> PyResult<Found> {
    // SAFETY: translation gave every cached instruction its own word.
    let c = unsafe { rt.caches.get_unchecked(attr::cache_index(w)) }.load(Ordering::Acquire);
    if v.kind() == kind::INSTANCE.index() {
        // SAFETY: the kind was checked.
        let r = unsafe { v.cast_unchecked::<PyInstance>() };
        let i = r.read_first(th)?;
        let id = i.shape.get().id();
        // SAFETY: a cache word.
        if let Some(found) = unsafe { loaded(i, id, c) } {
            return Ok(found);
        }
        return load_other(th, r, rt, w, id);
    }
    if c & 1 == 0 && c != 0 {
        // SAFETY: an even non-zero cache word is a cache record.
        let rec = unsafe { &*(c as *const CacheRecord) };
        if rec.key == type_of(v).value().bits()
            && let Some(f) = rec.first
        {
            return Ok(Found::Method(f));
        }
    }
    load_of_native(th, v, rt, w)
}

/// What a cache word says; none if it is about another shape, or the slot is unset.
///
/// # Safety
/// `c` is a cache word; `i` has a shape with the id `id`.
#[inline(always)]
unsafe fn loaded(i: &PyInstance, id: u64, c: u64) -> Option<Found> {
    if c & 1 != 0 {
        if c >> 24 != id {
            return None;
        }
        return i.slots().get(((c >> 1) & 0x7f_ffff) as usize)?.get().map(Found::Attribute);
    }
    if c == 0 {
        return None;
    }
    // SAFETY: the caller's promise.
    let rec = unsafe { &*(c as *const CacheRecord) };
    if rec.key != id << 1 | 1 {
        return None;
    }
    match rec.first {
        Some(f) => Some(Found::Method(f)),
        None => rec.second.map(Found::Attribute),
    }
}

/// For an instance of another shape than the instruction met before, and for modules.
#[inline(never)]
fn load_other(th: &mut Thread, r: Ref<PyInstance>, rt: &CodeRuntime, w: u64, id: u64) -> PyResult<Found> {
    let name = rt.names.get().items()[(w >> 32) as usize];
    if let Some(x) = attr::module_attribute(th, r, rt, w)? {
        return Ok(Found::Attribute(x));
    }
    let mut c = th.shape_cache.get(id, name, Access::Method);
    if c == 0 {
        // The words for slots say the same for both kinds of access, records do not.
        c = Some(th.shape_cache.get(id, name, Access::Load)).filter(|c| c & 1 != 0).unwrap_or(0);
    }
    // SAFETY: the cache holds cache words; the instance was read in this bytecode.
    if let Some(found) = unsafe { loaded(r.unguarded(), id, c) } {
        attr::refresh(&th.shape_cache, rt, w, c);
        return Ok(found);
    }
    load_slow(th, r, rt, w)
}

/// Looks up and fills the caches where the case is a plain one.
#[inline(never)]
fn load_slow(th: &mut Thread, r: Ref<PyInstance>, rt: &CodeRuntime, w: u64) -> PyResult<Found> {
    let v = r.value();
    let name = rt.names.get().items()[(w >> 32) as usize];
    let t = type_of(v);
    let s = r.read(th)?.shape.get();
    if t.unguarded().flags.get() & flag::PLAIN_GETATTR == 0 || s.is_dict || s.find(name).is_some() {
        return attr::load_slow(th, r, rt, w).map(Found::Attribute);
    }
    let Some(x) = lookup::type_lookup(th, t, name).filter(|x| ops::slots_of(*x).descr_set.is_none()) else {
        return attr::load_slow(th, r, rt, w).map(Found::Attribute);
    };
    if is_method(x) {
        attr::fill_record(th, rt, w, s, Access::Method, Some(x), None);
        return Ok(Found::Method(x));
    }
    if ops::slots_of(x).descr_get.is_none() {
        attr::fill_record(th, rt, w, s, Access::Method, None, Some(x));
    }
    ops::getattr(th, v, name).map(Found::Attribute)
}

/// For values that are no instances of Python classes.
#[inline(never)]
fn load_of_native(th: &mut Thread, v: Value, rt: &CodeRuntime, w: u64) -> PyResult<Found> {
    let name = rt.names.get().items()[(w >> 32) as usize];
    let t = type_of(v);
    let flags = t.unguarded().flags.get();
    if flags & (flag::PLAIN_GETATTR | flag::HAS_DICT | flag::HEAP) == flag::PLAIN_GETATTR
        && let Some(x) = lookup::type_lookup(th, t, name)
        && x.kind() == kind::BUILTIN.index()
        && is_method(x)
    {
        attr::fill_shared(th, rt, w, t.value().bits(), Some(x), None);
        return Ok(Found::Method(x));
    }
    ops::getattr(th, v, name).map(Found::Attribute)
}

/// Whether an attribute of a class can be called with the instance put in front in place of being bound to it.
fn is_method(x: Value) -> bool {
    x.kind() == kind::FUNCTION.index() || type_of(x).value() == METHOD_DESCRIPTOR.class()
}

/// The bound form of a built-in method: calls that are reported to a trace function show it.
pub fn bind(th: &mut Thread, f: Value, receiver: Value) -> PyResult {
    match ops::slots_of(f).descr_get {
        Some(get) => get(th, f, Some(receiver), Some(type_of(receiver).value())),
        None => Ok(f),
    }
}
