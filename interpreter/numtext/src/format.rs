//! `__format__` of strings and numbers: a value and a specification to text.

use crate::convert::integer_to_float;
use crate::error::{Error, Result, room};
use crate::float_text::{FloatStyle, float_text};
use crate::grouping::{Locale, group_digits};
use crate::int_text::Int;
use crate::spec::{Spec, parse_spec, unknown_kind};
use crate::unit::{Unit, from_ascii};

/// Fills `text` up to the specification's width, for which there is room; `=` pads as `>` here.
fn pad<C: Unit>(text: &[C], spec: &Spec<C>) -> Vec<C> {
    let missing = spec.width.saturating_sub(text.len());
    let left = match spec.align {
        b'<' => 0,
        b'^' => missing / 2,
        _ => missing,
    };
    let mut out = Vec::with_capacity(text.len() + missing);
    out.extend(std::iter::repeat_n(spec.fill(), left));
    out.extend_from_slice(text);
    out.extend(std::iter::repeat_n(spec.fill(), missing - left));
    out
}

/// `str.__format__` and `unicode.__format__`, by `type_name`.
pub fn format_text<C: Unit>(value: &[C], spec: &[C], type_name: &str) -> Result<Vec<C>> {
    if spec.is_empty() {
        return Ok(value.to_vec());
    }
    let spec = parse_spec(spec, b's', b'<')?;
    if let Some(kind) = spec.kind
        && !kind.is(b's')
    {
        return Err(unknown_kind(kind, type_name));
    }
    let refuse = |what: &str| Err(Error::value(format!("{what} not allowed in string format specifier")));
    if spec.sign != 0 {
        return refuse("Sign");
    }
    if spec.alternate {
        return refuse("Alternate form (#)");
    }
    if spec.align == b'=' {
        return refuse("'=' alignment");
    }
    room(spec.width)?;
    let shown = spec.precision.map_or(value, |most| &value[..most.min(value.len())]);
    Ok(pad(shown, &spec))
}

/// A number taken apart for layout.
struct Number<'a> {
    negative: bool,
    prefix: &'a str,
    /// Digits before the point, to be grouped.
    digits: &'a [u8],
    /// The point, if any, and all that follows.
    rest: Vec<u8>,
}

/// Puts a number together: sign, prefix, grouped digits, rest, and fill where the alignment says.
fn lay_out(number: &Number<'_>, spec: &Spec<u8>, locale: &Locale) -> Vec<u8> {
    let sign = match (number.negative, spec.sign) {
        (true, _) => "-",
        (false, b'+') => "+",
        (false, b' ') => " ",
        _ => "",
    };
    let around = sign.len() + number.prefix.len() + number.rest.len();
    let zero_filled = spec.fill == Some(b'0') && spec.align == b'=';
    let least = if zero_filled { spec.width.saturating_sub(around) } else { 0 };
    let digits = if number.digits.is_empty() { vec![] } else { group_digits(number.digits, least, locale) };
    let head = [sign.as_bytes(), number.prefix.as_bytes()].concat();
    let tail = [&digits[..], &number.rest[..]].concat();
    if spec.align != b'=' {
        return pad(&[head, tail].concat(), spec);
    }
    let missing = spec.width.saturating_sub(head.len() + tail.len());
    let mut out = head;
    out.extend(std::iter::repeat_n(spec.fill(), missing));
    out.extend(tail);
    out
}

/// `int.__format__` and `long.__format__`. `locale` serves type `n`.
pub fn format_int(value: Int<'_>, spec: &[u8], locale: &Locale) -> Result<Vec<u8>> {
    let spec = parse_spec(spec, b'd', b'>')?;
    room(spec.width)?;
    let (base, prefix) = match spec.kind_ascii() {
        b'd' | b'n' => (10, ""),
        b'b' => (2, "0b"),
        b'o' => (8, "0o"),
        b'x' => (16, "0x"),
        b'X' => (16, "0X"),
        b'c' => (0, ""),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
            let float = match value {
                Int::Small(value) => value as f64,
                Int::Big(value) => integer_to_float(value)?,
            };
            return format_parsed_float(float, &spec, locale);
        }
        _ => return Err(unknown_kind(spec.kind.unwrap_or(b'd'), value.type_name())),
    };
    if spec.precision.is_some() {
        return Err(Error::value("Precision not allowed in integer format specifier"));
    }
    let prefix = if spec.alternate { prefix } else { "" };
    if base == 0 {
        if spec.sign != 0 {
            return Err(Error::value("Sign not allowed with integer format specifier 'c'"));
        }
        let byte = value.to_i64().and_then(|value| u8::try_from(value).ok());
        let byte = byte.ok_or_else(|| match value.to_i64() {
            Some(_) => Error::overflow("%c arg not in range(0x100)"),
            None => Error::overflow("Python int too large to convert to C long"),
        })?;
        // The character stands where other types have the prefix, out of reach of grouping.
        let zero_filled = Spec { align: if spec.align == b'=' { b'>' } else { spec.align }, ..spec };
        return Ok(pad(&[byte], &zero_filled));
    }
    let mut digits = value.digits(base);
    if spec.kind_ascii() == b'X' {
        digits.make_ascii_uppercase();
    }
    let number = Number { negative: value.is_negative(), prefix, digits: digits.as_bytes(), rest: vec![] };
    Ok(lay_out(&number, &spec, &locale_for(&spec, locale)))
}

fn locale_for(spec: &Spec<u8>, locale: &Locale) -> Locale {
    match spec.kind_ascii() {
        b'n' => locale.clone(),
        _ if spec.thousands => Locale::english(),
        _ => Locale::c(),
    }
}

/// `float.__format__`. `locale` serves type `n`.
pub fn format_float(value: f64, spec: &[u8], locale: &Locale) -> Result<Vec<u8>> {
    if spec.is_empty() {
        return Ok(crate::float_text::float_str(value).into_bytes());
    }
    format_parsed_float(value, &parse_spec(spec, 0, b'>')?, locale)
}

/// Splits a float's text at the end of its leading digits, and puts the locale's point in.
fn split_float(text: &str, locale: &Locale) -> (usize, Vec<u8>) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    match rest.strip_prefix('.') {
        Some(fraction) => (digits, [&locale.decimal_point[..], fraction.as_bytes()].concat()),
        None => (digits, rest.into()),
    }
}

const MOST: usize = i32::MAX as usize;

fn format_parsed_float(value: f64, spec: &Spec<u8>, locale: &Locale) -> Result<Vec<u8>> {
    let (mut value, mut percent) = (value, "");
    let style = match spec.kind_ascii() {
        0 => FloatStyle { dot_zero: true, ..FloatStyle::new(b'g', spec.precision.unwrap_or(12)) },
        b'n' => FloatStyle::new(b'g', spec.precision.unwrap_or(6)),
        b'%' => {
            (value, percent) = (value * 100.0, "%");
            FloatStyle::new(b'f', spec.precision.unwrap_or(6))
        }
        code @ (b'e' | b'E' | b'f' | b'F' | b'g' | b'G') => {
            FloatStyle::new(code, spec.precision.unwrap_or(6))
        }
        _ => return Err(unknown_kind(spec.kind.unwrap_or(b's'), "float")),
    };
    if spec.alternate {
        return Err(Error::value("Alternate form (#) not allowed in float format specifier"));
    }
    if style.precision > MOST {
        return Err(Error::value("precision too big"));
    }
    room(spec.width.max(style.precision))?;
    let text = float_text(value, style);
    let text = text.strip_prefix('-').unwrap_or(&text);
    let locale = locale_for(spec, locale);
    let (digits, rest) = split_float(text, &locale);
    let number = Number {
        negative: value.is_sign_negative() && !value.is_nan(),
        prefix: "",
        digits: &text.as_bytes()[..digits],
        rest: [&rest[..], percent.as_bytes()].concat(),
    };
    Ok(lay_out(&number, spec, &locale))
}

/// `complex.__format__`. `locale` serves type `n`.
pub fn format_complex(real: f64, imag: f64, spec: &[u8], locale: &Locale) -> Result<Vec<u8>> {
    if spec.is_empty() {
        return Ok(crate::complex_text::complex_str(real, imag).into_bytes());
    }
    let spec = parse_spec(spec, 0, b'>')?;
    let kind = spec.kind_ascii();
    if !matches!(kind, 0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n') {
        return Err(unknown_kind(spec.kind.unwrap_or(b's'), "complex"));
    }
    if spec.alternate {
        return Err(Error::value("Alternate form (#) not allowed in complex format specifier"));
    }
    if spec.fill == Some(b'0') {
        return Err(Error::value("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == b'=' {
        return Err(Error::value("'=' alignment flag is not allowed in complex format specifier"));
    }
    let precision = spec.precision.unwrap_or(if kind == 0 { 12 } else { 6 });
    if precision > MOST {
        return Err(Error::value("precision too big"));
    }
    let style = FloatStyle::new(if matches!(kind, 0 | b'n') { b'g' } else { kind }, precision);
    room(spec.width.max(2 * precision))?;
    let locale = locale_for(&spec, locale);
    let part = |value: f64, sign: u8| {
        let text = float_text(value, style);
        let text = text.strip_prefix('-').unwrap_or(&text);
        let (digits, rest) = split_float(text, &locale);
        let negative = value.is_sign_negative() && !value.is_nan();
        let number = Number { negative, prefix: "", digits: &text.as_bytes()[..digits], rest };
        lay_out(&number, &Spec { width: 0, fill: None, sign, ..spec }, &locale)
    };
    let only_imag = kind == 0 && real == 0.0 && real.is_sign_positive();
    let mut text = vec![];
    if only_imag {
        text.extend(part(imag, spec.sign));
    } else {
        text.extend(part(real, spec.sign));
        text.extend(part(imag, b'+'));
    }
    text.push(b'j');
    if kind == 0 && !only_imag {
        text = [b"(", &text[..], b")"].concat();
    }
    Ok(pad(&text, &spec))
}

/// Text made here for a `unicode` result.
pub fn widen<C: Unit>(text: &[u8]) -> Vec<C> {
    text.iter().map(|&byte| C::from_ascii(byte)).collect()
}

/// ASCII text in any storage.
pub fn ascii<C: Unit>(text: &str) -> Vec<C> {
    from_ascii(text)
}
