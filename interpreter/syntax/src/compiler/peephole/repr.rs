//! `repr` and `str` of constants.

use crate::code::Const;
use std::fmt::Write;

/// A string made at compile time; only single characters are shared objects from the start.
pub(super) fn string(bytes: &[u8]) -> Const {
    Const::str(bytes)
}

/// `repr(value)`; `None` for what has no fixed one.
pub(super) fn repr(value: &Const) -> Option<String> {
    Some(match value {
        Const::None => "None".into(),
        Const::True => "True".into(),
        Const::False => "False".into(),
        Const::Ellipsis => "Ellipsis".into(),
        Const::Int(n) => n.to_string(),
        Const::Long(n) => format!("{n}L"),
        Const::Float(x) => float_repr(*x),
        Const::Complex(re, im) => complex_text(*re, *im, float_digits),
        Const::Str { bytes, .. } => bytes_repr(bytes),
        Const::Unicode(points) => unicode_repr(points),
        Const::Tuple(items) => {
            let parts: Option<Vec<String>> = items.iter().map(repr).collect();
            let parts = parts?;
            if parts.len() == 1 { format!("({},)", parts[0]) } else { format!("({})", parts.join(", ")) }
        }
        Const::StopIteration | Const::FrozenSet(_) | Const::Code(_) => return None,
    })
}

/// `str(value)` for what is not a string already.
pub(super) fn str(value: &Const) -> Option<String> {
    match value {
        Const::Long(n) => Some(n.to_string()),
        Const::Float(x) => Some(with_point(general(*x, 12, false))),
        Const::Complex(re, im) => Some(complex_text(*re, *im, |x| general(x, 12, false))),
        _ => repr(value),
    }
}

fn with_point(mut text: String) -> String {
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        text.push_str(".0");
    }
    text
}

fn float_repr(x: f64) -> String {
    with_point(float_digits(x))
}

/// Lays out digits and exponent the way `%g` does: exponent form below -4 and from `limit` on.
fn lay_out(negative: bool, digits: &str, exponent: i32, limit: i32) -> String {
    let mut out = String::from(if negative { "-" } else { "" });
    if exponent < -4 || exponent >= limit {
        out.push_str(&digits[..1]);
        if digits.len() > 1 {
            out.push('.');
            out.push_str(&digits[1..]);
        }
        let _ = write!(out, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    } else if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        out.push_str(digits);
    } else {
        let whole = exponent as usize + 1;
        if digits.len() <= whole {
            out.push_str(digits);
            out.extend(std::iter::repeat_n('0', whole - digits.len()));
        } else {
            out.push_str(&digits[..whole]);
            out.push('.');
            out.push_str(&digits[whole..]);
        }
    }
    out
}

fn special(x: f64) -> Option<String> {
    if x.is_nan() {
        Some("nan".into())
    } else if x.is_infinite() {
        Some(if x < 0.0 { "-inf" } else { "inf" }.into())
    } else {
        None
    }
}

/// Splits `d.ddde±x` into digits and exponent.
fn scientific(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (mantissa.chars().filter(char::is_ascii_digit).collect(), exponent.parse().unwrap_or(0))
}

/// The shortest digits that read back the same.
fn float_digits(x: f64) -> String {
    special(x).unwrap_or_else(|| {
        let (digits, exponent) = scientific(&format!("{x:e}"));
        lay_out(x.is_sign_negative(), &digits, exponent, 16)
    })
}

/// `%.{precision}g`; `keep_zeros` is its `#` flag without the bare point.
pub(super) fn general(x: f64, precision: usize, keep_zeros: bool) -> String {
    special(x).unwrap_or_else(|| {
        let precision = precision.max(1);
        let (digits, exponent) = scientific(&format!("{x:.*e}", precision - 1));
        let digits = if keep_zeros { &digits[..] } else { digits.trim_end_matches('0') };
        let digits = if digits.is_empty() { "0" } else { digits };
        lay_out(x.is_sign_negative(), digits, exponent, precision as i32)
    })
}

fn complex_text(re: f64, im: f64, digits: impl Fn(f64) -> String) -> String {
    if re == 0.0 && !re.is_sign_negative() {
        return format!("{}j", digits(im));
    }
    let imaginary = digits(im);
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imaginary}j)", digits(re))
}

fn bytes_repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for &b in bytes {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            0x20..=0x7e if char::from(b) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..=0x7e => out.push(b.into()),
            _ => {
                let _ = write!(out, "\\x{b:02x}");
            }
        }
    }
    out.push(quote);
    out
}

fn unicode_repr(points: &[u32]) -> String {
    let has = |c: char| points.contains(&u32::from(c));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut out = format!("u{quote}");
    for (i, &p) in points.iter().enumerate() {
        // A pair of surrogates is shown as the character it stands for.
        let joined = match points.get(i + 1) {
            Some(&low) if (0xd800..0xdc00).contains(&p) && (0xdc00..0xe000).contains(&low) => {
                Some(0x10000 + ((p & 0x3ff) << 10) + (low & 0x3ff))
            }
            _ => None,
        };
        let second_half = i > 0 && (0xdc00..0xe000).contains(&p) && (0xd800..0xdc00).contains(&points[i - 1]);
        match p {
            _ if second_half => {}
            0x5c => out.push_str("\\\\"),
            0x09 => out.push_str("\\t"),
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x20..=0x7e => {
                if p == u32::from(quote) {
                    out.push('\\');
                }
                out.push(p as u8 as char);
            }
            _ => {
                let p = joined.unwrap_or(p);
                let _ = match p {
                    0..=0xff => write!(out, "\\x{p:02x}"),
                    0x100..=0xffff => write!(out, "\\u{p:04x}"),
                    _ => write!(out, "\\U{p:08x}"),
                };
            }
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_read_as_python_writes_them() {
        for (x, text) in [
            (1.0, "1.0"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (0.0001, "0.0001"),
            (1e-5, "1e-05"),
            (-0.0, "-0.0"),
            (1.5e300, "1.5e+300"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(float_repr(x), text);
        }
        assert_eq!(str(&Const::Float(0.1 + 0.2)).as_deref(), Some("0.3"));
        assert_eq!(repr(&Const::Complex(0.0, 1.0)).as_deref(), Some("1j"));
        assert_eq!(repr(&Const::Complex(1.0, -2.5)).as_deref(), Some("(1-2.5j)"));
    }
}
