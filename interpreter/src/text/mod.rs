//! Algorithms on text, the same for bytes (`str`, `bytearray`) and characters of any width (`unicode`).
//!
//! Pure functions on slices: no objects, no thread. All run in time linear in their input.

pub mod cut;
pub mod pad;
pub mod replace;
pub mod search;
pub mod unit;

pub use unit::Char;
