//! The built-in type `bytearray`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `bytearray`.
pub static BYTEARRAY: TypeDef = TypeDef::new("bytearray", kind::BYTEARRAY);
