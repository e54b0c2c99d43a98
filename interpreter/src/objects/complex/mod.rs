//! The built-in type `complex`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `complex`.
pub static COMPLEX: TypeDef = TypeDef::new("complex", kind::COMPLEX);
