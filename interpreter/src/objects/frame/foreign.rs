//! Frames of other threads, for `sys._current_frames`: copies of where each was while the world stood still (PITFALLS 9).
//!
//! A copy refers to the code and globals only. A frame whose code or globals are still its thread's own (young) is left out, and so
//! are all locals: another thread must not see what has not been published.

use super::FRAME;
use crate::layout::{PyFrame, Ref, round16};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::threads::live;
use crate::value::{Slot, Value};
use gc_stm::RootVec;

/// A frame as it was.
struct Place {
    thread: u64,
    /// Where code and globals lie in the vector of roots.
    at: usize,
    lasti: i32,
    line: i32,
}

/// The top frames of all threads but the calling one: identifier of the thread, frame object.
pub fn of_other_threads(
    th: &mut Thread,
    mut found: impl FnMut(&mut Thread, u64, Value) -> PyResult<()>,
) -> PyResult<()> {
    let roots = th.m.root_vec();
    let places = th.m.tx.stop_the_world(|_| look(th, &roots));
    let mut rest = places.as_slice();
    while let Some(first) = rest.first() {
        let n = rest.iter().take_while(|p| p.thread == first.thread).count();
        let (mine, after) = rest.split_at(n);
        rest = after;
        let mut back: Slot = None;
        for p in mine.iter().rev() {
            back = Some(copy(th, p, &roots, back));
        }
        if let Some(top) = back {
            found(th, first.thread, top)?;
        }
    }
    Ok(())
}

/// Walks the frames of all other threads, each from its top; the world is stopped.
fn look(th: &Thread, roots: &RootVec) -> Vec<Place> {
    let mut places = Vec::new();
    live::for_each(|other| {
        if std::ptr::eq(other, th) {
            return;
        }
        // SAFETY: the thread is on the list, so it has not gone; it is stopped, and so its frames are up to date.
        unsafe {
            let mut f = (*other).frame;
            while !f.is_null() {
                let (code, globals) = ((*f).code, (*f).globals);
                if [code, globals].iter().all(|v| v.as_obj().is_some_and(|o| !gc_stm::is_young(o))) {
                    places.push(Place {
                        thread: (*other).ident,
                        at: roots.len(),
                        lasti: (*f).last_offset(),
                        line: (*f).line(),
                    });
                    roots.push(code.bits());
                    roots.push(globals.bits());
                }
                f = (*f).prev;
            }
        }
    });
    places
}

/// The frame object of a place.
fn copy(th: &Thread, p: &Place, roots: &RootVec, back: Slot) -> Value {
    let r: Ref<PyFrame> = th.alloc_fixed(FRAME.class_bits(), round16(size_of::<PyFrame>()));
    let u = r.unguarded();
    u.code.set(roots.get(p.at).and_then(Value::from_bits));
    u.globals.set(roots.get(p.at + 1).and_then(Value::from_bits));
    u.owner.set(p.thread);
    u.lasti.set(p.lasti);
    u.lineno.set(p.line);
    u.back.set(back);
    r.value()
}
