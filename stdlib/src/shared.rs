//! State outside the heap that no transaction undoes: compressors, open archives.
//!
//! An object that works on such state is a record with a slot for a native object, which owns an `Arc<Mutex<T>>`. The
//! state is looked at and changed only in operations given to [`Thread::outside`]: each is done exactly once, between
//! two transactions, and its result is replayed however often the bytecode runs again. So nothing needs to be undone,
//! and long operations of several threads run at the same time.

use interpreter::kinds::kind;
use interpreter::layout::{NativePayload, PyNative, PyRecord};
use interpreter::native::{NO_NEW, TypeDef};
use interpreter::types::ready;
use interpreter::{PyResult, Thread, Value};
use parking_lot::Mutex;
use std::any::Any;
use std::sync::Arc;

/// What the holders are, to the heap; never handed out.
static HOLDER: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("shared_state", kind::NATIVE) };

struct Holder<T>(Arc<Mutex<T>>);

impl<T: Send + 'static> NativePayload for Holder<T> {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// A heap object that owns `state`.
pub fn hold<T: Send + 'static>(th: &mut Thread, state: T) -> PyResult {
    ready::ready(th, &HOLDER)?;
    Ok(th.new_native(&HOLDER, Box::new(Holder(Arc::new(Mutex::new(state))))))
}

/// The state that slot `i` of the record `v` holds.
pub fn held<T: Send + 'static>(th: &mut Thread, v: Value, i: usize) -> PyResult<Arc<Mutex<T>>> {
    let holder = match v.payload::<PyRecord>() {
        Some(r) => r.read(th)?.at(i).get().and_then(|s| s.cast::<PyNative>()),
        None => None,
    };
    let state = holder.and_then(|h| {
        // SAFETY: made by new_native; the payload's only contents, the Arc, never change.
        let p = unsafe { &mut **h.unguarded().payload.get() };
        p.as_any().downcast_ref::<Holder<T>>().map(|h| h.0.clone())
    });
    match state {
        Some(s) => Ok(s),
        None => Err(th.system_error("object without its state")),
    }
}
