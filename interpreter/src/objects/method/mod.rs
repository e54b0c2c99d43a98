//! The built-in type `instancemethod`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `instancemethod`.
pub static METHOD: TypeDef = TypeDef::new("instancemethod", kind::METHOD);
