//! The built-in type `cell`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `cell`.
pub static CELL: TypeDef = TypeDef::new("cell", kind::CELL);
