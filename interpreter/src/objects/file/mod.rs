//! The built-in type `file`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `file`.
pub static FILE: TypeDef = TypeDef::new("file", kind::RECORD);
