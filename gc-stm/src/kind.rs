//! Kinds: what the collector knows about the layout of objects. The layer above registers one table.

use crate::object::{self, ObjRef, STAMPED, WEAK};
use crate::trace::Tracer;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// A kind as allocation needs it: the index in the table and the header flags that go with it, so that a
/// constant kind costs one constant. Make them `const` beside the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Kind(u16);

impl Kind {
    /// A kind of objects that can change: 16-byte header with a stamp.
    pub const fn stamped(index: u8) -> Kind {
        Kind(index as u16 | (STAMPED >> 48) as u16)
    }

    /// A kind of objects that never change (or of storage whose owner's barrier guards it): 8-byte header.
    pub const fn immutable(index: u8) -> Kind {
        Kind(index as u16)
    }

    /// The same kind, with a weak reference at +16.
    pub const fn weak(self) -> Kind {
        Kind(self.0 | (WEAK >> 48) as u16)
    }

    /// The index in the table of kinds, as `kind(obj)` gives it.
    #[inline(always)]
    pub const fn index(self) -> u8 {
        self.0 as u8
    }

    /// True when objects of this kind have a stamp.
    #[inline(always)]
    pub const fn is_stamped(self) -> bool {
        self.0 & (STAMPED >> 48) as u16 != 0
    }

    /// Header bits of objects of this kind (class and YOUNG are added by allocation).
    #[inline(always)]
    pub const fn header_bits(self) -> u64 {
        (self.0 as u64) << 48
    }
}

/// What the collector must know about a kind of objects.
///
/// All functions must cope with an object whose payload is still all zero bytes, and with one that another
/// (stopped) thread is in the middle of changing; they must not allocate.
pub struct KindInfo {
    /// For reports.
    pub name: &'static str,
    /// Has the 16-byte header.
    pub stamped: bool,
    /// Size in bytes, header included; it is rounded up to 16. It may shrink in an object's life, not grow
    /// beyond what was allocated.
    pub size: unsafe fn(ObjRef) -> usize,
    /// Shows every strong field to the tracer. The class word of the header and the words of a weak
    /// reference (referent) are not shown; a callback is.
    pub trace: unsafe fn(ObjRef, &mut Tracer),
    /// Frees memory outside the heap that dies with the object. Runs for objects given to
    /// `Mutator::register_native`, when they die; it must not touch other objects.
    pub drop_native: Option<unsafe fn(ObjRef)>,
    /// The word at +16 is a weak reference, the one at +24 its callback.
    pub weak: bool,
}

static TABLE: AtomicPtr<KindInfo> = AtomicPtr::new(std::ptr::null_mut());
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Why a table of kinds was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindsError {
    /// More than 256 entries.
    TooMany,
    /// Another table was registered before.
    AlreadyRegistered,
}

/// Registers the kinds, once per process and before the first object is made. The same table again is fine.
pub fn register_kinds(kinds: &'static [KindInfo]) -> Result<(), KindsError> {
    if kinds.len() > 256 {
        return Err(KindsError::TooMany);
    }
    let new = kinds.as_ptr().cast_mut();
    match TABLE.compare_exchange(std::ptr::null_mut(), new, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            COUNT.store(kinds.len(), Ordering::Release);
            Ok(())
        }
        Err(old) if old == new => Ok(()),
        Err(_) => Err(KindsError::AlreadyRegistered),
    }
}

/// The description of kind `index`.
#[inline(always)]
pub fn kind_info(index: u8) -> &'static KindInfo {
    debug_assert!((index as usize) < COUNT.load(Ordering::Relaxed), "kind {index} is not registered");
    // SAFETY: `register_kinds` stored a 'static table; kinds in headers come from `Kind`s of that table.
    unsafe { &*TABLE.load(Ordering::Acquire).add(index as usize) }
}

/// The description of the kind of `obj`.
#[inline(always)]
pub fn info_of(obj: ObjRef) -> &'static KindInfo {
    kind_info(object::kind(obj))
}

/// Size of `obj` in bytes, rounded up to 16.
#[inline]
pub fn size_of_object(obj: ObjRef) -> usize {
    // SAFETY: the function belongs to the object's kind.
    let size = unsafe { (info_of(obj).size)(obj) };
    (size.max(16) + 15) & !15
}
