//! The built-in types `method_descriptor`, `wrapper_descriptor`, `classmethod_descriptor`, `method-wrapper`, `getset_descriptor`, `member_descriptor`, `property`, `staticmethod`, `classmethod`, `super`, `dictproxy`.

use crate::kinds::kind;
use crate::native::TypeDef;

/// `method_descriptor`.
pub static METHOD_DESCRIPTOR: TypeDef = TypeDef::new("method_descriptor", kind::BUILTIN);
/// `wrapper_descriptor`.
pub static WRAPPER_DESCRIPTOR: TypeDef = TypeDef::new("wrapper_descriptor", kind::BUILTIN);
/// `classmethod_descriptor`.
pub static CLASSMETHOD_DESCRIPTOR: TypeDef = TypeDef::new("classmethod_descriptor", kind::BUILTIN);
/// `method-wrapper`.
pub static METHOD_WRAPPER: TypeDef = TypeDef::new("method-wrapper", kind::BUILTIN);
/// `getset_descriptor`.
pub static GETSET_DESCRIPTOR: TypeDef = TypeDef::new("getset_descriptor", kind::GETSET);
/// `member_descriptor`.
pub static MEMBER_DESCRIPTOR: TypeDef = TypeDef::new("member_descriptor", kind::RECORD);
/// `property`.
pub static PROPERTY: TypeDef = TypeDef::new("property", kind::RECORD);
/// `staticmethod`.
pub static STATICMETHOD: TypeDef = TypeDef::new("staticmethod", kind::RECORD);
/// `classmethod`.
pub static CLASSMETHOD: TypeDef = TypeDef::new("classmethod", kind::RECORD);
/// `super`.
pub static SUPER: TypeDef = TypeDef::new("super", kind::RECORD);
/// `dictproxy`.
pub static DICTPROXY: TypeDef = TypeDef::new("dictproxy", kind::RECORD);
