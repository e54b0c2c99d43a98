//! The built-in type `tuple`.

mod iterator;
mod methods;

pub use iterator::{ITERATOR, iter_next};
pub use methods::{build, from_iterable};

use crate::kinds::kind;
use crate::layout::{PyTuple, Ref};
use crate::native::{MethodDef, TypeDef};
use crate::raised::PyResult;
use crate::runtime::Global;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `tuple`.
pub static TUPLE: TypeDef = TypeDef {
    doc: Some("tuple() -> empty tuple\ntuple(iterable) -> tuple of the iterable's items"),
    slots: SlotTable {
        repr: Some(methods::repr),
        hash: Some(methods::hash),
        richcmp: Some(methods::richcmp),
        iter: Some(iterator::iter),
        new: Some(methods::new),
        len: Some(methods::len),
        concat: Some(methods::concat),
        repeat: Some(methods::repeat),
        getitem: Some(methods::getitem),
        contains: Some(methods::contains),
        getslice: Some(methods::getslice),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("count", methods::count, 1, 1, 0, "T.count(value) -> number of items equal to value"),
        MethodDef::new(
            "index",
            methods::index,
            1,
            3,
            0,
            "T.index(value, [start, [stop]]) -> first position of value",
        ),
        MethodDef::new("__getnewargs__", methods::getnewargs, 0, 0, 0, ""),
        MethodDef::new("__sizeof__", methods::sizeof, 0, 0, 0, "Size of the tuple in memory, in bytes."),
    ],
    ..TypeDef::new("tuple", kind::TUPLE)
};

static EMPTY: Global = Global::new();

/// The shared empty tuple; none before the type is ready.
#[inline]
pub fn empty(th: &Thread) -> Slot {
    match EMPTY.get() {
        Some(v) => Some(v),
        None => make_empty(th),
    }
}

/// Makes the shared empty tuple, at start-up.
#[cold]
pub fn make_empty(th: &Thread) -> Slot {
    if TUPLE.class_bits() == 0 {
        return None;
    }
    // The first one is made at start-up, before there is a second thread.
    let r: Ref<PyTuple> = th.alloc_fixed(TUPLE.class_bits(), PyTuple::size_for(0));
    th.m.make_immortal(r.obj());
    EMPTY.set(r.value());
    Some(r.value())
}

/// The tuple in `v`: itself, or what a subclass instance carries.
#[inline(always)]
pub(crate) fn this(th: &mut Thread, v: Value) -> PyResult<Ref<PyTuple>> {
    match v.payload::<PyTuple>() {
        Some(t) => Ok(t),
        None => Err(super::list::not_a(th, "tuple", v)),
    }
}
