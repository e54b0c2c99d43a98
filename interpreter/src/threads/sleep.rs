//! Sleeping on an address until somebody wakes it: what locks wait with.

use crate::outside::Pending;
use crate::raised::{PyResult, Unwind};
use crate::thread::Thread;
use std::time::Instant;

/// A sleep that the eval loop is to do between two transactions.
pub struct Sleep {
    pub(crate) address: usize,
    pub(crate) validate: Box<dyn FnOnce() -> bool>,
    pub(crate) until: Option<Instant>,
}

impl Thread {
    /// Commits and sleeps on `address`, if `validate` (which looks at atomics only) still says so, at most until then.
    /// Where that is possible the bytecode is run again afterwards; else this returns, and the caller looks again. Not in
    /// `atomic`.
    pub fn sleep_on(
        &mut self,
        address: usize,
        validate: impl FnOnce() -> bool + 'static,
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
        let limit = s.until.map(|u| u.saturating_duration_since(Instant::now()));
        self.m.tx.park(s.address, s.validate, limit);
    }

    /// Wakes the sleepers on `address` when the running transaction ends, well or badly.
    pub(crate) fn wake_at_end(&mut self, address: usize) {
        if self.m.tx.is_solo() {
            // Under the global lock nothing is undone, and who is woken runs when it has got that lock: with it, it sees
            // what was written.
            if self.m.tx.stm().is_gil() {
                self.m.tx.stm().unpark_all(address);
            }
            return;
        }
        let this = (address, self.m.current_stamp());
        if self.last_wake != this {
            self.last_wake = this;
            self.m.tx.unpark_at_end(address);
        }
    }
}
