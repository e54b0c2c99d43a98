//! The built-in type `traceback`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `traceback`.
pub static TRACEBACK: TypeDef = TypeDef::new("traceback", kind::RECORD);
