//! The transaction of one OS thread: what barriers and polls look at, and the fast paths.
//!
//! I1. Only the thread it belongs to uses it (`!Sync`); what others need is in its [`ThreadRecord`] and segment.
//! I2. While attached and concurrent, `owner`, `mark`, `marks` agree with the segment's status. In solo and GIL mode
//!     `mark_mask` is 0 and `marks` points to a byte that equals `mark`, so the read check always hits.
//! I3. Compiled code reads the first fields at the offsets in [`offsets`].
//! I4. `pending` is set from the moment a slow path refuses until the abort or commit that answers it; meanwhile every
//!     slow path refuses the same way.

use crate::log::Log;
use crate::marks::{GRANULE_SHIFT, MarkBase, SOLO_MARK};
use crate::runtime::Stm;
use crate::segment::Segment;
use crate::stamp::HINT_BITS;
use crate::sync::{Arc, AtomicU32, AtomicU64, Ordering, Word};
use crate::thread::{Requests, ThreadRecord};
use std::cell::{Cell, UnsafeCell};

/// Why a barrier refused.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conflict {
    /// Undo everything and start the transaction again.
    Abort,
    /// Commit as of the start of this bytecode, call [`Transaction::wait_for_conflict`], begin, execute it again.
    Retry,
}

/// Whom a `Retry` waits for.
#[derive(Clone, Copy)]
pub(crate) enum Blocker {
    None,
    Transaction { segment: usize, sequence: u64 },
    Token,
}

/// A place in the list of threads for one that is about to start. Reserved by the starter, so that it counts at once.
pub struct ThreadTicket {
    pub(crate) stm: Arc<Stm>,
    pub(crate) record: *const ThreadRecord,
}

// SAFETY: the record is shared state; the ticket gives the right to become its thread.
unsafe impl Send for ThreadTicket {}

impl Drop for ThreadTicket {
    fn drop(&mut self) {
        if !self.record.is_null() {
            // SAFETY: records live as long as the runtime; nobody became this thread.
            self.stm.unregister(unsafe { &*self.record });
        }
    }
}

impl Stm {
    /// Registers a thread that is about to start.
    pub fn reserve_thread(self: &Arc<Self>) -> ThreadTicket {
        ThreadTicket { stm: self.clone(), record: self.register() }
    }
}

/// The transactional state of one thread. Barriers take `&self`; it stays on its thread.
#[repr(C)]
pub struct Transaction {
    pub(crate) marks: Cell<MarkBase>,
    pub(crate) mark_mask: Cell<usize>,
    /// Segment and sequence, as in a stamp without its hint.
    pub(crate) owner: Cell<u64>,
    pub(crate) requests: *const AtomicU32,
    pub(crate) mark: Cell<u8>,
    /// See [`Transaction::set_retry_ok`].
    pub(crate) retry_ok: Cell<bool>,
    /// A transaction has begun and not ended.
    pub(crate) live: Cell<bool>,
    /// Solo or GIL mode.
    pub(crate) solo: Cell<bool>,
    pub(crate) atomic_depth: Cell<u32>,
    pub(crate) segment: Cell<usize>,
    pub(crate) sequence: Cell<u64>,
    pub(crate) inevitable: Cell<bool>,
    pub(crate) exclusive: Cell<bool>,
    /// Holds the token, or (not live) is to take it before the next transaction.
    pub(crate) holds_token: Cell<bool>,
    pub(crate) needs_token: Cell<bool>,
    /// Something besides the sequence has to be looked after when the transaction ends.
    pub(crate) rare: Cell<bool>,
    pub(crate) pending: Cell<Option<Conflict>>,
    pub(crate) blocker: Cell<Blocker>,
    /// Retries and aborts since the last ordinary commit.
    pub(crate) retries: Cell<u32>,
    pub(crate) aborts_in_row: Cell<u32>,
    pub(crate) first_abort: Cell<Option<std::time::Instant>>,
    /// Age kept while detached in the middle of a restart.
    pub(crate) age: Cell<u64>,
    pub(crate) last_segment: Cell<usize>,
    pub(crate) attached_at: Cell<Option<std::time::Instant>>,
    pub(crate) deferred: Cell<Requests>,
    pub(crate) turn: Cell<crate::turns::Turn>,
    pub(crate) events: bool,
    /// I1: borrowed only for the length of a call that does not call back, except `for_each_undo`.
    log: UnsafeCell<Log>,
    pub(crate) wake_at_end: UnsafeCell<Vec<crate::lifecycle::Wake>>,
    pub(crate) record: *const ThreadRecord,
    pub(crate) stm: Arc<Stm>,
}

/// Where compiled code finds the fields that the inlined checks need.
///
/// Read check: `*(marks + ((address >> 4) & mark_mask)) == mark`. Write check: `stamp >> 12 == owner`.
/// Poll: `*requests != 0`.
pub mod offsets {
    use super::Transaction;
    use std::mem::offset_of;
    pub const MARKS: usize = offset_of!(Transaction, marks);
    pub const MARK_MASK: usize = offset_of!(Transaction, mark_mask);
    pub const OWNER: usize = offset_of!(Transaction, owner);
    pub const REQUESTS: usize = offset_of!(Transaction, requests);
    pub const MARK: usize = offset_of!(Transaction, mark);
    pub const RETRY_OK: usize = offset_of!(Transaction, retry_ok);
    pub const ATOMIC_DEPTH: usize = offset_of!(Transaction, atomic_depth);
}

impl Transaction {
    /// The transaction of the calling thread, which is outside: set the user pointer, then [`Transaction::enter`],
    /// then [`Transaction::begin`].
    pub fn new(mut ticket: ThreadTicket) -> Transaction {
        let stm = ticket.stm.clone();
        let record = std::mem::replace(&mut ticket.record, std::ptr::null());
        // SAFETY: records live as long as the runtime, which `stm` keeps.
        let requests: *const AtomicU32 = unsafe { &(*record).requests };
        let marks = stm.solo_mark.base();
        Transaction {
            marks: Cell::new(marks),
            mark_mask: Cell::new(0),
            owner: Cell::new(u64::MAX),
            requests,
            mark: Cell::new(SOLO_MARK),
            retry_ok: Cell::new(false),
            live: Cell::new(false),
            solo: Cell::new(true),
            atomic_depth: Cell::new(0),
            segment: Cell::new(0),
            sequence: Cell::new(0),
            inevitable: Cell::new(false),
            exclusive: Cell::new(false),
            holds_token: Cell::new(false),
            needs_token: Cell::new(false),
            rare: Cell::new(false),
            pending: Cell::new(None),
            blocker: Cell::new(Blocker::None),
            retries: Cell::new(0),
            aborts_in_row: Cell::new(0),
            first_abort: Cell::new(None),
            age: Cell::new(0),
            last_segment: Cell::new(0),
            attached_at: Cell::new(None),
            deferred: Cell::new(Requests(0)),
            turn: Cell::default(),
            events: stm.config.sink.is_some(),
            log: UnsafeCell::new(Log::default()),
            wake_at_end: UnsafeCell::new(Vec::new()),
            record,
            stm,
        }
    }

    /// Registers and makes the transaction of the calling thread in one step.
    pub fn register(stm: &Arc<Stm>) -> Transaction {
        Transaction::new(stm.reserve_thread())
    }

    /// The runtime.
    pub fn stm(&self) -> &Arc<Stm> {
        &self.stm
    }

    /// This thread's record.
    #[inline(always)]
    pub fn record(&self) -> &ThreadRecord {
        // SAFETY: records live as long as the runtime, which `self.stm` keeps.
        unsafe { &*self.record }
    }

    /// Sets the pointer by which [`ThreadRecord::user`] leads from a record to the runtime's own thread state. It must
    /// stay valid until this transaction is dropped.
    pub fn set_user(&self, user: *mut ()) {
        self.record().set_user(user);
    }

    // ---- fast paths

    /// Whether the running transaction has read or written the granule of `address`: nothing else may write it, so it may
    /// be read. Else call [`Transaction::read_slow`]. `address` is in the heap.
    #[inline(always)]
    pub fn is_marked(&self, address: usize) -> bool {
        // SAFETY: I2: either a table covering the heap, or a masked index into the solo byte.
        let byte = unsafe { self.marks.get().byte((address >> GRANULE_SHIFT) & self.mark_mask.get()) };
        byte.load(Ordering::Relaxed) == self.mark.get()
    }

    /// Whether the running transaction holds this stamp: the object is locked and logged. Else
    /// [`Transaction::write_slow`].
    #[inline(always)]
    pub fn owns(&self, stamp: &AtomicU64) -> bool {
        stamp.load(Ordering::Relaxed) >> HINT_BITS == self.owner.get()
    }

    /// The stamp of objects born in the running transaction: held by it, read by nobody else.
    #[inline(always)]
    pub fn birth_stamp(&self) -> u64 {
        self.owner.get() << HINT_BITS | crate::stamp::hint_of(self.segment.get().max(1))
    }

    /// Read barrier for an object whose stamp is its second word.
    ///
    /// # Safety
    /// `object` is the address of a live mutable object in the heap.
    #[cfg(not(loom))]
    #[inline(always)]
    pub unsafe fn read(&self, object: usize) -> Result<(), Conflict> {
        if self.is_marked(object) {
            return Ok(());
        }
        // SAFETY: the caller's contract: the stamp is the second word.
        self.read_slow(object, unsafe { &*std::ptr::with_exposed_provenance::<AtomicU64>(object + 8) })
    }

    /// Whether solo or GIL mode: no marks, no undo.
    #[inline(always)]
    pub fn is_solo(&self) -> bool {
        self.solo.get()
    }

    /// Whether a poll has something to do: one relaxed load.
    #[inline(always)]
    pub fn poll_needed(&self) -> bool {
        // SAFETY: part of the record, which lives as long as the runtime.
        unsafe { (*self.requests).load(Ordering::Relaxed) != 0 }
    }

    // ---- state

    /// Whether a transaction has begun and not ended.
    pub fn is_live(&self) -> bool {
        self.live.get()
    }

    /// Whether the running transaction cannot abort.
    pub fn is_inevitable(&self) -> bool {
        self.inevitable.get()
    }

    /// Whether the running transaction keeps all others from running.
    pub fn is_exclusive(&self) -> bool {
        self.exclusive.get()
    }

    /// Whether a slow path has refused and the answer is still due.
    pub fn pending(&self) -> Option<Conflict> {
        self.pending.get()
    }

    /// How many times the transaction has been restarted since its last commit.
    pub fn restarts(&self) -> u32 {
        self.aborts_in_row.get()
    }

    /// Depth of atomic blocks.
    #[inline(always)]
    pub fn atomic_depth(&self) -> u32 {
        self.atomic_depth.get()
    }

    /// Sets the depth of atomic blocks: entering, leaving, or restoring it absolutely from a checkpoint.
    #[inline]
    pub fn set_atomic_depth(&self, depth: u32) {
        let before = self.atomic_depth.replace(depth);
        if (before == 0) != (depth == 0) {
            self.atomic_changed(depth != 0);
        }
    }

    /// Enters an atomic block.
    #[inline]
    pub fn enter_atomic(&self) {
        self.set_atomic_depth(self.atomic_depth.get() + 1);
    }

    /// Leaves an atomic block.
    #[inline]
    pub fn leave_atomic(&self) {
        self.set_atomic_depth(self.atomic_depth.get().saturating_sub(1));
    }

    fn atomic_changed(&self, atomic: bool) {
        if self.segment.get() != 0 {
            let segment = self.segment();
            // Relaxed: others use it only to choose between asking and wounding.
            segment.atomic.store(atomic as u8, Ordering::Relaxed);
            if !atomic && segment.status.load(Ordering::Relaxed) & crate::segment::SOON != 0 {
                self.record().request(Requests::POLL);
            }
        }
        if !atomic {
            self.raise_deferred();
        }
    }

    /// Declares whether the bytecode that runs may be committed and executed again from its start: it has written
    /// nothing and called no Python yet. Set at its start, cleared before its first store or call.
    #[inline(always)]
    pub fn set_retry_ok(&self, ok: bool) {
        self.retry_ok.set(ok);
    }

    /// See [`Transaction::set_retry_ok`].
    #[inline(always)]
    pub fn retry_ok(&self) -> bool {
        self.retry_ok.get()
    }

    // ---- logs

    /// Saves `words` words at `address` for abort. Does nothing in solo and GIL mode, nor once the transaction is
    /// inevitable: so a transaction too long to be undone can become that, and its log stays bounded (PITFALLS 26).
    ///
    /// # Safety
    /// The running transaction owns the granule's stamp, and the words are readable.
    #[inline]
    pub unsafe fn log_undo(&self, address: *const Word, words: usize) {
        if !self.solo.get() && !self.inevitable.get() {
            // SAFETY: the caller's contract; I1.
            unsafe { (*self.log.get()).save(address, words) };
        }
    }

    /// Notes that `object` (or card) is written in this transaction: the collector's remembered set.
    #[inline]
    pub fn log_touched(&self, object: usize) {
        // SAFETY: I1.
        unsafe { (*self.log.get()).touched(object) };
    }

    /// Calls `f(address, old contents)` for each undo record, newest first. For the owner, or with the owner stopped.
    pub fn for_each_undo(&self, f: impl FnMut(*const Word, &[u64])) {
        self.log_ref().for_each_undo(f);
    }

    /// Calls `f` for each object or card in the write log, in order; an address may occur more than once.
    pub fn for_each_written(&self, mut f: impl FnMut(usize)) {
        self.log_ref().written().iter().for_each(|&object| f(object));
    }

    /// Length of the write log, to tell whether a bytecode has written.
    pub fn written_len(&self) -> usize {
        self.log_ref().written().len()
    }

    /// Words in the undo log.
    pub fn undo_len(&self) -> usize {
        self.log_ref().undo_len()
    }

    /// The part of the write log from `from` on (see [`Transaction::written_len`]).
    pub fn for_each_written_since(&self, from: usize, mut f: impl FnMut(usize)) {
        self.log_ref().written()[from..].iter().for_each(|&object| f(object));
    }

    /// Drops repetitions from the write log: an object that a minor collection has made old is logged once more when it
    /// is next written. Not in the middle of a walk over the log.
    pub fn compact_written(&self) {
        self.log_mut(Log::compact);
    }

    /// Drops from the write log what `keep` does not want: objects that have died in an inevitable transaction, which
    /// nothing writes back to. For the collector, with the owner stopped.
    pub fn retain_written(&self, mut keep: impl FnMut(usize) -> bool) {
        debug_assert!(self.inevitable.get(), "an abort may write to what the log holds");
        self.log_mut(|log| log.retain_written(|&object| keep(object)));
    }

    /// Drops the write log (solo and GIL mode, after a minor collection, together with [`Transaction::renew`]).
    pub fn forget_written(&self) {
        debug_assert!(self.solo.get(), "the write log belongs to the transaction");
        self.log_mut(|log| log.clear());
    }

    pub(crate) fn log_ref(&self) -> &Log {
        // SAFETY: I1, or the owner is stopped.
        unsafe { &*self.log.get() }
    }

    pub(crate) fn log_mut<R>(&self, f: impl FnOnce(&mut Log) -> R) -> R {
        // SAFETY: I1: no caller's closure comes back here.
        f(unsafe { &mut *self.log.get() })
    }

    // ---- inside the crate

    /// The attached segment.
    #[inline(always)]
    pub(crate) fn segment(&self) -> &Segment {
        &self.stm.segments[self.segment.get()]
    }

    /// Remembers and returns a refusal (I4).
    #[cold]
    pub(crate) fn refuse(&self, conflict: Conflict) -> Conflict {
        self.pending.set(Some(conflict));
        conflict
    }

    /// Reports an event if anybody listens.
    #[inline(always)]
    pub(crate) fn report(
        &self,
        kind: crate::events::EventKind,
        other: Option<&ThreadRecord>,
        address: usize,
    ) {
        if self.events {
            self.stm.report(&crate::events::Event { kind, thread: self.record(), other, address });
        }
    }
}

impl Drop for Transaction {
    /// The thread ends. A live transaction is committed by its owner before; if it is not, it is undone here.
    fn drop(&mut self) {
        if self.record().state.load(Ordering::Relaxed) != crate::thread::RUNNING {
            self.enter();
        }
        if self.live.get() {
            self.rollback();
        }
        self.needs_token.set(false);
        self.let_go_of_segment();
        self.stm.unregister(self.record());
    }
}
