//! BinHex 4: six-bit characters, and run-length coding with the mark 0x90.

use super::{ERROR, INCOMPLETE, input, output};
use interpreter::native::Args;
use interpreter::{PyResult, Thread};

const ALPHABET: &[u8; 64] = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";
const RUN: u8 = 0x90;

pub fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "b2a_hqx")?;
    let mut out = Vec::with_capacity(b.len() / 3 * 4 + 4);
    let (mut bits, mut buffer) = (0, 0u32);
    for c in b {
        buffer = buffer << 8 | c as u32;
        bits += 8;
        while bits >= 6 {
            bits -= 6;
            out.push(ALPHABET[(buffer >> bits & 63) as usize]);
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(ALPHABET[(buffer << (6 - bits) & 63) as usize]);
    }
    output(th, &out)
}

pub fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "a2b_hqx")?;
    let mut out = Vec::with_capacity(b.len() / 4 * 3);
    let (mut bits, mut buffer, mut done) = (0, 0u32, false);
    for c in b {
        if c == b'\n' || c == b'\r' {
            continue;
        }
        if c == b':' {
            done = true;
            break;
        }
        let Some(v) = ALPHABET.iter().position(|a| *a == c) else {
            return Err(th.raise_def(&ERROR, "Illegal char"));
        };
        buffer = buffer << 6 | v as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    if bits != 0 && !done {
        return Err(th.raise_def(&INCOMPLETE, "String has incomplete number of bytes"));
    }
    let (s, done) = (output(th, &out)?, th.int(done as i64));
    Ok(th.new_tuple(&[s, done]))
}

/// Runs of more than three equal bytes become byte, mark, count; a mark itself is followed by zero.
pub fn shorten(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "rlecode_hqx")?;
    let mut out = Vec::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        let c = b[i];
        if c == RUN {
            out.extend_from_slice(&[RUN, 0]);
            i += 1;
            continue;
        }
        let n = b[i..].iter().take(255).take_while(|x| **x == c).count();
        if n > 3 {
            out.extend_from_slice(&[c, RUN, n as u8]);
            i += n;
        } else {
            out.push(c);
            i += 1;
        }
    }
    output(th, &out)
}

pub fn expand(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "rledecode_hqx")?;
    let mut out: Vec<u8> = Vec::with_capacity(b.len() * 2);
    let mut chars = b.iter().copied();
    let mut last: Option<u8> = None;
    let mut first = true;
    while let Some(c) = chars.next() {
        if c != RUN {
            out.push(c);
            (last, first) = (Some(c), false);
            continue;
        }
        let Some(n) = chars.next() else { return Err(th.raise_def(&INCOMPLETE, "")) };
        match (n, last) {
            (0, _) => {
                out.push(RUN);
                last = Some(RUN);
            }
            (_, None) if first => return Err(th.raise_def(&ERROR, "Orphaned RLE code at start")),
            (n, l) => out.extend(std::iter::repeat_n(l.unwrap_or(0), n as usize - 1)),
        }
        first = false;
    }
    output(th, &out)
}
