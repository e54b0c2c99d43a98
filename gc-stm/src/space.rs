//! The address space of a heap: blocks of lines from the bottom, large objects from the top, and the side
//! tables for both.
//!
//! Every 16-byte granule has a *state byte*: 0, or START for the first granule of an object, with OLD, and
//! during a full collection MARK. Allocation sets it with one store; a conservative scan finds the object
//! around an interior pointer by searching it backwards.
//!
//! Every 32 KiB block has a `BlockMeta`. Its line marks say which 256-byte lines hold old objects; young
//! objects are not in them. A block that holds young objects, or may soon, is *owned* by one thread, and only
//! that thread changes its metadata (or a full collection while the world is stopped).
//!
//! Invariants:
//! 1. A line whose mark is clear holds no old object.
//! 2. `state & OLD` iff the header flag YOUNG is clear.
//! 3. Blocks in the pool hold no young objects.

use crate::large::LargeSpace;
use crate::os::{PAGE, Reservation, release_pages};
use parking_lot::Mutex;
use std::cell::Cell;
use std::io;

/// Bytes of a block.
pub const BLOCK: usize = 32 << 10;
/// Bytes of a line.
pub const LINE: usize = 256;
/// Lines of a block.
pub const LINES: usize = BLOCK / LINE;
/// Bytes of a granule; a read mark and a state byte belong to each.
pub const GRANULE: usize = 16;
/// Objects above this size live in the large-object space.
pub const LARGE_LIMIT: usize = 8 << 10;

/// State byte: an object starts here.
pub const START: u8 = 1;
/// State byte: it is old.
pub const OLD: u8 = 2;
/// State byte: it owns memory outside the heap.
pub const NATIVE_STATE: u8 = 4;
/// State byte: visited once by the ordering of finalizers.
pub const ORDER: u8 = 0x40;
/// State byte: reached by the running full collection.
pub const MARK: u8 = 0x80;

/// Who has a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Use {
    /// In no use; in the pool's free list, or never used.
    Free = 0,
    /// Owned by a thread.
    Owned = 1,
    /// In the pool's list of partly free blocks.
    Partial = 2,
    /// Full of old objects, in no list.
    Full = 3,
}

/// Metadata of one block. All zero bytes: an unused, clean block.
#[repr(C)]
pub(crate) struct BlockMeta {
    lines: Cell<u128>,
    owner: Cell<u32>,
    usage: Cell<u8>,
    /// The memory has been written since it was last zero.
    dirty: Cell<bool>,
}

impl BlockMeta {
    #[inline(always)]
    pub(crate) fn lines(&self) -> u128 {
        self.lines.get()
    }

    pub(crate) fn set_lines(&self, lines: u128) {
        self.lines.set(lines)
    }

    /// Marks the lines of an object; returns how many had no mark.
    ///
    /// # Safety
    /// The caller owns the block, or the world is stopped; the object lies within this block.
    #[inline(always)]
    pub(crate) unsafe fn add_lines(&self, address: usize, size: usize) -> usize {
        let first = (address & (BLOCK - 1)) / LINE;
        let last = ((address & (BLOCK - 1)) + size - 1) / LINE;
        let mask = (!0u128 << first) & (!0u128 >> (LINES - 1 - last.min(LINES - 1)));
        let before = self.lines.get();
        if before & mask == mask {
            return 0;
        }
        self.lines.set(before | mask);
        (mask & !before).count_ones() as usize
    }

    pub(crate) fn owner(&self) -> u32 {
        self.owner.get()
    }

    pub(crate) fn usage(&self) -> Use {
        match self.usage.get() {
            0 => Use::Free,
            1 => Use::Owned,
            2 => Use::Partial,
            _ => Use::Full,
        }
    }

    pub(crate) fn set_use(&self, usage: Use, owner: u32) {
        self.usage.set(usage as u8);
        self.owner.set(owner);
    }

    pub(crate) fn dirty(&self) -> bool {
        self.dirty.get()
    }

    pub(crate) fn set_dirty(&self, dirty: bool) {
        self.dirty.set(dirty)
    }
}

/// Blocks that belong to no thread.
pub(crate) struct Pool {
    pub(crate) free: Vec<u32>,
    pub(crate) partial: Vec<u32>,
    /// Blocks from here on were never used.
    pub(crate) fresh: u32,
    /// Blocks below this one may become blocks; from here on large objects have the space.
    pub(crate) end: u32,
    pub(crate) large: LargeSpace,
}

/// The heap's memory. See the top of this file.
pub struct Space {
    heap: Reservation,
    states: Reservation,
    metas: Reservation,
    /// Number of blocks in the reservation.
    blocks: u32,
    pub(crate) pool: Mutex<Pool>,
    pub(crate) poison: bool,
}

// SAFETY: the cells of block metadata are guarded by block ownership and the stop of the world.
unsafe impl Sync for Space {}
// SAFETY: as above; nothing is tied to a thread.
unsafe impl Send for Space {}

impl Space {
    pub(crate) fn new(reserve: usize, poison: bool) -> io::Result<Space> {
        let mut len = (reserve.max(4 << 20) + BLOCK - 1) & !(BLOCK - 1);
        let mut shrunk = false;
        loop {
            match Space::reserve(len, poison) {
                Ok(space) if !shrunk || len <= 8 << 20 => return Ok(space),
                Ok(space) => {
                    // Address space is scarce: leave half of what there is to everybody else.
                    drop(space);
                    return Space::reserve((len / 2 + BLOCK - 1) & !(BLOCK - 1), poison);
                }
                Err(e) if len <= 4 << 20 => return Err(e),
                Err(_) => {
                    shrunk = true;
                    len = (len / 2 + BLOCK - 1) & !(BLOCK - 1);
                }
            }
        }
    }

    fn reserve(len: usize, poison: bool) -> io::Result<Space> {
        let heap = Reservation::new(len, BLOCK)?;
        let states = Reservation::new(len / GRANULE, PAGE)?;
        let blocks = (len / BLOCK) as u32;
        let metas =
            Reservation::new((blocks as usize * size_of::<BlockMeta>() + PAGE - 1) & !(PAGE - 1), PAGE)?;
        let large = LargeSpace::new(heap.base() + heap.len());
        let pool = Pool { free: Vec::new(), partial: Vec::new(), fresh: 0, end: blocks, large };
        Ok(Space { heap, states, metas, blocks, pool: Mutex::new(pool), poison })
    }

    /// First address of the heap.
    #[inline(always)]
    pub fn base(&self) -> usize {
        self.heap.base()
    }

    /// Bytes of address space.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// True for addresses inside the reservation.
    #[inline(always)]
    pub fn contains(&self, address: usize) -> bool {
        address.wrapping_sub(self.base()) < self.len()
    }

    /// `state_bias + address / 16` is the address of the state byte of `address`.
    #[inline(always)]
    pub fn state_bias(&self) -> usize {
        self.states.base().wrapping_sub(self.base() / GRANULE)
    }

    /// The state byte of an address inside the heap.
    #[inline(always)]
    pub(crate) fn state(&self, address: usize) -> *mut u8 {
        debug_assert!(self.contains(address));
        self.state_bias().wrapping_add(address / GRANULE) as *mut u8
    }

    #[inline(always)]
    pub(crate) fn block_index(&self, address: usize) -> u32 {
        ((address - self.base()) / BLOCK) as u32
    }

    #[inline(always)]
    pub(crate) fn block_start(&self, index: u32) -> usize {
        self.base() + index as usize * BLOCK
    }

    /// Metadata of block `index`.
    #[inline(always)]
    pub(crate) fn meta(&self, index: u32) -> &BlockMeta {
        debug_assert!(index < self.blocks);
        // SAFETY: the reservation has room for all blocks, and zero bytes are a valid BlockMeta.
        unsafe { &*(self.metas.base() as *const BlockMeta).add(index as usize) }
    }

    /// Metadata of the block around an address.
    #[inline(always)]
    pub(crate) fn block_of(&self, address: usize) -> &BlockMeta {
        self.meta(self.block_index(address))
    }

    /// Takes a block out of the pool for thread `owner`. `lines`: with a hole of at least so many. None: the address
    /// space is used up.
    pub(crate) fn take_block(&self, owner: u32, lines: Option<usize>) -> Option<u32> {
        let mut pool = self.pool.lock();
        let partial = match lines {
            None => pool.partial.pop(),
            Some(lines) => {
                let fits = |&b: &u32| longest_hole(self.meta(b).lines()).1 >= lines;
                let i = pool.partial.iter().rev().take(LOOK).position(fits);
                i.map(|i| {
                    let at = pool.partial.len() - 1 - i;
                    pool.partial.swap_remove(at)
                })
            }
        };
        let index = if let Some(b) = partial {
            b
        } else if let Some(b) = pool.free.pop() {
            b
        } else if pool.fresh < pool.end {
            pool.fresh += 1;
            pool.fresh - 1
        } else {
            return None;
        };
        self.meta(index).set_use(Use::Owned, owner);
        Some(index)
    }

    /// True when small objects, whose allocation cannot fail, have little address space left: large objects that died
    /// leave holes that only large objects fill.
    pub(crate) fn is_short(&self, pool: &Pool) -> bool {
        let left = pool.end.saturating_sub(pool.fresh) as usize + pool.free.len();
        left < self.blocks as usize / 32
    }

    /// Puts a swept block that its thread no longer wants back into the pool.
    pub(crate) fn give_block(&self, pool: &mut Pool, index: u32) {
        let meta = self.meta(index);
        let free = meta.lines().count_zeros() as usize;
        if free == LINES {
            meta.set_use(Use::Free, 0);
            pool.free.push(index);
        } else if free >= PARTIAL_LINES {
            meta.set_use(Use::Partial, 0);
            pool.partial.push(index);
        } else {
            meta.set_use(Use::Full, 0);
        }
    }

    /// Gives the memory of free blocks beyond `keep` back to the system.
    pub(crate) fn release_free_blocks(&self, pool: &mut Pool, keep: usize) {
        // The list is a stack: what lies deepest was not needed for longest.
        let n = pool.free.len().saturating_sub(keep);
        pool.free[..n].sort_unstable_by(|a, b| b.cmp(a));
        let mut i = 0;
        while i < n {
            let last = pool.free[i];
            let mut first = last;
            i += 1;
            while i < n && pool.free[i] + 1 == first {
                first = pool.free[i];
                i += 1;
            }
            if (first..=last).any(|b| self.meta(b).dirty()) {
                let start = self.block_start(first);
                let len = (last - first + 1) as usize * BLOCK;
                // SAFETY: free blocks hold nothing.
                unsafe { release_pages(start, len) };
                for b in first..=last {
                    self.meta(b).set_dirty(false);
                }
            }
        }
    }
}

/// How many partly free blocks are looked at for one with a hole of some size.
const LOOK: usize = 16;

/// The longest run of free lines of a block: the first of them, and how many.
pub(crate) fn longest_hole(lines: u128) -> (usize, usize) {
    let mut best = (0, 0);
    let (mut at, mut free) = (0, !lines);
    while free != 0 {
        let skip = free.trailing_zeros();
        at += skip as usize;
        free >>= skip;
        let run = free.trailing_ones();
        if run as usize > best.1 {
            best = (at, run as usize);
        }
        if run == u128::BITS {
            break;
        }
        at += run as usize;
        free >>= run;
    }
    best
}

/// A block with at least this many free lines is worth allocating in again.
pub(crate) const PARTIAL_LINES: usize = 32;
