//! Sleeping on an address until somebody wakes it: what locks wait with.

use crate::outside::Pending;
use crate::raised::{PyResult, Unwind};
use crate::thread::Thread;
use std::time::Instant;
use stm_core::Woken;

/// How often a thread looks before it sleeps: a few microseconds, the time that a short critical section takes.
const LOOKS: u32 = 32;

/// A sleep that the eval loop is to do between two transactions.
pub struct Sleep {
    pub(crate) address: usize,
    pub(crate) validate: Box<dyn Fn() -> bool>,
    pub(crate) until: Option<Instant>,
}

impl Thread {
    /// Commits and sleeps on `address`, if `validate` (which looks at atomics only) still says so, at most until then.
    /// Where that is possible the bytecode is run again afterwards; else this returns, and the caller looks again. Not in
    /// `atomic`.
    pub fn sleep_on(
        &mut self,
        address: usize,
        validate: impl Fn() -> bool + 'static,
        until: Option<Instant>,
    ) -> PyResult<()> {
        let sleep = Sleep { address, validate: Box::new(validate), until };
        if self.may_replay() {
            self.outside.pending = Some(Pending::Sleep(sleep));
            return Err(self.start_unwind(Unwind::Outside));
        }
        self.between_transactions(|th| th.sleep(sleep))
    }

    /// Sleeps. Between two transactions; in GIL mode without the lock.
    pub(crate) fn sleep(&mut self, s: Sleep) {
        if !self.m.tx.is_solo() && self.m.tx.stm().waiting_for_segment() == 0 {
            for _ in 0..LOOKS {
                if !(s.validate)() {
                    return;
                }
                (0..8).for_each(|_| std::hint::spin_loop());
            }
        }
        let limit = s.until.map(|u| u.saturating_duration_since(Instant::now()));
        self.m.tx.park(s.address, s.validate, limit);
    }

    /// Wakes sleepers on `address` when the running transaction ends, well or badly, if `is_free(address)` then.
    /// To be called whenever the word there is written.
    pub(crate) fn wake_at_end(&mut self, address: usize, is_free: fn(usize) -> bool, woken: Woken) {
        let stm = self.m.tx.stm();
        if self.m.tx.is_solo() {
            // Under the global lock nothing is undone, and who is woken runs when it has got that lock: with it, it sees
            // what was written.
            if stm.is_gil() && is_free(address) {
                match woken {
                    Woken::First => drop(stm.unpark_one(address)),
                    Woken::All => stm.unpark_all(address),
                }
            }
            return;
        }
        // Whoever sleeps on it would wait for the rest of the time slice.
        let awaited = stm.may_have_sleepers(address) && is_free(address);
        let this = (address, self.m.current_stamp());
        if self.last_wake != this {
            self.last_wake = this;
            self.m.tx.wake_at_end(address, is_free, woken);
        }
        if awaited {
            self.commit_soon();
        }
    }
}
