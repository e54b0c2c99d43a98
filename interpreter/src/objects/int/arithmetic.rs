//! Arithmetic of ints. Slots get the operands in source order and answer NotImplemented unless both are ints.

use crate::objects as o;
use crate::ops::int_value;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use num_integer::Integer;

/// Both operands as machine words, or the slot's NotImplemented.
macro_rules! operands {
    ($a:expr, $b:expr) => {
        match (int_value($a), int_value($b)) {
            (Some(x), Some(y)) => (x, y),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

pub(super) fn add(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    match x.checked_add(y) {
        Some(n) => Ok(th.int(n)),
        None => th.integer_i128(x as i128 + y as i128),
    }
}

pub(super) fn sub(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    match x.checked_sub(y) {
        Some(n) => Ok(th.int(n)),
        None => th.integer_i128(x as i128 - y as i128),
    }
}

pub(super) fn mul(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    match x.checked_mul(y) {
        Some(n) => Ok(th.int(n)),
        None => th.integer_i128(x as i128 * y as i128),
    }
}

#[cold]
fn by_zero(th: &mut Thread) -> Raised {
    th.zero_division_error("integer division or modulo by zero")
}

/// With -Qwarn, says that a classic division of this type of number was done.
pub fn warn_classic_division(th: &mut Thread, level: u32, kind: &str) -> PyResult<()> {
    if th.rt.settings.division_warning >= level {
        let def = &o::exceptions::DEPRECATION_WARNING;
        crate::warnings::warn(th, def, format!("classic {kind} division"), 1)?;
    }
    Ok(())
}

/// Quotient and remainder, rounded down. The divisor is not zero.
fn floor(x: i64, y: i64) -> (i128, i64) {
    if y == -1 {
        return (-(x as i128), 0);
    }
    let (q, r) = x.div_mod_floor(&y);
    (q as i128, r)
}

pub(super) fn div(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    warn_classic_division(th, 1, "int")?;
    if y == 0 {
        return Err(by_zero(th));
    }
    th.integer_i128(floor(x, y).0)
}

pub(super) fn floordiv(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    if y == 0 {
        return Err(by_zero(th));
    }
    th.integer_i128(floor(x, y).0)
}

pub(super) fn rem(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    if y == 0 {
        return Err(by_zero(th));
    }
    Ok(th.int(floor(x, y).1))
}

pub(super) fn divmod(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    if y == 0 {
        return Err(by_zero(th));
    }
    let (q, r) = floor(x, y);
    let (q, r) = (th.integer_i128(q)?, th.int(r));
    Ok(th.new_tuple(&[q, r]))
}

/// Largest magnitude that a float holds exactly together with all smaller ones.
const EXACT: u64 = 1 << 53;

pub(super) fn truediv(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    if y == 0 {
        return Err(th.zero_division_error("division by zero"));
    }
    if x.unsigned_abs() <= EXACT && y.unsigned_abs() <= EXACT {
        return Ok(th.float(x as f64 / y as f64));
    }
    o::long::true_divide(th, &x.into(), &y.into())
}

pub(super) fn pow(th: &mut Thread, a: Value, b: Value, c: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    let modulus = match (c.is_none(), int_value(c)) {
        (true, _) => None,
        (false, Some(z)) => Some(z),
        (false, None) => return Ok(Value::NOT_IMPLEMENTED),
    };
    if y < 0 {
        if modulus.is_some() {
            return Err(th.type_error("pow() 2nd argument cannot be negative when 3rd argument specified"));
        }
        return o::float::power(th, x as f64, y as f64);
    }
    match modulus {
        Some(0) => Err(th.value_error("pow() 3rd argument cannot be 0")),
        Some(z) => Ok(th.int(power_mod(x, y, z))),
        None => match checked_power(x, y) {
            Some(n) => Ok(th.int(n)),
            None => o::long::power(th, &x.into(), y as u64),
        },
    }
}

fn checked_power(x: i64, y: i64) -> Option<i64> {
    match (x, u32::try_from(y)) {
        (0 | 1, _) => Some(if y == 0 { 1 } else { x }),
        (-1, _) => Some(if y % 2 == 0 { 1 } else { -1 }),
        (_, Ok(y)) => x.checked_pow(y),
        _ => None,
    }
}

/// `x ** y % z` for `y >= 0`, with the sign of `z`.
fn power_mod(x: i64, mut y: i64, z: i64) -> i64 {
    let m = z.unsigned_abs() as u128;
    let mut base = (x as i128).rem_euclid(m as i128) as u128;
    let mut r = 1 % m;
    while y > 0 {
        if y & 1 == 1 {
            r = r * base % m;
        }
        base = base * base % m;
        y >>= 1;
    }
    // In 0..|z|; the result takes the sign of the modulus.
    if z < 0 && r != 0 { (r as i128 + z as i128) as i64 } else { r as i64 }
}

pub(super) fn lshift(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    if y < 0 {
        return Err(th.value_error("negative shift count"));
    }
    if x == 0 || y == 0 {
        return Ok(th.int(x));
    }
    if y < 64 {
        return th.integer_i128((x as i128) << y);
    }
    o::long::shift_left(th, &x.into(), y as u64)
}

pub(super) fn rshift(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    if y < 0 {
        return Err(th.value_error("negative shift count"));
    }
    Ok(th.int(x >> y.min(63)))
}

pub(super) fn and(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    Ok(th.int(x & y))
}

pub(super) fn xor(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    Ok(th.int(x ^ y))
}

pub(super) fn or(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    Ok(th.int(x | y))
}

pub(super) fn neg(th: &mut Thread, a: Value) -> PyResult {
    let x = int_value(a).unwrap_or(0);
    th.integer_i128(-(x as i128))
}

pub(super) fn abs(th: &mut Thread, a: Value) -> PyResult {
    let x = int_value(a).unwrap_or(0);
    th.integer_i128((x as i128).abs())
}

pub(super) fn invert(th: &mut Thread, a: Value) -> PyResult {
    Ok(th.int(!int_value(a).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::{floor, power_mod};

    #[test]
    fn floors_and_powers() {
        assert_eq!(floor(i64::MIN, -1), (1 << 63, 0));
        assert_eq!(floor(-7, 2), (-4, 1));
        assert_eq!(power_mod(3, 4, -5), -4);
        assert_eq!(power_mod(-2, 3, 5), 2);
        assert_eq!(power_mod(5, 0, 1), 0);
        assert_eq!(power_mod(5, 1, i64::MIN), i64::MIN + 5);
    }
}
