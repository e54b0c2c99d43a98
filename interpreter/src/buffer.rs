//! The buffer protocol: a view of the bytes of another object.
//!
//! Views are not counted: an owner may be resized while views of it exist, and a view looks its owner up again at
//! each use.

use crate::layout::{Bytes, PyByteArray, PyStr, PyUnicode, Ref};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// Bytes exported by `owner`. The pointer stays valid while the owner lives and does not resize; mutable owners
/// have been read- or write-locked by the transaction that asked.
#[derive(Copy, Clone)]
pub struct Buffer {
    pub owner: Value,
    pub ptr: *const u8,
    pub len: usize,
    pub readonly: bool,
    /// For writable buffers: the [`Bytes`] that `ptr` points into, changed under the owner's write lock. None: memory
    /// outside the heap (mapped files), changed by inevitable transactions only.
    pub storage: Slot,
}

/// What a buffer consists of (PEP 3118).
pub struct Items {
    pub format: String,
    /// Bytes of one.
    pub size: usize,
    /// Lengths of the dimensions; empty: one item.
    pub shape: Vec<usize>,
}

impl Buffer {
    /// A read-only view of bytes inside an immutable owner.
    pub fn of_bytes(owner: Value, b: &[u8]) -> Buffer {
        Buffer { owner, ptr: b.as_ptr(), len: b.len(), readonly: true, storage: None }
    }

    /// A view of a part of a mutable owner's storage.
    pub fn of_storage(owner: Value, storage: Option<Ref<Bytes>>, start: usize, len: usize) -> Buffer {
        match storage {
            Some(s) => Buffer {
                owner,
                ptr: s.get().data().wrapping_add(start),
                len,
                readonly: false,
                storage: Some(s.value()),
            },
            None => Buffer {
                owner,
                ptr: std::ptr::NonNull::dangling().as_ptr(),
                len: 0,
                readonly: false,
                storage: None,
            },
        }
    }

    /// The bytes.
    ///
    /// The slice must not be kept across a commit point if the owner is mutable.
    pub fn bytes<'a>(&self) -> &'a [u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: see the struct.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }

    /// A part of the view, clipped to it.
    pub fn part(self, start: usize, len: usize) -> Buffer {
        let start = start.min(self.len);
        Buffer { ptr: self.ptr.wrapping_add(start), len: len.min(self.len - start), ..self }
    }

    /// Writes bytes at an offset; all must lie within the view. `data` must not lie in a mutable object.
    pub fn write(&self, th: &mut Thread, offset: usize, data: &[u8]) -> PyResult<()> {
        if self.readonly {
            return Err(th.type_error("buffer is read-only"));
        }
        if data.is_empty() {
            return Ok(());
        }
        if offset.checked_add(data.len()).is_none_or(|e| e > self.len) {
            return Err(th.value_error("write beyond the end of the buffer"));
        }
        th.write_barrier(self.owner.obj_unchecked())?;
        let Some(s) = self.storage.and_then(|s| s.cast::<Bytes>()) else {
            // Memory that is not the heap's is not undone.
            th.become_inevitable()?;
            // SAFETY: within the view, whose owner is write-locked.
            unsafe {
                std::ptr::copy_nonoverlapping(data.as_ptr(), self.ptr.cast_mut().add(offset), data.len());
            }
            return Ok(());
        };
        let at = self.ptr as usize - s.get().data() as usize + offset;
        th.log_bytes(s.get(), at, data.len());
        // SAFETY: within the storage, which the owner's write lock covers.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), s.get().data().add(at), data.len()) };
        Ok(())
    }
}

/// The bytes of any exporter; TypeError otherwise.
pub fn of(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    match ops::slots_of(v).buffer {
        Some(f) => f(th, v),
        None => {
            let n = ops::type_name(v);
            Err(th.type_error(format!("'{n}' does not have the buffer interface")))
        }
    }
}

/// The bytes of a writable exporter.
pub fn writable(th: &mut Thread, v: Value, refusal: &'static str) -> PyResult<Buffer> {
    if let Some(f) = ops::slots_of(v).buffer {
        let b = f(th, v)?;
        if !b.readonly {
            return Ok(b);
        }
    }
    Err(th.type_error(refusal))
}

/// Whether the bytes of an exporter are characters: not those of arrays, nor what a `buffer` shows of one.
pub fn has_characters(v: Value) -> bool {
    if crate::types::is_instance_of(v, &o::buffer::MEMORYVIEW) {
        return false;
    }
    if let Some(of) = o::buffer::object_of(v) {
        return has_characters(of);
    }
    let text = v.payload::<PyStr>().is_some()
        || v.payload::<PyUnicode>().is_some()
        || v.payload::<PyByteArray>().is_some();
    text || ops::slots_of(v).iter.is_none()
}

/// The bytes of a str or other exporter, as string methods take them.
pub fn character_buffer(th: &mut Thread, v: Value) -> PyResult<Buffer> {
    match ops::slots_of(v).buffer {
        Some(f) => f(th, v),
        None => Err(th.type_error("expected a string or other character buffer object")),
    }
}

/// A "string or buffer" argument of a function: str, exporters, and unicode, which is encoded.
pub fn argument(th: &mut Thread, v: Value, function: &str, i: usize) -> PyResult<Buffer> {
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(Buffer::of_bytes(s.value(), s.get().bytes()));
    }
    if v.payload::<PyUnicode>().is_some() {
        let s = o::unicode::encode_default(th, v)?;
        return Ok(Buffer::of_bytes(s, th.str_bytes(s)));
    }
    match ops::slots_of(v).buffer {
        Some(f) => f(th, v),
        None => {
            let n = if v.is_none() { "None".into() } else { ops::type_name(v) };
            Err(th.type_error(format!("{function}() argument {i} must be string or buffer, not {n}")))
        }
    }
}

/// Copies bytes into a writable buffer object at `offset`, as far as there is room; how many.
pub fn store(
    th: &mut crate::thread::Thread,
    target: Value,
    offset: usize,
    data: &[u8],
) -> crate::raised::PyResult<usize> {
    let Some(get) = crate::ops::slots_of(target).buffer else {
        return Err(th.type_error("a writable buffer is required"));
    };
    let b = get(th, target)?;
    if b.readonly {
        return Err(th.type_error("a writable buffer is required"));
    }
    let n = b.len.saturating_sub(offset).min(data.len());
    b.write(th, offset, &data[..n])?;
    Ok(n)
}
