//! Arithmetic of longs; ints are taken as longs too.
//!
//! Steps whose result could not be held in memory are refused before they begin ([`MAX_BITS`]): the allocations of
//! the big-number crate are outside the heap's accounting.

use super::LONG;
use super::digits::{self, Number};
use crate::layout::{PyLong, Ref};
use crate::objects as o;
use crate::objects::number::{MAX_BITS, small};
use crate::ops::exact_integer;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// A long from a machine number.
pub fn from_i128(th: &mut Thread, n: i128) -> PyResult {
    let m = n.unsigned_abs();
    let digits = [m as u32, (m >> 32) as u32, (m >> 64) as u32, (m >> 96) as u32];
    let len = 4 - digits.iter().rev().take_while(|d| **d == 0).count();
    let r: Ref<PyLong> = th.alloc_sized(LONG.class_bits(), PyLong::size_for(len))?;
    // SAFETY: fresh object with room for the digits.
    unsafe {
        (*r.as_ptr()).sign = n.signum() as i32;
        (*r.as_ptr()).len = len as u32;
        PyLong::digits_mut(r.as_ptr(), len).copy_from_slice(&digits[..len]);
    }
    Ok(r.value())
}

/// Both operands as big numbers, or the slot's NotImplemented.
macro_rules! operands {
    ($a:expr, $b:expr) => {
        match (exact_integer($a), exact_integer($b)) {
            (Some(x), Some(y)) => (x, y),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

/// Both operands' digits, or the slot's NotImplemented.
macro_rules! numbers {
    ($a:expr, $b:expr, $p:ident, $q:ident) => {
        match (Number::of($a, &mut $p), Number::of($b, &mut $q)) {
            (Some(x), Some(y)) => (x, y),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

pub(super) fn add(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if let (Some(x), Some(y)) = (small(a), small(b)) {
        return from_i128(th, x + y);
    }
    let (mut p, mut q) = ([0; 2], [0; 2]);
    let (x, y) = numbers!(a, b, p, q);
    digits::add(th, x, y)
}

pub(super) fn sub(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if let (Some(x), Some(y)) = (small(a), small(b)) {
        return from_i128(th, x - y);
    }
    let (mut p, mut q) = ([0; 2], [0; 2]);
    let (x, y) = numbers!(a, b, p, q);
    digits::add(th, x, y.negated())
}

pub(super) fn mul(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if let (Some(x), Some(y)) = (small(a), small(b))
        && let Some(n) = x.checked_mul(y)
    {
        return from_i128(th, n);
    }
    let (mut p, mut q) = ([0; 2], [0; 2]);
    let (x, y) = numbers!(a, b, p, q);
    if let Some(r) = digits::mul(th, x, y)? {
        return Ok(r);
    }
    let (x, y) = operands!(a, b);
    if x.bits() + y.bits() > MAX_BITS {
        return Err(th.memory_error());
    }
    th.long(&(x * y))
}

#[cold]
fn by_zero(th: &mut Thread) -> Raised {
    th.zero_division_error("long division or modulo by zero")
}

/// Quotient and remainder, rounded down; none if an operand is no integer.
fn floor(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<(Value, Value)>> {
    if let (Some(x), Some(y)) = (small(a), small(b)) {
        if y == 0 {
            return Err(by_zero(th));
        }
        let (q, r) = x.div_mod_floor(&y);
        return Ok(Some((from_i128(th, q)?, from_i128(th, r)?)));
    }
    let (mut p, mut q) = ([0; 2], [0; 2]);
    if let (Some(x), Some(y)) = (Number::of(a, &mut p), Number::of(b, &mut q)) {
        if y.is_zero() {
            return Err(by_zero(th));
        }
        if let Some(r) = digits::floor(th, x, y)? {
            return Ok(Some(r));
        }
    }
    let (Some(x), Some(y)) = (exact_integer(a), exact_integer(b)) else { return Ok(None) };
    if y.is_zero() {
        return Err(by_zero(th));
    }
    let (q, r) = x.div_mod_floor(&y);
    Ok(Some((th.long(&q)?, th.long(&r)?)))
}

pub(super) fn floordiv(th: &mut Thread, a: Value, b: Value) -> PyResult {
    Ok(floor(th, a, b)?.map_or(Value::NOT_IMPLEMENTED, |(q, _)| q))
}

pub(super) fn div(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if exact_integer(a).is_some() && exact_integer(b).is_some() {
        o::int::warn_classic_division(th, 1, "long")?;
    }
    floordiv(th, a, b)
}

pub(super) fn rem(th: &mut Thread, a: Value, b: Value) -> PyResult {
    Ok(floor(th, a, b)?.map_or(Value::NOT_IMPLEMENTED, |(_, r)| r))
}

pub(super) fn divmod(th: &mut Thread, a: Value, b: Value) -> PyResult {
    Ok(match floor(th, a, b)? {
        Some((q, r)) => th.new_tuple(&[q, r]),
        None => Value::NOT_IMPLEMENTED,
    })
}

/// `a / b` correctly rounded; the divisor is not zero.
pub fn true_divide(th: &mut Thread, a: &BigInt, b: &BigInt) -> PyResult {
    if a.is_zero() {
        return Ok(th.float(if b.is_negative() { -0.0 } else { 0.0 }));
    }
    match numtext::convert::integer_true_divide(a, b) {
        Some(x) => Ok(th.float(x)),
        None => Err(th.overflow_error("integer division result too large for a float")),
    }
}

pub(super) fn truediv(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    if y.is_zero() {
        return Err(th.zero_division_error("division by zero"));
    }
    true_divide(th, &x, &y)
}

/// `x ** y`, as a long; between the multiplications other threads and signals get their turn.
pub fn power(th: &mut Thread, x: &BigInt, mut y: u64) -> PyResult {
    if x.is_zero() || x.is_one() || *x == -BigInt::one() {
        let n = if y == 0 || (x.is_negative() && y.is_multiple_of(2)) { BigInt::one() } else { x.clone() };
        return th.long(&n);
    }
    if x.bits().saturating_sub(1).checked_mul(y).is_none_or(|bits| bits > MAX_BITS) {
        return Err(th.memory_error());
    }
    let mut base = x.clone();
    let mut r = BigInt::one();
    while y > 0 {
        if y & 1 == 1 {
            r *= &base;
        }
        y >>= 1;
        if y > 0 {
            base = &base * &base;
        }
        th.native_poll()?;
    }
    th.long(&r)
}

/// `x ** y % z` for `y >= 0`, with the sign of `z`. Chunks of the exponent keep the steps short.
fn power_mod(th: &mut Thread, x: &BigInt, y: &BigInt, z: &BigInt) -> PyResult<BigInt> {
    /// Exponent digits per step.
    const STEP: usize = 8;
    let digits = y.magnitude().to_u32_digits();
    let mut r = BigInt::one().mod_floor(z);
    let shift = BigInt::one() << (32 * STEP);
    for chunk in digits.rchunks(STEP) {
        let e = BigInt::from_slice(Sign::Plus, chunk);
        let up = if chunk.len() == STEP { shift.clone() } else { BigInt::one() << (32 * chunk.len()) };
        r = if r.is_zero() || r.is_one() { r } else { r.modpow(&up, z) };
        r = (r * x.modpow(&e, z)).mod_floor(z);
        th.native_poll()?;
    }
    Ok(r)
}

pub(super) fn pow(th: &mut Thread, a: Value, b: Value, c: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    let modulus = match (c.is_none(), exact_integer(c)) {
        (true, _) => None,
        (false, Some(z)) => Some(z),
        (false, None) => return Ok(Value::NOT_IMPLEMENTED),
    };
    if y.is_negative() {
        if modulus.is_some() {
            return Err(th.type_error("pow() 2nd argument cannot be negative when 3rd argument specified"));
        }
        let (x, y) = (o::number::long_to_f64(th, &x)?, o::number::long_to_f64(th, &y)?);
        return o::float::power(th, x, y);
    }
    match modulus {
        Some(z) if z.is_zero() => Err(th.value_error("pow() 3rd argument cannot be 0")),
        Some(z) => {
            let n = power_mod(th, &x, &y, &z)?;
            th.long(&n)
        }
        None => match y.to_u64() {
            Some(y) => power(th, &x, y),
            None if x.is_zero() || x.is_one() => th.long(&x),
            None if x == -BigInt::one() => th.long(&if y.is_even() { BigInt::one() } else { x }),
            None => Err(th.memory_error()),
        },
    }
}

/// A shift count; OverflowError beyond a machine word, ValueError below zero.
fn shift_count(th: &mut Thread, y: &BigInt) -> PyResult<u64> {
    match y.to_i64() {
        Some(n) if n >= 0 => Ok(n as u64),
        Some(_) => Err(th.value_error("negative shift count")),
        None => Err(th.overflow_error("long int too large to convert to int")),
    }
}

/// `x << n`, as a long.
pub fn shift_left(th: &mut Thread, x: &BigInt, n: u64) -> PyResult {
    if x.is_zero() {
        return th.long(x);
    }
    if x.bits().checked_add(n).is_none_or(|bits| bits > MAX_BITS) {
        return Err(th.memory_error());
    }
    th.long(&(x << n))
}

pub(super) fn lshift(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    let n = shift_count(th, &y)?;
    shift_left(th, &x, n)
}

pub(super) fn rshift(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(a, b);
    let n = shift_count(th, &y)?;
    if n > x.bits() {
        return from_i128(th, if x.is_negative() { -1 } else { 0 });
    }
    th.long(&(x >> n))
}

/// A bitwise operation, in two's complement.
macro_rules! bitwise {
    ($($name:ident $op:tt),*) => {
        $(pub(super) fn $name(th: &mut Thread, a: Value, b: Value) -> PyResult {
            if let (Some(x), Some(y)) = (small(a), small(b)) {
                return from_i128(th, x $op y);
            }
            let (mut p, mut q) = ([0; 2], [0; 2]);
            let (x, y) = numbers!(a, b, p, q);
            digits::bitwise(th, x, y, |x, y| x $op y)
        })*
    };
}
bitwise!(and &, or |, xor ^);

/// The number in a long; the slots are called with nothing else.
pub(super) fn get(v: Value) -> BigInt {
    exact_integer(v).unwrap_or_default()
}

pub(super) fn neg(th: &mut Thread, a: Value) -> PyResult {
    match small(a) {
        Some(n) => from_i128(th, -n),
        None => th.long(&-get(a)),
    }
}

pub(super) fn abs(th: &mut Thread, a: Value) -> PyResult {
    match small(a) {
        Some(n) => from_i128(th, n.abs()),
        None => th.long(&get(a).abs()),
    }
}

pub(super) fn invert(th: &mut Thread, a: Value) -> PyResult {
    match small(a) {
        Some(n) => from_i128(th, !n),
        None => th.long(&!get(a)),
    }
}
