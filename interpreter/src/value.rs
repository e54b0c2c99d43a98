//! The one-word representation of every Python value.
//!
//! | low bits | meaning |
//! |---|---|
//! | `…1` | 63-bit signed integer (a Python `int` that fits; others are boxed, kind [`Kind::INT`](crate::kinds)) |
//! | `…10` | *flonum*: a float whose exponent is common, rotated so that its tag fits; others are boxed |
//! | `…100` | special constants: None, False, True, NotImplemented, Ellipsis |
//! | `…000` | reference to a heap object, 16-byte aligned, never null |
//!
//! A zero word is no value: an unbound local, an empty slot. Slots are therefore `Option<Value>`, which is
//! one word, and `Result<Value, Raised>` is one word too, because [`Raised`](crate::Raised) is empty.
//!
//! The flonum scheme is that of Ruby's `flonum` (K. Sasada): rotate left by three and replace the two exponent
//! bits that were `01` or `10`.

use gc_stm::ObjRef;
use std::num::NonZeroU64;

/// A Python value: tagged int, flonum, special constant or object reference.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(NonZeroU64);

/// A place that may hold a value; `None` is "unbound" or "empty".
pub type Slot = Option<Value>;

const fn special(n: u64) -> Value {
    match NonZeroU64::new((n << 3) | 4) {
        Some(w) => Value(w),
        None => panic!("specials are non-zero"),
    }
}

/// Smallest and largest integer held in the word itself.
pub const TAGGED_MIN: i64 = -(1 << 62);
/// See [`TAGGED_MIN`].
pub const TAGGED_MAX: i64 = (1 << 62) - 1;

impl Value {
    pub const NONE: Value = special(0);
    pub const FALSE: Value = special(1);
    pub const TRUE: Value = special(2);
    pub const NOT_IMPLEMENTED: Value = special(3);
    pub const ELLIPSIS: Value = special(4);
    /// Stands for an unbound local where a slot must hold a value; never seen by Python code.
    pub const UNBOUND: Value = special(5);

    /// The raw word.
    #[inline(always)]
    pub fn bits(self) -> u64 {
        self.0.get()
    }

    /// A value from its raw word; `None` for zero.
    #[inline(always)]
    pub fn from_bits(bits: u64) -> Slot {
        NonZeroU64::new(bits).map(Value)
    }

    /// The value that refers to `obj`.
    #[inline(always)]
    pub fn from_obj(obj: ObjRef) -> Value {
        // SAFETY: an ObjRef is never null.
        Value(unsafe { NonZeroU64::new_unchecked(obj.address() as u64) })
    }

    /// True for references to heap objects.
    #[inline(always)]
    pub fn is_obj(self) -> bool {
        self.bits() & 7 == 0
    }

    /// The object referred to, if any.
    #[inline(always)]
    pub fn as_obj(self) -> Option<ObjRef> {
        if self.is_obj() { Some(self.obj_unchecked()) } else { None }
    }

    /// The object referred to; the caller has checked `is_obj`.
    #[inline(always)]
    pub fn obj_unchecked(self) -> ObjRef {
        debug_assert!(self.is_obj());
        // SAFETY: a reference word is the address of an object.
        unsafe { ObjRef::from_address(self.bits() as usize) }
    }

    #[inline(always)]
    pub fn is_tagged_int(self) -> bool {
        self.bits() & 1 != 0
    }

    /// A tagged integer, if `n` fits 63 bits.
    #[inline(always)]
    pub fn from_small_int(n: i64) -> Option<Value> {
        if (TAGGED_MIN..=TAGGED_MAX).contains(&n) { Some(Value::int_unchecked(n)) } else { None }
    }

    /// A tagged integer; `n` must lie in `TAGGED_MIN..=TAGGED_MAX`.
    #[inline(always)]
    pub const fn int_unchecked(n: i64) -> Value {
        // SAFETY: the tag bit is set, so the word is not zero.
        Value(unsafe { NonZeroU64::new_unchecked(((n as u64) << 1) | 1) })
    }

    /// The tagged integer's value; meaningless for other values.
    #[inline(always)]
    pub fn small_int_unchecked(self) -> i64 {
        (self.bits() as i64) >> 1
    }

    #[inline(always)]
    pub fn as_small_int(self) -> Option<i64> {
        if self.is_tagged_int() { Some(self.small_int_unchecked()) } else { None }
    }

    #[inline(always)]
    pub fn is_flonum(self) -> bool {
        self.bits() & 3 == 2
    }

    /// A flonum, if the exponent of `x` is a common one (or `x` is +0.0).
    #[inline(always)]
    pub fn from_flonum(x: f64) -> Option<Value> {
        let b = x.to_bits();
        let top = (b >> 60) & 7;
        if (top == 3 || top == 4) && b != 0x3000_0000_0000_0000 {
            // SAFETY: the tag bits are set.
            Some(Value(unsafe { NonZeroU64::new_unchecked((b.rotate_left(3) & !3) | 2) }))
        } else if b == 0 {
            // SAFETY: a constant that is not zero.
            Some(Value(unsafe { NonZeroU64::new_unchecked(0x8000_0000_0000_0002) }))
        } else {
            None
        }
    }

    /// The flonum's number; meaningless for other values.
    #[inline(always)]
    pub fn flonum_unchecked(self) -> f64 {
        let v = self.bits();
        if v == 0x8000_0000_0000_0002 {
            return 0.0;
        }
        let b63 = v >> 63;
        f64::from_bits(((2 - b63) | (v & !3)).rotate_right(3))
    }

    #[inline(always)]
    pub const fn from_bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    #[inline(always)]
    pub fn is_none(self) -> bool {
        self == Value::NONE
    }

    #[inline(always)]
    pub fn is_bool(self) -> bool {
        self == Value::TRUE || self == Value::FALSE
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Value::NONE => write!(f, "None"),
            Value::TRUE => write!(f, "True"),
            Value::FALSE => write!(f, "False"),
            Value::NOT_IMPLEMENTED => write!(f, "NotImplemented"),
            Value::ELLIPSIS => write!(f, "Ellipsis"),
            v if v.is_tagged_int() => write!(f, "{}", v.small_int_unchecked()),
            v if v.is_flonum() => write!(f, "{:?}", v.flonum_unchecked()),
            v => write!(f, "<object at {:#x}>", v.bits()),
        }
    }
}

const _: () = assert!(size_of::<Slot>() == 8);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flonums_round_trip() {
        for x in [0.0, 1.0, -1.0, 0.5, 1e10, -1e-10, 3.75, 1e70, 1e-70, f64::EPSILON] {
            let v = Value::from_flonum(x).expect("common exponent");
            assert!(v.is_flonum() && !v.is_obj() && !v.is_tagged_int());
            assert_eq!(v.flonum_unchecked().to_bits(), x.to_bits());
        }
        for x in [-0.0, f64::NAN, f64::INFINITY, 1e300, 1e-300, f64::from_bits(0x3000_0000_0000_0000)] {
            assert!(Value::from_flonum(x).is_none());
        }
    }

    #[test]
    fn tagged_ints_round_trip() {
        for n in [0, 1, -1, TAGGED_MIN, TAGGED_MAX] {
            assert_eq!(Value::from_small_int(n).and_then(Value::as_small_int), Some(n));
        }
        assert!(Value::from_small_int(TAGGED_MAX + 1).is_none());
    }
}
