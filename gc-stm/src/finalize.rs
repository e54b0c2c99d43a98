//! Which finalizers may run: PyPy's order.
//!
//! Of the unreachable objects with finalizers, those that no other such object reaches go first; what they
//! reach stays alive for them and is looked at again by the next full collection. Of a cycle, the one
//! registered first goes. Each finalizer runs once.
//!
//! States of an object (state byte): 0 no mark; 1 ORDER; 2 ORDER and MARK; 3 MARK. An unreachable one goes from 0
//! to 2 when reached from the first object with a finalizer, and to 3 when reached from a second: then
//! somebody else needs it.

use crate::heap::Tables;
use crate::object::{self, FINALIZABLE, ObjRef};
use crate::space::{MARK, ORDER, Space};
use crate::trace::{Mode, Tracer};

/// Moves the objects whose finalizers are to run now to `tables.finalizers`, and marks all that those and the
/// remaining unreachable ones with finalizers reach.
pub(crate) fn order(tables: &mut Tables, tracer: &mut Tracer) {
    let space = tracer.space_ptr();
    // SAFETY: the space outlives the collection.
    let space: &Space = unsafe { &*space };
    if tables.finalizable.is_empty() {
        return;
    }
    let mut lister = Tracer::new(Mode::List, space);
    let mut kept = Vec::with_capacity(tables.finalizable.len());
    let mut candidates = Vec::new();
    for obj in std::mem::take(&mut tables.finalizable) {
        if state(space, obj) >= 2 {
            kept.push(obj);
            continue;
        }
        candidates.push(obj);
        // 0 -> 1 what is reached for the first time, 2 -> 3 what another one has reached before.
        walk(space, &mut lister, obj, |s| match s {
            0 => Some(1),
            2 => Some(3),
            _ => None,
        });
        walk(space, &mut lister, obj, |s| if s == 1 { Some(2) } else { None });
    }
    for obj in candidates {
        if state(space, obj) == 2 {
            walk(space, &mut lister, obj, |s| if s == 2 { Some(3) } else { None });
            object::clear_flags(obj, FINALIZABLE);
            tables.finalizers.push_back(obj);
        } else {
            kept.push(obj);
        }
    }
    tables.finalizable = kept;
    // Lines and bytes of all that was kept alive here.
    tracer.account(&lister.reached);
}

fn state(space: &Space, obj: ObjRef) -> u8 {
    // SAFETY: the state byte of an object, with the world stopped.
    let s = unsafe { *space.state(obj.address()) };
    match (s & MARK != 0, s & ORDER != 0) {
        (false, false) => 0,
        (false, true) => 1,
        (true, true) => 2,
        (true, false) => 3,
    }
}

fn set_state(space: &Space, obj: ObjRef, state: u8) {
    let p = space.state(obj.address());
    let bits = [0, ORDER, ORDER | MARK, MARK][state as usize];
    // SAFETY: as in `state`.
    unsafe { *p = *p & !(ORDER | MARK) | bits };
}

/// Steps `from` and all it reaches through objects that step, to the state that `step` gives.
fn walk(space: &Space, lister: &mut Tracer, from: ObjRef, step: impl Fn(u8) -> Option<u8>) {
    let mut pending = vec![from];
    while let Some(obj) = pending.pop() {
        let before = state(space, obj);
        let Some(after) = step(before) else { continue };
        set_state(space, obj, after);
        if before == 0 {
            lister.reached.push(obj);
        }
        lister.fields(obj);
        pending.append(&mut lister.found);
    }
}
