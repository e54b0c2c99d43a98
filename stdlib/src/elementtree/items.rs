//! An element as a sequence of its children.

use super::element::{CHILDREN, add_child, children, is_element};
use super::set;
use interpreter::layout::{PyList, PySlice};
use interpreter::native::Args;
use interpreter::objects::list;
use interpreter::{PyResult, Slot, Thread, Value, names, ops};

pub(super) fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    match children(th, v)?.and_then(|c| c.cast::<PyList>()) {
        Some(l) => Ok(l.read(th)?.len.get()),
        None => Ok(0),
    }
}

/// The list of children, made if there is none.
fn ensure(th: &mut Thread, v: Value) -> PyResult {
    match children(th, v)? {
        Some(c) => Ok(c),
        None => {
            let l = th.new_list(&[])?;
            set(th, v, CHILDREN, Some(l))?;
            Ok(l)
        }
    }
}

fn check(th: &mut Thread, v: Value, function: &str, i: usize) -> PyResult<()> {
    if is_element(v) {
        return Ok(());
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("{function}() argument {i} must be Element, not {n}")))
}

pub(super) fn getitem(th: &mut Thread, v: Value, k: Value) -> PyResult {
    let l = match children(th, v)? {
        Some(l) => l,
        None => th.new_list(&[])?,
    };
    if k.cast::<PySlice>().is_some() {
        return ops::getitem(th, l, k);
    }
    index(th, k)?;
    match ops::getitem(th, l, k) {
        Ok(x) => Ok(x),
        Err(e) => {
            e.catch_if(th, interpreter::objects::exceptions::INDEX_ERROR.class())?;
            Err(th.index_error("child index out of range"))
        }
    }
}

fn index(th: &mut Thread, k: Value) -> PyResult<()> {
    if ops::int_value(k).is_none() && ops::slots_of(k).index.is_none() {
        return Err(th.type_error("element indices must be integers"));
    }
    Ok(())
}

pub(super) fn setitem(th: &mut Thread, v: Value, k: Value, x: Slot) -> PyResult<()> {
    let l = ensure(th, v)?;
    if k.cast::<PySlice>().is_some() {
        let x = match x {
            Some(x) => Some(elements(th, x)?),
            None => None,
        };
        return ops::setitem(th, l, k, x);
    }
    index(th, k)?;
    match ops::setitem(th, l, k, x) {
        Ok(()) => Ok(()),
        Err(e) => {
            e.catch_if(th, interpreter::objects::exceptions::INDEX_ERROR.class())?;
            Err(th.index_error("child assignment index out of range"))
        }
    }
}

/// A list from any iterable; whether they are elements shows when somebody uses them.
fn elements(th: &mut Thread, x: Value) -> PyResult {
    let all = match ops::collect(th, x) {
        Ok(a) => a,
        Err(e) => {
            e.catch_if(th, interpreter::objects::exceptions::TYPE_ERROR.class())?;
            let n = ops::type_name(x);
            return Err(th.type_error(format!("expected sequence, not \"{n}\"")));
        }
    };
    th.new_list(ops::values(&all))
}

pub(super) fn getslice(th: &mut Thread, v: Value, i: i64, j: i64) -> PyResult {
    let l = match children(th, v)? {
        Some(l) => l,
        None => th.new_list(&[])?,
    };
    let (i, j) = (th.int(i), th.int(j));
    ops::get_slice(th, l, Some(i), Some(j))
}

pub(super) fn setslice(th: &mut Thread, v: Value, i: i64, j: i64, x: Slot) -> PyResult<()> {
    let l = ensure(th, v)?;
    let x = match x {
        Some(x) => Some(elements(th, x)?),
        None => None,
    };
    let (i, j) = (th.int(i), th.int(j));
    ops::set_slice(th, l, Some(i), Some(j), x)
}

pub(super) fn append(th: &mut Thread, args: Args<'_>) -> PyResult {
    check(th, args.pos[1], "append", 1)?;
    add_child(th, args.pos[0], args.pos[1])?;
    Ok(Value::NONE)
}

pub(super) fn extend(th: &mut Thread, args: Args<'_>) -> PyResult {
    let all = match ops::collect(th, args.pos[1]) {
        Ok(a) => a,
        Err(e) => {
            e.catch_if(th, interpreter::objects::exceptions::TYPE_ERROR.class())?;
            let n = ops::type_name(args.pos[1]);
            return Err(th.type_error(format!("expected sequence, not \"{n}\"")));
        }
    };
    for e in ops::values(&all) {
        add_child(th, args.pos[0], *e)?;
    }
    Ok(Value::NONE)
}

pub(super) fn insert(th: &mut Thread, args: Args<'_>) -> PyResult {
    ops::integer_arg(th, args.pos[1])?;
    check(th, args.pos[2], "insert", 2)?;
    let l = ensure(th, args.pos[0])?;
    let name = th.intern(b"insert");
    let f = ops::getattr(th, l, name)?;
    ops::call(th, f, &args.pos[1..3])
}

pub(super) fn remove(th: &mut Thread, args: Args<'_>) -> PyResult {
    check(th, args.pos[1], "remove", 1)?;
    let l = ensure(th, args.pos[0])?;
    let all = ops::collect(th, l)?;
    // The element itself before one that only says it is equal.
    let mut found = ops::values(&all).iter().position(|e| *e == args.pos[1]);
    if found.is_none() {
        for (i, e) in ops::values(&all).iter().enumerate() {
            if ops::equal(th, *e, args.pos[1])? {
                found = Some(i);
                break;
            }
        }
    }
    match found {
        Some(i) => {
            let i = th.int(i as i64);
            ops::setitem(th, l, i, None)?;
            Ok(Value::NONE)
        }
        None => Err(th.value_error("list.remove(x): x not in list")),
    }
}

pub(super) fn getchildren(th: &mut Thread, args: Args<'_>) -> PyResult {
    match children(th, args.pos[0])? {
        Some(c) => {
            let all = ops::collect(th, c)?;
            th.new_list(ops::values(&all))
        }
        None => th.new_list(&[]),
    }
}

/// Appends to a list.
pub(super) fn push(th: &mut Thread, l: Value, x: Value) -> PyResult<()> {
    if l.cast::<PyList>().is_some() {
        return list::push(th, l, x);
    }
    ops::call_method(th, l, &names::append, &[x]).map(|_| ())
}
