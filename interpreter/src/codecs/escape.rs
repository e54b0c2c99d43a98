//! Escape notations: `unicode_escape`, `raw_unicode_escape`, `string_escape`.

use super::Decoded;
use super::handler::{Fault, Handler, decode_error};
use crate::layout::Chars;
use crate::objects as o;
use crate::objects::unicode::Builder;
use crate::raised::PyResult;
use crate::thread::Thread;

const HEX: &[u8; 16] = b"0123456789abcdef";

fn put_hex(c: u32, digits: u32, out: &mut Vec<u8>) {
    for i in (0..digits).rev() {
        out.push(HEX[(c >> (4 * i) & 15) as usize]);
    }
}

/// Appends the text with everything but printable ASCII escaped; with a quote, that too.
pub fn encode_unicode_escape(c: Chars<'_>, quote: Option<u8>, out: &mut Vec<u8>) {
    out.reserve(c.len());
    for x in c.iter() {
        match x {
            0x5c => out.extend_from_slice(b"\\\\"),
            9 => out.extend_from_slice(b"\\t"),
            10 => out.extend_from_slice(b"\\n"),
            13 => out.extend_from_slice(b"\\r"),
            0x20..=0x7e => {
                if quote == Some(x as u8) {
                    out.push(b'\\');
                }
                out.push(x as u8);
            }
            0..=0xff => {
                out.extend_from_slice(b"\\x");
                put_hex(x, 2, out);
            }
            0x100..=0xffff => {
                out.extend_from_slice(b"\\u");
                put_hex(x, 4, out);
            }
            _ => {
                out.extend_from_slice(b"\\U");
                put_hex(x, 8, out);
            }
        }
    }
}

/// Latin-1 characters as they are, others escaped.
pub fn encode_raw(c: Chars<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(c.len());
    for x in c.iter() {
        match x {
            0..=0xff => out.push(x as u8),
            0x100..=0xffff => {
                out.extend_from_slice(b"\\u");
                put_hex(x, 4, &mut out);
            }
            _ => {
                out.extend_from_slice(b"\\U");
                put_hex(x, 8, &mut out);
            }
        }
    }
    out
}

/// Hex digits at the front, at most `n`: how many, and their number.
fn hex(b: &[u8], n: usize) -> (usize, u32) {
    let digits = b.iter().take(n).take_while(|c| c.is_ascii_hexdigit());
    digits.fold((0, 0), |(k, v), c| (k + 1, v << 4 | (*c as char).to_digit(16).unwrap_or(0)))
}

/// Octal digits at the front, at most three.
fn octal(b: &[u8]) -> (usize, u32) {
    let digits = b.iter().take(3).take_while(|c| (b'0'..=b'7').contains(c));
    digits.fold((0, 0), |(k, v), c| (k + 1, v << 3 | (c - b'0') as u32))
}

fn simple(c: u8) -> Option<u8> {
    Some(match c {
        b'\\' | b'\'' | b'"' => c,
        b'b' => 8,
        b'f' => 12,
        b't' => 9,
        b'n' => 10,
        b'r' => 13,
        b'v' => 11,
        b'a' => 7,
        _ => return None,
    })
}

enum Escape {
    Char(u32, usize),
    /// A backslash at the end of a line: nothing.
    Gone(usize),
    /// Not an escape: both characters stay.
    Plain,
    Bad(usize, &'static str),
}

/// The escape at the front of `b`, which begins with a backslash.
fn escape(b: &[u8]) -> Escape {
    let Some(&c) = b.get(1) else { return Escape::Bad(1, "\\ at end of string") };
    if let Some(c) = simple(c) {
        return Escape::Char(c as u32, 2);
    }
    let numbered = |n: usize, reason| match hex(&b[2..], n) {
        (k, v) if k == n => {
            if v < 0x11_0000 {
                Escape::Char(v, 2 + n)
            } else {
                Escape::Bad(2 + n, "illegal Unicode character")
            }
        }
        (k, _) => Escape::Bad(2 + k, reason),
    };
    match c {
        b'\n' => Escape::Gone(2),
        b'0'..=b'7' => {
            let (k, v) = octal(&b[1..]);
            Escape::Char(v, 1 + k)
        }
        b'x' => numbered(2, "truncated \\xXX escape"),
        b'u' => numbered(4, "truncated \\uXXXX escape"),
        b'U' => numbered(8, "truncated \\UXXXXXXXX escape"),
        b'N' => {
            const MALFORMED: &str = "malformed \\N character escape";
            if b.get(2) != Some(&b'{') {
                return Escape::Bad(2, MALFORMED);
            }
            match memchr::memchr(b'}', b) {
                None => Escape::Bad(b.len(), MALFORMED),
                Some(3) => Escape::Bad(3, MALFORMED),
                Some(e) => match std::str::from_utf8(&b[3..e]).ok().and_then(unidata::code_of) {
                    Some(c) => Escape::Char(c, e + 1),
                    None => Escape::Bad(e + 1, "unknown Unicode character name"),
                },
            }
        }
        _ => Escape::Plain,
    }
}

pub fn decode_unicode_escape(th: &mut Thread, b: &[u8], errors: Option<&str>) -> Decoded {
    let h = Handler::new(errors);
    let mut out = Builder::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        let n = memchr::memchr(b'\\', &b[i..]).unwrap_or(b.len() - i);
        out.push_bytes(&b[i..i + n]);
        i += n;
        if i == b.len() {
            break;
        }
        match escape(&b[i..]) {
            Escape::Char(c, n) => {
                out.push(c);
                i += n;
            }
            Escape::Gone(n) => i += n,
            Escape::Plain => {
                out.push_bytes(&b[i..i + 2]);
                i += 2;
            }
            Escape::Bad(n, reason) => {
                let f = Fault { encoding: "unicodeescape", start: i, end: i + n, reason };
                i = decode_error(th, h, b, f, &mut out)?;
            }
        }
    }
    Ok((out.finish(th)?, b.len()))
}

pub fn decode_raw(th: &mut Thread, b: &[u8], errors: Option<&str>) -> Decoded {
    let h = Handler::new(errors);
    let mut out = Builder::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        if b[i] != b'\\' {
            out.push(b[i] as u32);
            i += 1;
            continue;
        }
        // Only the last of an odd number of backslashes can start an escape.
        let n = b[i..].iter().take_while(|c| **c == b'\\').count();
        let letter = b.get(i + n).copied();
        if n % 2 == 0 || !matches!(letter, Some(b'u' | b'U')) {
            out.push_bytes(&b[i..i + n]);
            i += n;
            continue;
        }
        out.push_bytes(&b[i..i + n - 1]);
        i += n - 1;
        let (digits, reason) =
            if letter == Some(b'u') { (4, "truncated \\uXXXX") } else { (8, "truncated \\UXXXXXXXX") };
        let (k, v) = hex(&b[i + 2..], digits);
        let f = if k < digits {
            Fault { encoding: "rawunicodeescape", start: i, end: i + 2 + k, reason }
        } else if v >= 0x11_0000 {
            Fault {
                encoding: "rawunicodeescape",
                start: i,
                end: i + 2 + k,
                reason: "\\Uxxxxxxxx out of range",
            }
        } else {
            out.push(v);
            i += 2 + k;
            continue;
        };
        i = decode_error(th, h, b, f, &mut out)?;
    }
    Ok((out.finish(th)?, b.len()))
}

/// `string_escape` decoding: the escapes of str literals.
pub fn decode_string(th: &mut Thread, b: &[u8], errors: Option<&str>) -> PyResult {
    let mut out = Vec::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        if b[i] != b'\\' {
            out.push(b[i]);
            i += 1;
            continue;
        }
        let Some(&c) = b.get(i + 1) else { return Err(th.value_error("Trailing \\ in string")) };
        i += 2;
        if let Some(c) = simple(c) {
            out.push(c);
            continue;
        }
        match c {
            b'\n' => {}
            b'0'..=b'7' => {
                let (k, v) = octal(&b[i - 1..]);
                out.push(v as u8);
                i += k - 1;
            }
            b'x' => match hex(&b[i..], 2) {
                (2, v) => {
                    out.push(v as u8);
                    i += 2;
                }
                (k, _) => {
                    match errors {
                        None | Some("strict") => return Err(th.value_error("invalid \\x escape")),
                        Some("replace") => out.push(b'?'),
                        Some("ignore") => {}
                        Some(e) => {
                            return Err(
                                th.value_error(format!("decoding error; unknown error handling code: {e}"))
                            );
                        }
                    }
                    i += k;
                }
            },
            c => out.extend_from_slice(&[b'\\', c]),
        }
    }
    o::str::from_bytes(th, &out)
}

/// `string_escape` encoding: as `repr`, without the quotes.
pub fn encode_string(b: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(b.len());
    for &c in b {
        match c {
            b'\'' | b'\\' => out.extend_from_slice(&[b'\\', c]),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x20..=0x7e => out.push(c),
            c => {
                out.extend_from_slice(b"\\x");
                put_hex(c as u32, 2, &mut out);
            }
        }
    }
    out
}
