//! The import lock: one thread at a time looks for and runs modules; it may do so recursively.
//!
//! Owner and depth live in a heap record, so an aborted transaction gives back what it took. A waiter leaves its
//! transaction and sleeps on the owner's word, as with any lock (threads/lock.rs).

use crate::layout::{PyRecord, Ref};
use crate::raised::PyResult;
use crate::runtime::Global;
use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::{AtomicU64, Ordering};
use stm_core::Woken;

const OWNER: usize = 0;
const DEPTH: usize = 1;

static RECORD: Global = Global::new();

fn record(th: &mut Thread) -> Ref<PyRecord> {
    if let Some(r) = RECORD.get().and_then(Value::cast::<PyRecord>) {
        return r;
    }
    let zero = Some(Value::int_unchecked(0));
    let v = th.new_record(&crate::objects::object::OBJECT, &[zero, zero]);
    th.m.make_old_now(v.obj_unchecked());
    th.rt.roots.lock().push(v);
    RECORD.set(v);
    // SAFETY: just made as a record.
    unsafe { v.cast_unchecked() }
}

/// Makes the lock; once, before there is a second thread.
pub fn start(th: &mut Thread) {
    record(th);
}

fn number(r: &PyRecord, i: usize) -> i64 {
    r.at(i).get().and_then(Value::as_small_int).unwrap_or(0)
}

fn set(r: &PyRecord, owner: i64, depth: i64) {
    r.at(OWNER).set(Some(Value::int_unchecked(owner)));
    r.at(DEPTH).set(Some(Value::int_unchecked(depth)));
}

/// Where sleepers look: the owner's word, without a barrier, so that what it shows may be undone.
fn word(r: Ref<PyRecord>) -> usize {
    std::ptr::from_ref(r.unguarded().at(OWNER)).addr()
}

fn is_free(word: usize) -> bool {
    // SAFETY: the slot of the lock's record, which is never freed; an aligned word that others may be writing.
    let seen = unsafe { AtomicU64::from_ptr(word as *mut u64) }.load(Ordering::SeqCst);
    seen == Value::int_unchecked(0).bits()
}

/// A thread's name in the lock; never 0.
fn me(th: &Thread) -> i64 {
    (th.ident as i64 & (i64::MAX >> 2)) + 1
}

/// True if some thread holds the lock.
pub fn held(th: &mut Thread) -> PyResult<bool> {
    let r = record(th);
    Ok(number(r.read(th)?, OWNER) != 0)
}

/// True if another thread holds it.
pub fn held_elsewhere(th: &mut Thread) -> PyResult<bool> {
    let r = record(th);
    let owner = number(r.read(th)?, OWNER);
    Ok(owner != 0 && owner != me(th))
}

/// Takes the lock, or takes it once more.
pub fn acquire(th: &mut Thread) -> PyResult<()> {
    let r = record(th);
    loop {
        let u = r.read(th)?;
        let owner = number(u, OWNER);
        if owner == 0 || owner == me(th) {
            let u = r.write(th)?;
            let depth = number(u, DEPTH) + 1;
            set(u, me(th), depth);
            th.wake_at_end(word(r), is_free, Woken::First);
            return Ok(());
        }
        let at = word(r);
        th.sleep_on(at, move || !is_free(at), None)?;
    }
}

/// Gives it back; false if this thread does not hold it.
pub fn release(th: &mut Thread) -> PyResult<bool> {
    let r = record(th);
    let u = r.read(th)?;
    if number(u, OWNER) != me(th) {
        return Ok(false);
    }
    let u = r.write(th)?;
    match number(u, DEPTH) - 1 {
        0 => set(u, 0, 0),
        n => set(u, me(th), n),
    }
    th.wake_at_end(word(r), is_free, Woken::First);
    Ok(true)
}

/// In a forked child: the lock belongs to the one thread there is, as often as that one held it.
pub fn after_fork(th: &mut Thread) -> PyResult<()> {
    let r = record(th);
    if number(r.read(th)?, OWNER) != me(th) {
        set(r.write(th)?, 0, 0);
    }
    Ok(())
}
