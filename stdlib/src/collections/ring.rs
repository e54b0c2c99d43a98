//! The memory of a deque: a record of ring storage, head, length, bound and change counter.
//!
//! # Invariants
//! R1. Item `i` lies in slot `(head + i) mod capacity`; all other slots are empty.
//! R2. The record's write barrier precedes every store; cards are logged through the record.
//! R3. The change counter grows with every change of length or order, so that iterators notice.

use interpreter::PyResult;
use interpreter::Thread;
use interpreter::layout::{PyRecord, Ref, Storage};
use interpreter::value::{Slot, Value};

const STORAGE: usize = 0;
const HEAD: usize = 1;
const LEN: usize = 2;
const MAXLEN: usize = 3;
const CHANGES: usize = 4;

/// A deque's record.
#[derive(Copy, Clone, PartialEq)]
pub struct Ring(pub Ref<PyRecord>);

/// Slots of the record of an empty deque.
pub fn empty_slots() -> [Slot; 5] {
    let zero = Value::from_small_int(0);
    [None, zero, zero, None, zero]
}

fn number(r: &PyRecord, i: usize) -> usize {
    r.at(i).get().and_then(Value::as_small_int).unwrap_or(0) as usize
}

fn set_number(r: &PyRecord, i: usize, n: usize) {
    r.at(i).set(Value::from_small_int(n as i64));
}

fn storage(r: &PyRecord) -> Option<&Storage> {
    r.at(STORAGE).get().and_then(Value::cast::<Storage>).map(|s| s.get())
}

fn position(r: &PyRecord, s: &Storage, i: usize) -> usize {
    let p = number(r, HEAD) + i;
    if p >= s.capacity { p - s.capacity } else { p }
}

impl Ring {
    pub fn len(self, th: &Thread) -> PyResult<usize> {
        Ok(number(self.0.read(th)?, LEN))
    }

    pub fn maxlen(self, th: &Thread) -> PyResult<Option<usize>> {
        Ok(self.0.read(th)?.at(MAXLEN).get().and_then(Value::as_small_int).map(|n| n as usize))
    }

    pub fn set_maxlen(self, th: &Thread, n: Option<usize>) -> PyResult<()> {
        self.0.write(th)?.at(MAXLEN).set(n.and_then(|n| Value::from_small_int(n as i64)));
        Ok(())
    }

    /// The change counter.
    pub fn changes(self, th: &Thread) -> PyResult<usize> {
        Ok(number(self.0.read(th)?, CHANGES))
    }

    fn changed(r: &PyRecord) {
        set_number(r, CHANGES, (number(r, CHANGES) + 1) & (usize::MAX >> 2));
    }

    /// Item `i`.
    pub fn get(self, th: &Thread, i: usize) -> PyResult<Slot> {
        let r = self.0.read(th)?;
        if i >= number(r, LEN) {
            return Ok(None);
        }
        Ok(storage(r).and_then(|s| s.slots()[position(r, s, i)].get()))
    }

    /// Replaces item `i`, which exists.
    pub fn set(self, th: &Thread, i: usize, v: Value) -> PyResult<()> {
        let r = self.0.write(th)?;
        if let Some(s) = storage(r) {
            th.set_slot(self.0.obj(), s, position(r, s, i), Some(v));
        }
        Ok(())
    }

    /// Makes room for one more item; the record is write-locked.
    fn reserve(self, th: &Thread, r: &PyRecord) -> PyResult<()> {
        let n = number(r, LEN);
        let old = storage(r);
        if old.is_some_and(|s| n < s.capacity) {
            return Ok(());
        }
        self.rebuild(th, r, n, (n * 2).max(8), 0)
    }

    /// New storage with the items in order from number `first` on.
    fn rebuild(self, th: &Thread, r: &PyRecord, n: usize, capacity: usize, first: usize) -> PyResult<()> {
        let new = th.new_storage(capacity)?;
        if let Some(s) = storage(r) {
            for (i, c) in new.get().slots()[..n].iter().enumerate() {
                let from = if first + i >= n { first + i - n } else { first + i };
                c.set(s.slots()[position(r, s, from)].get());
            }
        }
        r.at(STORAGE).set(Some(new.value()));
        set_number(r, HEAD, 0);
        Ok(())
    }

    /// Adds an item at the right end; returns the item that the bound pushes out at the left.
    pub fn push_right(self, th: &Thread, v: Value) -> PyResult<()> {
        let r = self.0.write(th)?;
        self.reserve(th, r)?;
        let n = number(r, LEN);
        if let Some(s) = storage(r) {
            th.set_slot(self.0.obj(), s, position(r, s, n), Some(v));
        }
        set_number(r, LEN, n + 1);
        Ring::changed(r);
        if r.at(MAXLEN).get().is_some() && n + 1 > number(r, MAXLEN) {
            self.pop_left(th)?;
        }
        Ok(())
    }

    /// Adds an item at the left end.
    pub fn push_left(self, th: &Thread, v: Value) -> PyResult<()> {
        let r = self.0.write(th)?;
        self.reserve(th, r)?;
        let n = number(r, LEN);
        if let Some(s) = storage(r) {
            let head = number(r, HEAD);
            let head = if head == 0 { s.capacity - 1 } else { head - 1 };
            th.set_slot(self.0.obj(), s, head, Some(v));
            set_number(r, HEAD, head);
        }
        set_number(r, LEN, n + 1);
        Ring::changed(r);
        if r.at(MAXLEN).get().is_some() && n + 1 > number(r, MAXLEN) {
            self.pop_right(th)?;
        }
        Ok(())
    }

    /// Takes the item at the left end.
    pub fn pop_left(self, th: &Thread) -> PyResult<Slot> {
        let r = self.0.write(th)?;
        let n = number(r, LEN);
        let Some(s) = storage(r).filter(|_| n > 0) else { return Ok(None) };
        let p = number(r, HEAD);
        let v = s.slots()[p].get();
        th.set_slot(self.0.obj(), s, p, None);
        set_number(r, HEAD, if p + 1 == s.capacity { 0 } else { p + 1 });
        self.removed(th, r, s, n - 1)?;
        Ok(v)
    }

    /// Takes the item at the right end.
    pub fn pop_right(self, th: &Thread) -> PyResult<Slot> {
        let r = self.0.write(th)?;
        let n = number(r, LEN);
        let Some(s) = storage(r).filter(|_| n > 0) else { return Ok(None) };
        let p = position(r, s, n - 1);
        let v = s.slots()[p].get();
        th.set_slot(self.0.obj(), s, p, None);
        self.removed(th, r, s, n - 1)?;
        Ok(v)
    }

    /// Notes the new length; storage that is mostly empty is given back.
    fn removed(self, th: &Thread, r: &PyRecord, s: &Storage, n: usize) -> PyResult<()> {
        set_number(r, LEN, n);
        Ring::changed(r);
        if s.capacity > 64 && n < s.capacity / 4 { self.rebuild(th, r, n, (n * 2).max(8), 0) } else { Ok(()) }
    }

    /// Removes everything.
    pub fn clear(self, th: &Thread) -> PyResult<()> {
        let r = self.0.write(th)?;
        r.at(STORAGE).set(None);
        set_number(r, HEAD, 0);
        set_number(r, LEN, 0);
        Ring::changed(r);
        Ok(())
    }

    /// Moves the last `k` items to the front; `k` is less than the length.
    pub fn rotate(self, th: &Thread, k: usize) -> PyResult<()> {
        let r = self.0.write(th)?;
        let n = number(r, LEN);
        if k == 0 || n < 2 {
            return Ok(());
        }
        Ring::changed(r);
        let cap = storage(r).map_or(0, |s| s.capacity);
        if n == cap {
            let head = number(r, HEAD);
            set_number(r, HEAD, if head >= k { head - k } else { head + cap - k });
            return Ok(());
        }
        if k.min(n - k) > 64 {
            return self.rebuild(th, r, n, cap, n - k);
        }
        let Some(s) = storage(r) else { return Ok(()) };
        let obj = self.0.obj();
        for _ in 0..k.min(n - k) {
            let head = number(r, HEAD);
            if k <= n - k {
                let from = position(r, s, n - 1);
                let v = s.slots()[from].get();
                th.set_slot(obj, s, from, None);
                let head = if head == 0 { cap - 1 } else { head - 1 };
                th.set_slot(obj, s, head, v);
                set_number(r, HEAD, head);
            } else {
                let v = s.slots()[head].get();
                let to = position(r, s, n);
                th.set_slot(obj, s, head, None);
                th.set_slot(obj, s, to, v);
                set_number(r, HEAD, if head + 1 == cap { 0 } else { head + 1 });
            }
        }
        Ok(())
    }

    /// Removes item `i`; those after it move up.
    pub fn remove(self, th: &Thread, i: usize) -> PyResult<()> {
        let r = self.0.write(th)?;
        let n = number(r, LEN);
        let Some(s) = storage(r).filter(|_| i < n) else { return Ok(()) };
        let obj = self.0.obj();
        for k in i + 1..n {
            let v = s.slots()[position(r, s, k)].get();
            th.set_slot(obj, s, position(r, s, k - 1), v);
        }
        th.set_slot(obj, s, position(r, s, n - 1), None);
        self.removed(th, r, s, n - 1)
    }

    /// Turns the order around, in new storage.
    pub fn reverse(self, th: &Thread) -> PyResult<()> {
        let r = self.0.write(th)?;
        let n = number(r, LEN);
        let Some(s) = storage(r).filter(|_| n > 1) else { return Ok(()) };
        let new = th.new_storage(s.capacity)?;
        for (i, c) in new.get().slots()[..n].iter().enumerate() {
            c.set(s.slots()[position(r, s, n - 1 - i)].get());
        }
        r.at(STORAGE).set(Some(new.value()));
        set_number(r, HEAD, 0);
        Ring::changed(r);
        Ok(())
    }

    /// Bytes of memory.
    pub fn size(self, th: &Thread) -> PyResult<usize> {
        let r = self.0.read(th)?;
        Ok(PyRecord::size_for(r.len) + storage(r).map_or(0, |s| Storage::size_for(s.capacity)))
    }
}
