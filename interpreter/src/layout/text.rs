//! Layouts of `str`, `unicode` and `bytearray`.

use super::{Bytes, Header, Ref, Stamped, heap_object, round16, slot_bits};
use crate::value::Slot;
use gc_stm::{ObjRef, Tracer};
use std::cell::Cell;
use std::sync::atomic::{AtomicI64, AtomicU32};

/// `str`: a length, a cached hash, bytes, and a terminating zero.
#[repr(C)]
pub struct PyStr {
    pub header: Header,
    pub len: usize,
    /// Cached hash; -1 until computed (idempotent, relaxed).
    pub hash: AtomicI64,
    /// 1 if this is the one interned object with these bytes.
    pub interned: AtomicU32,
    _pad: u32,
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
        PyStr::size_for(unsafe { (*(obj.address() as *const PyStr)).len })
    }

    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `len` bytes follow the struct.
        unsafe {
            std::slice::from_raw_parts((self as *const PyStr as *const u8).add(size_of::<PyStr>()), self.len)
        }
    }

    /// # Safety
    /// The object is fresh: nobody else sees it.
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
    _pad: u32,
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
        PyUnicode::size_for(u.len, u.width as usize)
    }

    #[inline]
    pub fn chars(&self) -> Chars<'_> {
        let p = (self as *const PyUnicode).wrapping_add(1) as *const u8;
        // SAFETY: `len * width` bytes follow the struct, aligned to 16.
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
    /// The object is fresh: nobody else sees it.
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
