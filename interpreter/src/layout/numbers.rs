//! Layouts of numbers that do not fit a word.

use super::{Header, heap_object, round16};
use gc_stm::ObjRef;
use num_bigint::{BigInt, BigUint, Sign};

/// `int` beyond 63 bits.
#[repr(C)]
pub struct PyInt {
    pub header: Header,
    pub value: i64,
}
heap_object!(PyInt, INT, Immutable);

/// `float` with an uncommon exponent.
#[repr(C)]
pub struct PyFloat {
    pub header: Header,
    pub value: f64,
}
heap_object!(PyFloat, FLOAT, Immutable);

#[repr(C)]
pub struct PyComplex {
    pub header: Header,
    pub re: f64,
    pub im: f64,
}
heap_object!(PyComplex, COMPLEX, Immutable);

/// `long`: 32-bit digits, least significant first, and a sign.
#[repr(C)]
pub struct PyLong {
    pub header: Header,
    /// -1, 0, 1.
    pub sign: i32,
    pub len: u32,
    digits: [u32; 0],
}
heap_object!(PyLong, LONG, Immutable);

impl PyLong {
    /// Bytes needed for `n` digits.
    pub fn size_for(n: usize) -> usize {
        round16(size_of::<PyLong>() + n * 4 + 1)
    }

    /// # Safety
    /// `obj` is a long.
    pub unsafe fn size(obj: ObjRef) -> usize {
        // SAFETY: the caller's promise.
        let n = unsafe { (*(obj.address() as *const PyLong)).len };
        PyLong::size_for(n as usize)
    }

    pub fn digits(&self) -> &[u32] {
        // SAFETY: `len` digits follow the struct (L1).
        unsafe { std::slice::from_raw_parts(self.digits.as_ptr(), self.len as usize) }
    }

    /// # Safety
    /// The object is fresh and has room for `n` digits.
    pub(crate) unsafe fn digits_mut(this: *mut PyLong, n: usize) -> &'static mut [u32] {
        // SAFETY: the caller's promise; the pointer has the provenance of the whole object.
        unsafe { std::slice::from_raw_parts_mut((this as *mut u8).add(size_of::<PyLong>()) as *mut u32, n) }
    }

    pub fn to_bigint(&self) -> BigInt {
        let sign = match self.sign {
            0 => Sign::NoSign,
            1 => Sign::Plus,
            _ => Sign::Minus,
        };
        BigInt::from_biguint(sign, BigUint::from_slice(self.digits()))
    }
}
