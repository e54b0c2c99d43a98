//! How a fallible operation reports that it did not finish.
//!
//! [`Raised`] carries nothing: what happened is kept in the thread ([`Unwind`]), so that
//! `Result<Value, Raised>` fits one register. It is one of
//!
//! * a Python exception (type, value, traceback in the thread),
//! * *abort*: the running transaction was wounded and must restart from its checkpoint,
//! * *retry*: commit as of the start of this bytecode, wait for whoever is in the way, run the bytecode again,
//! * *outside*: commit, run an operation outside any transaction, run the bytecode again with its result.
//!
//! # Invariants
//! R1. Only [`Raised::catch`] turns a `Raised` into a Python exception; it hands aborts, retries and outside
//!     requests back, so no native code and no bare `except:` can swallow one.
//! R2. While a non-exception unwind is in flight, barriers fail at once.

use crate::thread::Thread;
use crate::value::{Slot, Value};

/// An operation did not finish; why is recorded in the thread.
#[must_use = "an unwind must be passed on or caught with `Raised::catch`"]
#[derive(Debug)]
pub struct Raised(());

/// The result of every operation that can raise.
pub type PyResult<T = Value> = Result<T, Raised>;

/// What kind of unwind is in flight in a thread.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Unwind {
    /// Nothing in flight.
    Idle,
    /// A Python exception; its triple is in the thread.
    Exception,
    /// The transaction restarts from its checkpoint.
    Abort,
    /// Commit, wait for the conflicting transaction, execute the bytecode again.
    Retry,
    /// Commit, run the pending outside operation, execute the bytecode again.
    Outside,
    /// The process is ending: frames unwind without running Python code.
    Exit,
}

/// A caught Python exception: class, value (possibly not yet an instance) and traceback.
#[derive(Copy, Clone)]
pub struct Caught {
    pub class: Value,
    pub value: Slot,
    pub traceback: Slot,
}

impl Raised {
    /// Only the thread makes these, after recording the cause.
    #[inline(always)]
    pub(crate) fn recorded() -> Raised {
        Raised(())
    }

    /// The Python exception in flight, taken out of the thread; any other unwind is handed back.
    pub fn catch(self, th: &mut Thread) -> Result<Caught, Raised> {
        th.take_exception(self)
    }

    /// Catches the exception only if it is an instance of `class`; everything else is handed back.
    pub fn catch_if(self, th: &mut Thread, class: Value) -> Result<Caught, Raised> {
        if th.exception_matches(class) { self.catch(th) } else { Err(self) }
    }
}

const _: () = assert!(size_of::<PyResult>() == 8);
