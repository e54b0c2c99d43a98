//! The built-in types `set` and `frozenset`: the table of `dict` with no values of its own.
//!
//! # Invariants
//! The value slot of an entry is `True` when the hash's top bit differs from the one below it (the table keeps 63
//! bits), so that the hash of a frozenset is exact without hashing its items again. A frozenset never changes once
//! it was handed out; `hash` in its payload is -1 or its hash.

mod compare;
mod construct;
mod core;
mod iterator;
mod methods;
mod operators;

pub use self::core::{add_hashed, contains, discard, is_any_set, next_key};
pub use construct::{from_iterable, new_set, update};
pub use iterator::{ITERATOR, iter_next};
pub use operators::{difference_update, intersection, symmetric_difference_update};

use crate::kinds::kind;
use crate::layout::{PySet, Ref};
use crate::native::{BASETYPE, TypeDef, WEAKREFS};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::Value;

const COMMON: SlotTable = SlotTable {
    repr: Some(compare::repr),
    cmp: Some(compare::cmp),
    richcmp: Some(compare::richcmp),
    iter: Some(iterator::iter),
    len: Some(methods::len),
    contains: Some(methods::contains),
    sub: Some(operators::sub),
    and: Some(operators::and),
    or: Some(operators::or),
    xor: Some(operators::xor),
    ..SlotTable::EMPTY
};

/// `set`.
pub static SET: TypeDef = TypeDef {
    flags: BASETYPE | WEAKREFS,
    doc: Some("set() -> empty set\nset(iterable) -> set of the iterable's distinct items"),
    slots: SlotTable {
        hash: Some(super::list::unhashable),
        new: Some(construct::new),
        init: Some(construct::init),
        isub: Some(operators::isub),
        iand: Some(operators::iand),
        ior: Some(operators::ior),
        ixor: Some(operators::ixor),
        ..COMMON
    },
    methods: methods::SET_METHODS,
    ..TypeDef::new("set", kind::SET)
};

/// `frozenset`.
pub static FROZENSET: TypeDef = TypeDef {
    flags: BASETYPE | WEAKREFS,
    doc: Some(
        "frozenset() -> empty frozenset\nfrozenset(iterable) -> frozenset of the iterable's distinct items",
    ),
    slots: SlotTable { hash: Some(compare::hash), new: Some(construct::new_frozen), ..COMMON },
    methods: methods::FROZENSET_METHODS,
    ..TypeDef::new("frozenset", kind::SET)
};

/// The set in `v`: itself, or what a subclass instance carries.
#[inline(always)]
pub(crate) fn this(th: &mut Thread, v: Value) -> PyResult<Ref<PySet>> {
    match v.payload::<PySet>() {
        Some(s) => Ok(s),
        None => Err(super::list::not_a(th, "set", v)),
    }
}

/// Adds an item to a set (or an instance of a subclass).
#[inline]
pub fn add(th: &mut Thread, s: impl Into<Value>, key: Value) -> PyResult<()> {
    let s = this(th, s.into())?;
    self::core::add(th, s, key)
}
