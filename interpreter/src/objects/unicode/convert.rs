//! What coerces to unicode, and the default encoding.

use crate::layout::{Chars, PyByteArray, PyStr, PyUnicode, Ref};
use crate::names;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::type_of;
use crate::value::Value;

/// Bytes decoded with the default encoding.
pub fn decode_default(th: &mut Thread, b: &[u8]) -> PyResult {
    if b.is_ascii() && crate::codecs::default_is_ascii_based() {
        return super::from_units(th, b);
    }
    let s = o::str::from_bytes(th, b)?;
    crate::codecs::decode_to_unicode(th, s, None, None)
}

/// The str a unicode is encoded to where Python 2 does that implicitly.
pub fn encode_default(th: &mut Thread, v: Value) -> PyResult {
    let Some(u) = v.payload::<PyUnicode>() else { return Ok(v) };
    if let Chars::One(s) = u.get().chars()
        && s.is_ascii()
        && crate::codecs::default_is_ascii_based()
    {
        return o::str::from_bytes(th, s);
    }
    crate::codecs::encode_to_str(th, u.value(), None, None)
}

/// The exact unicode that a value coerces to where text is expected: unicode as it is, str and other exporters of
/// bytes decoded.
pub fn from_object(th: &mut Thread, v: Value) -> PyResult {
    if let Some(u) = v.payload::<PyUnicode>() {
        return Ok(u.value());
    }
    if let Some(s) = v.payload::<PyStr>() {
        return decode_default(th, s.get().bytes());
    }
    if v.payload::<PyByteArray>().is_some() {
        return Err(th.type_error("decoding bytearray is not supported"));
    }
    if ops::slots_of(v).buffer.is_none() || !crate::buffer::has_characters(v) {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("coercing to Unicode: need string or buffer, {n} found")));
    }
    let b = crate::buffer::character_buffer(th, v)?;
    let b = b.bytes().to_vec();
    decode_default(th, &b)
}

/// As [`from_object`], typed.
pub fn text_of(th: &mut Thread, v: Value) -> PyResult<Ref<PyUnicode>> {
    let u = from_object(th, v)?;
    match u.cast::<PyUnicode>() {
        Some(u) => Ok(u),
        None => Err(th.system_error("a codec gave no unicode")),
    }
}

/// `unicode(v)`: the text of any object.
pub fn of_any(th: &mut Thread, v: Value) -> PyResult {
    if v.is_obj() && type_of(v).value() == super::UNICODE.class() {
        return Ok(v);
    }
    let name = names::__unicode__.get(th);
    let r = if v.cast::<PyStr>().is_some() {
        v
    } else if let Some(f) = find_unicode_method(th, v, name)? {
        ops::call(th, f, &[])?
    } else if let Some(u) = v.payload::<PyUnicode>() {
        return Ok(u.value());
    } else if v.payload::<PyStr>().is_some() && ops::slots_of(v).str.is_none() {
        v.base_object()
    } else {
        ops::str_or_unicode(th, v)?
    };
    if r.payload::<PyUnicode>().is_some() {
        return Ok(r);
    }
    from_object(th, r)
}

fn find_unicode_method(th: &mut Thread, v: Value, name: Value) -> PyResult<Option<Value>> {
    if v.as_small_int().is_some() || v.is_flonum() {
        return Ok(None);
    }
    ops::lookup_special(th, v, name)
}
