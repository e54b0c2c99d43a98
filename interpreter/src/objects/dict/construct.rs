//! Making, filling and merging dicts.

use super::access::{self, walk};
use super::{DICT, this};
use crate::layout::*;
use crate::names;
use crate::native::Args;
use crate::objects::unpack::expect_args;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

pub(super) fn new(th: &mut Thread, class: Value, _args: Args<'_>) -> PyResult {
    let base = th.new_dict();
    crate::types::wrap_new(th, class, &DICT, base)
}

pub(super) fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    expect_args(th, &args, 0, "dict", 0, 1)?;
    update_from_args(th, v, args)
}

/// `update(other, **kw)` with the arguments after self.
pub(super) fn update_from_args(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let d = this(th, v)?;
    if let Some(other) = args.get(0) {
        update(th, d, other)?;
    }
    for (k, x) in args.keywords() {
        access::set(th, d, k, x)?;
    }
    Ok(())
}

/// True if the value has the attribute; every exception counts as "no".
fn has_attribute(th: &mut Thread, v: Value, name: Value) -> PyResult<bool> {
    match ops::getattr(th, v, name) {
        Ok(_) => Ok(true),
        Err(e) => e.catch(th).map(|_| false),
    }
}

/// `d.update(other)`: from a dict, a mapping with `keys`, or a sequence of pairs.
pub fn update(th: &mut Thread, d: Ref<PyDict>, other: Value) -> PyResult<()> {
    if let Some(o) = other.cast::<PyDict>() {
        return merge_dict(th, d, o, true);
    }
    let keys = names::keys.get(th);
    if has_attribute(th, other, keys)? {
        merge_mapping(th, d, other, true)
    } else {
        merge_pairs(th, d, other, true)
    }
}

/// Takes over the items of another dict; without `replace` only those with new keys.
pub fn merge_dict(th: &mut Thread, d: Ref<PyDict>, from: Ref<PyDict>, replace: bool) -> PyResult<()> {
    if d == from {
        return Ok(());
    }
    let n = access::len(th, from)?;
    let to = d.read(th)?;
    if to.used.get() == 0 && !super::table::is_namespace(to) && !super::table::is_namespace(from.read(th)?) {
        return super::table::copy_into(th, from, d);
    }
    if n > 8 {
        super::table::reserve(th, d, n)?;
    }
    let mut pos = 0;
    while let Some(x) = walk(th, from, &mut pos)? {
        if replace || access::get_hashed(th, d, x.key, x.hash)?.is_none() {
            access::set_hashed(th, d, x.key, x.hash, x.value)?;
        }
    }
    Ok(())
}

/// Takes over the items of any mapping.
pub fn merge_mapping(th: &mut Thread, d: Ref<PyDict>, from: Value, replace: bool) -> PyResult<()> {
    if let Some(o) = from.payload::<PyDict>() {
        return merge_dict(th, d, o, replace);
    }
    let keys = ops::call_method(th, from, &names::keys, &[])?;
    let it = ops::iter(th, keys)?;
    while let Some(k) = ops::next(th, it)? {
        if !replace && access::contains(th, d, k)? {
            continue;
        }
        let v = ops::getitem(th, from, k)?;
        access::set(th, d, k, v)?;
    }
    Ok(())
}

/// Takes over the items of any mapping, replacing those with equal keys.
pub fn merge(th: &mut Thread, d: Value, from: Value) -> PyResult<()> {
    let d = access::DictLike::dict(d, th)?;
    merge_mapping(th, d, from, true)
}

/// Takes over pairs from an iterable.
pub fn merge_pairs(th: &mut Thread, d: Ref<PyDict>, from: Value, replace: bool) -> PyResult<()> {
    let it = ops::iter(th, from)?;
    let mut i = 0usize;
    while let Some(item) = ops::next(th, it)? {
        let pair = match item.cast::<PyTuple>() {
            Some(_) => ops::collect(th, item)?,
            None => match pair_items(th, item) {
                Ok(p) => p,
                Err(e) => {
                    e.catch_if(th, crate::objects::exceptions::TYPE_ERROR.class())?;
                    return Err(th.type_error(format!(
                        "cannot convert dictionary update sequence element #{i} to a sequence"
                    )));
                }
            },
        };
        if pair.len() != 2 {
            let n = pair.len();
            return Err(th.value_error(format!(
                "dictionary update sequence element #{i} has length {n}; 2 is required"
            )));
        }
        let (k, v) = (ops::values(&pair)[0], ops::values(&pair)[1]);
        if replace || !access::contains(th, d, k)? {
            access::set(th, d, k, v)?;
        }
        i += 1;
    }
    Ok(())
}

fn pair_items(th: &mut Thread, item: Value) -> PyResult<gc_stm::RootVec> {
    if item.cast::<PyList>().is_some() {
        return ops::collect(th, item);
    }
    let it = ops::iter(th, item)?;
    let out = th.m.root_vec();
    while let Some(v) = ops::next(th, it)? {
        out.push(v.bits());
    }
    Ok(out)
}

/// `dict.fromkeys(iterable[, value])`, a class method.
pub(super) fn fromkeys(th: &mut Thread, args: Args<'_>) -> PyResult {
    expect_args(th, &args, 1, "fromkeys", 1, 2)?;
    let (class, items) = (args.pos[0], args.pos[1]);
    let value = args.get(2).unwrap_or(Value::NONE);
    let d = ops::call(th, class, &[])?;
    if let Some(r) = d.cast::<PyDict>() {
        if let Some(from) = items.cast::<PyDict>() {
            let mut pos = 0;
            while let Some(x) = walk(th, from, &mut pos)? {
                access::set_hashed(th, r, x.key, x.hash, value)?;
            }
            return Ok(d);
        }
        if let Some(from) = items.cast::<PySet>() {
            let mut pos = 0;
            while let Some(x) = walk(th, from.table(), &mut pos)? {
                access::set_hashed(th, r, x.key, x.hash, value)?;
            }
            return Ok(d);
        }
    }
    let it = ops::iter(th, items)?;
    while let Some(k) = ops::next(th, it)? {
        match d.cast::<PyDict>() {
            Some(r) => access::set(th, r, k, value)?,
            None => ops::setitem(th, d, k, Some(value))?,
        }
    }
    Ok(d)
}
