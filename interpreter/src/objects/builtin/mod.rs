//! The built-in type `builtin_function_or_method`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `builtin_function_or_method`.
pub static BUILTIN: TypeDef = TypeDef::new("builtin_function_or_method", kind::BUILTIN);
