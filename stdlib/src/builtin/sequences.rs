//! `sorted`, `sum`, `zip`.

use super::unpack;
use interpreter::layout::{PyList, PyStr, PyUnicode};
use interpreter::native::Args;
use interpreter::objects as o;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

pub(super) fn sorted(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [seq, cmp, key, reverse] = args.bind(th, "sorted", ["iterable", "cmp", "key", "reverse"], 1)?;
    let items = ops::collect(th, seq.unwrap_or(Value::NONE))?;
    let reverse = match reverse {
        Some(v) => ops::int32_arg(th, v)? != 0,
        None => false,
    };
    let list = th.new_list(ops::values(&items))?;
    drop(items);
    if let Some(l) = list.cast::<PyList>() {
        o::list::sort_list(th, l, cmp.filter(|v| !v.is_none()), key.filter(|v| !v.is_none()), reverse)?;
    }
    Ok(list)
}

pub(super) fn sum(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [seq, start] = unpack(th, &args, "sum", 1)?;
    let it = ops::iter(th, seq.unwrap_or(Value::NONE))?;
    let mut result = match start {
        None => th.int(0),
        Some(s) => {
            if s.payload::<PyStr>().is_some() || s.payload::<PyUnicode>().is_some() {
                return Err(th.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
            }
            s
        }
    };
    while let Some(x) = ops::next(th, it)? {
        result = match (result.as_small_int(), x.as_small_int()) {
            (Some(a), Some(b)) => th.int(a + b),
            _ if result.is_flonum() && x.is_flonum() => {
                th.float(result.flonum_unchecked() + x.flonum_unchecked())
            }
            _ => ops::binary(th, result, x, &ops::ADD)?,
        };
    }
    Ok(result)
}

pub(super) fn zip(th: &mut Thread, args: Args<'_>) -> PyResult {
    let its = th.m.root_vec();
    for s in args.pos {
        o::list::check_hint(th, *s)?;
    }
    for (i, s) in args.pos.iter().enumerate() {
        match ops::iter(th, *s) {
            Ok(it) => its.push(it.bits()),
            Err(e) => {
                e.catch_if(th, o::exceptions::TYPE_ERROR.class())?;
                return Err(th.type_error(format!("zip argument #{} must support iteration", i + 1)));
            }
        }
    }
    let out = th.m.root_vec();
    if !its.is_empty() {
        'rows: loop {
            let row = th.m.root_vec();
            for i in 0..its.len() {
                match ops::next(th, ops::values(&its)[i])? {
                    Some(x) => row.push(x.bits()),
                    None => break 'rows,
                }
            }
            out.push(th.try_tuple(ops::values(&row))?.bits());
            if out.len().is_multiple_of(4096) {
                th.native_poll()?;
            }
        }
    }
    th.new_list(ops::values(&out))
}
