//! The `charmap` codec: one byte a character, through a mapping.

use super::handler::{Fault, Handler, decode_error, encode_error, raise_encode};
use super::{Decoded, narrow};
use crate::layout::{Chars, PyStr, PyUnicode};
use crate::objects as o;
use crate::objects::unicode::Builder;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

const UNDEFINED: &str = "character maps to <undefined>";

fn chars<'a>(v: Value) -> Chars<'a> {
    v.payload::<PyUnicode>().map_or(Chars::One(&[]), |u| u.get().chars())
}

/// `mapping[n]`, or none if that raises LookupError or gives None.
fn look_up(th: &mut Thread, mapping: Value, n: u32) -> PyResult<Option<Value>> {
    let k = th.int(n as i64);
    match ops::getitem(th, mapping, k) {
        Ok(v) => Ok(if v.is_none() { None } else { Some(v) }),
        Err(e) => {
            e.catch_if(th, o::exceptions::LOOKUP_ERROR.class())?;
            Ok(None)
        }
    }
}

/// Writes what a byte stands for; false if it is undefined.
fn decode_byte(th: &mut Thread, mapping: Value, c: u8, out: &mut Builder) -> PyResult<bool> {
    if mapping.cast::<PyUnicode>().is_some() {
        let t = chars(mapping);
        if (c as usize) < t.len() && t.at(c as usize) != 0xfffe {
            out.push(t.at(c as usize));
            return Ok(true);
        }
        return Ok(false);
    }
    let Some(v) = look_up(th, mapping, c as u32)? else { return Ok(false) };
    if let Some(n) = ops::int_value(v) {
        if n == 0xfffe {
            return Ok(false);
        }
        if !(0..0x11_0000).contains(&n) {
            return Err(th.type_error("character mapping must be in range(0x110000)"));
        }
        out.push(n as u32);
        return Ok(true);
    }
    if v.payload::<PyUnicode>().is_some() {
        let t = chars(v);
        if t.len() == 1 && t.at(0) == 0xfffe {
            return Ok(false);
        }
        out.push_chars(t);
        return Ok(true);
    }
    Err(th.type_error("character mapping must return integer, None or unicode"))
}

/// Decodes bytes through a mapping; None: Latin-1.
pub fn decode(th: &mut Thread, b: &[u8], errors: Option<&str>, mapping: Value) -> Decoded {
    if mapping.is_none() {
        return narrow::decode_latin1(th, b);
    }
    let h = Handler::new(errors);
    let mut out = Builder::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        if decode_byte(th, mapping, b[i], &mut out)? {
            i += 1;
            continue;
        }
        let f = Fault { encoding: "charmap", start: i, end: i + 1, reason: UNDEFINED };
        i = decode_error(th, h, b, f, &mut out)?;
    }
    Ok((out.finish(th)?, b.len()))
}

/// Writes what a character stands for; false if it is undefined.
fn encode_char(th: &mut Thread, mapping: Value, c: u32, out: &mut Vec<u8>) -> PyResult<bool> {
    let Some(v) = look_up(th, mapping, c)? else { return Ok(false) };
    if let Some(n) = ops::int_value(v) {
        match u8::try_from(n) {
            Ok(b) => out.push(b),
            Err(_) => return Err(th.type_error("character mapping must be in range(256)")),
        }
        return Ok(true);
    }
    if let Some(s) = v.payload::<PyStr>() {
        out.extend_from_slice(s.get().bytes());
        return Ok(true);
    }
    Err(th.type_error("character mapping must return integer, None or str"))
}

/// Encodes an exact unicode through a mapping; None: Latin-1.
pub fn encode(th: &mut Thread, u: Value, errors: Option<&str>, mapping: Value) -> PyResult {
    if mapping.is_none() {
        return narrow::encode(th, u, errors, narrow::LATIN1);
    }
    let h = Handler::new(errors);
    let c = chars(u);
    let mut out = Vec::with_capacity(c.len());
    let mut i = 0;
    while i < c.len() {
        if encode_char(th, mapping, c.at(i), &mut out)? {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while end < c.len() && look_up(th, mapping, c.at(end))?.is_none() {
            end += 1;
        }
        let f = Fault { encoding: "charmap", start: i, end, reason: UNDEFINED };
        let (r, next) = encode_error(th, h, u, f)?;
        for x in chars(r).iter() {
            if !encode_char(th, mapping, x, &mut out)? {
                return Err(raise_encode(th, u, f));
            }
        }
        i = next;
    }
    o::str::from_bytes(th, &out)
}

/// The encoding map for a decoding string: a dict from code points to bytes.
pub fn build(th: &mut Thread, u: Value) -> PyResult {
    let d = th.new_dict();
    for (i, c) in chars(u).iter().enumerate().take(256) {
        if c != 0xfffe {
            let (k, v) = (th.int(c as i64), th.int(i as i64));
            ops::setitem(th, d, k, Some(v))?;
        }
    }
    Ok(d)
}
