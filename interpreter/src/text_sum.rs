//! `a + b` of texts without copying `a` each time, so that a loop of `s += x` takes linear time wherever `s` is kept:
//! in a local or global variable, an attribute, a list, a closure.
//!
//! The sum of a text that is itself a sum gets a [`Room`] half as large again as it needs. The text that is made is only a
//! head: its contents are the room's first bytes. A text whose contents end where the room's claimed bytes end is extended
//! by claiming the bytes behind it; the new text is another head for the same room, and the old one stays what it was.
//!
//! # Invariants
//! R1. Bytes of a room that belong to a text never change: a claim gives bytes that no text has, to one thread.
//! R2. A text in a room is at least two thirds of what the room was made for, so it does not keep much more memory than it
//!     shows.
//!
//! Neither needs to know who else has the texts, or whether the transaction will abort: a claim that was in vain costs the
//! next sum a copy. One sum of two plain texts makes no room, and so wastes none.
//!
//! Checked by `tests/python/test_accumulate.py`, `benches/natives/linear.py`.

use crate::layout::{HeapObject, PyStr, PyUnicode, Ref, Room, form};
use crate::objects as o;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::Ordering;

/// Shorter sums are simply copied.
pub const LEAST: usize = 512;

/// The sum of two `str`; none if it is to be an ordinary one.
pub fn of_strs(th: &Thread, x: Ref<PyStr>, y: &[u8]) -> PyResult<Option<Value>> {
    let old = x.get();
    let Some((room, to)) = grown(th, old.form, old.room(), old.len, y.len(), |p| {
        // SAFETY: there is room, in a fresh object.
        unsafe { std::ptr::copy_nonoverlapping(old.bytes().as_ptr(), p, old.len) }
    })?
    else {
        return Ok(None);
    };
    // SAFETY: claimed bytes: nobody else has them, `y` does not lie there.
    unsafe { std::ptr::copy_nonoverlapping(y.as_ptr(), to, y.len()) };
    let r: Ref<PyStr> = head(th, o::str::STR.class_bits(), room);
    // SAFETY: fresh object.
    unsafe {
        let r = r.as_ptr();
        (*r).len = old.len + y.len();
        (*r).hash.store(-1, Ordering::Relaxed);
        (*r).form = form::ROOM;
    }
    Ok(Some(r.value()))
}

/// The sum of two `unicode`, of characters of `width` bytes; none if it is to be an ordinary one.
pub fn of_unicodes(th: &Thread, x: Ref<PyUnicode>, y: &PyUnicode, width: usize) -> PyResult<Option<Value>> {
    let old = x.get();
    let Some(more) = y.len.checked_mul(width) else { return Ok(None) };
    let Some(len) = old.len.checked_mul(width) else { return Ok(None) };
    // A room has characters of one width.
    let room = old.room().filter(|_| old.width as usize == width);
    let Some((room, to)) = grown(th, old.form, room, len, more, |p| {
        // SAFETY: there is room, in a fresh object, aligned to 16.
        unsafe { o::unicode::copy_into(old.chars(), p, width) }
    })?
    else {
        return Ok(None);
    };
    // SAFETY: claimed bytes, which begin at a multiple of the width: nobody else has them.
    unsafe { o::unicode::copy_into(y.chars(), to, width) };
    let r: Ref<PyUnicode> = head(th, o::unicode::UNICODE.class_bits(), room);
    // SAFETY: fresh object.
    unsafe {
        let r = r.as_ptr();
        (*r).len = old.len + y.len;
        (*r).width = width as u32;
        (*r).hash.store(-1, Ordering::Relaxed);
        (*r).form = form::ROOM;
    }
    Ok(Some(r.value()))
}

/// A room that begins with the `len` bytes of a text of that form and room, and where `more` bytes behind them, now
/// claimed, lie. `copy` puts the first ones into another room.
#[inline]
fn grown(
    th: &Thread,
    form: u32,
    room: Option<Ref<Room>>,
    len: usize,
    more: usize,
    copy: impl FnOnce(*mut u8),
) -> Result<Option<(Ref<Room>, *mut u8)>, Raised> {
    if let Some(room) = room
        && let Some(to) = room.get().claim(len, more)
    {
        return Ok(Some((room, to)));
    }
    let Some(n) = len.checked_add(more).filter(|n| *n < isize::MAX as usize / 4) else { return Ok(None) };
    let capacity = n + n / 2;
    // Where memory is short a sum takes what it needs.
    if form == form::INLINE || capacity >= th.m.heap().room() {
        return Ok(None);
    }
    let room = th.new_room(capacity)?;
    let (Some(start), Some(to)) = (room.get().claim(0, len), room.get().claim(len, more)) else {
        return Ok(None);
    };
    copy(start);
    Ok(Some((room, to)))
}

/// A text that has its contents in `room`; its other fields are still zero.
fn head<T: HeapObject>(th: &Thread, class: u64, room: Ref<Room>) -> Ref<T> {
    let r: Ref<T> = th.alloc_fixed(class, Room::TEXT_SIZE);
    // SAFETY: fresh object of that size.
    unsafe { r.as_ptr().cast::<u64>().add(4).write(room.value().bits()) };
    r
}
