//! The values of literals: numbers, and strings with their escapes.
//!
//! Unicode strings hold code points; a surrogate written as an escape stays what it is. Bytes of a source without
//! a declared encoding stand for the code points of Latin-1.

use crate::ast::Constant;
use crate::lexer::encoding::{decode_message, decode_utf8_char};
use num_bigint::{BigInt, Sign};

/// The value of a number token, with a minus sign in front if `negative`.
pub fn number(text: &[u8], negative: bool) -> Constant {
    let lower = |i: usize| text.get(i).map_or(0, |b| b.to_ascii_lowercase());
    let radix = match (lower(0), lower(1)) {
        (b'0', b'x') => 16,
        (b'0', b'o') => 8,
        (b'0', b'b') => 2,
        _ => 10,
    };
    if radix == 10 {
        let last = lower(text.len().wrapping_sub(1));
        if last == b'j' {
            return Constant::Complex(float(&text[..text.len() - 1], negative));
        }
        if text.iter().any(|b| matches!(b, b'.' | b'e' | b'E')) {
            return Constant::Float(float(text, negative));
        }
    }
    let (digits, radix) = match radix {
        10 if text.first() == Some(&b'0') && text.len() > 1 => (&text[1..], 8),
        10 => (text, 10),
        _ => (&text[2..], radix),
    };
    integer(digits, radix, negative)
}

fn float(text: &[u8], negative: bool) -> f64 {
    // The scanner lets only well-formed numbers through, and Rust's conversion is exact.
    let value = std::str::from_utf8(text).ok().and_then(|t| t.parse::<f64>().ok()).unwrap_or(f64::NAN);
    if negative { -value } else { value }
}

fn integer(digits: &[u8], radix: u32, negative: bool) -> Constant {
    let (digits, long) = match digits.split_last() {
        Some((b'l' | b'L', rest)) => (rest, true),
        _ => (digits, false),
    };
    let mut small = Some(0u64);
    for &b in digits {
        let d = (b as char).to_digit(radix).unwrap_or(0) as u64;
        small = small.and_then(|n| n.checked_mul(radix as u64)).and_then(|n| n.checked_add(d));
    }
    if let Some(n) = small {
        let signed = if negative { 0i64.checked_sub_unsigned(n) } else { i64::try_from(n).ok() };
        match signed {
            Some(n) if !long => return Constant::Int(n),
            Some(n) => return Constant::Long(BigInt::from(n)),
            None => {}
        }
    }
    let magnitude = BigInt::parse_bytes(digits, radix).unwrap_or_default();
    Constant::Long(if negative && magnitude.sign() == Sign::Plus { -magnitude } else { magnitude })
}

/// Why a string literal has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralError {
    /// A `ValueError`.
    Value(&'static str),
    /// A `UnicodeError`, by its text.
    Unicode(String),
    /// The embedder holds the exception.
    Raised,
}

/// The character after a backslash that stands for a control character or itself.
fn simple_escape(c: u8) -> Option<u8> {
    Some(match c {
        b'\\' | b'\'' | b'"' => c,
        b'b' => 8,
        b'f' => 12,
        b't' => b'\t',
        b'n' => b'\n',
        b'r' => b'\r',
        b'v' => 11,
        b'a' => 7,
        _ => return None,
    })
}

fn hex(c: u8) -> Option<u32> {
    (c as char).to_digit(16)
}

/// An octal escape at `at`: its value and length, one to three digits.
fn octal(body: &[u8], at: usize) -> (u32, usize) {
    let digits = body[at..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7'));
    digits.fold((0, 0), |(value, len), b| (value * 8 + (b - b'0') as u32, len + 1))
}

/// The value of the body of a byte string. `recode` turns a run of non-ASCII bytes into the source's encoding.
pub fn byte_string(
    body: &[u8],
    mut recode: Option<&mut dyn FnMut(&[u8]) -> Result<Vec<u8>, LiteralError>>,
) -> Result<Vec<u8>, LiteralError> {
    let mut out = Vec::with_capacity(body.len());
    let mut i = 0;
    while i < body.len() {
        let c = body[i];
        if c >= 0x80
            && let Some(recode) = &mut recode
        {
            let len = body[i..].iter().take_while(|b| **b >= 0x80).count();
            out.extend(recode(&body[i..i + len])?);
            i += len;
            continue;
        }
        if c != b'\\' {
            out.push(c);
            i += 1;
            continue;
        }
        let Some(&c) = body.get(i + 1) else { return Err(LiteralError::Value("Trailing \\ in string")) };
        i += 2;
        match c {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, len) = octal(body, i - 1);
                out.push(value as u8);
                i += len - 1;
            }
            b'x' => match (body.get(i).and_then(|b| hex(*b)), body.get(i + 1).and_then(|b| hex(*b))) {
                (Some(high), Some(low)) => {
                    out.push((high * 16 + low) as u8);
                    i += 2;
                }
                _ => return Err(LiteralError::Value("invalid \\x escape")),
            },
            _ => match simple_escape(c) {
                Some(c) => out.push(c),
                None => {
                    out.push(b'\\');
                    i -= 1;
                }
            },
        }
    }
    Ok(out)
}

/// Turns the non-ASCII characters of a UTF-8 body into escapes, as the language's own reader does first: the positions
/// in its messages count them so.
pub fn escape_utf8(body: &[u8]) -> Result<Vec<u8>, LiteralError> {
    let mut out = Vec::with_capacity(body.len() * 2);
    let mut i = 0;
    while i < body.len() {
        if body[i] == b'\\' {
            out.push(b'\\');
            i += 1;
            if body.get(i).is_some_and(|b| *b >= 0x80) {
                out.extend_from_slice(b"u005c");
            }
        }
        if body.get(i).is_some_and(|b| *b >= 0x80) {
            let run = &body[i..i + body[i..].iter().take_while(|b| **b >= 0x80).count()];
            let mut at = 0;
            while at < run.len() {
                let (c, len) =
                    decode_utf8_char(run, at).map_err(|e| LiteralError::Unicode(e.message("utf8", run)))?;
                out.extend_from_slice(format!("\\U{c:08x}").as_bytes());
                at += len;
            }
            i += run.len();
        } else if i < body.len() {
            out.push(body[i]);
            i += 1;
        }
    }
    Ok(out)
}

/// The digits of a `\x`, `\u` or `\U` escape that begins at `start`; `at` is after its letter.
fn hex_escape(
    body: &[u8],
    start: usize,
    at: usize,
    digits: usize,
    codec: &str,
    reason: &str,
) -> Result<u32, LiteralError> {
    let mut value = 0u32;
    for k in 0..digits {
        match body.get(at + k).and_then(|b| hex(*b)) {
            Some(d) => value = value << 4 | d,
            None => {
                let end = (at + k).min(body.len());
                return Err(LiteralError::Unicode(decode_message(codec, body, start, end, reason)));
            }
        }
    }
    Ok(value)
}

/// The value of the body of a unicode string.
pub fn unicode_string(body: &[u8]) -> Result<Vec<u32>, LiteralError> {
    const CODEC: &str = "unicodeescape";
    let fail =
        |start, end, reason| Err(LiteralError::Unicode(decode_message(CODEC, body, start, end, reason)));
    let mut out = Vec::with_capacity(body.len());
    let mut i = 0;
    while i < body.len() {
        if body[i] != b'\\' {
            out.push(body[i] as u32);
            i += 1;
            continue;
        }
        let start = i;
        let Some(&c) = body.get(i + 1) else { return fail(start, i + 1, "\\ at end of string") };
        i += 2;
        match c {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, len) = octal(body, i - 1);
                out.push(value);
                i += len - 1;
            }
            b'x' | b'u' | b'U' => {
                let (digits, reason) = match c {
                    b'x' => (2, "truncated \\xXX escape"),
                    b'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                let value = hex_escape(body, start, i, digits, CODEC, reason)?;
                i += digits;
                if value > 0x10ffff {
                    return fail(start, i, "illegal Unicode character");
                }
                out.push(value);
            }
            b'N' => {
                if body.get(i) != Some(&b'{') {
                    return fail(start, i, "malformed \\N character escape");
                }
                let len = body[i..].iter().take_while(|b| **b != b'}').count();
                if len < 2 || i + len == body.len() {
                    return fail(start, i + len, "malformed \\N character escape");
                }
                let name = &body[i + 1..i + len];
                i += len + 1;
                match std::str::from_utf8(name).ok().and_then(named_character) {
                    Some(c) => out.push(c),
                    None => return fail(start, i, "unknown Unicode character name"),
                }
            }
            _ => match simple_escape(c) {
                Some(c) => out.push(c as u32),
                None => out.extend([b'\\' as u32, c as u32]),
            },
        }
    }
    Ok(out)
}

/// The character of that name; case does not matter, anything else does.
fn named_character(name: &str) -> Option<u32> {
    let c = unicode_names2::character(name)?;
    let exact = unicode_names2::name(c).is_some_and(|n| n.to_string().eq_ignore_ascii_case(name));
    exact.then_some(c as u32)
}

/// The value of the body of a raw unicode string, where only `\u` and `\U` after an odd backslash count.
pub fn raw_unicode_string(body: &[u8]) -> Result<Vec<u32>, LiteralError> {
    const CODEC: &str = "rawunicodeescape";
    let mut out = Vec::with_capacity(body.len());
    let mut i = 0;
    while i < body.len() {
        if body[i] != b'\\' {
            out.push(body[i] as u32);
            i += 1;
            continue;
        }
        let slashes = body[i..].iter().take_while(|b| **b == b'\\').count();
        let after = i + slashes;
        let digits = match body.get(after) {
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        if slashes % 2 == 0 || digits == 0 {
            out.extend(std::iter::repeat_n(b'\\' as u32, slashes));
            i = after;
            continue;
        }
        out.extend(std::iter::repeat_n(b'\\' as u32, slashes - 1));
        let start = after - 1;
        let value = hex_escape(body, start, after + 1, digits, CODEC, "truncated \\uXXXX")?;
        i = after + 1 + digits;
        if value > 0x10ffff {
            return Err(LiteralError::Unicode(decode_message(
                CODEC,
                body,
                start,
                i,
                "\\Uxxxxxxxx out of range",
            )));
        }
        out.push(value);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert!(matches!(number(b"0777", false), Constant::Int(511)));
        assert!(matches!(number(b"9223372036854775808", true), Constant::Int(i64::MIN)));
        assert!(matches!(number(b"9223372036854775808", false), Constant::Long(_)));
        assert!(matches!(number(b"1.e5", false), Constant::Float(x) if x == 1e5));
        assert!(matches!(number(b"09j", false), Constant::Complex(x) if x == 9.0));
        assert!(matches!(number(b".5E-1", false), Constant::Float(x) if x == 0.05));
    }

    #[test]
    fn strings() {
        assert_eq!(byte_string(b"a\\x41\\101\\q\\\n\\7", None).unwrap(), b"aAA\\q\x07");
        assert_eq!(unicode_string(b"\\N{SPACE}\\777\\U0001f600").unwrap(), [32, 511, 0x1f600]);
        assert!(unicode_string(b"\\N{SPACE").is_err());
        assert_eq!(raw_unicode_string(b"\\\\u1234\\u1234").unwrap(), [92, 92, 117, 49, 50, 51, 52, 0x1234]);
    }
}
