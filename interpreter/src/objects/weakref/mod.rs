//! The built-in types `weakref`, `weakproxy`, `weakcallableproxy`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `weakref`.
pub static WEAKREF: TypeDef = TypeDef::new("weakref", kind::WEAKREF);
/// `weakproxy`.
pub static PROXY: TypeDef = TypeDef::new("weakproxy", kind::WEAKREF);
/// `weakcallableproxy`.
pub static CALLABLE_PROXY: TypeDef = TypeDef::new("weakcallableproxy", kind::WEAKREF);
