//! `string % value` for constants.
//!
//! Covers every conversion on strings, numbers and tuples of them. What would raise, or needs a mapping, is left to run time.

use super::repr;
use super::sequences::points;
use crate::code::Const;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};

/// Results longer than this are given up early; the folder keeps none over 20.
const MAX_WIDTH: usize = 64;

/// `template % values`.
pub(super) fn percent(template: &Const, values: &Const) -> Option<Const> {
    let text: Vec<u32> = match template {
        Const::Str { bytes, .. } => bytes.iter().map(|&b| b.into()).collect(),
        Const::Unicode(points) => points.to_vec(),
        _ => return None,
    };
    let list: &[Const] = match values {
        Const::Tuple(items) => items,
        other => std::slice::from_ref(other),
    };
    let run = |unicode: bool| {
        let mut f = Formatter {
            template: &text,
            at: 0,
            values: list.iter(),
            out: Vec::new(),
            unicode,
            promoted: false,
        };
        let done = f.run();
        // What is left over was not converted, and that is an error.
        let out = done.filter(|()| f.values.next().is_none()).map(|()| f.out);
        (out, f.promoted)
    };
    let is_unicode = matches!(template, Const::Unicode(_));
    let (mut out, promoted) = run(is_unicode);
    if promoted {
        if text.iter().any(|&p| p > 0x7f) {
            return None;
        }
        out = run(true).0;
    }
    let out = out?;
    if is_unicode || promoted {
        return Some(Const::Unicode(out.into()));
    }
    let bytes: Option<Vec<u8>> = out.iter().map(|&p| u8::try_from(p).ok()).collect();
    Some(repr::string(&bytes?))
}

struct Formatter<'a> {
    template: &'a [u32],
    at: usize,
    values: std::slice::Iter<'a, Const>,
    out: Vec<u32>,
    unicode: bool,
    /// A unicode value was met while formatting bytes: the result is unicode, and it all starts again.
    promoted: bool,
}

#[derive(Default)]
struct Spec {
    left: bool,
    sign: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

impl Formatter<'_> {
    fn next_char(&mut self) -> Option<char> {
        let c = char::from_u32(*self.template.get(self.at)?)?;
        self.at += 1;
        Some(c)
    }

    /// A number in the template or, for `*`, among the values.
    fn number(&mut self, first: char) -> Option<(i64, char)> {
        if first == '*' {
            let Some(Const::Int(n)) = self.values.next() else { return None };
            return Some((*n, self.next_char()?));
        }
        let (mut n, mut c) = (0i64, first);
        while let Some(digit) = c.to_digit(10) {
            n = n * 10 + i64::from(digit);
            if n > MAX_WIDTH as i64 {
                return None;
            }
            c = self.next_char()?;
        }
        Some((n, c))
    }

    fn run(&mut self) -> Option<()> {
        while let Some(&p) = self.template.get(self.at) {
            self.at += 1;
            if p != u32::from('%') {
                self.out.push(p);
                continue;
            }
            let mut spec = Spec::default();
            let mut c = self.next_char()?;
            loop {
                match c {
                    '-' => spec.left = true,
                    '+' => spec.sign = true,
                    ' ' => spec.space = true,
                    '#' => spec.alternate = true,
                    '0' => spec.zero = true,
                    _ => break,
                }
                c = self.next_char()?;
            }
            if c == '*' || c.is_ascii_digit() {
                let (n, next) = self.number(c)?;
                spec.left |= n < 0;
                spec.width = usize::try_from(n.unsigned_abs()).ok().filter(|&w| w <= MAX_WIDTH)?;
                c = next;
            }
            if c == '.' {
                let first = self.next_char()?;
                let (n, next) = self.number(first)?;
                spec.precision = Some(usize::try_from(n.max(0)).ok().filter(|&w| w <= MAX_WIDTH)?);
                c = next;
            }
            if matches!(c, 'h' | 'l' | 'L') {
                c = self.next_char()?;
            }
            if c == '%' {
                self.out.push(u32::from('%'));
                continue;
            }
            let value = self.values.next()?;
            self.convert(&spec, c, value)?;
        }
        Some(())
    }

    fn convert(&mut self, spec: &Spec, conversion: char, value: &Const) -> Option<()> {
        if !self.unicode && matches!((conversion, value), ('s' | 'c', Const::Unicode(_))) {
            self.promoted = true;
            return None;
        }
        match conversion {
            's' | 'r' => {
                let mut text = match value {
                    Const::Str { bytes, .. } if conversion == 's' && !self.unicode => {
                        bytes.iter().map(|&b| b.into()).collect()
                    }
                    Const::Str { .. } | Const::Unicode(_) if conversion == 's' => points(value)?,
                    _ => {
                        let text = if conversion == 's' { repr::str(value)? } else { repr::repr(value)? };
                        text.bytes().map(u32::from).collect()
                    }
                };
                text.truncate(spec.precision.unwrap_or(usize::MAX));
                self.pad(spec, "", &text, false);
            }
            'c' => {
                let text = match value {
                    Const::Str { bytes, .. } if !self.unicode && bytes.len() == 1 => vec![bytes[0].into()],
                    Const::Str { .. } | Const::Unicode(_) => points(value).filter(|p| p.len() == 1)?,
                    _ => {
                        let limit = if self.unicode { 0x10ffff } else { 0xff };
                        vec![super::numbers::index(value).filter(|n| (0..=limit).contains(n))? as u32]
                    }
                };
                self.pad(spec, "", &text, false);
            }
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
                let (prefix, digits) = integer_digits(spec, conversion, value)?;
                let digits: Vec<u32> = digits.bytes().map(u32::from).collect();
                self.pad(spec, &prefix, &digits, spec.zero);
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let (prefix, digits) = float_digits(spec, conversion, super::numbers::float(value)?)?;
                let digits: Vec<u32> = digits.bytes().map(u32::from).collect();
                self.pad(spec, &prefix, &digits, spec.zero);
            }
            _ => return None,
        }
        Some(())
    }

    fn pad(&mut self, spec: &Spec, prefix: &str, text: &[u32], zeros: bool) {
        let fill = spec.width.saturating_sub(prefix.len() + text.len());
        let mut repeat = |c: char, n: usize| self.out.extend(std::iter::repeat_n(u32::from(c), n));
        if !spec.left && !zeros {
            repeat(' ', fill);
        }
        self.out.extend(prefix.bytes().map(u32::from));
        let mut repeat = |c: char, n: usize| self.out.extend(std::iter::repeat_n(u32::from(c), n));
        if !spec.left && zeros {
            repeat('0', fill);
        }
        self.out.extend_from_slice(text);
        if spec.left {
            self.out.extend(std::iter::repeat_n(u32::from(' '), fill));
        }
    }
}

/// Sign and digits of an integer conversion.
fn integer_digits(spec: &Spec, conversion: char, value: &Const) -> Option<(String, String)> {
    let n = match value {
        Const::Float(x) => BigInt::from_f64(x.trunc())?,
        _ => super::numbers::big(value)?,
    };
    let (radix, mark) = match conversion {
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = n.abs().to_str_radix(radix);
    if conversion == 'X' {
        digits.make_ascii_uppercase();
    }
    if let Some(precision) = spec.precision {
        digits.insert_str(0, &"0".repeat(precision.saturating_sub(digits.len())));
    }
    let mut prefix = sign(spec, n.is_negative());
    if spec.alternate && !(radix == 8 && digits.starts_with('0')) {
        prefix.push_str(mark);
    }
    Some((prefix, digits))
}

/// Sign and digits of a float conversion.
fn float_digits(spec: &Spec, conversion: char, x: f64) -> Option<(String, String)> {
    // Too long to be kept.
    if x.is_finite() && x.abs() > 1e50 && matches!(conversion, 'f' | 'F') {
        return None;
    }
    let precision = spec.precision.unwrap_or(6);
    let magnitude = x.abs();
    let mut digits = if !magnitude.is_finite() {
        if magnitude.is_nan() { "nan".to_string() } else { "inf".to_string() }
    } else {
        match conversion {
            'f' | 'F' => format!("{magnitude:.precision$}"),
            'g' | 'G' => repr::general(magnitude, precision, spec.alternate),
            _ => {
                let text = format!("{magnitude:.precision$e}");
                let (mantissa, exponent) = text.split_once('e')?;
                let exponent: i32 = exponent.parse().ok()?;
                format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
            }
        }
    };
    if spec.alternate && magnitude.is_finite() && !digits.contains('.') {
        digits.insert(digits.find('e').unwrap_or(digits.len()), '.');
    }
    if conversion.is_ascii_uppercase() {
        digits.make_ascii_uppercase();
    }
    Some((sign(spec, x.is_sign_negative() && !x.is_nan()), digits))
}

fn sign(spec: &Spec, negative: bool) -> String {
    match (negative, spec.sign, spec.space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
    .into()
}
