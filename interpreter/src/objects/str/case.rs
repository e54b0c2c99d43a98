//! Case and character classes: the C locale's, that is ASCII.

use crate::layout::PyStr;
use crate::native::Args;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// A str of the same length with each byte mapped.
fn map(th: &mut Thread, args: Args<'_>, mut f: impl FnMut(u8) -> u8) -> PyResult {
    let me = th.str_bytes(args.pos[0]);
    if me.len() < 2 {
        return match me {
            [c] => Ok(super::one_byte(th, f(*c))),
            _ => Ok(super::empty(th)),
        };
    }
    let r = th.str_of_len(me.len())?;
    // SAFETY: fresh object of that length.
    let out = unsafe { PyStr::bytes_mut(r) };
    for (o, c) in out.iter_mut().zip(me) {
        *o = f(*c);
    }
    Ok(r.value())
}

pub(super) fn lower(th: &mut Thread, args: Args<'_>) -> PyResult {
    map(th, args, |c| c.to_ascii_lowercase())
}

pub(super) fn upper(th: &mut Thread, args: Args<'_>) -> PyResult {
    map(th, args, |c| c.to_ascii_uppercase())
}

/// The other case of an ASCII letter.
pub fn swap_case(c: u8) -> u8 {
    if c.is_ascii_alphabetic() { c ^ 0x20 } else { c }
}

/// A mapping that starts words with capitals.
pub fn titler() -> impl FnMut(u8) -> u8 {
    let mut inside = false;
    move |c| {
        let r = if inside { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
        inside = c.is_ascii_alphabetic();
        r
    }
}

/// A mapping that makes the first byte a capital and the rest small.
pub fn capitalizer() -> impl FnMut(u8) -> u8 {
    let mut first = true;
    move |c| {
        if std::mem::take(&mut first) { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
    }
}

pub(super) fn swapcase(th: &mut Thread, args: Args<'_>) -> PyResult {
    map(th, args, swap_case)
}

pub(super) fn title(th: &mut Thread, args: Args<'_>) -> PyResult {
    map(th, args, titler())
}

pub(super) fn capitalize(th: &mut Thread, args: Args<'_>) -> PyResult {
    map(th, args, capitalizer())
}

/// Not empty, and all of a class.
pub fn all(b: &[u8], f: impl Fn(u8) -> bool) -> bool {
    !b.is_empty() && b.iter().all(|c| f(*c))
}

/// Some letter of one case, none of the other.
pub fn one_case(b: &[u8], lower: bool) -> bool {
    let (mut some, mut other) = (false, false);
    for c in b {
        some |= if lower { c.is_ascii_lowercase() } else { c.is_ascii_uppercase() };
        other |= if lower { c.is_ascii_uppercase() } else { c.is_ascii_lowercase() };
    }
    some && !other
}

/// Words begin with capitals and have no other.
pub fn is_title(b: &[u8]) -> bool {
    let (mut some, mut inside) = (false, false);
    for c in b {
        if c.is_ascii_uppercase() {
            if inside {
                return false;
            }
            (some, inside) = (true, true);
        } else if c.is_ascii_lowercase() {
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

macro_rules! tests {
    ($($name:ident: $f:expr;)*) => { $(
        pub(super) fn $name(th: &mut Thread, args: Args<'_>) -> PyResult {
            let f: fn(&[u8]) -> bool = $f;
            Ok(Value::from_bool(f(th.str_bytes(args.pos[0]))))
        }
    )* };
}

tests! {
    isalnum: |b| all(b, |c| c.is_ascii_alphanumeric());
    isalpha: |b| all(b, |c| c.is_ascii_alphabetic());
    isdigit: |b| all(b, |c| c.is_ascii_digit());
    isspace: |b| all(b, crate::text::cut::is_byte_space);
    islower: |b| one_case(b, true);
    isupper: |b| one_case(b, false);
    istitle: is_title;
}
