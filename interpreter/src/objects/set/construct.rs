//! Making, copying and filling sets.

use super::core::{add, add_hashed, next_key};
use super::{FROZENSET, SET, this};
use crate::layout::*;
use crate::native::{Args, TypeDef};
use crate::objects::dict::{table, walk};
use crate::objects::unpack::{expect_args, no_keywords};
use crate::ops;
use crate::raised::PyResult;
use crate::runtime::Global;
use crate::thread::Thread;
use crate::types::{flag, type_of};
use crate::value::Value;

static EMPTY: Global = Global::new();

/// An empty set of exactly the type `def`.
pub fn new_set(th: &Thread, def: &TypeDef) -> Ref<PySet> {
    let r: Ref<PySet> = th.alloc_fixed(def.class_bits(), round16(size_of::<PyDict>()));
    r.unguarded().0.hash.set(-1);
    r
}

/// Which of the two built-in types a set derives from.
pub(super) fn base_def(s: Ref<PySet>) -> &'static TypeDef {
    if type_of(s.value()).value() == FROZENSET.class() { &FROZENSET } else { &SET }
}

/// Makes `base`, a fresh set, an instance of the class of `like`.
pub(super) fn as_type_of(th: &mut Thread, like: Value, base: Ref<PySet>) -> PyResult {
    let def = base_def(base);
    crate::types::wrap_new(th, type_of(like).value(), def, base.value())
}

/// An empty set to be wrapped by [`as_type_of`] later.
pub(super) fn empty_like(th: &mut Thread, like: Value) -> PyResult<Ref<PySet>> {
    let s = this(th, like)?;
    Ok(new_set(th, base_def(s)))
}

/// A copy of exactly the type `def`.
pub(super) fn copy_as(th: &Thread, s: Ref<PySet>, def: &TypeDef) -> PyResult<Ref<PySet>> {
    let r = new_set(th, def);
    table::copy_into(th, s.table(), r.table())?;
    Ok(r)
}

/// A copy of the same class.
pub(super) fn copy(th: &mut Thread, v: Value) -> PyResult {
    let s = this(th, v)?;
    let r = copy_as(th, s, base_def(s))?;
    as_type_of(th, v, r)
}

/// The whole hash of a dict key, of which the dict keeps 63 bits. Instances of Python classes are not asked again.
pub(super) fn dict_key_hash(th: &mut Thread, key: Value, stored: i64) -> PyResult<i64> {
    if type_of(key).unguarded().flags.get() & flag::HEAP != 0 { Ok(stored) } else { ops::hash(th, key) }
}

/// Adds all items of an iterable.
pub fn update(th: &mut Thread, s: Ref<PySet>, other: Value) -> PyResult<()> {
    if let Some(o) = other.payload::<PySet>() {
        if o == s {
            return Ok(());
        }
        if s.table().read(th)?.used.get() == 0 {
            return table::copy_into(th, o.table(), s.table());
        }
        let mut pos = 0;
        while let Some((k, h)) = next_key(th, o, &mut pos)? {
            add_hashed(th, s, k, h)?;
        }
        return Ok(());
    }
    if let Some(d) = other.cast::<PyDict>() {
        let mut pos = 0;
        while let Some(e) = walk(th, d, &mut pos)? {
            let h = dict_key_hash(th, e.key, e.hash)?;
            add_hashed(th, s, e.key, h)?;
        }
        return Ok(());
    }
    let it = ops::iter(th, other)?;
    while let Some(k) = ops::next(th, it)? {
        add(th, s, k)?;
    }
    Ok(())
}

/// `set(x)`.
pub fn from_iterable(th: &mut Thread, x: Value) -> PyResult<Ref<PySet>> {
    let s = new_set(th, &SET);
    update(th, s, x)?;
    Ok(s)
}

pub(super) fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    if class == SET.class() {
        no_keywords(th, &args, "set")?;
    }
    let base = new_set(th, &SET);
    crate::types::wrap_new(th, class, &SET, base.value())
}

pub(super) fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    no_keywords(th, &args, "set")?;
    expect_args(th, &args, 0, "set", 0, 1)?;
    let s = this(th, v)?;
    table::clear(th, s.table())?;
    match args.get(0) {
        Some(x) => update(th, s, x),
        None => Ok(()),
    }
}

pub(super) fn new_frozen(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let exact = class == FROZENSET.class();
    if exact {
        no_keywords(th, &args, "frozenset")?;
    }
    expect_args(th, &args, 0, "frozenset", 0, 1)?;
    if exact
        && let Some(x) = args.get(0)
        && type_of(x).value() == class
    {
        return Ok(x);
    }
    let s = new_set(th, &FROZENSET);
    if let Some(x) = args.get(0) {
        update(th, s, x)?;
    }
    if exact && s.unguarded().0.live.get() == 0 {
        return Ok(empty_frozen(th, s));
    }
    crate::types::wrap_new(th, class, &FROZENSET, s.value())
}

/// The shared empty frozenset; `fresh` becomes it if there is none yet.
fn empty_frozen(th: &Thread, fresh: Ref<PySet>) -> Value {
    if let Some(v) = EMPTY.get() {
        return v;
    }
    // Two threads may both get here: one object loses and is merely immortal. Its hash is set now, for good.
    fresh.unguarded().0.hash.set(numtext::hash::hash_frozenset(std::iter::empty()));
    th.m.make_immortal(fresh.obj());
    EMPTY.set(fresh.value());
    fresh.value()
}
