//! One line of uuencoded data: a length, then groups of four characters.

use super::{ERROR, input, output};
use interpreter::native::Args;
use interpreter::{PyResult, Thread};

pub fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "b2a_uu")?;
    if b.len() > 45 {
        return Err(th.raise_def(&ERROR, "At most 45 bytes at once"));
    }
    let mut out = vec![b' ' + b.len() as u8];
    for g in b.chunks(3) {
        let n = g.iter().fold(0u32, |n, c| n << 8 | *c as u32) << (8 * (3 - g.len()));
        out.extend((0..4).map(|i| b' ' + (n >> (18 - 6 * i) & 63) as u8));
    }
    out.push(b'\n');
    output(th, &out)
}

pub fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "a2b_uu")?;
    let mut chars = b.iter().copied();
    let wanted = chars.next().map_or(32, |c| (c.wrapping_sub(b' ') & 63) as usize);
    let mut out = Vec::with_capacity(wanted);
    let (mut bits, mut buffer) = (0, 0u32);
    while out.len() < wanted {
        // Missing characters count as blanks; some encoders write the line end early.
        let c = chars.next().unwrap_or(b'\n');
        let v = match c {
            b'\n' | b'\r' => 0,
            b' '..=b'`' => (c - b' ') as u32 & 63,
            _ => return Err(th.raise_def(&ERROR, "Illegal char")),
        };
        buffer = buffer << 6 | v;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    for c in chars {
        if !matches!(c, b' ' | b'`' | b'\n' | b'\r') {
            return Err(th.raise_def(&ERROR, "Trailing garbage"));
        }
    }
    output(th, &out)
}
