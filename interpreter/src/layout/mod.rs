//! Memory layouts of all heap objects, and typed references to them.
//!
//! # Invariants
//! L1. Every struct is `#[repr(C)]` and begins with [`Header`] (immutable kinds, 8 bytes) or [`Stamped`]
//!     (mutable kinds, 16 bytes); sizes are multiples of 16.
//! L2. [`Ref<T>`] points to an object of kind `T::KIND` for as long as it is on a native stack: objects never
//!     move, and native stacks are scanned conservatively.
//! L3. The fields of a mutable object are reached only through [`Ref::read`], [`Ref::write`] (barriers that tie
//!     the borrow to the thread, so that none survives a commit point) or [`Ref::unguarded`], whose callers say why.
//! L4. An object with an 8-byte header receives all its references before the next commit point, and none later.
//! L5. A variable-size object has at least one byte after its payload, so that one-past-the-end pointers still
//!     belong to it.

mod callables;
mod containers;
mod instances;
mod numbers;
mod storage;
mod text;

pub use callables::*;
pub use containers::*;
pub use instances::*;
pub use numbers::*;
pub use storage::*;
pub use text::*;

use crate::raised::Raised;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use gc_stm::{Kind, ObjRef, Tracer};
use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;

/// First word of every object: class pointer, kind, collector flags (gc-stm's business).
#[repr(C)]
pub struct Header {
    pub word: AtomicU64,
}

/// Header of mutable objects: the second word is the stamp of the transaction protocol.
#[repr(C)]
pub struct Stamped {
    pub word: AtomicU64,
    pub stamp: AtomicU64,
}

/// A type that describes the memory of one kind of object.
///
/// # Safety
/// The struct is `#[repr(C)]`, begins with the header its kind asks for, and matches the kind's size and trace.
pub unsafe trait HeapObject {
    const KIND: Kind;
}

/// Kinds whose objects never change once built: no barrier is needed to look at them.
pub trait Immutable: HeapObject {}

/// Kinds with a stamp, behind the barriers.
pub trait Mutable: HeapObject {}

/// A typed reference to a heap object.
#[repr(transparent)]
pub struct Ref<T>(NonNull<T>, PhantomData<*const T>);

impl<T> Copy for Ref<T> {}
impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> PartialEq for Ref<T> {
    fn eq(&self, o: &Self) -> bool {
        self.0 == o.0
    }
}

impl<T: HeapObject> Ref<T> {
    /// # Safety
    /// `obj` is of kind `T::KIND`.
    #[inline(always)]
    pub unsafe fn from_obj(obj: ObjRef) -> Ref<T> {
        debug_assert_eq!(gc_stm::kind(obj), T::KIND.index());
        // SAFETY: an ObjRef is never null.
        Ref(unsafe { NonNull::new_unchecked(obj.address() as *mut T) }, PhantomData)
    }

    #[inline(always)]
    pub fn obj(self) -> ObjRef {
        // SAFETY: L2.
        unsafe { ObjRef::from_address(self.0.as_ptr() as usize) }
    }

    #[inline(always)]
    pub fn value(self) -> Value {
        Value::from_obj(self.obj())
    }

    /// Looks at the object without a barrier. Sound memory-wise (L2); the caller knows why no other
    /// transaction can be changing what it looks at (own frame, exclusive mode, read-mostly field, fresh object).
    #[inline(always)]
    pub fn unguarded<'a>(self) -> &'a T {
        // SAFETY: L2; fields are cells.
        unsafe { &*self.0.as_ptr() }
    }

    #[inline(always)]
    pub fn as_ptr(self) -> *mut T {
        self.0.as_ptr()
    }
}

impl<T: Immutable> std::ops::Deref for Ref<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: L2, and the object never changes.
        unsafe { self.0.as_ref() }
    }
}

impl<T: Immutable> Ref<T> {
    /// A reference that does not borrow this handle. The object must stay reachable from a native stack or root.
    #[inline(always)]
    pub fn get<'a>(self) -> &'a T {
        // SAFETY: L2, and the object never changes.
        unsafe { &*self.0.as_ptr() }
    }
}

impl<T: Mutable> Ref<T> {
    /// Read barrier; the borrow ends at the next commit point.
    #[inline(always)]
    pub fn read(self, th: &Thread) -> Result<&T, Raised> {
        th.read_barrier(self.obj())?;
        // SAFETY: L2, L3.
        Ok(unsafe { &*self.0.as_ptr() })
    }

    /// [`Ref::read`] as the first thing that a bytecode does: in a conflict the bytecode may be executed again.
    #[inline(always)]
    pub fn read_first(self, th: &Thread) -> Result<&T, Raised> {
        th.read_barrier_first(self.obj())?;
        // SAFETY: L2, L3.
        Ok(unsafe { &*self.0.as_ptr() })
    }

    /// [`Ref::write`] as the first thing that a bytecode does: in a conflict the bytecode may be executed again.
    #[inline(always)]
    pub fn write_first(self, th: &Thread) -> Result<&T, Raised> {
        th.write_barrier_first(self.obj())?;
        // SAFETY: L2, L3.
        Ok(unsafe { &*self.0.as_ptr() })
    }

    /// Write barrier: lock and undo record; the borrow ends at the next commit point.
    #[inline(always)]
    pub fn write(self, th: &Thread) -> Result<&T, Raised> {
        th.write_barrier(self.obj())?;
        // SAFETY: L2, L3.
        Ok(unsafe { &*self.0.as_ptr() })
    }
}

impl Value {
    /// The object as `T`, if it is of exactly that kind (subclass instances hold it as payload: see
    /// [`Value::payload`]).
    #[inline(always)]
    pub fn cast<T: HeapObject>(self) -> Option<Ref<T>> {
        if self.is_obj() && gc_stm::kind(self.obj_unchecked()) == T::KIND.index() {
            // SAFETY: the kind was checked.
            Some(unsafe { Ref::from_obj(self.obj_unchecked()) })
        } else {
            None
        }
    }

    /// As [`Value::cast`], for a value known to be of the kind.
    ///
    /// # Safety
    /// The value is an object of kind `T::KIND`.
    #[inline(always)]
    pub unsafe fn cast_unchecked<T: HeapObject>(self) -> Ref<T> {
        // SAFETY: the caller's promise.
        unsafe { Ref::from_obj(self.obj_unchecked()) }
    }

    /// The object as `T`, looking through an instance of a subclass to the base object it carries.
    #[inline(always)]
    pub fn payload<T: HeapObject>(self) -> Option<Ref<T>> {
        match self.cast::<T>() {
            Some(r) => Some(r),
            None => self.base_object().cast::<T>(),
        }
    }

    /// For an instance of a subclass of a built-in type: the base object it carries; otherwise itself.
    #[inline(always)]
    pub fn base_object(self) -> Value {
        match self.cast::<PyInstance>() {
            // The payload is set before the instance is published and never replaced.
            Some(i) => i.unguarded().payload.get().unwrap_or(self),
            None => self,
        }
    }

    /// The object's kind; 0 for immediates.
    #[inline(always)]
    pub fn kind(self) -> u8 {
        if self.is_obj() { gc_stm::kind(self.obj_unchecked()) } else { 0 }
    }
}

impl<T: HeapObject> From<Ref<T>> for Value {
    fn from(r: Ref<T>) -> Value {
        r.value()
    }
}

/// Rounds a size in bytes up to the allocation grain.
#[inline(always)]
pub const fn round16(n: usize) -> usize {
    (n + 15) & !15
}

/// The word a slot holds, for the collector.
#[inline(always)]
pub fn slot_bits(s: &Cell<Slot>) -> u64 {
    s.get().map_or(0, Value::bits)
}

/// Traces a list of slots.
#[inline]
pub(crate) fn trace_slots(slots: &[Cell<Slot>], t: &mut Tracer) {
    for s in slots {
        t.word(slot_bits(s));
    }
}

/// # Safety
/// Never called: kind 0 has no objects.
pub unsafe fn no_size(_: ObjRef) -> usize {
    16
}
/// # Safety
/// Never called: kind 0 has no objects.
pub unsafe fn no_trace(_: ObjRef, _: &mut Tracer) {}
/// # Safety
/// Any object without references.
pub unsafe fn trace_leaf(_: ObjRef, _: &mut Tracer) {}
/// # Safety
/// Any object of that size.
pub unsafe fn size_16(_: ObjRef) -> usize {
    16
}
/// # Safety
/// Any object of that size.
pub unsafe fn size_32(_: ObjRef) -> usize {
    32
}

/// Implements [`HeapObject`] and the marker for a layout struct.
macro_rules! heap_object {
    ($t:ty, $kind:ident, $marker:ident) => {
        // SAFETY: declared with its row in kinds.rs, `#[repr(C)]`, header first.
        unsafe impl $crate::layout::HeapObject for $t {
            const KIND: gc_stm::Kind = $crate::kinds::kind::$kind;
        }
        impl $crate::layout::$marker for $t {}
    };
}
pub(crate) use heap_object;
