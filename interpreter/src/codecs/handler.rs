//! Error handlers: the five built-in ones, and callbacks.

use super::registry;
use crate::layout::{PyStr, PyTuple, PyUnicode};
use crate::name::Name;
use crate::native::{Args, MethodDef};
use crate::objects as o;
use crate::objects::exceptions as exc;
use crate::objects::unicode::Builder;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// How errors are handled.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum Handler<'a> {
    Strict,
    Ignore,
    Replace,
    XmlCharRef,
    Backslash,
    /// A name to be looked up.
    Named(&'a str),
}

impl<'a> Handler<'a> {
    pub fn new(errors: Option<&'a str>) -> Handler<'a> {
        match errors {
            None | Some("strict") => Handler::Strict,
            Some("ignore") => Handler::Ignore,
            Some("replace") => Handler::Replace,
            Some("xmlcharrefreplace") => Handler::XmlCharRef,
            Some("backslashreplace") => Handler::Backslash,
            Some(n) => Handler::Named(n),
        }
    }

    pub fn name(self) -> &'a str {
        match self {
            Handler::Strict => "strict",
            Handler::Ignore => "ignore",
            Handler::Replace => "replace",
            Handler::XmlCharRef => "xmlcharrefreplace",
            Handler::Backslash => "backslashreplace",
            Handler::Named(n) => n,
        }
    }
}

/// Where and why a codec stopped.
#[derive(Copy, Clone)]
pub struct Fault<'a> {
    pub encoding: &'a str,
    pub start: usize,
    pub end: usize,
    pub reason: &'a str,
}

/// Takes the exception just raised out of the thread, as an instance.
fn instance(th: &mut Thread, r: Raised) -> PyResult {
    let c = r.catch(th)?;
    let c = exc::normalize(th, c)?;
    Ok(c.value.unwrap_or(Value::NONE))
}

/// What a callback answered, checked: replacement and next place, within `len`.
fn answer(th: &mut Thread, r: Value, len: usize, what: &str) -> PyResult<(Value, usize)> {
    let bad = |th: &mut Thread| {
        Err(th.type_error(format!("{what} error handler must return (unicode, int) tuple")))
    };
    let Some(t) = r.payload::<PyTuple>() else { return bad(th) };
    let [u, n] = t.get().items() else { return bad(th) };
    let (u, n) = (*u, *n);
    if u.payload::<PyUnicode>().is_none()
        || (ops::exact_integer(n).is_none() && ops::slots_of(n).index.is_none())
    {
        return bad(th);
    }
    let n = ops::integer_arg(th, n)?;
    let p = if n < 0 { n + len as i64 } else { n };
    if p < 0 || p > len as i64 {
        return Err(th.index_error(format!("position {p} from error handler out of bounds")));
    }
    Ok((u.base_object(), p as usize))
}

/// Handles an undecodable stretch: writes the replacement and says where to go on.
pub fn decode_error(
    th: &mut Thread,
    h: Handler<'_>,
    input: &[u8],
    f: Fault<'_>,
    out: &mut Builder,
) -> PyResult<usize> {
    match h {
        Handler::Ignore => return Ok(f.end),
        Handler::Replace => {
            out.push(0xfffd);
            return Ok(f.end);
        }
        _ => {}
    }
    let object = o::str::from_bytes(th, input)?;
    if h == Handler::Strict {
        return Err(exc::unicode_decode_error(th, f.encoding, object, f.start, f.end, f.reason));
    }
    let callback = registry::lookup_error(th, h.name())?;
    let raised = exc::unicode_decode_error(th, f.encoding, object, f.start, f.end, f.reason);
    let e = instance(th, raised)?;
    let r = ops::call(th, callback, &[e])?;
    let (u, p) = answer(th, r, input.len(), "decoding")?;
    if let Some(u) = u.cast::<PyUnicode>() {
        out.push_chars(u.get().chars());
    }
    Ok(p)
}

/// Raises the error of an unencodable stretch.
pub fn raise_encode(th: &mut Thread, u: Value, f: Fault<'_>) -> Raised {
    exc::unicode_encode_error(th, f.encoding, u, f.start, f.end, f.reason)
}

/// The replacement text of an unencodable stretch, and where to go on.
pub fn encode_error(th: &mut Thread, h: Handler<'_>, u: Value, f: Fault<'_>) -> PyResult<(Value, usize)> {
    let chars = match u.payload::<PyUnicode>() {
        Some(u) => u.get().chars(),
        None => return Err(th.system_error("an encoder was given no unicode")),
    };
    let part = (f.start..f.end).map(|i| chars.at(i));
    let mut text = Vec::new();
    match h {
        Handler::Strict => return Err(raise_encode(th, u, f)),
        Handler::Ignore => {}
        Handler::Replace => text.resize(f.end - f.start, b'?'),
        Handler::XmlCharRef => part.for_each(|c| xml_reference(c, &mut text)),
        Handler::Backslash => part.for_each(|c| backslash(c, &mut text)),
        Handler::Named(n) => {
            let callback = registry::lookup_error(th, n)?;
            let raised = raise_encode(th, u, f);
            let e = instance(th, raised)?;
            let r = ops::call(th, callback, &[e])?;
            return answer(th, r, chars.len(), "encoding");
        }
    }
    Ok((o::unicode::from_units(th, &text)?, f.end))
}

fn xml_reference(c: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("&#{c};").as_bytes());
}

fn backslash(c: u32, out: &mut Vec<u8>) {
    let s = match c {
        0..=0xff => format!("\\x{c:02x}"),
        0x100..=0xffff => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    };
    out.extend_from_slice(s.as_bytes());
}

/// The handlers as Python functions.
pub static BUILTIN: &[MethodDef] = &[
    MethodDef::new("strict_errors", strict, 1, 1, 0, "Raises the exception."),
    MethodDef::new("ignore_errors", ignore, 1, 1, 0, "Goes on after the fault."),
    MethodDef::new("replace_errors", replace, 1, 1, 0, "Puts a replacement mark."),
    MethodDef::new("xmlcharrefreplace_errors", xmlcharref, 1, 1, 0, "Puts XML character references."),
    MethodDef::new("backslashreplace_errors", backslashreplace, 1, 1, 0, "Puts backslash escapes."),
];

static START: Name = Name::new("start");
static END: Name = Name::new("end");
static OBJECT: Name = Name::new("object");

#[derive(Copy, Clone, PartialEq)]
enum Kind {
    Encode,
    Decode,
    Translate,
}

fn kind_of(v: Value) -> Option<Kind> {
    use crate::types::is_instance_of;
    if is_instance_of(v, &exc::UNICODE_ENCODE_ERROR) {
        Some(Kind::Encode)
    } else if is_instance_of(v, &exc::UNICODE_DECODE_ERROR) {
        Some(Kind::Decode)
    } else if is_instance_of(v, &exc::UNICODE_TRANSLATE_ERROR) {
        Some(Kind::Translate)
    } else {
        None
    }
}

fn unknown(th: &mut Thread, v: Value) -> PyResult {
    let n = ops::type_name(v);
    Err(th.type_error(format!("don't know how to handle {n} in error callback")))
}

fn number(th: &mut Thread, v: Value, name: &Name) -> PyResult<i64> {
    let n = ops::getattr_name(th, v, name)?;
    ops::integer_arg(th, n)
}

/// Length of the text that an exception is about, which must be of the right type.
fn object_length(th: &mut Thread, e: Value, k: Kind) -> PyResult<i64> {
    let o = {
        let name = OBJECT.get(th);
        ops::getattr_opt(th, e, name)?
    }
    .unwrap_or(Value::NONE);
    let n = match k {
        Kind::Decode => o.payload::<PyStr>().map(|s| s.get().len),
        _ => o.payload::<PyUnicode>().map(|u| u.get().len),
    };
    match n {
        Some(n) => Ok(n as i64),
        None if k == Kind::Decode => Err(th.type_error("object attribute must be str")),
        None => Err(th.type_error("object attribute must be unicode")),
    }
}

fn result(th: &mut Thread, text: Builder, end: i64) -> PyResult {
    let u = text.finish(th)?;
    let end = th.int(end);
    Ok(th.new_tuple(&[u, end]))
}

fn strict(th: &mut Thread, args: Args<'_>) -> PyResult {
    let e = args.pos[0];
    if crate::types::is_instance_of(e, &exc::BASE_EXCEPTION) {
        let class = crate::types::type_of(e).value();
        return Err(th.raise(class, Some(e)));
    }
    Err(th.type_error("codec must pass exception instance"))
}

fn ignore(th: &mut Thread, args: Args<'_>) -> PyResult {
    let e = args.pos[0];
    let Some(k) = kind_of(e) else { return unknown(th, e) };
    let (_, end) = stretch(th, e, k)?;
    result(th, Builder::default(), end)
}

/// The faulty stretch: start and end, within the text.
fn stretch(th: &mut Thread, e: Value, k: Kind) -> PyResult<(i64, i64)> {
    let n = object_length(th, e, k)?;
    let start = number(th, e, &START)?.max(0).min((n - 1).max(0));
    let end = number(th, e, &END)?.max(1).min(n);
    Ok((start, end))
}

fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    let e = args.pos[0];
    let Some(k) = kind_of(e) else { return unknown(th, e) };
    let (start, end) = stretch(th, e, k)?;
    let mut out = Builder::default();
    let n = (end - start).max(0) as usize;
    let fits = match k {
        Kind::Encode => out.push_many(u32::from(b'?'), n),
        Kind::Decode => out.push_many(0xfffd, 1),
        Kind::Translate => out.push_many(0xfffd, n),
    };
    if !fits {
        return Err(th.memory_error());
    }
    result(th, out, end)
}

fn written(th: &mut Thread, e: Value, write: fn(u32, &mut Vec<u8>)) -> PyResult {
    if kind_of(e) != Some(Kind::Encode) {
        return unknown(th, e);
    }
    let (start, end) = stretch(th, e, Kind::Encode)?;
    let object: Slot = Some(ops::getattr_name(th, e, &OBJECT)?);
    let mut text = Vec::new();
    if let Some(u) = object.and_then(|u| u.payload::<PyUnicode>()) {
        let c = u.get().chars();
        for i in start.max(0)..end.min(c.len() as i64) {
            write(c.at(i as usize), &mut text);
        }
    }
    let mut out = Builder::default();
    out.push_bytes(&text);
    result(th, out, end)
}

fn xmlcharref(th: &mut Thread, args: Args<'_>) -> PyResult {
    written(th, args.pos[0], xml_reference)
}

fn backslashreplace(th: &mut Thread, args: Args<'_>) -> PyResult {
    written(th, args.pos[0], backslash)
}
