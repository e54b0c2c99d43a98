//! The hash table under `dict`, `set` and `frozenset`: insertion-ordered and compact.
//!
//! `entries` holds triples (hash, key, value) in order of insertion; a deleted entry is a *hole* (no key). `index` is
//! an open-addressed table of entry numbers with CPython's perturbed probing. Up to [`LINEAR_MAX`] entries there is
//! no index: a scan of the entries is as fast.
//!
//! # Layout of `index`
//! Stamp of the transaction that may write it without logging (8 bytes), mask (8 bytes), then `mask + 1` numbers of
//! 1, 2, 4 or 8 bytes: 0 empty, 1 deleted, `n + 2` entry `n`.
//!
//! # Invariants
//! T1. A stored hash is a tagged int of the hash's low 63 bits; all probing starts from that.
//! T2. `used <= capacity`; entries past `used` are empty. With an index, the numbers that are not empty (the *fill*,
//!     kept above the flag bits) never exceed the capacity, which is two thirds of the table: probing ends.
//! T3. Growing and compacting build new storage and swap it in, so a reader that ran Python code sees by the
//!     identity of `entries` and `index` whether its positions are still good.
//! T4. Every store to shared storage is preceded by the dict's write barrier and by the storage's log.
//! T5. In a namespace dict (flag [`NAMESPACE`]) every value slot holds a `GlobalCell`; entries are never removed.

use crate::layout::*;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// Slots per entry.
pub const STRIDE: usize = 3;
/// Most entries of a table without index.
const LINEAR_MAX: usize = 8;
/// Flag: the values are cells (see `namespace.rs`).
pub const NAMESPACE: usize = 1;
const FILL_SHIFT: u32 = 8;
/// Bytes before the numbers of an index.
const INDEX_HEADER: usize = 16;
/// Indexes up to this many bytes are logged whole, once per transaction.
const LOG_WHOLE: usize = 256;

/// The stored form of a hash (T1).
#[inline(always)]
pub fn pack_hash(h: i64) -> Value {
    Value::int_unchecked(h)
}

/// Entry slots of a table; unused ones are empty.
#[inline(always)]
pub fn slots(t: &PyDict) -> &[Cell<Slot>] {
    match t.entry_storage() {
        Some(s) => s.slots(),
        None => &[],
    }
}

/// Entries there is room for.
#[inline(always)]
fn capacity(t: &PyDict) -> usize {
    match t.entry_storage() {
        Some(s) => s.capacity / STRIDE,
        None => 0,
    }
}

#[inline(always)]
pub fn is_namespace(t: &PyDict) -> bool {
    t.flags.get() & NAMESPACE != 0
}

#[inline(always)]
fn fill(t: &PyDict) -> usize {
    t.flags.get() >> FILL_SHIFT
}

#[inline(always)]
fn set_fill(t: &PyDict, n: usize) {
    t.flags.set((t.flags.get() & ((1 << FILL_SHIFT) - 1)) | (n << FILL_SHIFT));
}

/// The key of entry `e`, if there is one.
#[inline(always)]
pub fn key_at(t: &PyDict, e: usize) -> Slot {
    slots(t).get(e * STRIDE + 1).and_then(Cell::get)
}

/// The stored hash of entry `e` (63 bits, sign-extended).
#[inline(always)]
pub fn hash_at(t: &PyDict, e: usize) -> i64 {
    slots(t).get(e * STRIDE).and_then(Cell::get).map_or(0, Value::small_int_unchecked)
}

/// The raw value slot of entry `e`: a cell in a namespace dict.
#[inline(always)]
pub fn raw_value_at(t: &PyDict, e: usize) -> Slot {
    slots(t).get(e * STRIDE + 2).and_then(Cell::get)
}

/// A view of an index.
#[derive(Copy, Clone)]
struct Index<'a> {
    bytes: &'a Bytes,
    mask: usize,
}

impl<'a> Index<'a> {
    #[inline(always)]
    fn of(bytes: &'a Bytes) -> Index<'a> {
        // SAFETY: an index begins with its header.
        let mask = unsafe { *(bytes.data() as *const u64).add(1) } as usize;
        Index { bytes, mask }
    }

    #[inline(always)]
    fn width(self) -> usize {
        width_for(self.mask)
    }

    #[inline(always)]
    fn get(self, i: usize) -> usize {
        let p = self.bytes.data().wrapping_add(INDEX_HEADER);
        // SAFETY: `i <= mask`, and the table has `mask + 1` numbers of that width.
        unsafe {
            if self.mask <= 0xff {
                *p.add(i) as usize
            } else if self.mask <= 0xffff {
                *(p as *const u16).add(i) as usize
            } else if self.mask <= 0xffff_ffff {
                *(p as *const u32).add(i) as usize
            } else {
                *(p as *const u64).add(i) as usize
            }
        }
    }

    /// Stores a number; the table is fresh or logged.
    #[inline(always)]
    fn put(self, i: usize, n: usize) {
        let p = self.bytes.data().wrapping_add(INDEX_HEADER);
        // SAFETY: as in `get`; the caller holds the owner's write lock.
        unsafe {
            if self.mask <= 0xff {
                *p.add(i) = n as u8;
            } else if self.mask <= 0xffff {
                *(p as *mut u16).add(i) = n as u16;
            } else if self.mask <= 0xffff_ffff {
                *(p as *mut u32).add(i) = n as u32;
            } else {
                *(p as *mut u64).add(i) = n as u64;
            }
        }
    }

    /// Logs what storing number `i` changes (T4), then stores.
    #[inline]
    fn put_logged(self, th: &Thread, i: usize, n: usize) {
        // SAFETY: the first header word is the stamp.
        let stamp = unsafe { &*(self.bytes.data() as *const AtomicU64) };
        if !th.m.tx.owns(stamp) {
            let w = self.width();
            let len = (self.mask + 1) * w;
            if len <= LOG_WHOLE {
                th.log_bytes(self.bytes, INDEX_HEADER, len);
                stamp.store(th.m.current_stamp(), Ordering::Relaxed);
            } else {
                th.log_bytes(self.bytes, INDEX_HEADER + i * w, w);
            }
        }
        self.put(i, n);
    }
}

#[inline(always)]
fn width_for(mask: usize) -> usize {
    if mask <= 0xff {
        1
    } else if mask <= 0xffff {
        2
    } else if mask <= 0xffff_ffff {
        4
    } else {
        8
    }
}

/// A probe's position.
#[derive(Copy, Clone)]
pub struct Cursor {
    /// Index position, or entry number in a table without index.
    i: usize,
    perturb: u64,
}

impl Cursor {
    #[inline(always)]
    pub fn start(t: &PyDict, hash: Value) -> Cursor {
        match t.index_bytes() {
            Some(b) => {
                let p = hash.bits() >> 1;
                Cursor { i: p as usize & Index::of(b).mask, perturb: p }
            }
            None => Cursor { i: 0, perturb: 0 },
        }
    }

    #[inline(always)]
    fn advance(&mut self, mask: usize) {
        self.perturb >>= 5;
        self.i = self.i.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1) & mask;
    }
}

/// Where a probe got to.
pub enum Step {
    Found(usize),
    Absent,
    /// Entry and its key: only Python code can tell whether it equals the key sought.
    Ask(usize, Value),
}

/// Equality of keys with equal hashes, where no Python code is needed to tell.
#[inline(always)]
fn quick_equal(a: Value, b: Value) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    if let (Some(x), Some(y)) = (a.cast::<PyStr>(), b.cast::<PyStr>()) {
        return Some(x.get().bytes() == y.get().bytes());
    }
    if (a.is_tagged_int() && b.is_tagged_int()) || (a.is_flonum() && b.is_flonum()) {
        return Some(false);
    }
    None
}

/// Goes on with a probe until something is certain or must be asked.
#[inline(always)]
pub fn step(t: &PyDict, key: Value, hash: Value, cur: &mut Cursor) -> Step {
    let s = slots(t);
    match t.index_bytes() {
        Some(b) => {
            let x = Index::of(b);
            loop {
                let n = x.get(cur.i);
                if n == 0 {
                    return Step::Absent;
                }
                cur.advance(x.mask);
                if n == 1 {
                    continue;
                }
                let e = n - 2;
                let at = e * STRIDE;
                let Some(k) = s[at + 1].get() else { continue };
                if k == key {
                    return Step::Found(e);
                }
                if s[at].get() == Some(hash) {
                    match quick_equal(k, key) {
                        Some(true) => return Step::Found(e),
                        Some(false) => {}
                        None => return Step::Ask(e, k),
                    }
                }
            }
        }
        None => {
            let used = t.used.get();
            while cur.i < used {
                let e = cur.i;
                cur.i += 1;
                let at = e * STRIDE;
                let Some(k) = s[at + 1].get() else { continue };
                if k == key {
                    return Step::Found(e);
                }
                if s[at].get() == Some(hash) {
                    match quick_equal(k, key) {
                        Some(true) => return Step::Found(e),
                        Some(false) => {}
                        None => return Step::Ask(e, k),
                    }
                }
            }
            Step::Absent
        }
    }
}

/// The entry of `key`, which has this hash. Runs `__eq__` where it must; starts over if that changed the table.
#[inline]
pub fn find(th: &mut Thread, d: Ref<PyDict>, key: Value, hash: i64) -> PyResult<Option<usize>> {
    let h = pack_hash(hash);
    let t = d.read(th)?;
    let mut cur = Cursor::start(t, h);
    match step(t, key, h, &mut cur) {
        Step::Found(e) => Ok(Some(e)),
        Step::Absent => Ok(None),
        Step::Ask(..) => find_asking(th, d, key, h),
    }
}

#[cold]
#[inline(never)]
fn find_asking(th: &mut Thread, d: Ref<PyDict>, key: Value, h: Value) -> PyResult<Option<usize>> {
    'again: loop {
        let t = d.read(th)?;
        let (index, entries) = (t.index.get(), t.entries.get());
        let mut cur = Cursor::start(t, h);
        loop {
            let t = d.read(th)?;
            match step(t, key, h, &mut cur) {
                Step::Found(e) => return Ok(Some(e)),
                Step::Absent => return Ok(None),
                Step::Ask(e, other) => {
                    let equal = ops::equal(th, other, key)?;
                    let t = d.read(th)?;
                    if t.index.get() != index || t.entries.get() != entries || key_at(t, e) != Some(other) {
                        continue 'again;
                    }
                    if equal {
                        return Ok(Some(e));
                    }
                }
            }
        }
    }
}

/// Stores the raw value slot of entry `e`.
#[inline]
pub fn set_raw_value(th: &Thread, d: Ref<PyDict>, e: usize, v: Value) -> PyResult<()> {
    let t = d.write(th)?;
    if let Some(s) = t.entry_storage() {
        th.set_slot(d.obj(), s, e * STRIDE + 2, Some(v));
    }
    Ok(())
}

/// Adds an entry for a key that is known to be absent. Does not count it as live.
pub fn append_entry(th: &Thread, d: Ref<PyDict>, h: Value, key: Value, value: Value) -> PyResult<()> {
    let t = d.write(th)?;
    let cap = capacity(t);
    if t.used.get() >= cap || (t.index.get().is_some() && fill(t) >= cap) {
        rebuild(th, d, 1)?;
    }
    let Some(s) = t.entry_storage() else { return Ok(()) };
    let e = t.used.get();
    th.log_slots(d.obj(), s, e * STRIDE, STRIDE);
    let to = &s.slots()[e * STRIDE..e * STRIDE + STRIDE];
    to[0].set(Some(h));
    to[1].set(Some(key));
    to[2].set(Some(value));
    t.used.set(e + 1);
    if let Some(b) = t.index_bytes() {
        let x = Index::of(b);
        let mut cur = Cursor::start(t, h);
        loop {
            let n = x.get(cur.i);
            if n < 2 {
                x.put_logged(th, cur.i, e + 2);
                if n == 0 {
                    set_fill(t, fill(t) + 1);
                }
                break;
            }
            cur.advance(x.mask);
        }
    }
    Ok(())
}

/// Adds a live entry for a key that is known to be absent.
#[inline]
pub fn append(th: &Thread, d: Ref<PyDict>, h: Value, key: Value, value: Value) -> PyResult<()> {
    append_entry(th, d, h, key, value)?;
    let t = d.write(th)?;
    t.live.set(t.live.get() + 1);
    Ok(())
}

/// Builds storage without holes, with room for as many entries again and at least `extra` more.
pub fn rebuild(th: &Thread, d: Ref<PyDict>, extra: usize) -> PyResult<()> {
    let t = d.write(th)?;
    let used = t.used.get();
    let old = slots(t);
    let keyed = (0..used).filter(|e| old[e * STRIDE + 1].get().is_some()).count();
    let Some(want) = keyed.checked_add(keyed.max(extra)) else {
        return th.new_storage(usize::MAX).map(|_| ());
    };
    let (cap, size) = if want <= 4 {
        (4, 0)
    } else if want <= LINEAR_MAX {
        (LINEAR_MAX, 0)
    } else {
        let size = want.saturating_add(want / 2 + 1).checked_next_power_of_two().unwrap_or(1 << 62);
        (size / 3 * 2 + (size % 3) * 2 / 3, size)
    };
    let s = th.new_storage(cap.saturating_mul(STRIDE))?;
    let index = if size == 0 { None } else { Some(new_index(th, size)?) };
    let new = s.get().slots();
    let mut n = 0;
    for e in 0..used {
        let from = &old[e * STRIDE..e * STRIDE + STRIDE];
        if from[1].get().is_none() {
            continue;
        }
        let to = &new[n * STRIDE..n * STRIDE + STRIDE];
        for i in 0..STRIDE {
            to[i].set(from[i].get());
        }
        if let Some(b) = index {
            insert_number(Index::of(b.get()), from[0].get(), n);
        }
        n += 1;
    }
    s.get().set_filled(n * STRIDE);
    t.entries.set(Some(s.value()));
    t.index.set(index.map(Ref::value));
    t.used.set(n);
    set_fill(t, n);
    Ok(())
}

/// Puts entry number `e` into a fresh index.
#[inline(always)]
fn insert_number(x: Index<'_>, hash: Slot, e: usize) {
    let p = hash.map_or(0, Value::bits) >> 1;
    let mut cur = Cursor { i: p as usize & x.mask, perturb: p };
    while x.get(cur.i) != 0 {
        cur.advance(x.mask);
    }
    x.put(cur.i, e + 2);
}

fn new_index(th: &Thread, size: usize) -> PyResult<Ref<Bytes>> {
    let b = th.new_bytes(size.saturating_mul(width_for(size - 1)).saturating_add(INDEX_HEADER))?;
    // SAFETY: fresh object with room for the header.
    unsafe {
        *(b.get().data() as *mut u64) = th.m.current_stamp();
        *(b.get().data() as *mut u64).add(1) = (size - 1) as u64;
    }
    Ok(b)
}

/// Removes entry `e` of a plain table.
pub fn remove(th: &Thread, d: Ref<PyDict>, e: usize) -> PyResult<()> {
    let t = d.write(th)?;
    let Some(s) = t.entry_storage() else { return Ok(()) };
    let at = e * STRIDE;
    if let (Some(b), Some(h)) = (t.index_bytes(), s.slots()[at].get()) {
        let x = Index::of(b);
        let mut cur = Cursor::start(t, h);
        loop {
            let n = x.get(cur.i);
            if n == e + 2 {
                x.put_logged(th, cur.i, 1);
                break;
            }
            if n == 0 {
                break;
            }
            cur.advance(x.mask);
        }
    }
    th.log_slots(d.obj(), s, at, STRIDE);
    for c in &s.slots()[at..at + STRIDE] {
        c.set(None);
    }
    t.live.set(t.live.get() - 1);
    if e + 1 == t.used.get() {
        // Holes at the end are given back, so that taking entries from the end costs one step each.
        let mut n = e;
        while n > 0 && s.slots()[(n - 1) * STRIDE + 1].get().is_none() {
            n -= 1;
        }
        t.used.set(n);
    }
    Ok(())
}

/// Empties a plain table.
pub fn clear(th: &Thread, d: Ref<PyDict>) -> PyResult<()> {
    let t = d.write(th)?;
    t.entries.set(None);
    t.index.set(None);
    t.used.set(0);
    t.live.set(0);
    set_fill(t, 0);
    Ok(())
}

/// Makes `to`, which is fresh, a table with the entries of `from` (a plain table): holes go, nothing is hashed.
pub fn copy_into(th: &Thread, from: Ref<PyDict>, to: Ref<PyDict>) -> PyResult<()> {
    let f = from.read(th)?;
    let t = to.write(th)?;
    if f.live.get() == 0 {
        return clear(th, to);
    }
    t.entries.set(f.entries.get());
    t.index.set(f.index.get());
    t.used.set(f.used.get());
    // Shared for a moment only: `rebuild` copies, and does not change what it copies from.
    if let Err(e) = rebuild(th, to, 1) {
        t.entries.set(None);
        t.index.set(None);
        t.used.set(0);
        return Err(e);
    }
    t.live.set(f.live.get());
    Ok(())
}

/// Makes room for `n` more entries.
pub fn reserve(th: &Thread, d: Ref<PyDict>, n: usize) -> PyResult<()> {
    let t = d.read(th)?;
    if n > capacity(t) - t.used.get() { rebuild(th, d, n) } else { Ok(()) }
}
