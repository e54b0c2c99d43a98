//! GIL mode: the interpreter under the lock of `gil-compat`, barriers off (STM-API §6).
//!
//! A thread without the lock is *outside* for the collector, and has committed: what it wrote is published, and its stamps are
//! foreign to the next owner.

use crate::raised::PyResult;
use crate::runtime::Runtime;
use crate::thread::Thread;

/// The ticker has run out: hand the lock over if somebody waits.
pub fn tick(th: &mut Thread) -> PyResult<()> {
    let Some(gil) = &th.rt.gil else { return Ok(()) };
    if !gil.is_wanted() || th.m.tx.atomic_depth() > 0 || crate::threads::finish::alone() {
        return Ok(());
    }
    th.end_transaction()?;
    th.m.tx.leave();
    gil.yield_to_waiting();
    th.m.tx.enter();
    th.m.begin();
    th.take_checkpoint();
    Ok(())
}

/// Runs `f` without the lock, if there is one. Between two transactions.
pub(crate) fn release_around<T>(th: &mut Thread, f: impl FnOnce(&mut Thread) -> T) -> T {
    let Some(gil) = &th.rt.gil else { return f(th) };
    if crate::threads::finish::alone() {
        return f(th);
    }
    th.m.tx.leave();
    gil.release();
    let r = f(th);
    // Outside while it waits, whatever `f` did: the owner of the lock may be stopping the world.
    if !th.m.tx.is_outside() {
        th.m.tx.leave();
    }
    gil.acquire();
    th.m.tx.enter();
    r
}

/// A thread that has released the lock around foreign code needs it for a while: whether it has taken it.
pub(crate) fn take_back(th: &Thread) -> bool {
    match &th.rt.gil {
        Some(gil) if !crate::threads::finish::alone() => {
            gil.acquire();
            true
        }
        _ => false,
    }
}

/// A new thread takes the lock before it touches anything.
pub(crate) fn acquire_first(rt: &Runtime) {
    if let Some(gil) = &rt.gil {
        gil.acquire();
    }
}

/// An ended thread gives it back.
pub(crate) fn release_last(rt: &Runtime) {
    if let Some(gil) = &rt.gil {
        gil.release();
    }
}

/// In a forked child, whose only thread has the lock: nobody waits for it.
pub(crate) fn after_fork(rt: &Runtime) {
    if let Some(gil) = &rt.gil {
        // SAFETY: the caller is the only thread of the child.
        unsafe { gil.reset_held() };
    }
}
