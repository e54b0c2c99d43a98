//! Allocation off the fast path: the next hole, the next block, large objects, the heap limit.

use crate::heap::HeapFull;
use crate::kind::Kind;
use crate::mutator::{Mutator, Nursery};
use crate::object::{LARGE, NATIVE, ObjRef};
use crate::space::{BLOCK, LINE, LINES, NATIVE_STATE, START, longest_hole};
use std::sync::atomic::Ordering;

/// Lines of the smallest hole that objects larger than a line are allocated in one after the other.
const ROOMY: usize = LINES / 4;

impl Mutator {
    /// The bump region is used up.
    #[cold]
    #[inline(never)]
    pub(crate) fn alloc_slow(&self, kind: Kind, class: u64, size: usize) -> ObjRef {
        let mut nursery = self.nursery.borrow_mut();
        if size > LINE {
            let start = self.overflow(&mut nursery, size);
            // SAFETY: zeroed memory of this thread.
            return unsafe { self.initialize(start as *mut u8, kind, class, 0) };
        }
        let (mut start, mut end) = self.next_hole(&mut nursery);
        while end - start < size {
            // A one-line hole always fits what is not larger than a line.
            (start, end) = self.next_hole(&mut nursery);
        }
        self.bump.set((start + size) as *mut u8);
        self.limit.set(end as *mut u8);
        // SAFETY: zeroed memory of this thread.
        unsafe { self.initialize(start as *mut u8, kind, class, 0) }
    }

    /// Room for an object larger than a line that did not fit the current hole.
    fn overflow(&self, nursery: &mut Nursery, size: usize) -> usize {
        let (start, end) = nursery.overflow;
        if end - start >= size {
            nursery.overflow.0 = start + size;
            return start;
        }
        let block = self.roomy_block(nursery, size.div_ceil(LINE));
        nursery.used.push(block);
        let space = &self.heap.space;
        let (first, lines) = longest_hole(space.meta(block).lines());
        let start = space.block_start(block) + first * LINE;
        let end = start + lines * LINE;
        self.open_hole(nursery, start, end, block);
        nursery.overflow = (start + size, end);
        start
    }

    /// The next free run of lines, zeroed.
    fn next_hole(&self, nursery: &mut Nursery) -> (usize, usize) {
        let space = &self.heap.space;
        loop {
            if let Some((block, line)) = nursery.current {
                let meta = space.meta(block);
                let free = if line >= LINES { 0 } else { !meta.lines() >> line };
                if free != 0 {
                    let skip = free.trailing_zeros() as usize;
                    let run = (free >> skip).trailing_ones() as usize;
                    let first = line + skip;
                    let last = (first + run).min(LINES);
                    nursery.current = Some((block, last));
                    let base = space.block_start(block);
                    let (start, end) = (base + first * LINE, base + last * LINE);
                    self.open_hole(nursery, start, end, block);
                    return (start, end);
                }
            }
            let block = self.fresh_block(nursery);
            nursery.used.push(block);
            nursery.current = Some((block, 0));
        }
    }

    /// Zeroes a hole and accounts for it.
    fn open_hole(&self, nursery: &mut Nursery, start: usize, end: usize, block: u32) {
        let meta = self.heap.space.meta(block);
        if meta.dirty() {
            // SAFETY: free lines of a block this thread owns.
            unsafe { std::ptr::write_bytes(start as *mut u8, 0, end - start) };
        } else if end - start == BLOCK {
            meta.set_dirty(true);
        }
        nursery.allocated += end - start;
        if nursery.allocated >= self.heap.nursery.load(Ordering::Relaxed) {
            self.want_minor();
        }
    }

    /// A block to allocate in.
    fn fresh_block(&self, nursery: &mut Nursery) -> u32 {
        match nursery.ready.pop() {
            Some(block) => block,
            None => self.block_of_pool(None),
        }
    }

    /// A block with a hole of at least so many lines, and not a small one.
    fn roomy_block(&self, nursery: &mut Nursery, lines: usize) -> u32 {
        let space = &self.heap.space;
        let lines = lines.max(ROOMY);
        match nursery.ready.iter().rposition(|&b| longest_hole(space.meta(b).lines()).1 >= lines) {
            Some(i) => nursery.ready.remove(i),
            None => self.block_of_pool(Some(lines)),
        }
    }

    /// A block out of the pool; with a hole of at least `lines`, if given.
    fn block_of_pool(&self, lines: Option<usize>) -> u32 {
        match self.heap.space.take_block(self.id, lines) {
            Some(block) => {
                self.check_limit();
                block
            }
            None => {
                // The reserve above the limit is gone too: the thread never came to a poll while it
                // allocated an eighth of the address space. Nothing can be given back from here.
                eprintln!("pypy-stm: out of memory");
                std::process::abort();
            }
        }
    }

    /// Asks for collections, or reports exhaustion, when the heap comes near or over its limit.
    fn check_limit(&self) {
        let heap = &self.heap;
        if heap.is_over_limit() {
            // Exhausted only after a collection that did not help; and reported once, so that the next one gets
            // its chance after the program has dropped something. Who handles the MemoryError needs some memory for it.
            if heap.limit_hit.swap(false, Ordering::Relaxed) {
                self.memory_exhausted.set(true);
                heap.grant_grace();
            } else {
                heap.full_wanted.store(true, Ordering::Relaxed);
            }
            self.request_collection();
        }
    }

    /// Asks for a minor collection at the next commit point.
    #[cold]
    pub(crate) fn want_minor(&self) {
        if !self.minor_wanted.replace(true) {
            self.request_collection();
        }
    }

    /// Allocates a large object: zeroed, header written, young. When the heap is full, collects nothing (it
    /// takes `&self`): the caller runs `collect_full` if it is at a commit point and tries again, or raises
    /// MemoryError.
    pub fn alloc_large(&self, kind: Kind, class: u64, size: usize) -> Result<ObjRef, HeapFull> {
        let heap = &self.heap;
        if size > heap.limit() {
            return Err(HeapFull);
        }
        if heap.used_bytes() > heap.limit() + heap.grace.load(Ordering::Relaxed) - size {
            heap.full_wanted.store(true, Ordering::Relaxed);
            heap.grant_grace();
            self.request_collection();
            return Err(HeapFull);
        }
        let start = {
            let mut pool = heap.space.pool.lock();
            let floor = heap.space.block_start(pool.fresh) + BLOCK * 64;
            let start = pool.large.take(size, self.id, floor).ok_or(HeapFull)?;
            pool.end = heap.space.block_index(pool.large.low());
            start
        };
        // SAFETY: zeroed memory that belongs to this thread now.
        let obj = unsafe { self.initialize(start as *mut u8, kind, class, LARGE) };
        let mut nursery = self.nursery.borrow_mut();
        nursery.large.push(obj);
        nursery.allocated += size;
        if nursery.allocated >= heap.nursery.load(Ordering::Relaxed) {
            self.want_minor();
        }
        Ok(obj)
    }

    /// To be called once the memory outside the heap that a `Kind::native` object owns exists. From then on
    /// `drop_native` runs when the object dies; `bytes` counts as memory pressure.
    pub fn register_native(&self, obj: ObjRef, bytes: usize) {
        debug_assert!(crate::object::is_young(obj));
        crate::object::set_flags(obj, NATIVE);
        // SAFETY: the state byte of an own young object.
        unsafe { *self.heap.space.state(obj.address()) = START | NATIVE_STATE };
        let mut nursery = self.nursery.borrow_mut();
        nursery.natives.push(obj);
        drop(nursery);
        self.note_external(bytes);
    }

    /// Counts memory outside the heap as allocated, so that collections come early enough to free it.
    pub fn note_external(&self, bytes: usize) {
        let mut nursery = self.nursery.borrow_mut();
        nursery.allocated += bytes;
        if nursery.allocated >= self.heap.nursery.load(Ordering::Relaxed) {
            self.want_minor();
        }
        self.heap.add_old_bytes(bytes / 2);
    }
}
