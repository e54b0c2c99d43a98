//! LOAD_ATTR and STORE_ATTR with inline caches.
//!
//! A cache word is empty (0), or *packed*: bit 0 set, shape id in bits 24..64, slot number in bits 1..24 (the attribute
//! lies in that inline slot of an instance of that shape, and no data descriptor of the class is in the way but the member
//! descriptor of that slot), or a
//! reference to a record whose key is `shape id << 1 | 1` and whose first slot is the function or plain value found on
//! the class (the instance itself has no such attribute); for STORE_ATTR the second slot is the address, made odd, of the
//! shape an instance gets when the attribute is new to it. Shape ids change when the class does, so one compare
//! checks both (types/shape.rs, S3). For an attribute of a module the key is the module's dict, the second slot its cell.
//!
//! An instruction that meets several shapes finds the words of the others in the thread's own [`ShapeCache`]: a word
//! says what a name is for one shape, whatever the instruction. So threads do not take the line of the shared cache from
//! each other with every instance of another class, and records are made once a shape, not once a miss.

use super::code::CodeRuntime;
use super::names;
use crate::kinds::kind;
use crate::layout::*;
use crate::objects::descriptors::member_slot;
use crate::objects::dict::namespace;
use crate::objects::instance;
use crate::objects::module::{MODULE, dict_of_module};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::cache::{Access, ShapeCache};
use crate::types::shape::Shape;
use crate::types::{flag, lookup, type_of};
use crate::value::{Slot, Value};
use std::sync::atomic::Ordering;

#[inline(always)]
pub(super) fn cache_index(w: u64) -> usize {
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
        // SAFETY: an even non-zero cache word is a cache record.
        if let Some(x) = unsafe { loaded(th, v, i, id, c) } {
            return Ok(x);
        }
        return load_other(th, r, rt, w, id);
    }
    ops::getattr(th, v, rt.names.get().items()[(w >> 32) as usize])
}

/// What a cache word says the attribute of an instance is; none if the word is about another shape, or the slot is unset.
///
/// # Safety
/// `c` is a cache word; `i` is `v`, whose shape has the id `id`.
#[inline(always)]
unsafe fn loaded(th: &Thread, v: Value, i: &PyInstance, id: u64, c: u64) -> Slot {
    if c & 1 != 0 {
        if c >> 24 != id {
            return None;
        }
        return i.slots().get(((c >> 1) & 0x7f_ffff) as usize)?.get();
    }
    if c == 0 {
        return None;
    }
    // SAFETY: the caller's promise.
    let rec = unsafe { &*(c as *const CacheRecord) };
    let x = rec.first?;
    if rec.key != id << 1 | 1 {
        return None;
    }
    if x.kind() == kind::FUNCTION.index() {
        return Some(th.new_method(x, Some(v), Some(type_of(v).value())));
    }
    Some(x)
}

/// LOAD_ATTR of an instance of another shape than the instruction met before.
#[inline(never)]
fn load_other(th: &mut Thread, r: Ref<PyInstance>, rt: &CodeRuntime, w: u64, id: u64) -> PyResult {
    let name = rt.names.get().items()[(w >> 32) as usize];
    if let Some(x) = module_attribute(th, r, rt, w)? {
        return Ok(x);
    }
    let c = th.shape_cache.get(id, name, Access::Load);
    // SAFETY: the instance was read in this bytecode.
    let i = r.unguarded();
    // SAFETY: the cache holds cache words.
    match unsafe { loaded(th, r.value(), i, id, c) } {
        Some(x) => {
            refresh(&th.shape_cache, rt, w, c);
            Ok(x)
        }
        None => load_slow(th, r, rt, w),
    }
}

/// The attribute whose cell the instruction's record holds, if `r` is the module it is about.
#[inline(always)]
pub(super) fn module_attribute(th: &Thread, r: Ref<PyInstance>, rt: &CodeRuntime, w: u64) -> PyResult<Slot> {
    let c = rt.caches[cache_index(w)].load(Ordering::Acquire);
    // A module's dict is set before the module is handed out and never replaced.
    let Some(d) = r.unguarded().overflow.get() else { return Ok(None) };
    if c == 0 || c & 1 != 0 {
        return Ok(None);
    }
    // SAFETY: an even non-zero cache word is a cache record.
    let rec = unsafe { &*(c as *const CacheRecord) };
    match rec.second {
        Some(cell) if d.bits() == rec.key => names::cell_value(th, cell),
        _ => Ok(None),
    }
}

/// Now and then the word just found becomes the shared one: the program may have come to another phase.
#[inline(always)]
pub(super) fn refresh(cache: &ShapeCache, rt: &CodeRuntime, w: u64, c: u64) {
    if cache.is_time_to_share() {
        rt.caches[cache_index(w)].store(c, Ordering::Release);
    }
}

/// Remembers a cache word: for all instructions of this thread, and for this one of all threads if it knows nothing yet.
fn fill(th: &Thread, rt: &CodeRuntime, w: u64, id: u64, access: Access, c: u64) {
    let shared = &rt.caches[cache_index(w)];
    if shared.load(Ordering::Relaxed) == 0 || th.shape_cache.is_time_to_share() {
        shared.store(c, Ordering::Release);
    }
    th.shape_cache.put(id, rt.names.get().items()[(w >> 32) as usize], access, c);
}

/// Remembers that the attribute of instances of `s` lies in slot `k`.
fn fill_slot(th: &Thread, rt: &CodeRuntime, w: u64, s: &Shape, access: Access, k: usize) {
    if k < 1 << 22 && s.id() < 1 << 40 {
        fill(th, rt, w, s.id(), access, s.id() << 24 | (k as u64) << 1 | 1);
    }
}

/// Remembers what needs a record, unless records for this place are made all the time.
pub(super) fn fill_record(
    th: &Thread,
    rt: &CodeRuntime,
    w: u64,
    s: &Shape,
    access: Access,
    first: Slot,
    second: Slot,
) {
    if !th.shape_cache.may_put(s.id(), rt.names.get().items()[(w >> 32) as usize], access) {
        return;
    }
    fill(th, rt, w, s.id(), access, new_record(th, s.id() << 1 | 1, first, second));
}

/// A record as a cache word (PITFALLS 7: immutable, old before it is published).
fn new_record(th: &Thread, key: u64, first: Slot, second: Slot) -> u64 {
    let rec: Ref<CacheRecord> = th.alloc_fixed(0, 32);
    // SAFETY: fresh object.
    unsafe {
        (*rec.as_ptr()).key = key;
        (*rec.as_ptr()).first = first;
        (*rec.as_ptr()).second = second;
    }
    th.m.make_old_now(rec.obj());
    rec.value().bits()
}

/// Remembers for all threads what is no matter of a shape, if the instruction knows nothing yet; else now and then.
pub(super) fn fill_shared(th: &Thread, rt: &CodeRuntime, w: u64, key: u64, first: Slot, second: Slot) {
    let shared = &rt.caches[cache_index(w)];
    if shared.load(Ordering::Relaxed) == 0 || th.shape_cache.is_time_to_share() {
        shared.store(new_record(th, key, first, second), Ordering::Release);
    }
}

/// Remembers the cell of a plain module's attribute.
fn fill_module(th: &mut Thread, v: Value, rt: &CodeRuntime, w: u64) -> PyResult<()> {
    let name = rt.names.get().items()[(w >> 32) as usize];
    if type_of(v).value() == MODULE.class()
        && !th.str_bytes(name).starts_with(b"__")
        && let Some(d) = dict_of_module(v)
        && th.is_settled(d)
        && let Some(cell) = namespace::global_cell(th, d, name, false)?
    {
        fill_shared(th, rt, w, d.bits(), None, Some(cell.value()));
    }
    Ok(())
}

/// Looks up and fills the cache where the case is a plain one.
#[inline(never)]
pub(super) fn load_slow(th: &mut Thread, r: Ref<PyInstance>, rt: &CodeRuntime, w: u64) -> PyResult {
    let v = r.value();
    let name = rt.names.get().items()[(w >> 32) as usize];
    let t = type_of(v);
    if t.unguarded().flags.get() & flag::PLAIN_GETATTR != 0 {
        let s = r.read(th)?.shape.get();
        let on_class = lookup::type_lookup(th, t, name);
        let data = on_class.is_some_and(|d| ops::slots_of(d).descr_set.is_some());
        if data {
            fill_member(th, rt, w, s, Access::Load, on_class, v);
        } else if !s.is_dict {
            // SAFETY: S1 (types/shape.rs).
            let first = unsafe { (*s.tree).first };
            match (s.find(name), on_class) {
                (Some(k), _) if first + k < r.unguarded().inline_slots => {
                    fill_slot(th, rt, w, s, Access::Load, first + k);
                }
                (None, Some(x))
                    if x.kind() == kind::FUNCTION.index() || ops::slots_of(x).descr_get.is_none() =>
                {
                    fill_record(th, rt, w, s, Access::Load, Some(x), None);
                }
                _ => {}
            }
        }
    } else {
        fill_module(th, v, rt, w)?;
    }
    ops::getattr(th, v, name)
}

/// Remembers the slot behind a member descriptor (`__slots__`), which comes before everything else. An unset one misses.
fn fill_member(th: &Thread, rt: &CodeRuntime, w: u64, s: &Shape, access: Access, on_class: Slot, v: Value) {
    if let Some((r, i)) = on_class.and_then(|d| member_slot(d, v))
        && i < r.unguarded().inline_slots
    {
        fill_slot(th, rt, w, s, access, i);
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
        // SAFETY: a cache word of this instruction; the instance is held for writing.
        if unsafe { stored(i, c, x) } {
            return Ok(());
        }
        return store_other(th, r, rt, w, x);
    }
    ops::setattr(th, v, rt.names.get().items()[(w >> 32) as usize], Some(x))
}

/// Stores as a cache word says; false if the word is about another shape.
///
/// # Safety
/// `c` is a cache word of STORE_ATTR; the instance is held for writing.
#[inline(always)]
unsafe fn stored(i: &PyInstance, c: u64, x: Value) -> bool {
    let shape = i.shape.get();
    if c & 1 != 0 {
        let found = c >> 24 == shape.id();
        return match i.slots().get(((c >> 1) & 0x7f_ffff) as usize) {
            Some(s) if found => {
                s.set(Some(x));
                true
            }
            _ => false,
        };
    }
    if c == 0 {
        return false;
    }
    // SAFETY: an even non-zero cache word is a cache record.
    let rec = unsafe { &*(c as *const CacheRecord) };
    let Some(next) = rec.second else { return false };
    if rec.key != shape.id() << 1 | 1 {
        return false;
    }
    // SAFETY: S1 (types/shape.rs): the key proves that the record is about this class, which is alive.
    let (next, first) = unsafe { (&*((next.bits() & !1) as *const Shape), (*shape.tree).first) };
    match i.slots().get(first + shape.len()) {
        Some(s) => {
            s.set(Some(x));
            i.shape.set(next);
            true
        }
        None => false,
    }
}

/// STORE_ATTR of an instance of another shape than the instruction met before.
#[inline(never)]
fn store_other(th: &mut Thread, r: Ref<PyInstance>, rt: &CodeRuntime, w: u64, x: Value) -> PyResult<()> {
    let i = r.unguarded();
    let name = rt.names.get().items()[(w >> 32) as usize];
    let c = th.shape_cache.get(i.shape.get().id(), name, Access::Store);
    // SAFETY: the cache holds words of STORE_ATTR for this access; the instance was locked in this bytecode.
    if unsafe { stored(i, c, x) } {
        refresh(&th.shape_cache, rt, w, c);
        return Ok(());
    }
    store_slow(th, r, rt, w, x)
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
            fill_member(th, rt, w, s, Access::Store, on_class, v);
        } else if !s.is_dict
            && let Some(k) = s.find(name)
            && first + k < r.unguarded().inline_slots
        {
            fill_slot(th, rt, w, s, Access::Store, first + k);
        } else if !s.is_dict && t.unguarded().flags.get() & flag::HAS_DICT != 0 {
            instance::set_own_attribute(th, v, name, Some(x))?;
            let next = r.unguarded().shape.get();
            if next.parent.is_some_and(|p| std::ptr::eq(p, s)) {
                // Made odd, the shape's address is no reference to the collector.
                let next = Value::from_bits(next as *const Shape as u64 | 1);
                fill_record(th, rt, w, s, Access::Store, None, next);
            }
            return Ok(());
        }
    }
    ops::setattr(th, v, name, Some(x))
}
