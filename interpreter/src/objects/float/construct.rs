//! `float(x)` and texts of floats.

use super::FLOAT;
use crate::layout::{PyStr, PyUnicode};
use crate::native::Args;
use crate::objects::number;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::types::wrap_new;
use crate::value::Value;
use numtext::float_parse::{float_prefix, parse_float, trim};

/// Characters of a bad literal that messages show.
const SHOWN: usize = 200;

pub(super) fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let x = match number::one_argument(th, args, "float")? {
        None => th.float(0.0),
        Some(x) if x.cast::<PyStr>().is_some() => from_text_object(th, x)?,
        Some(x) => number::to_float(th, x)?,
    };
    if class == FLOAT.class() {
        return Ok(x);
    }
    // What the instance carries is a plain float.
    let x = th.float(super::float_value(x).unwrap_or(0.0));
    wrap_new(th, class, &FLOAT, x)
}

/// The float a str, unicode or character buffer holds; TypeError for other values.
pub fn from_text_object(th: &mut Thread, v: Value) -> PyResult {
    let text = if let Some(s) = v.payload::<PyStr>() {
        s.get().bytes().to_vec()
    } else if v.payload::<PyUnicode>().is_some() {
        number::decimal_text(th, v)?
    } else if let Some(b) = number::char_buffer(th, v)? {
        b
    } else {
        return Err(th.type_error("float() argument must be a string or a number"));
    };
    match parse_float(&text) {
        Some(x) => Ok(th.float(x)),
        None => Err(bad_text(th, &text)),
    }
}

#[cold]
fn bad_text(th: &mut Thread, text: &[u8]) -> Raised {
    let start = text.iter().position(|c| !numtext::float_parse::is_space(*c)).unwrap_or(text.len());
    let text = &text[start..];
    let nul = text.iter().position(|c| *c == 0).unwrap_or(text.len());
    let shown = &text[..nul.min(SHOWN)];
    let what = if float_prefix(trim(text)).is_some() {
        "invalid literal for float(): "
    } else {
        "could not convert string to float: "
    };
    let msg = th.new_str(&[what.as_bytes(), shown].concat());
    th.raise(crate::objects::exceptions::VALUE_ERROR.class(), Some(msg))
}
