//! center, ljust, rjust, zfill, expandtabs, replace, translate.

use super::slots::chars;
use super::{Builder, at_width, from_units, text_of, widen, with_chars};
use crate::layout::{Chars, PyStr, PyUnicode};
use crate::native::Args;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::text::{pad, replace as rep};
use crate::thread::Thread;
use crate::value::{Slot, Value};

fn padded(th: &mut Thread, args: Args<'_>, how: fn(usize, usize) -> (usize, usize)) -> PyResult {
    let w = ops::integer_arg(th, args.pos[1])?.max(0) as usize;
    let fill = fill_character(th, args.get(2))?;
    let me = chars(args.pos[0]);
    if w <= me.len() {
        return Ok(args.pos[0].base_object());
    }
    let (l, r) = how(me.len(), w);
    let mut out = Builder::default();
    if !out.push_many(fill, l) {
        return Err(th.memory_error());
    }
    out.push_chars(me);
    if !out.push_many(fill, r) {
        return Err(th.memory_error());
    }
    out.finish(th)
}

fn fill_character(th: &mut Thread, v: Slot) -> PyResult<u32> {
    let Some(v) = v else { return Ok(32) };
    if v.payload::<PyUnicode>().is_none() && v.payload::<PyStr>().is_none() {
        return Err(th.type_error("The fill character cannot be converted to Unicode"));
    }
    let u = match text_of(th, v) {
        Ok(u) => u,
        Err(e) => {
            e.catch(th)?;
            return Err(th.type_error("The fill character cannot be converted to Unicode"));
        }
    };
    if u.get().len != 1 {
        return Err(th.type_error("The fill character must be exactly one character long"));
    }
    Ok(u.get().chars().at(0))
}

pub fn center(th: &mut Thread, args: Args<'_>) -> PyResult {
    padded(th, args, pad::center)
}

pub fn ljust(th: &mut Thread, args: Args<'_>) -> PyResult {
    padded(th, args, |n, w| (0, w - n))
}

pub fn rjust(th: &mut Thread, args: Args<'_>) -> PyResult {
    padded(th, args, |n, w| (w - n, 0))
}

pub fn zfill(th: &mut Thread, args: Args<'_>) -> PyResult {
    let w = ops::integer_arg(th, args.pos[1])?.max(0) as usize;
    let me = chars(args.pos[0]);
    if w <= me.len() {
        return Ok(args.pos[0].base_object());
    }
    with_chars!(me, |t| match pad::zfill(t, w) {
        Some(v) => from_units(th, &v),
        None => Err(th.memory_error()),
    })
}

pub fn expandtabs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let size = o::str::tab_size(th, &args)?;
    with_chars!(chars(args.pos[0]), |t| match pad::expand_tabs(t, size) {
        Some(v) => from_units(th, &v),
        None => Err(th.overflow_error("new string is too long")),
    })
}

pub fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    let most = o::str::max_split(th, &args, 3)?;
    let (old, new) = (text_of(th, args.pos[1])?, text_of(th, args.pos[2])?);
    let me = chars(args.pos[0]);
    let (old, new) = (old.get().chars(), new.get().chars());
    if old.width() > me.width() || old.len() > me.len() {
        return Ok(args.pos[0].base_object());
    }
    let r = at_width!(me.width().max(new.width()), C => {
        match (widen::<C>(me), widen::<C>(old), widen::<C>(new)) {
            (Some(t), Some(old), Some(new)) => match rep::replace(&t, &old, &new, most) {
                rep::Replaced::Unchanged => None,
                rep::Replaced::Changed(v) => Some(from_units(th, &v)),
                rep::Replaced::TooLong => Some(Err(th.overflow_error("replace string is too long"))),
            },
            _ => None,
        }
    });
    r.unwrap_or(Ok(args.pos[0].base_object()))
}

/// `translate`: each character's code point is looked up in a mapping.
pub fn translate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (me, map) = (chars(args.pos[0]), args.pos[1]);
    let mut out = Builder::with_capacity(me.len());
    for c in me.iter() {
        match lookup(th, map, c)? {
            Mapped::Same => out.push(c),
            Mapped::Char(c) => out.push(c),
            Mapped::Text(v) => out.push_chars(chars(v)),
            Mapped::Gone => {}
        }
    }
    out.finish(th)
}

/// What a mapping makes of a character.
pub enum Mapped {
    Same,
    Gone,
    Char(u32),
    Text(Value),
}

/// Looks a code point up in a mapping whose values are integers, None or unicode.
pub fn lookup(th: &mut Thread, map: Value, c: u32) -> PyResult<Mapped> {
    if let Some(u) = map.cast::<PyUnicode>() {
        let t: Chars<'_> = u.get().chars();
        return Ok(if (c as usize) < t.len() { Mapped::Char(t.at(c as usize)) } else { Mapped::Same });
    }
    let k = th.int(c as i64);
    let v = match ops::getitem(th, map, k) {
        Ok(v) => v,
        Err(e) => {
            e.catch_if(th, o::exceptions::LOOKUP_ERROR.class())?;
            return Ok(Mapped::Same);
        }
    };
    if v.is_none() {
        return Ok(Mapped::Gone);
    }
    if let Some(n) = ops::int_value(v) {
        if !(0..0x11_0000).contains(&n) {
            return Err(th.type_error("character mapping must be in range(0x110000)"));
        }
        return Ok(Mapped::Char(n as u32));
    }
    if v.payload::<PyUnicode>().is_some() {
        return Ok(Mapped::Text(v));
    }
    Err(th.type_error("character mapping must return integer, None or unicode"))
}
