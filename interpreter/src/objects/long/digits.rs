//! Arithmetic on the digits of longs where they lie: for numbers of some dozen digits making the big-number crate's form
//! of the operands, and the object from its result, costs more than the operation.
//!
//! Magnitudes are least digit first. Whatever is not done here (`None`) is left to the crate, whose algorithms for long
//! numbers are better ones.

use super::LONG;
use crate::layout::{PyLong, Ref};
use crate::ops::int_value;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Room for results of the sizes meant here; longer ones go to the heap.
type Digits = SmallVec<[u32; 64]>;

/// Most digits of the shorter factor for the method of multiplication taught in school, two digits at a time.
const SHORT_FACTOR: usize = 48;

/// A sign (-1, 0, 1) and a magnitude.
#[derive(Copy, Clone)]
pub struct Number<'a> {
    sign: i32,
    digits: &'a [u32],
}

impl<'a> Number<'a> {
    /// The number in a long, or in an int by means of `room`; none for anything else.
    #[inline]
    pub fn of(v: Value, room: &'a mut [u32; 2]) -> Option<Number<'a>> {
        if let Some(l) = v.payload::<PyLong>() {
            // SAFETY: longs are immutable and do not move; the operand that holds this one outlives the operation.
            let l: &'a PyLong = unsafe { &*l.as_ptr() };
            return Some(Number { sign: l.sign, digits: l.digits() });
        }
        let n = int_value(v)?;
        let m = n.unsigned_abs();
        *room = [m as u32, (m >> 32) as u32];
        let len = if m >> 32 != 0 { 2 } else { usize::from(m != 0) };
        Some(Number { sign: n.signum() as i32, digits: &room[..len] })
    }

    pub fn is_zero(&self) -> bool {
        self.sign == 0
    }

    pub fn negated(self) -> Number<'a> {
        Number { sign: -self.sign, ..self }
    }
}

/// A long of a sign and digits, whose highest ones may be zero.
pub fn make(th: &Thread, sign: i32, digits: &[u32]) -> PyResult {
    let len = digits.len() - digits.iter().rev().take_while(|d| **d == 0).count();
    let r: Ref<PyLong> = th.alloc_sized(LONG.class_bits(), PyLong::size_for(len))?;
    // SAFETY: fresh object with room for the digits.
    unsafe {
        (*r.as_ptr()).sign = if len == 0 { 0 } else { sign };
        (*r.as_ptr()).len = len as u32;
        PyLong::digits_mut(r.as_ptr(), len).copy_from_slice(&digits[..len]);
    }
    Ok(r.value())
}

fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn add_magnitudes(a: &[u32], b: &[u32]) -> Digits {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut out = Digits::with_capacity(long.len() + 1);
    let mut carry = 0u64;
    for (x, y) in long.iter().zip(short) {
        let s = u64::from(*x) + u64::from(*y) + carry;
        out.push(s as u32);
        carry = s >> 32;
    }
    for x in &long[short.len()..] {
        let s = u64::from(*x) + carry;
        out.push(s as u32);
        carry = s >> 32;
    }
    out.push(carry as u32);
    out
}

/// `a - b`, which is not negative.
fn subtract_magnitudes(a: &[u32], b: &[u32]) -> Digits {
    let mut out = Digits::with_capacity(a.len());
    let mut borrow = 0i64;
    for (i, x) in a.iter().enumerate() {
        let d = i64::from(*x) - b.get(i).map_or(0, |y| i64::from(*y)) + borrow;
        out.push(d as u32);
        borrow = d >> 32;
    }
    out
}

/// `a + b`.
pub fn add(th: &Thread, a: Number<'_>, b: Number<'_>) -> PyResult {
    if a.sign * b.sign >= 0 {
        return make(th, a.sign | b.sign, &add_magnitudes(a.digits, b.digits));
    }
    match compare(a.digits, b.digits) {
        Ordering::Equal => make(th, 0, &[]),
        Ordering::Greater => make(th, a.sign, &subtract_magnitudes(a.digits, b.digits)),
        Ordering::Less => make(th, b.sign, &subtract_magnitudes(b.digits, a.digits)),
    }
}

/// Pairs of digits.
fn pairs(a: &[u32]) -> SmallVec<[u64; 32]> {
    a.chunks(2).map(|p| u64::from(p[0]) | p.get(1).map_or(0, |h| u64::from(*h)) << 32).collect()
}

/// `a * b`, if one of them is short.
pub fn mul(th: &Thread, a: Number<'_>, b: Number<'_>) -> PyResult<Option<Value>> {
    let (long, short) =
        if a.digits.len() >= b.digits.len() { (a.digits, b.digits) } else { (b.digits, a.digits) };
    if short.len() > SHORT_FACTOR {
        return Ok(None);
    }
    let (x, y) = (pairs(long), pairs(short));
    let mut product: SmallVec<[u64; 64]> = SmallVec::from_elem(0, x.len() + y.len());
    for (i, p) in y.iter().enumerate() {
        let mut carry = 0u128;
        let row = &mut product[i..i + x.len() + 1];
        for (out, q) in row.iter_mut().zip(&x) {
            let s = u128::from(*p) * u128::from(*q) + u128::from(*out) + carry;
            *out = s as u64;
            carry = s >> 64;
        }
        row[x.len()] = carry as u64;
    }
    let digits: SmallVec<[u32; 128]> = product.iter().flat_map(|p| [*p as u32, (*p >> 32) as u32]).collect();
    make(th, a.sign * b.sign, &digits).map(Some)
}

/// `a // b` and `a % b` (rounded down), if `b` has one digit.
pub fn floor(th: &Thread, a: Number<'_>, b: Number<'_>) -> PyResult<Option<(Value, Value)>> {
    let &[d] = b.digits else { return Ok(None) };
    let mut quotient = Digits::from_elem(0, a.digits.len());
    let mut rest = 0u64;
    for (q, x) in quotient.iter_mut().zip(a.digits).rev() {
        let n = rest << 32 | u64::from(*x);
        *q = (n / u64::from(d)) as u32;
        rest = n % u64::from(d);
    }
    if a.sign * b.sign < 0 && rest != 0 {
        quotient = add_magnitudes(&quotient, &[1]);
        rest = u64::from(d) - rest;
    }
    let q = make(th, a.sign * b.sign, &quotient)?;
    Ok(Some((q, make(th, b.sign, &[rest as u32])?)))
}

/// The digits in two's complement, lowest first, without end.
fn complement(n: Number<'_>) -> impl Iterator<Item = u32> {
    let negative = n.sign < 0;
    let mut carry = negative;
    n.digits.iter().copied().chain(std::iter::repeat(0)).map(move |d| {
        if !negative {
            return d;
        }
        let (d, over) = (!d).overflowing_add(u32::from(carry));
        carry = over;
        d
    })
}

/// A bitwise operation in two's complement.
pub fn bitwise(th: &Thread, a: Number<'_>, b: Number<'_>, op: impl Fn(u32, u32) -> u32) -> PyResult {
    let fill = |n: Number<'_>| if n.sign < 0 { u32::MAX } else { 0 };
    let negative = op(fill(a), fill(b)) != 0;
    let len = a.digits.len().max(b.digits.len()) + 1;
    let mut out: Digits = complement(a).zip(complement(b)).take(len).map(|(x, y)| op(x, y)).collect();
    if negative {
        let mut carry = true;
        for d in &mut out {
            (*d, carry) = (!*d).overflowing_add(u32::from(carry));
        }
    }
    make(th, if negative { -1 } else { 1 }, &out)
}
