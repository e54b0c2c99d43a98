//! UTF-16, UTF-32 and the internal form (four bytes a character, in the machine's order).

use super::Decoded;
use super::handler::{Fault, Handler, decode_error};
use crate::layout::{Chars, PyUnicode};
use crate::objects as o;
use crate::objects::unicode::Builder;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// Byte order: -1 little endian, 1 big endian, 0 as a mark says (or else the machine's).
pub type Order = i32;

const NATIVE: Order = if cfg!(target_endian = "little") { -1 } else { 1 };

fn word16(b: &[u8], order: Order) -> u32 {
    if order > 0 { u16::from_be_bytes([b[0], b[1]]) as u32 } else { u16::from_le_bytes([b[0], b[1]]) as u32 }
}

fn word32(b: &[u8], order: Order) -> u32 {
    let w = [b[0], b[1], b[2], b[3]];
    if order > 0 { u32::from_be_bytes(w) } else { u32::from_le_bytes(w) }
}

/// Decodes UTF-16; also returns the byte order found (0 if none was).
pub fn decode16(
    th: &mut Thread,
    b: &[u8],
    errors: Option<&str>,
    order: Order,
    last: bool,
) -> PyResult<(Value, usize, Order)> {
    let h = Handler::new(errors);
    let (mut found, mut i) = (order, 0);
    if order == 0 && b.len() >= 2 {
        match word16(b, NATIVE) {
            0xfeff => (found, i) = (NATIVE, 2),
            0xfffe => (found, i) = (-NATIVE, 2),
            _ => {}
        }
    }
    let actual = if found == 0 { NATIVE } else { found };
    let mut out = Builder::with_capacity(b.len() / 2);
    while i < b.len() {
        let rest = &b[i..];
        let (n, reason) = if rest.len() < 2 {
            if !last {
                break;
            }
            (rest.len(), "truncated data")
        } else {
            let c = word16(rest, actual);
            if !(0xd800..0xe000).contains(&c) {
                out.push(c);
                i += 2;
                continue;
            }
            if rest.len() < 4 {
                if !last {
                    break;
                }
                (rest.len(), "unexpected end of data")
            } else if c < 0xdc00 {
                let d = word16(&rest[2..], actual);
                if (0xdc00..0xe000).contains(&d) {
                    out.push(0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00));
                    i += 4;
                    continue;
                }
                (2, "illegal UTF-16 surrogate")
            } else {
                (2, "illegal encoding")
            }
        };
        let f = Fault { encoding: "utf16", start: i, end: i + n, reason };
        i = decode_error(th, h, b, f, &mut out)?;
    }
    Ok((out.finish(th)?, i, found))
}

/// Decodes UTF-32; also returns the byte order found (0 if none was).
pub fn decode32(
    th: &mut Thread,
    b: &[u8],
    errors: Option<&str>,
    order: Order,
    last: bool,
) -> PyResult<(Value, usize, Order)> {
    let h = Handler::new(errors);
    let (mut found, mut i) = (order, 0);
    if order == 0 && b.len() >= 4 {
        match word32(b, NATIVE) {
            0x0000_feff => (found, i) = (NATIVE, 4),
            0xfffe_0000 => (found, i) = (-NATIVE, 4),
            _ => {}
        }
    }
    let actual = if found == 0 { NATIVE } else { found };
    let mut out = Builder::with_capacity(b.len() / 4);
    while i < b.len() {
        let rest = &b[i..];
        let (n, reason) = if rest.len() < 4 {
            if !last {
                break;
            }
            (rest.len(), "truncated data")
        } else {
            let c = word32(rest, actual);
            if c < 0x11_0000 {
                out.push(c);
                i += 4;
                continue;
            }
            (4, "code point not in range(0x110000)")
        };
        let f = Fault { encoding: "utf32", start: i, end: i + n, reason };
        i = decode_error(th, h, b, f, &mut out)?;
    }
    Ok((out.finish(th)?, i, found))
}

fn chars<'a>(u: Value) -> Chars<'a> {
    u.payload::<PyUnicode>().map_or(Chars::One(&[]), |u| u.get().chars())
}

/// Encodes to UTF-16, with a mark if no order is given.
pub fn encode16(th: &mut Thread, u: Value, order: Order) -> PyResult {
    let c = chars(u);
    let mut out = Vec::with_capacity(c.len() * 2 + 2);
    let actual = if order == 0 { NATIVE } else { order };
    let mut put = |w: u32| {
        let w = w as u16;
        out.extend_from_slice(&if actual > 0 { w.to_be_bytes() } else { w.to_le_bytes() });
    };
    if order == 0 {
        put(0xfeff);
    }
    for x in c.iter() {
        if x >= 0x10000 {
            put(0xd800 + ((x - 0x10000) >> 10));
            put(0xdc00 + ((x - 0x10000) & 0x3ff));
        } else {
            put(x);
        }
    }
    o::str::from_bytes(th, &out)
}

/// Encodes to UTF-32, with a mark if no order is given.
pub fn encode32(th: &mut Thread, u: Value, order: Order) -> PyResult {
    let c = chars(u);
    let mut out = Vec::with_capacity(c.len() * 4 + 4);
    let actual = if order == 0 { NATIVE } else { order };
    let mut put = |w: u32| out.extend_from_slice(&if actual > 0 { w.to_be_bytes() } else { w.to_le_bytes() });
    if order == 0 {
        put(0xfeff);
    }
    c.iter().for_each(&mut put);
    o::str::from_bytes(th, &out)
}

/// Encodes to the internal form.
pub fn encode_internal(th: &mut Thread, u: Value) -> PyResult {
    encode32(th, u, NATIVE)
}

/// Decodes the internal form.
pub fn decode_internal(th: &mut Thread, b: &[u8], errors: Option<&str>) -> Decoded {
    let h = Handler::new(errors);
    let mut out = Builder::with_capacity(b.len() / 4);
    let mut i = 0;
    while i < b.len() {
        let rest = &b[i..];
        let (n, reason) = if rest.len() < 4 {
            (rest.len(), "truncated input")
        } else {
            let c = word32(rest, NATIVE);
            if c < 0x11_0000 {
                out.push(c);
                i += 4;
                continue;
            }
            (4, "illegal code point (> 0x10FFFF)")
        };
        let f = Fault { encoding: "unicode_internal", start: i, end: i + n, reason };
        i = decode_error(th, h, b, f, &mut out)?;
    }
    Ok((out.finish(th)?, b.len()))
}
