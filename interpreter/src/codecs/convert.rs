//! Encoding and decoding by the name of the codec. The few that everybody uses are called without a lookup.

use super::{narrow, registry, utf8};
use crate::layout::{PyStr, PyTuple, PyUnicode};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use parking_lot::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};

static DEFAULT: RwLock<String> = RwLock::new(String::new());
static ASCII_BASED: AtomicBool = AtomicBool::new(true);

/// `sys.getdefaultencoding()`.
pub fn default_encoding() -> String {
    let d = DEFAULT.read();
    if d.is_empty() { "ascii".into() } else { d.clone() }
}

/// True while ASCII text decodes to itself under the default encoding.
#[inline]
pub fn default_is_ascii_based() -> bool {
    ASCII_BASED.load(Ordering::Relaxed)
}

/// `sys.setdefaultencoding(name)`: the codec must exist.
pub fn set_default_encoding(th: &mut Thread, name: &str) -> PyResult<()> {
    registry::lookup(th, name)?;
    ASCII_BASED.store(builtin(name).is_some(), Ordering::Relaxed);
    *DEFAULT.write() = name.to_string();
    Ok(())
}

#[derive(Copy, Clone, PartialEq)]
enum Builtin {
    Utf8,
    Latin1,
    Ascii,
}

fn builtin(name: &str) -> Option<Builtin> {
    Some(match name {
        "utf-8" | "utf8" | "UTF-8" | "utf_8" | "UTF8" => Builtin::Utf8,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" => Builtin::Latin1,
        "ascii" | "us-ascii" | "ASCII" => Builtin::Ascii,
        _ => return None,
    })
}

/// The object that a codec's encoder makes of `v`.
pub fn encode(th: &mut Thread, v: Value, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    let default;
    let name = match encoding {
        Some(e) => e,
        None => {
            default = default_encoding();
            &default
        }
    };
    if let Some(b) = builtin(name)
        && (v.payload::<PyUnicode>().is_some() || v.payload::<PyStr>().is_some())
    {
        let u = o::unicode::from_object(th, v)?;
        return match b {
            Builtin::Utf8 => utf8::encode(th, u),
            Builtin::Latin1 => narrow::encode(th, u, errors, narrow::LATIN1),
            Builtin::Ascii => narrow::encode(th, u, errors, narrow::ASCII),
        };
    }
    call_codec(th, v, name, errors, 0)
}

/// The object that a codec's decoder makes of `v`.
pub fn decode(th: &mut Thread, v: Value, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    let default;
    let name = match encoding {
        Some(e) => e,
        None => {
            default = default_encoding();
            &default
        }
    };
    if let Some(b) = builtin(name)
        && (v.payload::<PyUnicode>().is_some() || v.payload::<PyStr>().is_some())
    {
        let s = o::unicode::encode_default(th, v)?;
        let s = th.str_bytes(s);
        return match b {
            Builtin::Utf8 => utf8::decode(th, s, errors, true),
            Builtin::Latin1 => narrow::decode_latin1(th, s),
            Builtin::Ascii => narrow::decode_ascii(th, s, errors),
        }
        .map(|r| r.0);
    }
    call_codec(th, v, name, errors, 1)
}

/// Calls a codec's encoder (0) or decoder (1).
fn call_codec(th: &mut Thread, v: Value, name: &str, errors: Option<&str>, which: usize) -> PyResult {
    let codec = registry::lookup(th, name)?;
    let f =
        codec.payload::<PyTuple>().and_then(|t| t.get().items().get(which).copied()).unwrap_or(Value::NONE);
    let r = match errors {
        Some(e) => {
            let e = th.new_str(e.as_bytes());
            ops::call(th, f, &[v, e])?
        }
        None => ops::call(th, f, &[v])?,
    };
    match r.payload::<PyTuple>().map(|t| t.get().items()) {
        Some([x, _]) => Ok(*x),
        _ if which == 0 => Err(th.type_error("encoder must return a tuple (object,integer)")),
        _ => Err(th.type_error("decoder must return a tuple (object,integer)")),
    }
}

/// Decodes a str to unicode; a codec that gives something else is refused.
pub fn decode_to_unicode(
    th: &mut Thread,
    s: Value,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult {
    let r = decode(th, s, encoding, errors)?;
    if r.cast::<PyUnicode>().is_some() {
        return Ok(r);
    }
    if let Some(u) = r.payload::<PyUnicode>() {
        return Ok(u.value());
    }
    let n = ops::type_name(r);
    Err(th.type_error(format!("decoder did not return an unicode object (type={n})")))
}

/// Encodes a unicode to a str; a codec that gives something else is refused.
pub fn encode_to_str(th: &mut Thread, u: Value, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    let r = encode(th, u, encoding, errors)?;
    if let Some(s) = r.payload::<PyStr>() {
        return Ok(s.value());
    }
    let n = ops::type_name(r);
    Err(th.type_error(format!("encoder did not return a string object (type={n})")))
}
