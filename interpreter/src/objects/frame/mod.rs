//! The built-in type `frame`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `frame`.
pub static FRAME: TypeDef = TypeDef::new("frame", kind::FRAME);
