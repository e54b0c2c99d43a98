//! Operations outside transactions: I/O, sleeping, waiting (PITFALLS 1, 2).
//!
//! A native that blocks calls [`Thread::outside`] before it has written anything. With other threads about, the call
//! unwinds to the eval loop, which commits, runs the operation holding nothing, begins a new transaction at the
//! *start of the same bytecode* and runs that again. The second run finds the result in the replay list and goes
//! on. The list belongs to the bytecode: the checkpoint keeps it, so that it survives restarts of the new transaction,
//! and it is dropped when the bytecode is done. Where a replay is not possible (nested native code, `atomic`) the
//! operation runs at once, and the transaction is inevitable.

use crate::raised::{PyResult, Unwind};
use crate::thread::Thread;
use crate::threads::sleep::Sleep;
use std::any::Any;
use std::sync::Arc;
use stm_core::Requests;

/// The result of one operation.
pub type OutsideResult = Arc<dyn Any + Send + Sync>;

/// A pending operation and the results found so far by this bytecode.
#[derive(Default)]
pub struct OutsideState {
    /// Results of this bytecode's operations, in order.
    pub(crate) results: Vec<OutsideResult>,
    /// How many of them this run of the bytecode has taken.
    pub(crate) taken: usize,
    pub(crate) pending: Option<Pending>,
    /// The native now running was called by the eval loop that owns the checkpoint, and declares BLOCKS.
    pub(crate) replayable: bool,
}

/// What is to be done between two transactions.
pub(crate) enum Pending {
    /// An operation, whose result the bytecode finds when it runs again.
    Run(Box<dyn FnOnce() -> OutsideResult + Send>),
    /// A sleep, after which the bytecode looks again.
    Sleep(Sleep),
    /// Nothing: the commit is what was wanted.
    Commit,
}

impl OutsideState {
    /// A native has returned: unless its bytecode is to be run again, the results are no longer needed.
    #[inline(always)]
    pub(crate) fn bytecode_done<T>(&mut self, r: &PyResult<T>, why: Unwind) {
        if r.is_ok() || why == Unwind::Exception {
            self.done();
        }
    }

    /// The bytecode is done: its results are no longer needed.
    #[inline(always)]
    pub(crate) fn done(&mut self) {
        if !self.results.is_empty() {
            self.results.clear();
        }
        self.taken = 0;
    }
}

impl Thread {
    /// Runs `op` outside any transaction, holding nothing. `op` must own what it uses; it touches no heap object.
    pub fn outside<T: Any + Send + Sync + Clone>(
        &mut self,
        op: impl FnOnce() -> T + Send + 'static,
    ) -> PyResult<T> {
        // First of all: the other threads may have ended since the operation was done.
        if self.outside.replayable
            && let Some(r) = self.outside.results.get(self.outside.taken)
            && let Some(r) = r.downcast_ref::<T>()
        {
            self.outside.taken += 1;
            return Ok(r.clone());
        }
        if self.runs_alone() {
            return Ok(op());
        }
        if self.may_replay() {
            self.outside.pending = Some(Pending::Run(Box::new(move || Arc::new(op()) as OutsideResult)));
            return Err(self.start_unwind(Unwind::Outside));
        }
        self.outside_at_once(op)
    }

    /// As [`Thread::outside`], for a native that has written something or has run Python code: its bytecode is not run
    /// again, and the rest of it is an inevitable transaction.
    pub fn outside_now<T>(&mut self, op: impl FnOnce() -> T) -> PyResult<T> {
        if self.runs_alone() {
            return Ok(op());
        }
        self.outside_at_once(op)
    }

    /// Commits before anything else is done: where that is possible by running the bytecode again, else at the next
    /// bytecode boundary. Nothing in `atomic`.
    pub fn commit_and_rerun(&mut self) -> PyResult<()> {
        if self.m.tx.atomic_depth() > 0 {
            return Ok(());
        }
        if !self.may_replay() {
            self.commit_soon();
            return Ok(());
        }
        if self.outside.results.get(self.outside.taken).is_some_and(|r| r.is::<()>()) {
            self.outside.taken += 1;
            return Ok(());
        }
        self.outside.pending = Some(Pending::Commit);
        Err(self.start_unwind(Unwind::Outside))
    }

    /// As [`Thread::commit_and_rerun`], but where the bytecode cannot be run again the commit is made at once, and what
    /// follows is an inevitable transaction. For natives that hold no reference.
    pub fn commit_at_once(&mut self) -> PyResult<()> {
        if self.m.tx.atomic_depth() > 0 || self.runs_alone() {
            return Ok(());
        }
        if self.may_replay() {
            return self.commit_and_rerun();
        }
        self.between_transactions(|_| ())
    }

    /// Ends all other transactions and keeps new ones from beginning until this one has committed, which is soon: nobody
    /// else holds a pointer to memory that the caller is about to move or free.
    pub fn stop_others(&mut self) -> PyResult<()> {
        if self.m.tx.is_solo() {
            return Ok(());
        }
        if let Err(c) = self.m.tx.enter_exclusive() {
            return Err(self.conflict(c));
        }
        self.commit_soon();
        Ok(())
    }

    /// Commits at the next bytecode boundary outside `atomic`.
    pub fn commit_soon(&self) {
        self.m.tx.record().request_own(Requests::COMMIT);
    }

    /// Whether the bytecode that runs can be run again with the result of an operation.
    #[inline]
    pub(crate) fn may_replay(&self) -> bool {
        // The native may have called Python that ended the transaction: then the checkpoint is not its caller's any more.
        self.outside.replayable
            && self.at_owner_loop()
            && self.m.tx.atomic_depth() == 0
            && !self.m.tx.is_solo()
    }

    /// No other thread can see this one's steps: the only thread.
    #[inline]
    pub fn runs_alone(&self) -> bool {
        self.m.tx.is_solo() && (!self.rt.settings.gil || self.m.tx.stm().threads() == 1)
    }

    fn outside_at_once<T>(&mut self, op: impl FnOnce() -> T) -> PyResult<T> {
        if self.m.tx.atomic_depth() > 0 {
            if self.m.tx.is_solo() {
                return Ok(op());
            }
            if let Err(c) = self.m.tx.become_inevitable() {
                return Err(self.conflict(c));
            }
            self.m.tx.leave();
            let r = op();
            self.m.tx.enter();
            return Ok(r);
        }
        self.between_transactions(|th| {
            th.m.tx.leave();
            let r = op();
            th.m.tx.enter();
            r
        })
    }

    /// Runs foreign code, which may call Python back by [`Thread::called_back`]. With `release` it runs outside a transaction
    /// where that is possible, else within one that cannot abort. It never runs twice; what the native does afterwards is
    /// inevitable.
    ///
    /// `op` is given this thread as a pointer, for `called_back` only.
    pub fn foreign<T>(&mut self, release: bool, op: impl FnOnce(*mut Thread) -> T) -> PyResult<T> {
        let here: *mut Thread = self;
        let r = if !release {
            self.become_inevitable()?;
            op(here)
        } else if self.runs_alone() {
            op(here)
        } else {
            self.outside_at_once(|| op(here))?
        };
        // A callback that could not go on has left word.
        match self.unwinding() {
            Unwind::Idle => Ok(r),
            _ => Err(self.raised_again()),
        }
    }

    /// Foreign code that this thread runs calls Python back; none if it must not be run any more. No abort gets out of `f`: without a transaction of the
    /// caller's it begins one that is inevitable wherever native code goes on, and commits before foreign code does.
    pub fn called_back<T>(&mut self, f: impl FnOnce(&mut Thread) -> T) -> Option<T> {
        if self.unwinding() != Unwind::Idle {
            return None;
        }
        if !self.m.tx.is_outside() {
            return Some(f(self));
        }
        if self.m.tx.is_live() {
            self.m.tx.enter();
            let r = f(self);
            self.m.tx.leave();
            return Some(r);
        }
        let held = crate::gil::take_back(self);
        self.m.tx.enter();
        crate::threads::start::begin_python(self);
        let r = f(self);
        // Inevitable: nobody can refuse it.
        if self.end_transaction().is_err() {
            self.m.abort();
        }
        self.m.tx.leave();
        if held {
            crate::gil::release_last(self.rt);
        }
        Some(r)
    }

    /// Commits, runs `f` holding nothing (in GIL mode without the lock), and begins a transaction that is inevitable until
    /// the next bytecode boundary, since it has no checkpoint. Not in `atomic`.
    pub(crate) fn between_transactions<T>(&mut self, f: impl FnOnce(&mut Thread) -> T) -> PyResult<T> {
        self.end_transaction()?;
        let r = crate::gil::release_around(self, f);
        self.m.begin_inevitable();
        self.checkpoint.disown();
        if !self.m.tx.is_solo() {
            self.m.tx.record().request_own(Requests::COMMIT);
        }
        Ok(r)
    }

    /// To be called now and then by natives with long loops: honours stops, wounds and signals.
    pub fn native_poll(&mut self) -> PyResult<()> {
        if !self.m.tx.poll_needed() {
            return Ok(());
        }
        if self.m.tx.is_wounded() {
            return Err(self.start_unwind(Unwind::Abort));
        }
        self.m.tx.stop_point();
        if crate::signals::pending(self) && self.m.tx.atomic_depth() == 0 {
            // What a handler is told is not told again: this transaction must not be undone.
            self.become_inevitable()?;
            crate::signals::deliver(self)?;
        }
        Ok(())
    }
}
