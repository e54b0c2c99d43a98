//! Arithmetic on number constants, with the results and the types of run time.

use crate::code::Const;
use crate::opcodes::Opcode as O;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

/// Results of more bits than this are left to run time: a power may be larger than memory.
const MAX_BITS: u64 = 1 << 26;

/// `left op right` for two numbers.
pub(super) fn binary(op: O, left: &Const, right: &Const) -> Option<Const> {
    match (left, right) {
        (Const::Int(a), Const::Int(b)) => ints(op, *a, *b),
        (Const::Int(_) | Const::Long(_), Const::Int(_) | Const::Long(_)) => {
            longs(op, &big(left)?, &big(right)?)
        }
        (Const::Complex(..), _) | (_, Const::Complex(..)) => complexes(op, complex(left)?, complex(right)?),
        (Const::Float(_), _) | (_, Const::Float(_)) => {
            floats(op, float(left)?, float(right)?).map(Const::Float)
        }
        _ => None,
    }
}

pub(super) fn negative(value: &Const) -> Option<Const> {
    Some(match value {
        Const::Int(n) => n.checked_neg().map_or_else(|| Const::Long(-BigInt::from(*n)), Const::Int),
        Const::Long(n) => Const::Long(-n),
        Const::Float(x) => Const::Float(-x),
        Const::Complex(re, im) => Const::Complex(-re, -im),
        _ => return None,
    })
}

pub(super) fn invert(value: &Const) -> Option<Const> {
    match value {
        Const::Int(n) => Some(Const::Int(!n)),
        Const::Long(n) => Some(Const::Long(!n)),
        _ => None,
    }
}

/// The value as an index.
pub(super) fn index(value: &Const) -> Option<i64> {
    match value {
        Const::Int(n) => Some(*n),
        Const::Long(n) => n.to_i64(),
        _ => None,
    }
}

/// The value as an unbounded integer.
pub(super) fn big(value: &Const) -> Option<BigInt> {
    match value {
        Const::Int(n) => Some(BigInt::from(*n)),
        Const::Long(n) => Some(n.clone()),
        _ => None,
    }
}

/// The value as a float; `None` when it is too large for one.
pub(super) fn float(value: &Const) -> Option<f64> {
    match value {
        Const::Int(n) => Some(*n as f64),
        Const::Long(n) => n.to_f64().filter(|x| x.is_finite()),
        Const::Float(x) => Some(*x),
        _ => None,
    }
}

fn complex(value: &Const) -> Option<(f64, f64)> {
    match value {
        Const::Complex(re, im) => Some((*re, *im)),
        _ => Some((float(value)?, 0.0)),
    }
}

/// Two `int`s: the result is an `int` when it fits.
fn ints(op: O, a: i64, b: i64) -> Option<Const> {
    let small = match op {
        O::BINARY_ADD => a.checked_add(b),
        O::BINARY_SUBTRACT => a.checked_sub(b),
        O::BINARY_MULTIPLY => a.checked_mul(b),
        O::BINARY_FLOOR_DIVIDE if b != 0 && b != -1 => Some(Integer::div_floor(&a, &b)),
        O::BINARY_MODULO if b != 0 && b != -1 => Some(Integer::mod_floor(&a, &b)),
        O::BINARY_AND => Some(a & b),
        O::BINARY_OR => Some(a | b),
        O::BINARY_XOR => Some(a ^ b),
        O::BINARY_RSHIFT if b >= 0 => Some(a >> b.min(63)),
        _ => None,
    };
    if let Some(small) = small {
        return Some(Const::Int(small));
    }
    let value = longs(op, &a.into(), &b.into())?;
    match &value {
        Const::Long(n) => Some(n.to_i64().map_or(value.clone(), Const::Int)),
        _ => Some(value),
    }
}

/// Two integers of which one is a `long`.
fn longs(op: O, a: &BigInt, b: &BigInt) -> Option<Const> {
    let value = match op {
        O::BINARY_ADD => a + b,
        O::BINARY_SUBTRACT => a - b,
        O::BINARY_MULTIPLY => a * b,
        O::BINARY_FLOOR_DIVIDE if !b.is_zero() => a.div_floor(b),
        O::BINARY_MODULO if !b.is_zero() => a.mod_floor(b),
        O::BINARY_TRUE_DIVIDE => return true_divide(a, b).map(Const::Float),
        O::BINARY_AND => a & b,
        O::BINARY_OR => a | b,
        O::BINARY_XOR => a ^ b,
        O::BINARY_LSHIFT => {
            let count = shift_count(b)?;
            if a.is_zero() {
                BigInt::zero()
            } else if a.bits().checked_add(count)? > MAX_BITS {
                return None;
            } else {
                a << count
            }
        }
        O::BINARY_RSHIFT => a >> shift_count(b)?,
        O::BINARY_POWER if b.is_negative() => {
            return floats(op, float(&Const::Long(a.clone()))?, float(&Const::Long(b.clone()))?)
                .map(Const::Float);
        }
        O::BINARY_POWER => power(a, b)?,
        _ => return None,
    };
    Some(Const::Long(value))
}

/// A shift count has to be an index.
fn shift_count(n: &BigInt) -> Option<u64> {
    n.to_i64().and_then(|n| u64::try_from(n).ok())
}

fn power(a: &BigInt, b: &BigInt) -> Option<BigInt> {
    if b.is_zero() || a.is_one() {
        return Some(BigInt::one());
    }
    if a.is_zero() {
        return Some(BigInt::zero());
    }
    if a.magnitude().is_one() {
        return Some(if b.is_odd() { a.clone() } else { BigInt::one() });
    }
    let exponent = b.to_u64()?;
    if a.bits().checked_mul(exponent)? > MAX_BITS {
        return None;
    }
    Some(Pow::pow(a, exponent))
}

/// The quotient as the nearest float, ties to even.
fn true_divide(a: &BigInt, b: &BigInt) -> Option<f64> {
    if b.is_zero() {
        return None;
    }
    let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
    let (a, b) = (a.abs(), b.abs());
    if a.is_zero() {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    // Scale so that the quotient has at least 66 bits, and keep a sticky bit for the rest.
    let shift = 66 - (a.bits() as i64 - b.bits() as i64);
    if !(-2000..=2000).contains(&shift) {
        // Out of the range of floats, one way or the other.
        return (shift > 0).then_some(if negative { -0.0 } else { 0.0 });
    }
    let (a, b) = if shift >= 0 { (a << shift, b) } else { (a, b << -shift) };
    let (mut quotient, remainder) = a.div_rem(&b);
    // How many low bits the nearest float drops: down to 53 bits, more when the result is subnormal.
    let bits = quotient.bits() as i64;
    let exponent = bits - shift;
    let keep = if exponent < -1021 { 53 - (-1021 - exponent) } else { 53 };
    if keep < 0 {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    let drop = (bits - keep) as u64;
    let unit = BigInt::one() << drop;
    let (kept, rest) = quotient.div_rem(&unit);
    let half = BigInt::one() << (drop - 1);
    let above = rest > half || (rest == half && (!remainder.is_zero() || kept.is_odd()));
    quotient = if above { kept + 1 } else { kept };
    let scale = drop as i64 - shift;
    // Two steps, since 2 ** scale itself may not be a float.
    let first = scale.clamp(-1000, 1000);
    let value = quotient.to_f64()? * 2f64.powi(first as i32) * 2f64.powi((scale - first) as i32);
    if value.is_infinite() {
        return None;
    }
    Some(if negative { -value } else { value })
}

/// Two floats.
fn floats(op: O, a: f64, b: f64) -> Option<f64> {
    match op {
        O::BINARY_ADD => Some(a + b),
        O::BINARY_SUBTRACT => Some(a - b),
        O::BINARY_MULTIPLY => Some(a * b),
        O::BINARY_TRUE_DIVIDE if b != 0.0 => Some(a / b),
        O::BINARY_FLOOR_DIVIDE if b != 0.0 => Some(float_divmod(a, b).0),
        O::BINARY_MODULO if b != 0.0 => Some(float_divmod(a, b).1),
        O::BINARY_POWER => float_power(a, b),
        _ => None,
    }
}

fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut rem = a % b;
    let mut div = (a - rem) / b;
    if rem != 0.0 {
        if (b < 0.0) != (rem < 0.0) {
            rem += b;
            div -= 1.0;
        }
    } else {
        rem = 0f64.copysign(b);
    }
    let quotient = if div != 0.0 {
        let floor = div.floor();
        if div - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        div * div * a / b
    };
    (quotient, rem)
}

fn float_power(a: f64, b: f64) -> Option<f64> {
    if b == 0.0 || a == 1.0 {
        return Some(1.0);
    }
    if a == 0.0 && b < 0.0 || a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return None;
    }
    let value = a.powf(b);
    if value.is_infinite() && a.is_finite() && b.is_finite() { None } else { Some(value) }
}

type Complex = (f64, f64);

/// Two complex numbers.
fn complexes(op: O, a: Complex, b: Complex) -> Option<Const> {
    let (re, im) = match op {
        O::BINARY_ADD => (a.0 + b.0, a.1 + b.1),
        O::BINARY_SUBTRACT => (a.0 - b.0, a.1 - b.1),
        O::BINARY_MULTIPLY => product(a, b),
        O::BINARY_TRUE_DIVIDE => quotient(a, b)?,
        O::BINARY_FLOOR_DIVIDE => (quotient(a, b)?.0.floor(), 0.0),
        O::BINARY_MODULO => {
            let whole = product(b, (quotient(a, b)?.0.floor(), 0.0));
            (a.0 - whole.0, a.1 - whole.1)
        }
        O::BINARY_POWER => {
            let (re, im) = complex_power(a, b)?;
            if re.is_infinite() || im.is_infinite() {
                return None;
            }
            (re, im)
        }
        _ => return None,
    };
    Some(Const::Complex(re, im))
}

fn product(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Division that scales by the larger part of the divisor, against overflow.
fn quotient(a: Complex, b: Complex) -> Option<Complex> {
    let (abs_re, abs_im) = (b.0.abs(), b.1.abs());
    if abs_re >= abs_im {
        if abs_re == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator))
    } else if abs_im >= abs_re {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

fn complex_power(a: Complex, b: Complex) -> Option<Complex> {
    let exponent = b.0 as i64;
    if b.1 == 0.0 && b.0 == exponent as f64 && exponent.abs() <= 100 {
        let whole = small_power(a, exponent.unsigned_abs());
        return if exponent > 0 { Some(whole) } else { quotient((1.0, 0.0), whole) };
    }
    if a == (0.0, 0.0) {
        return if b.1 != 0.0 || b.0 < 0.0 { None } else { Some((0.0, 0.0)) };
    }
    let abs = a.0.hypot(a.1);
    let angle = a.1.atan2(a.0);
    let mut len = abs.powf(b.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        len /= (angle * b.1).exp();
        phase += b.1 * abs.ln();
    }
    if phase.is_infinite() {
        return None;
    }
    Some((len * phase.cos(), len * phase.sin()))
}

fn small_power(base: Complex, exponent: u64) -> Complex {
    let (mut result, mut square) = ((1.0, 0.0), base);
    let mut bit = 1;
    while exponent >= bit {
        if exponent & bit != 0 {
            result = product(result, square);
        }
        bit <<= 1;
        square = product(square, square);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_of_integers_are_rounded_once() {
        let big = |s: &str| s.parse::<BigInt>().unwrap();
        assert_eq!(true_divide(&big("1"), &big("3")), Some(1.0 / 3.0));
        assert_eq!(true_divide(&big("-7"), &big("2")), Some(-3.5));
        assert_eq!(true_divide(&big("9007199254740993"), &big("1")), Some(9007199254740992.0));
        let huge = BigInt::from(10).pow(400u32);
        assert_eq!(true_divide(&huge, &BigInt::one()), None);
        assert_eq!(true_divide(&huge, &(&huge * 4)), Some(0.25));
        assert_eq!(true_divide(&BigInt::one(), &huge), Some(0.0));
        assert_eq!(true_divide(&big("5"), &BigInt::from(10).pow(324u32)), Some(5e-324));
    }

    #[test]
    fn ints_widen() {
        assert_eq!(
            binary(O::BINARY_ADD, &Const::Int(i64::MAX), &Const::Int(1)),
            Some(Const::Long(BigInt::from(i64::MAX) + 1))
        );
        assert_eq!(binary(O::BINARY_POWER, &Const::Int(2), &Const::Int(10)), Some(Const::Int(1024)));
        assert_eq!(binary(O::BINARY_FLOOR_DIVIDE, &Const::Int(-7), &Const::Int(2)), Some(Const::Int(-4)));
        assert_eq!(binary(O::BINARY_MODULO, &Const::Int(7), &Const::Int(0)), None);
        assert_eq!(binary(O::BINARY_LSHIFT, &Const::Int(1), &Const::Int(-1)), None);
    }
}
