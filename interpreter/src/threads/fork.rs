//! `fork`: the child has one thread, and finds nothing half done or locked (PITFALLS 18).

use super::live;
use crate::raised::PyResult;
use crate::thread::Thread;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// The process was forked by a thread other than the main one. Nobody goes through the end of the program in it: it ends
/// with its last thread.
static ORPHANED: AtomicBool = AtomicBool::new(false);

/// Whether what is buffered has to be written by each thread that ends, since there may be nobody else to do it.
pub(super) fn threads_flush() -> bool {
    ORPHANED.load(Ordering::Relaxed)
}

impl Thread {
    /// Forks the process in exclusive mode: all other transactions have ended. In the child, the caller is the only and
    /// main thread, with signals enabled.
    pub fn fork(&mut self) -> PyResult<io::Result<libc::pid_t>> {
        let heap = self.rt.heap.clone();
        let tx = &self.m.tx;
        let guard = match tx.fork_prepare() {
            Ok(g) => g,
            Err(c) => return Err(self.conflict(c)),
        };
        let heap_guard = heap.fork_prepare();
        // SAFETY: no other transaction is live and all locks of the runtime are held, so the child finds them usable.
        let pid = unsafe { libc::fork() };
        let error = io::Error::last_os_error();
        if pid != 0 {
            drop(heap_guard);
            self.m.tx.fork_parent(guard);
            self.m.tx.record().request_own(stm_core::Requests::COMMIT);
            return Ok(if pid < 0 { Err(error) } else { Ok(pid) });
        }
        heap.fork_child(heap_guard, &self.m);
        self.m.tx.fork_child(guard);
        live::retain_only(self);
        crate::gil::after_fork(self.rt);
        crate::signals::forget();
        crate::signals::set_main(self);
        if !self.is_main {
            ORPHANED.store(true, Ordering::Relaxed);
            self.is_main = true;
        }
        self.signals_depth = self.signals_depth.max(1);
        self.m.tx.record().request_own(stm_core::Requests::COMMIT);
        Ok(Ok(0))
    }
}
