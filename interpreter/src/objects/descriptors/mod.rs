//! Descriptors: methods and attributes of built-in types, `property`, `staticmethod`, `classmethod`, `super`,
//! `__slots__` members, and the read-only view of a class dict.

mod builtin;
mod proxy;
mod python;
mod super_type;

pub use builtin::*;
pub use proxy::*;
pub use python::*;
pub use super_type::*;

use crate::layout::{PyRecord, Ref};
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// Slot `i` of a record whose contents never change after its making.
pub(crate) fn fixed_slot(v: Value, i: usize) -> Slot {
    v.payload::<PyRecord>().and_then(|r: Ref<PyRecord>| r.unguarded().slots().get(i).and_then(|c| c.get()))
}

/// Name of the class that owns a descriptor.
pub(crate) fn owner_name(_: &Thread, owner: Slot) -> String {
    let Some(t) = owner.and_then(|c| c.cast::<crate::layout::PyType>()) else { return String::from("?") };
    let module = t.unguarded().layout.get().module;
    if t.unguarded().flags.get() & crate::types::flag::HEAP != 0
        || matches!(module, "__builtin__" | "exceptions")
    {
        return t.name();
    }
    format!("{module}.{}", t.name())
}
