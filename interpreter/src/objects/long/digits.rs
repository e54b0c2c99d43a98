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

/// A fresh long of a sign and `len` digits, the highest of which is not zero; `fill` writes them.
fn fresh(th: &Thread, sign: i32, len: usize, fill: impl FnOnce(&mut [u32])) -> PyResult {
    let r: Ref<PyLong> = th.alloc_sized(LONG.class_bits(), PyLong::size_for(len))?;
    // SAFETY: fresh object with room for the digits.
    unsafe {
        (*r.as_ptr()).sign = if len == 0 { 0 } else { sign };
        (*r.as_ptr()).len = len as u32;
        fill(PyLong::digits_mut(r.as_ptr(), len));
    }
    Ok(r.value())
}

/// A long of a sign and digits, whose highest ones may be zero.
pub fn make(th: &Thread, sign: i32, digits: &[u32]) -> PyResult {
    let mut len = digits.len();
    while len > 0 && digits[len - 1] == 0 {
        len -= 1;
    }
    fresh(th, sign, len, |out| out.copy_from_slice(&digits[..len]))
}

fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn add_magnitudes(a: &[u32], b: &[u32], out: &mut Digits) {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    out.reserve(long.len() + 1);
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
}

/// `a - b`, which is not negative.
fn subtract_magnitudes(a: &[u32], b: &[u32], out: &mut Digits) {
    out.reserve(a.len());
    let mut borrow = 0i64;
    for (i, x) in a.iter().enumerate() {
        let d = i64::from(*x) - b.get(i).map_or(0, |y| i64::from(*y)) + borrow;
        out.push(d as u32);
        borrow = d >> 32;
    }
}

/// `a + b`.
pub fn add(th: &Thread, a: Number<'_>, b: Number<'_>) -> PyResult {
    let mut out = Digits::new();
    let sign = if a.sign * b.sign >= 0 {
        add_magnitudes(a.digits, b.digits, &mut out);
        a.sign | b.sign
    } else {
        match compare(a.digits, b.digits) {
            Ordering::Equal => 0,
            Ordering::Greater => {
                subtract_magnitudes(a.digits, b.digits, &mut out);
                a.sign
            }
            Ordering::Less => {
                subtract_magnitudes(b.digits, a.digits, &mut out);
                b.sign
            }
        }
    };
    make(th, sign, &out)
}

/// Pairs of digits.
#[inline]
fn pairs(a: &[u32]) -> impl Iterator<Item = u64> {
    a.chunks(2).map(|p| u64::from(p[0]) | p.get(1).map_or(0, |h| u64::from(*h)) << 32)
}

/// `a * b`, if one of them is short.
pub fn mul(th: &Thread, a: Number<'_>, b: Number<'_>) -> PyResult<Option<Value>> {
    let (long, short) =
        if a.digits.len() >= b.digits.len() { (a.digits, b.digits) } else { (b.digits, a.digits) };
    if short.len() > SHORT_FACTOR {
        return Ok(None);
    }
    let mut x: SmallVec<[u64; 32]> = SmallVec::new();
    x.extend(pairs(long));
    let mut product: SmallVec<[u64; 64]> = SmallVec::new();
    product.resize(x.len() + short.len().div_ceil(2), 0);
    for (i, p) in pairs(short).enumerate() {
        let mut carry = 0u128;
        let row = &mut product[i..i + x.len() + 1];
        for (out, q) in row.iter_mut().zip(&x) {
            let s = u128::from(p) * u128::from(*q) + u128::from(*out) + carry;
            *out = s as u64;
            carry = s >> 64;
        }
        row[x.len()] = carry as u64;
    }
    let mut len = product.len();
    while len > 0 && product[len - 1] == 0 {
        len -= 1;
    }
    let digits = 2 * len - usize::from(len > 0 && product[len - 1] >> 32 == 0);
    let fill = |out: &mut [u32]| {
        for (d, p) in out.chunks_mut(2).zip(&product) {
            d[0] = *p as u32;
            if let Some(d) = d.get_mut(1) {
                *d = (*p >> 32) as u32;
            }
        }
    };
    fresh(th, a.sign * b.sign, digits, fill).map(Some)
}

/// `a // b` and `a % b` (rounded down), if `b` has one digit.
pub fn floor(th: &Thread, a: Number<'_>, b: Number<'_>) -> PyResult<Option<(Value, Value)>> {
    let &[d] = b.digits else { return Ok(None) };
    let mut quotient = Digits::new();
    quotient.resize(a.digits.len(), 0);
    let mut rest = 0u64;
    for (q, x) in quotient.iter_mut().zip(a.digits).rev() {
        let n = rest << 32 | u64::from(*x);
        *q = (n / u64::from(d)) as u32;
        rest = n % u64::from(d);
    }
    if a.sign * b.sign < 0 && rest != 0 {
        // One more; beyond the highest digit only if there is none.
        let mut carry = true;
        for q in quotient.iter_mut() {
            (*q, carry) = q.overflowing_add(u32::from(carry));
        }
        if carry {
            quotient.push(1);
        }
        rest = u64::from(d) - rest;
    }
    let q = make(th, a.sign * b.sign, &quotient)?;
    Ok(Some((q, make(th, b.sign, &[rest as u32])?)))
}

/// The `i`th digit in two's complement, given those below in order.
#[inline(always)]
fn complement(n: Number<'_>, i: usize, carry: &mut bool) -> u32 {
    let d = n.digits.get(i).copied().unwrap_or(0);
    if n.sign >= 0 {
        return d;
    }
    let (d, over) = (!d).overflowing_add(u32::from(*carry));
    *carry = over;
    d
}

/// A bitwise operation in two's complement.
#[inline]
pub fn bitwise(th: &Thread, a: Number<'_>, b: Number<'_>, op: impl Fn(u32, u32) -> u32) -> PyResult {
    let fill = |n: Number<'_>| if n.sign < 0 { u32::MAX } else { 0 };
    let negative = op(fill(a), fill(b)) != 0;
    let len = a.digits.len().max(b.digits.len()) + 1;
    let mut out = Digits::new();
    out.reserve(len);
    let (mut p, mut q) = (true, true);
    for i in 0..len {
        out.push(op(complement(a, i, &mut p), complement(b, i, &mut q)));
    }
    if negative {
        let mut carry = true;
        for d in out.iter_mut() {
            (*d, carry) = (!*d).overflowing_add(u32::from(carry));
        }
    }
    make(th, if negative { -1 } else { 1 }, &out)
}
