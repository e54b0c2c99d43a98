//! Which weak references exist to an object: for sharing those without callback, and for `getweakrefs`.
//!
//! A heap table in shards, changed under the barriers like any dict, so that an abort takes back what it added. The key is
//! the referent's address; the value is an *entry*, or a list of them. An entry is a weak reference to the weak
//! reference: the registry keeps nothing alive.
//!
//! # Invariants
//! W1. An entry counts only if the reference it leads to still refers to the object asked about: the address of a
//!     dead object may be in use again.
//! W2. Dead entries go when a shard has doubled since it was last swept.

use super::{WEAKREF, make};
use crate::layout::*;
use crate::native::TypeDef;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::type_of;
use crate::value::{Slot, Value};
use gc_stm::RootVec;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

const SHARDS: usize = 256;
/// No shard is swept below this length. Small, because each dead entry keeps the block it lies in from being free.
const LEAST: usize = 8;

/// Tuple of dicts; made at the first weak reference.
static TABLE: AtomicU64 = AtomicU64::new(0);
/// Length at which a shard is swept. Only a guess: not transactional.
static LIMITS: [AtomicUsize; SHARDS] = [const { AtomicUsize::new(LEAST) }; SHARDS];

fn table(th: &mut Thread) -> PyResult<Ref<PyTuple>> {
    loop {
        if let Some(t) = Value::from_bits(TABLE.load(Ordering::Acquire)).and_then(|v| v.cast::<PyTuple>()) {
            return Ok(t);
        }
        let t = o::tuple::build(th, SHARDS, |_| th.new_dict())?;
        // Old before others see it, never undone, kept for good (PITFALLS 6).
        th.m.make_old_now(t.obj_unchecked());
        if TABLE.compare_exchange(0, t.bits(), Ordering::AcqRel, Ordering::Acquire).is_ok() {
            th.rt.roots.lock().push(t);
        }
    }
}

fn place(v: Value) -> (usize, Value) {
    let address = v.bits() >> 4;
    (
        (address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize % SHARDS,
        Value::int_unchecked(address as i64),
    )
}

fn shard(th: &mut Thread, v: Value) -> PyResult<(usize, Ref<PyDict>, Value)> {
    let (i, key) = place(v);
    let t = table(th)?;
    match t.get().items()[i].cast::<PyDict>() {
        Some(d) => Ok((i, d, key)),
        None => Err(th.system_error("weak reference registry lost")),
    }
}

/// The live references to `v`, as the registry's own weak references lead to them.
fn entries(th: &mut Thread, v: Value) -> PyResult<RootVec> {
    let out = th.m.root_vec();
    if !v.is_obj() || gc_stm::header(v.obj_unchecked()) & gc_stm::HAS_WEAKREF == 0 {
        return Ok(out);
    }
    let (_, d, key) = shard(th, v)?;
    if let Some(found) = o::dict::get(th, d, key)? {
        let keep = |w: Value| {
            if let Some(w) = live(w, v) {
                out.push(w.value().bits());
            }
        };
        match found.cast::<PyList>() {
            Some(l) => l.read(th)?.slots().iter().filter_map(|s| s.get()).for_each(keep),
            None => keep(found),
        }
    }
    Ok(out)
}

/// The reference an entry leads to, if it lives and refers to `v`.
fn live(entry: Value, v: Value) -> Option<Ref<PyWeakref>> {
    let w = super::target(entry)?.cast::<PyWeakref>()?;
    (w.unguarded().referent.get() == Some(v)).then_some(w)
}

/// Whether an entry leads to a live reference to anything.
fn leads_anywhere(entry: Value) -> bool {
    super::target(entry)
        .and_then(|w| w.cast::<PyWeakref>())
        .is_some_and(|w| w.unguarded().referent.get().is_some())
}

/// The shared reference of exactly type `def` to `v`.
pub(super) fn find(th: &mut Thread, v: Value, def: &TypeDef) -> PyResult<Option<Value>> {
    let all = entries(th, v)?;
    for w in crate::ops::values(&all) {
        if type_of(*w).value() == def.class()
            && let Some(r) = w.cast::<PyWeakref>()
            && r.unguarded().holder.get().is_none()
            && r.read(th)?.callback.get().is_none()
        {
            return Ok(Some(*w));
        }
    }
    Ok(None)
}

/// Notes a new reference to `v`.
pub(super) fn add(th: &mut Thread, v: Value, w: Ref<PyWeakref>) -> PyResult<()> {
    let (i, d, key) = shard(th, v)?;
    if o::dict::len(th, d)? >= LIMITS[i].load(Ordering::Relaxed) {
        sweep(th, d)?;
        LIMITS[i].store((2 * o::dict::len(th, d)?).max(LEAST), Ordering::Relaxed);
    }
    let entry = make(th, w.value(), None, WEAKREF.class()).value();
    let value = match o::dict::get(th, d, key)? {
        None => entry,
        Some(old) => match old.cast::<PyList>() {
            Some(l) => {
                let n = l.read(th)?.len.get();
                if n >= 16 && n.is_power_of_two() {
                    let kept: RootVec = th.m.root_vec();
                    l.read(th)?
                        .slots()
                        .iter()
                        .filter_map(|s| s.get())
                        .filter(|e| live(*e, v).is_some())
                        .for_each(|e| kept.push(e.bits()));
                    o::list::storage::replace(th, l, crate::ops::values(&kept))?;
                }
                o::list::push(th, l, entry)?;
                return Ok(());
            }
            None if live(old, v).is_some() => th.new_list(&[old, entry])?,
            None => entry,
        },
    };
    o::dict::set(th, d, key, value)
}

/// Drops what leads nowhere.
fn sweep(th: &mut Thread, d: Ref<PyDict>) -> PyResult<()> {
    let dead = th.m.root_vec();
    let mut pos = 0;
    while let Some((key, value)) = next(th, d, &mut pos)? {
        let any = match value.cast::<PyList>() {
            Some(l) => l.read(th)?.slots().iter().filter_map(|s| s.get()).any(leads_anywhere),
            None => leads_anywhere(value),
        };
        if !any {
            dead.push(key.bits());
        }
    }
    for key in crate::ops::values(&dead) {
        o::dict::delete(th, d, *key)?;
    }
    Ok(())
}

fn next(th: &mut Thread, d: Ref<PyDict>, pos: &mut usize) -> PyResult<Option<(Value, Value)>> {
    o::dict::next_entry(th, d, pos)
}

/// What the program sees of a reference: itself, or the instance of a subclass that carries it.
fn visible(w: Value) -> Value {
    w.cast::<PyWeakref>().and_then(|w| w.unguarded().holder.get()).unwrap_or(w)
}

/// `getweakrefs(v)`: shared ones first, then the others, newest first, as CPython keeps them.
pub fn list(th: &mut Thread, v: Value) -> PyResult<RootVec> {
    let all = entries(th, v)?;
    let out = th.m.root_vec();
    let mut others: smallvec::SmallVec<[usize; 8]> = smallvec::SmallVec::new();
    for def in [&WEAKREF, &super::PROXY, &super::CALLABLE_PROXY] {
        for w in crate::ops::values(&all) {
            if type_of(*w).value() == def.class() && is_shared(th, *w)? {
                out.push(w.bits());
            }
        }
    }
    for (n, w) in crate::ops::values(&all).iter().enumerate() {
        if !is_shared(th, *w)? {
            others.push(n);
        }
    }
    for n in others.into_iter().rev() {
        out.push(visible(crate::ops::values(&all)[n]).bits());
    }
    Ok(out)
}

fn is_shared(th: &mut Thread, w: Value) -> PyResult<bool> {
    match w.cast::<PyWeakref>() {
        Some(r) => Ok(r.unguarded().holder.get().is_none() && callback_of(th, r)?.is_none()),
        None => Ok(false),
    }
}

fn callback_of(th: &mut Thread, r: Ref<PyWeakref>) -> PyResult<Slot> {
    Ok(r.read(th)?.callback.get())
}

/// `getweakrefcount(v)`.
pub fn count(th: &mut Thread, v: Value) -> PyResult<usize> {
    Ok(entries(th, v)?.len())
}
