//! Pairs of hexadecimal digits.

use super::{input, output};
use interpreter::native::Args;
use interpreter::{PyResult, Thread};

pub fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let b = input(th, &args, "b2a_hex")?;
    let out: Vec<u8> = b.iter().flat_map(|c| [HEX[(c >> 4) as usize], HEX[(c & 15) as usize]]).collect();
    output(th, &out)
}

pub fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "a2b_hex")?;
    if b.len() % 2 != 0 {
        return Err(th.type_error("Odd-length string"));
    }
    let digit = |c: u8| (c as char).to_digit(16);
    let mut out = Vec::with_capacity(b.len() / 2);
    for p in b.chunks_exact(2) {
        match (digit(p[0]), digit(p[1])) {
            (Some(a), Some(b)) => out.push((a << 4 | b) as u8),
            _ => return Err(th.type_error("Non-hexadecimal digit found")),
        }
    }
    output(th, &out)
}
