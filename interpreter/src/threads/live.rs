//! Which threads run: counted for `thread._count`, found by identifier.

use crate::thread::Thread;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use stm_core::ThreadRecord;

/// Threads started and not ended.
static STARTED: AtomicUsize = AtomicUsize::new(0);
/// All threads that run Python, the main one included.
static LIVE: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

#[derive(Copy, Clone)]
struct Entry {
    ident: u64,
    thread: *const Thread,
}
// SAFETY: followed only while the world is stopped or by the thread itself.
unsafe impl Send for Entry {}

/// `thread._count()`.
pub fn started() -> usize {
    STARTED.load(Ordering::SeqCst)
}

pub(super) fn count_start() {
    STARTED.fetch_add(1, Ordering::SeqCst);
}

pub(super) fn count_end() {
    STARTED.fetch_sub(1, Ordering::SeqCst);
}

/// Adds the calling thread.
pub fn add(th: &Thread) {
    LIVE.lock().push(Entry { ident: th.ident, thread: th });
}

/// Takes the calling thread off.
pub fn remove(th: &Thread) {
    LIVE.lock().retain(|e| e.ident != th.ident);
}

/// In a forked child: only the caller is left.
pub(super) fn retain_only(th: &Thread) {
    LIVE.lock().retain(|e| e.ident == th.ident);
    STARTED.store(0, Ordering::SeqCst);
}

/// Calls `f` for each live thread. The world is stopped, or other threads cannot be running.
pub fn for_each(mut f: impl FnMut(*const Thread)) {
    for e in LIVE.lock().iter() {
        f(e.thread);
    }
}

/// Makes the thread with this identifier look at its requests. False if there is none.
pub fn poke(th: &Thread, ident: u64, kind: stm_core::Requests) -> bool {
    let _ = th;
    let live = LIVE.lock();
    let Some(e) = live.iter().find(|e| e.ident == ident) else { return false };
    // SAFETY: a thread takes itself off this list, under its lock, before it goes.
    let record: &ThreadRecord = unsafe { (*e.thread).m.tx.record() };
    record.request_poll(kind);
    true
}
