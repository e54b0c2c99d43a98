//! The Unicode character database in the two versions Python 2.7 knows: 5.2.0, and 3.2.0 for `stringprep`.
//!
//! - `table`: fixed facts about each code point (category, case mappings, numeric values, ...).
//! - `texts`: names, decompositions and compositions, unpacked at first use.
//! - `normal`: normalization forms.
//!
//! The data files are written by `tools/generate.py`. Case mappings are the simple ones: one character to one.
#![forbid(unsafe_code)]

mod normal;
mod table;
mod texts;

pub use normal::{Form, normalize};
pub use table::{BIDI_CLASSES, CATEGORIES, Record, VERSIONS, Version, WIDTHS, record};
pub use table::{
    is_alpha, is_decimal, is_digit, is_line_break, is_lower, is_numeric, is_space, is_title, is_upper, lower,
    title, upper,
};
pub use texts::{code_of, decomposition, name_of};

/// The first code point that does not exist.
pub const END: u32 = 0x11_0000;
