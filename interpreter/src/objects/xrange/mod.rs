//! The built-in types `xrange`, `rangeiterator`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `xrange`.
pub static XRANGE: TypeDef = TypeDef::new("xrange", kind::RECORD);
/// `rangeiterator`.
pub static XRANGE_ITER: TypeDef = TypeDef::new("rangeiterator", kind::RECORD);
