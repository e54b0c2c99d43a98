//! The built-in type `list`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `list`.
pub static LIST: TypeDef = TypeDef::new("list", kind::LIST);
