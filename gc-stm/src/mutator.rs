//! A thread's half of the heap: where it allocates, its barriers, its write log, its young objects.
//!
//! `Mutator` is the first field of the interpreter's thread, so its field offsets are part of the contract
//! with compiled code (`offsets`). The fast paths are inline here; everything cold is in `barrier.rs`,
//! `alloc.rs`, `minor.rs` and `full.rs`.
//!
//! GC-safe points take `&self`: the thread may be stopped and scanned there, but nothing of its own is freed
//! or made old. Commit points take `&mut self`: anything may change.

use crate::heap::{Heap, HeapFull, MutatorPtr, RootFn};
use crate::kind::Kind;
use crate::object::{self, ObjRef, YOUNG};
use crate::roots::RootList;
use crate::space::{LARGE_LIMIT, START};
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use stm_core::{Conflict, Transaction};

/// A run of Values that was logged through a card stamp.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) owner: ObjRef,
    pub(crate) first: *mut u64,
    pub(crate) words: usize,
}

/// What the thread has written in the running transaction: the remembered set.
#[derive(Default)]
pub(crate) struct WriteLog {
    /// Runs of Values; whole objects are in the write log of `stm-core`.
    pub(crate) ranges: Vec<Range>,
    /// Classes before they were changed.
    pub(crate) classes: Vec<(ObjRef, u64)>,
}

/// Where young objects are, and what they need at death.
#[derive(Default)]
pub(crate) struct Nursery {
    /// Blocks to allocate in, the next one last. None of them holds young objects.
    pub(crate) ready: Vec<u32>,
    /// Blocks that hold young objects.
    pub(crate) used: Vec<u32>,
    /// The block the bump pointer is in, and the line after the hole it is in.
    pub(crate) current: Option<(u32, usize)>,
    /// Bump region for objects that did not fit the hole (larger than a line).
    pub(crate) overflow: (usize, usize),
    /// Young large objects.
    pub(crate) large: Vec<ObjRef>,
    /// Young objects that own memory outside the heap.
    pub(crate) natives: Vec<ObjRef>,
    /// Young weak references and finalizable objects, in order of allocation.
    pub(crate) weak: Vec<ObjRef>,
    pub(crate) finalizable: Vec<ObjRef>,
    /// Lengths of the two at the beginning of the transaction.
    pub(crate) weak_mark: usize,
    pub(crate) finalizable_mark: usize,
    /// Bytes handed out since the last minor collection.
    pub(crate) allocated: usize,
    /// The tracer's stack, kept so that it need not grow again.
    pub(crate) mark_stack: Vec<ObjRef>,
}

/// Where a mutator is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MutatorState {
    New,
    Registered,
    Gone,
}

/// A thread's half of the heap. It must not move once it is registered.
#[repr(C)]
pub struct Mutator {
    /// The transaction. First, so that it is the first thing of the thread.
    pub tx: Transaction,
    pub(crate) bump: Cell<*mut u8>,
    pub(crate) limit: Cell<*mut u8>,
    /// `state_bias + address / 16` is the state byte of an object.
    pub(crate) state_bias: Cell<usize>,
    pub(crate) minor_wanted: Cell<bool>,
    pub(crate) memory_exhausted: Cell<bool>,
    pub(crate) id: u32,
    pub(crate) heap: Arc<Heap>,
    pub(crate) log: RefCell<WriteLog>,
    pub(crate) nursery: RefCell<Nursery>,
    pub(crate) root_sources: RefCell<Vec<RootFn>>,
    pub(crate) root_list: RootList,
    pub(crate) stack_base: Cell<usize>,
    /// While `collect_all_from` runs: where the native stack's part that matters begins.
    pub(crate) scan_from: Cell<usize>,
    pub(crate) state: Cell<MutatorState>,
    _not_send: PhantomData<*mut ()>,
}

impl Mutator {
    /// A mutator for one thread. Put it where it will stay, then call `register`.
    pub fn new(heap: &Arc<Heap>, tx: Transaction) -> Mutator {
        Mutator {
            tx,
            bump: Cell::new(ptr::null_mut()),
            limit: Cell::new(ptr::null_mut()),
            state_bias: Cell::new(heap.space.state_bias()),
            minor_wanted: Cell::new(false),
            memory_exhausted: Cell::new(false),
            id: heap.next_mutator.fetch_add(1, Ordering::Relaxed),
            heap: heap.clone(),
            log: RefCell::default(),
            nursery: RefCell::default(),
            root_sources: RefCell::default(),
            root_list: RootList::new(),
            stack_base: Cell::new(0),
            scan_from: Cell::new(0),
            state: Cell::new(MutatorState::New),
            _not_send: PhantomData,
        }
    }

    /// Makes the collector know this thread, which is inside (`Transaction::enter`). `stack_base` is an address in the thread's native stack above
    /// (older than) every frame that can hold references; 0 means that the native stack holds none.
    ///
    /// # Safety
    /// The mutator stays at its address until `unregister` (which dropping it does), and is used by one thread.
    pub unsafe fn register(&self, stack_base: usize) {
        self.stack_base.set(stack_base);
        if self.state.get() == MutatorState::New {
            self.state.set(MutatorState::Registered);
            self.heap.mutators.lock().push(MutatorPtr(self));
        }
    }

    /// Adds roots of this thread (its value stacks, saved frames, checkpoint).
    ///
    /// # Safety
    /// `roots` can be traced whenever this thread is stopped or collects, until the mutator is dropped.
    pub unsafe fn add_root_source(&self, roots: RootFn) {
        self.root_sources.borrow_mut().push(roots);
    }

    /// The heap this mutator works on.
    #[inline(always)]
    pub fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    /// Allocates a small object (at most `LARGE_LIMIT` bytes): zeroed, header written, young. Never collects,
    /// never fails: when memory is short it asks for a collection at the next commit point, and when the
    /// heap limit is passed it sets `memory_exhausted`.
    #[inline(always)]
    pub fn alloc(&self, kind: Kind, class: u64, size: usize) -> ObjRef {
        debug_assert!((8..=LARGE_LIMIT).contains(&size), "alloc of {size} bytes");
        let size = (size + 15) & !15;
        let start = self.bump.get();
        let end = start.wrapping_add(size);
        if end > self.limit.get() {
            return self.alloc_slow(kind, class, size);
        }
        self.bump.set(end);
        // SAFETY: start..end lies in this thread's allocation region.
        unsafe { self.initialize(start, kind, class, 0) }
    }

    /// Writes the header and the state byte of a new object.
    ///
    /// # Safety
    /// `start` is zeroed memory of this thread, big enough.
    #[inline(always)]
    pub(crate) unsafe fn initialize(&self, start: *mut u8, kind: Kind, class: u64, flags: u64) -> ObjRef {
        // SAFETY: per the contract.
        unsafe {
            start.cast::<u64>().write(class | kind.header_bits() | flags | YOUNG);
            if kind.is_stamped() {
                start.cast::<u64>().add(1).write(self.private_stamp());
            }
            let state = self.state_bias.get().wrapping_add(start as usize >> 4) as *mut u8;
            state.write(START);
            ObjRef(ptr::NonNull::new_unchecked(start))
        }
    }

    /// What the stamp of a young object is set to: held by the running transaction. It has no reader hint,
    /// which costs a division to find, because nobody else sees it: publishing resets the stamp.
    #[inline(always)]
    pub fn private_stamp(&self) -> u64 {
        let tx: *const Transaction = &self.tx;
        // SAFETY: the field that compiled code reads at this offset.
        let owner = unsafe { tx.byte_add(stm_core::offsets::OWNER).cast::<u64>().read() };
        owner << stm_core::stamp::HINT_BITS
    }

    /// Allocates an object of any size; small ones never fail.
    #[inline]
    pub fn alloc_sized(&self, kind: Kind, class: u64, size: usize) -> Result<ObjRef, HeapFull> {
        if size <= LARGE_LIMIT {
            Ok(self.alloc(kind, class, size))
        } else {
            self.alloc_large(kind, class, size)
        }
    }

    /// The read barrier: to be called before the fields of a stamped object are read.
    #[inline(always)]
    pub fn read(&self, obj: ObjRef) -> Result<(), Conflict> {
        if self.may_read(obj) { Ok(()) } else { self.read_cold(obj) }
    }

    /// Whether the read barrier has nothing to do: the running transaction has read the object before, or it is private to
    /// this thread. Private ones get no mark, which would cost more memory traffic than this look at the header.
    #[inline(always)]
    pub fn may_read(&self, obj: ObjRef) -> bool {
        self.tx.is_marked(obj.address()) || object::is_young(obj)
    }

    /// The write barrier: to be called before the fields of a stamped object are written, and before any
    /// store of a value computed from them.
    #[inline(always)]
    pub fn write(&self, obj: ObjRef) -> Result<(), Conflict> {
        if self.tx.owns(obj.stamp()) {
            return Ok(());
        }
        self.write_cold(obj)
    }

    /// The write barrier of a card: `owner`'s write barrier has been passed in this transaction, and `words`
    /// Values from `first` are about to change. When its storage is allocated the card stamp is zero or `private_stamp`; in
    /// the second case the kind zeroes it when the storage becomes old (`Tracer::makes_old`).
    #[inline(always)]
    pub fn write_range(&self, owner: ObjRef, card_stamp: &AtomicU64, first: *mut u64, words: usize) {
        if !self.tx.owns(card_stamp) {
            self.write_range_cold(owner, card_stamp, first, words);
        }
    }

    /// The value of a stamp that this transaction holds.
    #[inline(always)]
    pub fn current_stamp(&self) -> u64 {
        self.tx.birth_stamp()
    }

    /// True when a collection waits for the next commit point.
    #[inline(always)]
    pub fn collection_wanted(&self) -> bool {
        self.minor_wanted.get() || self.heap.full_wanted.load(Ordering::Relaxed)
    }

    /// True once after allocation has passed the heap limit: the interpreter raises MemoryError.
    pub fn take_memory_exhausted(&self) -> bool {
        self.memory_exhausted.replace(false)
    }
}

/// Field offsets for compiled code, relative to the start of the mutator.
///
/// Allocation inline: `start = bump; end = start + size; if end > limit` call `Mutator::alloc`; `bump = end`; header
/// word `class | kind.header_bits() | YOUNG`; if stamped, second word `tx.owner << HINT_BITS`; state byte
/// `*(state_bias + start / 16) = STATE_START`. Memory is zero already.
pub mod offsets {
    use super::Mutator;
    use std::mem::offset_of;

    /// The transaction.
    pub const TX: usize = offset_of!(Mutator, tx);
    /// The bump pointer.
    pub const BUMP: usize = offset_of!(Mutator, bump);
    /// The end of the bump region.
    pub const LIMIT: usize = offset_of!(Mutator, limit);
    /// The bias of the state bytes.
    pub const STATE_BIAS: usize = offset_of!(Mutator, state_bias);
}
