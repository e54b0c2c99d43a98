//! Old-style classes: a record of name, bases tuple and dict.

mod methods;

pub use methods::{full_name, make};

use crate::kinds::kind;
use crate::layout::{PyRecord, PyTuple};
use crate::native::TypeDef;
use crate::objects::dict;
use crate::types::type_of;
use crate::value::{Slot, Value};

/// `classobj`.
pub static CLASSOBJ: TypeDef = methods::DEF;

/// Slots of the record.
pub const NAME: usize = 0;
/// Tuple of bases.
pub const BASES: usize = 1;
/// The class's dict.
pub const DICT: usize = 2;

/// True for old-style classes.
#[inline]
pub fn is_classobj(v: Value) -> bool {
    v.kind() == kind::RECORD.index() && type_of(v).value() == CLASSOBJ.class()
}

fn slot(v: Value, i: usize) -> Slot {
    // Read-mostly, like the fields of types.
    v.cast::<PyRecord>().and_then(|r| r.unguarded().at(i).get())
}

/// The bases; the tuple is kept alive by the class, which the caller holds.
pub fn bases<'a>(v: Value) -> &'a [Value] {
    match slot(v, BASES).and_then(|b| b.cast::<PyTuple>()) {
        Some(t) => t.get().items(),
        None => &[],
    }
}

/// The class's dict.
pub fn dict(v: Value) -> Value {
    slot(v, DICT).unwrap_or(Value::NONE)
}

/// An attribute of the class or its bases, depth first, left to right.
pub fn lookup(class: Value, name: Value) -> Slot {
    if let Some(v) = dict::get_str_unguarded(dict(class), name) {
        return Some(v);
    }
    bases(class).iter().find_map(|b| lookup(*b, name))
}

/// True if `a` is `b` or derives from it.
pub fn is_subclass(a: Value, b: Value) -> bool {
    a == b || bases(a).iter().any(|c| is_subclass(*c, b))
}
