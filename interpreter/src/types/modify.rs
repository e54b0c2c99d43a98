//! Changing a class: attributes, bases, name.
//!
//! Other threads read classes without barriers, so a class that is public changes only in *exclusive mode*: all other
//! transactions are brought to their end first, and none begins until this one has committed (DESIGN §2, PITFALLS 3, 24).
//! Classes still private to this thread, and everything in solo mode, need none of that.

use super::create::{subclasses, update_slots};
use crate::layout::*;
use crate::objects as o;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use std::sync::atomic::Ordering;

/// To be called before a class changes.
pub fn exclusive(th: &mut Thread, t: Ref<PyType>) -> PyResult<()> {
    if !th.m.tx.is_solo() && !gc_stm::is_young(t.obj()) {
        if let Err(c) = th.m.tx.enter_exclusive() {
            return Err(th.conflict(c));
        }
        th.m.tx.record().request_own(stm_core::Requests::COMMIT);
    }
    t.write(th)?;
    Ok(())
}

/// Sets or deletes an attribute of a class; false if the one to delete is absent.
pub fn set_attribute(th: &mut Thread, t: Ref<PyType>, name: Value, x: Slot) -> PyResult<bool> {
    exclusive(th, t)?;
    let d = t.unguarded().dict.get();
    let done = match x {
        Some(x) => {
            o::dict::set_str(th, d, name, x)?;
            true
        }
        None => o::dict::delete_str(th, d, name)?,
    };
    changed(th, t, th.str_bytes(name).starts_with(b"__") || th.str_bytes(name) == b"next")?;
    Ok(done)
}

/// Gives the class and its subclasses new versions and shape ids; with `special`, new slots too.
pub fn changed(th: &mut Thread, t: Ref<PyType>, special: bool) -> PyResult<()> {
    t.unguarded().version.store(0, Ordering::Release);
    let p = t.unguarded().shapes.load(Ordering::Acquire);
    if !p.is_null() {
        // SAFETY: S1 (shape.rs).
        unsafe { (*p).invalidate(th.rt) };
    }
    if special && t.unguarded().flags.get() & super::flag::HEAP != 0 {
        update_slots(th, t);
    }
    for s in subclasses(th, t)? {
        exclusive(th, s)?;
        changed(th, s, special)?;
    }
    Ok(())
}
