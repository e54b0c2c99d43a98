//! The bytes of a bytearray.
//!
//! The live bytes are `data[start..start + len]`. Whatever bytes of a storage an operation overwrites are logged
//! first, even free ones: they may have been live when the transaction began. A storage made by the operation itself
//! needs no log.

use crate::layout::{Bytes, PyByteArray, Ref, round16};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// A bytearray with these bytes.
pub fn new(th: &Thread, b: &[u8]) -> PyResult {
    let r: Ref<PyByteArray> =
        th.alloc_fixed(super::BYTEARRAY.class_bits(), round16(size_of::<PyByteArray>()));
    if !b.is_empty() {
        let s = th.new_bytes(b.len())?;
        // SAFETY: fresh storage of that size.
        unsafe { std::ptr::copy_nonoverlapping(b.as_ptr(), s.get().data(), b.len()) };
        r.unguarded().data.set(Some(s.value()));
        r.unguarded().len.set(b.len());
    }
    Ok(r.value())
}

/// The live bytes. They must not be kept across a commit point.
pub fn bytes(a: &PyByteArray) -> &[u8] {
    match a.storage() {
        // SAFETY: the live bytes lie within the storage.
        Some(s) => unsafe { std::slice::from_raw_parts(s.get().data().add(a.start.get()), a.len.get()) },
        None => &[],
    }
}

/// The bytes of a bytearray value, read-locked. They must not be kept across a commit point.
pub fn view<'a>(th: &mut Thread, v: Value) -> PyResult<&'a [u8]> {
    match v.payload::<PyByteArray>() {
        Some(r) => {
            r.read(th)?;
            Ok(bytes(r.unguarded()))
        }
        None => Ok(&[]),
    }
}

/// Replaces bytes `at..at + removed` by `new`, which must not be part of a bytearray.
pub fn splice(th: &mut Thread, r: Ref<PyByteArray>, at: usize, removed: usize, new: &[u8]) -> PyResult<()> {
    let a = r.write(th)?;
    let (len, start) = (a.len.get(), a.start.get());
    let at = at.min(len);
    let removed = removed.min(len - at);
    let Some(total) = (len - removed).checked_add(new.len()) else { return Err(th.memory_error()) };
    let Some(s) = a.storage() else { return fill(th, r, &[], new, &[]) };
    let s = s.get();
    let tail = len - at - removed;
    if at == 0 && new.len() <= removed && total > 0 {
        let skip = removed - new.len();
        if s.capacity > 256 && total < s.capacity / 4 {
            return rebuild(th, r, at, removed, new);
        }
        put(th, s, start + skip, new);
        a.start.set(start + skip);
        a.len.set(total);
        return Ok(());
    }
    if start + total > s.capacity || (s.capacity > 256 && total < s.capacity / 4) {
        return rebuild(th, r, at, removed, new);
    }
    if new.len() != removed && tail > 0 {
        let (from, to) = (start + at + removed, start + at + new.len());
        th.log_bytes(s, to, tail);
        // SAFETY: both ranges lie within the storage.
        unsafe { std::ptr::copy(s.data().add(from), s.data().add(to), tail) };
    }
    put(th, s, start + at, new);
    a.len.set(total);
    Ok(())
}

/// Overwrites bytes of a storage.
fn put(th: &Thread, s: &Bytes, at: usize, new: &[u8]) {
    if !new.is_empty() {
        th.log_bytes(s, at, new.len());
        // SAFETY: the callers checked that it fits.
        unsafe { std::ptr::copy_nonoverlapping(new.as_ptr(), s.data().add(at), new.len()) };
    }
}

fn rebuild(th: &mut Thread, r: Ref<PyByteArray>, at: usize, removed: usize, new: &[u8]) -> PyResult<()> {
    let old = bytes(r.unguarded());
    fill(th, r, &old[..at], new, &old[at + removed..])
}

/// Gives a write-locked bytearray a storage of its own with these bytes and room to grow.
fn fill(th: &mut Thread, r: Ref<PyByteArray>, a: &[u8], b: &[u8], c: &[u8]) -> PyResult<()> {
    let total = a.len() + b.len() + c.len();
    let capacity = total.saturating_add(total / 4 + 16);
    let s = th.new_bytes(capacity)?;
    let mut at = 0;
    for part in [a, b, c] {
        // SAFETY: fresh storage with room for all three.
        unsafe { std::ptr::copy_nonoverlapping(part.as_ptr(), s.get().data().add(at), part.len()) };
        at += part.len();
    }
    let o = r.unguarded();
    o.data.set(Some(s.value()));
    o.start.set(0);
    o.len.set(total);
    Ok(())
}

/// Overwrites one live byte.
pub fn set(th: &mut Thread, r: Ref<PyByteArray>, i: usize, b: u8) -> PyResult<()> {
    let a = r.write(th)?;
    if let Some(s) = a.storage()
        && i < a.len.get()
    {
        put(th, s.get(), a.start.get() + i, &[b]);
    }
    Ok(())
}
