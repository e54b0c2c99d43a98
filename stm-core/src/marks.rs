//! Read marks: one byte per 16-byte granule and segment; a byte equal to the segment's mark number means "my running
//! transaction has read this".
//!
//! I1. The table belongs to the segment, as do its dirty chunks; both are touched for writing only by the thread that
//!     has the segment attached, or with the world stopped, or (single bytes of freed memory) through `scrub`.
//! I2. A mark byte is set only after its chunk is on the dirty list, so clearing the listed chunks clears all marks.
//! I3. A table is never unmapped while the runtime lives: scanners may look at any time.
//! I4. `base` is biased by the heap's first granule, so that `base + (address >> 4)` is the byte.
//!
//! Clearing writes zeros over dirty chunks (1 KiB, 16 KiB of heap): `madvise` at every wrap ruined scaling when measured.
//! Memory goes back to the system only in [`crate::Stm::trim_marks`].

use crate::sync::{AtomicU8, Ordering};
#[cfg(not(loom))]
use std::cell::UnsafeCell;

/// Mark numbers are the low bits of the sequence.
#[cfg(not(loom))]
pub(crate) const MARK_MASK: u64 = 0xff;
/// Models wrap after four, so that they meet the wrap.
#[cfg(loom)]
pub(crate) const MARK_MASK: u64 = 3;

/// Granule size as a shift: one mark byte per 16 bytes.
pub const GRANULE_SHIFT: usize = 4;
#[cfg(not(loom))]
const CHUNK_SHIFT: usize = 14;

/// Where a transaction finds mark bytes: pre-biased, to be indexed with `(address >> 4) & mask`.
#[cfg(not(loom))]
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(crate) struct MarkBase(*const AtomicU8);
#[cfg(loom)]
#[derive(Clone, Copy)]
pub(crate) struct MarkBase(*const Vec<AtomicU8>, usize);

impl MarkBase {
    /// The byte of a granule index already masked.
    ///
    /// # Safety
    /// The index is that of an address in the heap the table was made for, or the mask is 0 and this is a solo base.
    #[inline(always)]
    pub(crate) unsafe fn byte<'a>(self, index: usize) -> &'a AtomicU8 {
        #[cfg(not(loom))]
        // SAFETY: the caller's contract and I3, I4.
        unsafe {
            &*self.0.wrapping_add(index)
        }
        #[cfg(loom)]
        // SAFETY: tables live as long as the runtime of the model.
        unsafe {
            &(&*self.0)[index - self.1]
        }
    }
}

/// The single byte that always matches, for solo and GIL mode.
pub(crate) struct SoloMark {
    #[cfg(not(loom))]
    byte: Box<AtomicU8>,
    #[cfg(loom)]
    byte: Box<Vec<AtomicU8>>,
}

/// The mark number of solo and GIL mode.
pub(crate) const SOLO_MARK: u8 = 1;

impl SoloMark {
    pub(crate) fn new() -> Self {
        #[cfg(not(loom))]
        return SoloMark { byte: Box::new(AtomicU8::new(SOLO_MARK)) };
        #[cfg(loom)]
        SoloMark { byte: Box::new(vec![AtomicU8::new(SOLO_MARK)]) }
    }

    pub(crate) fn base(&self) -> MarkBase {
        #[cfg(not(loom))]
        return MarkBase(&*self.byte);
        #[cfg(loom)]
        MarkBase(&*self.byte, 0)
    }
}

/// A segment's table.
#[cfg(not(loom))]
pub(crate) struct MarkTable {
    /// Biased; null until reserved. Published by the release increment of the number of used segments.
    base: crate::sync::AtomicPtr<AtomicU8>,
    /// Start of the mapping: marks, then one dirty byte per chunk.
    mapping: crate::sync::AtomicPtr<u8>,
    heap_base: usize,
    granules: usize,
    /// I1: only for the thread the segment is attached to, or with the world stopped.
    dirty: UnsafeCell<Vec<u32>>,
}

// SAFETY: `dirty` is used under I1.
#[cfg(not(loom))]
unsafe impl Sync for MarkTable {}

#[cfg(not(loom))]
impl MarkTable {
    pub(crate) fn new(heap_base: usize, heap_len: usize) -> Self {
        MarkTable {
            base: crate::sync::AtomicPtr::new(std::ptr::null_mut()),
            mapping: crate::sync::AtomicPtr::new(std::ptr::null_mut()),
            heap_base,
            granules: heap_len >> GRANULE_SHIFT,
            dirty: UnsafeCell::new(Vec::new()),
        }
    }

    fn chunks(&self) -> usize {
        (self.granules >> (CHUNK_SHIFT - GRANULE_SHIFT)) + 1
    }

    /// Bytes of address space of one table.
    fn mapping_len(&self) -> usize {
        (self.granules + self.chunks() + 0xfff) & !0xfff
    }

    pub(crate) fn is_reserved(&self) -> bool {
        !self.base.load(Ordering::Acquire).is_null()
    }

    /// Reserves the address space; pages come when touched.
    pub(crate) fn reserve(&self) -> std::io::Result<()> {
        if self.is_reserved() {
            return Ok(());
        }
        let start = map_zeroed(self.mapping_len())?;
        self.mapping.store(start, Ordering::Relaxed);
        let biased = start.wrapping_sub(self.heap_base >> GRANULE_SHIFT);
        self.base.store(biased.cast(), Ordering::Release);
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn base(&self) -> MarkBase {
        MarkBase(self.base.load(Ordering::Relaxed))
    }

    /// Puts the chunk of `address` on the dirty list (I2).
    ///
    /// # Safety
    /// I1: the caller has the segment attached, and `address` is in the heap.
    #[inline(always)]
    pub(crate) unsafe fn note(&self, address: usize) {
        let chunk = address.wrapping_sub(self.heap_base) >> CHUNK_SHIFT;
        debug_assert!(chunk < self.chunks(), "address {address:#x} outside the heap");
        // SAFETY: inside the mapping, after the marks; ours to write by I1.
        unsafe {
            let flag = self.mapping.load(Ordering::Relaxed).add(self.granules + chunk);
            if *flag == 0 {
                *flag = 1;
                (*self.dirty.get()).push(chunk as u32);
            }
        }
    }

    /// Zeroes every dirty chunk.
    ///
    /// # Safety
    /// I1, and the segment's published mark number is 0 or its transaction is over, so no scanner believes a byte.
    pub(crate) unsafe fn clear(&self) {
        let start = self.mapping.load(Ordering::Relaxed);
        // SAFETY: I1 for the list; marks are atomics written with relaxed stores, eight at a time where possible.
        unsafe {
            for chunk in (*self.dirty.get()).drain(..) {
                *start.add(self.granules + chunk as usize) = 0;
                let first = (chunk as usize) << (CHUNK_SHIFT - GRANULE_SHIFT);
                let len = (1 << (CHUNK_SHIFT - GRANULE_SHIFT)).min(self.granules - first);
                zero(start.add(first), len);
            }
        }
    }

    /// Gives the pages back to the system. Returns the bytes that had been touched (an estimate).
    ///
    /// # Safety
    /// The world is stopped and the segment is idle.
    pub(crate) unsafe fn trim(&self) -> usize {
        // SAFETY: the caller's contract is stronger than `clear`'s.
        let touched = unsafe { (*self.dirty.get()).len() } << (CHUNK_SHIFT - GRANULE_SHIFT);
        // SAFETY: as above.
        unsafe { self.clear() };
        #[cfg(not(miri))]
        if touched != 0 {
            // SAFETY: our own private anonymous mapping; dropped pages read as zero, which is what `clear` left.
            unsafe {
                libc::madvise(
                    self.mapping.load(Ordering::Relaxed).cast(),
                    self.mapping_len(),
                    libc::MADV_DONTNEED,
                );
            }
        }
        touched
    }

    /// Bytes of marks touched since the last clearing.
    ///
    /// # Safety
    /// I1.
    pub(crate) unsafe fn touched(&self) -> usize {
        // SAFETY: the caller's contract.
        unsafe { (*self.dirty.get()).len() << (CHUNK_SHIFT - GRANULE_SHIFT) }
    }

    /// Clears the marks of freed memory. Stores of zero to bytes that nobody has a right to use.
    pub(crate) fn scrub(&self, address: usize, len: usize) {
        let base = self.base();
        for granule in (address >> GRANULE_SHIFT)..((address + len + 15) >> GRANULE_SHIFT) {
            // SAFETY: the range is heap memory.
            let byte = unsafe { base.byte(granule) };
            if byte.load(Ordering::Relaxed) != 0 {
                byte.store(0, Ordering::Relaxed);
            }
        }
    }

    /// Nothing: the dirty list is part of the table.
    #[inline(always)]
    pub(crate) fn lose_dirty_list(&self) {}
}

/// Zeroes mark bytes that scanners may be loading at the same time.
///
/// # Safety
/// `start..start + len` is mark memory.
#[cfg(not(loom))]
unsafe fn zero(start: *mut u8, len: usize) {
    let head = start.align_offset(8).min(len);
    let words = (len - head) / 8;
    // SAFETY: inside the range; AtomicU8 and AtomicU64 have the layout of the integers, the middle part is aligned.
    unsafe {
        if cfg!(miri) {
            for i in 0..len {
                (*start.add(i).cast::<AtomicU8>()).store(0, Ordering::Relaxed);
            }
            return;
        }
        for i in (0..head).chain(head + words * 8..len) {
            (*start.add(i).cast::<AtomicU8>()).store(0, Ordering::Relaxed);
        }
        let middle = start.add(head).cast::<crate::sync::AtomicU64>();
        for i in 0..words {
            (*middle.add(i)).store(0, Ordering::Relaxed);
        }
    }
}

/// Zeroed memory that costs nothing until touched.
#[cfg(all(not(loom), not(miri)))]
fn map_zeroed(len: usize) -> std::io::Result<*mut u8> {
    // SAFETY: a fresh private anonymous mapping.
    let start = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            len,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if start == libc::MAP_FAILED { Err(std::io::Error::last_os_error()) } else { Ok(start.cast()) }
}

#[cfg(all(not(loom), miri))]
fn map_zeroed(len: usize) -> std::io::Result<*mut u8> {
    // SAFETY: a nonzero page-aligned size.
    let start =
        unsafe { std::alloc::alloc_zeroed(std::alloc::Layout::from_size_align(len, 4096).expect("size")) };
    if start.is_null() { Err(std::io::ErrorKind::OutOfMemory.into()) } else { Ok(start) }
}

#[cfg(not(loom))]
impl Drop for MarkTable {
    fn drop(&mut self) {
        let start = self.mapping.load(Ordering::Relaxed);
        if start.is_null() {
            return;
        }
        #[cfg(not(miri))]
        // SAFETY: I3: the runtime, and with it every transaction, is gone.
        unsafe {
            libc::munmap(start.cast(), self.mapping_len());
        }
        #[cfg(miri)]
        // SAFETY: allocated in `map_zeroed` with this layout.
        unsafe {
            std::alloc::dealloc(
                start,
                std::alloc::Layout::from_size_align(self.mapping_len(), 4096).expect("size"),
            );
        }
    }
}

/// A segment's table in models: a vector, cleared as a whole; the dirty list is one flag.
#[cfg(loom)]
pub(crate) struct MarkTable {
    bytes: Box<Vec<AtomicU8>>,
    heap_base: usize,
    dirty: std::sync::atomic::AtomicBool,
}

#[cfg(loom)]
#[allow(clippy::missing_safety_doc)]
impl MarkTable {
    pub(crate) fn new(heap_base: usize, heap_len: usize) -> Self {
        MarkTable {
            bytes: Box::new((0..heap_len >> GRANULE_SHIFT).map(|_| AtomicU8::new(0)).collect()),
            heap_base,
            dirty: std::sync::atomic::AtomicBool::new(false),
        }
    }
    pub(crate) fn is_reserved(&self) -> bool {
        true
    }
    pub(crate) fn reserve(&self) -> std::io::Result<()> {
        Ok(())
    }
    pub(crate) fn base(&self) -> MarkBase {
        MarkBase(&*self.bytes, self.heap_base >> GRANULE_SHIFT)
    }
    pub(crate) unsafe fn note(&self, _address: usize) {
        self.dirty.store(true, std::sync::atomic::Ordering::Relaxed);
    }
    pub(crate) unsafe fn clear(&self) {
        if self.dirty.swap(false, std::sync::atomic::Ordering::Relaxed) {
            for byte in self.bytes.iter() {
                byte.store(0, Ordering::Relaxed);
            }
        }
    }
    pub(crate) unsafe fn trim(&self) -> usize {
        // SAFETY: the caller's contract is stronger than `clear`'s.
        unsafe { self.clear() };
        0
    }
    pub(crate) unsafe fn touched(&self) -> usize {
        0
    }
    pub(crate) fn scrub(&self, address: usize, len: usize) {
        for granule in (address >> GRANULE_SHIFT)..((address + len + 15) >> GRANULE_SHIFT) {
            // SAFETY: the range is heap memory of the model.
            unsafe { self.base().byte(granule) }.store(0, Ordering::Relaxed);
        }
    }
    /// Fault DIRTY_LIST_LOST: what happens when the list goes away with the thread.
    pub(crate) fn lose_dirty_list(&self) {
        self.dirty.store(false, std::sync::atomic::Ordering::Relaxed);
    }
}
