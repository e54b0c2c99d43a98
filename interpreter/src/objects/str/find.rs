//! find, count, startswith and their kin.

use super::{Text, promote, slice_range, text_argument};
use crate::layout::{PyStr, PyTuple, PyUnicode};
use crate::native::Args;
use crate::objects::unicode as u;
use crate::ops;
use crate::raised::PyResult;
use crate::text::search;
use crate::thread::Thread;
use crate::value::Value;

fn locate(th: &mut Thread, args: Args<'_>, last: bool) -> PyResult<Result<Option<usize>, ()>> {
    let what = text_argument(th, args.pos[1])?;
    let (s, e) = slice_range(th, &args, 2)?;
    let me = th.str_bytes(args.pos[0]);
    Ok(match what {
        Text::Bytes(w) => Ok(search::find_in(me, w, s, e, last)),
        Text::Unicode(_) => Err(()),
    })
}

fn found(th: &mut Thread, p: Option<usize>) -> PyResult {
    Ok(th.int(p.map_or(-1, |p| p as i64)))
}

pub(super) fn find(th: &mut Thread, args: Args<'_>) -> PyResult {
    match locate(th, args, false)? {
        Ok(p) => found(th, p),
        Err(()) => promote(th, args, u::find::find),
    }
}

pub(super) fn rfind(th: &mut Thread, args: Args<'_>) -> PyResult {
    match locate(th, args, true)? {
        Ok(p) => found(th, p),
        Err(()) => promote(th, args, u::find::rfind),
    }
}

pub(super) fn index(th: &mut Thread, args: Args<'_>) -> PyResult {
    match locate(th, args, false)? {
        Ok(None) => Err(th.value_error("substring not found")),
        Ok(p) => found(th, p),
        Err(()) => promote(th, args, u::find::index),
    }
}

pub(super) fn rindex(th: &mut Thread, args: Args<'_>) -> PyResult {
    match locate(th, args, true)? {
        Ok(None) => Err(th.value_error("substring not found")),
        Ok(p) => found(th, p),
        Err(()) => promote(th, args, u::find::rindex),
    }
}

pub(super) fn count(th: &mut Thread, args: Args<'_>) -> PyResult {
    let what = text_argument(th, args.pos[1])?;
    let (s, e) = slice_range(th, &args, 2)?;
    let me = th.str_bytes(args.pos[0]);
    match what {
        Text::Bytes(w) => {
            let (s, e) = search::clip(me.len(), s, e);
            let n = if s > e { 0 } else { search::count(&me[s..e], w, usize::MAX) };
            Ok(th.int(n as i64))
        }
        Text::Unicode(_) => promote(th, args, u::find::count),
    }
}

pub(super) fn startswith(th: &mut Thread, args: Args<'_>) -> PyResult {
    ends(th, args, false)
}

pub(super) fn endswith(th: &mut Thread, args: Args<'_>) -> PyResult {
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

fn matches_one(th: &mut Thread, me: Value, w: Value, s: i64, e: i64, tail: bool) -> PyResult<bool> {
    match text_argument(th, w)? {
        Text::Bytes(w) => Ok(search::matches_end(th.str_bytes(me), w, s, e, tail)),
        Text::Unicode(_) => {
            let me = u::from_object(th, me)?;
            u::find::matches_one(th, me, w, s, e, tail)
        }
    }
}
