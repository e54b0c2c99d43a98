//! What the print statement needs.

use super::state::{self, ENCODING, ERRORS, Record, SOFTSPACE};
use super::{is_file, write};
use crate::layout::{PyStr, PyUnicode};
use crate::names;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// Sets the `softspace` attribute of anything written to; what it was before. Objects that have none are fine.
pub fn soft_space(th: &mut Thread, f: Value, new: bool) -> PyResult<bool> {
    if is_file(f) && crate::types::type_of(f).value() == super::FILE.class() {
        let r = state::record(th, f)?;
        let old = state::number(r.read(th)?, SOFTSPACE) != 0;
        if old != new {
            state::set_number(r.write(th)?, SOFTSPACE, new as i64);
        }
        return Ok(old);
    }
    let name = names::softspace.get(th);
    let old = match ops::getattr(th, f, name) {
        Ok(v) => ops::int_value(v).is_some_and(|n| n != 0),
        Err(e) => {
            e.catch(th)?;
            false
        }
    };
    let v = th.int(new as i64);
    if let Err(e) = ops::setattr(th, f, name, Some(v)) {
        e.catch(th)?;
    }
    Ok(old)
}

/// `str(v)`, or for unicode its bytes in the file's encoding.
pub fn print_text(th: &mut Thread, f: Value, v: Value) -> PyResult {
    if v.payload::<PyUnicode>().is_some() && is_file(f) {
        let r = state::record(th, f)?;
        return encoded(th, r, v);
    }
    ops::str(th, v)
}

pub(super) fn encoded(th: &mut Thread, r: Record, v: Value) -> PyResult {
    let (encoding, errors) = {
        let r = r.read(th)?;
        (r.at(ENCODING).get().unwrap_or(Value::NONE), r.at(ERRORS).get().unwrap_or(Value::NONE))
    };
    if encoding.is_none() {
        return ops::str(th, v);
    }
    let m = ops::getattr_name(th, v, &names::encode)?;
    if errors.is_none() {
        return ops::call(th, m, &[encoding]);
    }
    ops::call(th, m, &[encoding, errors])
}

/// True if the text ends in whitespace other than a blank: then print puts no blank after it.
pub fn ends_with_space_other_than_blank(th: &mut Thread, text: Value) -> bool {
    if let Some(s) = text.payload::<PyStr>() {
        let _ = th;
        return matches!(s.get().bytes().last(), Some(b'\t' | b'\n' | 0x0b | 0x0c | b'\r'));
    }
    let Some(u) = text.payload::<PyUnicode>() else { return false };
    let last = match u.get().chars() {
        crate::layout::Chars::One(c) => c.last().map(|c| u32::from(*c)),
        crate::layout::Chars::Two(c) => c.last().map(|c| u32::from(*c)),
        crate::layout::Chars::Four(c) => c.last().copied(),
    };
    let space = |c: u32| matches!(c, 0x1c..=0x1f) || char::from_u32(c).is_some_and(char::is_whitespace);
    last.is_some_and(|c| c != 0x20 && space(c))
}

/// `f.write(v)`; for a file without a detour.
pub fn write_object(th: &mut Thread, f: Value, v: Value) -> PyResult<()> {
    if crate::types::type_of(f).value() == super::FILE.class()
        && let Some(s) = v.payload::<PyStr>()
    {
        return write::write_bytes(th, f, s.get().bytes());
    }
    let m = ops::getattr_name(th, f, &names::write)?;
    ops::call(th, m, &[v])?;
    Ok(())
}
