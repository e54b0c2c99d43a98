//! Floats as text: `repr`, `str` and the conversions e, f, g with any precision, right to the last digit.
//!
//! Digits come from the standard library, which is exact both for the shortest digits that read back and for a
//! given number of digits (ties to even). No double has more than [`EXACT_DIGITS`] digits after the point, so a
//! greater precision only adds zeros.

/// More digits after the point than any double has.
const EXACT_DIGITS: usize = 1100;

/// How to write a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloatStyle {
    /// `e`, `f`, `g`, their capitals, or `r` for the shortest text that reads back.
    pub code: u8,
    /// Digits after the point, or for `g` in all; unused for `r`.
    pub precision: usize,
    /// `#`: keep the point and, for `g`, trailing zeros.
    pub alternate: bool,
    /// Write a plus sign too.
    pub sign: bool,
    /// Make a number without a point or an exponent end in `.0`.
    pub dot_zero: bool,
}

impl FloatStyle {
    /// A style without flags.
    pub fn new(code: u8, precision: usize) -> FloatStyle {
        FloatStyle { code, precision, alternate: false, sign: false, dot_zero: false }
    }
}

/// `repr(value)`.
pub fn float_repr(value: f64) -> String {
    float_text(value, FloatStyle { dot_zero: true, ..FloatStyle::new(b'r', 0) })
}

/// `str(value)`: twelve digits.
pub fn float_str(value: f64) -> String {
    float_text(value, FloatStyle { dot_zero: true, ..FloatStyle::new(b'g', 12) })
}

/// Writes a float.
pub fn float_text(value: f64, style: FloatStyle) -> String {
    let mut out = String::new();
    let upper = style.code.is_ascii_uppercase();
    if value.is_nan() {
        out.push_str(if style.sign { "+" } else { "" });
        out.push_str(if upper { "NAN" } else { "nan" });
        return out;
    }
    if value.is_sign_negative() {
        out.push('-');
    } else if style.sign {
        out.push('+');
    }
    let value = value.abs();
    if value.is_infinite() {
        out.push_str(if upper { "INF" } else { "inf" });
        return out;
    }
    match style.code.to_ascii_lowercase() {
        b'f' => fixed(value, style.precision, style.alternate, &mut out),
        b'e' => {
            let (digits, exponent) = digits_of(value, Some(style.precision));
            scientific(&digits, exponent, style.precision + 1, style.alternate, upper, &mut out);
        }
        b'g' => {
            let precision = style.precision.max(1);
            let (mut digits, exponent) = digits_of(value, Some(precision - 1));
            let most = precision as i64 - i64::from(style.dot_zero);
            let width = if style.alternate {
                precision
            } else {
                digits.truncate(digits.trim_end_matches('0').len().max(1));
                digits.len()
            };
            general(&digits, exponent, width, exponent < -4 || exponent >= most, style, upper, &mut out);
        }
        _ => {
            let (digits, exponent) = digits_of(value, None);
            general(&digits, exponent, digits.len(), !(-4..16).contains(&exponent), style, upper, &mut out);
        }
    }
    out
}

/// The digits of a finite positive number and the power of ten of the first: shortest, or so many after the first.
fn digits_of(value: f64, after_first: Option<usize>) -> (String, i64) {
    let text = match after_first {
        None => shortest(value),
        Some(count) => format!("{value:.*e}", count.min(EXACT_DIGITS)),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.chars().filter(|&c| c != '.').collect(), exponent.parse().unwrap_or(0))
}

/// The shortest text that reads back, the nearest of those, and of two equally near the even one.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    // The standard library may choose the odd one; with fewer digits there is no choice.
    let digits = text.bytes().take_while(|&c| c != b'e').filter(u8::is_ascii_digit).count();
    if digits >= 15 {
        let even = format!("{value:.*e}", digits - 1);
        if even != text && even.parse() == Ok(value) {
            return even;
        }
    }
    text
}

fn zeros(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n('0', count));
}

fn fixed(value: f64, precision: usize, alternate: bool, out: &mut String) {
    let exact = precision.min(EXACT_DIGITS);
    out.push_str(&format!("{value:.exact$}"));
    zeros(precision - exact, out);
    if precision == 0 && alternate {
        out.push('.');
    }
}

fn scientific(digits: &str, exponent: i64, width: usize, alternate: bool, upper: bool, out: &mut String) {
    out.push_str(&digits[..1]);
    if width > 1 || alternate {
        out.push('.');
    }
    out.push_str(&digits[1..]);
    zeros(width.saturating_sub(digits.len()), out);
    let (mark, sign) = (if upper { 'E' } else { 'e' }, if exponent < 0 { '-' } else { '+' });
    out.push_str(&format!("{mark}{sign}{:02}", exponent.abs()));
}

/// `width` digits in whichever form the caller chose.
fn general(
    digits: &str,
    exponent: i64,
    width: usize,
    use_exponent: bool,
    style: FloatStyle,
    upper: bool,
    out: &mut String,
) {
    if use_exponent {
        return scientific(digits, exponent, width, style.alternate, upper, out);
    }
    if exponent < 0 {
        out.push_str("0.");
        zeros((-exponent - 1) as usize, out);
        out.push_str(digits);
        zeros(width.saturating_sub(digits.len()), out);
        return;
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        out.push_str(digits);
        zeros(whole - digits.len(), out);
    } else {
        out.push_str(&digits[..whole]);
    }
    let fraction = digits.get(whole..).unwrap_or("");
    let fraction_width = width.saturating_sub(whole);
    if fraction_width > 0 || style.alternate {
        out.push('.');
        out.push_str(fraction);
        zeros(fraction_width - fraction.len(), out);
    } else if style.dot_zero {
        out.push_str(".0");
    }
}

/// `float.hex(value)`.
pub fn float_hex(value: f64) -> String {
    if !value.is_finite() {
        return float_repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
    match (fraction, exponent) {
        (0, 0) => format!("{sign}0x0.0p+0"),
        (_, 0) => format!("{sign}0x0.{fraction:013x}p-1022"),
        _ => format!("{sign}0x1.{fraction:013x}p{:+}", exponent - 1023),
    }
}
