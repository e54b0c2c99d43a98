//! Who runs: segments are given to threads first come, first served; the others sleep.
//!
//! Eight runnable threads on two cores collapsed by 55x in measurements when all were admitted, so there are as many
//! segments as cores, and a thread in excess waits without burning time. A running one hands its segment over between two
//! transactions when its time slice is used up and somebody waits.
//!
//! I1. Nobody waits for a segment with a live transaction.
//! I2. Marks, dirty list and sequence stay with the segment; age, undo and checkpoint with the thread. The age word is
//!     loaded at attach and zeroed at detach.
//! I3. A thread prefers the segment it used last, whose table its cache may still hold.

use crate::events::EventKind;
use crate::fault::{self, on};
use crate::marks::SOLO_MARK;
use crate::runtime::{GIL, SOLO, Stm};
use crate::segment::{SEQUENCE_SHIFT, mark_number};
use crate::stamp;
use crate::sync::{AtomicUsize, Mutex, MutexGuard, Ordering, lock};
use crate::thread::{Requests, ThreadRecord};
use crate::transaction::Transaction;
use std::collections::VecDeque;

pub(crate) struct Admission {
    inner: Mutex<Queue>,
    /// Length of the queue, for a look without the lock.
    waiting: AtomicUsize,
    /// Record id of the thread that runs solo; 0 before the first.
    pub(crate) solo_owner: AtomicUsize,
}

pub(crate) struct Queue {
    /// Given back, the most recent last.
    free: Vec<usize>,
    /// Never used yet: this one and all above, up to `segments`.
    fresh: usize,
    segments: usize,
    queue: VecDeque<*const ThreadRecord>,
}

// SAFETY: records live as long as the runtime.
unsafe impl Send for Queue {}

impl Queue {
    /// In a forked child, or at shutdown: only `mine` is in use.
    pub(crate) fn reset(&mut self, mine: usize) {
        self.queue.clear();
        self.free = (1..self.fresh).filter(|&s| s != mine).collect();
    }
}

impl Admission {
    pub(crate) fn new(segments: usize) -> Self {
        Admission {
            inner: Mutex::new(Queue { free: Vec::new(), fresh: 1, segments, queue: VecDeque::new() }),
            waiting: AtomicUsize::new(0),
            solo_owner: AtomicUsize::new(0),
        }
    }

    /// Takes a segment, or queues.
    fn take(&self, thread: &ThreadRecord, last: usize) -> Option<usize> {
        let mut inner = lock(&self.inner);
        if let Some(place) = inner.free.iter().position(|&s| s == last) {
            return Some(inner.free.swap_remove(place));
        }
        if let Some(segment) = inner.free.pop() {
            return Some(segment);
        }
        if inner.fresh <= inner.segments {
            inner.fresh += 1;
            return Some(inner.fresh - 1);
        }
        inner.queue.push_back(thread);
        self.waiting.store(inner.queue.len(), Ordering::Relaxed);
        None
    }

    /// Hands a segment to the first in the queue, or keeps it.
    fn give(&self, segment: usize) {
        let mut inner = lock(&self.inner);
        match inner.queue.pop_front() {
            Some(next) => {
                self.waiting.store(inner.queue.len(), Ordering::Relaxed);
                // SAFETY: records live as long as the runtime.
                let next = unsafe { &*next };
                next.granted.swap(segment, Ordering::AcqRel);
                next.parker.unpark();
            }
            None => inner.free.push(segment),
        }
    }

    pub(crate) fn lock_queue(&self) -> MutexGuard<'_, Queue> {
        lock(&self.inner)
    }

    pub(crate) fn forget_waiting(&self) {
        self.waiting.store(0, Ordering::Relaxed);
    }
}

impl Stm {
    /// How many threads wait for a segment.
    pub fn waiting_for_segment(&self) -> usize {
        self.admission.waiting.load(Ordering::Relaxed)
    }
}

impl Transaction {
    /// Takes a segment, waiting for one if need be; `begin` does it by itself. Nothing if there is one already.
    pub fn attach(&self) {
        debug_assert!(!self.live.get(), "waiting for a segment with a live transaction");
        while self.segment.get() == 0 {
            match self.stm.mode.load(Ordering::Acquire) {
                GIL => {
                    self.stm.used.fetch_max(2, Ordering::SeqCst);
                    self.install_solo(1);
                }
                SOLO => {
                    if self.is_solo_owner() {
                        let mut inner = self.stm.admission.lock_queue();
                        inner.fresh = inner.fresh.max(2);
                        inner.free.retain(|&s| s != 1);
                        drop(inner);
                        self.stm.used.fetch_max(2, Ordering::SeqCst);
                        self.install_solo(1);
                    } else {
                        self.wait_for_end_of_solo();
                    }
                }
                _ => {
                    let segment = self.wait_for_segment();
                    if self.stm.segments[segment].table.reserve().is_ok() {
                        self.install(segment);
                    }
                    // Else no address space for its table: it stays out of circulation, we queue for another.
                }
            }
        }
    }

    fn wait_for_segment(&self) -> usize {
        let record = self.record();
        if let Some(segment) = self.stm.admission.take(record, self.last_segment.get()) {
            return segment;
        }
        record.counters.segment_waits.bump();
        self.report(EventKind::SegmentWaitStart, None, 0);
        let segment = loop {
            let granted = record.granted.swap(0, Ordering::Acquire);
            if granted != 0 {
                break granted;
            }
            self.blocked(|| record.parker.park(None));
        };
        self.report(EventKind::SegmentWaitDone, None, 0);
        segment
    }

    /// Makes the segment this thread's (I2).
    pub(crate) fn install(&self, index: usize) {
        let segment = &self.stm.segments[index];
        if on(fault::SEQUENCE_RESET) {
            segment.status.swap(1 << SEQUENCE_SHIFT | crate::segment::IDLE, Ordering::SeqCst);
        }
        // Before the first transaction here: whoever sees its status finds the right thread to tell.
        segment.record.store(self.record.cast_mut(), Ordering::Release);
        if self.age.get() != 0 {
            crate::sync::put(&segment.age, self.age.get(), Ordering::Relaxed);
        }
        segment.atomic.store((self.atomic_depth.get() > 0) as u8, Ordering::Relaxed);
        self.stm.used.fetch_max(index + 1, Ordering::SeqCst);
        self.record().segment.store(index, Ordering::Relaxed);
        self.segment.set(index);
        self.last_segment.set(index);
        self.solo.set(false);
        self.marks.set(segment.table.base());
        self.mark_mask.set(usize::MAX);
        self.take_sequence();
        if !cfg!(loom) {
            self.attached_at.set(Some(std::time::Instant::now()));
        }
    }

    fn install_solo(&self, index: usize) {
        let segment = &self.stm.segments[index];
        segment.record.store(self.record.cast_mut(), Ordering::Release);
        self.record().segment.store(index, Ordering::Relaxed);
        self.segment.set(index);
        self.last_segment.set(index);
        self.become_solo();
    }

    /// Sets the fields that make every check hit.
    pub(crate) fn become_solo(&self) {
        self.solo.set(true);
        self.marks.set(self.stm.solo_mark.base());
        self.mark_mask.set(0);
        self.take_sequence();
        self.mark.set(SOLO_MARK);
    }

    /// Adopts the segment's current sequence.
    pub(crate) fn take_sequence(&self) {
        let sequence = self.segment().status.load(Ordering::Acquire) >> SEQUENCE_SHIFT;
        self.sequence.set(sequence);
        self.owner.set(stamp::owner(self.segment.get(), sequence));
        if !self.solo.get() {
            self.mark.set(mark_number(sequence));
        }
    }

    /// Gives the segment back, without a live transaction. Solo and GIL threads keep theirs.
    pub fn detach(&self) {
        debug_assert!(!self.live.get(), "giving a segment back with a live transaction");
        if self.segment.get() == 0 || self.solo.get() {
            return;
        }
        let segment = self.segment();
        if self.aborts_in_row.get() > 0 {
            self.age.set(segment.age.load(Ordering::Relaxed));
        }
        crate::sync::put(&segment.age, 0, Ordering::Relaxed);
        if on(fault::DIRTY_LIST_LOST) {
            segment.table.lose_dirty_list();
        }
        let index = self.segment.replace(0);
        self.owner.set(u64::MAX);
        self.record().segment.store(0, Ordering::Relaxed);
        self.stm.admission.give(index);
    }

    /// Whether somebody waits for a segment and this thread has had its time slice.
    #[inline]
    pub fn wants_handover(&self) -> bool {
        self.stm.admission.waiting.load(Ordering::Relaxed) > 0 && self.slice_used_up()
    }

    #[cold]
    fn slice_used_up(&self) -> bool {
        !self.solo.get() && self.attached_at.get().is_none_or(|at| at.elapsed() >= self.stm.config.slice)
    }

    /// Gets a segment before a begin: the first one, or another thread's turn and then one again.
    #[cold]
    #[inline(never)]
    pub(crate) fn hand_over(&self) {
        if self.segment.get() == 0 {
            self.attach();
        } else if self.stm.is_gil() {
            // Another thread may have moved on the shared sequence while it held the global lock.
            self.take_sequence();
        } else {
            self.detach();
            self.attach();
        }
    }

    /// The thread ends: its segment goes to somebody else.
    pub(crate) fn let_go_of_segment(&self) {
        if self.solo.get() {
            let index = self.segment.replace(0);
            if index != 0 && !self.stm.is_gil() {
                self.stm.admission.give(index);
            }
            self.give_up_solo();
        } else {
            self.age.set(0);
            self.detach();
        }
    }

    /// Makes a solo thread come out, then sleeps until it has.
    fn wait_for_end_of_solo(&self) {
        let owner = self.stm.admission.solo_owner.load(Ordering::Acquire);
        self.stm.with_threads(|list| {
            list.iter().filter(|t| t.id == owner).for_each(|t| t.request_poll(Requests::LEAVE_SOLO));
        });
        let mode = &self.stm.mode;
        self.blocked(|| {
            let still = || {
                mode.load(Ordering::Acquire) == SOLO
                    && self.stm.admission.solo_owner.load(Ordering::Acquire) != 0
            };
            self.stm.lot.park(self.record(), mode as *const _ as usize, still, None);
        });
    }
}
