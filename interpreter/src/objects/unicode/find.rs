//! find, count, startswith and their kin.

use super::{from_object, text_of, widen, with_chars};
use crate::layout::{PyStr, PyTuple, PyUnicode};
use crate::native::Args;
use crate::objects::str::slice_range;
use crate::ops;
use crate::raised::PyResult;
use crate::text::search;
use crate::thread::Thread;
use crate::value::Value;

fn locate(th: &mut Thread, args: Args<'_>, last: bool) -> PyResult<Option<usize>> {
    let what = text_of(th, args.pos[1])?;
    let (s, e) = slice_range(th, &args, 2)?;
    let me = super::slots::chars(args.pos[0]);
    Ok(with_chars!(me, |t| match widen(what.get().chars()) {
        Some(w) => search::find_in(t, &w, s, e, last),
        None => None,
    }))
}

pub fn find(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = locate(th, args, false)?;
    Ok(th.int(p.map_or(-1, |p| p as i64)))
}

pub fn rfind(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = locate(th, args, true)?;
    Ok(th.int(p.map_or(-1, |p| p as i64)))
}

pub fn index(th: &mut Thread, args: Args<'_>) -> PyResult {
    match locate(th, args, false)? {
        Some(p) => Ok(th.int(p as i64)),
        None => Err(th.value_error("substring not found")),
    }
}

pub fn rindex(th: &mut Thread, args: Args<'_>) -> PyResult {
    match locate(th, args, true)? {
        Some(p) => Ok(th.int(p as i64)),
        None => Err(th.value_error("substring not found")),
    }
}

pub fn count(th: &mut Thread, args: Args<'_>) -> PyResult {
    let what = text_of(th, args.pos[1])?;
    let (s, e) = slice_range(th, &args, 2)?;
    let me = super::slots::chars(args.pos[0]);
    let (s, e) = search::clip(me.len(), s, e);
    let n = if s > e {
        0
    } else {
        with_chars!(me, |t| widen(what.get().chars()).map_or(0, |w| search::count(&t[s..e], &w, usize::MAX)))
    };
    Ok(th.int(n as i64))
}

pub fn startswith(th: &mut Thread, args: Args<'_>) -> PyResult {
    ends(th, args, false)
}

pub fn endswith(th: &mut Thread, args: Args<'_>) -> PyResult {
    ends(th, args, true)
}

fn ends(th: &mut Thread, args: Args<'_>, tail: bool) -> PyResult {
    let (s, e) = slice_range(th, &args, 2)?;
    if let Some(t) = args.pos[1].payload::<PyTuple>() {
        for w in t.get().items() {
            if matches_one(th, args.pos[0], *w, s, e, tail)? {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    if args.pos[1].payload::<PyStr>().is_none()
        && args.pos[1].payload::<PyUnicode>().is_none()
        && ops::slots_of(args.pos[1]).buffer.is_none()
    {
        let (n, f) = (ops::type_name(args.pos[1]), if tail { "endswith" } else { "startswith" });
        return Err(th.type_error(format!("{f} first arg must be str, unicode, or tuple, not {n}")));
    }
    matches_one(th, args.pos[0], args.pos[1], s, e, tail).map(Value::from_bool)
}

/// One prefix or suffix.
pub fn matches_one(th: &mut Thread, me: Value, w: Value, s: i64, e: i64, tail: bool) -> PyResult<bool> {
    let what = from_object(th, w)?;
    let me = super::slots::chars(me);
    Ok(with_chars!(me, |t| match widen(super::slots::chars(what)) {
        Some(w) => search::matches_end(t, &w, s, e, tail),
        None => false,
    }))
}
