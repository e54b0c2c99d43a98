//! The built-in type `code`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `code`.
pub static CODE: TypeDef = TypeDef::new("code", kind::CODE);
