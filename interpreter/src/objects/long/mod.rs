//! The built-in type `long`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `long`.
pub static LONG: TypeDef = TypeDef::new("long", kind::LONG);
