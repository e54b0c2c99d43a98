//! The decoding functions.

use super::{counted, errors, flag};
use interpreter::buffer::argument;
use interpreter::codecs::{Decoded, charmap as map, escape as esc, narrow, utf7 as u7, utf8 as u8_, wide};
use interpreter::layout::PyUnicode;
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};

/// The bytes of the first argument (copied: decoding may run Python code) and the error handler's name.
fn input(th: &mut Thread, args: &Args<'_>, f: &str) -> PyResult<(Vec<u8>, Option<String>)> {
    let b = argument(th, args.pos[0], f, 1)?.bytes().to_vec();
    Ok((b, errors(th, args.get(1), f, 2)?))
}

fn done(th: &mut Thread, r: Decoded) -> PyResult {
    let (v, n) = r?;
    counted(th, v, n)
}

pub fn ascii(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (b, e) = input(th, &args, "ascii_decode")?;
    let r = narrow::decode_ascii(th, &b, e.as_deref());
    done(th, r)
}

pub fn latin1(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (b, _) = input(th, &args, "latin_1_decode")?;
    let r = narrow::decode_latin1(th, &b);
    done(th, r)
}

pub fn charmap(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (b, e) = input(th, &args, "charmap_decode")?;
    let r = map::decode(th, &b, e.as_deref(), args.get(2).unwrap_or(Value::NONE));
    done(th, r)
}

pub fn escape(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (b, e) = input(th, &args, "escape_decode")?;
    let v = esc::decode_string(th, &b, e.as_deref())?;
    counted(th, v, b.len())
}

pub fn raw_unicode_escape(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (b, e) = input(th, &args, "raw_unicode_escape_decode")?;
    let r = esc::decode_raw(th, &b, e.as_deref());
    done(th, r)
}

pub fn unicode_escape(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (b, e) = input(th, &args, "unicode_escape_decode")?;
    let r = esc::decode_unicode_escape(th, &b, e.as_deref());
    done(th, r)
}

pub fn unicode_internal(th: &mut Thread, args: Args<'_>) -> PyResult {
    if let Some(u) = args.pos[0].payload::<PyUnicode>() {
        return counted(th, u.value(), u.get().len);
    }
    let (b, e) = input(th, &args, "unicode_internal_decode")?;
    let r = wide::decode_internal(th, &b, e.as_deref());
    done(th, r)
}

pub fn utf7(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (b, e) = input(th, &args, "utf_7_decode")?;
    let last = flag(th, args.get(2))?;
    let r = u7::decode(th, &b, e.as_deref(), last);
    done(th, r)
}

pub fn utf8(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (b, e) = input(th, &args, "utf_8_decode")?;
    let last = flag(th, args.get(2))?;
    let r = u8_::decode(th, &b, e.as_deref(), last);
    done(th, r)
}

type Wide = fn(&mut Thread, &[u8], Option<&str>, wide::Order, bool) -> PyResult<(Value, usize, wide::Order)>;

fn wide_decode(th: &mut Thread, args: Args<'_>, f: &str, decode: Wide, order: wide::Order) -> PyResult {
    let (b, e) = input(th, &args, f)?;
    let last = flag(th, args.get(2))?;
    let (v, n, _) = decode(th, &b, e.as_deref(), order, last)?;
    counted(th, v, n)
}

/// With the byte order given and returned.
fn wide_ex(th: &mut Thread, args: Args<'_>, f: &str, decode: Wide) -> PyResult {
    let (b, e) = input(th, &args, f)?;
    let order = match args.get(2) {
        Some(o) => ops::int32_arg(th, o)?,
        None => 0,
    };
    let last = flag(th, args.get(3))?;
    let (v, n, order) = decode(th, &b, e.as_deref(), order.signum(), last)?;
    let (n, order) = (th.int(n as i64), th.int(order as i64));
    Ok(th.new_tuple(&[v, n, order]))
}

macro_rules! wides {
    ($($f:ident $name:literal $decode:path, $order:expr;)*) => { $(
        pub fn $f(th: &mut Thread, args: Args<'_>) -> PyResult {
            wide_decode(th, args, $name, $decode, $order)
        }
    )* };
}

wides! {
    utf16 "utf_16_decode" wide::decode16, 0;
    utf16_le "utf_16_le_decode" wide::decode16, -1;
    utf16_be "utf_16_be_decode" wide::decode16, 1;
    utf32 "utf_32_decode" wide::decode32, 0;
    utf32_le "utf_32_le_decode" wide::decode32, -1;
    utf32_be "utf_32_be_decode" wide::decode32, 1;
}

pub fn utf16_ex(th: &mut Thread, args: Args<'_>) -> PyResult {
    wide_ex(th, args, "utf_16_ex_decode", wide::decode16)
}

pub fn utf32_ex(th: &mut Thread, args: Args<'_>) -> PyResult {
    wide_ex(th, args, "utf_32_ex_decode", wide::decode32)
}
