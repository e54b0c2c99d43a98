//! Complex numbers as text.

use crate::float_text::{FloatStyle, float_text};

/// `repr(complex(real, imag))`.
pub fn complex_repr(real: f64, imag: f64) -> String {
    complex_text(real, imag, FloatStyle::new(b'r', 0))
}

/// `str(complex(real, imag))`: twelve digits a part.
pub fn complex_str(real: f64, imag: f64) -> String {
    complex_text(real, imag, FloatStyle::new(b'g', 12))
}

fn complex_text(real: f64, imag: f64, style: FloatStyle) -> String {
    if real == 0.0 && real.is_sign_positive() {
        return format!("{}j", float_text(imag, style));
    }
    let imag = float_text(imag, FloatStyle { sign: true, ..style });
    format!("({}{imag}j)", float_text(real, style))
}
