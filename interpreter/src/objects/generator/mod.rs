//! The built-in type `generator`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `generator`.
pub static GENERATOR: TypeDef = TypeDef::new("generator", kind::GENERATOR);
