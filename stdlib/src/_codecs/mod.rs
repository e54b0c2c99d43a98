//! `_codecs`: the registry and the native codecs as functions.
//!
//! A decoding function takes bytes (and perhaps an error handler's name, and whether the input ends here) and returns the text
//! with the number of bytes consumed; an encoding function takes text and returns bytes with the number of
//! characters consumed.

mod decoders;
mod encoders;

use interpreter::codecs::{self, registry};
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};

/// `_codecs`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_codecs",
    doc: None,
    functions: &[
        MethodDef::new(
            "register",
            register,
            1,
            1,
            0,
            "register(search_function)\n\nAdds a codec search function.",
        ),
        MethodDef::new("lookup", lookup, 1, 1, 0, "lookup(encoding) -> CodecInfo\n\nThe codec with a name."),
        MethodDef::new(
            "register_error",
            register_error,
            2,
            2,
            0,
            "register_error(errors, handler)\n\nGives an error handler a name.",
        ),
        MethodDef::new(
            "lookup_error",
            lookup_error,
            1,
            1,
            0,
            "lookup_error(errors) -> handler\n\nThe error handler with a name.",
        ),
        MethodDef::new("encode", encode, 1, 3, 0, "encode(obj, [encoding[,errors]]) -> object"),
        MethodDef::new("decode", decode, 1, 3, 0, "decode(obj, [encoding[,errors]]) -> object"),
        MethodDef::new("ascii_decode", decoders::ascii, 1, 2, 0, ""),
        MethodDef::new("charmap_decode", decoders::charmap, 1, 3, 0, ""),
        MethodDef::new("escape_decode", decoders::escape, 1, 2, 0, ""),
        MethodDef::new("latin_1_decode", decoders::latin1, 1, 2, 0, ""),
        MethodDef::new("raw_unicode_escape_decode", decoders::raw_unicode_escape, 1, 2, 0, ""),
        MethodDef::new("unicode_escape_decode", decoders::unicode_escape, 1, 2, 0, ""),
        MethodDef::new("unicode_internal_decode", decoders::unicode_internal, 1, 2, 0, ""),
        MethodDef::new("utf_7_decode", decoders::utf7, 1, 3, 0, ""),
        MethodDef::new("utf_8_decode", decoders::utf8, 1, 3, 0, ""),
        MethodDef::new("utf_16_decode", decoders::utf16, 1, 3, 0, ""),
        MethodDef::new("utf_16_le_decode", decoders::utf16_le, 1, 3, 0, ""),
        MethodDef::new("utf_16_be_decode", decoders::utf16_be, 1, 3, 0, ""),
        MethodDef::new("utf_16_ex_decode", decoders::utf16_ex, 1, 4, 0, ""),
        MethodDef::new("utf_32_decode", decoders::utf32, 1, 3, 0, ""),
        MethodDef::new("utf_32_le_decode", decoders::utf32_le, 1, 3, 0, ""),
        MethodDef::new("utf_32_be_decode", decoders::utf32_be, 1, 3, 0, ""),
        MethodDef::new("utf_32_ex_decode", decoders::utf32_ex, 1, 4, 0, ""),
        MethodDef::new("ascii_encode", encoders::ascii, 1, 2, 0, ""),
        MethodDef::new("charbuffer_encode", encoders::charbuffer, 1, 2, 0, ""),
        MethodDef::new("charmap_build", encoders::charmap_build, 1, 1, 0, ""),
        MethodDef::new("charmap_encode", encoders::charmap, 1, 3, 0, ""),
        MethodDef::new("escape_encode", encoders::escape, 1, 2, 0, ""),
        MethodDef::new("latin_1_encode", encoders::latin1, 1, 2, 0, ""),
        MethodDef::new("raw_unicode_escape_encode", encoders::raw_unicode_escape, 1, 2, 0, ""),
        MethodDef::new("readbuffer_encode", encoders::readbuffer, 1, 2, 0, ""),
        MethodDef::new("unicode_escape_encode", encoders::unicode_escape, 1, 2, 0, ""),
        MethodDef::new("unicode_internal_encode", encoders::unicode_internal, 1, 2, 0, ""),
        MethodDef::new("utf_7_encode", encoders::utf7, 1, 2, 0, ""),
        MethodDef::new("utf_8_encode", encoders::utf8, 1, 2, 0, ""),
        MethodDef::new("utf_16_encode", encoders::utf16, 1, 3, 0, ""),
        MethodDef::new("utf_16_le_encode", encoders::utf16_le, 1, 2, 0, ""),
        MethodDef::new("utf_16_be_encode", encoders::utf16_be, 1, 2, 0, ""),
        MethodDef::new("utf_32_encode", encoders::utf32, 1, 3, 0, ""),
        MethodDef::new("utf_32_le_encode", encoders::utf32_le, 1, 2, 0, ""),
        MethodDef::new("utf_32_be_encode", encoders::utf32_be, 1, 2, 0, ""),
    ],
    types: &[],
    init: None,
};

/// An argument that names something: a str, or a unicode that encodes.
fn name(th: &mut Thread, v: Value, f: &str, i: usize) -> PyResult<String> {
    Ok(o::str::codec_name(th, Some(v), f, i)?.unwrap_or_default())
}

/// The `errors` argument: absent or None is none.
fn errors(th: &mut Thread, v: Slot, f: &str, i: usize) -> PyResult<Option<String>> {
    match v {
        None | Some(Value::NONE) => Ok(None),
        v => o::str::codec_name(th, v, f, i),
    }
}

fn register(th: &mut Thread, args: Args<'_>) -> PyResult {
    registry::register(th, args.pos[0])?;
    Ok(Value::NONE)
}

fn lookup(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = name(th, args.pos[0], "lookup", 1)?;
    registry::lookup(th, &n)
}

fn register_error(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = name(th, args.pos[0], "register_error", 1)?;
    let key = th.intern(n.as_bytes());
    registry::register_error(th, key, args.pos[1])?;
    Ok(Value::NONE)
}

fn lookup_error(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = name(th, args.pos[0], "lookup_error", 1)?;
    registry::lookup_error(th, &n)
}

fn named(th: &mut Thread, args: &Args<'_>, f: &str) -> PyResult<(Option<String>, Option<String>)> {
    Ok((o::str::codec_name(th, args.get(1), f, 2)?, o::str::codec_name(th, args.get(2), f, 3)?))
}

fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (e, r) = named(th, &args, "encode")?;
    codecs::encode(th, args.pos[0], e.as_deref(), r.as_deref())
}

fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (e, r) = named(th, &args, "decode")?;
    codecs::decode(th, args.pos[0], e.as_deref(), r.as_deref())
}

/// (object, count).
fn counted(th: &mut Thread, v: Value, n: usize) -> PyResult {
    let n = th.int(n as i64);
    Ok(th.new_tuple(&[v, n]))
}

/// The characters in a value, if it is text.
fn is_text(v: Value) -> bool {
    v.payload::<PyStr>().is_some() || v.payload::<PyUnicode>().is_some()
}

/// Truth of an optional integer argument.
fn flag(th: &mut Thread, v: Slot) -> PyResult<bool> {
    match v {
        Some(v) => Ok(ops::integer_arg(th, v)? != 0),
        None => Ok(false),
    }
}
