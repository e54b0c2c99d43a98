//! `_locale`: the C library's locales and message catalogues.
//!
//! The locale belongs to the process: it is changed between transactions only.

mod messages;

use crate::arguments::text;
use crate::constants::{add_all, c_constants};
use interpreter::kinds::kind;
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::{Args, BLOCKS, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::{self as o, dict, module};
use interpreter::{PyResult, Raised, Thread, Value, ops};
use libc::{c_char, c_int};
use std::ffi::{CStr, CString};

/// `locale.Error`.
pub static ERROR: TypeDef = TypeDef {
    module: "locale",
    base: Some(&o::exceptions::EXCEPTION),
    ..TypeDef::new("Error", kind::INSTANCE)
};

fn refuse(th: &mut Thread, words: &'static str) -> Raised {
    th.raise_def(&ERROR, words)
}

/// `_locale`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_locale",
    doc: Some("Support for POSIX locales."),
    functions: &[
        MethodDef::new(
            "setlocale",
            setlocale,
            1,
            2,
            BLOCKS,
            "(integer,string=None) -> string. Activates or queries a locale.",
        ),
        MethodDef::new("localeconv", localeconv, 0, 0, 0, "() -> dict. The conventions of the locale."),
        MethodDef::new("strcoll", strcoll, 2, 2, 0, "string,string -> int. Compares by the locale."),
        MethodDef::new(
            "strxfrm",
            strxfrm,
            1,
            1,
            0,
            "string -> string. What compares plainly as the string does by the locale.",
        ),
        MethodDef::new("nl_langinfo", nl_langinfo, 1, 1, 0, "nl_langinfo(key) -> string"),
        MethodDef::new("gettext", messages::gettext, 1, 1, 0, "gettext(msg) -> string: its translation."),
        MethodDef::new(
            "dgettext",
            messages::dgettext,
            2,
            2,
            0,
            "dgettext(domain, msg) -> string: its translation in a domain.",
        ),
        MethodDef::new(
            "dcgettext",
            messages::dcgettext,
            3,
            3,
            0,
            "dcgettext(domain, msg, category) -> string: its translation in a domain and category.",
        ),
        MethodDef::new(
            "textdomain",
            messages::textdomain,
            1,
            1,
            BLOCKS,
            "textdomain(domain) -> string: sets the domain.",
        ),
        MethodDef::new(
            "bindtextdomain",
            messages::bindtextdomain,
            2,
            2,
            BLOCKS,
            "bindtextdomain(domain, dir) -> string: where a domain's catalogues are.",
        ),
        MethodDef::new(
            "bind_textdomain_codeset",
            messages::bind_textdomain_codeset,
            2,
            2,
            BLOCKS,
            "bind_textdomain_codeset(domain, codeset) -> string: the encoding of a domain's messages.",
        ),
    ],
    types: &[&ERROR],
    init: Some(|th, m| {
        add_all(th, m, CONSTANTS)?;
        module::add_int(th, m, "CHAR_MAX", i64::from(c_char::MAX))
    }),
};

/// Categories, and the keys of `nl_langinfo`.
const CONSTANTS: &[(&str, i64)] = c_constants![
    LC_CTYPE LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_NUMERIC LC_ALL
    DAY_1 DAY_2 DAY_3 DAY_4 DAY_5 DAY_6 DAY_7 ABDAY_1 ABDAY_2 ABDAY_3 ABDAY_4 ABDAY_5 ABDAY_6 ABDAY_7
    MON_1 MON_2 MON_3 MON_4 MON_5 MON_6 MON_7 MON_8 MON_9 MON_10 MON_11 MON_12
    ABMON_1 ABMON_2 ABMON_3 ABMON_4 ABMON_5 ABMON_6 ABMON_7 ABMON_8 ABMON_9 ABMON_10 ABMON_11 ABMON_12
    RADIXCHAR THOUSEP YESEXPR NOEXPR CRNCYSTR D_FMT D_T_FMT T_FMT AM_STR PM_STR CODESET T_FMT_AMPM
    ERA ERA_D_FMT ERA_D_T_FMT ERA_T_FMT ALT_DIGITS;
    "_DATE_FMT" = 131_180,
];

/// A terminated copy; the caller has seen that there are no null bytes.
fn terminated(b: Vec<u8>) -> CString {
    CString::new(b).unwrap_or_default()
}

/// A string of the C library as bytes.
///
/// # Safety
/// Null, or a terminated string that nobody changes meanwhile.
unsafe fn bytes(p: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: the caller's promise.
    if p.is_null() { None } else { Some(unsafe { CStr::from_ptr(p) }.to_bytes().to_vec()) }
}

fn setlocale(th: &mut Thread, args: Args<'_>) -> PyResult {
    let category = ops::int32_arg(th, args.pos[0])?;
    let wanted = match args.get(1).filter(|v| !v.is_none()) {
        None => None,
        Some(v) if v.payload::<PyStr>().is_none() && v.payload::<PyUnicode>().is_none() => {
            let n = ops::type_name(v);
            return Err(th.type_error(format!("setlocale() argument 2 must be string or None, not {n}")));
        }
        Some(v) => Some(terminated(text(th, v, "setlocale", 2)?)),
    };
    let query = wanted.is_none();
    let r = th.outside(move || {
        let p = wanted.as_ref().map_or(std::ptr::null(), |w| w.as_ptr());
        // SAFETY: a terminated string or null; the answer is copied at once.
        unsafe { bytes(libc::setlocale(category, p)) }
    })?;
    match r {
        Some(b) => th.try_str(&b),
        None if query => Err(refuse(th, "locale query failed")),
        None => Err(refuse(th, "unsupported locale setting")),
    }
}

/// The groups of digits as a list, with what says how it goes on.
fn grouping(th: &mut Thread, p: *const c_char) -> PyResult {
    // SAFETY: of `localeconv`: terminated.
    let groups = unsafe { bytes(p) }.unwrap_or_default();
    let out = th.m.root_vec();
    for g in &groups {
        out.push(th.int(i64::from(*g)).bits());
        if *g == c_char::MAX as u8 {
            return th.new_list(ops::values(&out));
        }
    }
    if !groups.is_empty() {
        out.push(th.int(0).bits());
    }
    th.new_list(ops::values(&out))
}

fn localeconv(th: &mut Thread, _: Args<'_>) -> PyResult {
    // SAFETY: the library's structure, copied; it stays valid until the locale changes.
    let l = unsafe { std::ptr::read(libc::localeconv()) };
    let d = th.new_dict();
    let put = |th: &mut Thread, name: &str, v: Value| {
        let name = th.intern(name.as_bytes());
        dict::set_str(th, d, name, v)
    };
    for (name, p) in [
        ("decimal_point", l.decimal_point),
        ("thousands_sep", l.thousands_sep),
        ("int_curr_symbol", l.int_curr_symbol),
        ("currency_symbol", l.currency_symbol),
        ("mon_decimal_point", l.mon_decimal_point),
        ("mon_thousands_sep", l.mon_thousands_sep),
        ("positive_sign", l.positive_sign),
        ("negative_sign", l.negative_sign),
    ] {
        // SAFETY: of `localeconv`: terminated.
        let b = unsafe { bytes(p) }.unwrap_or_default();
        let s = th.new_str(&b);
        put(th, name, s)?;
    }
    for (name, p) in [("grouping", l.grouping), ("mon_grouping", l.mon_grouping)] {
        let g = grouping(th, p)?;
        put(th, name, g)?;
    }
    for (name, n) in [
        ("int_frac_digits", l.int_frac_digits),
        ("frac_digits", l.frac_digits),
        ("p_cs_precedes", l.p_cs_precedes),
        ("p_sep_by_space", l.p_sep_by_space),
        ("n_cs_precedes", l.n_cs_precedes),
        ("n_sep_by_space", l.n_sep_by_space),
        ("p_sign_posn", l.p_sign_posn),
        ("n_sign_posn", l.n_sign_posn),
    ] {
        let n = th.int(i64::from(n));
        put(th, name, n)?;
    }
    Ok(d)
}

unsafe extern "C" {
    fn wcscoll(a: *const i32, b: *const i32) -> c_int;
}

fn strcoll(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (a, b) = (args.pos[0], args.pos[1]);
    if let (Some(x), Some(y)) = (a.payload::<PyStr>(), b.payload::<PyStr>()) {
        let whole = |s: &[u8]| terminated(s.split(|c| *c == 0).next().unwrap_or(s).to_vec());
        let (x, y) = (whole(x.get().bytes()), whole(y.get().bytes()));
        // SAFETY: terminated strings.
        return Ok(th.int(i64::from(unsafe { libc::strcoll(x.as_ptr(), y.as_ptr()) })));
    }
    let wide = |th: &mut Thread, v: Value| -> PyResult<Vec<i32>> {
        let u = if v.payload::<PyUnicode>().is_some() {
            v
        } else if v.payload::<PyStr>().is_some() {
            interpreter::codecs::decode(th, v, None, None)?
        } else {
            let n = ops::type_name(v);
            return Err(th.type_error(format!("coercing to Unicode: need string or buffer, {n} found")));
        };
        let mut out: Vec<i32> = match u.payload::<PyUnicode>() {
            Some(u) => u.get().chars().iter().map(|c| c as i32).collect(),
            None => Vec::new(),
        };
        out.push(0);
        Ok(out)
    };
    let (x, y) = (wide(th, a)?, wide(th, b)?);
    // SAFETY: terminated arrays of wide characters.
    Ok(th.int(i64::from(unsafe { wcscoll(x.as_ptr(), y.as_ptr()) })))
}

fn strxfrm(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = terminated(text(th, args.pos[0], "strxfrm", 1)?);
    // SAFETY: asks for the length only.
    let n = unsafe { libc::strxfrm(std::ptr::null_mut(), s.as_ptr(), 0) };
    let mut out = vec![0u8; n + 1];
    // SAFETY: room for the text and its end.
    let m = unsafe { libc::strxfrm(out.as_mut_ptr().cast(), s.as_ptr(), out.len()) };
    th.try_str(&out[..m.min(n)])
}

fn nl_langinfo(th: &mut Thread, args: Args<'_>) -> PyResult {
    let key = ops::int32_arg(th, args.pos[0])?;
    // The others may be of another type than text.
    if !CONSTANTS.iter().any(|(name, n)| *n == i64::from(key) && !name.starts_with("LC_")) {
        return Err(th.value_error("unsupported langinfo constant"));
    }
    // SAFETY: a known key; the answer is copied at once.
    let b = unsafe { bytes(libc::nl_langinfo(key)) };
    Ok(th.new_str(&b.unwrap_or_default()))
}
