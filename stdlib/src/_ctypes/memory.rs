//! C data objects and the memory they stand for.
//!
//! An object is a record: the address and size of its memory, and how the memory is guarded.
//!
//! # Invariants
//! M1. Memory that an object owns lies in heap [`Bytes`], which do not move. The *lock* of that memory is a heap object
//!     (the record of the owner, a bytearray's storage owner for `from_buffer`): who reads has read the lock, who writes
//!     has write-locked it and logged the bytes. Parts (fields, items) have the lock of the whole and keep its bytes alive.
//! M2. All other memory (what pointers point to, `from_address`, `in_dll`, mapped files) has no lock, or no heap bytes
//!     behind it, and is neither read nor written but by inevitable transactions, one at a time.
//! M3. Foreign code reads and writes what it is given the address of, without asking anybody. A program in which it does so
//!     while other threads use the same memory has a race, as in CPython.
//! M4. Only `resize` changes the address of an object, and only of one that owns its memory.

use super::info::{self, CType};
use interpreter::kinds::kind;
use interpreter::layout::{Bytes, PyRecord, PyType, Ref};
use interpreter::objects::instance;
use interpreter::types::is_instance_of;
use interpreter::{PyResult, Slot, Thread, Value};

const ADDRESS: usize = 0;
const SIZE: usize = 1;
/// Items or fields of this very object (an array may have been resized).
const LENGTH: usize = 2;
const LOCK: usize = 3;
/// The [`Bytes`] that the memory lies in; none: not in the heap.
const STORE: usize = 4;
/// What must live as long as the memory refers to it.
pub(super) const OBJECTS: usize = 5;
/// The object this one is a part of.
pub(super) const BASE: usize = 6;
/// Where in it.
pub(super) const INDEX: usize = 7;
/// The first slot of what function objects have besides.
pub(super) const EXTRA: usize = 8;
const FUNCTION_SLOTS: usize = 16;

/// An object taken apart.
#[derive(Copy, Clone)]
pub(super) struct Data {
    pub record: Ref<PyRecord>,
    pub address: usize,
    pub size: usize,
    pub length: usize,
    lock: Slot,
    store: Option<Ref<Bytes>>,
}

/// Whether it is a C data object.
pub(super) fn is_data(v: Value) -> bool {
    v.is_obj() && is_instance_of(v, &super::data::CDATA)
}

/// The parts of a C data object.
pub(super) fn data(th: &mut Thread, v: Value) -> PyResult<Data> {
    match v.payload::<PyRecord>() {
        Some(r) if is_data(v) => of_record(th, r),
        _ => Err(th.type_error("expected CData instance")),
    }
}

fn of_record(th: &mut Thread, record: Ref<PyRecord>) -> PyResult<Data> {
    // M4: what is a part never moves.
    let r = match record.unguarded().at(BASE).get() {
        Some(_) => record.unguarded(),
        None => record.read(th)?,
    };
    let word = |i: usize| match r.at(i).get() {
        Some(v) => interpreter::ops::int_value(v).unwrap_or(0) as usize,
        None => 0,
    };
    Ok(Data {
        record,
        address: word(ADDRESS),
        size: word(SIZE),
        length: word(LENGTH),
        lock: r.at(LOCK).get(),
        store: r.at(STORE).get().and_then(|s| s.cast()),
    })
}

impl Data {
    /// A slot of the record.
    pub fn slot(&self, th: &mut Thread, i: usize) -> PyResult<Slot> {
        Ok(self.record.read(th)?.at(i).get())
    }

    pub fn set_slot(&self, th: &mut Thread, i: usize, v: Slot) -> PyResult<()> {
        self.record.write(th)?.at(i).set(v);
        Ok(())
    }

    /// Whether the object owns its memory.
    pub fn owns(&self) -> bool {
        self.lock == Some(self.record.value())
    }

    /// To be called before the memory is read.
    pub fn for_reading(&self, th: &mut Thread) -> PyResult<()> {
        match self.lock.and_then(Value::as_obj) {
            Some(l) => th.read_barrier_if_mutable(l)?,
            None => th.become_inevitable()?,
        }
        if self.store.is_none() {
            th.become_inevitable()?;
        }
        Ok(())
    }

    /// The memory from `at` on, `n` bytes. Not to be kept over a commit point.
    pub fn bytes<'a>(&self, th: &mut Thread, at: usize, n: usize) -> PyResult<&'a [u8]> {
        self.for_reading(th)?;
        if n == 0 {
            return Ok(&[]);
        }
        // SAFETY: within the object's memory; what foreign memory there is, the program answers for.
        Ok(unsafe { std::slice::from_raw_parts((self.address + at) as *const u8, n) })
    }

    /// All of the memory.
    pub fn all<'a>(&self, th: &mut Thread) -> PyResult<&'a [u8]> {
        self.bytes(th, 0, self.size)
    }

    /// The address that the memory holds (pointers, functions, text).
    pub fn pointer(&self, th: &mut Thread) -> PyResult<usize> {
        let b = self.bytes(th, 0, 8)?;
        Ok(u64::from_ne_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as usize)
    }

    /// Writes at an offset within the memory. `b` may lie in the same memory.
    pub fn write(&self, th: &mut Thread, at: usize, b: &[u8]) -> PyResult<()> {
        if b.is_empty() {
            return Ok(());
        }
        let to = self.address + at;
        if let Some(l) = self.lock.and_then(Value::as_obj) {
            th.write_barrier(l)?;
        }
        match self.store {
            Some(s) if self.lock.is_some() => th.log_bytes(s.get(), to - s.get().data() as usize, b.len()),
            _ => th.become_inevitable()?,
        }
        // SAFETY: M1, M2; foreign memory is the program's affair.
        unsafe { std::ptr::copy(b.as_ptr(), to as *mut u8, b.len()) };
        Ok(())
    }

    /// The memory at an address that may lie within this object's: what guards it there.
    fn guard(&self, address: usize, size: usize) -> (Slot, Slot) {
        let end = self.address + self.size;
        let inside = address >= self.address && address.checked_add(size).is_some_and(|e| e <= end);
        if inside { (self.lock, self.store.map(Ref::value)) } else { (None, None) }
    }

    /// The buffer protocol's view.
    pub fn buffer(&self) -> interpreter::buffer::Buffer {
        interpreter::buffer::Buffer {
            owner: self.lock.unwrap_or(self.record.value()),
            ptr: self.address as *const u8,
            len: self.size,
            readonly: false,
            storage: self.store.map(Ref::value).filter(|_| self.lock.is_some()),
        }
    }

    /// Gives the object other memory, with the contents of the old.
    pub fn resize(&self, th: &mut Thread, size: usize) -> PyResult<()> {
        let fresh = th.new_bytes(size.max(1))?;
        let old = self.all(th)?;
        let n = old.len().min(size);
        // SAFETY: fresh and large enough.
        unsafe { std::ptr::copy_nonoverlapping(old.as_ptr(), fresh.get().data(), n) };
        let (address, size) = (th.int(fresh.get().data() as i64), th.int(size as i64));
        let r = self.record.write(th)?;
        r.at(ADDRESS).set(Some(address));
        r.at(SIZE).set(Some(size));
        r.at(STORE).set(Some(fresh.value()));
        Ok(())
    }
}

/// An instance of `class` with that memory.
fn make(
    th: &mut Thread,
    class: Value,
    t: CType,
    address: usize,
    guard: (Slot, Slot),
    base: Option<(Value, usize)>,
) -> PyResult {
    t.info().set_in_use();
    let mut slots = [None; FUNCTION_SLOTS];
    slots[ADDRESS] = Some(th.int(address as i64));
    slots[SIZE] = Some(th.int(t.info().size as i64));
    slots[LENGTH] = Some(th.int(t.info().length as i64));
    (slots[LOCK], slots[STORE]) = guard;
    slots[BASE] = base.map(|b| b.0);
    slots[INDEX] = base.map(|b| th.int(b.1 as i64));
    let n = if t.info().sort == info::Sort::Function { FUNCTION_SLOTS } else { EXTRA };
    let r = th.new_record(&super::data::CDATA, &slots[..n]);
    match class.cast::<PyType>() {
        Some(c) => Ok(instance::allocate(th, c, Some(r)).value()),
        None => Err(th.type_error("a class is needed")),
    }
}

/// The record of a class whose instances may be made.
pub(super) fn concrete(th: &mut Thread, class: Value) -> PyResult<CType> {
    match info::of_class(class) {
        Some(t) => Ok(t),
        None => Err(th.type_error("abstract class")),
    }
}

/// A new instance with memory of its own, all zero.
pub(super) fn fresh(th: &mut Thread, class: Value) -> PyResult {
    let t = concrete(th, class)?;
    let store = th.new_bytes(t.info().size.max(1))?;
    let v = make(th, class, t, store.get().data() as usize, (None, Some(store.value())), None)?;
    if let Some(r) = v.payload::<PyRecord>() {
        // Young, and nobody else's yet.
        r.unguarded().at(LOCK).set(Some(r.value()));
    }
    Ok(v)
}

/// A new instance with memory of its own and these contents.
pub(super) fn fresh_from(th: &mut Thread, class: Value, contents: &[u8]) -> PyResult {
    let v = fresh(th, class)?;
    let d = data(th, v)?;
    let n = contents.len().min(d.size);
    d.write(th, 0, &contents[..n])?;
    Ok(v)
}

/// An instance for memory at an address that nothing here guards.
pub(super) fn at_address(th: &mut Thread, class: Value, address: usize) -> PyResult {
    let t = concrete(th, class)?;
    make(th, class, t, address, (None, None), None)
}

/// An instance for a part of a buffer.
pub(super) fn at_buffer(
    th: &mut Thread,
    class: Value,
    b: &interpreter::buffer::Buffer,
    offset: usize,
) -> PyResult {
    let t = concrete(th, class)?;
    make(th, class, t, b.ptr as usize + offset, (Some(b.owner), b.storage), None)
}

/// An instance for memory that belongs to `base` as its part `index`, or that `base` points to.
pub(super) fn part(th: &mut Thread, class: Value, base: Value, index: usize, address: usize) -> PyResult {
    let t = concrete(th, class)?;
    let guard = data(th, base)?.guard(address, t.info().size);
    make(th, class, t, address, guard, Some((base, index)))
}

/// As [`part`], for what a pointer points to: if that is (a part of) a known object, it is guarded as that object is.
pub(super) fn pointee(
    th: &mut Thread,
    class: Value,
    base: Value,
    index: usize,
    address: usize,
    known: Slot,
) -> PyResult {
    let t = concrete(th, class)?;
    let guard = match known {
        Some(k) if is_data(k) => data(th, k)?.guard(address, t.info().size),
        _ => (None, None),
    };
    make(th, class, t, address, guard, Some((base, index)))
}

const _: () = assert!(EXTRA < FUNCTION_SLOTS);
/// Records of C data are records.
pub(super) const KIND: gc_stm::Kind = kind::RECORD;
