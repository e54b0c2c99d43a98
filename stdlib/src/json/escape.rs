//! Strings as JSON in ASCII.

use interpreter::layout::{Chars, PyStr, PyUnicode};
use interpreter::{Args, PyResult, Thread, Value, codecs, ops};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// For each byte: 0 if it stands for itself, else the letter after the backslash (`u`: a number).
static ESCAPES: [u8; 256] = {
    let mut t = [0; 256];
    let mut i = 0;
    while i < 256 {
        t[i] = match i as u8 {
            b'"' => b'"',
            b'\\' => b'\\',
            8 => b'b',
            12 => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            b' '..=b'~' => 0,
            _ => b'u',
        };
        i += 1;
    }
    t
};

fn put_unit(c: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.push(HEX[(c >> shift & 15) as usize]);
    }
}

fn put(c: u32, out: &mut Vec<u8>) {
    match c {
        0..=0xff => match ESCAPES[c as usize] {
            0 => out.push(c as u8),
            b'u' => put_unit(c, out),
            e => out.extend_from_slice(&[b'\\', e]),
        },
        0x100..=0xffff => put_unit(c, out),
        _ => {
            let c = c - 0x10000;
            put_unit(0xd800 + (c >> 10), out);
            put_unit(0xdc00 + (c & 0x3ff), out);
        }
    }
}

/// Bytes of which no escape is needed are copied at once.
fn put_bytes(b: &[u8], out: &mut Vec<u8>) {
    let mut from = 0;
    for (i, c) in b.iter().enumerate() {
        if ESCAPES[*c as usize] != 0 {
            out.extend_from_slice(&b[from..i]);
            put((*c).into(), out);
            from = i + 1;
        }
    }
    out.extend_from_slice(&b[from..]);
}

fn put_chars(c: Chars<'_>, out: &mut Vec<u8>) {
    match c {
        Chars::One(b) => put_bytes(b, out),
        Chars::Two(s) => s.iter().for_each(|c| put(u32::from(*c), out)),
        Chars::Four(s) => s.iter().for_each(|c| put(*c, out)),
    }
}

/// Appends a str or unicode in quotes; false if it is neither.
pub fn put_string(th: &mut Thread, v: Value, out: &mut Vec<u8>) -> PyResult<bool> {
    if let Some(s) = v.payload::<PyStr>() {
        let b = s.get().bytes();
        out.push(b'"');
        if b.is_ascii() {
            put_bytes(b, out);
        } else {
            let (u, _) = codecs::utf8::decode(th, b, None, true)?;
            if let Some(u) = u.cast::<PyUnicode>() {
                put_chars(u.get().chars(), out);
            }
        }
        out.push(b'"');
        return Ok(true);
    }
    if let Some(u) = v.payload::<PyUnicode>() {
        out.push(b'"');
        put_chars(u.get().chars(), out);
        out.push(b'"');
        return Ok(true);
    }
    Ok(false)
}

/// `encode_basestring_ascii(text)`.
pub fn encode_basestring_ascii(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut out = Vec::new();
    if put_string(th, args.pos[0], &mut out)? {
        return th.try_str(&out);
    }
    let n = ops::type_name(args.pos[0]);
    Err(th.type_error(format!("first argument must be a string, not {n}")))
}
