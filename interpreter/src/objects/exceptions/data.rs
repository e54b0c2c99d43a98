//! The payload of exception instances: a record whose slots are numbered here.
//!
//! Slot 0 is the argument tuple, slot 1 `message`; the classes with further attributes use the slots after them.
//! The record's length is fixed when the instance is made, by the class's most special built-in base.

use super::*;
use crate::layout::{PyInstance, PyRecord, PyTuple, PyType, Ref};
use crate::native::NO_NEW;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// The class of payloads; never seen by programs.
pub static EXCEPTION_DATA: TypeDef =
    TypeDef { flags: NO_NEW, ..TypeDef::new("exception_data", kind::RECORD) };

/// The argument tuple.
pub const ARGS: usize = 0;
/// `message`.
pub const MESSAGE: usize = 1;
/// Slots of the plain classes.
pub const PLAIN_LEN: usize = 2;

/// Slots of a payload for instances of `class`.
pub fn len_for(class: Ref<PyType>) -> usize {
    let special: [(u64, usize); 6] = [
        (ENVIRONMENT_ERROR.class_bits(), environment::LEN),
        (SYNTAX_ERROR.class_bits(), syntax_error::LEN),
        (UNICODE_DECODE_ERROR.class_bits(), unicode_error::LEN),
        (UNICODE_ENCODE_ERROR.class_bits(), unicode_error::LEN),
        (UNICODE_TRANSLATE_ERROR.class_bits(), unicode_error::LEN),
        (SYSTEM_EXIT.class_bits(), system_exit::LEN),
    ];
    let mut longest = PLAIN_LEN;
    if let Some(mro) = class.unguarded().mro.get().and_then(|m| m.cast::<PyTuple>()) {
        for c in mro.get().items() {
            for (bits, len) in special {
                if c.bits() == bits && len > longest {
                    longest = len;
                }
            }
        }
    }
    longest
}

/// The payload of an exception instance.
#[inline]
pub fn record(v: Value) -> Option<Ref<PyRecord>> {
    v.cast::<PyInstance>().and_then(|i| i.unguarded().payload.get()).and_then(|p| p.cast::<PyRecord>())
}

/// Slot `i` of an exception instance's payload.
pub fn get(th: &Thread, v: Value, i: usize) -> PyResult<Slot> {
    match record(v) {
        Some(r) => Ok(r.read(th)?.slots().get(i).and_then(|c| c.get())),
        None => Ok(None),
    }
}

/// Slot `i`, with None for an empty one.
pub fn get_or_none(th: &Thread, v: Value, i: usize) -> PyResult {
    Ok(get(th, v, i)?.unwrap_or(Value::NONE))
}

/// Sets slot `i`.
pub fn set(th: &Thread, v: Value, i: usize, x: Slot) -> PyResult<()> {
    if let Some(r) = record(v)
        && let Some(c) = r.write(th)?.slots().get(i)
    {
        c.set(x);
    }
    Ok(())
}

/// The argument tuple of an exception instance.
pub fn args_of(th: &mut Thread, v: Value) -> PyResult<Ref<PyTuple>> {
    match get(th, v, ARGS)?.and_then(|a| a.cast::<PyTuple>()) {
        Some(t) => Ok(t),
        None => {
            let e = th.new_tuple(&[]);
            match e.cast::<PyTuple>() {
                Some(t) => Ok(t),
                None => Err(th.system_error("no empty tuple")),
            }
        }
    }
}

/// An attribute that shows a payload slot as a C object member does: empty reads as None, deleting empties it.
macro_rules! object_member {
    ($name:literal, $slot:expr, $doc:literal) => {
        $crate::native::GetSetDef {
            name: $name,
            get: |th, v| $crate::objects::exceptions::data::get_or_none(th, v, $slot),
            set: Some(|th, v, x| $crate::objects::exceptions::data::set(th, v, $slot, x)),
            doc: $doc,
        }
    };
}
pub(super) use object_member;
