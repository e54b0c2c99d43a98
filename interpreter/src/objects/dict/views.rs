//! `dict_keys`, `dict_items`, `dict_values`: live views, records of the dict. The first two act like sets.

use super::access;
use super::iterators::{self, ITEM_ITERATOR, KEY_ITERATOR, VALUE_ITERATOR};
use crate::kinds::kind;
use crate::layout::*;
use crate::native::{NO_NEW, TypeDef};
use crate::objects::{list, set};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::{CmpOp, SlotTable};
use crate::types::type_of;
use crate::value::Value;

const SET_LIKE: SlotTable = SlotTable {
    repr: Some(repr),
    hash: Some(list::unhashable),
    richcmp: Some(richcmp),
    len: Some(len),
    sub: Some(sub),
    and: Some(and),
    or: Some(or),
    xor: Some(xor),
    ..SlotTable::EMPTY
};

/// `dict_keys`.
pub static KEYS: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(iter_keys), contains: Some(contains_key), ..SET_LIKE },
    ..TypeDef::new("dict_keys", kind::RECORD)
};

/// `dict_items`.
pub static ITEMS: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { iter: Some(iter_items), contains: Some(contains_item), ..SET_LIKE },
    ..TypeDef::new("dict_items", kind::RECORD)
};

/// `dict_values`.
pub static VALUES: TypeDef = TypeDef {
    flags: NO_NEW,
    slots: SlotTable { repr: Some(repr), iter: Some(iter_values), len: Some(len), ..SlotTable::EMPTY },
    ..TypeDef::new("dict_values", kind::RECORD)
};

fn dict_of(th: &mut Thread, v: Value) -> PyResult<Ref<PyDict>> {
    // The only slot is set when the view is made and never changes.
    match v.cast::<PyRecord>().and_then(|r| r.unguarded().at(0).get()).and_then(Value::cast::<PyDict>) {
        Some(d) => Ok(d),
        None => Err(list::not_a(th, "dict view", v)),
    }
}

fn is_set_view(v: Value) -> bool {
    let t = type_of(v).value();
    t == KEYS.class() || t == ITEMS.class()
}

fn iter_keys(th: &mut Thread, v: Value) -> PyResult {
    let d = dict_of(th, v)?;
    iterators::make(th, &KEY_ITERATOR, d)
}

fn iter_items(th: &mut Thread, v: Value) -> PyResult {
    let d = dict_of(th, v)?;
    iterators::make(th, &ITEM_ITERATOR, d)
}

fn iter_values(th: &mut Thread, v: Value) -> PyResult {
    let d = dict_of(th, v)?;
    iterators::make(th, &VALUE_ITERATOR, d)
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    let d = dict_of(th, v)?;
    access::len(th, d)
}

fn contains_key(th: &mut Thread, v: Value, k: Value) -> PyResult<bool> {
    let d = dict_of(th, v)?;
    access::contains(th, d, k)
}

fn contains_item(th: &mut Thread, v: Value, item: Value) -> PyResult<bool> {
    let d = dict_of(th, v)?;
    let Some(t) = item.payload::<PyTuple>() else { return Ok(false) };
    let [k, x] = *t.get().items() else { return Ok(false) };
    match access::get(th, d, k)? {
        Some(y) => ops::equal(th, x, y),
        None => Ok(false),
    }
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    list::guarded_repr(th, v, "...", |th| {
        let items = ops::collect(th, v)?;
        let l = th.new_list(ops::values(&items))?;
        let mut out = ops::type_name(v).into_bytes();
        out.push(b'(');
        list::push_repr(th, &mut out, l)?;
        out.push(b')');
        th.try_str(&out)
    })
}

/// True if every item of `a` is in `b`.
fn all_in(th: &mut Thread, a: Value, b: Value) -> PyResult<bool> {
    let it = ops::iter(th, a)?;
    while let Some(x) = ops::next(th, it)? {
        if !ops::contains(th, b, x)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    if !(set::is_any_set(b) || is_set_view(b)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (n, m) = (ops::len(th, a)?, ops::len(th, b)?);
    let r = match op {
        CmpOp::Eq => n == m && all_in(th, a, b)?,
        CmpOp::Ne => !(n == m && all_in(th, a, b)?),
        CmpOp::Lt => n < m && all_in(th, a, b)?,
        CmpOp::Le => n <= m && all_in(th, a, b)?,
        CmpOp::Gt => n > m && all_in(th, b, a)?,
        CmpOp::Ge => n >= m && all_in(th, b, a)?,
    };
    Ok(Value::from_bool(r))
}

fn sub(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let s = set::from_iterable(th, a)?;
    set::difference_update(th, s, b)?;
    Ok(s.value())
}

fn and(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let s = set::from_iterable(th, a)?;
    set::intersection(th, s, b, &set::SET).map(|r| r.value())
}

fn or(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let s = set::from_iterable(th, a)?;
    set::update(th, s, b)?;
    Ok(s.value())
}

fn xor(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let s = set::from_iterable(th, a)?;
    set::symmetric_difference_update(th, s, b)?;
    Ok(s.value())
}
