//! The end of the process: one thread goes on, all others stay where they are.
//!
//! Daemon threads may be anywhere: in a transaction, waiting, or outside in a read that never returns, perhaps with an
//! inevitable transaction. Waiting for the last kind could take for ever, and tearing down what parked threads use would
//! crash them. So:
//! 1. the gate is closed, and every live transaction is brought to its end, except inevitable ones whose thread is outside;
//! 2. the world is stopped and never resumed: whoever comes back from outside sleeps there;
//! 3. the transactions left over are cut off, so that nobody waits for what they hold. What they wrote stays written: an
//!    inevitable transaction cannot be undone.
//!
//! Afterwards the caller may run transactions as before, alone, and leaves by `_exit`.

use crate::segment::{IDLE, INEVITABLE, SEQUENCE_SHIFT, SOON, WAITING, WOUND, mark_number};
use crate::sync::{Ordering, fence};
use crate::thread::{OUTSIDE, Requests};
use crate::transaction::Transaction;
use std::time::{Duration, Instant};

impl Transaction {
    /// Stops all other threads for good. Without a live transaction. `patience` bounds the wait for threads that run but
    /// do not poll (a long native): after it they are left running, their transactions cut off at their next poll.
    ///
    /// Returns whether all others have stopped.
    pub fn shut_down(&self, patience: Duration) -> bool {
        debug_assert!(!self.live.get(), "shutting down with a live transaction");
        let end = Instant::now() + patience;
        self.attach();
        self.close_gate_for_good(end);
        if !self.solo.get() {
            let used = self.stm.used.load(Ordering::SeqCst);
            for other in (1..used).filter(|&s| s != self.segment.get()) {
                self.bring_to_end_unless_outside(other, end);
            }
        }
        let stopped = self.stop_for_good(end);
        if stopped {
            self.cut_off_transactions();
        }
        stopped
    }

    /// Takes the gate, once an exclusive transaction in progress has opened it.
    fn close_gate_for_good(&self, end: Instant) {
        let gate = &self.stm.gate;
        let me = self.record().id;
        while gate.compare_exchange(0, me, Ordering::SeqCst, Ordering::Relaxed).is_err() {
            self.stop_if_asked();
            if Instant::now() > end {
                gate.swap(me, Ordering::SeqCst);
                break;
            }
            self.blocked(|| self.record().parker.park(Some(Duration::from_millis(1))));
        }
        fence(Ordering::SeqCst);
    }

    fn bring_to_end_unless_outside(&self, other: usize, end: Instant) {
        let segment = &self.stm.segments[other];
        loop {
            let seen = segment.status.load(Ordering::SeqCst);
            let outside = segment.thread().is_some_and(|t| t.state.load(Ordering::Acquire) == OUTSIDE);
            let out_of_reach = outside && seen & INEVITABLE != 0 && seen & WAITING == 0;
            if seen & IDLE != 0 || out_of_reach || Instant::now() > end {
                return;
            }
            let atomic = segment.atomic.load(Ordering::Relaxed) != 0;
            let flag = if (atomic || seen & WAITING != 0) && seen & INEVITABLE == 0 { WOUND } else { SOON };
            if seen & flag == 0 {
                self.ask(other, seen, flag);
            }
            self.stop_if_asked();
            self.blocked(|| self.record().parker.park(Some(Duration::from_micros(200))));
        }
    }

    /// Sets the stop flag, which nobody clears, and waits until nobody else runs.
    fn stop_for_good(&self, end: Instant) -> bool {
        let record = self.record();
        let world = &self.stm.world;
        loop {
            if world.claim_stop(record) {
                break;
            }
            self.stop_point();
        }
        loop {
            self.stm.with_threads(|list| {
                list.iter()
                    .filter(|t| !std::ptr::eq(**t, record))
                    .for_each(|t| t.request_poll(Requests::STOP));
            });
            if !self.stm.anybody_running(record) {
                return true;
            }
            if Instant::now() > end {
                return false;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Ends the transactions of threads that are stopped for good, and takes over the token.
    fn cut_off_transactions(&self) {
        let used = self.stm.used.load(Ordering::SeqCst);
        for (index, segment) in self.stm.segments.iter().enumerate().take(used).skip(1) {
            let seen = segment.status.load(Ordering::Acquire);
            if index == self.segment.get() || seen & IDLE != 0 {
                continue;
            }
            let mut sequence = (seen >> SEQUENCE_SHIFT) + 1;
            if mark_number(sequence) == 0 {
                // Its thread never runs again, so the stale marks of the next lap do no harm.
                sequence += 1;
            }
            segment.status.swap(sequence << SEQUENCE_SHIFT | IDLE, Ordering::AcqRel);
        }
        self.stm.token.take_over();
        // Nobody waits for a segment any more, or our next begin would hand ours to a thread that never runs.
        self.stm.admission.lock_queue().reset(self.segment.get());
        self.stm.admission.forget_waiting();
    }
}
