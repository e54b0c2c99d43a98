//! center, ljust, rjust, zfill, expandtabs, replace, translate.

use super::{Text, from_bytes, from_vec, promote, text_argument, text_or_none};
use crate::layout::{PyStr, PyUnicode};
use crate::native::Args;
use crate::objects::unicode as u;
use crate::ops;
use crate::raised::PyResult;
use crate::text::{pad, replace as rep};
use crate::thread::Thread;
use crate::value::Value;

/// `width` and `fillchar`.
fn width_and_fill(th: &mut Thread, args: &Args<'_>, f: &str) -> PyResult<(usize, u8)> {
    let w = ops::integer_arg(th, args.pos[1])?.max(0) as usize;
    let fill = match args.get(2) {
        None => b' ',
        Some(v) => match v.payload::<PyStr>().map(|s| s.get().bytes()) {
            Some([c]) => *c,
            _ => {
                let n = ops::type_name(v);
                return Err(th.type_error(format!("{f}() argument 2 must be char, not {n}")));
            }
        },
    };
    Ok((w, fill))
}

fn padded(th: &mut Thread, args: Args<'_>, f: &str, how: fn(usize, usize) -> (usize, usize)) -> PyResult {
    let (w, fill) = width_and_fill(th, &args, f)?;
    let me = th.str_bytes(args.pos[0]);
    if w <= me.len() {
        return Ok(args.pos[0].base_object());
    }
    let (l, r) = how(me.len(), w);
    from_vec(th, pad::pad(me, l, r, fill))
}

pub(super) fn center(th: &mut Thread, args: Args<'_>) -> PyResult {
    padded(th, args, "center", pad::center)
}

pub(super) fn ljust(th: &mut Thread, args: Args<'_>) -> PyResult {
    padded(th, args, "ljust", |n, w| (0, w - n))
}

pub(super) fn rjust(th: &mut Thread, args: Args<'_>) -> PyResult {
    padded(th, args, "rjust", |n, w| (w - n, 0))
}

pub(super) fn zfill(th: &mut Thread, args: Args<'_>) -> PyResult {
    let w = ops::integer_arg(th, args.pos[1])?.max(0) as usize;
    let me = th.str_bytes(args.pos[0]);
    if w <= me.len() {
        return Ok(args.pos[0].base_object());
    }
    from_vec(th, pad::zfill(me, w))
}

/// The `tabsize` argument.
pub fn tab_size(th: &mut Thread, args: &Args<'_>) -> PyResult<usize> {
    match args.get(1) {
        Some(n) => Ok(ops::int32_arg(th, n)?.max(0) as usize),
        None => Ok(8),
    }
}

pub(super) fn expandtabs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let size = tab_size(th, &args)?;
    match pad::expand_tabs(th.str_bytes(args.pos[0]), size) {
        Some(b) => from_bytes(th, &b),
        None => Err(th.overflow_error("new string is too long")),
    }
}

pub(super) fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    let most = super::cut::max_split(th, &args, 3)?;
    let (old, new) = (text_argument(th, args.pos[1])?, text_argument(th, args.pos[2])?);
    let (Text::Bytes(old), Text::Bytes(new)) = (old, new) else { return promote(th, args, u::fill::replace) };
    match rep::replace(th.str_bytes(args.pos[0]), old, new, most) {
        rep::Replaced::Unchanged => Ok(args.pos[0].base_object()),
        rep::Replaced::Changed(b) => from_bytes(th, &b),
        rep::Replaced::TooLong => Err(th.overflow_error("replace string is too long")),
    }
}

pub(super) fn translate(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.pos[1].payload::<PyUnicode>().is_some() {
        if args.get(2).is_some() {
            return Err(th.type_error("deletions are implemented differently for unicode"));
        }
        return promote(th, args, u::fill::translate);
    }
    let table = match text_or_none(th, args.get(1))? {
        Some(Text::Bytes(t)) => {
            if t.len() != 256 {
                return Err(th.value_error("translation table must be 256 characters long"));
            }
            Some(t)
        }
        _ => None,
    };
    let mut drop = [false; 256];
    match args.get(2) {
        None => {}
        Some(v) => match text_argument(th, v)? {
            Text::Bytes(d) => d.iter().for_each(|c| drop[*c as usize] = true),
            Text::Unicode(_) => {
                return Err(th.type_error("deletions are implemented differently for unicode"));
            }
        },
    }
    let me = th.str_bytes(args.pos[0]);
    let out: Vec<u8> =
        me.iter().filter(|c| !drop[**c as usize]).map(|c| table.map_or(*c, |t| t[*c as usize])).collect();
    if out == me {
        return Ok(args.pos[0].base_object());
    }
    from_bytes(th, &out)
}

/// `__getnewargs__`.
pub(super) fn getnewargs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s: Value = args.pos[0].base_object();
    Ok(th.new_tuple(&[s]))
}

/// `__sizeof__`.
pub(super) fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = PyStr::size_for(th.str_bytes(args.pos[0]).len());
    Ok(th.int(n as i64))
}
