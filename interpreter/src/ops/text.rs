//! repr, str, unicode text of values.

use super::slots_of;
use crate::layout::{PyStr, PyUnicode};
use crate::objects::unicode;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// `repr(v)`: a str.
pub fn repr(th: &mut Thread, v: Value) -> PyResult {
    if crate::signals::pending(th) {
        th.native_poll()?;
    }
    th.enter_recursive(" while getting the repr of an object")?;
    let r = match slots_of(v).repr {
        Some(f) => f(th, v),
        None => Ok(default_repr(th, v)),
    };
    th.leave_recursive();
    let r = r?;
    if r.cast::<PyStr>().is_some() || r.payload::<PyStr>().is_some() {
        return Ok(r);
    }
    if r.payload::<PyUnicode>().is_some() {
        return unicode::encode_default(th, r);
    }
    let name = super::type_name(r);
    Err(th.type_error(format!("__repr__ returned non-string (type {name})")))
}

/// `<module.Type object at 0x...>`.
pub fn default_repr(th: &mut Thread, v: Value) -> Value {
    let t = crate::types::type_of(v);
    let name = crate::types::qualified_name(th, t);
    th.new_str(format!("<{name} object at {:#x}>", v.bits()).as_bytes())
}

/// `str(v)`: a str (a unicode result is encoded with the default encoding).
pub fn str(th: &mut Thread, v: Value) -> PyResult {
    if v.is_obj() && crate::types::type_of(v).value() == crate::objects::str::STR.class() {
        return Ok(v);
    }
    let r = str_or_unicode(th, v)?;
    if r.payload::<PyUnicode>().is_some() {
        return unicode::encode_default(th, r);
    }
    Ok(r)
}

/// What `__str__` gives: a str or a unicode.
pub fn str_or_unicode(th: &mut Thread, v: Value) -> PyResult {
    if v.is_obj() {
        let c = crate::types::type_of(v).value();
        if c == crate::objects::str::STR.class() || c == unicode::UNICODE.class() {
            return Ok(v);
        }
    }
    let Some(f) = slots_of(v).str else { return repr(th, v) };
    th.enter_recursive(" while getting the str of an object")?;
    let r = f(th, v);
    th.leave_recursive();
    let r = r?;
    if r.payload::<PyStr>().is_some() || r.payload::<PyUnicode>().is_some() {
        return Ok(r);
    }
    let name = super::type_name(r);
    Err(th.type_error(format!("__str__ returned non-string (type {name})")))
}

impl Thread {
    /// The bytes of a str (or of a str subclass's base object); empty for anything else.
    pub fn str_bytes<'a>(&self, v: Value) -> &'a [u8] {
        match v.payload::<PyStr>() {
            Some(s) => s.get().bytes(),
            None => b"",
        }
    }

    /// `repr(v)` as Rust text, for messages.
    pub fn repr_text(&mut self, v: Value) -> PyResult<String> {
        let r = repr(self, v)?;
        Ok(String::from_utf8_lossy(self.str_bytes(r)).into_owned())
    }
}
