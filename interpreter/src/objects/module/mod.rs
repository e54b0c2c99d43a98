//! The built-in type `module`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `module`.
pub static MODULE: TypeDef = TypeDef::new("module", kind::INSTANCE);
