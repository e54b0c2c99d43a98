//! The built-in type `object`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `object`.
pub static OBJECT: TypeDef = TypeDef::new("object", kind::INSTANCE);
