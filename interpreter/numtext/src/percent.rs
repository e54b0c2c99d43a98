//! The `%` operator: its template, and its conversions.
//!
//! The interpreter drives: it takes pieces from [`Percent`], fetches the arguments in the order key, width,
//! precision, value, and hands the value to the renderer of its conversion. A refusal that 2.7 raises only after
//! arguments are fetched is therefore kept inside the directive ([`Directive::conversion`]).

use crate::error::{Error, Result, room};
use crate::float_text::{FloatStyle, float_text};
use crate::int_text::Int;
use crate::unit::Unit;

/// Width or precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Amount {
    /// Not given.
    #[default]
    None,
    /// A number.
    Fixed(i64),
    /// `*`: the next argument.
    Argument,
}

/// The flags of a directive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-`
    pub left: bool,
    /// `+`
    pub sign: bool,
    /// space
    pub blank: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
}

/// One `%` and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive<'a, C> {
    /// `(key)`.
    pub key: Option<&'a [C]>,
    /// The flags.
    pub flags: Flags,
    /// The width.
    pub width: Amount,
    /// The precision.
    pub precision: Amount,
    /// The letter, or the refusal to raise once width and precision are fetched.
    pub conversion: Result<C>,
    /// Where the letter stands.
    pub index: usize,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a, C> {
    /// Text to be copied.
    Literal(&'a [C]),
    /// A conversion.
    Directive(Directive<'a, C>),
}

/// The pieces of a template, from left to right; nothing more follows a refusal.
#[derive(Clone, Debug)]
pub struct Percent<'a, C> {
    text: &'a [C],
    at: usize,
}

impl<'a, C: Unit> Percent<'a, C> {
    /// The pieces of `template`.
    pub fn new(template: &'a [C]) -> Percent<'a, C> {
        Percent { text: template, at: 0 }
    }

    fn peek(&self) -> Option<C> {
        self.text.get(self.at).copied()
    }

    fn key(&mut self) -> Result<Option<&'a [C]>> {
        if !self.peek().is_some_and(|unit| unit.is(b'(')) {
            return Ok(None);
        }
        let start = self.at + 1;
        let mut depth = 0;
        for (i, unit) in self.text.iter().enumerate().skip(self.at) {
            depth += i32::from(unit.is(b'(')) - i32::from(unit.is(b')'));
            if depth == 0 {
                self.at = i + 1;
                return Ok(Some(&self.text[start..i]));
            }
        }
        Err(Error::value("incomplete format key"))
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        while let Some(unit) = self.peek() {
            match unit.code() {
                0x2d => flags.left = true,
                0x2b => flags.sign = true,
                0x20 => flags.blank = true,
                0x23 => flags.alternate = true,
                0x30 => flags.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        flags
    }

    fn amount(&mut self, most: i64, refusal: &str) -> Result<Amount> {
        if self.peek().is_some_and(|unit| unit.is(b'*')) {
            self.at += 1;
            return Ok(Amount::Argument);
        }
        let mut amount = Amount::None;
        while let Some(digit) = self.peek().and_then(Unit::digit) {
            self.at += 1;
            let so_far = if let Amount::Fixed(value) = amount { value } else { 0 };
            if so_far > (most - i64::from(digit)) / 10 {
                return Err(Error::value(refusal));
            }
            amount = Amount::Fixed(so_far * 10 + i64::from(digit));
        }
        Ok(amount)
    }

    fn directive(&mut self) -> Result<Directive<'a, C>> {
        let key = self.key()?;
        let flags = self.flags();
        let mut directive = Directive {
            key,
            flags,
            width: Amount::None,
            precision: Amount::None,
            conversion: Err(Error::value("incomplete format")),
            index: 0,
        };
        match self.amount(i64::MAX, "width too big") {
            Ok(width) => directive.width = width,
            Err(refusal) => return Ok(Directive { conversion: Err(refusal), ..directive }),
        }
        if self.peek().is_some_and(|unit| unit.is(b'.')) {
            self.at += 1;
            directive.precision = match self.amount(i64::from(i32::MAX), "prec too big") {
                Ok(Amount::None) => Amount::Fixed(0),
                Ok(precision) => precision,
                Err(refusal) => return Ok(Directive { conversion: Err(refusal), ..directive }),
            };
        }
        if self.peek().is_some_and(|unit| unit.is(b'h') || unit.is(b'l') || unit.is(b'L')) {
            self.at += 1;
        }
        if let Some(conversion) = self.peek() {
            directive.conversion = Ok(conversion);
            directive.index = self.at;
            self.at += 1;
        }
        Ok(directive)
    }
}

impl<'a, C: Unit> Iterator for Percent<'a, C> {
    type Item = Result<Piece<'a, C>>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        if !rest[0].is(b'%') {
            let len = rest.iter().position(|unit| unit.is(b'%')).unwrap_or(rest.len());
            self.at += len;
            return Some(Ok(Piece::Literal(&rest[..len])));
        }
        self.at += 1;
        let directive = self.directive();
        if !matches!(&directive, Ok(directive) if directive.conversion.is_ok()) {
            self.at = self.text.len();
        }
        Some(directive.map(Piece::Directive))
    }
}

/// "not enough arguments".
pub fn not_enough() -> Error {
    Error::type_error("not enough arguments for format string")
}

/// "not all arguments".
pub fn not_all() -> Error {
    Error::type_error("not all arguments converted during string formatting")
}

/// A value that is no number for `d i u o x X`.
pub fn number_required<C: Unit>(conversion: C, type_name: &str) -> Error {
    // `i` is another name of `d`.
    let letter = match conversion.code() as u8 {
        b'i' => 'd',
        c => char::from(c),
    };
    Error::type_error(format!("%{letter} format: a number is required, not {type_name}"))
}

/// A value that is no number for `e f g`.
pub fn float_required(type_name: &str) -> Error {
    Error::type_error(format!("float argument required, not {type_name}"))
}

/// A conversion that does not exist.
pub fn unsupported<C: Unit>(conversion: C, index: usize) -> Error {
    let code = conversion.code();
    let (shown, number) = if size_of::<C>() == 1 {
        // The letter is a signed char to 2.7.
        (char::from(code as u8), if code > 127 { code | 0xffff_ff00 } else { code })
    } else {
        (if (32..127).contains(&code) { char::from(code as u8) } else { '?' }, code)
    };
    Error::value(format!("unsupported format character '{shown}' (0x{number:x}) at index {index}"))
}

/// `%c` of an integer in a `str`.
pub fn char_byte(value: i64) -> Result<u8> {
    u8::try_from(value).map_err(|_| {
        let side = if value < 0 { "less than minimum" } else { "greater than maximum" };
        Error::overflow(format!("unsigned byte integer is {side}"))
    })
}

/// `%c` of an integer in a `unicode`.
pub fn char_unicode(value: i64) -> Result<u32> {
    match value {
        0..=0x10ffff => Ok(value as u32),
        _ => Err(Error::overflow("%c arg not in range(0x110000) (wide Python build)")),
    }
}

/// Places of the buffer in which 2.7 writes an `int`; longer results are refused.
const INT_BUFFER: usize = 120;

/// Renders `d i u o x X`.
pub fn render_int<C: Unit>(
    value: Int<'_>,
    conversion: u8,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
) -> Result<Vec<C>> {
    let least = precision.unwrap_or(1);
    let base = match conversion {
        b'x' | b'X' => 16,
        b'o' => 8,
        _ => 10,
    };
    room(width)?;
    let mut digits = value.digits(base);
    let prefixed = flags.alternate && base == 16;
    if let Int::Small(_) = value {
        if INT_BUFFER <= 3 + least {
            return Err(Error::overflow("formatted integer is too long (precision too large?)"));
        }
        // C shows a zero of precision zero as nothing, but for `%#o`.
        if precision == Some(0) && digits == "0" && !(flags.alternate && base == 8) {
            digits.clear();
        }
    } else if least > i32::MAX as usize - 3 {
        return Err(Error::overflow("precision too large"));
    }
    room(least)?;
    if flags.alternate && base == 8 && !digits.starts_with('0') && digits.len() >= least {
        digits.insert(0, '0');
    }
    if digits.len() < least {
        digits.insert_str(0, &"0".repeat(least - digits.len()));
    }
    let prefix = if prefixed { "0x" } else { "" };
    let mut text = format!("{}{prefix}{digits}", if value.is_negative() { "-" } else { "" });
    if conversion == b'X' {
        text.make_ascii_uppercase();
    }
    Ok(finish_number(&text, flags, width, if prefixed { 2 } else { 0 }))
}

/// Renders `e E f F g G`.
pub fn render_float<C: Unit>(
    value: f64,
    conversion: u8,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
) -> Result<Vec<C>> {
    room(width.max(precision.unwrap_or(0)))?;
    let style =
        FloatStyle { alternate: flags.alternate, ..FloatStyle::new(conversion, precision.unwrap_or(6)) };
    Ok(finish_number(&float_text(value, style), flags, width, 0))
}

/// Adds the sign and fills up to the width; `prefix` places after the sign stay in front of zeros.
fn finish_number<C: Unit>(text: &str, flags: Flags, width: usize, prefix: usize) -> Vec<C> {
    let (sign, body) = match text.strip_prefix('-') {
        Some(body) => ("-", body),
        None if flags.sign => ("+", text),
        None if flags.blank => (" ", text),
        None => ("", text),
    };
    let (prefix, digits) = body.split_at(prefix);
    let missing = width.saturating_sub(sign.len() + body.len());
    let mut out: Vec<C> = Vec::with_capacity(sign.len() + body.len() + missing);
    let mut put = |text: &str| out.extend(text.bytes().map(C::from_ascii));
    if !flags.left && !flags.zero {
        put(&" ".repeat(missing));
    }
    put(sign);
    put(prefix);
    if !flags.left && flags.zero {
        put(&"0".repeat(missing));
    }
    put(digits);
    if flags.left {
        put(&" ".repeat(missing));
    }
    out
}

/// Renders `s`, `r`, `c` and `%` once their text is made; no precision for the last two.
pub fn render_text<C: Unit>(
    text: &[C],
    flags: Flags,
    width: usize,
    precision: Option<usize>,
) -> Result<Vec<C>> {
    room(width)?;
    let shown = precision.map_or(text, |most| &text[..most.min(text.len())]);
    let missing = width.saturating_sub(shown.len());
    let mut out = Vec::with_capacity(shown.len() + missing);
    let blanks = || std::iter::repeat_n(C::from_ascii(b' '), missing);
    if !flags.left {
        out.extend(blanks());
    }
    out.extend_from_slice(shown);
    if flags.left {
        out.extend(blanks());
    }
    Ok(out)
}
