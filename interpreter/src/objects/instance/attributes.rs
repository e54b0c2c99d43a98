//! Where an instance keeps its own attributes: slots named by its shape, or a dict.

use crate::layout::*;
use crate::objects::dict;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::shape::{Shape, ShapeTree};
use crate::types::{flag, type_of};
use crate::value::{Slot, Value};
use std::sync::atomic::Ordering;

/// The shape tree of a class, made at its first instance.
pub fn shapes_of(th: &Thread, t: Ref<PyType>) -> &'static ShapeTree {
    let p = t.unguarded().shapes.load(Ordering::Acquire);
    if !p.is_null() {
        // SAFETY: S1 (types/shape.rs).
        return unsafe { &*p };
    }
    let first = match t.unguarded().slot_names.get().and_then(|s| s.cast::<PyTuple>()) {
        Some(s) => s.len,
        None => 0,
    };
    let tree = Box::into_raw(ShapeTree::new(th.rt, first));
    match t.unguarded().shapes.compare_exchange(
        std::ptr::null_mut(),
        tree,
        Ordering::AcqRel,
        Ordering::Acquire,
    ) {
        // SAFETY: S1.
        Ok(_) => unsafe { &*tree },
        Err(other) => {
            // SAFETY: nobody else has seen the tree that lost.
            drop(unsafe { Box::from_raw(tree) });
            // SAFETY: S1.
            unsafe { &*other }
        }
    }
}

/// A bare instance of a class, with a payload if its layout has one.
pub fn allocate(th: &Thread, t: Ref<PyType>, payload: Slot) -> Ref<PyInstance> {
    let tree = shapes_of(th, t);
    let inline = (tree.first + tree.widest.load(Ordering::Relaxed) as usize).min(tree.first + 16).max(2);
    let r: Ref<PyInstance> = th.alloc_fixed(t.value().bits(), PyInstance::size_for(inline));
    let i = r.unguarded();
    i.shape.set(tree.root());
    // SAFETY: fresh object.
    unsafe { (*r.as_ptr()).inline_slots = inline };
    i.payload.set(payload);
    let flags = t.unguarded().flags.get();
    if flags & flag::HAS_DEL != 0 {
        th.m.register_finalizable(r.obj());
    }
    r
}

/// Position of attribute `i` of a shape: inline or in the overflow storage.
#[inline(always)]
pub fn slot_at(inst: &PyInstance, tree_first: usize, i: usize) -> Option<&std::cell::Cell<Slot>> {
    let p = tree_first + i;
    if p < inst.inline_slots {
        return Some(&inst.slots()[p]);
    }
    let o = inst.overflow.get()?.cast::<Storage>()?;
    o.get().slots().get(p - inst.inline_slots)
}

fn first_of(s: &Shape) -> usize {
    // SAFETY: S1 (types/shape.rs).
    unsafe { (*s.tree).first }
}

/// The value of an attribute in the instance itself. Types that keep a dict elsewhere (functions) have their own
/// `__getattribute__`.
pub fn get_own_attribute(th: &mut Thread, v: Value, name: Value) -> PyResult<Slot> {
    let Some(r) = v.cast::<PyInstance>() else { return Ok(None) };
    let i = r.read(th)?;
    let s = i.shape.get();
    if s.is_dict {
        return match i.overflow.get() {
            Some(d) => dict::get_str(th, d, name),
            None => Ok(None),
        };
    }
    match s.find(name) {
        Some(k) => Ok(slot_at(i, first_of(s), k).and_then(|c| c.get())),
        None => Ok(None),
    }
}

/// Sets (or without a value deletes) an attribute in the instance itself; false if it has no attributes of its own,
/// or if the one to delete is absent.
pub fn set_own_attribute(th: &mut Thread, v: Value, name: Value, x: Slot) -> PyResult<bool> {
    let Some(r) = v.cast::<PyInstance>() else { return Ok(false) };
    if type_of(v).unguarded().flags.get() & flag::HAS_DICT == 0 {
        return Ok(false);
    }
    let i = r.write(th)?;
    let s = i.shape.get();
    if s.is_dict {
        let d = match i.overflow.get() {
            Some(d) => d,
            None => {
                let d = th.new_dict();
                i.overflow.set(Some(d));
                d
            }
        };
        return match x {
            Some(x) => dict::set_str(th, d, name, x).map(|()| true),
            None => dict::delete_str(th, d, name),
        };
    }
    match (s.find(name), x) {
        (Some(k), Some(x)) => {
            store(th, r, i, first_of(s) + k, Some(x))?;
            Ok(true)
        }
        (None, Some(x)) => match s.with(th.rt, name) {
            Some(bigger) => {
                let p = first_of(s) + s.len();
                reserve(th, i, p)?;
                store(th, r, i, p, Some(x))?;
                i.shape.set(bigger);
                Ok(true)
            }
            None => {
                let d = dict_of(th, v)?;
                dict::set_str(th, d, name, x).map(|()| true)
            }
        },
        (Some(k), None) => {
            if k + 1 == s.len()
                && let Some(parent) = s.parent
            {
                store(th, r, i, first_of(s) + k, None)?;
                i.shape.set(parent);
                return Ok(true);
            }
            let d = dict_of(th, v)?;
            dict::delete_str(th, d, name)
        }
        (None, None) => Ok(false),
    }
}

/// Makes room for slot `p`.
fn reserve(th: &Thread, i: &PyInstance, p: usize) -> PyResult<()> {
    if p < i.inline_slots {
        return Ok(());
    }
    let need = p - i.inline_slots + 1;
    let old = i.overflow.get().and_then(|o| o.cast::<Storage>());
    if old.is_some_and(|o| o.capacity >= need) {
        return Ok(());
    }
    let new = th.new_storage((need * 2).max(4))?;
    if let Some(o) = old {
        for (a, b) in new.get().slots().iter().zip(o.get().slots()) {
            a.set(b.get());
        }
    }
    i.overflow.set(Some(new.value()));
    Ok(())
}

/// Stores slot `p` of a write-locked instance.
fn store(th: &Thread, r: Ref<PyInstance>, i: &PyInstance, p: usize, x: Slot) -> PyResult<()> {
    if p < i.inline_slots {
        i.slots()[p].set(x);
    } else if let Some(o) = i.overflow.get().and_then(|o| o.cast::<Storage>()) {
        th.set_slot(r.obj(), o.get(), p - i.inline_slots, x);
    }
    Ok(())
}

/// The instance's `__dict__`: from now on its attributes live there.
pub fn dict_of(th: &mut Thread, v: Value) -> PyResult {
    let Some(r) = v.cast::<PyInstance>() else { return Err(th.attribute_error("__dict__")) };
    let i = r.read(th)?;
    let s = i.shape.get();
    if s.is_dict
        && let Some(d) = i.overflow.get()
    {
        return Ok(d);
    }
    let i = r.write(th)?;
    let d = th.new_dict();
    let pairs: smallvec::SmallVec<[(Value, Value); 16]> = s
        .names
        .iter()
        .enumerate()
        .filter_map(|(k, n)| slot_at(i, first_of(s), k).and_then(|c| c.get()).map(|x| (*n, x)))
        .collect();
    for c in i.slots().iter().skip(first_of(s)) {
        c.set(None);
    }
    i.overflow.set(Some(d));
    i.shape.set(s.as_dict());
    for (n, x) in pairs {
        dict::set_str(th, d, n, x)?;
    }
    Ok(d)
}

/// Replaces the `__dict__`.
pub fn set_dict(th: &mut Thread, v: Value, d: Value) -> PyResult<()> {
    let Some(r) = v.cast::<PyInstance>() else { return Err(th.attribute_error("__dict__")) };
    let i = r.write(th)?;
    let s = i.shape.get();
    for c in i.slots().iter().skip(first_of(s)) {
        c.set(None);
    }
    i.overflow.set(Some(d));
    i.shape.set(s.as_dict());
    Ok(())
}
