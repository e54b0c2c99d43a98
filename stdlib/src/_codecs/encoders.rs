//! The encoding functions.

use super::{counted, errors, is_text};
use interpreter::buffer::argument;
use interpreter::codecs::{charmap as map, escape as esc, narrow, utf7 as u7, utf8 as u8_, wide};
use interpreter::layout::{PyStr, PyUnicode, Ref};
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, objects as o, ops};

/// The text of the first argument and the error handler's name.
fn input(th: &mut Thread, args: &Args<'_>, f: &str) -> PyResult<(Ref<PyUnicode>, Option<String>)> {
    let u = o::unicode::text_of(th, args.pos[0])?;
    Ok((u, errors(th, args.get(1), f, 2)?))
}

fn bytes(th: &mut Thread, b: &[u8], n: usize) -> PyResult {
    let s = o::str::from_bytes(th, b)?;
    counted(th, s, n)
}

pub fn ascii(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, e) = input(th, &args, "ascii_encode")?;
    let s = narrow::encode(th, u.value(), e.as_deref(), narrow::ASCII)?;
    counted(th, s, u.len)
}

pub fn latin1(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, e) = input(th, &args, "latin_1_encode")?;
    let s = narrow::encode(th, u.value(), e.as_deref(), narrow::LATIN1)?;
    counted(th, s, u.len)
}

pub fn charmap(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, e) = input(th, &args, "charmap_encode")?;
    let s = map::encode(th, u.value(), e.as_deref(), args.get(2).unwrap_or(Value::NONE))?;
    counted(th, s, u.len)
}

pub fn charmap_build(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.pos[0].payload::<PyUnicode>().is_none() {
        let n = ops::type_name(args.pos[0]);
        return Err(th.type_error(format!("charmap_build() argument 1 must be unicode, not {n}")));
    }
    map::build(th, args.pos[0])
}

pub fn escape(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let Some(s) = v.payload::<PyStr>() else {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("escape_encode() argument 1 must be str, not {n}")));
    };
    let b = esc::encode_string(s.get().bytes());
    bytes(th, &b, s.len)
}

pub fn raw_unicode_escape(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, _) = input(th, &args, "raw_unicode_escape_encode")?;
    let b = esc::encode_raw(u.get().chars());
    bytes(th, &b, u.len)
}

pub fn unicode_escape(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, _) = input(th, &args, "unicode_escape_encode")?;
    let mut b = Vec::new();
    esc::encode_unicode_escape(u.get().chars(), None, &mut b);
    bytes(th, &b, u.len)
}

pub fn unicode_internal(th: &mut Thread, args: Args<'_>) -> PyResult {
    if let Some(u) = args.pos[0].payload::<PyUnicode>() {
        let s = wide::encode_internal(th, u.value())?;
        return counted(th, s, u.len);
    }
    buffered(th, args, "unicode_internal_encode")
}

pub fn utf7(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, _) = input(th, &args, "utf_7_encode")?;
    let b = u7::encode(u.get().chars());
    bytes(th, &b, u.len)
}

pub fn utf8(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, _) = input(th, &args, "utf_8_encode")?;
    let s = u8_::encode(th, u.value())?;
    counted(th, s, u.len)
}

fn order(th: &mut Thread, args: &Args<'_>) -> PyResult<wide::Order> {
    match args.get(2) {
        Some(o) => Ok(ops::int32_arg(th, o)?.signum()),
        None => Ok(0),
    }
}

pub fn utf16(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, _) = input(th, &args, "utf_16_encode")?;
    let order = order(th, &args)?;
    let s = wide::encode16(th, u.value(), order)?;
    counted(th, s, u.len)
}

pub fn utf32(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (u, _) = input(th, &args, "utf_32_encode")?;
    let order = order(th, &args)?;
    let s = wide::encode32(th, u.value(), order)?;
    counted(th, s, u.len)
}

type Wide = fn(&mut Thread, Value, wide::Order) -> PyResult;

fn ordered(th: &mut Thread, args: Args<'_>, f: &str, encode: Wide, order: wide::Order) -> PyResult {
    let (u, _) = input(th, &args, f)?;
    let s = encode(th, u.value(), order)?;
    counted(th, s, u.len)
}

pub fn utf16_le(th: &mut Thread, args: Args<'_>) -> PyResult {
    ordered(th, args, "utf_16_le_encode", wide::encode16, -1)
}

pub fn utf16_be(th: &mut Thread, args: Args<'_>) -> PyResult {
    ordered(th, args, "utf_16_be_encode", wide::encode16, 1)
}

pub fn utf32_le(th: &mut Thread, args: Args<'_>) -> PyResult {
    ordered(th, args, "utf_32_le_encode", wide::encode32, -1)
}

pub fn utf32_be(th: &mut Thread, args: Args<'_>) -> PyResult {
    ordered(th, args, "utf_32_be_encode", wide::encode32, 1)
}

/// The bytes of a buffer as they are.
fn buffered(th: &mut Thread, args: Args<'_>, f: &str) -> PyResult {
    let b = argument(th, args.pos[0], f, 1)?.bytes().to_vec();
    errors(th, args.get(1), f, 2)?;
    bytes(th, &b, b.len())
}

pub fn readbuffer(th: &mut Thread, args: Args<'_>) -> PyResult {
    buffered(th, args, "readbuffer_encode")
}

pub fn charbuffer(th: &mut Thread, args: Args<'_>) -> PyResult {
    if !is_text(args.pos[0]) && ops::slots_of(args.pos[0]).buffer.is_none() {
        let n = ops::type_name(args.pos[0]);
        return Err(th.type_error(format!(
            "charbuffer_encode() argument 1 must be string or read-only character buffer, not {n}"
        )));
    }
    buffered(th, args, "charbuffer_encode")
}
