//! The stopped world as a full collection sees it: stacks of other threads, read marks of running transactions.

use crate::conservative::NativeStack;
use crate::mutator::Mutator;
use stm_core::{LiveTransactions, Stm, Stopped};

/// Proof that all other threads are stopped, for the length of a full collection.
pub(crate) struct StoppedWorld<'a> {
    stm: &'a Stm,
    live: LiveTransactions,
    any_live: bool,
    stopped: &'a Stopped<'a>,
}

/// Runs `f` while all other threads are stopped.
pub(crate) fn with_world_stopped<R>(me: &Mutator, f: impl FnOnce(&StoppedWorld<'_>) -> R) -> R {
    let stm = me.tx.stm().clone();
    me.tx.stop_the_world(|stopped| {
        let live = stm.live_transactions(stopped);
        let any_live = stm.any_still_live(&live);
        f(&StoppedWorld { stm: &stm, live, any_live, stopped })
    })
}

impl StoppedWorld<'_> {
    /// True when freed memory may carry read marks that count.
    pub(crate) fn must_clear_marks(&self) -> bool {
        self.any_live
    }

    /// Clears the read marks of freed memory in all transactions that are live at this stop.
    pub(crate) fn clear_marks(&self, start: usize, len: usize) {
        if self.any_live {
            self.stm.clear_marks(&self.live, start, len);
        }
    }

    /// The native stack of another thread.
    pub(crate) fn stack_of(&self, mutator: &Mutator) -> NativeStack {
        let record = mutator.tx.record();
        // SAFETY: the world is stopped, and the thread is not the one that stopped it.
        NativeStack::Published { top: record.stack_top(), registers: unsafe { record.registers() } }
    }

    /// Gives back the mark memory of idle segments.
    pub(crate) fn trim_marks(&self) {
        self.stm.trim_marks(self.stopped);
    }
}
