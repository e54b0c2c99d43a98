//! The built-in type `tuple`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `tuple`.
pub static TUPLE: TypeDef = TypeDef::new("tuple", kind::TUPLE);

/// The shared empty tuple, once made.
pub fn empty(_th: &crate::thread::Thread) -> Option<crate::value::Value> {
    EMPTY.get()
}

static EMPTY: crate::runtime::Global = crate::runtime::Global::new();
