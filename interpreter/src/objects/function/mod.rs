//! The built-in type `function`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `function`.
pub static FUNCTION: TypeDef = TypeDef::new("function", kind::FUNCTION);
