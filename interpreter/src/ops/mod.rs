//! The abstract operations of the language on any values: what the bytecodes and natives call.

mod attribute;
mod binary;
mod call;
mod compare;
mod convert;
mod isinstance;
mod iterate;
mod subscript;
mod text;

pub use attribute::*;
pub use binary::*;
pub use call::*;
pub use compare::*;
pub use convert::*;
pub use isinstance::*;
pub use iterate::*;
pub use subscript::*;
pub use text::*;

use crate::layout::{PyType, Ref};
use crate::types::slots::SlotTable;
use crate::value::Value;

/// The slot table of a value's type.
#[inline(always)]
pub fn slots_of(v: Value) -> &'static SlotTable {
    crate::types::type_of(v).slots()
}

/// Name of a value's type, as messages show it: with the module for types of native modules.
pub fn type_name(v: Value) -> String {
    let t = crate::types::type_of(v);
    let def = t.unguarded().layout.get();
    if def.module != "__builtin__" && def.module != "exceptions" && def.class_bits() == t.value().bits() {
        return format!("{}.{}", def.module, def.name);
    }
    t.name()
}

impl Ref<PyType> {
    /// The slot table; read-mostly state, no barrier (DESIGN §2).
    #[inline(always)]
    pub fn slots(self) -> &'static SlotTable {
        self.unguarded::<'static>().slots.get()
    }

    /// `__name__`, for messages.
    pub fn name(self) -> String {
        match self.unguarded().name.get().cast::<crate::layout::PyStr>() {
            Some(s) => String::from_utf8_lossy(s.bytes()).into_owned(),
            None => String::from("?"),
        }
    }
}
