//! Layouts of `str`, `unicode` and `bytearray`.
//!
//! The contents of a `str` or `unicode` follow its head, or are the first bytes of a [`Room`] that other sums share
//! (`text_sum.rs`): its `form` says which.

use super::{Bytes, Header, Ref, Room, Stamped, heap_object, round16, slot_bits};
use crate::value::Slot;
use gc_stm::{ObjRef, Tracer};
use std::cell::Cell;
use std::sync::atomic::{AtomicI64, AtomicU32};

/// How a text holds its contents. Fixed when it is made.
pub mod form {
    /// Behind its head.
    pub const INLINE: u32 = 0;
    /// Behind its head; and it is the sum of two others.
    pub const SUM: u32 = 1;
    /// In a room, whose address stands behind its head.
    pub const ROOM: u32 = 2;
}

/// Where the contents of a text lie whose head, of 32 bytes, is at `head`.
#[inline(always)]
fn contents(head: *const u8, form: u32) -> *const u8 {
    const { assert!(size_of::<PyStr>() == 32 && size_of::<PyUnicode>() == 32) }
    let behind = head.wrapping_add(32);
    if form == form::ROOM {
        // SAFETY: a text of that form has the address of its room there.
        Room::data(unsafe { *behind.cast::<usize>() })
    } else {
        behind
    }
}

/// The room of a text, if its contents lie in one.
#[inline]
fn room_of(head: *const u8, form: u32) -> Option<Ref<Room>> {
    // SAFETY: as in `contents`; it refers to a room.
    (form == form::ROOM)
        .then(|| unsafe { Ref::from_obj(ObjRef::from_address(*head.wrapping_add(32).cast::<usize>())) })
}

/// `str`: a length, a cached hash, bytes.
#[repr(C)]
pub struct PyStr {
    pub header: Header,
    pub len: usize,
    /// Cached hash; -1 until computed (idempotent, relaxed).
    pub hash: AtomicI64,
    /// 1 if this is the one interned object with these bytes.
    pub interned: AtomicU32,
    /// One of [`form`].
    pub form: u32,
    bytes: [u8; 0],
}
heap_object!(PyStr, STR, Immutable);

impl PyStr {
    pub fn size_for(len: usize) -> usize {
        round16(size_of::<PyStr>() + len + 1)
    }

    /// # Safety
    /// `obj` is a str.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        let s = unsafe { &*(obj.address() as *const PyStr) };
        if s.form == form::ROOM { Room::TEXT_SIZE } else { PyStr::size_for(s.len) }
    }
    /// # Safety
    /// `obj` is a str.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        if let Some(room) = unsafe { &*(obj.address() as *const PyStr) }.room() {
            t.object(room.obj());
        }
    }

    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `len` bytes are there, and nobody changes them.
        unsafe { std::slice::from_raw_parts(contents((self as *const PyStr).cast(), self.form), self.len) }
    }

    /// The room its bytes lie in.
    pub fn room(&self) -> Option<Ref<Room>> {
        room_of((self as *const PyStr).cast(), self.form)
    }

    /// # Safety
    /// The object is fresh, nobody else sees it, and its bytes follow it.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn bytes_mut<'a>(this: Ref<PyStr>) -> &'a mut [u8] {
        let p = this.as_ptr();
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts_mut((p as *mut u8).add(size_of::<PyStr>()), (*p).len) }
    }
}

/// `unicode`: characters of 1 (Latin-1), 2 (UCS-2) or 4 bytes each, the narrowest that holds all of them.
#[repr(C)]
pub struct PyUnicode {
    pub header: Header,
    /// Characters.
    pub len: usize,
    pub hash: AtomicI64,
    /// 1, 2 or 4.
    pub width: u32,
    /// One of [`form`].
    pub form: u32,
    data: [u32; 0],
}
heap_object!(PyUnicode, UNICODE, Immutable);

/// The characters of a unicode object.
#[derive(Copy, Clone)]
pub enum Chars<'a> {
    One(&'a [u8]),
    Two(&'a [u16]),
    Four(&'a [u32]),
}

impl PyUnicode {
    pub fn size_for(len: usize, width: usize) -> usize {
        round16(size_of::<PyUnicode>() + len * width + 1)
    }

    /// # Safety
    /// `obj` is a unicode.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        let u = unsafe { &*(obj.address() as *const PyUnicode) };
        if u.form == form::ROOM { Room::TEXT_SIZE } else { PyUnicode::size_for(u.len, u.width as usize) }
    }
    /// # Safety
    /// `obj` is a unicode.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        if let Some(room) = unsafe { &*(obj.address() as *const PyUnicode) }.room() {
            t.object(room.obj());
        }
    }

    /// The room its characters lie in.
    pub fn room(&self) -> Option<Ref<Room>> {
        room_of((self as *const PyUnicode).cast(), self.form)
    }

    #[inline]
    pub fn chars(&self) -> Chars<'_> {
        let p = contents((self as *const PyUnicode).cast(), self.form);
        // SAFETY: `len * width` bytes lie there, aligned to 16, and nobody changes them.
        unsafe {
            match self.width {
                1 => Chars::One(std::slice::from_raw_parts(p, self.len)),
                2 => Chars::Two(std::slice::from_raw_parts(p as *const u16, self.len)),
                _ => Chars::Four(std::slice::from_raw_parts(p as *const u32, self.len)),
            }
        }
    }

    /// The raw character storage of a fresh object.
    ///
    /// # Safety
    /// The object is fresh, nobody else sees it, and its characters follow it.
    pub unsafe fn data_ptr(this: Ref<PyUnicode>) -> *mut u8 {
        (this.as_ptr() as *mut u8).wrapping_add(size_of::<PyUnicode>())
    }
}

/// `bytearray`: a window into raw bytes.
#[repr(C)]
pub struct PyByteArray {
    pub header: Stamped,
    pub len: Cell<usize>,
    /// Offset of the first byte, so that deleting in front is cheap.
    pub start: Cell<usize>,
    pub data: Cell<Slot>,
    /// Buffers exported: while not zero, the size may not change.
    pub exports: Cell<usize>,
}
heap_object!(PyByteArray, BYTEARRAY, Mutable);

impl PyByteArray {
    /// # Safety
    /// `obj` is a bytearray.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyByteArray>())
    }
    /// # Safety
    /// `obj` is a bytearray.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        t.word(slot_bits(unsafe { &(*(obj.address() as *const PyByteArray)).data }));
    }

    /// The bytes storage, if any was allocated.
    pub fn storage(&self) -> Option<Ref<Bytes>> {
        self.data.get().and_then(|v| v.cast::<Bytes>())
    }
}
