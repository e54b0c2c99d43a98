//! The record of a file: which slot holds what.

use super::FILE;
use super::mode::Flags;
use crate::layout::{Bytes, PyRecord, Ref};
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::is_instance_of;
use crate::value::Value;

/// Descriptor, or -1 once closed.
pub const FD: usize = 0;
pub const NAME: usize = 1;
/// The mode as given: str.
pub const MODE: usize = 2;
/// [`Flags`] as an int.
pub const FLAGS: usize = 3;
/// Heap bytes, made at first need.
pub const BUFFER: usize = 4;
/// Bytes read ahead: from `START` to `END`. Bytes to be written: from 0 to `END`.
pub const START: usize = 5;
pub const END: usize = 6;
/// Size of the buffer.
pub const SIZE: usize = 7;
pub const SOFTSPACE: usize = 8;
pub const ENCODING: usize = 9;
pub const ERRORS: usize = 10;
/// Identity of the thread that has an operation outside a transaction; 0: none.
pub const BUSY: usize = 11;
/// Process to wait for at close (popen); 0: none.
pub const CHILD: usize = 12;
/// Number of slots.
pub const SLOTS: usize = 13;

/// Size of buffers unless told otherwise; iteration reads ahead that much.
pub const DEFAULT_SIZE: usize = 8192;

/// The record of a file.
pub type Record = Ref<PyRecord>;

/// True for files and instances of subclasses.
#[inline]
pub fn is_file(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &FILE)
}

/// The record in `v`.
pub fn record(th: &mut Thread, v: Value) -> PyResult<Record> {
    match v.payload::<PyRecord>() {
        Some(r) if is_file(v) => Ok(r),
        _ => {
            let n = crate::ops::type_name(v);
            Err(th.type_error(format!("descriptor requires a 'file' object but received a '{n}'")))
        }
    }
}

/// The number in a slot.
#[inline]
pub fn number(r: &PyRecord, slot: usize) -> i64 {
    r.at(slot).get().and_then(Value::as_small_int).unwrap_or(0)
}

/// Sets a number; the record is write-locked.
#[inline]
pub fn set_number(r: &PyRecord, slot: usize, n: i64) {
    r.at(slot).set(Some(Value::int_unchecked(n)));
}

/// The flags of a record.
#[inline]
pub fn flags(r: &PyRecord) -> Flags {
    Flags(number(r, FLAGS))
}

/// The bytes between `START` and `END`.
#[inline]
pub fn buffered(r: &PyRecord) -> &[u8] {
    let (start, end) = (number(r, START) as usize, number(r, END) as usize);
    match r.at(BUFFER).get().and_then(|b| b.cast::<Bytes>()) {
        // SAFETY: the buffer belongs to the record, which the caller has locked; START <= END <= capacity.
        Some(b) if end > start => unsafe {
            std::slice::from_raw_parts(b.get().data().add(start), end - start)
        },
        _ => &[],
    }
}

/// Replaces the buffer's contents. The record is write-locked.
pub fn set_buffered(th: &Thread, r: &PyRecord, content: &[u8]) -> PyResult<()> {
    set_number(r, START, 0);
    set_number(r, END, 0);
    append(th, r, content)
}

/// Appends to the buffer, growing it if need be. The record is write-locked.
pub fn append(th: &Thread, r: &PyRecord, content: &[u8]) -> PyResult<()> {
    if content.is_empty() {
        return Ok(());
    }
    let end = number(r, END) as usize;
    let need = end + content.len();
    let old = r.at(BUFFER).get().and_then(|b| b.cast::<Bytes>());
    let b = match old {
        Some(b) if b.capacity >= need => b,
        _ => {
            let new = th.new_bytes(need.max(number(r, SIZE) as usize))?;
            if let Some(o) = old {
                // SAFETY: both hold `end` bytes, and the new one is fresh.
                unsafe { std::ptr::copy_nonoverlapping(o.get().data(), new.get().data(), end) };
            }
            r.at(BUFFER).set(Some(new.value()));
            new
        }
    };
    th.log_bytes(b.get(), end, content.len());
    // SAFETY: room was made, and the old bytes were logged.
    unsafe { std::ptr::copy_nonoverlapping(content.as_ptr(), b.get().data().add(end), content.len()) };
    set_number(r, END, need as i64);
    Ok(())
}

/// The descriptor of an open file, else ValueError.
pub fn open_descriptor(th: &mut Thread, r: Record) -> PyResult<i32> {
    let fd = number(r.read(th)?, FD);
    if fd < 0 { Err(closed(th)) } else { Ok(fd as i32) }
}

/// The descriptor of a file object, or none if it is closed or no file.
pub fn descriptor(v: Value) -> Option<i32> {
    if !is_file(v) {
        return None;
    }
    let fd = number(v.payload::<PyRecord>()?.unguarded(), FD);
    (fd >= 0).then_some(fd as i32)
}

/// ValueError for a closed file.
#[cold]
pub fn closed(th: &mut Thread) -> Raised {
    th.value_error("I/O operation on closed file")
}
