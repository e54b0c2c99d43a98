//! Float arithmetic where Python's rules are not the machine's. Division by zero is the caller's to refuse.

use num_bigint::BigInt;
use num_traits::{Pow, Signed};

use crate::convert::{float_to_integer, integer_to_float};
use crate::error::{Error, Kind, Result};

/// `a % b`: the sign of `b`.
pub fn float_mod(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        return 0.0f64.copysign(b);
    }
    if (b < 0.0) != (rest < 0.0) { rest + b } else { rest }
}

/// `divmod(a, b)`.
pub fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    let floor = if quotient == 0.0 {
        0.0f64.copysign(a / b)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    };
    (floor, rest)
}

/// `a // b`.
pub fn float_floor_div(a: f64, b: f64) -> f64 {
    float_divmod(a, b).0
}

/// `a ** b`.
pub fn float_pow(a: f64, b: f64) -> Result<f64> {
    if b == 0.0 || a == 1.0 {
        return Ok(1.0);
    }
    if a.is_nan() || b.is_nan() {
        return Ok(f64::NAN);
    }
    if a == 0.0 && b < 0.0 && b.is_finite() {
        let message = "0.0 cannot be raised to a negative power".into();
        return Err(Error { kind: Kind::ZeroDivision, message });
    }
    let exact = a.is_infinite() || b.is_infinite() || a == 0.0;
    if !exact && a < 0.0 && b != b.floor() {
        return Err(Error::value("negative number cannot be raised to a fractional power"));
    }
    let power = a.powf(b);
    if power.is_infinite() && !exact {
        return Err(Error::overflow("(34, 'Numerical result out of range')"));
    }
    Ok(power)
}

/// `round(value, digits)`: the nearest such decimal to the exact value, ties away from zero.
pub fn float_round(value: f64, digits: i64) -> Result<f64> {
    if !value.is_finite() || value == 0.0 || digits > 323 {
        return Ok(value);
    }
    if digits < -308 {
        return Ok(0.0f64.copysign(value));
    }
    let rounded =
        if digits < 0 { round_whole(value, -digits as u32)? } else { round_fraction(value, digits as usize) };
    if rounded.is_infinite() {
        return Err(Error::overflow("rounded value too large to represent"));
    }
    Ok(rounded.copysign(value))
}

fn round_whole(value: f64, zeros: u32) -> Result<f64> {
    let whole = float_to_integer(value).unwrap_or_default().abs();
    let unit = BigInt::from(10).pow(zeros);
    let rounded = (whole + (&unit >> 1u8)) / &unit * unit;
    integer_to_float(&rounded).map_err(|_| Error::overflow("rounded value too large to represent"))
}

fn round_fraction(value: f64, digits: usize) -> f64 {
    let value = value.abs();
    // 2 * value * 10**digits is whole (a tie is possible) only if value * 2**(digits + 1) is.
    let doubled = value * 2f64.powi(digits as i32 + 1);
    if value < 9007199254740992.0 && doubled == doubled.trunc() {
        // Then the text below is exact: so few bits after the point need no more digits.
        let text = format!("{value:.*}", digits + 1);
        if let Some(kept) = text.strip_suffix('5') {
            return increment(kept.trim_end_matches('.')).parse().unwrap_or(value);
        }
    }
    format!("{value:.digits$}").parse().unwrap_or(value)
}

/// A decimal text with one added to its last digit.
fn increment(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for byte in bytes.iter_mut().rev() {
        match byte {
            b'9' => *byte = b'0',
            b'.' => {}
            _ => {
                *byte += 1;
                return bytes.iter().map(|&byte| char::from(byte)).collect();
            }
        }
    }
    format!("1{}", bytes.iter().map(|&byte| char::from(byte)).collect::<String>())
}

/// `math.modf(value)`: fraction and whole part, both with the sign of the value.
pub fn modf(value: f64) -> (f64, f64) {
    let whole = value.trunc();
    let fraction = if value.is_infinite() { 0.0 } else { value - whole };
    (if value.is_nan() { value } else { fraction.copysign(value) }, whole)
}
