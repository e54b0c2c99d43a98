//! split, partition, splitlines, strip.

use super::{Text, from_bytes, promote, text_argument, text_or_none};
use crate::layout::{PyStr, PyUnicode};
use crate::native::Args;
use crate::objects::unicode as u;
use crate::ops;
use crate::raised::PyResult;
use crate::text::cut;
use crate::thread::Thread;
use crate::value::Value;
use std::ops::Range;

/// Pieces of bytes as a list of strs.
fn list_of(th: &Thread, b: &[u8], ranges: &[Range<usize>]) -> PyResult {
    let mut out = Vec::with_capacity(ranges.len());
    for r in ranges {
        out.push(from_bytes(th, &b[r.clone()])?);
    }
    th.new_list(&out)
}

/// The `maxsplit` argument: none given or negative means all.
pub fn max_split(th: &mut Thread, args: &Args<'_>, i: usize) -> PyResult<usize> {
    match args.get(i) {
        Some(n) => {
            let n = ops::integer_arg(th, n)?;
            Ok(if n < 0 { usize::MAX } else { n as usize })
        }
        None => Ok(usize::MAX),
    }
}

pub(super) fn split(th: &mut Thread, args: Args<'_>) -> PyResult {
    let most = max_split(th, &args, 2)?;
    let sep = text_or_none(th, args.get(1))?;
    let me = th.str_bytes(args.pos[0]);
    let mut out = Vec::new();
    match sep {
        None => cut::split_space(me, cut::is_byte_space, most, |r| out.push(r)),
        Some(Text::Bytes([])) => return Err(th.value_error("empty separator")),
        Some(Text::Bytes(s)) => cut::split(me, s, most, |r| out.push(r)),
        Some(Text::Unicode(_)) => return promote(th, args, u::cut::split),
    }
    list_of(th, me, &out)
}

pub(super) fn rsplit(th: &mut Thread, args: Args<'_>) -> PyResult {
    let most = max_split(th, &args, 2)?;
    let sep = text_or_none(th, args.get(1))?;
    let me = th.str_bytes(args.pos[0]);
    let mut out = Vec::new();
    match sep {
        None => cut::rsplit_space(me, cut::is_byte_space, most, |r| out.push(r)),
        Some(Text::Bytes([])) => return Err(th.value_error("empty separator")),
        Some(Text::Bytes(s)) => cut::rsplit(me, s, most, |r| out.push(r)),
        Some(Text::Unicode(_)) => return promote(th, args, u::cut::rsplit),
    }
    out.reverse();
    list_of(th, me, &out)
}

pub(super) fn splitlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let keep = match args.get(1) {
        Some(k) => ops::integer_arg(th, k)? != 0,
        None => false,
    };
    let me = th.str_bytes(args.pos[0]);
    let mut out = Vec::new();
    cut::lines(me, |c| c == b'\n' || c == b'\r', keep, |r| out.push(r));
    list_of(th, me, &out)
}

pub(super) fn partition(th: &mut Thread, args: Args<'_>) -> PyResult {
    let me = th.str_bytes(args.pos[0]);
    match text_argument(th, args.pos[1])? {
        Text::Unicode(_) => promote(th, args, u::cut::partition),
        Text::Bytes([]) => Err(th.value_error("empty separator")),
        Text::Bytes(s) => match crate::text::search::find_in(me, s, 0, i64::MAX, false) {
            Some(p) => three(th, args, p, s.len()),
            None => {
                let e = super::empty(th);
                Ok(th.new_tuple(&[args.pos[0].base_object(), e, e]))
            }
        },
    }
}

pub(super) fn rpartition(th: &mut Thread, args: Args<'_>) -> PyResult {
    let me = th.str_bytes(args.pos[0]);
    match text_argument(th, args.pos[1])? {
        Text::Unicode(_) => promote(th, args, u::cut::rpartition),
        Text::Bytes([]) => Err(th.value_error("empty separator")),
        Text::Bytes(s) => match crate::text::search::find_in(me, s, 0, i64::MAX, true) {
            Some(p) => three(th, args, p, s.len()),
            None => {
                let e = super::empty(th);
                Ok(th.new_tuple(&[e, e, args.pos[0].base_object()]))
            }
        },
    }
}

fn three(th: &mut Thread, args: Args<'_>, p: usize, n: usize) -> PyResult {
    let me = th.str_bytes(args.pos[0]);
    let a = from_bytes(th, &me[..p])?;
    let sep = if args.pos[1].payload::<PyStr>().is_some() {
        args.pos[1].base_object()
    } else {
        from_bytes(th, &me[p..p + n])?
    };
    let b = from_bytes(th, &me[p + n..])?;
    Ok(th.new_tuple(&[a, sep, b]))
}

pub(super) fn strip(th: &mut Thread, args: Args<'_>) -> PyResult {
    strip_ends(th, args, true, true)
}

pub(super) fn lstrip(th: &mut Thread, args: Args<'_>) -> PyResult {
    strip_ends(th, args, true, false)
}

pub(super) fn rstrip(th: &mut Thread, args: Args<'_>) -> PyResult {
    strip_ends(th, args, false, true)
}

fn strip_ends(th: &mut Thread, args: Args<'_>, left: bool, right: bool) -> PyResult {
    let me = th.str_bytes(args.pos[0]);
    let r = match args.get(1) {
        None | Some(Value::NONE) => cut::strip(me, cut::is_byte_space, left, right),
        Some(v) => match v.payload::<PyStr>() {
            Some(s) => {
                let mut set = [false; 256];
                s.get().bytes().iter().for_each(|c| set[*c as usize] = true);
                cut::strip(me, |c| set[c as usize], left, right)
            }
            None if v.payload::<PyUnicode>().is_some() => {
                let f = match (left, right) {
                    (true, true) => u::cut::strip,
                    (true, false) => u::cut::lstrip,
                    _ => u::cut::rstrip,
                };
                return promote(th, args, f);
            }
            None => {
                let f = match (left, right) {
                    (true, true) => "strip",
                    (true, false) => "lstrip",
                    _ => "rstrip",
                };
                return Err(th.type_error(format!("{f} arg must be None, str or unicode")));
            }
        },
    };
    if r.len() == me.len() { Ok(args.pos[0].base_object()) } else { from_bytes(th, &me[r]) }
}
