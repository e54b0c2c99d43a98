//! Integers from text, and format specifications from objects.

use crate::layout::{PyStr, PyUnicode};
use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use numtext::int_text::{Parsed, check_base, invalid_literal, parse_int};

/// Characters of a bad literal that messages show.
const SHOWN: usize = 200;

/// The bytes of a character buffer (str-like objects other than str and unicode); none for other values.
pub fn char_buffer(th: &mut Thread, v: Value) -> PyResult<Option<Vec<u8>>> {
    if !crate::buffer::has_characters(v) {
        return Ok(None);
    }
    match ops::slots_of(v).buffer {
        Some(f) => f(th, v).map(|b| Some(b.bytes().to_vec())),
        None => Ok(None),
    }
}

#[cold]
fn bad_literal(th: &mut Thread, text: &[u8], base: u32, long: bool) -> Raised {
    let (shown, base, long) = invalid_literal(text, base, long);
    let s = th.new_str(&shown[..shown.len().min(SHOWN)]);
    let name = if long { "long" } else { "int" };
    match th.repr_text(s) {
        Ok(r) => th.value_error(format!("invalid literal for {name}() with base {base}: {r}")),
        Err(e) => e,
    }
}

fn parse(th: &mut Thread, text: &[u8], base: i64, long: bool, explicit: bool) -> Result<Parsed, Raised> {
    let name = if long { "long" } else { "int" };
    let base = check_base(base, name).map_err(|e| th.numtext_error(e))?;
    if let Some(nul) = text.iter().position(|c| *c == 0) {
        if explicit {
            let s = th.new_str(text);
            let r = th.repr_text(s)?;
            return Err(th.value_error(format!("invalid literal for {name}() with base {base}: {r}")));
        }
        if parse_int(&text[..nul], base, long).is_none() {
            return Err(bad_literal(th, text, base, long));
        }
        return Err(th.value_error(format!("null byte in argument for {name}()")));
    }
    match parse_int(text, base, long) {
        Some(p) => Ok(p),
        None => Err(bad_literal(th, text, base, long)),
    }
}

/// `int(text, base)`; `explicit` if the base was given. The result may be a long.
pub fn int_from_text(th: &mut Thread, text: &[u8], base: i64, explicit: bool) -> PyResult {
    match parse(th, text, base, false, explicit)? {
        Parsed::Small(n) => Ok(th.int(n)),
        Parsed::Big(n) => th.long(&n),
    }
}

/// `long(text, base)`.
pub fn long_from_text(th: &mut Thread, text: &[u8], base: i64, explicit: bool) -> PyResult {
    match parse(th, text, base, true, explicit)? {
        Parsed::Small(n) => o::long::from_i128(th, n as i128),
        Parsed::Big(n) => th.long(&n),
    }
}

/// The specification given to `__format__`: a str, or a unicode encoded.
pub fn format_spec(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(s.get().bytes().to_vec());
    }
    if v.payload::<PyUnicode>().is_some() {
        let s = ops::str(th, v)?;
        return Ok(th.str_bytes(s).to_vec());
    }
    Err(th.type_error("__format__ requires str or unicode"))
}

/// `__format__` of a number: self and specification in `args`; `base` is the name of the type that `f` formats.
pub fn format(
    th: &mut Thread,
    args: crate::native::Args<'_>,
    base: &str,
    f: impl FnOnce(&[u8], &numtext::Locale) -> numtext::Result<Vec<u8>>,
) -> PyResult {
    let spec = format_spec(th, args.pos[1])?;
    if spec.is_empty() {
        return ops::str(th, args.pos[0]);
    }
    match f(&spec, &current_locale()) {
        Ok(t) => th.try_str(&t),
        Err(mut e) => {
            // Messages name the type of the object, which may be a subclass.
            let (plain, own) =
                (format!("of type '{base}'"), format!("of type '{}'", ops::type_name(args.pos[0])));
            if e.message.ends_with(&plain) {
                e.message = e.message.replace(&plain, &own);
            }
            Err(th.numtext_error(e))
        }
    }
}

/// Separators and grouping of the C library's current locale.
fn current_locale() -> numtext::Locale {
    // SAFETY: localeconv returns a static record of terminated strings, valid until the next call; it is copied at
    // once. Another thread changing the locale meanwhile is the program's own doing, as in C.
    unsafe {
        let l = libc::localeconv();
        if l.is_null() {
            return numtext::Locale::c();
        }
        let bytes = |p: *const libc::c_char| {
            if p.is_null() { Vec::new() } else { std::ffi::CStr::from_ptr(p).to_bytes().to_vec() }
        };
        numtext::Locale {
            decimal_point: bytes((*l).decimal_point),
            thousands_sep: bytes((*l).thousands_sep),
            grouping: bytes((*l).grouping),
        }
    }
}
