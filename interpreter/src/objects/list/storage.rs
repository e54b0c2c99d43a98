//! The items of a list: growing, shrinking, moving. No Python code runs here.
//!
//! # Invariants
//! L1. Slots below `len` hold values, slots from `len` on are empty.
//! L2. Every function takes the write barrier before the first store and logs the cards it changes; a change of
//!     capacity, and every permutation, builds new storage and swaps it in.

use crate::layout::*;
use crate::objects::list::LIST;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// The capacity that a list of `n` items gets when it outgrows its storage.
fn roomy(n: usize) -> usize {
    if n < 9 {
        (n + 3) & !3
    } else if n < 1 << 20 {
        n + n / 2
    } else {
        n.saturating_add(n / 4)
    }
}

/// Appends an item.
#[inline]
pub fn push(th: &Thread, r: Ref<PyList>, v: Value) -> PyResult<()> {
    let l = r.write(th)?;
    let n = l.len.get();
    match l.storage() {
        Some(s) if n < s.capacity => th.set_slot(r.obj(), s, n, Some(v)),
        _ => {
            set_capacity(th, l, roomy(n + 1))?;
            if let Some(s) = l.storage() {
                s.slots()[n].set(Some(v));
                s.set_filled(n + 1);
            }
        }
    }
    l.len.set(n + 1);
    Ok(())
}

/// Swaps in storage of another capacity, at least the length; the list is write-locked.
fn set_capacity(th: &Thread, l: &PyList, capacity: usize) -> PyResult<()> {
    if capacity == 0 {
        l.items.set(None);
        return Ok(());
    }
    let s = th.new_storage(capacity)?;
    for (to, from) in s.get().slots().iter().zip(l.slots()) {
        to.set(from.get());
    }
    s.get().set_filled(l.len.get());
    l.items.set(Some(s.value()));
    Ok(())
}

/// Removes the last item.
#[inline]
pub fn pop_last(th: &Thread, r: Ref<PyList>) -> PyResult<Slot> {
    let l = r.write(th)?;
    let n = l.len.get();
    let Some(s) = l.storage().filter(|_| n > 0) else { return Ok(None) };
    let v = s.slots()[n - 1].get();
    th.set_slot(r.obj(), s, n - 1, None);
    l.len.set(n - 1);
    shrink(th, l)?;
    Ok(v)
}

/// Gives back storage that is mostly empty.
fn shrink(th: &Thread, l: &PyList) -> PyResult<()> {
    let (n, cap) = (l.len.get(), l.storage().map_or(0, |s| s.capacity));
    if cap > 32 && n < cap / 4 { set_capacity(th, l, roomy(n)) } else { Ok(()) }
}

/// Replaces the items `lo..hi` by `new`.
pub fn splice(th: &Thread, r: Ref<PyList>, lo: usize, hi: usize, new: &[Value]) -> PyResult<()> {
    let l = r.write(th)?;
    let n = l.len.get();
    let (lo, hi) = (lo.min(n), hi.min(n).max(lo.min(n)));
    let Some(m) = (n - (hi - lo)).checked_add(new.len()) else {
        return th.new_storage(usize::MAX).map(|_| ());
    };
    if m == 0 {
        l.items.set(None);
        l.len.set(0);
        return Ok(());
    }
    match l.storage() {
        Some(s) if m <= s.capacity => {
            let slots = s.slots();
            if m == n {
                th.log_slots(r.obj(), s, lo, hi - lo);
            } else {
                th.log_slots(r.obj(), s, lo, n.max(m) - lo);
                let shift = n - hi;
                let to = lo + new.len();
                // SAFETY: both ranges lie within the storage, which this transaction has locked; a slot is a word.
                unsafe {
                    std::ptr::copy(
                        slots[hi..n].as_ptr() as *const u64,
                        slots[to..].as_ptr() as *mut u64,
                        shift,
                    )
                };
                for c in slots.iter().take(n).skip(m) {
                    c.set(None);
                }
            }
            for (c, v) in slots[lo..].iter().zip(new) {
                c.set(Some(*v));
            }
            l.len.set(m);
            shrink(th, l)
        }
        _ => {
            let cap = if n == 0 { m } else { roomy(m) };
            let s = th.new_storage(cap)?;
            let (to, from) = (s.get().slots(), l.slots());
            for i in 0..lo {
                to[i].set(from[i].get());
            }
            for (c, v) in to[lo..].iter().zip(new) {
                c.set(Some(*v));
            }
            for (c, x) in to[lo + new.len()..].iter().zip(&from[hi..]) {
                c.set(x.get());
            }
            s.get().set_filled(m);
            l.items.set(Some(s.value()));
            l.len.set(m);
            Ok(())
        }
    }
}

/// Puts an item before position `i`.
pub fn insert(th: &Thread, r: Ref<PyList>, i: usize, v: Value) -> PyResult<()> {
    splice(th, r, i, i, &[v])
}

/// Item `i`.
#[inline(always)]
pub fn get(th: &Thread, r: Ref<PyList>, i: usize) -> PyResult<Slot> {
    let l = r.read(th)?;
    if i >= l.len.get() {
        return Ok(None);
    }
    Ok(l.storage().and_then(|s| s.slots()[i].get()))
}

/// Replaces item `i`; false if there is none.
#[inline(always)]
pub fn set(th: &Thread, r: Ref<PyList>, i: usize, v: Value) -> PyResult<bool> {
    let l = r.write(th)?;
    match l.storage() {
        Some(s) if i < l.len.get() => {
            th.set_slot(r.obj(), s, i, Some(v));
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// `len(l)`.
#[inline(always)]
pub fn len(th: &Thread, r: Ref<PyList>) -> PyResult<usize> {
    Ok(r.read(th)?.len.get())
}

/// Makes `items` (new storage is built) the contents.
pub fn replace(th: &Thread, r: Ref<PyList>, items: &[Value]) -> PyResult<()> {
    let l = r.write(th)?;
    if items.is_empty() {
        l.items.set(None);
        l.len.set(0);
        return Ok(());
    }
    let s = th.new_storage(items.len())?;
    for (c, v) in s.get().slots().iter().zip(items) {
        c.set(Some(*v));
    }
    l.items.set(Some(s.value()));
    l.len.set(items.len());
    Ok(())
}

/// The items now, kept as roots.
pub fn snapshot(th: &Thread, r: Ref<PyList>) -> PyResult<gc_stm::RootVec> {
    let out = th.m.root_vec();
    for c in r.read(th)?.slots() {
        if let Some(v) = c.get() {
            out.push(v.bits());
        }
    }
    Ok(out)
}

/// A new list of `n` items, made by `item` (which runs no Python).
pub fn build(th: &Thread, n: usize, mut item: impl FnMut(usize) -> Value) -> PyResult {
    let r: Ref<PyList> = th.alloc_fixed(LIST.class_bits(), 32);
    if n > 0 {
        let s = th.new_storage(n)?;
        for (i, c) in s.get().slots().iter().enumerate() {
            c.set(Some(item(i)));
        }
        r.unguarded().items.set(Some(s.value()));
        r.unguarded().len.set(n);
    }
    Ok(r.value())
}

/// `items * n`.
pub fn repeated(th: &mut Thread, items: &[Value], n: usize) -> PyResult {
    let total = th.checked_size(items.len().checked_mul(n))?;
    if items.is_empty() || n == 0 {
        return th.new_list(&[]);
    }
    let k = items.len();
    if k == 1 {
        let v = items[0];
        return build(th, total, |_| v);
    }
    build(th, total, |i| items[i % k])
}
