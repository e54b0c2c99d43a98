//! The built-in type `slice`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `slice`.
pub static SLICE: TypeDef = TypeDef::new("slice", kind::SLICE);
