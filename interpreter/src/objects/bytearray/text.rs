//! The methods a bytearray shares with `str`; results are new bytearrays.

use super::convert::exported;
use super::storage::{new, view};
use crate::layout::{PyByteArray, PyStr, PyTuple, PyUnicode};
use crate::native::Args;
use crate::objects::str::{case, codec_name, join_sequence, max_split, slice_range, tab_size};
use crate::ops;
use crate::raised::PyResult;
use crate::text::{cut, pad, replace as rep, search};
use crate::thread::Thread;
use crate::value::Value;
use std::ops::Range;

fn locate(th: &mut Thread, args: &Args<'_>, last: bool) -> PyResult<Option<usize>> {
    let (s, e) = slice_range(th, args, 2)?;
    let w = exported(th, args.pos[1])?;
    Ok(search::find_in(view(th, args.pos[0])?, w.bytes(), s, e, last))
}

pub(super) fn find(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = locate(th, &args, false)?;
    Ok(th.int(p.map_or(-1, |p| p as i64)))
}

pub(super) fn rfind(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = locate(th, &args, true)?;
    Ok(th.int(p.map_or(-1, |p| p as i64)))
}

pub(super) fn index(th: &mut Thread, args: Args<'_>) -> PyResult {
    match locate(th, &args, false)? {
        Some(p) => Ok(th.int(p as i64)),
        None => Err(th.value_error("subsection not found")),
    }
}

pub(super) fn rindex(th: &mut Thread, args: Args<'_>) -> PyResult {
    match locate(th, &args, true)? {
        Some(p) => Ok(th.int(p as i64)),
        None => Err(th.value_error("subsection not found")),
    }
}

pub(super) fn count(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (s, e) = slice_range(th, &args, 2)?;
    let w = exported(th, args.pos[1])?;
    let me = view(th, args.pos[0])?;
    let (s, e) = search::clip(me.len(), s, e);
    let n = if s > e { 0 } else { search::count(&me[s..e], w.bytes(), usize::MAX) };
    Ok(th.int(n as i64))
}

fn ends(th: &mut Thread, args: Args<'_>, tail: bool) -> PyResult {
    let (s, e) = slice_range(th, &args, 2)?;
    let one;
    let all = match args.pos[1].payload::<PyTuple>() {
        Some(t) => t.get().items(),
        None => {
            one = [args.pos[1]];
            &one
        }
    };
    for w in all {
        let w = exported(th, *w)?;
        if search::matches_end(view(th, args.pos[0])?, w.bytes(), s, e, tail) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

pub(super) fn startswith(th: &mut Thread, args: Args<'_>) -> PyResult {
    ends(th, args, false)
}

pub(super) fn endswith(th: &mut Thread, args: Args<'_>) -> PyResult {
    ends(th, args, true)
}

fn list_of(th: &Thread, b: &[u8], ranges: &[Range<usize>]) -> PyResult {
    let mut out = Vec::with_capacity(ranges.len());
    for r in ranges {
        out.push(new(th, &b[r.clone()])?);
    }
    th.new_list(&out)
}

fn pieces(th: &mut Thread, args: Args<'_>, right: bool) -> PyResult {
    let most = max_split(th, &args, 2)?;
    let mut out = Vec::new();
    let me = match args.get(1) {
        None | Some(Value::NONE) => {
            let me = view(th, args.pos[0])?;
            if right {
                cut::rsplit_space(me, cut::is_byte_space, most, |r| out.push(r));
            } else {
                cut::split_space(me, cut::is_byte_space, most, |r| out.push(r));
            }
            me
        }
        Some(sep) => {
            let sep = exported(th, sep)?;
            let me = view(th, args.pos[0])?;
            match (sep.bytes(), right) {
                ([], _) => return Err(th.value_error("empty separator")),
                (s, true) => cut::rsplit(me, s, most, |r| out.push(r)),
                (s, false) => cut::split(me, s, most, |r| out.push(r)),
            }
            me
        }
    };
    if right {
        out.reverse();
    }
    list_of(th, me, &out)
}

pub(super) fn split(th: &mut Thread, args: Args<'_>) -> PyResult {
    pieces(th, args, false)
}

pub(super) fn rsplit(th: &mut Thread, args: Args<'_>) -> PyResult {
    pieces(th, args, true)
}

pub(super) fn splitlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let keep = match args.get(1) {
        Some(k) => ops::integer_arg(th, k)? != 0,
        None => false,
    };
    let me = view(th, args.pos[0])?;
    let mut out = Vec::new();
    cut::lines(me, |c| c == b'\n' || c == b'\r', keep, |r| out.push(r));
    list_of(th, me, &out)
}

fn around(th: &mut Thread, args: Args<'_>, last: bool) -> PyResult {
    if args.pos[1].payload::<PyUnicode>().is_some() {
        return Err(th.type_error("'unicode' does not have the buffer interface"));
    }
    let sep = crate::buffer::of(th, args.pos[1])?.bytes().to_vec();
    if sep.is_empty() {
        return Err(th.value_error("empty separator"));
    }
    let me = view(th, args.pos[0])?;
    let (a, b, c): (&[u8], &[u8], &[u8]) = match search::find_in(me, &sep, 0, i64::MAX, last) {
        Some(p) => (&me[..p], &sep, &me[p + sep.len()..]),
        None if last => (b"", b"", me),
        None => (me, b"", b""),
    };
    let parts = [new(th, a)?, new(th, b)?, new(th, c)?];
    Ok(th.new_tuple(&parts))
}

pub(super) fn partition(th: &mut Thread, args: Args<'_>) -> PyResult {
    around(th, args, false)
}

pub(super) fn rpartition(th: &mut Thread, args: Args<'_>) -> PyResult {
    around(th, args, true)
}

fn strip_ends(th: &mut Thread, args: Args<'_>, left: bool, right: bool) -> PyResult {
    let mut set = [false; 256];
    match args.get(1) {
        None | Some(Value::NONE) => (0..=255u8).for_each(|c| set[c as usize] = cut::is_byte_space(c)),
        Some(v) => exported(th, v)?.bytes().iter().for_each(|c| set[*c as usize] = true),
    }
    let me = view(th, args.pos[0])?;
    let r = cut::strip(me, |c| set[c as usize], left, right);
    new(th, &me[r])
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

fn padded(th: &mut Thread, args: Args<'_>, f: &str, how: fn(usize, usize) -> (usize, usize)) -> PyResult {
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
    let me = view(th, args.pos[0])?;
    let (l, r) = if w <= me.len() { (0, 0) } else { how(me.len(), w) };
    match pad::pad(me, l, r, fill) {
        Some(b) => new(th, &b),
        None => Err(th.memory_error()),
    }
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
    match pad::zfill(view(th, args.pos[0])?, w) {
        Some(b) => new(th, &b),
        None => Err(th.memory_error()),
    }
}

pub(super) fn expandtabs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let size = tab_size(th, &args)?;
    match pad::expand_tabs(view(th, args.pos[0])?, size) {
        Some(b) => new(th, &b),
        None => Err(th.overflow_error("new string is too long")),
    }
}

pub(super) fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    let most = max_split(th, &args, 3)?;
    let old = exported(th, args.pos[1])?.bytes().to_vec();
    let to = exported(th, args.pos[2])?.bytes().to_vec();
    let me = view(th, args.pos[0])?;
    match rep::replace(me, &old, &to, most) {
        rep::Replaced::Unchanged => new(th, me),
        rep::Replaced::Changed(b) => new(th, &b),
        rep::Replaced::TooLong => Err(th.overflow_error("replace bytes is too long")),
    }
}

pub(super) fn translate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let table = match args.pos[1] {
        Value::NONE => None,
        v => {
            let t = exported(th, v)?.bytes().to_vec();
            if t.len() != 256 {
                return Err(th.value_error("translation table must be 256 characters long"));
            }
            Some(t)
        }
    };
    let mut drop = [false; 256];
    if let Some(d) = args.get(2) {
        exported(th, d)?.bytes().iter().for_each(|c| drop[*c as usize] = true);
    }
    let me = view(th, args.pos[0])?;
    let kept = me.iter().filter(|c| !drop[**c as usize]);
    let out: Vec<u8> = kept.map(|c| table.as_ref().map_or(*c, |t| t[*c as usize])).collect();
    new(th, &out)
}

pub(super) fn join(th: &mut Thread, args: Args<'_>) -> PyResult {
    let items = join_sequence(th, args.pos[1])?;
    let sep = view(th, args.pos[0])?.to_vec();
    let mut out = Vec::new();
    for (i, v) in ops::values(&items).iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(&sep);
        }
        if let Some(s) = v.payload::<PyStr>() {
            out.extend_from_slice(s.get().bytes());
        } else if v.payload::<PyByteArray>().is_some() {
            out.extend_from_slice(view(th, *v)?);
        } else {
            let n = ops::type_name(*v);
            return Err(
                th.type_error(format!("can only join an iterable of bytes (item {i} has type '{n}')"))
            );
        }
    }
    new(th, &out)
}

pub(super) fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [e, r] = args.skip(1).bind(th, "decode", ["encoding", "errors"], 0)?;
    let (e, r) = (codec_name(th, e, "decode", 1)?, codec_name(th, r, "decode", 2)?);
    let name = e.unwrap_or_else(crate::codecs::default_encoding);
    let b = view(th, args.pos[0])?;
    let s = crate::objects::str::from_bytes(th, b)?;
    crate::codecs::decode(th, s, Some(&name), r.as_deref())
}

macro_rules! mappings {
    ($($name:ident: $f:expr;)*) => { $(
        pub(super) fn $name(th: &mut Thread, args: Args<'_>) -> PyResult {
            let me = view(th, args.pos[0])?;
            let out: Vec<u8> = me.iter().copied().map($f).collect();
            new(th, &out)
        }
    )* };
}

mappings! {
    lower: |c| c.to_ascii_lowercase();
    upper: |c| c.to_ascii_uppercase();
    swapcase: case::swap_case;
    title: case::titler();
    capitalize: case::capitalizer();
}

macro_rules! tests {
    ($($name:ident: $f:expr;)*) => { $(
        pub(super) fn $name(th: &mut Thread, args: Args<'_>) -> PyResult {
            let f: fn(&[u8]) -> bool = $f;
            Ok(Value::from_bool(f(view(th, args.pos[0])?)))
        }
    )* };
}

tests! {
    isalnum: |b| case::all(b, |c| c.is_ascii_alphanumeric());
    isalpha: |b| case::all(b, |c| c.is_ascii_alphabetic());
    isdigit: |b| case::all(b, |c| c.is_ascii_digit());
    isspace: |b| case::all(b, cut::is_byte_space);
    islower: |b| case::one_case(b, true);
    isupper: |b| case::one_case(b, false);
    istitle: case::is_title;
}
