//! Solo mode: until a second thread starts there is nobody to conflict with, so no marks and no undo. The write barrier
//! stays, as the generational one. GIL mode is the same for good, with any number of threads.
//!
//! I1. Leaving solo happens between two transactions: reads were unmarked and writes are not undoable, so the second
//!     thread may begin only after the first has committed (and, above this crate, run a minor collection and dropped
//!     compiled code that has no barriers).
//! I2. The mode changes to concurrent under nobody's lock but is changed by the solo thread alone; back to solo under the
//!     lock of the thread list, with one thread registered.

use crate::events::EventKind;
use crate::runtime::{CONCURRENT, SOLO};
use crate::segment::{IDLE, SEQUENCE_SHIFT};
use crate::sync::Ordering;
use crate::transaction::Transaction;

impl Transaction {
    /// Whether this thread is, or can now become, the one that runs solo.
    pub(crate) fn is_solo_owner(&self) -> bool {
        let owner = &self.stm.admission.solo_owner;
        let me = self.record().id;
        match owner.compare_exchange(0, me, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(other) => other == me,
        }
    }

    /// Ends solo mode. Between two transactions of the solo thread (I1), before a second thread starts, or asked by
    /// `Requests::LEAVE_SOLO`. Nothing in other modes. Fails if there is no address space for a mark table.
    pub fn leave_solo(&self) -> std::io::Result<()> {
        debug_assert!(!self.live.get(), "leaving solo mode with a live transaction");
        if !self.stm.is_solo() || self.stm.is_gil() {
            return Ok(());
        }
        self.attach();
        self.segment().table.reserve()?;
        self.log_mut(|log| log.clear());
        self.install(self.segment.get());
        // What solo transactions wrote is released to all by this bump and the store of the mode.
        self.bump(IDLE);
        self.stm.mode.store(CONCURRENT, Ordering::Release);
        self.stm.unpark_all(&self.stm.mode as *const _ as usize);
        self.report(EventKind::LeftSolo, None, 0);
        Ok(())
    }

    /// Whether [`Transaction::try_enter_solo`] would succeed now.
    pub fn could_enter_solo(&self) -> bool {
        !self.solo.get() && self.stm.config.mode == crate::config::Mode::Stm && self.stm.threads() == 1
    }

    /// Goes back to solo mode if no other thread is registered. Between two transactions; false if refused.
    pub fn try_enter_solo(&self) -> bool {
        debug_assert!(!self.live.get(), "entering solo mode with a live transaction");
        if self.solo.get() || self.stm.config.mode != crate::config::Mode::Stm {
            return false;
        }
        self.attach();
        let alone = self.stm.with_threads(|list| {
            let alone = list.len() == 1 && self.stm.waiting_for_segment() == 0;
            if alone {
                self.stm.admission.solo_owner.store(self.record().id, Ordering::Release);
                self.stm.mode.store(SOLO, Ordering::Release);
            }
            alone
        });
        if alone {
            self.become_solo();
        }
        alone
    }

    /// The thread that ran solo ends, or starts over: somebody else may be it.
    pub(crate) fn give_up_solo(&self) {
        let owner = &self.stm.admission.solo_owner;
        if owner.compare_exchange(self.record().id, 0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
            && self.stm.is_solo()
        {
            self.stm.unpark_all(&self.stm.mode as *const _ as usize);
        }
    }

    /// In solo and GIL mode, between two transactions: makes all stamps set so far foreign, so that the next write to
    /// each object takes the slow path and logs it again. The collector calls it after a minor collection, with
    /// [`Transaction::forget_written`] for every thread (in GIL mode the others adopt the new sequence at their next
    /// begin).
    pub fn renew(&self) {
        if !self.solo.get() || self.segment.get() == 0 {
            return;
        }
        self.log_mut(|log| log.clear());
        let mut sequence = self.sequence.get() + 1;
        if crate::segment::mark_number(sequence) == 0 {
            sequence += 1;
        }
        crate::sync::put(&self.segment().status, sequence << SEQUENCE_SHIFT | IDLE, Ordering::Release);
        self.take_sequence();
    }
}
