//! The end of the process, as far as other threads are concerned.
//!
//! Daemon threads do not end by themselves. Once the exit functions have run and standard output is flushed they are
//! stopped for good: at their next safepoint, or where they come back from outside. From then on only the caller runs
//! Python, until it leaves by `_exit`, which tears nothing down that they still use (PITFALLS 18).
//!
//! Checked by `tests/python/test_threads.py`, and `stm-core/tests/single_thread.rs` for the stop itself.

use crate::raised::PyResult;
use crate::thread::Thread;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The lock of GIL mode is not given away any more.
static ALONE: AtomicBool = AtomicBool::new(false);

/// How long to wait for threads inside long natives. Their transactions end at their next poll, which never comes.
const PATIENCE: Duration = Duration::from_millis(500);

/// Whether the other threads have been stopped for good.
pub(crate) fn alone() -> bool {
    ALONE.load(Ordering::Relaxed)
}

/// Stops all other threads for good. The calling thread goes on.
pub fn stop_others(th: &mut Thread) -> PyResult<()> {
    if th.m.tx.stm().threads() == 1 {
        return Ok(());
    }
    th.m.tx.set_atomic_depth(0);
    if th.rt.gil.is_none() {
        th.between_transactions(|th| th.m.tx.shut_down(PATIENCE))?;
    }
    ALONE.store(true, Ordering::Relaxed);
    Ok(())
}
