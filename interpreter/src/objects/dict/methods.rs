//! Slots and methods of `dict`.

use super::access::{self, walk};
use super::{construct, iterators, namespace, table, this, views};
use crate::layout::*;
use crate::names;
use crate::native::{Args, CLASS, KEYWORDS, MethodDef, RETRY, VARIADIC};
use crate::objects::list::storage;
use crate::objects::unpack::expect_args;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

pub(super) static METHODS: &[MethodDef] = &[
    MethodDef::new("has_key", has_key, 1, 1, RETRY, "D.has_key(k) -> whether D has the key k"),
    MethodDef::new("get", get, 0, VARIADIC, RETRY, "D.get(k[, d]) -> D[k] if D has the key k, else d (None)"),
    MethodDef::new(
        "setdefault",
        setdefault,
        0,
        VARIADIC,
        RETRY,
        "D.setdefault(k[, d]) -> D[k], which becomes d (None) if k was not there",
    ),
    MethodDef::new(
        "pop",
        pop,
        0,
        VARIADIC,
        RETRY,
        "D.pop(k[, d]) -> value of the key, which leaves D; d, if given, when there is none",
    ),
    MethodDef::new("popitem", popitem, 0, 0, 0, "D.popitem() -> (key, value), a pair that leaves D"),
    MethodDef::new("keys", keys, 0, 0, 0, "D.keys() -> list of the keys"),
    MethodDef::new("values", values, 0, 0, 0, "D.values() -> list of the values"),
    MethodDef::new("items", items, 0, 0, 0, "D.items() -> list of (key, value) pairs"),
    MethodDef::new("iterkeys", iterkeys, 0, 0, 0, "D.iterkeys() -> iterator over the keys"),
    MethodDef::new("itervalues", itervalues, 0, 0, 0, "D.itervalues() -> iterator over the values"),
    MethodDef::new("iteritems", iteritems, 0, 0, 0, "D.iteritems() -> iterator over the (key, value) pairs"),
    MethodDef::new("viewkeys", viewkeys, 0, 0, 0, "D.viewkeys() -> a set-like view of the keys"),
    MethodDef::new("viewvalues", viewvalues, 0, 0, 0, "D.viewvalues() -> a view of the values"),
    MethodDef::new(
        "viewitems",
        viewitems,
        0,
        0,
        0,
        "D.viewitems() -> a set-like view of the (key, value) pairs",
    ),
    MethodDef::new(
        "update",
        update,
        0,
        VARIADIC,
        KEYWORDS,
        "D.update([other], **kw): take over the items of a mapping or of an iterable of pairs, then the keywords",
    ),
    MethodDef::new("clear", clear, 0, 0, 0, "D.clear(): remove all items"),
    MethodDef::new("copy", copy, 0, 0, 0, "D.copy() -> a dict with the same items"),
    MethodDef::new(
        "fromkeys",
        construct::fromkeys,
        0,
        VARIADIC,
        CLASS,
        "dict.fromkeys(iterable[, v]) -> dict with these keys, all bound to v (None)",
    ),
    MethodDef::new("__sizeof__", sizeof, 0, 0, 0, "Size of the dict in memory, in bytes."),
];

pub(super) fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    let d = this(th, v)?;
    access::len(th, d)
}

#[inline]
pub(super) fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let d = this(th, v)?;
    match access::get(th, d, k)? {
        Some(x) => Ok(x),
        None => missing(th, v, k),
    }
}

#[cold]
fn missing(th: &mut Thread, v: Value, k: Value) -> PyResult {
    if v.cast::<PyDict>().is_none()
        && let Some(x) = ops::call_special(th, v, &names::__missing__, &[k])?
    {
        return Ok(x);
    }
    Err(th.key_error(k))
}

#[inline]
pub(super) fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let d = this(th, v)?;
    match x {
        Some(x) => access::set(th, d, k, x),
        None if access::delete(th, d, k)? => Ok(()),
        None => Err(th.key_error(k)),
    }
}

pub(super) fn contains(th: &mut Thread, v: Value, k: Value) -> PyResult<bool> {
    let d = this(th, v)?;
    access::contains(th, d, k)
}

fn has_key(th: &mut Thread, args: Args<'_>) -> PyResult {
    contains(th, args.pos[0], args.pos[1]).map(Value::from_bool)
}

fn get(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 1, "get", 1, 2)?;
    let d = this(th, args.pos[0])?;
    Ok(access::get(th, d, args.pos[1])?.or(args.get(2)).unwrap_or(Value::NONE))
}

fn setdefault(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 1, "setdefault", 1, 2)?;
    let d = this(th, args.pos[0])?;
    access::setdefault(th, d, args.pos[1], args.get(2).unwrap_or(Value::NONE))
}

fn pop(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 1, "pop", 1, 2)?;
    let d = this(th, args.pos[0])?;
    // An empty dict does not hash the key.
    let found = if access::len(th, d)? == 0 { None } else { access::pop(th, d, args.pos[1])? };
    match found.or(args.get(2)) {
        Some(x) => Ok(x),
        None => Err(th.key_error(args.pos[1])),
    }
}

fn popitem(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    match access::last_entry(th, d)? {
        Some((e, k, v)) => {
            access::remove_entry(th, d, e)?;
            Ok(th.new_tuple(&[k, v]))
        }
        None => {
            let m = th.new_str(b"popitem(): dictionary is empty");
            Err(th.key_error(m))
        }
    }
}

/// A list made of all live entries.
fn list_of(th: &mut Thread, v: Value, part: impl Fn(&Thread, access::Entry) -> Value) -> PyResult {
    let d = this(th, v)?;
    let n = access::len(th, d)?;
    let mut pos = 0;
    let mut failed = None;
    let r = storage::build(th, n, |_| match access::walk(th, d, &mut pos) {
        Ok(Some(e)) => part(th, e),
        Ok(None) => Value::NONE,
        Err(e) => {
            failed = Some(e);
            Value::NONE
        }
    });
    match failed {
        Some(e) => Err(e),
        None => r,
    }
}

fn keys(th: &mut Thread, args: Args<'_>) -> PyResult {
    list_of(th, args.pos[0], |_, e| e.key)
}

fn values(th: &mut Thread, args: Args<'_>) -> PyResult {
    list_of(th, args.pos[0], |_, e| e.value)
}

fn items(th: &mut Thread, args: Args<'_>) -> PyResult {
    list_of(th, args.pos[0], |th, e| th.new_tuple(&[e.key, e.value]))
}

fn iterkeys(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    iterators::make(th, &iterators::KEY_ITERATOR, d)
}

fn itervalues(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    iterators::make(th, &iterators::VALUE_ITERATOR, d)
}

fn iteritems(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    iterators::make(th, &iterators::ITEM_ITERATOR, d)
}

fn viewkeys(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    Ok(th.new_record(&views::KEYS, &[Some(d.value())]))
}

fn viewvalues(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    Ok(th.new_record(&views::VALUES, &[Some(d.value())]))
}

fn viewitems(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    Ok(th.new_record(&views::ITEMS, &[Some(d.value())]))
}

fn update(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 1, "update", 0, 1)?;
    construct::update_from_args(th, args.pos[0], args.skip(1))?;
    Ok(Value::NONE)
}

fn clear(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    access::clear(th, d)?;
    Ok(Value::NONE)
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    access::copy(th, d)
}

fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = this(th, args.pos[0])?;
    let t = d.read(th)?;
    let n = round16(size_of::<PyDict>())
        + t.entry_storage().map_or(0, |s| Storage::size_for(s.capacity))
        + t.index_bytes().map_or(0, |b| Bytes::size_for(b.capacity));
    let mut cells = 0;
    if table::is_namespace(t) {
        cells = (0..t.used.get()).filter(|e| namespace::cell_at(t, *e).is_some()).count() * 32;
    }
    Ok(th.int((n + cells) as i64))
}

/// All keys, kept as roots.
pub fn key_words(th: &Thread, d: Ref<PyDict>) -> PyResult<gc_stm::RootVec> {
    let out = th.m.root_vec();
    let mut pos = 0;
    while let Some(e) = walk(th, d, &mut pos)? {
        out.push(e.key.bits());
    }
    Ok(out)
}
