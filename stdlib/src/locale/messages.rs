//! The gettext family of the C library.

use super::{bytes, refuse, terminated};
use crate::arguments::text;
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};
use libc::{c_char, c_int};
use std::ffi::CString;

unsafe extern "C" {
    #[link_name = "gettext"]
    fn c_gettext(msg: *const c_char) -> *const c_char;
    #[link_name = "dgettext"]
    fn c_dgettext(domain: *const c_char, msg: *const c_char) -> *const c_char;
    #[link_name = "dcgettext"]
    fn c_dcgettext(domain: *const c_char, msg: *const c_char, category: c_int) -> *const c_char;
    #[link_name = "textdomain"]
    fn c_textdomain(domain: *const c_char) -> *const c_char;
    #[link_name = "bindtextdomain"]
    fn c_bindtextdomain(domain: *const c_char, dir: *const c_char) -> *const c_char;
    #[link_name = "bind_textdomain_codeset"]
    fn c_bind_textdomain_codeset(domain: *const c_char, codeset: *const c_char) -> *const c_char;
}

fn string(th: &mut Thread, v: Value, function: &str, i: usize) -> PyResult<CString> {
    text(th, v, function, i).map(terminated)
}

fn optional(th: &mut Thread, v: Value, function: &str, i: usize) -> PyResult<Option<CString>> {
    if v.is_none() { Ok(None) } else { string(th, v, function, i).map(Some) }
}

fn pointer(s: &Option<CString>) -> *const c_char {
    s.as_ref().map_or(std::ptr::null(), |s| s.as_ptr())
}

fn answer(th: &mut Thread, b: Option<Vec<u8>>) -> PyResult {
    th.try_str(&b.unwrap_or_default())
}

pub(super) fn gettext(th: &mut Thread, args: Args<'_>) -> PyResult {
    let m = string(th, args.pos[0], "gettext", 1)?;
    // SAFETY: a terminated string, which the answer may be.
    let b = unsafe { bytes(c_gettext(m.as_ptr())) };
    answer(th, b)
}

pub(super) fn dgettext(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = optional(th, args.pos[0], "dgettext", 1)?;
    let m = string(th, args.pos[1], "dgettext", 2)?;
    // SAFETY: as above.
    let b = unsafe { bytes(c_dgettext(pointer(&d), m.as_ptr())) };
    answer(th, b)
}

pub(super) fn dcgettext(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = optional(th, args.pos[0], "dcgettext", 1)?;
    let m = string(th, args.pos[1], "dcgettext", 2)?;
    let category = ops::int32_arg(th, args.pos[2])?;
    // Others would index a table of the library beyond its end.
    if !(0..=libc::LC_IDENTIFICATION).contains(&category) || category == libc::LC_ALL {
        return th.try_str(m.as_bytes());
    }
    // SAFETY: as above.
    let b = unsafe { bytes(c_dcgettext(pointer(&d), m.as_ptr(), category)) };
    answer(th, b)
}

pub(super) fn textdomain(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = optional(th, args.pos[0], "textdomain", 1)?;
    // SAFETY: as above.
    let b = th.outside(move || unsafe { bytes(c_textdomain(pointer(&d))) })?;
    answer(th, b)
}

pub(super) fn bindtextdomain(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = string(th, args.pos[0], "bindtextdomain", 1)?;
    if d.is_empty() {
        return Err(refuse(th, "domain must be a non-empty string"));
    }
    let dir = optional(th, args.pos[1], "bindtextdomain", 2)?;
    // SAFETY: as above.
    let b = th.outside(move || unsafe { bytes(c_bindtextdomain(d.as_ptr(), pointer(&dir))) })?;
    match b {
        Some(b) => th.try_str(&b),
        None => Err(th.os_error(libc::ENOMEM, None)),
    }
}

pub(super) fn bind_textdomain_codeset(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = string(th, args.pos[0], "bind_textdomain_codeset", 1)?;
    let codeset = optional(th, args.pos[1], "bind_textdomain_codeset", 2)?;
    // SAFETY: as above.
    let b = th.outside(move || unsafe { bytes(c_bind_textdomain_codeset(d.as_ptr(), pointer(&codeset))) })?;
    match b {
        Some(b) => th.try_str(&b),
        None => Ok(Value::NONE),
    }
}
