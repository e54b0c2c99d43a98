//! The built-in type `int`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `int`.
pub static INT: TypeDef = TypeDef::new("int", kind::INT);
