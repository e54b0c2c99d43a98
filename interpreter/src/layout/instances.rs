//! Layouts of types, instances and weak references.

use super::{Stamped, heap_object, round16, slot_bits, trace_slots};
use crate::types::shape::{Shape, ShapeTree};
use crate::types::slots::Slots;
use crate::value::{Slot, Value};
use gc_stm::{ObjRef, Tracer};
use std::cell::Cell;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// `type`. Read without barriers; once it is public it changes only in exclusive mode (`types/modify.rs`).
#[repr(C)]
pub struct PyType {
    pub header: Stamped,
    /// Version for the method caches; 0 while nobody asked. Never reused, see `types/version.rs`.
    pub version: AtomicU64,
    /// Flag bits, see `types/flags`.
    pub flags: Cell<u64>,
    /// str
    pub name: Cell<Value>,
    /// Dict of the class's own attributes.
    pub dict: Cell<Value>,
    /// Tuple.
    pub bases: Cell<Value>,
    /// First base that decides the layout; none for `object`.
    pub base: Cell<Slot>,
    /// Tuple; for types under construction possibly absent.
    pub mro: Cell<Slot>,
    /// List of weak references to direct subclasses.
    pub subclasses: Cell<Slot>,
    /// The built-in declaration that fixes the memory layout of instances (for user classes, of their payload).
    pub layout: Cell<&'static crate::native::TypeDef>,
    pub shapes: AtomicPtr<ShapeTree>,
    /// `__slots__` names with storage, in order: tuple; or none.
    pub slot_names: Cell<Slot>,
    /// What a native metaclass keeps about the class; none for most. Set while the class is private, or in exclusive mode.
    pub annex: Cell<Slot>,
    pub slots: Slots,
}
heap_object!(PyType, TYPE, Mutable);

impl PyType {
    /// # Safety
    /// `obj` is a type.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyType>())
    }
    /// # Safety
    /// `obj` is a type.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let ty = unsafe { &*(obj.address() as *const PyType) };
        for v in [&ty.name, &ty.dict, &ty.bases] {
            t.word(v.get().bits());
        }
        for s in [&ty.base, &ty.mro, &ty.subclasses, &ty.slot_names, &ty.annex] {
            t.word(slot_bits(s));
        }
        let shapes = ty.shapes.load(Ordering::Acquire);
        if !shapes.is_null() {
            // SAFETY: set once to a leaked box, freed in drop_native.
            unsafe { (*shapes).trace(t) };
        }
    }
    /// # Safety
    /// `obj` is a dead type.
    pub unsafe fn drop_native(obj: ObjRef) {
        // SAFETY: the caller's promise.
        let p = unsafe { (*(obj.address() as *const PyType)).shapes.load(Ordering::Acquire) };
        if !p.is_null() {
            // SAFETY: made by Box::into_raw; all instances are dead with their class.
            drop(unsafe { Box::from_raw(p) });
        }
    }
}

/// An instance of a user class, of an exception class, of a module or of an old-style class.
#[repr(C)]
pub struct PyInstance {
    pub header: Stamped,
    pub shape: Cell<&'static Shape>,
    /// Slots in the object itself; further attributes live in `overflow`.
    pub inline_slots: usize,
    /// The base object of a built-in type this instance extends (list, str, exception data, ...); set before the
    /// instance is handed out, never replaced. For old-style instances: the class.
    pub payload: Cell<Slot>,
    /// [`Storage`](super::Storage) of further attributes, or, when the shape is a dict shape, the `__dict__`.
    pub overflow: Cell<Slot>,
}
heap_object!(PyInstance, INSTANCE, Mutable);

impl PyInstance {
    pub fn size_for(inline_slots: usize) -> usize {
        round16(size_of::<PyInstance>() + inline_slots * 8)
    }
    /// # Safety
    /// `obj` is an instance.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        PyInstance::size_for(unsafe { (*(obj.address() as *const PyInstance)).inline_slots })
    }
    /// # Safety
    /// `obj` is an instance.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let i = unsafe { &*(obj.address() as *const PyInstance) };
        t.word(slot_bits(&i.payload));
        t.word(slot_bits(&i.overflow));
        trace_slots(i.slots(), t);
    }
    #[inline(always)]
    pub fn slots(&self) -> &[Cell<Slot>] {
        // SAFETY: `inline_slots` slots follow the struct.
        unsafe {
            std::slice::from_raw_parts(
                (self as *const PyInstance as *const u8).add(size_of::<PyInstance>()) as *const Cell<Slot>,
                self.inline_slots,
            )
        }
    }
}

/// Weak reference or proxy: the referent's word is the collector's business.
#[repr(C)]
pub struct PyWeakref {
    pub header: Stamped,
    /// At +16: not traced as a reference by collections, cleared by them.
    pub referent: Cell<Slot>,
    /// At +24.
    pub callback: Cell<Slot>,
    /// Hash of the referent once asked for.
    pub hash: Cell<Slot>,
    /// Instance attributes of a subclass live in a PyInstance whose payload this is: back reference.
    pub holder: Cell<Slot>,
}
heap_object!(PyWeakref, WEAKREF, Mutable);

impl PyWeakref {
    /// # Safety
    /// `obj` is a weakref.
    pub unsafe fn size(_: ObjRef) -> usize {
        round16(size_of::<PyWeakref>())
    }
    /// # Safety
    /// `obj` is a weakref.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let w = unsafe { &*(obj.address() as *const PyWeakref) };
        t.word(slot_bits(&w.callback));
        t.word(slot_bits(&w.hash));
        t.word(slot_bits(&w.holder));
    }
}

const _: () = assert!(std::mem::offset_of!(PyWeakref, referent) == 16);
const _: () = assert!(std::mem::offset_of!(PyWeakref, callback) == 24);
const _: () = assert!(std::mem::offset_of!(PyInstance, shape) == 16);
const _: () = assert!(size_of::<PyInstance>() == 48);
const _: () = assert!(size_of::<Value>() == 8);
