//! The built-in types `enumerate`, `reversed`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `enumerate`.
pub static ENUMERATE: TypeDef = TypeDef::new("enumerate", kind::RECORD);
/// `reversed`.
pub static REVERSED: TypeDef = TypeDef::new("reversed", kind::RECORD);
