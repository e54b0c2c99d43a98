//! Arguments as several modules take them.

use interpreter::buffer::{self, Buffer};
use interpreter::layout::{PyByteArray, PyLong, PyStr, PyUnicode};
use interpreter::{PyResult, Thread, Value, objects as o, ops, types};

/// A "string or read-only buffer" (format `s#`): str, unicode, which is encoded, and exporters that need no release.
pub fn read_only(th: &mut Thread, v: Value, function: &str, i: usize) -> PyResult<Buffer> {
    let refused = v.payload::<PyByteArray>().is_some() || types::is_instance_of(v, &o::buffer::MEMORYVIEW);
    if v.payload::<PyStr>().is_none()
        && v.payload::<PyUnicode>().is_none()
        && (refused || ops::slots_of(v).buffer.is_none())
    {
        let n = if v.is_none() { "None".into() } else { ops::type_name(v) };
        return Err(
            th.type_error(format!("{function}() argument {i} must be string or read-only buffer, not {n}"))
        );
    }
    buffer::argument(th, v, function, i)
}

/// Any integer, cut to 32 bits (format `I`).
pub fn masked_u32(th: &mut Thread, v: Value) -> PyResult<u32> {
    if let Some(l) = v.payload::<PyLong>() {
        let low = l.get().digits().first().copied().unwrap_or(0);
        return Ok(if l.get().sign < 0 { low.wrapping_neg() } else { low });
    }
    Ok(ops::integer_arg(th, v)? as u32)
}

/// A string without null bytes (format `s`): str, or unicode, which is encoded.
pub fn text(th: &mut Thread, v: Value, function: &str, i: usize) -> PyResult<Vec<u8>> {
    let b = if v.payload::<PyUnicode>().is_some() {
        let s = o::unicode::encode_default(th, v)?;
        th.str_bytes(s).to_vec()
    } else if let Some(s) = v.payload::<PyStr>() {
        s.get().bytes().to_vec()
    } else {
        let n = if v.is_none() { "None".into() } else { ops::type_name(v) };
        return Err(th.type_error(format!("{function}() argument {i} must be string, not {n}")));
    };
    if b.contains(&0) {
        let n = if v.payload::<PyUnicode>().is_some() { "unicode" } else { "str" };
        return Err(
            th.type_error(format!("{function}() argument {i} must be string without null bytes, not {n}"))
        );
    }
    Ok(b)
}
