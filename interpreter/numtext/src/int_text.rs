//! Integers as text in any base, and text as integers.

use num_bigint::{BigInt, BigUint};
use num_traits::{Signed, ToPrimitive};

use crate::error::{Error, Result};
use crate::float_parse::{is_space, trim};

/// An `int` or a `long`.
#[derive(Clone, Copy, Debug)]
pub enum Int<'a> {
    /// An `int`.
    Small(i64),
    /// A `long`.
    Big(&'a BigInt),
}

impl Int<'_> {
    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        match self {
            Int::Small(value) => value < 0,
            Int::Big(value) => value.is_negative(),
        }
    }

    /// The type's name in Python.
    pub fn type_name(self) -> &'static str {
        match self {
            Int::Small(_) => "int",
            Int::Big(_) => "long",
        }
    }

    /// Its value, where that fits.
    pub fn to_i64(self) -> Option<i64> {
        match self {
            Int::Small(value) => Some(value),
            Int::Big(value) => value.to_i64(),
        }
    }

    /// The digits of its magnitude in base 2 to 36, in lower case.
    pub fn digits(self, base: u32) -> String {
        match self {
            Int::Small(value) => small_digits(value.unsigned_abs(), base),
            Int::Big(value) => match value.magnitude().to_u64() {
                Some(small) => small_digits(small, base),
                None => value.magnitude().to_str_radix(base),
            },
        }
    }
}

fn small_digits(mut value: u64, base: u32) -> String {
    match base {
        10 => value.to_string(),
        16 => format!("{value:x}"),
        8 => format!("{value:o}"),
        2 => format!("{value:b}"),
        _ => {
            let mut reversed = vec![];
            while value > 0 || reversed.is_empty() {
                reversed.push(char::from_digit((value % u64::from(base)) as u32, base).unwrap_or('0'));
                value /= u64::from(base);
            }
            reversed.iter().rev().collect()
        }
    }
}

/// `str` of an integer, and `repr` of an `int`.
pub fn int_str(value: Int<'_>) -> String {
    signed(value, "", 10, "")
}

/// `repr` of a `long`: with its suffix.
pub fn long_repr(value: &BigInt) -> String {
    signed(Int::Big(value), "", 10, "L")
}

/// `hex(value)`.
pub fn int_hex(value: Int<'_>) -> String {
    signed(value, "0x", 16, suffix(value))
}

/// `oct(value)`.
pub fn int_oct(value: Int<'_>) -> String {
    let digits = value.digits(8);
    let prefix = if digits == "0" { "" } else { "0" };
    signed(value, prefix, 8, suffix(value))
}

/// `bin(value)`: without a suffix even for a `long`.
pub fn int_bin(value: Int<'_>) -> String {
    signed(value, "0b", 2, "")
}

fn suffix(value: Int<'_>) -> &'static str {
    if matches!(value, Int::Big(_)) { "L" } else { "" }
}

fn signed(value: Int<'_>, prefix: &str, base: u32, suffix: &str) -> String {
    let sign = if value.is_negative() { "-" } else { "" };
    format!("{sign}{prefix}{}{suffix}", value.digits(base))
}

/// What a text read as an integer gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// It fits an `int`.
    Small(i64),
    /// It does not.
    Big(BigInt),
}

impl Parsed {
    /// The value whatever its size.
    pub fn into_big(self) -> BigInt {
        match self {
            Parsed::Small(value) => value.into(),
            Parsed::Big(value) => value,
        }
    }
}

/// Refuses a base that `int` (or `long`, by `name`) does not take.
pub fn check_base(base: i64, name: &str) -> Result<u32> {
    match base {
        0 | 2..=36 => Ok(base as u32),
        _ => Err(Error::value(format!("{name}() base must be >= 2 and <= 36, or 0"))),
    }
}

/// Reads `int(text, base)`, or with `long` also the suffix `L`. The base is 0 (read it off the text's prefix) or 2 to
/// 36. `None` is the caller's "invalid literal".
pub fn parse_int(text: &[u8], base: u32, long: bool) -> Option<Parsed> {
    let mut text = trim(text);
    let long = long || becomes_long(text, base);
    let negative = text.first() == Some(&b'-');
    if negative || text.first() == Some(&b'+') {
        text = &text[1..];
        // White space may follow the sign.
        while let [first, rest @ ..] = text
            && is_space(*first)
        {
            text = rest;
        }
    }
    let (base, text) = split_prefix(text, base);
    let text = match text {
        [digits @ .., b'L' | b'l'] if long && base < 22 => digits,
        // From base 22 on the letter is a digit.
        _ => text,
    };
    if text.is_empty() || !text.iter().all(|&c| (c as char).is_digit(base)) {
        return None;
    }
    let mut value = 0i128;
    for &c in text {
        value = value * i128::from(base) + i128::from((c as char).to_digit(base)?);
        if value > 1 << 64 {
            let magnitude = BigInt::from(parse_magnitude(text, base)?);
            return Some(Parsed::Big(if negative { -magnitude } else { magnitude }));
        }
    }
    let value = if negative { -value } else { value };
    Some(i64::try_from(value).map_or_else(|_| Parsed::Big(value.into()), Parsed::Small))
}

/// Whether `int` leaves the text to `long`: an unsigned literal of a told base from 2**63 up.
fn becomes_long(text: &[u8], base: u32) -> bool {
    if base != 0 || text.first() != Some(&b'0') {
        return false;
    }
    let (base, digits) = split_prefix(text, 0);
    let mut value = 0u64;
    for digit in digits.iter().map_while(|&c| (c as char).to_digit(base)) {
        value = match value.checked_mul(base.into()).and_then(|value| value.checked_add(digit.into())) {
            Some(value) => value,
            None => return true,
        };
    }
    value >> 63 != 0
}

/// What the refusal "invalid literal for int() with base 10: '..'" names: the text to be shown by `repr`, the base,
/// and whether it says `long()`.
pub fn invalid_literal(text: &[u8], base: u32, long: bool) -> (&[u8], u32, bool) {
    let text = text.split(|&byte| byte == 0).next().unwrap_or(&[]);
    let start = text.iter().position(|&byte| !is_space(byte)).unwrap_or(text.len());
    let trimmed = &text[start..];
    let passed_on = !long && becomes_long(trimmed, base);
    let unsigned = trimmed.iter().position(|&byte| !is_space(byte) && byte != b'+' && byte != b'-');
    let shown = if long { text } else { trimmed };
    let base = if long || passed_on {
        split_prefix(unsigned.map_or(&[], |at| &trimmed[at..]), base).0
    } else {
        base
    };
    (&shown[..shown.len().min(200)], base, long || passed_on)
}

/// Takes off the prefix that `base` allows; base 0 becomes the base it tells.
fn split_prefix(text: &[u8], base: u32) -> (u32, &[u8]) {
    let told = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => {
            let octal = text.first() == Some(&b'0');
            return (if base != 0 { base } else { if octal { 8 } else { 10 } }, text);
        }
    };
    match base {
        0 => (told, &text[2..]),
        _ if base == told => (base, &text[2..]),
        _ => (base, text),
    }
}

/// Digits that are already checked. Long texts are read by halves, so that big multiplications do the work.
fn parse_magnitude(digits: &[u8], base: u32) -> Option<BigUint> {
    if digits.len() <= 2000 || base.is_power_of_two() {
        return BigUint::parse_bytes(digits, base);
    }
    // Powers base**(CHUNK * 2**i), squared as needed.
    const CHUNK: usize = 1000;
    let mut parts: Vec<BigUint> = vec![];
    for chunk in digits.rchunks(CHUNK) {
        parts.push(BigUint::parse_bytes(chunk, base)?);
    }
    let mut power = BigUint::from(base).pow(CHUNK as u32);
    while parts.len() > 1 {
        parts = parts
            .chunks(2)
            .map(|pair| match pair {
                [low, high] => high * &power + low,
                _ => pair[0].clone(),
            })
            .collect();
        if parts.len() > 1 {
            power = &power * &power;
        }
    }
    parts.pop()
}
