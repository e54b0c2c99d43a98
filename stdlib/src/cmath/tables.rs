//! Results for arguments with an infinite or NaN part, by the kinds of real and imaginary part (C99 Annex G).
//!
//! Rows: real part; columns: imaginary part; both in the order -inf, negative, -0, 0, positive, inf, NaN. `U` marks
//! finite arguments, which no table serves; `E` a domain error.

use interpreter::objects::complex::Complex;
use std::f64::consts::PI;

/// An entry; none is a domain error.
pub type Entry = Option<Complex>;

/// One function's table.
pub type Table = [[Entry; 7]; 7];

const I: f64 = f64::INFINITY;
const N: f64 = f64::NAN;
const P: f64 = PI;
const E: Entry = None;
const U: Entry = None;

const fn c(re: f64, im: f64) -> Entry {
    Some(Complex::new(re, im))
}

/// The row or column of a number.
pub fn kind(x: f64) -> usize {
    if x.is_nan() {
        6
    } else if x.is_infinite() {
        if x > 0.0 { 5 } else { 0 }
    } else if x == 0.0 {
        if x.is_sign_negative() { 2 } else { 3 }
    } else if x < 0.0 {
        1
    } else {
        4
    }
}

#[rustfmt::skip]
pub static ACOS: Table = [
    [c(3.*P/4., I), c(P, I), c(P, I), c(P, -I), c(P, -I), c(3.*P/4., -I), c(N, I)],
    [c(P/2., I), U, U, U, U, c(P/2., -I), c(N, N)],
    [c(P/2., I), U, U, U, U, c(P/2., -I), c(P/2., N)],
    [c(P/2., I), U, U, U, U, c(P/2., -I), c(P/2., N)],
    [c(P/2., I), U, U, U, U, c(P/2., -I), c(N, N)],
    [c(P/4., I), c(0.0, I), c(0.0, I), c(0.0, -I), c(0.0, -I), c(P/4., -I), c(N, I)],
    [c(N, I), c(N, N), c(N, N), c(N, N), c(N, N), c(N, -I), c(N, N)],
];

#[rustfmt::skip]
pub static ACOSH: Table = [
    [c(I, -3.*P/4.), c(I, -P), c(I, -P), c(I, P), c(I, P), c(I, 3.*P/4.), c(I, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/4.), c(I, -0.0), c(I, -0.0), c(I, 0.0), c(I, 0.0), c(I, P/4.), c(I, N)],
    [c(I, N), c(N, N), c(N, N), c(N, N), c(N, N), c(I, N), c(N, N)],
];

#[rustfmt::skip]
pub static ASINH: Table = [
    [c(-I, -P/4.), c(-I, -0.0), c(-I, -0.0), c(-I, 0.0), c(-I, 0.0), c(-I, P/4.), c(-I, N)],
    [c(-I, -P/2.), U, U, U, U, c(-I, P/2.), c(N, N)],
    [c(-I, -P/2.), U, U, U, U, c(-I, P/2.), c(N, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/4.), c(I, -0.0), c(I, -0.0), c(I, 0.0), c(I, 0.0), c(I, P/4.), c(I, N)],
    [c(I, N), c(N, N), c(N, -0.0), c(N, 0.0), c(N, N), c(I, N), c(N, N)],
];

#[rustfmt::skip]
pub static ATANH: Table = [
    [c(-0.0, -P/2.), c(-0.0, -P/2.), c(-0.0, -P/2.), c(-0.0, P/2.), c(-0.0, P/2.), c(-0.0, P/2.), c(-0.0, N)],
    [c(-0.0, -P/2.), U, U, U, U, c(-0.0, P/2.), c(N, N)],
    [c(-0.0, -P/2.), U, U, U, U, c(-0.0, P/2.), c(-0.0, N)],
    [c(0.0, -P/2.), U, U, U, U, c(0.0, P/2.), c(0.0, N)],
    [c(0.0, -P/2.), U, U, U, U, c(0.0, P/2.), c(N, N)],
    [c(0.0, -P/2.), c(0.0, -P/2.), c(0.0, -P/2.), c(0.0, P/2.), c(0.0, P/2.), c(0.0, P/2.), c(0.0, N)],
    [c(0.0, -P/2.), c(N, N), c(N, N), c(N, N), c(N, N), c(0.0, P/2.), c(N, N)],
];

#[rustfmt::skip]
pub static COSH: Table = [
    [E, c(I, I), c(I, 0.0), c(I, -0.0), c(I, -I), E, c(I, N)],
    [E, U, U, U, U, E, c(N, N)],
    [E, U, U, U, U, E, c(N, 0.0)],
    [E, U, U, U, U, E, c(N, 0.0)],
    [E, U, U, U, U, E, c(N, N)],
    [E, c(I, -I), c(I, -0.0), c(I, 0.0), c(I, I), E, c(I, N)],
    [c(N, N), c(N, N), c(N, 0.0), c(N, 0.0), c(N, N), c(N, N), c(N, N)],
];

#[rustfmt::skip]
pub static EXP: Table = [
    [c(0.0, 0.0), c(0.0, -0.0), c(0.0, -0.0), c(0.0, 0.0), c(0.0, 0.0), c(0.0, 0.0), c(0.0, 0.0)],
    [E, U, U, U, U, E, c(N, N)],
    [E, U, U, U, U, E, c(N, N)],
    [E, U, U, U, U, E, c(N, N)],
    [E, U, U, U, U, E, c(N, N)],
    [E, c(I, -I), c(I, -0.0), c(I, 0.0), c(I, I), E, c(I, N)],
    [c(N, N), c(N, N), c(N, -0.0), c(N, 0.0), c(N, N), c(N, N), c(N, N)],
];

#[rustfmt::skip]
pub static LOG: Table = [
    [c(I, -3.*P/4.), c(I, -P), c(I, -P), c(I, P), c(I, P), c(I, 3.*P/4.), c(I, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/2.), U, U, U, U, c(I, P/2.), c(N, N)],
    [c(I, -P/4.), c(I, -0.0), c(I, -0.0), c(I, 0.0), c(I, 0.0), c(I, P/4.), c(I, N)],
    [c(I, N), c(N, N), c(N, N), c(N, N), c(N, N), c(I, N), c(N, N)],
];

#[rustfmt::skip]
pub static SINH: Table = [
    [E, c(-I, -I), c(-I, -0.0), c(-I, 0.0), c(-I, I), E, c(I, N)],
    [E, U, U, U, U, E, c(N, N)],
    [E, U, U, U, U, E, c(0.0, N)],
    [E, U, U, U, U, E, c(0.0, N)],
    [E, U, U, U, U, E, c(N, N)],
    [E, c(I, -I), c(I, -0.0), c(I, 0.0), c(I, I), E, c(I, N)],
    [c(N, N), c(N, N), c(N, -0.0), c(N, 0.0), c(N, N), c(N, N), c(N, N)],
];

#[rustfmt::skip]
pub static SQRT: Table = [
    [c(I, -I), c(0.0, -I), c(0.0, -I), c(0.0, I), c(0.0, I), c(I, I), c(N, I)],
    [c(I, -I), U, U, U, U, c(I, I), c(N, N)],
    [c(I, -I), U, U, U, U, c(I, I), c(N, N)],
    [c(I, -I), U, U, U, U, c(I, I), c(N, N)],
    [c(I, -I), U, U, U, U, c(I, I), c(N, N)],
    [c(I, -I), c(I, -0.0), c(I, -0.0), c(I, 0.0), c(I, 0.0), c(I, I), c(I, N)],
    [c(I, -I), c(N, N), c(N, N), c(N, N), c(N, N), c(I, I), c(N, N)],
];

#[rustfmt::skip]
pub static TANH: Table = [
    [c(-1.0, 0.0), c(-1.0, -0.0), c(-1.0, -0.0), c(-1.0, 0.0), c(-1.0, 0.0), c(-1.0, 0.0), c(-1.0, 0.0)],
    [E, U, U, U, U, E, c(N, N)],
    [E, U, U, U, U, E, c(N, N)],
    [E, U, U, U, U, E, c(N, N)],
    [E, U, U, U, U, E, c(N, N)],
    [c(1.0, 0.0), c(1.0, -0.0), c(1.0, -0.0), c(1.0, 0.0), c(1.0, 0.0), c(1.0, 0.0), c(1.0, 0.0)],
    [c(N, N), c(N, N), c(N, -0.0), c(N, 0.0), c(N, N), c(N, N), c(N, N)],
];

#[rustfmt::skip]
pub static RECT: Table = [
    [E, c(-I, I), c(-I, 0.0), c(-I, -0.0), c(-I, -I), E, c(I, N)],
    [E, U, U, U, U, E, c(N, N)],
    [c(0.0, 0.0), U, U, U, U, c(0.0, 0.0), c(0.0, 0.0)],
    [c(0.0, 0.0), U, U, U, U, c(0.0, 0.0), c(0.0, 0.0)],
    [E, U, U, U, U, E, c(N, N)],
    [E, c(I, -I), c(I, -0.0), c(I, 0.0), c(I, I), E, c(I, N)],
    [c(N, N), c(N, N), c(N, 0.0), c(N, 0.0), c(N, N), c(N, N), c(N, N)],
];
