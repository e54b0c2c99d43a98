//! The types of None, NotImplemented and Ellipsis.

use crate::kinds::kind;
use crate::native::{NO_NEW, TypeDef};

/// `NoneType`.
pub static NONE: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("NoneType", kind::INT) };
/// `NotImplementedType`.
pub static NOT_IMPLEMENTED: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("NotImplementedType", kind::INT) };
/// `ellipsis`.
pub static ELLIPSIS: TypeDef = TypeDef { flags: NO_NEW, ..TypeDef::new("ellipsis", kind::INT) };
