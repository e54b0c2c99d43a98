//! The built-in type `dict`.

mod access;
pub mod namespace;
pub mod table;

pub use access::*;

use crate::kinds::kind;
use crate::native::TypeDef;
use crate::value::Value;

/// `dict`.
pub static DICT: TypeDef = TypeDef::new("dict", kind::DICT);

/// True for dicts and instances of dict subclasses.
pub fn is_dict(v: Value) -> bool {
    v.payload::<crate::layout::PyDict>().is_some()
}
