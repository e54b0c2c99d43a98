//! The hash functions of 2.7 on 64-bit machines, value for value.

use num_bigint::BigInt;
use num_traits::Signed;

use crate::convert::{float_to_i64, float_to_integer};
use crate::unit::Unit;

/// What `-R` mixes into text hashes; zero without it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HashSecret {
    /// Mixed in first.
    pub prefix: i64,
    /// Mixed in last.
    pub suffix: i64,
}

/// No hash is -1, which the C interface keeps for errors.
fn not_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// The hash of a `str` or `unicode`; equal for equal text whatever the storage.
pub fn hash_text<C: Unit>(text: &[C], secret: HashSecret) -> i64 {
    let Some(first) = text.first() else { return 0 };
    let mut hash = secret.prefix ^ i64::from(first.code()) << 7;
    for unit in text {
        hash = hash.wrapping_mul(1000003) ^ i64::from(unit.code());
    }
    not_minus_one(hash ^ text.len() as i64 ^ secret.suffix)
}

/// The hash of an `int` (and of a `long` that fits one).
pub fn hash_int(value: i64) -> i64 {
    not_minus_one(value)
}

/// The hash of a `long`.
pub fn hash_long(value: &BigInt) -> i64 {
    // The digits of a long have 30 bits here; the sum is taken modulo 2**64 - 1, most significant digit first.
    let words: smallvec::SmallVec<[u64; 8]> = value.magnitude().iter_u64_digits().collect();
    let bits = value.magnitude().bits();
    let mut hash = 0u64;
    for digit in (0..bits.div_ceil(30)).rev() {
        let low = digit * 30;
        let (word, shift) = ((low / 64) as usize, low % 64);
        let mut piece = words[word] >> shift;
        if shift > 34 {
            piece |= words.get(word + 1).copied().unwrap_or(0) << (64 - shift);
        }
        let (sum, carry) = hash.rotate_left(30).overflowing_add(piece & 0x3fff_ffff);
        hash = sum.wrapping_add(u64::from(carry));
    }
    let hash = hash as i64;
    not_minus_one(if value.is_negative() { hash.wrapping_neg() } else { hash })
}

/// The hash of a `float`; that of the equal integer where there is one.
pub fn hash_float(value: f64) -> i64 {
    if value.is_nan() {
        return 0;
    }
    if value.is_infinite() {
        return if value > 0.0 { 314159 } else { -271828 };
    }
    if value == value.trunc() {
        return match float_to_i64(value) {
            Some(whole) => hash_int(whole),
            None => hash_long(&float_to_integer(value).unwrap_or_default()),
        };
    }
    let (mantissa, exponent) = frexp(value);
    let scaled = mantissa * 2147483648.0;
    let high = scaled.trunc();
    let low = (scaled - high) * 2147483648.0;
    not_minus_one((high as i64).wrapping_add(low as i64).wrapping_add(exponent << 15))
}

/// The hash of a `complex`.
pub fn hash_complex(real: f64, imag: f64) -> i64 {
    not_minus_one(hash_float(real).wrapping_add(hash_float(imag).wrapping_mul(1000003)))
}

/// The hash of a tuple, from those of its items.
pub fn hash_tuple(items: impl ExactSizeIterator<Item = i64>) -> i64 {
    let mut left = items.len() as i64;
    let (mut hash, mut multiplier) = (0x345678i64, 1000003i64);
    for item in items {
        left -= 1;
        hash = (hash ^ item).wrapping_mul(multiplier);
        multiplier = multiplier.wrapping_add(82520 + 2 * left);
    }
    not_minus_one(hash.wrapping_add(97531))
}

/// The hash of a `frozenset`, from those of its items in any order.
pub fn hash_frozenset(items: impl ExactSizeIterator<Item = i64>) -> i64 {
    let mut hash = 1927868237i64.wrapping_mul(items.len() as i64 + 1);
    for item in items {
        hash ^= (item ^ item.wrapping_shl(16) ^ 89869747).wrapping_mul(3644798167);
    }
    let hash = hash.wrapping_mul(69069).wrapping_add(907133923);
    if hash == -1 { 590923713 } else { hash }
}

/// `math.frexp(value)`.
pub fn frexp(value: f64) -> (f64, i64) {
    if value == 0.0 || !value.is_finite() {
        return (value, 0);
    }
    let (value, less) =
        if value.abs() < f64::MIN_POSITIVE { (value * 2f64.powi(64), 64) } else { (value, 0) };
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent - less)
}
