//! LOAD_ATTR and STORE_ATTR with inline caches.
//!
//! A cache word is empty (0), or *packed*: bit 0 set, shape id in bits 24..64, slot number in bits 1..24 (the attribute
//! lies in that inline slot of an instance of that shape, and no data descriptor of the class is in the way but the member
//! descriptor of that slot), or a
//! reference to a record whose key is `shape id << 1 | 1` and whose first slot is the function or plain value found on
//! the class (the instance itself has no such attribute); for STORE_ATTR the second slot is the address, made odd, of the
//! shape an instance gets when the attribute is new to it. Shape ids change when the class does, so one compare
//! checks both (types/shape.rs, S3).

use super::code::CodeRuntime;
use crate::kinds::kind;
use crate::layout::*;
use crate::objects::descriptors::member_slot;
use crate::objects::instance;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::shape::Shape;
use crate::types::{flag, lookup, type_of};
use crate::value::{Slot, Value};
use std::sync::atomic::Ordering;

#[inline(always)]
fn cache_index(w: u64) -> usize {
    ((w >> 8) & 0xff_ffff) as usize
}

/// LOAD_ATTR.
#[inline(always)]
pub fn load(th: &mut Thread, v: Value, rt: &CodeRuntime, w: u64) -> PyResult {
    if v.kind() == kind::INSTANCE.index() {
        // SAFETY: the kind was checked.
        let r = unsafe { v.cast_unchecked::<PyInstance>() };
        let i = r.read_first(th)?;
        let id = i.shape.get().id();
        // SAFETY: translation gave every cached instruction its own word.
        let c = unsafe { rt.caches.get_unchecked(cache_index(w)) }.load(Ordering::Acquire);
        if c & 1 != 0 {
            if c >> 24 == id {
                let p = ((c >> 1) & 0x7f_ffff) as usize;
                if let Some(s) = i.slots().get(p)
                    && let Some(x) = s.get()
                {
                    return Ok(x);
                }
            }
        } else if c != 0 {
            // SAFETY: an even non-zero cache word is a cache record.
            let rec = unsafe { &*(c as *const CacheRecord) };
            if rec.key == id << 1 | 1
                && let Some(x) = rec.first
            {
                if x.kind() == kind::FUNCTION.index() {
                    return Ok(th.new_method(x, Some(v), Some(type_of(v).value())));
                }
                return Ok(x);
            }
        }
        return load_slow(th, r, rt, w);
    }
    ops::getattr(th, v, rt.names.get().items()[(w >> 32) as usize])
}

/// Whether a miss may fill the cache: always if it is empty, else now and then, since an instruction that meets many
/// shapes would only make records, and threads would take the cache's line from each other.
#[inline]
fn may_fill(th: &Thread, cache: &std::sync::atomic::AtomicU64) -> bool {
    cache.load(Ordering::Relaxed) == 0 || th.ticks & 31 == 0
}

/// Looks up and fills the cache where the case is a plain one.
#[inline(never)]
fn load_slow(th: &mut Thread, r: Ref<PyInstance>, rt: &CodeRuntime, w: u64) -> PyResult {
    let v = r.value();
    let name = rt.names.get().items()[(w >> 32) as usize];
    let t = type_of(v);
    if t.unguarded().flags.get() & flag::PLAIN_GETATTR != 0 {
        let s = r.read(th)?.shape.get();
        let on_class = lookup::type_lookup(th, t, name);
        let data = on_class.is_some_and(|d| ops::slots_of(d).descr_set.is_some());
        let cache = &rt.caches[cache_index(w)];
        if !s.is_dict && !data && may_fill(th, cache) {
            // SAFETY: S1 (types/shape.rs).
            let first = unsafe { (*s.tree).first };
            match (s.find(name), on_class) {
                (Some(k), _)
                    if first + k < r.unguarded().inline_slots && first + k < 1 << 22 && s.id() < 1 << 40 =>
                {
                    cache.store(s.id() << 24 | ((first + k) as u64) << 1 | 1, Ordering::Release);
                }
                (None, Some(x))
                    if x.kind() == kind::FUNCTION.index() || ops::slots_of(x).descr_get.is_none() =>
                {
                    let rec: Ref<CacheRecord> = th.alloc_fixed(0, 32);
                    // SAFETY: fresh object.
                    unsafe {
                        (*rec.as_ptr()).key = s.id() << 1 | 1;
                        (*rec.as_ptr()).first = Some(x);
                    }
                    th.m.make_old_now(rec.obj());
                    cache.store(rec.value().bits(), Ordering::Release);
                }
                _ => {}
            }
        } else if data && may_fill(th, cache) {
            fill_member(cache, s, on_class, v);
        }
    }
    ops::getattr(th, v, name)
}

/// Remembers the slot behind a member descriptor (`__slots__`), which comes before everything else. An unset one misses.
fn fill_member(cache: &std::sync::atomic::AtomicU64, s: &Shape, on_class: Slot, v: Value) {
    if let Some((r, i)) = on_class.and_then(|d| member_slot(d, v))
        && i < r.unguarded().inline_slots
        && i < 1 << 22
        && s.id() < 1 << 40
    {
        cache.store(s.id() << 24 | (i as u64) << 1 | 1, Ordering::Release);
    }
}

/// STORE_ATTR.
#[inline(always)]
pub fn store(th: &mut Thread, v: Value, rt: &CodeRuntime, w: u64, x: Value) -> PyResult<()> {
    if v.kind() == kind::INSTANCE.index() {
        // SAFETY: the kind was checked.
        let r = unsafe { v.cast_unchecked::<PyInstance>() };
        let i = r.write_first(th)?;
        // SAFETY: translation gave every cached instruction its own word.
        let c = unsafe { rt.caches.get_unchecked(cache_index(w)) }.load(Ordering::Acquire);
        if c & 1 != 0 && c >> 24 == i.shape.get().id() {
            let p = ((c >> 1) & 0x7f_ffff) as usize;
            if let Some(s) = i.slots().get(p) {
                s.set(Some(x));
                return Ok(());
            }
        } else if c & 1 == 0 && c != 0 {
            // SAFETY: an even non-zero cache word is a cache record.
            let rec = unsafe { &*(c as *const CacheRecord) };
            let old = i.shape.get();
            if rec.key == old.id() << 1 | 1
                && let Some(next) = rec.second
            {
                // SAFETY: S1 (types/shape.rs): the key proves that the record is about this class, which is alive.
                let (next, first) = unsafe { (&*((next.bits() & !1) as *const Shape), (*old.tree).first) };
                if let Some(s) = i.slots().get(first + old.len()) {
                    s.set(Some(x));
                    i.shape.set(next);
                    return Ok(());
                }
            }
        }
        return store_slow(th, r, rt, w, x);
    }
    ops::setattr(th, v, rt.names.get().items()[(w >> 32) as usize], Some(x))
}

/// Remembers that storing this attribute takes instances of shape `old` to shape `next`.
fn fill_transition(th: &Thread, cache: &std::sync::atomic::AtomicU64, old: &Shape, next: &'static Shape) {
    let rec: Ref<CacheRecord> = th.alloc_fixed(0, 32);
    // SAFETY: fresh object. The shape's address, made odd, is no reference to the collector.
    unsafe {
        (*rec.as_ptr()).key = old.id() << 1 | 1;
        (*rec.as_ptr()).second = Value::from_bits(next as *const Shape as u64 | 1);
    }
    th.m.make_old_now(rec.obj());
    cache.store(rec.value().bits(), Ordering::Release);
}

#[inline(never)]
fn store_slow(th: &mut Thread, r: Ref<PyInstance>, rt: &CodeRuntime, w: u64, x: Value) -> PyResult<()> {
    let v = r.value();
    let name = rt.names.get().items()[(w >> 32) as usize];
    let t = type_of(v);
    if t.unguarded().flags.get() & flag::PLAIN_SETATTR != 0 {
        let s = r.read(th)?.shape.get();
        let on_class = lookup::type_lookup(th, t, name);
        let data = on_class.is_some_and(|d| ops::slots_of(d).descr_set.is_some());
        // SAFETY: S1 (types/shape.rs).
        let first = unsafe { (*s.tree).first };
        if data {
            fill_member(&rt.caches[cache_index(w)], s, on_class, v);
        } else if !s.is_dict
            && let Some(k) = s.find(name)
            && first + k < r.unguarded().inline_slots
            && first + k < 1 << 22
            && s.id() < 1 << 40
        {
            rt.caches[cache_index(w)].store(s.id() << 24 | ((first + k) as u64) << 1 | 1, Ordering::Release);
        } else if !s.is_dict && t.unguarded().flags.get() & flag::HAS_DICT != 0 {
            instance::set_own_attribute(th, v, name, Some(x))?;
            let next = r.unguarded().shape.get();
            let cache = &rt.caches[cache_index(w)];
            if next.parent.is_some_and(|p| std::ptr::eq(p, s)) && s.id() < 1 << 40 && may_fill(th, cache) {
                fill_transition(th, &rt.caches[cache_index(w)], s, next);
            }
            return Ok(());
        }
    }
    ops::setattr(th, v, name, Some(x))
}
