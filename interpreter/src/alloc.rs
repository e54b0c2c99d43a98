//! Making objects. Allocation is a GC-safe point: it never collects and never runs Python.

use crate::layout::*;
use crate::native::{MethodDef, TypeDef};
use crate::objects as o;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::{Slot, Value};
use gc_stm::{Kind, ObjRef};
use num_bigint::{BigInt, Sign};
use std::sync::atomic::Ordering;

/// Objects up to this size are allocated without a check of the heap limit.
pub const SMALL: usize = gc_stm::LARGE_LIMIT;

impl Thread {
    /// An object of any size; MemoryError beyond the heap limit.
    #[inline]
    pub fn alloc_any(&self, k: Kind, class: u64, size: usize) -> Result<ObjRef, Raised> {
        if size <= SMALL {
            Ok(self.m.alloc(k, class, size))
        } else {
            self.m.alloc_large(k, class, size).map_err(|_| self.heap_full())
        }
    }

    /// Records a MemoryError from a GC-safe point.
    #[cold]
    fn heap_full(&self) -> Raised {
        self.exc[0].set(Some(o::exceptions::MEMORY_ERROR.class()));
        self.exc[1].set(None);
        self.exc[2].set(None);
        self.start_unwind(crate::raised::Unwind::Exception)
    }

    /// An object whose size does not depend on input.
    #[inline(always)]
    pub(crate) fn alloc_fixed<T: HeapObject>(&self, class: u64, size: usize) -> Ref<T> {
        debug_assert!(size <= SMALL);
        // SAFETY: the object was just made with that kind.
        unsafe { Ref::from_obj(self.m.alloc(T::KIND, class, size)) }
    }

    pub(crate) fn alloc_sized<T: HeapObject>(&self, class: u64, size: usize) -> Result<Ref<T>, Raised> {
        // SAFETY: the object was just made with that kind.
        self.alloc_any(T::KIND, class, size).map(|r| unsafe { Ref::from_obj(r) })
    }

    /// `int`.
    #[inline(always)]
    pub fn int(&self, n: i64) -> Value {
        match Value::from_small_int(n) {
            Some(v) => v,
            None => self.boxed_int(n),
        }
    }

    #[cold]
    fn boxed_int(&self, n: i64) -> Value {
        let r: Ref<PyInt> = self.alloc_fixed(o::int::INT.class_bits(), 16);
        // SAFETY: fresh object.
        unsafe { (*r.as_ptr()).value = n };
        r.value()
    }

    /// `float`.
    #[inline(always)]
    pub fn float(&self, x: f64) -> Value {
        match Value::from_flonum(x) {
            Some(v) => v,
            None => self.boxed_float(x),
        }
    }

    #[cold]
    fn boxed_float(&self, x: f64) -> Value {
        let r: Ref<PyFloat> = self.alloc_fixed(o::float::FLOAT.class_bits(), 16);
        // SAFETY: fresh object.
        unsafe { (*r.as_ptr()).value = x };
        r.value()
    }

    pub fn complex(&self, re: f64, im: f64) -> Value {
        let r: Ref<PyComplex> = self.alloc_fixed(o::complex::COMPLEX.class_bits(), 32);
        // SAFETY: fresh object.
        unsafe {
            (*r.as_ptr()).re = re;
            (*r.as_ptr()).im = im;
        }
        r.value()
    }

    /// `long`, always (see [`Thread::integer`] for the int-or-long rule).
    pub fn long(&self, n: &BigInt) -> PyResult {
        let (sign, digits) = (n.sign(), n.magnitude().to_u32_digits());
        let r: Ref<PyLong> = self.alloc_sized(o::long::LONG.class_bits(), PyLong::size_for(digits.len()))?;
        // SAFETY: fresh object with room for the digits.
        unsafe {
            (*r.as_ptr()).sign = match sign {
                Sign::Minus => -1,
                Sign::NoSign => 0,
                Sign::Plus => 1,
            };
            (*r.as_ptr()).len = digits.len() as u32;
            PyLong::digits_mut(r.as_ptr(), digits.len()).copy_from_slice(&digits);
        }
        Ok(r.value())
    }

    /// `int` if it fits a machine word, else `long`.
    pub fn integer(&self, n: &BigInt) -> PyResult {
        match i64::try_from(n) {
            Ok(i) => Ok(self.int(i)),
            Err(_) => self.long(n),
        }
    }

    /// `int` if it fits a machine word, else `long`.
    pub fn integer_i128(&self, n: i128) -> PyResult {
        match i64::try_from(n) {
            Ok(i) => Ok(self.int(i)),
            Err(_) => self.long(&BigInt::from(n)),
        }
    }

    /// An uninitialised `str` of `len` bytes (zeroed), to be filled at once.
    pub fn str_of_len(&self, len: usize) -> Result<Ref<PyStr>, Raised> {
        if len > isize::MAX as usize / 2 {
            return Err(self.heap_full());
        }
        let r: Ref<PyStr> = self.alloc_sized(o::str::STR.class_bits(), PyStr::size_for(len))?;
        // SAFETY: fresh object.
        unsafe {
            (*r.as_ptr()).len = len;
            (*r.as_ptr()).hash.store(-1, Ordering::Relaxed);
        }
        Ok(r)
    }

    /// `str`; MemoryError if the heap limit does not allow it.
    pub fn try_str(&self, b: &[u8]) -> PyResult {
        let r = self.str_of_len(b.len())?;
        // SAFETY: fresh object.
        unsafe { PyStr::bytes_mut(r) }.copy_from_slice(b);
        Ok(r.value())
    }

    /// `str` for text of modest size (messages, names, numbers); the process ends if even that cannot be had.
    pub fn new_str(&self, b: &[u8]) -> Value {
        match self.try_str(b) {
            Ok(v) => v,
            Err(_) => out_of_memory(b.len()),
        }
    }

    /// `unicode` from code points, stored as narrow as they allow.
    pub fn unicode_from(&self, cs: &[u32]) -> PyResult {
        let max = cs.iter().copied().max().unwrap_or(0);
        let width = if max < 0x100 {
            1
        } else if max < 0x1_0000 {
            2
        } else {
            4
        };
        let r = self.unicode_of_len(cs.len(), width)?;
        // SAFETY: fresh object of that width.
        unsafe {
            let p = PyUnicode::data_ptr(r);
            match width {
                1 => cs.iter().enumerate().for_each(|(i, c)| *p.add(i) = *c as u8),
                2 => cs.iter().enumerate().for_each(|(i, c)| *(p as *mut u16).add(i) = *c as u16),
                _ => std::ptr::copy_nonoverlapping(cs.as_ptr(), p as *mut u32, cs.len()),
            }
        }
        Ok(r.value())
    }

    /// An unfilled `unicode` of `len` characters of `width` bytes.
    pub fn unicode_of_len(&self, len: usize, width: usize) -> Result<Ref<PyUnicode>, Raised> {
        if len > isize::MAX as usize / 8 {
            return Err(self.heap_full());
        }
        let r: Ref<PyUnicode> =
            self.alloc_sized(o::unicode::UNICODE.class_bits(), PyUnicode::size_for(len, width))?;
        // SAFETY: fresh object.
        unsafe {
            (*r.as_ptr()).len = len;
            (*r.as_ptr()).width = width as u32;
            (*r.as_ptr()).hash.store(-1, Ordering::Relaxed);
        }
        Ok(r)
    }

    /// `unicode` from Rust text.
    pub fn unicode_str(&self, s: &str) -> PyResult {
        if s.is_ascii() {
            let r = self.unicode_of_len(s.len(), 1)?;
            // SAFETY: fresh object of width 1.
            unsafe { std::ptr::copy_nonoverlapping(s.as_ptr(), PyUnicode::data_ptr(r), s.len()) };
            return Ok(r.value());
        }
        let cs: Vec<u32> = s.chars().map(|c| c as u32).collect();
        self.unicode_from(&cs)
    }

    /// `tuple`; the empty one is shared.
    pub fn try_tuple(&self, items: &[Value]) -> PyResult {
        if items.is_empty()
            && let Some(e) = o::tuple::empty(self)
        {
            return Ok(e);
        }
        let r: Ref<PyTuple> =
            self.alloc_sized(o::tuple::TUPLE.class_bits(), PyTuple::size_for(items.len()))?;
        // SAFETY: fresh object with room for the items.
        unsafe {
            (*r.as_ptr()).len = items.len();
            for (i, v) in items.iter().enumerate() {
                PyTuple::init(r, i, *v);
            }
        }
        Ok(r.value())
    }

    /// `tuple` of modest size.
    pub fn new_tuple(&self, items: &[Value]) -> Value {
        match self.try_tuple(items) {
            Ok(v) => v,
            Err(_) => out_of_memory(items.len() * 8),
        }
    }

    /// Carded storage for `capacity` slots, all empty.
    pub fn new_storage(&self, capacity: usize) -> Result<Ref<Storage>, Raised> {
        if capacity > isize::MAX as usize / 16 {
            return Err(self.heap_full());
        }
        let r: Ref<Storage> = self.alloc_sized(0, Storage::size_for(capacity))?;
        // SAFETY: fresh object.
        unsafe {
            (*r.as_ptr()).capacity = capacity;
            (*r.as_ptr()).filled = std::cell::Cell::new(capacity);
        }
        // Born in this transaction: nothing to undo and nothing to remember until it ends or the storage becomes old.
        let stamp = self.m.private_stamp();
        for card in r.get().card_stamps() {
            card.store(stamp, Ordering::Relaxed);
        }
        Ok(r)
    }

    /// Raw byte storage, zeroed.
    pub fn new_bytes(&self, capacity: usize) -> Result<Ref<Bytes>, Raised> {
        if capacity > isize::MAX as usize / 2 {
            return Err(self.heap_full());
        }
        let r: Ref<Bytes> = self.alloc_sized(0, Bytes::size_for(capacity))?;
        // SAFETY: fresh object.
        unsafe { (*r.as_ptr()).capacity = capacity };
        Ok(r)
    }

    /// Room for texts.
    pub(crate) fn new_room(&self, capacity: usize) -> Result<Ref<Room>, Raised> {
        let r: Ref<Room> = self.alloc_sized(0, Room::size_for(capacity))?;
        // SAFETY: fresh object.
        unsafe { (*r.as_ptr()).capacity = capacity };
        Ok(r)
    }

    /// `list`.
    pub fn new_list(&self, items: &[Value]) -> PyResult {
        let r: Ref<PyList> = self.alloc_fixed(o::list::LIST.class_bits(), 32);
        if !items.is_empty() {
            let s = self.new_storage(items.len())?;
            for (c, v) in s.slots().iter().zip(items) {
                c.set(Some(*v));
            }
            r.unguarded().items.set(Some(s.value()));
            r.unguarded().len.set(items.len());
        }
        Ok(r.value())
    }

    /// An empty `dict`.
    pub fn new_dict(&self) -> Value {
        let r: Ref<PyDict> = self.alloc_fixed(o::dict::DICT.class_bits(), round16(size_of::<PyDict>()));
        r.unguarded().hash.set(-1);
        r.value()
    }

    /// A record of class `def` with these slots.
    pub fn new_record(&self, def: &TypeDef, slots: &[Slot]) -> Value {
        self.new_record_of(def.class(), slots)
    }

    /// A record of any class.
    pub fn new_record_of(&self, class: Value, slots: &[Slot]) -> Value {
        let r: Ref<PyRecord> = self.alloc_fixed(class.bits(), PyRecord::size_for(slots.len()));
        // SAFETY: fresh object.
        unsafe { (*r.as_ptr()).len = slots.len() };
        for (c, v) in r.unguarded().slots().iter().zip(slots) {
            c.set(*v);
        }
        r.value()
    }

    pub fn new_slice(&self, start: Value, stop: Value, step: Value) -> Value {
        let r: Ref<PySlice> = self.alloc_fixed(o::slice::SLICE.class_bits(), 32);
        // SAFETY: fresh object.
        unsafe {
            (*r.as_ptr()).start = start;
            (*r.as_ptr()).stop = stop;
            (*r.as_ptr()).step = step;
        }
        r.value()
    }

    /// `cell`.
    pub fn new_cell(&self, content: Slot) -> Value {
        let r: Ref<PyCell> = self.alloc_fixed(o::cell::CELL.class_bits(), 32);
        r.unguarded().content.set(content);
        r.value()
    }

    /// A builtin function, method descriptor or bound native method: `class` says which.
    pub fn new_builtin(&self, class: Value, def: &'static MethodDef, receiver: Slot, owner: Slot) -> Value {
        let r: Ref<PyBuiltin> = self.alloc_fixed(class.bits(), round16(size_of::<PyBuiltin>()));
        // SAFETY: fresh object.
        unsafe {
            (*r.as_ptr()).def = def;
            (*r.as_ptr()).receiver = receiver;
            (*r.as_ptr()).owner = owner;
        }
        r.value()
    }

    /// `instancemethod`.
    #[inline]
    pub fn new_method(&self, func: Value, receiver: Slot, class: Slot) -> Value {
        let r: Ref<PyMethod> =
            self.alloc_fixed(o::method::METHOD.class_bits(), round16(size_of::<PyMethod>()));
        // SAFETY: fresh object.
        unsafe {
            (*r.as_ptr()).func = func;
            (*r.as_ptr()).receiver = receiver;
            (*r.as_ptr()).class = class;
        }
        r.value()
    }

    /// A native-state object of class `def`.
    pub fn new_native(&self, def: &TypeDef, payload: Box<dyn NativePayload>) -> Value {
        let r: Ref<PyNative> = self.alloc_fixed(def.class_bits(), round16(size_of::<PyNative>()));
        r.unguarded().payload.set(Box::into_raw(Box::new(payload)));
        self.m.register_native(r.obj(), 256);
        r.value()
    }

    /// The interned `str` with these bytes.
    pub fn intern(&self, b: &[u8]) -> Value {
        self.rt.interned.get_or_insert(self, b)
    }

    /// Writes slot `i` of a storage that belongs to `owner`, which the caller has write-locked.
    #[inline(always)]
    pub fn set_slot(&self, owner: ObjRef, s: &Storage, i: usize, v: Slot) {
        self.log_slots(owner, s, i, 1);
        s.slots()[i].set(v);
    }

    /// Logs the cards that slots `i..i + n` lie in, before they change.
    #[inline(always)]
    pub fn log_slots(&self, owner: ObjRef, s: &Storage, i: usize, n: usize) {
        if n == 0 {
            return;
        }
        let mut card = i / CARD_SLOTS;
        loop {
            if !self.m.tx.owns(s.card_stamp(card * CARD_SLOTS)) {
                self.log_card(owner, s, card);
            }
            card += 1;
            if card * CARD_SLOTS >= i + n {
                break;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn log_card(&self, owner: ObjRef, s: &Storage, card: usize) {
        let first = card * CARD_SLOTS;
        let words = CARD_SLOTS.min(s.capacity - first);
        let start = s.slots()[first..].as_ptr() as *mut u64;
        if first + words > s.filled.get() {
            s.filled.set(first + words);
            // Written before it is read for the undo record: see `Storage`.
            for at in [0, words - 1] {
                // SAFETY: a slot of the storage, which this transaction has locked.
                let slot = unsafe { std::sync::atomic::AtomicU64::from_ptr(start.add(at)) };
                let _ = slot.compare_exchange(0, 0, Ordering::Relaxed, Ordering::Relaxed);
            }
        }
        self.m.write_range(owner, s.card_stamp(first), start, words);
    }

    /// Logs raw bytes of a [`Bytes`] before they change; its owner is write-locked.
    #[inline(always)]
    pub fn log_bytes(&self, b: &Bytes, offset: usize, len: usize) {
        let first = offset & !7;
        let words = (offset + len).div_ceil(8) - first / 8;
        // SAFETY: the words lie within the object (its size is rounded up).
        unsafe { self.m.log_words((b.data() as usize + first) as *mut u64, words) };
    }
}

impl Storage {
    /// All card stamps.
    pub fn card_stamps(&self) -> &[std::sync::atomic::AtomicU64] {
        if self.capacity == 0 {
            return &[];
        }
        // SAFETY: one stamp per card.
        unsafe { std::slice::from_raw_parts(self.card_stamp(0), Storage::cards(self.capacity)) }
    }
}

impl Bytes {
    /// The object itself, to name it to the log.
    pub fn obj_ref(&self) -> ObjRef {
        // SAFETY: `self` is a heap object.
        unsafe { ObjRef::from_address(self as *const Bytes as usize) }
    }
}

/// A small object could not be had even past the heap limit: the process cannot go on.
#[cold]
pub fn out_of_memory(bytes: usize) -> ! {
    eprintln!("Fatal Python error: out of memory allocating {bytes} bytes");
    std::process::exit(70)
}
