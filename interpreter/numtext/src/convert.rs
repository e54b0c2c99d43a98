//! Between integers and floats: exact or correctly rounded (half to even), never in between.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{Signed, ToPrimitive, Zero};

use crate::error::{Error, Result};

/// `value` without its fraction, exactly; `None` for infinities and NaN.
pub fn float_to_integer(value: f64) -> Option<BigInt> {
    if !value.is_finite() {
        return None;
    }
    let (mantissa, exponent) = decompose(value);
    let magnitude = if exponent < 0 {
        BigUint::from(if exponent > -64 { mantissa >> -exponent } else { 0 })
    } else {
        BigUint::from(mantissa) << exponent
    };
    Some(BigInt::from_biguint(if value < 0.0 { Sign::Minus } else { Sign::Plus }, magnitude))
}

/// `value` without its fraction, where that fits an `int`.
pub fn float_to_i64(value: f64) -> Option<i64> {
    let whole = value.trunc();
    (-9223372036854775808.0..9223372036854775808.0).contains(&whole).then_some(whole as i64)
}

/// A finite float's magnitude as `mantissa * 2**exponent`.
fn decompose(value: f64) -> (u64, i64) {
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// `float.as_integer_ratio` for finite values: numerator and denominator in lowest terms.
pub fn float_ratio(value: f64) -> Option<(BigInt, BigInt)> {
    if !value.is_finite() {
        return None;
    }
    let (mut mantissa, mut exponent) = decompose(value);
    if mantissa == 0 {
        return Some((BigInt::zero(), BigInt::from(1)));
    }
    let shift = mantissa.trailing_zeros();
    mantissa >>= shift;
    exponent += i64::from(shift);
    let sign = if value < 0.0 { Sign::Minus } else { Sign::Plus };
    let numerator = BigInt::from_biguint(sign, BigUint::from(mantissa));
    Some(if exponent >= 0 {
        (numerator << exponent, BigInt::from(1))
    } else {
        (numerator, BigInt::from(1) << -exponent)
    })
}

/// `(bits + a little, if sticky) * 2**exponent` rounded half to even; `None` where it is too large.
pub fn scale(bits: u64, sticky: bool, exponent: i64) -> Option<f64> {
    if bits == 0 {
        return Some(0.0);
    }
    let length = 64 - i64::from(bits.leading_zeros());
    // The power of two of the least bit that the result can hold.
    let lowest = exponent.saturating_add(length - 53).max(-1074);
    let drop = lowest.saturating_sub(exponent);
    let mut kept = if drop <= 0 {
        // Fewer than 53 bits: shifting up is exact.
        bits << (-drop).min(63)
    } else if drop > 64 {
        0
    } else {
        let (kept, rest, half) = if drop == 64 {
            (0, bits, 1u64 << 63)
        } else {
            (bits >> drop, bits & ((1 << drop) - 1), 1u64 << (drop - 1))
        };
        let up = rest > half || (rest == half && (sticky || kept & 1 != 0));
        kept + u64::from(up)
    };
    let mut lowest = lowest;
    if kept == 1 << 53 {
        kept >>= 1;
        lowest += 1;
    }
    if lowest > 971 {
        return None;
    }
    let biased = if kept < 1 << 52 { 0 } else { (lowest + 1075) as u64 };
    Some(f64::from_bits(biased << 52 | kept & ((1 << 52) - 1)))
}

/// The text of the refusal of [`integer_to_float`].
pub const TOO_LARGE: &str = "long int too large to convert to float";

/// The nearest float.
pub fn integer_to_float(value: &BigInt) -> Result<f64> {
    let (bits, sticky, exponent) = top_bits(value.magnitude());
    let float = scale(bits, sticky, exponent).ok_or_else(|| Error::overflow(TOO_LARGE))?;
    Ok(if value.is_negative() { -float } else { float })
}

/// The top 64 bits, whether any bit below is set, and how many bits are below.
fn top_bits(magnitude: &BigUint) -> (u64, bool, i64) {
    let length = magnitude.bits();
    if length <= 64 {
        return (magnitude.to_u64().unwrap_or(0), false, 0);
    }
    let below = length - 64;
    let top = (magnitude >> below).to_u64().unwrap_or(u64::MAX);
    (top, magnitude.trailing_zeros().unwrap_or(0) < below, below as i64)
}

/// A magnitude as a float in `[0.5, 1)` and a power of two, for logarithms of numbers of any size.
pub fn integer_frexp(value: &BigInt) -> (f64, i64) {
    if value.is_zero() {
        return (0.0, 0);
    }
    let (bits, sticky, below) = top_bits(value.magnitude());
    let length = 64 - i64::from(bits.leading_zeros());
    let mut mantissa = scale(bits, sticky, -length).unwrap_or(0.5);
    let mut exponent = below + length;
    if mantissa == 1.0 {
        (mantissa, exponent) = (0.5, exponent + 1);
    }
    (if value.is_negative() { -mantissa } else { mantissa }, exponent)
}

/// `a / b` of integers correctly rounded, as `long.__truediv__`; `None` where the quotient is too large. `b` is not 0.
pub fn integer_true_divide(a: &BigInt, b: &BigInt) -> Option<f64> {
    if a.is_zero() {
        return Some(0.0);
    }
    let shift = a.bits() as i64 - b.bits() as i64 - 63;
    if shift > 1100 {
        return None;
    }
    if shift < -2000 {
        return Some(if a.is_negative() != b.is_negative() { -0.0 } else { 0.0 });
    }
    let (mut top, mut bottom) = (a.magnitude().clone(), b.magnitude().clone());
    if shift > 0 {
        bottom <<= shift;
    } else {
        top <<= -shift;
    }
    let (quotient, rest) = num_integer::Integer::div_rem(&top, &bottom);
    let (bits, sticky, below) = top_bits(&quotient);
    let value = scale(bits, sticky || !rest.is_zero(), shift + below)?;
    Some(if a.is_negative() != b.is_negative() { -value } else { value })
}

/// Compares a float with an integer exactly; `None` for NaN.
pub fn compare_float_integer(float: f64, integer: &BigInt) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    let Some(whole) = float_to_integer(float) else {
        return Some(if float > 0.0 { Ordering::Greater } else { Ordering::Less });
    };
    let fraction = float - float.trunc();
    Some(whole.cmp(integer).then(fraction.partial_cmp(&0.0)?))
}

/// Compares a float with an `int` exactly; `None` for NaN.
pub fn compare_float_i64(float: f64, integer: i64) -> Option<Ordering> {
    match float_to_i64(float) {
        Some(whole) => Some(whole.cmp(&integer).then((float - float.trunc()).partial_cmp(&0.0)?)),
        None => float.partial_cmp(&0.0),
    }
}
