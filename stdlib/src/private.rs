//! State of a native object that transactions change and can take back: each transaction works on a copy of its own.
//!
//! The state lies in a native object that a slot of a record refers to. The first change in a transaction clones the
//! state into a new native object and stores the reference under the write barrier; an abort puts the old reference back.
//! Further changes in the same transaction go to the clone, which nobody else has seen. Where nothing is ever undone
//! (one thread) there is no clone.

use interpreter::kinds::kind;
use interpreter::layout::{NativePayload, PyNative, PyRecord};
use interpreter::native::{NO_NEW, TypeDef};
use interpreter::types::ready;
use interpreter::{PyResult, Thread, Value};
use std::any::Any;

/// What the holders are, to the heap; never handed out.
static HOLDER: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("private_state", kind::NATIVE) };

struct Holder<T> {
    /// The transaction that made this copy.
    stamp: u64,
    state: T,
}

impl<T: Send + 'static> NativePayload for Holder<T> {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// A heap object that owns `state`.
pub fn hold<T: Send + 'static>(th: &mut Thread, state: T) -> PyResult {
    ready::ready(th, &HOLDER)?;
    let stamp = th.m.current_stamp();
    Ok(th.new_native(&HOLDER, Box::new(Holder { stamp, state })))
}

/// Changes the state that slot `i` of the record `v` holds. `f` must not fail half-way: what it has done stays.
pub fn change<T: Clone + Send + 'static, R>(
    th: &mut Thread,
    v: Value,
    i: usize,
    f: impl FnOnce(&mut T) -> R,
) -> PyResult<R> {
    let (stamp, solo) = (th.m.current_stamp(), th.m.tx.is_solo());
    let Some(r) = v.payload::<PyRecord>() else {
        return Err(th.system_error("object without its state"));
    };
    let slot = r.write(th)?.at(i);
    let holder = slot.get().and_then(|s| s.cast::<PyNative>());
    let state = holder.and_then(|h| {
        // SAFETY: made by new_native. The record is write-locked, and `f` runs nothing that could come here again.
        let p = unsafe { &mut **h.unguarded().payload.get() };
        p.as_any().downcast_mut::<Holder<T>>()
    });
    match state {
        None => Err(th.system_error("object without its state")),
        Some(h) if solo || h.stamp == stamp => Ok(f(&mut h.state)),
        Some(h) => {
            let mut copy = Holder { stamp, state: h.state.clone() };
            let out = f(&mut copy.state);
            slot.set(Some(th.new_native(&HOLDER, Box::new(copy))));
            Ok(out)
        }
    }
}

/// Looks at the state.
pub fn view<T: Send + 'static, R>(
    th: &mut Thread,
    v: Value,
    i: usize,
    f: impl FnOnce(&T) -> R,
) -> PyResult<R> {
    let holder = match v.payload::<PyRecord>() {
        Some(r) => r.read(th)?.at(i).get().and_then(|s| s.cast::<PyNative>()),
        None => None,
    };
    let state = holder.and_then(|h| {
        // SAFETY: as in `change`; read-locked.
        let p = unsafe { &mut **h.unguarded().payload.get() };
        p.as_any().downcast_ref::<Holder<T>>()
    });
    match state {
        Some(h) => Ok(f(&h.state)),
        None => Err(th.system_error("object without its state")),
    }
}
