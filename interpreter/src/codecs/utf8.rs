//! UTF-8 as Python 2.7 does it: surrogates are encoded and decoded like other characters, but a surrogate pair is
//! encoded as the character it stands for.

use super::Decoded;
use super::handler::{Fault, Handler, decode_error};
use crate::layout::{Chars, PyUnicode};
use crate::objects as o;
use crate::objects::unicode::{Builder, with_chars};
use crate::raised::PyResult;
use crate::text::Char;
use crate::thread::Thread;
use crate::value::Value;

/// Length of the sequence that a byte starts; 0 if it starts none.
fn sequence_length(b: u8) -> usize {
    match b {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 0,
    }
}

fn is_tail(b: u8) -> bool {
    b & 0xc0 == 0x80
}

enum Step {
    Char(u32, usize),
    Unfinished,
    /// Length of the faulty stretch.
    Bad(usize, &'static str),
}

fn step(b: &[u8]) -> Step {
    let n = sequence_length(b[0]);
    if n == 0 {
        return Step::Bad(1, "invalid start byte");
    }
    if b.len() < n {
        return Step::Unfinished;
    }
    let low = match b[0] {
        0xe0 => 0xa0,
        0xf0 => 0x90,
        _ => 0x80,
    };
    let high = if b[0] == 0xf4 { 0x8f } else { 0xbf };
    let good = n == 1 || ((low..=high).contains(&b[1]) && b[2..n].iter().all(|c| is_tail(*c)));
    if !good {
        // All bytes that look like parts of the sequence belong to the fault, but not a whole sequence.
        let k = b[1..n - 1].iter().take_while(|c| is_tail(**c)).count();
        return Step::Bad(1 + k, "invalid continuation byte");
    }
    let first = match n {
        1 => b[0] as u32,
        _ => b[0] as u32 & (0x7f >> n),
    };
    Step::Char(b[1..n].iter().fold(first, |c, t| c << 6 | (*t as u32 & 0x3f)), n)
}

/// Decodes text that is well-formed in the strict sense, straight into an object of the right width.
fn decode_valid(th: &mut Thread, s: &str) -> PyResult {
    let (mut n, mut top) = (0, 0);
    for b in s.bytes() {
        n += !is_tail(b) as usize;
        top = top.max(b);
    }
    // The highest lead byte tells the widest character.
    let width = match top {
        0..=0xc3 => 1,
        0xc4..=0xef => 2,
        _ => 4,
    };
    if n < 2 {
        let cs: Vec<u32> = s.chars().map(u32::from).collect();
        return o::unicode::from_units(th, &cs);
    }
    let r = th.unicode_of_len(n, width)?;
    // SAFETY: fresh object with room for `n` characters of that width, and there are `n`.
    unsafe {
        let p = PyUnicode::data_ptr(r);
        let chars = s.chars().enumerate();
        match width {
            1 => chars.for_each(|(i, c)| *p.add(i) = c as u32 as u8),
            2 => chars.for_each(|(i, c)| *(p as *mut u16).add(i) = c as u32 as u16),
            _ => chars.for_each(|(i, c)| *(p as *mut u32).add(i) = c as u32),
        }
    }
    Ok(r.value())
}

pub fn decode(th: &mut Thread, b: &[u8], errors: Option<&str>, last: bool) -> Decoded {
    if b.is_ascii() {
        return Ok((o::unicode::from_units(th, b)?, b.len()));
    }
    if let Ok(s) = std::str::from_utf8(b) {
        return Ok((decode_valid(th, s)?, b.len()));
    }
    let h = Handler::new(errors);
    let mut out = Builder::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        if b[i] < 128 {
            let n = b[i..].iter().position(|c| *c >= 128).unwrap_or(b.len() - i);
            out.push_bytes(&b[i..i + n]);
            i += n;
            continue;
        }
        let (n, reason) = match step(&b[i..]) {
            Step::Char(c, n) => {
                out.push(c);
                i += n;
                continue;
            }
            Step::Unfinished if !last => break,
            Step::Unfinished => {
                (1 + b[i + 1..].iter().take_while(|c| is_tail(**c)).count(), "unexpected end of data")
            }
            Step::Bad(n, reason) => (n, reason),
        };
        let f = Fault { encoding: "utf8", start: i, end: i + n, reason };
        i = decode_error(th, h, b, f, &mut out)?;
    }
    Ok((out.finish(th)?, i))
}

#[inline]
fn put(c: u32, out: &mut Vec<u8>) {
    let tail = |shift: u32| 0x80 | (c >> shift & 0x3f) as u8;
    match c {
        0..=0x7f => out.push(c as u8),
        0x80..=0x7ff => out.extend_from_slice(&[0xc0 | (c >> 6) as u8, tail(0)]),
        0x800..=0xffff => out.extend_from_slice(&[0xe0 | (c >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend_from_slice(&[0xf0 | (c >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

/// The bytes of a text.
pub fn encode_chars(c: Chars<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(c.len() + c.len() / 2);
    with_chars!(c, |s| {
        let mut rest = s.iter().map(|x| x.value()).peekable();
        while let Some(x) = rest.next() {
            if (0xd800..0xdc00).contains(&x)
                && let Some(low) = rest.next_if(|y| (0xdc00..0xe000).contains(y))
            {
                put(0x10000 + ((x - 0xd800) << 10) + (low - 0xdc00), &mut out);
            } else {
                put(x, &mut out);
            }
        }
    });
    out
}

/// Encodes an exact unicode.
pub fn encode(th: &mut Thread, u: Value) -> PyResult {
    let Some(u) = u.cast::<PyUnicode>() else {
        return Err(th.system_error("an encoder was given no unicode"));
    };
    let c = u.get().chars();
    if let Chars::One(s) = c
        && s.is_ascii()
    {
        return o::str::from_bytes(th, s);
    }
    let b = encode_chars(c);
    o::str::from_bytes(th, &b)
}
