//! Exclusive mode: changing what others read without barriers.
//!
//! It is the inevitable token plus a closed gate: every live transaction is brought to its end, and none begins until the
//! exclusive one has committed. Simply waiting for the others to pass a safepoint would give no isolation: of two such
//! changes in one transaction another thread could see the first alone.
//!
//! I1. The gate is closed only by the holder of the token, and opened when its transaction commits.
//! I2. A transaction in atomic, or waiting, is wounded; others are asked to come soon. An idle segment stays idle, because
//!     begin tests the gate (lifecycle.rs I1).

use crate::events::EventKind;
use crate::fault::{self, on};
use crate::segment::{IDLE, SOON, WAITING, WOUND};
use crate::sync::{Ordering, fence, spin};
use crate::transaction::{Conflict, Transaction};

impl Transaction {
    /// Makes the running transaction the only one, until it commits.
    pub fn enter_exclusive(&self) -> Result<(), Conflict> {
        if self.exclusive.get() {
            return Ok(());
        }
        self.become_inevitable()?;
        self.exclusive.set(true);
        if self.solo.get() {
            return Ok(());
        }
        self.record().counters.exclusives.bump();
        self.report(EventKind::Exclusive, None, 0);
        // Pairs with the swap and fence of begin. After a shutdown the gate is ours already, and stays so.
        self.stm.gate.swap(self.record().id, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        let used = self.stm.used.load(Ordering::SeqCst);
        for other in (1..used).filter(|&s| s != self.segment.get()) {
            self.bring_to_end(other);
        }
        Ok(())
    }

    /// Waits until no transaction is live in a segment.
    fn bring_to_end(&self, other: usize) {
        let segment = &self.stm.segments[other];
        let mut rounds = 0;
        loop {
            // Acquire: what the transaction wrote is visible to us.
            let seen = segment.status.load(Ordering::SeqCst);
            if seen & IDLE != 0 {
                return;
            }
            let atomic = segment.atomic.load(Ordering::Relaxed) != 0;
            let flag = if atomic || seen & WAITING != 0 { WOUND } else { SOON };
            if seen & flag == 0 {
                self.ask(other, seen, flag);
            }
            self.stop_if_asked();
            rounds += 1;
            self.pause(other, seen >> crate::segment::SEQUENCE_SHIFT, &mut rounds, false);
        }
    }

    /// Whether somebody else keeps transactions from beginning.
    #[inline(always)]
    pub(crate) fn gate_closed(&self) -> bool {
        let gate = self.stm.gate.load(Ordering::SeqCst);
        gate != 0 && gate != self.record().id && !on(fault::NO_GATE_TEST)
    }

    /// Sleeps, holding nothing, while the gate is closed.
    pub(crate) fn wait_for_gate(&self) {
        let gate = &self.stm.gate;
        while self.gate_closed() {
            self.stop_if_asked();
            if cfg!(loom) {
                spin();
                continue;
            }
            self.blocked(|| {
                self.stm.lot.park(self.record(), gate as *const _ as usize, || self.gate_closed(), None)
            });
        }
    }

    /// Opens the gate after the end of an exclusive transaction.
    pub(crate) fn end_exclusive(&self) {
        if self.exclusive.replace(false) {
            if self.stm.world.is_stopped_by(self.record()) {
                return;
            }
            // Fails if a thread that shuts down has taken the gate over.
            let _ = self.stm.gate.compare_exchange(self.record().id, 0, Ordering::SeqCst, Ordering::Relaxed);
            self.stm.lot.unpark_all(&self.stm.gate as *const _ as usize);
        }
    }
}
