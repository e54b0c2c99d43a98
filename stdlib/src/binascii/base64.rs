//! Base 64, one line. Characters outside the alphabet are skipped; padding ends the data where it completes a group.

use super::{ERROR, input, output};
use interpreter::native::Args;
use interpreter::{PyResult, Thread};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn value(c: u8) -> Option<u32> {
    Some(match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    } as u32)
}

pub fn encode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "b2a_base64")?;
    let mut out = Vec::with_capacity(b.len() / 3 * 4 + 6);
    for g in b.chunks(3) {
        let n = g.iter().fold(0u32, |n, c| n << 8 | *c as u32) << (8 * (3 - g.len()));
        for i in 0..4 {
            out.push(if i <= g.len() { ALPHABET[(n >> (18 - 6 * i) & 63) as usize] } else { b'=' });
        }
    }
    out.push(b'\n');
    output(th, &out)
}

pub fn decode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = input(th, &args, "a2b_base64")?;
    let mut out = Vec::with_capacity(b.len() / 4 * 3);
    // Position within the group of four, and its bits not yet written.
    let (mut place, mut bits, mut buffer) = (0, 0, 0u32);
    for (i, &c) in b.iter().enumerate() {
        if c == b'=' {
            // Padding counts from the third place on, and completes a group at the fourth.
            let next = b[i + 1..].iter().find(|c| **c == b'=' || value(**c).is_some());
            if place >= 3 || (place == 2 && next == Some(&b'=')) {
                (place, bits) = (0, 0);
                break;
            }
            continue;
        }
        let Some(v) = value(c) else { continue };
        place = (place + 1) & 3;
        buffer = buffer << 6 | v;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    if bits != 0 || place != 0 {
        return Err(th.raise_def(&ERROR, "Incorrect padding"));
    }
    output(th, &out)
}
