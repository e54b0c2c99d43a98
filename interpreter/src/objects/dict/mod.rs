//! The built-in type `dict`.

mod access;
mod compare;
mod construct;
mod iterators;
mod methods;
pub mod namespace;
pub mod table;
mod views;

pub use access::*;
pub use compare::equal;
pub use construct::{merge, merge_dict, merge_mapping, merge_pairs, update};
pub use iterators::{ITEM_ITERATOR, KEY_ITERATOR, VALUE_ITERATOR, next_item, next_key, next_value};
pub use methods::key_words;
pub use views::{ITEMS, KEYS, VALUES};

use crate::kinds::kind;
use crate::layout::{PyDict, Ref};
use crate::native::TypeDef;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

/// `dict`.
pub static DICT: TypeDef = TypeDef {
    doc: Some(
        "dict() -> empty dict\ndict(mapping) -> dict with the mapping's items\ndict(iterable) -> dict with the (key, value) pairs that it gives\ndict(**kw) -> dict with the keywords as keys",
    ),
    slots: SlotTable {
        repr: Some(compare::repr),
        hash: Some(super::list::unhashable),
        cmp: Some(compare::cmp),
        richcmp: Some(compare::richcmp),
        iter: Some(iterators::iter),
        new: Some(construct::new),
        init: Some(construct::init),
        len: Some(methods::len),
        getitem: Some(methods::getitem),
        setitem: Some(methods::setitem),
        contains: Some(methods::contains),
        ..SlotTable::EMPTY
    },
    methods: methods::METHODS,
    ..TypeDef::new("dict", kind::DICT)
};

/// True for dicts and instances of dict subclasses.
pub fn is_dict(v: Value) -> bool {
    v.payload::<PyDict>().is_some()
}

/// True for dicts that are no instance of a subclass: their operations cannot be overridden.
#[inline(always)]
pub fn is_exact(v: Value) -> bool {
    v.cast::<PyDict>().is_some()
}

/// The dict in `v`: itself, or what a subclass instance carries.
#[inline(always)]
pub(crate) fn this(th: &mut Thread, v: Value) -> PyResult<Ref<PyDict>> {
    match v.payload::<PyDict>() {
        Some(d) => Ok(d),
        None => Err(super::list::not_a(th, "dict", v)),
    }
}
