//! `fsum`: exact summation.
//!
//! The sum so far is a list of floats that do not overlap, smallest first (J. Shewchuk, "Adaptive Precision
//! Floating-Point Arithmetic"); only the final rounding loses anything.

use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};

/// An exact sum of floats.
#[derive(Default)]
struct Sum {
    /// Non-overlapping, in increasing magnitude.
    partials: Vec<f64>,
    /// Sum of infinities and NaNs, and of the infinities alone.
    special: f64,
    infinities: f64,
}

impl Sum {
    /// Adds a number; false if finite numbers have overflowed.
    fn add(&mut self, term: f64) -> bool {
        let mut x = term;
        let mut kept = 0;
        for i in 0..self.partials.len() {
            let mut y = self.partials[i];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                self.partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        self.partials.truncate(kept);
        if x == 0.0 {
            return true;
        }
        if x.is_finite() {
            self.partials.push(x);
            return true;
        }
        if term.is_finite() {
            return false;
        }
        if term.is_infinite() {
            self.infinities += term;
        }
        self.special += term;
        self.partials.clear();
        true
    }

    /// The finite sum, rounded half to even.
    fn total(&self) -> f64 {
        let Some((last, mut rest)) = self.partials.split_last() else { return 0.0 };
        let mut high = *last;
        let mut low = 0.0;
        while let Some((y, others)) = rest.split_last() {
            rest = others;
            let x = high;
            high = x + y;
            low = y - (high - x);
            if low != 0.0 {
                break;
            }
        }
        // A tie may have been rounded the wrong way: what lies below decides.
        if let Some(next) = rest.last()
            && ((low < 0.0 && *next < 0.0) || (low > 0.0 && *next > 0.0))
        {
            let y = low * 2.0;
            let x = high + y;
            if y == x - high {
                high = x;
            }
        }
        high
    }
}

pub(super) fn fsum(th: &mut Thread, args: Args<'_>) -> PyResult {
    let it = ops::iter(th, args.pos[0])?;
    let mut sum = Sum::default();
    while let Some(v) = ops::next(th, it)? {
        let x = number(th, v)?;
        if !sum.add(x) {
            return Err(th.overflow_error("intermediate overflow in fsum"));
        }
    }
    if sum.special != 0.0 {
        if sum.infinities.is_nan() {
            return Err(th.value_error("-inf + inf in fsum"));
        }
        return Ok(th.float(sum.special));
    }
    Ok(th.float(sum.total()))
}

fn number(th: &mut Thread, v: Value) -> PyResult<f64> {
    ops::float_arg(th, v)
}

#[cfg(test)]
mod tests {
    use super::Sum;

    fn sum(xs: &[f64]) -> f64 {
        let mut s = Sum::default();
        assert!(xs.iter().all(|x| s.add(*x)));
        s.total()
    }

    #[test]
    fn exact_sums() {
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[1e100, 1.0, -1e100]), 1.0);
        assert_eq!(sum(&[1e16, 1.0, 1e-16]), 10000000000000002.0);
        assert_eq!(sum(&[]), 0.0);
    }
}
