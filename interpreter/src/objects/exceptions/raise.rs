//! Raising the exceptions that have attributes from native code.

use super::syntax_error::{FILENAME, LINENO, MSG, PRINT, TEXT};
use super::{
    INDENTATION_ERROR, SYNTAX_ERROR, TAB_ERROR, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR,
    UNICODE_TRANSLATE_ERROR, data, make,
};
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use syntax::error::{Place, SyntaxError, SyntaxKind};

/// `UnicodeDecodeError(encoding, object, start, end, reason)`.
#[cold]
pub fn unicode_decode_error(
    th: &mut Thread,
    encoding: &str,
    object: Value,
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    let args = [text(th, encoding), object, int(th, start), int(th, end), text(th, reason)];
    let args = th.new_tuple(&args);
    th.raise(UNICODE_DECODE_ERROR.class(), Some(args))
}

/// `UnicodeEncodeError(encoding, object, start, end, reason)`.
#[cold]
pub fn unicode_encode_error(
    th: &mut Thread,
    encoding: &str,
    object: Value,
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    let args = [text(th, encoding), object, int(th, start), int(th, end), text(th, reason)];
    let args = th.new_tuple(&args);
    th.raise(UNICODE_ENCODE_ERROR.class(), Some(args))
}

/// `UnicodeTranslateError(object, start, end, reason)`.
#[cold]
pub fn unicode_translate_error(
    th: &mut Thread,
    object: Value,
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    let args = [object, int(th, start), int(th, end), text(th, reason)];
    let args = th.new_tuple(&args);
    th.raise(UNICODE_TRANSLATE_ERROR.class(), Some(args))
}

fn text(th: &Thread, s: &str) -> Value {
    th.new_str(s.as_bytes())
}

fn int(th: &Thread, n: usize) -> Value {
    th.int(n as i64)
}

/// The exception for a failure of the compiler; `filename` is a str or None.
#[cold]
pub fn syntax_error_from(th: &mut Thread, e: &SyntaxError, filename: Value) -> Raised {
    match build(th, e, filename) {
        Ok(v) => th.raise(super::class_of(v), Some(v)),
        Err(r) => r,
    }
}

fn build(th: &mut Thread, e: &SyntaxError, filename: Value) -> PyResult {
    let class = match e.kind {
        SyntaxKind::Syntax => &SYNTAX_ERROR,
        SyntaxKind::Indentation => &INDENTATION_ERROR,
        SyntaxKind::Tab => &TAB_ERROR,
    };
    let msg = text(th, &e.message);
    let line = match &e.text {
        Some(t) => Some(t.clone()),
        None if e.text_from_file() && e.lineno > 0 => {
            let name = th.str_bytes(filename).to_vec();
            crate::objects::traceback::source::line(th, &name, e.lineno as usize)?
        }
        None => None,
    };
    let line = line.map_or(Value::NONE, |t| th.new_str(&t));
    let lineno = th.int(e.lineno as i64);
    match e.place {
        Place::Arguments => {
            let offset = e.offset.map_or(Value::NONE, |n| th.int(n as i64));
            let place = th.new_tuple(&[filename, lineno, offset, line]);
            make(th, class.class(), &[msg, place])
        }
        Place::Attributes => {
            let v = make(th, class.class(), &[msg])?;
            for (slot, x) in
                [(MSG, msg), (FILENAME, filename), (LINENO, lineno), (TEXT, line), (PRINT, Value::NONE)]
            {
                data::set(th, v, slot, Some(x))?;
            }
            Ok(v)
        }
        Place::Nowhere => make(th, class.class(), &[msg]),
    }
}
