//! Segments: what a transaction needs in order to run, one per thread that runs at the same time.
//!
//! `status = sequence << 8 | flags`. The sequence names the transaction; ending it is one swap of this word.
//!
//! I1. Only the thread that has the segment attached changes the sequence, always by a swap, so that a PARKED set by
//!     somebody else in between is seen and answered with a wake-up.
//! I2. Others set WOUND and SOON by compare-and-swap on the whole word: a flag names one transaction and no later one.
//! I3. IDLE is set exactly while no transaction is live in the segment. Sequences whose mark number is 0 are never live.
//! I4. `age` is 0 until the first conflict; anybody may assign it. A late assignment that hits the next transaction makes
//!     it a little older than it is, which harms nothing.
//!
//! What belongs to the segment: status, marks and their dirty list. To the thread: age across restarts, undo, checkpoint.

use crate::marks::{MARK_MASK, MarkTable};
use crate::sync::{AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use crate::thread::ThreadRecord;

/// The transaction must abort.
pub const WOUND: u64 = 1;
/// Somebody waits: end the transaction at the next boundary.
pub const SOON: u64 = 2;
/// The transaction holds the token and may not be wounded.
pub const INEVITABLE: u64 = 4;
/// The thread is in a wait loop (or, idle, about to take what it waited for).
pub const WAITING: u64 = 8;
/// Somebody sleeps on this word.
pub const PARKED: u64 = 16;
/// No live transaction.
pub const IDLE: u64 = 32;
/// Where the sequence starts.
pub(crate) const SEQUENCE_SHIFT: u32 = 8;

/// The mark number of a sequence.
#[inline(always)]
pub(crate) fn mark_number(sequence: u64) -> u8 {
    (sequence & MARK_MASK) as u8
}

#[repr(align(128))]
pub(crate) struct Segment {
    pub(crate) status: AtomicU64,
    /// 0: not assigned (I4).
    pub(crate) age: AtomicU64,
    /// The thread attached last. Records live as long as the runtime.
    pub(crate) record: AtomicPtr<ThreadRecord>,
    /// Segment that last asked this one to come soon, for the polite hand-over.
    pub(crate) asker: AtomicUsize,
    /// Nonzero while the transaction is inside an atomic block.
    pub(crate) atomic: AtomicU8,
    pub(crate) table: MarkTable,
}

impl Segment {
    pub(crate) fn new(heap_base: usize, heap_len: usize) -> Self {
        Segment {
            status: AtomicU64::new(1 << SEQUENCE_SHIFT | IDLE),
            age: AtomicU64::new(0),
            record: AtomicPtr::new(std::ptr::null_mut()),
            asker: AtomicUsize::new(0),
            atomic: AtomicU8::new(0),
            table: MarkTable::new(heap_base, heap_len),
        }
    }

    /// The record of the thread that runs, or last ran, this segment.
    pub(crate) fn thread(&self) -> Option<&ThreadRecord> {
        // SAFETY: null or a record, which lives as long as the runtime that owns this segment.
        unsafe { self.record.load(Ordering::Acquire).as_ref() }
    }

    /// Sets `flag` for exactly the transaction that `seen` names (I2), and makes its thread look.
    pub(crate) fn ask(&self, seen: u64, flag: u64) -> bool {
        let done = if crate::fault::on(crate::fault::WOUND_ANY_SEQUENCE) {
            self.status.fetch_or(flag, Ordering::AcqRel);
            true
        } else {
            self.status.compare_exchange(seen, seen | flag, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        };
        if done && let Some(thread) = self.thread() {
            thread.request(crate::thread::Requests::POLL);
            // A waiting thread set WAITING before it looked at WOUND: either it sees the flag, or we see WAITING here.
            if flag == WOUND && seen & WAITING != 0 {
                thread.parker.unpark();
            }
        }
        done
    }
}
