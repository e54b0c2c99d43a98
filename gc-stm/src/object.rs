//! The object header: one word that every object starts with, a second one for objects that can change.
//!
//! ```text
//! word 0   bits  0..47  address of the class object, or 0 (traced as a field)
//!          bits 48..55  kind (index into the table given to `register_kinds`)
//!          bits 56..63  collector flags, below
//! word 1   stamp (only if STAMPED): the write lock and reader hint of `stm-core`
//! ```
//!
//! Invariants:
//! 1. Objects are 16-byte aligned, a multiple of 16 bytes long, and never move.
//! 2. YOUNG means private to the thread that allocated it; it is cleared exactly once, before the object
//!    can be seen by another thread.
//! 3. The kind never changes. The class changes only under the object's write lock (`set_class`), flags of
//!    old objects only atomically.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

/// Allocated since the last minor collection of its thread, and never published.
pub const YOUNG: u64 = 1 << 56;
/// Has a 16-byte header with a stamp in its second word.
pub const STAMPED: u64 = 1 << 57;
/// Registered with `register_finalizable`, and not yet handed out by `take_finalizable`.
pub const FINALIZABLE: u64 = 1 << 58;
/// Some weak reference to this object has been made.
pub const HAS_WEAKREF: u64 = 1 << 59;
/// Owns memory outside the heap (`KindInfo::drop_native`).
pub const NATIVE: u64 = 1 << 60;
/// Lives in the large-object space.
pub const LARGE: u64 = 1 << 61;
/// Its word at +16 is a weak reference.
pub const WEAK: u64 = 1 << 62;

/// The part of the header that is the address of the class.
pub const CLASS_MASK: u64 = (1 << 48) - 1;
/// Where the kind starts in the header.
pub const KIND_SHIFT: u32 = 48;

/// Offset of the referent in an object of a weak kind.
pub const WEAK_REFERENT: usize = 16;
/// Offset of the callback in an object of a weak kind.
pub const WEAK_CALLBACK: usize = 24;

/// The address of an object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(transparent)]
pub struct ObjRef(pub NonNull<u8>);

impl ObjRef {
    /// The reference in a field or root word, if the word holds one.
    #[inline(always)]
    pub fn from_word(word: u64) -> Option<ObjRef> {
        if is_reference(word) { NonNull::new(word as *mut u8).map(ObjRef) } else { None }
    }

    /// # Safety
    /// `address` is the address of an object.
    #[inline(always)]
    pub unsafe fn from_address(address: usize) -> ObjRef {
        // SAFETY: objects are never at address 0.
        ObjRef(unsafe { NonNull::new_unchecked(address as *mut u8) })
    }

    /// The word that refers to this object.
    #[inline(always)]
    pub fn word(self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// The address of this object.
    #[inline(always)]
    pub fn address(self) -> usize {
        self.0.as_ptr() as usize
    }

    /// A pointer `offset` bytes into the object.
    #[inline(always)]
    pub fn at<T>(self, offset: usize) -> *mut T {
        self.0.as_ptr().wrapping_add(offset).cast()
    }

    /// The header word.
    #[inline(always)]
    pub fn header(self) -> &'static AtomicU64 {
        // SAFETY: an ObjRef is the address of an object, whose first word is the header. The lifetime is as
        // good as the reference itself: whoever holds a dead ObjRef is wrong already.
        unsafe { &*self.at::<AtomicU64>(0) }
    }

    /// The stamp word. The object must be of a stamped kind.
    #[inline(always)]
    pub fn stamp(self) -> &'static AtomicU64 {
        debug_assert!(is_stamped(self), "object without a stamp at {self:?}");
        // SAFETY: as for `header`; stamped objects have the stamp as their second word.
        unsafe { &*self.at::<AtomicU64>(8) }
    }
}

/// True when a field or root word refers to an object; everything else is an immediate value.
#[inline(always)]
pub fn is_reference(word: u64) -> bool {
    word != 0 && word & 7 == 0
}

/// The header flags and bits as they are now.
#[inline(always)]
pub fn header(obj: ObjRef) -> u64 {
    obj.header().load(Ordering::Relaxed)
}

/// Index of the kind of `obj` in the table of kinds.
#[inline(always)]
pub fn kind(obj: ObjRef) -> u8 {
    (header(obj) >> KIND_SHIFT) as u8
}

/// Address of the class of `obj`, or 0.
#[inline(always)]
pub fn class(obj: ObjRef) -> u64 {
    header(obj) & CLASS_MASK
}

/// True while `obj` is private to the thread that made it.
#[inline(always)]
pub fn is_young(obj: ObjRef) -> bool {
    header(obj) & YOUNG != 0
}

/// True for objects that can change, and so have a stamp.
#[inline(always)]
pub fn is_stamped(obj: ObjRef) -> bool {
    header(obj) & STAMPED != 0
}

/// Changes the class. The caller holds the write barrier of `obj` and has called `Mutator::log_class`.
#[inline]
pub fn set_class(obj: ObjRef, class: u64) {
    debug_assert!(class & !CLASS_MASK == 0);
    let h = obj.header();
    let mut old = h.load(Ordering::Relaxed);
    while let Err(now) =
        h.compare_exchange_weak(old, old & !CLASS_MASK | class, Ordering::AcqRel, Ordering::Relaxed)
    {
        old = now;
    }
}

/// Sets header flags (atomically: others may set other ones).
#[inline]
pub(crate) fn set_flags(obj: ObjRef, flags: u64) {
    obj.header().fetch_or(flags, Ordering::AcqRel);
}

/// Clears header flags.
#[inline]
pub(crate) fn clear_flags(obj: ObjRef, flags: u64) {
    obj.header().fetch_and(!flags, Ordering::AcqRel);
}
