//! The built-in type `bool`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `bool`.
pub static BOOL: TypeDef = TypeDef { base: Some(&super::int::INT), flags: 0, ..TypeDef::new("bool", kind::INT) };
