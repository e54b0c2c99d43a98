//! Texts of the parser as Python strings.

use super::object::{INTERN, Session, session, slot};
use interpreter::objects::dict;
use interpreter::{PyResult, Thread, Value, codecs};

/// A text as the parser's users want it: unicode, or UTF-8.
pub(super) fn text(th: &mut Thread, unicode: bool, t: &[u8]) -> PyResult {
    if !unicode {
        return th.try_str(t);
    }
    match std::str::from_utf8(t) {
        Ok(s) => th.unicode_str(s),
        Err(_) => {
            let s = th.try_str(t)?;
            codecs::decode(th, s, Some("utf-8"), Some("strict"))
        }
    }
}

/// As [`text`], None for none.
pub(super) fn option(th: &mut Thread, unicode: bool, t: Option<&[u8]>) -> PyResult {
    match t {
        Some(t) => text(th, unicode, t),
        None => Ok(Value::NONE),
    }
}

/// As [`text`], the same object for the same text where the parser has a table of them.
pub(super) fn name(th: &mut Thread, v: Value, unicode: bool, t: &[u8]) -> PyResult {
    let s = text(th, unicode, t)?;
    let table = slot(th, v, INTERN)?;
    let Some(d) = table.payload::<interpreter::layout::PyDict>() else { return Ok(s) };
    if let Some(known) = dict::get(th, d, s)? {
        return Ok(known);
    }
    dict::set(th, d, s, s)?;
    Ok(s)
}

/// Whether the parser gives unicode.
pub(super) fn wants_unicode(th: &mut Thread, v: Value) -> PyResult<bool> {
    session(th, v, |s: &Session| s.unicode)
}
