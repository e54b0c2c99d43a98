//! Fragments: samples of one, two or four bytes, in the machine's order.

use super::ERROR;
use interpreter::{PyResult, Raised, Thread, Value, ops};

/// Bytes of a sample.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum Width {
    One,
    Two,
    Four,
}

#[cold]
pub fn error(th: &mut Thread, message: &str) -> Raised {
    th.raise_def(&ERROR, message)
}

impl Width {
    pub fn of(th: &mut Thread, v: Value) -> PyResult<Width> {
        match ops::int32_arg(th, v)? {
            1 => Ok(Width::One),
            2 => Ok(Width::Two),
            4 => Ok(Width::Four),
            _ => Err(error(th, "Size should be 1, 2 or 4")),
        }
    }

    pub fn bytes(self) -> usize {
        match self {
            Width::One => 1,
            Width::Two => 2,
            Width::Four => 4,
        }
    }

    pub fn bits(self) -> u32 {
        self.bytes() as u32 * 8
    }

    /// Largest and smallest sample.
    pub fn limits(self) -> (f64, f64) {
        let half = (1i64 << (self.bits() - 1)) as f64;
        (half - 1.0, -half)
    }

    /// Appends a sample, of which the low bits count.
    pub fn put(self, out: &mut Vec<u8>, n: i32) {
        out.extend_from_slice(&n.to_ne_bytes()[..self.bytes()]);
    }

    /// Appends a sample given in 32 bits.
    pub fn put32(self, out: &mut Vec<u8>, n: i32) {
        self.put(out, n >> (32 - self.bits()));
    }

    /// Appends a number, cut off at the limits and rounded down.
    pub fn put_bounded(self, out: &mut Vec<u8>, x: f64) {
        let (max, min) = self.limits();
        let x = if x > max {
            max
        } else if x < min + 1.0 {
            min
        } else {
            x
        };
        self.put(out, x.floor() as i32);
    }
}

/// A fragment and its width.
#[derive(Copy, Clone)]
pub struct Samples<'a> {
    pub bytes: &'a [u8],
    pub width: Width,
}

impl<'a> Samples<'a> {
    /// From the arguments `fragment, width`.
    pub fn of(th: &mut Thread, name: &str, fragment: Value, width: Value) -> PyResult<Samples<'a>> {
        let bytes = fragment_argument(th, name, fragment, 1)?;
        let width = Width::of(th, width)?;
        Samples::whole(th, bytes, width)
    }

    pub fn whole(th: &mut Thread, bytes: &'a [u8], width: Width) -> PyResult<Samples<'a>> {
        if !bytes.len().is_multiple_of(width.bytes()) {
            return Err(error(th, "not a whole number of frames"));
        }
        Ok(Samples { bytes, width })
    }

    pub fn len(self) -> usize {
        self.bytes.len() / self.width.bytes()
    }

    pub fn get(self, i: usize) -> i32 {
        let w = self.width.bytes();
        self.bytes.get(i * w..i * w + w).map_or(0, |b| sample(self.width, b))
    }

    pub fn iter(self) -> impl DoubleEndedIterator<Item = i32> + 'a {
        self.bytes.chunks_exact(self.width.bytes()).map(move |b| sample(self.width, b))
    }

    /// The samples in 32 bits.
    pub fn iter32(self) -> impl Iterator<Item = i32> + 'a {
        let shift = 32 - self.width.bits();
        self.iter().map(move |n| n << shift)
    }

    /// The samples in 16 bits.
    pub fn iter16(self) -> impl Iterator<Item = i32> + 'a {
        self.iter32().map(|n| n >> 16)
    }
}

fn sample(width: Width, b: &[u8]) -> i32 {
    match (width, b) {
        (Width::One, [a]) => i32::from(*a as i8),
        (Width::Two, [a, b]) => i32::from(i16::from_ne_bytes([*a, *b])),
        (Width::Four, [a, b, c, d]) => i32::from_ne_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}

/// The bytes of an argument; valid while nothing else runs.
pub fn fragment_argument<'a>(th: &mut Thread, name: &str, v: Value, i: usize) -> PyResult<&'a [u8]> {
    Ok(interpreter::buffer::argument(th, v, name, i)?.bytes())
}
