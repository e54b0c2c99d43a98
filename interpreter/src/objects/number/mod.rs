//! What the number types share: `int(v)`, `long(v)`, `float(v)` of any object, decimal text, format specifications,
//! and the refusals of crate `numtext` as exceptions.

mod convert;
mod decimal;
mod text;

pub use convert::{to_float, to_int, to_long};
pub use decimal::decimal_text;
pub use text::{char_buffer, format, format_spec, int_from_text, long_from_text};

use crate::native::Args;
use crate::objects::exceptions as exc;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use num_bigint::BigInt;
use numtext::Kind;

impl Thread {
    /// The exception for a refusal of crate `numtext`; its characters are bytes.
    #[cold]
    pub fn numtext_error(&mut self, e: numtext::Error) -> Raised {
        let def = match e.kind {
            Kind::Value => &exc::VALUE_ERROR,
            Kind::Type => &exc::TYPE_ERROR,
            Kind::Overflow => &exc::OVERFLOW_ERROR,
            Kind::ZeroDivision => &exc::ZERO_DIVISION_ERROR,
            Kind::Struct => &exc::VALUE_ERROR,
            Kind::Memory => return self.memory_error(),
        };
        if e.message == RANGE {
            return self.range_error();
        }
        let bytes: Vec<u8> = e.message.chars().map(|c| c as u32 as u8).collect();
        let text = self.new_str(&bytes);
        self.raise(def.class(), Some(text))
    }

    /// `OverflowError(34, 'Numerical result out of range')`, as the C library's ERANGE becomes.
    #[cold]
    pub fn range_error(&mut self) -> Raised {
        let args = [self.int(libc::ERANGE as i64), self.new_str(b"Numerical result out of range")];
        let args = self.new_tuple(&args);
        self.raise(exc::OVERFLOW_ERROR.class(), Some(args))
    }
}

/// How `numtext` writes the arguments of the C library's ERANGE.
const RANGE: &str = "(34, 'Numerical result out of range')";

/// The integer in an int, bool or long as a machine number, if it is short.
#[inline]
pub fn small(v: Value) -> Option<i128> {
    if let Some(n) = crate::ops::int_value(v) {
        return Some(n as i128);
    }
    let l = v.payload::<crate::layout::PyLong>()?.get();
    let m = match l.digits() {
        [] => 0,
        [a] => *a as u128,
        [a, b] => (*a as u128) | ((*b as u128) << 32),
        _ => return None,
    };
    Some(if l.sign < 0 { -(m as i128) } else { m as i128 })
}

/// The float nearest to an int, bool, long or float; none for other values.
#[inline]
pub fn real(th: &mut Thread, v: Value) -> PyResult<Option<f64>> {
    if let Some(x) = super::float::float_value(v) {
        return Ok(Some(x));
    }
    if let Some(n) = crate::ops::int_value(v) {
        return Ok(Some(n as f64));
    }
    match v.payload::<crate::layout::PyLong>() {
        Some(l) => long_to_f64(th, &l.to_bigint()).map(Some),
        None => Ok(None),
    }
}

/// The float nearest to a long; OverflowError beyond the range.
pub fn long_to_f64(th: &mut Thread, n: &BigInt) -> PyResult<f64> {
    numtext::convert::integer_to_float(n).map_err(|e| th.numtext_error(e))
}

/// Refuses keyword arguments where there are none, for constructors.
pub fn one_argument(th: &mut Thread, args: Args<'_>, type_name: &str) -> PyResult<Option<Value>> {
    let [x] = args.bind(th, type_name, ["x"], 0)?;
    Ok(x)
}

/// A result of an arithmetic step that Rust could not hold in memory is refused above this many bits.
pub const MAX_BITS: u64 = 1 << 34;
