//! The methods of `set` and `frozenset`.

use super::compare::{lookup_key, subset};
use super::construct::{self, as_type_of, base_def, copy_as, from_iterable};
use super::core::{self, contains_hashed, discard_hashed, next_key};
use super::{FROZENSET, SET, operators, this};
use crate::layout::*;
use crate::names;
use crate::native::{Args, MethodDef, RETRY, VARIADIC};
use crate::objects::dict::table;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::type_of;
use crate::value::Value;

macro_rules! methods {
    ($name:ident: $($extra:expr),* $(,)?) => {
        pub(super) static $name: &[MethodDef] = &[
            MethodDef::new("copy", copy, 0, 0, 0, "A set with the same items."),
            MethodDef::new("union", union, 0, VARIADIC, 0, "The items of this set and of all the iterables."),
            MethodDef::new("intersection", intersection, 0, VARIADIC, 0, "The items of this set that are in all the iterables."),
            MethodDef::new("difference", difference, 0, VARIADIC, 0, "The items of this set that are in none of the iterables."),
            MethodDef::new("symmetric_difference", symmetric_difference, 1, 1, 0, "The items of this set or the iterable, but not both."),
            MethodDef::new("issubset", issubset, 1, 1, 0, "True if the iterable has all items of this set."),
            MethodDef::new("issuperset", issuperset, 1, 1, 0, "True if this set has all items of the iterable."),
            MethodDef::new("isdisjoint", isdisjoint, 1, 1, 0, "True if no item of the iterable is in this set."),
            MethodDef::new("__reduce__", reduce, 0, 0, 0, "How to pickle the set."),
            MethodDef::new("__sizeof__", sizeof, 0, 0, 0, "Size of the set in memory, in bytes."),
            $($extra,)*
        ];
    };
}

methods!(FROZENSET_METHODS:);
methods!(SET_METHODS:
    MethodDef::new("add", add, 1, 1, RETRY, "Put an item into the set."),
    MethodDef::new("remove", remove, 1, 1, RETRY, "Take an item out of the set; KeyError if it is not there."),
    MethodDef::new("discard", discard, 1, 1, RETRY, "Take an item out of the set if it is there."),
    MethodDef::new("pop", pop, 0, 0, 0, "Take some item out of the set and return it; KeyError if it is empty."),
    MethodDef::new("clear", clear, 0, 0, 0, "Take all items out of the set."),
    MethodDef::new("update", update, 0, VARIADIC, 0, "Put the items of all the iterables into the set."),
    MethodDef::new("intersection_update", intersection_update, 0, VARIADIC, 0, "Keep the items that are in all the iterables."),
    MethodDef::new("difference_update", difference_update, 0, VARIADIC, 0, "Take out the items of all the iterables."),
    MethodDef::new("symmetric_difference_update", symmetric_difference_update, 1, 1, 0,
        "Take out the items of the iterable that are there, put in the others."),
);

pub(super) fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    let s = this(th, v)?;
    core::len(th, s)
}

pub(super) fn contains(th: &mut Thread, v: Value, key: Value) -> PyResult<bool> {
    let s = this(th, v)?;
    let (k, h) = lookup_key(th, key)?;
    contains_hashed(th, s, k, h)
}

fn add(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    core::add(th, s, args.pos[1])?;
    Ok(Value::NONE)
}

fn take_out(th: &mut Thread, args: Args<'_>) -> PyResult<bool> {
    let s = this(th, args.pos[0])?;
    let (k, h) = lookup_key(th, args.pos[1])?;
    discard_hashed(th, s, k, h)
}

fn remove(th: &mut Thread, args: Args<'_>) -> PyResult {
    if take_out(th, args)? { Ok(Value::NONE) } else { Err(th.key_error(args.pos[1])) }
}

fn discard(th: &mut Thread, args: Args<'_>) -> PyResult {
    take_out(th, args)?;
    Ok(Value::NONE)
}

fn pop(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    match core::last(th, s)? {
        Some((e, k)) => {
            table::remove(th, s.table(), e)?;
            Ok(k)
        }
        None => {
            let m = th.new_str(b"pop from an empty set");
            Err(th.key_error(m))
        }
    }
}

fn clear(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    table::clear(th, s.table())?;
    Ok(Value::NONE)
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    if type_of(v).value() == FROZENSET.class() { Ok(v) } else { construct::copy(th, v) }
}

fn update(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    for x in &args.pos[1..] {
        construct::update(th, s, *x)?;
    }
    Ok(Value::NONE)
}

fn union(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = construct::copy(th, args.pos[0])?;
    let (s, me) = (this(th, r)?, this(th, args.pos[0])?);
    for x in &args.pos[1..] {
        if x.payload::<PySet>() != Some(me) {
            construct::update(th, s, *x)?;
        }
    }
    Ok(r)
}

/// What `intersection` of several iterables leaves: a set of exactly the type `def`.
fn intersect_all(th: &mut Thread, args: Args<'_>) -> PyResult<Ref<PySet>> {
    let s = this(th, args.pos[0])?;
    let def = base_def(s);
    if args.pos.len() == 1 {
        return copy_as(th, s, def);
    }
    let mut r = s;
    for x in &args.pos[1..] {
        r = operators::intersection(th, r, *x, def)?;
    }
    Ok(r)
}

fn intersection(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = intersect_all(th, args)?;
    as_type_of(th, args.pos[0], r)
}

fn intersection_update(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = intersect_all(th, args)?;
    let s = this(th, args.pos[0])?;
    operators::take(th, s, r)?;
    Ok(Value::NONE)
}

fn difference(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let Some(first) = args.get(1) else { return construct::copy(th, v) };
    let r = operators::difference(th, v, first)?;
    let s = this(th, r)?;
    for x in &args.pos[2..] {
        operators::difference_update(th, s, *x)?;
    }
    Ok(r)
}

fn difference_update(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    for x in &args.pos[1..] {
        operators::difference_update(th, s, *x)?;
    }
    Ok(Value::NONE)
}

fn symmetric_difference(th: &mut Thread, args: Args<'_>) -> PyResult {
    operators::symmetric_difference(th, args.pos[0], args.pos[1])
}

fn symmetric_difference_update(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    operators::symmetric_difference_update(th, s, args.pos[1])?;
    Ok(Value::NONE)
}

/// An argument as a set.
fn as_set(th: &mut Thread, v: Value) -> PyResult<Ref<PySet>> {
    match v.payload::<PySet>() {
        Some(s) => Ok(s),
        None => from_iterable(th, v),
    }
}

fn issubset(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (s, o) = (this(th, args.pos[0])?, as_set(th, args.pos[1])?);
    subset(th, s, o).map(Value::from_bool)
}

fn issuperset(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (s, o) = (this(th, args.pos[0])?, as_set(th, args.pos[1])?);
    subset(th, o, s).map(Value::from_bool)
}

fn isdisjoint(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    if let Some(o) = args.pos[1].payload::<PySet>() {
        if o == s {
            return Ok(Value::from_bool(core::len(th, s)? == 0));
        }
        let (small, large) = if core::len(th, o)? > core::len(th, s)? { (s, o) } else { (o, s) };
        let mut pos = 0;
        while let Some((k, h)) = next_key(th, small, &mut pos)? {
            if contains_hashed(th, large, k, h)? {
                return Ok(Value::FALSE);
            }
        }
        return Ok(Value::TRUE);
    }
    let it = ops::iter(th, args.pos[1])?;
    while let Some(k) = ops::next(th, it)? {
        if core::contains(th, s, k)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let s = this(th, v)?;
    let items = th.m.root_vec();
    let mut pos = 0;
    while let Some((k, _)) = next_key(th, s, &mut pos)? {
        items.push(k.bits());
    }
    let items = th.new_list(ops::values(&items))?;
    let items = th.new_tuple(&[items]);
    let name = names::__dict__.get(th);
    let d = ops::getattr_opt(th, v, name)?.unwrap_or(Value::NONE);
    Ok(th.new_tuple(&[type_of(v).value(), items, d]))
}

fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = this(th, args.pos[0])?;
    let t = s.table().read(th)?;
    let n = round16(size_of::<PyDict>())
        + t.entry_storage().map_or(0, |s| Storage::size_for(s.capacity))
        + t.index_bytes().map_or(0, |b| Bytes::size_for(b.capacity));
    debug_assert!(std::ptr::eq(base_def(s), &SET) || std::ptr::eq(base_def(s), &FROZENSET));
    Ok(th.int(n as i64))
}
