//! Unicode text of numbers as ASCII: decimal digits of all scripts become 0-9, white space becomes a blank.

use crate::layout::{Chars, PyUnicode};
use crate::objects::exceptions;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// The digit zero of each script with decimal digits (Unicode 5.2); nine more follow each.
const ZEROS: [u32; 40] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
];

/// New Tai Lue has a second digit one.
const THAM_ONE: u32 = 0x19da;

fn is_space(c: u32) -> bool {
    matches!(c, 9..=13 | 28..=32 | 0x85 | 0xa0 | 0x1680 | 0x180e | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000)
}

fn digit(c: u32) -> Option<u8> {
    if c == THAM_ONE {
        return Some(1);
    }
    let i = ZEROS.partition_point(|z| *z <= c).checked_sub(1)?;
    (c - ZEROS[i] < 10).then(|| (c - ZEROS[i]) as u8)
}

fn encode(c: u32) -> Option<u8> {
    match c {
        _ if is_space(c) => Some(b' '),
        1..=0xff => Some(c as u8),
        _ => digit(c).map(|d| b'0' + d),
    }
}

/// The ASCII (or Latin-1) form of a unicode holding a number; UnicodeEncodeError for what cannot be part of one.
pub fn decimal_text(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    let Some(u) = v.payload::<PyUnicode>() else { return Ok(Vec::new()) };
    let chars = u.get().chars();
    let at = |i: usize| match chars {
        Chars::One(c) => c[i] as u32,
        Chars::Two(c) => c[i] as u32,
        Chars::Four(c) => c[i],
    };
    let mut out = Vec::with_capacity(u.get().len);
    for i in 0..u.get().len {
        match encode(at(i)) {
            Some(b) => out.push(b),
            None => {
                // The error names all bad characters in a row.
                let end = (i..u.get().len).find(|k| encode(at(*k)).is_some()).unwrap_or(u.get().len);
                return Err(exceptions::unicode_encode_error(
                    th,
                    "decimal",
                    v,
                    i,
                    end,
                    "invalid decimal Unicode string",
                ));
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn digits_of_scripts() {
        assert_eq!(encode(0x661), Some(b'1'));
        assert_eq!(encode(0x1d7ff), Some(b'9'));
        assert_eq!(encode(0x19da), Some(b'1'));
        assert_eq!(encode(0x3000), Some(b' '));
        assert_eq!(encode(0x1234), None);
        assert_eq!(encode(0), None);
    }
}
