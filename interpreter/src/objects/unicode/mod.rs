//! The built-in type `unicode`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `unicode`.
pub static UNICODE: TypeDef = TypeDef::new("unicode", kind::UNICODE);

/// The str a unicode is encoded to where Python 2 does that implicitly.
pub fn encode_default(th: &mut crate::thread::Thread, v: crate::value::Value) -> crate::raised::PyResult {
    let name = crate::names::encode.get(th);
    let m = crate::ops::getattr(th, v, name)?;
    crate::ops::call(th, m, &[])
}
