//! Text to floats: `float('..')`, `complex('..')` and `float.fromhex`.

use crate::convert::scale;
use crate::error::{Error, Result};

/// White space at the ends of number texts.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, 9..=13 | 32)
}

/// Cuts white space off both ends.
pub fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_space(*last)
    {
        text = rest;
    }
    text
}

/// `float(text)`, correctly rounded; `None` where it is no number.
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let text = trim(text);
    let (value, used) = float_prefix(text)?;
    (used == text.len()).then_some(value)
}

fn sign_of(text: &[u8]) -> (f64, usize) {
    match text.first() {
        Some(b'-') => (-1.0, 1),
        Some(b'+') => (1.0, 1),
        _ => (1.0, 0),
    }
}

fn digits(text: &[u8], from: usize) -> usize {
    text[from..].iter().take_while(|c| c.is_ascii_digit()).count()
}

/// `inf`, `infinity` or `nan` in any case, and its length.
fn named(text: &[u8]) -> Option<(f64, usize)> {
    let starts = |word: &[u8]| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if starts(b"infinity") {
        Some((f64::INFINITY, 8))
    } else if starts(b"inf") {
        Some((f64::INFINITY, 3))
    } else if starts(b"nan") {
        Some((f64::NAN, 3))
    } else {
        None
    }
}

/// The longest number that `text` starts with, and its length.
pub fn float_prefix(text: &[u8]) -> Option<(f64, usize)> {
    let (sign, start) = sign_of(text);
    if let Some((value, len)) = named(&text[start..]) {
        return Some((value.copysign(sign), start + len));
    }
    let mut end = start + digits(text, start);
    let mut count = end - start;
    if text.get(end) == Some(&b'.') {
        let fraction = digits(text, end + 1);
        count += fraction;
        end += 1 + fraction;
    }
    if count == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = text.get(end) {
        let (_, signs) = sign_of(&text[end + 1..]);
        let exponent = digits(text, end + 1 + signs);
        if exponent > 0 {
            end += 1 + signs + exponent;
        }
    }
    // ASCII by construction; the standard library's grammar contains this one and rounds correctly.
    let value = std::str::from_utf8(&text[start..end]).ok()?.parse::<f64>().ok()?;
    Some((value.copysign(sign), end))
}

/// `complex(text)`; `None` where it is no complex number.
pub fn parse_complex(text: &[u8]) -> Option<(f64, f64)> {
    let mut text = trim(text);
    if let [b'(', inner @ .., b')'] = text {
        text = trim(inner);
    }
    let (first, at) = match float_prefix(text) {
        Some(found) => found,
        // A bare j, with or without a sign.
        None => {
            let (sign, at) = sign_of(text);
            return matches!(text[at..], [b'j' | b'J']).then_some((0.0, sign));
        }
    };
    match &text[at..] {
        [] => Some((first, 0.0)),
        [b'j' | b'J'] => Some((0.0, first)),
        rest @ [b'+' | b'-', ..] => {
            let (second, used) = float_prefix(rest).unwrap_or((sign_of(rest).0, 1));
            matches!(rest[used..], [b'j' | b'J']).then_some((first, second))
        }
        _ => None,
    }
}

const BAD_HEX: &str = "invalid hexadecimal floating-point string";
const HUGE_HEX: &str = "hexadecimal value too large to represent as a float";

/// `float.fromhex(text)`.
pub fn float_from_hex(text: &[u8]) -> Result<f64> {
    let bad = || Error::value(BAD_HEX);
    let text = trim(text);
    let (sign, start) = sign_of(text);
    let mut rest = &text[start..];
    if let Some((value, len)) = named(rest) {
        return if len == rest.len() { Ok(value.copysign(sign)) } else { Err(bad()) };
    }
    if let [b'0', b'x' | b'X', digits @ ..] = rest {
        rest = digits;
    }
    // The value is (bits + a little, if sticky) * 2**exponent.
    let (mut bits, mut sticky, mut exponent) = (0u64, false, 0i64);
    let (mut seen, mut point) = (0usize, false);
    while let [first, tail @ ..] = rest {
        if *first == b'.' && !point {
            point = true;
        } else if let Some(digit) = (*first as char).to_digit(16) {
            seen += 1;
            if bits >> 58 == 0 {
                bits = bits << 4 | u64::from(digit);
                exponent -= 4 * i64::from(point);
            } else {
                sticky |= digit != 0;
                exponent += 4 * i64::from(!point);
            }
        } else {
            break;
        }
        rest = tail;
    }
    if seen == 0 {
        return Err(bad());
    }
    if let [b'p' | b'P', tail @ ..] = rest {
        let (exponent_sign, signs) = sign_of(tail);
        let len = digits(tail, signs);
        if len == 0 || signs + len != tail.len() {
            return Err(bad());
        }
        let mut power = 0i64;
        for digit in &tail[signs..] {
            power = (power * 10 + i64::from(digit - b'0')).min(i64::MAX / 64);
        }
        exponent = exponent.saturating_add(if exponent_sign < 0.0 { -power } else { power });
    } else if !rest.is_empty() {
        return Err(bad());
    }
    let value = scale(bits, sticky, exponent).ok_or_else(|| Error::overflow(HUGE_HEX))?;
    Ok(value.copysign(sign))
}
