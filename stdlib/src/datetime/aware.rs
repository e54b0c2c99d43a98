//! Comparing and subtracting what may have a time zone.

use super::data::zone;
use super::tzinfo::{MINUTE, UTCOFFSET, offset};
use interpreter::{PyResult, Thread, Value};

/// The offsets from UTC of two values in minutes; nothing for both if their time zone is the same object.
pub struct Offsets {
    pub a: Option<i64>,
    pub b: Option<i64>,
}

impl Offsets {
    /// Asks the time zones: about the values themselves, or (times) about None.
    pub fn of(th: &mut Thread, a: Value, b: Value, ask_none: bool) -> PyResult<Offsets> {
        if zone(a) == zone(b) {
            return Ok(Offsets { a: None, b: None });
        }
        let about = |v: Value| if ask_none { Value::NONE } else { v };
        let x = offset(th, zone(a), &UTCOFFSET, about(a))?;
        let y = offset(th, zone(b), &UTCOFFSET, about(b))?;
        Ok(Offsets { a: x, b: y })
    }

    /// One is aware and the other is not.
    pub fn mixed(&self) -> bool {
        self.a.is_some() != self.b.is_some()
    }

    /// What `a` is ahead of `b` by its clock alone, in microseconds.
    pub fn difference(&self) -> i64 {
        (self.a.unwrap_or(0) - self.b.unwrap_or(0)) * MINUTE
    }
}
