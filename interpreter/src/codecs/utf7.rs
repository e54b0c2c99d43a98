//! UTF-7 (RFC 2152).

use super::Decoded;
use super::handler::{Fault, Handler, decode_error};
use crate::layout::Chars;
use crate::objects::unicode::Builder;
use crate::thread::Thread;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn from_base64(c: u8) -> Option<u32> {
    Some(match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    } as u32)
}

/// Characters written as themselves: sets D and O of the RFC, and white space.
fn is_direct(c: u32) -> bool {
    match u8::try_from(c) {
        Ok(b'+' | b'\\' | b'~') => false,
        Ok(b'\t' | b'\n' | b'\r') => true,
        Ok(c) => (0x20..0x7f).contains(&c),
        Err(_) => false,
    }
}

pub fn encode(c: Chars<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(c.len() * 2);
    let (mut shifted, mut bits, mut buffer) = (false, 0u32, 0u64);
    for x in c.iter() {
        if is_direct(x) {
            if shifted {
                if bits > 0 {
                    out.push(BASE64[(buffer << (6 - bits) & 63) as usize]);
                    (bits, buffer) = (0, 0);
                }
                shifted = false;
                if from_base64(x as u8).is_some() || x == u32::from(b'-') {
                    out.push(b'-');
                }
            }
            out.push(x as u8);
            continue;
        }
        if !shifted {
            out.push(b'+');
            if x == u32::from(b'+') {
                out.push(b'-');
                continue;
            }
            shifted = true;
        }
        let mut put = |w: u32| {
            buffer = buffer << 16 | w as u64;
            bits += 16;
            while bits >= 6 {
                bits -= 6;
                out.push(BASE64[(buffer >> bits & 63) as usize]);
            }
            buffer &= (1 << bits) - 1;
        };
        if x >= 0x10000 {
            put(0xd800 + ((x - 0x10000) >> 10));
            put(0xdc00 + ((x - 0x10000) & 0x3ff));
        } else {
            put(x);
        }
    }
    if bits > 0 {
        out.push(BASE64[(buffer << (6 - bits) & 63) as usize]);
    }
    if shifted {
        out.push(b'-');
    }
    out
}

/// The state of a base-64 section.
#[derive(Default)]
struct Section {
    bits: u32,
    buffer: u32,
    surrogate: u32,
}

impl Section {
    fn put(&mut self, v: u32, out: &mut Builder) {
        self.buffer = self.buffer << 6 | v;
        self.bits += 6;
        if self.bits < 16 {
            return;
        }
        self.bits -= 16;
        let c = self.buffer >> self.bits;
        self.buffer &= (1 << self.bits) - 1;
        if self.surrogate != 0 {
            let s = std::mem::take(&mut self.surrogate);
            if (0xdc00..0xe000).contains(&c) {
                out.push(0x10000 + ((s - 0xd800) << 10) + (c - 0xdc00));
                return;
            }
            out.push(s);
        }
        if (0xd800..0xdc00).contains(&c) {
            self.surrogate = c;
        } else {
            out.push(c);
        }
    }
}

pub fn decode(th: &mut Thread, b: &[u8], errors: Option<&str>, last: bool) -> Decoded {
    let h = Handler::new(errors);
    let mut out = Builder::with_capacity(b.len());
    // The open section, where its `+` is, and how much was written before it.
    let mut open: Option<(Section, usize, usize)> = None;
    let mut i = 0;
    loop {
        let Some(&c) = b.get(i) else {
            let Some((s, start, written)) = open.take() else { break };
            if !last {
                out.truncate(written);
                return Ok((out.finish(th)?, start));
            }
            if s.surrogate != 0 || s.bits >= 6 || (s.bits > 0 && s.buffer != 0) {
                let f =
                    Fault { encoding: "utf7", start, end: b.len(), reason: "unterminated shift sequence" };
                i = decode_error(th, h, b, f, &mut out)?;
                continue;
            }
            break;
        };
        let fault = if let Some((s, start, _)) = &mut open {
            if let Some(v) = from_base64(c) {
                s.put(v, &mut out);
                i += 1;
                continue;
            }
            let start = *start;
            if s.bits >= 6 {
                Some((start, "partial character in shift sequence"))
            } else if s.bits > 0 && s.buffer != 0 {
                Some((start, "non-zero padding bits in shift sequence"))
            } else {
                if s.surrogate != 0 && c < 128 {
                    out.push(s.surrogate);
                }
                open = None;
                if c == b'-' {
                    i += 1;
                }
                continue;
            }
        } else if c == b'+' {
            if b.get(i + 1) == Some(&b'-') {
                out.push(u32::from(b'+'));
                i += 2;
            } else {
                open = Some((Section::default(), i, out.len()));
                i += 1;
            }
            continue;
        } else if c < 128 {
            out.push(c as u32);
            i += 1;
            continue;
        } else {
            Some((i, "unexpected special character"))
        };
        if let Some((start, reason)) = fault {
            open = None;
            let f = Fault { encoding: "utf7", start, end: i + 1, reason };
            i = decode_error(th, h, b, f, &mut out)?;
        }
    }
    Ok((out.finish(th)?, b.len()))
}
