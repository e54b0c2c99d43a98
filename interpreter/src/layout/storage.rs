//! Storage behind mutable containers: carded value arrays and raw byte arrays; and the room that sums of texts share.
//!
//! Both have the 8-byte header and no stamp of their own: they belong to one container and change under its
//! write lock. A value array has a *card stamp* per 64 slots, which says whether that card is already in the
//! running transaction's write log, so that undo and publishing cost what was touched and not the whole array
//! (DESIGN §2, PITFALLS 20). A storage born in the transaction says so of all its cards and is not in the log; when it
//! becomes old, its stamps are zeroed.

use super::{Header, heap_object, round16, slot_bits};
use crate::value::Slot;
use gc_stm::{ObjRef, Tracer};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Slots per card.
pub const CARD_SLOTS: usize = 64;

/// A carded array of slots.
///
/// Slots from `filled` on have never been set: collector and commit do not look there. Beside the time it would take,
/// reading fresh memory maps the system's page of zeros, and the first write to each page then interrupts every other
/// processor to take that mapping back.
#[repr(C)]
pub struct Storage {
    pub header: Header,
    /// Slots.
    pub capacity: usize,
    pub(crate) filled: Cell<usize>,
}
heap_object!(Storage, STORAGE, Immutable);

impl Storage {
    pub const fn cards(capacity: usize) -> usize {
        capacity.div_ceil(CARD_SLOTS)
    }
    /// Offset of the first slot: after the header and the card stamps, 16-byte aligned.
    pub const fn slots_offset(capacity: usize) -> usize {
        round16(size_of::<Storage>() + 8 * Storage::cards(capacity))
    }
    pub fn size_for(capacity: usize) -> usize {
        round16(Storage::slots_offset(capacity) + capacity * 8 + 1)
    }
    /// # Safety
    /// `obj` is a storage.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        Storage::size_for(unsafe { (*(obj.address() as *const Storage)).capacity })
    }
    /// # Safety
    /// `obj` is a storage.
    pub unsafe fn trace(obj: ObjRef, t: &mut Tracer) {
        // SAFETY: the caller's promise.
        let s = unsafe { &*(obj.address() as *const Storage) };
        if t.makes_old() {
            // As for objects, whose stamp goes: the next write of each card is remembered.
            s.card_stamps().iter().for_each(|c| c.store(0, Ordering::Relaxed));
        }
        for v in &s.slots()[..s.filled.get()] {
            t.word(slot_bits(v));
        }
    }

    #[inline(always)]
    pub fn slots(&self) -> &[Cell<Slot>] {
        let base = (self as *const Storage as *const u8).wrapping_add(Storage::slots_offset(self.capacity));
        // SAFETY: `capacity` slots lie there.
        unsafe { std::slice::from_raw_parts(base as *const Cell<Slot>, self.capacity) }
    }

    /// Of a fresh storage: only the first `n` slots are set here; the others are set after `Thread::log_slots`, which looks
    /// at the stamps of their cards.
    pub fn set_filled(&self, n: usize) {
        let n = n.next_multiple_of(CARD_SLOTS).min(self.capacity);
        self.filled.set(n);
        for card in n.div_ceil(CARD_SLOTS)..Storage::cards(self.capacity) {
            // Relaxed: nobody else has the storage yet.
            self.card_stamp(card * CARD_SLOTS).store(0, Ordering::Relaxed);
        }
    }

    /// The stamp of the card that slot `i` lies in.
    #[inline(always)]
    pub fn card_stamp(&self, i: usize) -> &AtomicU64 {
        debug_assert!(i < self.capacity);
        let base =
            (self as *const Storage as *const u8).wrapping_add(size_of::<Storage>()) as *const AtomicU64;
        // SAFETY: one stamp per card follows the header.
        unsafe { &*base.add(i / CARD_SLOTS) }
    }
}

/// Raw bytes.
#[repr(C)]
pub struct Bytes {
    pub header: Header,
    /// Bytes.
    pub capacity: usize,
}
heap_object!(Bytes, BYTES, Immutable);

impl Bytes {
    pub fn size_for(capacity: usize) -> usize {
        round16(size_of::<Bytes>() + capacity + 1)
    }
    /// # Safety
    /// `obj` is a byte array.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        Bytes::size_for(unsafe { (*(obj.address() as *const Bytes)).capacity })
    }
    /// Address of the first byte, 16-byte aligned. Changed only under the owner's write lock, after
    /// `Thread::log_bytes`.
    #[inline(always)]
    pub fn data(&self) -> *mut u8 {
        (self as *const Bytes as *mut u8).wrapping_add(size_of::<Bytes>())
    }
}

/// Bytes that several texts begin with: each has the first so many of them (`text_sum.rs`).
///
/// Who wants to add some *claims* them first: nobody else then has the bytes between the old and the new `claimed`. Claims
/// are not undone when a transaction aborts; the bytes are wasted then.
#[repr(C)]
pub struct Room {
    pub header: Header,
    /// Bytes.
    pub capacity: usize,
    claimed: AtomicUsize,
    _pad: usize,
}
heap_object!(Room, ROOM, Immutable);

impl Room {
    /// Size of a text whose contents lie in a room: its head and the room's address.
    pub const TEXT_SIZE: usize = 48;

    pub fn size_for(capacity: usize) -> usize {
        round16(size_of::<Room>() + capacity + 1)
    }
    /// # Safety
    /// `obj` is a room.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        Room::size_for(unsafe { (*(obj.address() as *const Room)).capacity })
    }
    /// The first byte of the room at `address`, aligned to 16.
    #[inline(always)]
    pub fn data(address: usize) -> *const u8 {
        (address + size_of::<Room>()) as *const u8
    }
    /// `n` bytes behind the first `at`, if nobody has had them yet: the caller's own from now on.
    pub fn claim(&self, at: usize, n: usize) -> Option<*mut u8> {
        let end = at.checked_add(n).filter(|end| *end <= self.capacity)?;
        // Relaxed: the bytes are seen by others only through a text that a commit publishes.
        self.claimed.compare_exchange(at, end, Ordering::Relaxed, Ordering::Relaxed).ok()?;
        Some((self as *const Room as *mut u8).wrapping_add(size_of::<Room>() + at))
    }
}
