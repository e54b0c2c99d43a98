//! The built-in type `list`.

mod access;
mod compare;
mod construct;
mod guard;
mod iterators;
mod methods;
mod positions;
mod sort;
pub mod storage;
mod timsort;

pub use access::sequence_fast;
pub use construct::check_hint;
pub use guard::{guarded_repr, push_repr};
pub use iterators::{ITERATOR, REVERSE_ITERATOR, iter_next, iterator, itself};
pub use positions::*;
pub use sort::sort_list;
pub use timsort::timsort;

pub use crate::types::dispatch::unhashable;

use crate::kinds::kind;
use crate::layout::{PyList, Ref};
use crate::native::TypeDef;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `list`.
pub static LIST: TypeDef = TypeDef {
    doc: Some("list() -> empty list\nlist(iterable) -> list of the iterable's items"),
    slots: SlotTable {
        repr: Some(compare::repr),
        hash: Some(unhashable),
        richcmp: Some(compare::richcmp),
        iter: Some(access::iter),
        new: Some(construct::new),
        init: Some(construct::init),
        len: Some(access::len),
        concat: Some(access::concat),
        repeat: Some(access::repeat),
        iconcat: Some(access::iconcat),
        irepeat: Some(access::irepeat),
        getitem: Some(access::getitem),
        setitem: Some(access::setitem),
        contains: Some(access::contains),
        getslice: Some(access::getslice),
        setslice: Some(access::setslice),
        ..SlotTable::EMPTY
    },
    methods: methods::METHODS,
    ..TypeDef::new("list", kind::LIST)
};

/// The list in `v`: itself, or what a subclass instance carries.
#[inline(always)]
pub(crate) fn this(th: &mut Thread, v: Value) -> PyResult<Ref<PyList>> {
    match v.payload::<PyList>() {
        Some(l) => Ok(l),
        None => Err(not_a(th, "list", v)),
    }
}

/// TypeError for a receiver that lacks the built-in type's contents.
#[cold]
pub fn not_a(th: &mut Thread, what: &str, v: Value) -> crate::raised::Raised {
    let n = crate::ops::type_name(v);
    th.type_error(format!("descriptor requires a '{what}' object but received a '{n}'"))
}

/// Appends an item to a list (or an instance of a subclass).
#[inline]
pub fn push(th: &mut Thread, l: impl Into<Value>, v: Value) -> PyResult<()> {
    let l = this(th, l.into())?;
    storage::push(th, l, v)
}
