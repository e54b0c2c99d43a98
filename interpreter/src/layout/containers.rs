//! Layouts of tuple, list, dict, set, slice and record objects.

use super::{Bytes, Header, HeapObject, Ref, Stamped, Storage, heap_object, round16, slot_bits, trace_slots};
use crate::value::{Slot, Value};
use gc_stm::{ObjRef, Tracer};
use std::cell::Cell;

fn slot_bits_of(s: Slot) -> u64 {
    s.map_or(0, Value::bits)
}

#[repr(C)]
pub struct PyTuple {
    pub header: Header,
    pub len: usize,
    items: [Value; 0],
}
heap_object!(PyTuple, TUPLE, Immutable);

impl PyTuple {
    pub fn size_for(len: usize) -> usize {
        round16(size_of::<PyTuple>() + len * 8 + 1)
    }
    /// # Safety
    /// `obj` is a tuple.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        PyTuple::size_for(unsafe { (*(obj.address() as *const PyTuple)).len })
    }
    /// # Safety
    /// `obj` is a tuple.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let tup = unsafe { &*(obj.address() as *const PyTuple) };
        for i in 0..tup.len {
            // Not `items()`: a tuple under construction may still hold zero words.
            // SAFETY: `len` words follow the struct.
            t.word(unsafe { *(tup.items.as_ptr() as *const u64).add(i) });
        }
    }
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        // SAFETY: `len` values follow the struct; all were set before the tuple was handed out (L4).
        unsafe {
            std::slice::from_raw_parts(
                (self as *const PyTuple as *const u8).add(size_of::<PyTuple>()) as *const Value,
                self.len,
            )
        }
    }
    /// # Safety
    /// The tuple is fresh and `i < len`.
    pub unsafe fn init(this: Ref<PyTuple>, i: usize, v: Value) {
        // SAFETY: the caller's promise.
        unsafe { *((this.as_ptr() as *mut u8).add(size_of::<PyTuple>()) as *mut Value).add(i) = v }
    }
}

#[repr(C)]
pub struct PyList {
    pub header: Stamped,
    pub len: Cell<usize>,
    /// Storage; `None` while empty.
    pub items: Cell<Slot>,
}
heap_object!(PyList, LIST, Mutable);

impl PyList {
    /// # Safety
    /// `obj` is a list.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        t.word(slot_bits(unsafe { &(*(obj.address() as *const PyList)).items }));
    }
    #[inline(always)]
    pub fn storage(&self) -> Option<&Storage> {
        // SAFETY: `items` holds nothing but a Storage.
        self.items.get().map(|v| unsafe { v.cast_unchecked::<Storage>().get() })
    }
    /// The live items. They are never `None` inside.
    #[inline(always)]
    pub fn slots(&self) -> &[Cell<Slot>] {
        match self.storage() {
            Some(s) => &s.slots()[..self.len.get()],
            None => &[],
        }
    }
}

/// `dict`, and with unused values `set` and `frozenset`. The algorithm lives in `objects/dict`.
#[repr(C)]
pub struct PyDict {
    pub header: Stamped,
    /// Live entries.
    pub live: Cell<usize>,
    /// Entries in use, holes included.
    pub used: Cell<usize>,
    /// [`Bytes`]: open-addressed table of entry numbers.
    pub index: Cell<Slot>,
    /// [`Storage`]: hash, key, value of each entry in order of insertion.
    pub entries: Cell<Slot>,
    /// Flag bits, see `objects/dict`.
    pub flags: Cell<usize>,
    /// frozenset: cached hash, -1 until known. dict: -1, or the word of a value that belongs to it (see
    /// [`PyDict::attached`]).
    pub hash: Cell<i64>,
}
heap_object!(PyDict, DICT, Mutable);

impl PyDict {
    /// # Safety
    /// `obj` is a dict or set.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyDict>())
    }
    /// # Safety
    /// `obj` is a dict or set.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let d = unsafe { &*(obj.address() as *const PyDict) };
        t.word(slot_bits(&d.index));
        t.word(slot_bits(&d.entries));
        if gc_stm::kind(obj) == PyDict::KIND.index() {
            t.word(slot_bits_of(d.attached()));
        }
    }
    /// A value that belongs to a dict beside its items (`defaultdict.default_factory`). Not for sets.
    #[inline]
    pub fn attached(&self) -> Slot {
        if self.hash.get() == -1 { None } else { Value::from_bits(self.hash.get() as u64) }
    }
    /// Attaches a value to a write-locked dict.
    pub fn attach(&self, v: Slot) {
        self.hash.set(v.map_or(-1, |v| v.bits() as i64));
    }
    #[inline(always)]
    pub fn index_bytes(&self) -> Option<&Bytes> {
        // SAFETY: `index` holds nothing but Bytes.
        self.index.get().map(|v| unsafe { v.cast_unchecked::<Bytes>().get() })
    }
    #[inline(always)]
    pub fn entry_storage(&self) -> Option<&Storage> {
        // SAFETY: `entries` holds nothing but a Storage.
        self.entries.get().map(|v| unsafe { v.cast_unchecked::<Storage>().get() })
    }
}

/// `set` and `frozenset` have the memory of a dict but a kind of their own.
#[repr(transparent)]
pub struct PySet(pub PyDict);
heap_object!(PySet, SET, Mutable);

impl Ref<PySet> {
    /// The set as the hash table it is.
    #[inline(always)]
    pub fn table(self) -> Ref<PyDict> {
        Ref(self.0.cast(), std::marker::PhantomData)
    }
}

#[repr(C)]
pub struct PySlice {
    pub header: Header,
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}
heap_object!(PySlice, SLICE, Immutable);

impl PySlice {
    /// # Safety
    /// `obj` is a slice.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let s = unsafe { &*(obj.address() as *const PySlice) };
        t.word(s.start.bits());
        t.word(s.stop.bits());
        t.word(s.step.bits());
    }
}

/// A fixed number of slots; the type says what they mean.
#[repr(C)]
pub struct PyRecord {
    pub header: Stamped,
    pub len: usize,
    _pad: usize,
}
heap_object!(PyRecord, RECORD, Mutable);

impl PyRecord {
    pub fn size_for(len: usize) -> usize {
        round16(size_of::<PyRecord>() + len * 8)
    }
    /// # Safety
    /// `obj` is a record.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        PyRecord::size_for(unsafe { (*(obj.address() as *const PyRecord)).len })
    }
    /// # Safety
    /// `obj` is a record.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        trace_slots(unsafe { &*(obj.address() as *const PyRecord) }.slots(), t);
    }
    #[inline(always)]
    pub fn slots(&self) -> &[Cell<Slot>] {
        // SAFETY: `len` slots follow the struct.
        unsafe {
            std::slice::from_raw_parts(
                (self as *const PyRecord as *const u8).add(size_of::<PyRecord>()) as *const Cell<Slot>,
                self.len,
            )
        }
    }
    /// Slot `i`.
    #[inline(always)]
    pub fn at(&self, i: usize) -> &Cell<Slot> {
        &self.slots()[i]
    }
}
