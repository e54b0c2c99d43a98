//! Case and character classes.

use super::slots::chars;
use super::{Builder, from_units, with_chars};
use crate::layout::Chars;
use crate::native::Args;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

fn map(th: &mut Thread, args: Args<'_>, mut f: impl FnMut(u32) -> u32) -> PyResult {
    let me = chars(args.pos[0]);
    if let Chars::One(s) = me
        && s.is_ascii()
    {
        let v: Vec<u8> = s.iter().map(|c| f(*c as u32) as u8).collect();
        return from_units(th, &v);
    }
    let mut out = Builder::with_capacity(me.len());
    with_chars!(me, |s| for c in s {
        out.push(f(crate::text::Char::value(*c)));
    });
    out.finish(th)
}

pub(super) fn lower(th: &mut Thread, args: Args<'_>) -> PyResult {
    map(th, args, unidata::lower)
}

pub(super) fn upper(th: &mut Thread, args: Args<'_>) -> PyResult {
    map(th, args, unidata::upper)
}

pub(super) fn swapcase(th: &mut Thread, args: Args<'_>) -> PyResult {
    map(th, args, |c| {
        if unidata::is_upper(c) {
            unidata::lower(c)
        } else if unidata::is_lower(c) {
            unidata::upper(c)
        } else {
            c
        }
    })
}

fn is_cased(c: u32) -> bool {
    unidata::is_lower(c) || unidata::is_upper(c) || unidata::is_title(c)
}

pub(super) fn title(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut inside = false;
    map(th, args, |c| {
        let r = if inside { unidata::lower(c) } else { unidata::title(c) };
        inside = is_cased(c);
        r
    })
}

pub(super) fn capitalize(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut first = true;
    map(th, args, |c| if std::mem::take(&mut first) { unidata::upper(c) } else { unidata::lower(c) })
}

fn all(c: Chars<'_>, f: impl Fn(u32) -> bool) -> bool {
    !c.is_empty() && c.iter().all(f)
}

fn is_title_text(c: Chars<'_>) -> bool {
    let (mut some, mut inside) = (false, false);
    for c in c.iter() {
        if unidata::is_upper(c) || unidata::is_title(c) {
            if inside {
                return false;
            }
            (some, inside) = (true, true);
        } else if unidata::is_lower(c) {
            if !inside {
                return false;
            }
            (some, inside) = (true, true);
        } else {
            inside = false;
        }
    }
    some
}

fn one_case(c: Chars<'_>, lower: bool) -> bool {
    let mut some = false;
    for c in c.iter() {
        let (l, u) = (unidata::is_lower(c), unidata::is_upper(c));
        if unidata::is_title(c) || if lower { u } else { l } {
            return false;
        }
        some |= if lower { l } else { u };
    }
    some
}

macro_rules! tests {
    ($($name:ident: $f:expr;)*) => { $(
        pub(super) fn $name(_: &mut Thread, args: Args<'_>) -> PyResult {
            let f: fn(Chars<'_>) -> bool = $f;
            Ok(Value::from_bool(f(chars(args.pos[0]))))
        }
    )* };
}

tests! {
    isalnum: |c| all(c, |c| unidata::is_alpha(c) || unidata::is_decimal(c) || unidata::is_digit(c) || unidata::is_numeric(c));
    isalpha: |c| all(c, unidata::is_alpha);
    isdecimal: |c| all(c, unidata::is_decimal);
    isdigit: |c| all(c, unidata::is_digit);
    isnumeric: |c| all(c, unidata::is_numeric);
    isspace: |c| all(c, unidata::is_space);
    islower: |c| one_case(c, true);
    isupper: |c| one_case(c, false);
    istitle: is_title_text;
}
