//! ASCII and Latin-1.

use super::Decoded;
use super::handler::{Fault, Handler, decode_error, encode_error, raise_encode};
use crate::layout::{Chars, PyUnicode};
use crate::objects as o;
use crate::objects::unicode::Builder;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// A codec whose characters are the code points below a limit.
#[derive(Copy, Clone)]
pub struct Narrow {
    name: &'static str,
    limit: u32,
    reason: &'static str,
}

pub const ASCII: Narrow = Narrow { name: "ascii", limit: 128, reason: "ordinal not in range(128)" };
pub const LATIN1: Narrow = Narrow { name: "latin-1", limit: 256, reason: "ordinal not in range(256)" };

pub fn decode_latin1(th: &mut Thread, b: &[u8]) -> Decoded {
    Ok((o::unicode::from_units(th, b)?, b.len()))
}

pub fn decode_ascii(th: &mut Thread, b: &[u8], errors: Option<&str>) -> Decoded {
    if b.is_ascii() {
        return Ok((o::unicode::from_units(th, b)?, b.len()));
    }
    let h = Handler::new(errors);
    let mut out = Builder::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        let n = b[i..].iter().position(|c| *c >= 128).unwrap_or(b.len() - i);
        out.push_bytes(&b[i..i + n]);
        i += n;
        if i < b.len() {
            let f = Fault { encoding: "ascii", start: i, end: i + 1, reason: ASCII.reason };
            i = decode_error(th, h, b, f, &mut out)?;
        }
    }
    Ok((out.finish(th)?, b.len()))
}

/// Encodes an exact unicode.
pub fn encode(th: &mut Thread, u: Value, errors: Option<&str>, codec: Narrow) -> PyResult {
    let Some(text) = u.cast::<PyUnicode>() else {
        return Err(th.system_error("an encoder was given no unicode"));
    };
    let c = text.get().chars();
    if let Chars::One(s) = c
        && (codec.limit == 256 || s.is_ascii())
    {
        return o::str::from_bytes(th, s);
    }
    let h = Handler::new(errors);
    let mut out = Vec::with_capacity(c.len());
    let mut i = 0;
    while i < c.len() {
        let x = c.at(i);
        if x < codec.limit {
            out.push(x as u8);
            i += 1;
            continue;
        }
        let end = (i..c.len()).find(|j| c.at(*j) < codec.limit).unwrap_or(c.len());
        let f = Fault { encoding: codec.name, start: i, end, reason: codec.reason };
        let (r, next) = encode_error(th, h, u, f)?;
        let r = r.cast::<PyUnicode>().map_or(Chars::One(&[]), |r| r.get().chars());
        for x in r.iter() {
            if x >= codec.limit {
                return Err(raise_encode(th, u, f));
            }
            out.push(x as u8);
        }
        i = next;
    }
    o::str::from_bytes(th, &out)
}
