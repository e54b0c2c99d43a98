//! The built-in type `type`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `type`.
pub static TYPE: TypeDef = TypeDef::new("type", kind::TYPE);

/// `__name__` of a class of either kind.
pub fn class_name(th: &mut crate::thread::Thread, c: crate::value::Value) -> crate::raised::PyResult<String> {
    let n = crate::ops::getattr_name(th, c, &crate::names::__name__)?;
    Ok(String::from_utf8_lossy(th.str_bytes(n)).into_owned())
}
