//! The built-in types `set`, `frozenset`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `set`.
pub static SET: TypeDef = TypeDef::new("set", kind::SET);
/// `frozenset`.
pub static FROZENSET: TypeDef = TypeDef::new("frozenset", kind::SET);
