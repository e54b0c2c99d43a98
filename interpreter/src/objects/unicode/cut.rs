//! split, partition, splitlines, strip.

use super::slots::{chars, part};
use super::{from_units, text_of, widen, with_chars};
use crate::layout::{Chars, PyStr, PyUnicode};
use crate::native::Args;
use crate::objects::str::max_split;
use crate::ops;
use crate::raised::PyResult;
use crate::text::{Char, cut, search};
use crate::thread::Thread;
use crate::value::Value;
use std::ops::Range;

fn list_of(th: &Thread, c: Chars<'_>, ranges: &[Range<usize>]) -> PyResult {
    let mut out = Vec::with_capacity(ranges.len());
    for r in ranges {
        out.push(part(th, c, r.clone())?);
    }
    th.new_list(&out)
}

fn space<C: Char>(c: C) -> bool {
    unidata::is_space(c.value())
}

pub fn split(th: &mut Thread, args: Args<'_>) -> PyResult {
    pieces(th, args, false)
}

pub fn rsplit(th: &mut Thread, args: Args<'_>) -> PyResult {
    pieces(th, args, true)
}

fn pieces(th: &mut Thread, args: Args<'_>, right: bool) -> PyResult {
    let most = max_split(th, &args, 2)?;
    let me = chars(args.pos[0]);
    let mut out = Vec::new();
    match args.get(1) {
        None | Some(Value::NONE) => with_chars!(me, |t| if right {
            cut::rsplit_space(t, space, most, |r| out.push(r))
        } else {
            cut::split_space(t, space, most, |r| out.push(r))
        }),
        Some(sep) => {
            let sep = text_of(th, sep)?;
            if sep.get().len == 0 {
                return Err(th.value_error("empty separator"));
            }
            with_chars!(me, |t| match widen(sep.get().chars()) {
                Some(s) if right => cut::rsplit(t, &s, most, |r| out.push(r)),
                Some(s) => cut::split(t, &s, most, |r| out.push(r)),
                None => out.push(0..t.len()),
            })
        }
    }
    if right {
        out.reverse();
    }
    list_of(th, me, &out)
}

pub fn splitlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let keep = match args.get(1) {
        Some(k) => ops::integer_arg(th, k)? != 0,
        None => false,
    };
    let me = chars(args.pos[0]);
    let mut out = Vec::new();
    with_chars!(me, |t| cut::lines(t, |c| unidata::is_line_break(c.value()), keep, |r| out.push(r)));
    list_of(th, me, &out)
}

fn around(th: &mut Thread, args: Args<'_>, last: bool) -> PyResult {
    let sep = text_of(th, args.pos[1])?;
    if sep.get().len == 0 {
        return Err(th.value_error("empty separator"));
    }
    let me = chars(args.pos[0]);
    let place =
        with_chars!(me, |t| widen(sep.get().chars()).and_then(|s| search::find_in(t, &s, 0, i64::MAX, last)));
    let e = super::empty(th)?;
    let whole = args.pos[0].base_object();
    Ok(match place {
        Some(p) => {
            let (a, b) = (part(th, me, 0..p)?, part(th, me, p + sep.get().len..me.len())?);
            th.new_tuple(&[a, sep.value(), b])
        }
        None if last => th.new_tuple(&[e, e, whole]),
        None => th.new_tuple(&[whole, e, e]),
    })
}

pub fn partition(th: &mut Thread, args: Args<'_>) -> PyResult {
    around(th, args, false)
}

pub fn rpartition(th: &mut Thread, args: Args<'_>) -> PyResult {
    around(th, args, true)
}

pub fn strip(th: &mut Thread, args: Args<'_>) -> PyResult {
    strip_ends(th, args, true, true)
}

pub fn lstrip(th: &mut Thread, args: Args<'_>) -> PyResult {
    strip_ends(th, args, true, false)
}

pub fn rstrip(th: &mut Thread, args: Args<'_>) -> PyResult {
    strip_ends(th, args, false, true)
}

fn strip_ends(th: &mut Thread, args: Args<'_>, left: bool, right: bool) -> PyResult {
    let me = chars(args.pos[0]);
    let r = match args.get(1) {
        None | Some(Value::NONE) => with_chars!(me, |t| cut::strip(t, space, left, right)),
        Some(v) => {
            if v.payload::<PyUnicode>().is_none() && v.payload::<PyStr>().is_none() {
                let f = match (left, right) {
                    (true, true) => "strip",
                    (true, false) => "lstrip",
                    _ => "rstrip",
                };
                return Err(th.type_error(format!("{f} arg must be None, unicode or str")));
            }
            let set = text_of(th, v)?;
            let mut set: Vec<u32> = set.get().chars().iter().collect();
            set.sort_unstable();
            with_chars!(me, |t| cut::strip(t, |c| set.binary_search(&c.value()).is_ok(), left, right))
        }
    };
    if r.len() == me.len() {
        return Ok(args.pos[0].base_object());
    }
    with_chars!(me, |t| from_units(th, &t[r]))
}
