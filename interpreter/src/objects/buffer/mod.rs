//! The built-in types `buffer`, `memoryview`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `buffer`.
pub static BUFFER: TypeDef = TypeDef::new("buffer", kind::RECORD);
/// `memoryview`.
pub static MEMORYVIEW: TypeDef = TypeDef::new("memoryview", kind::RECORD);
