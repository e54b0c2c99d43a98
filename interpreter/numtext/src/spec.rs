//! Format specifications: `[[fill]align][sign][#][0][width][,][.precision][type]`.

use crate::error::{Error, Result};
use crate::unit::Unit;

/// A parsed specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec<C> {
    /// Fills up to the width; `None` where the text did not say.
    pub fill: Option<C>,
    /// `<`, `>`, `^` or `=`.
    pub align: u8,
    /// `+`, `-` or a space; 0 where the text did not say.
    pub sign: u8,
    /// `#`.
    pub alternate: bool,
    /// Least number of units.
    pub width: usize,
    /// `,`.
    pub thousands: bool,
    /// After the point.
    pub precision: Option<usize>,
    /// The presentation type; the given default where the text did not say.
    pub kind: Option<C>,
}

impl<C: Unit> Spec<C> {
    /// What to fill with.
    pub fn fill(&self) -> C {
        self.fill.unwrap_or(C::from_ascii(b' '))
    }

    /// The presentation type as ASCII; 0 for none, 255 for anything else.
    pub fn kind_ascii(&self) -> u8 {
        self.kind.map_or(0, |kind| {
            u8::try_from(kind.code()).ok().filter(|kind| (1..128).contains(kind)).unwrap_or(255)
        })
    }
}

fn is_align<C: Unit>(unit: C) -> bool {
    [b'<', b'>', b'=', b'^'].iter().any(|&align| unit.is(align))
}

/// Reads decimal digits off the front.
pub(crate) fn take_number<C: Unit>(text: &mut &[C]) -> Result<Option<usize>> {
    let mut value = None;
    while let [first, rest @ ..] = *text
        && let Some(digit) = first.digit()
    {
        let so_far: i64 = value.unwrap_or(0);
        let next = so_far.checked_mul(10).and_then(|ten| ten.checked_add(i64::from(digit)));
        value = Some(next.ok_or_else(|| Error::value("Too many decimal digits in format string"))?);
        *text = rest;
    }
    Ok(value.map(|value| value as usize))
}

/// Parses a specification.
pub fn parse_spec<C: Unit>(text: &[C], default_kind: u8, default_align: u8) -> Result<Spec<C>> {
    let mut spec = Spec {
        fill: None,
        align: default_align,
        sign: 0,
        alternate: false,
        width: 0,
        thousands: false,
        precision: None,
        kind: (default_kind != 0).then(|| C::from_ascii(default_kind)),
    };
    let mut rest = text;
    let mut aligned = false;
    match rest {
        [fill, align, tail @ ..] if is_align(*align) => {
            (spec.fill, spec.align, aligned, rest) = (Some(*fill), align.code() as u8, true, tail);
        }
        [align, tail @ ..] if is_align(*align) => {
            (spec.align, aligned, rest) = (align.code() as u8, true, tail)
        }
        _ => {}
    }
    if let [sign, tail @ ..] = rest
        && (sign.is(b' ') || sign.is(b'+') || sign.is(b'-'))
    {
        (spec.sign, rest) = (sign.code() as u8, tail);
    }
    if let [hash, tail @ ..] = rest
        && hash.is(b'#')
    {
        (spec.alternate, rest) = (true, tail);
    }
    if let [zero, tail @ ..] = rest
        && zero.is(b'0')
        && spec.fill.is_none()
    {
        (spec.fill, rest) = (Some(*zero), tail);
        if !aligned {
            spec.align = b'=';
        }
    }
    spec.width = take_number(&mut rest)?.unwrap_or(0);
    if let [comma, tail @ ..] = rest
        && comma.is(b',')
    {
        (spec.thousands, rest) = (true, tail);
    }
    if let [point, tail @ ..] = rest
        && point.is(b'.')
    {
        rest = tail;
        let precision = take_number(&mut rest)?;
        spec.precision = Some(precision.ok_or_else(|| Error::value("Format specifier missing precision"))?);
    }
    match rest {
        [] => {}
        [kind] => spec.kind = Some(*kind),
        _ => return Err(Error::value("Invalid conversion specification")),
    }
    if spec.thousands
        && !matches!(spec.kind_ascii(), 0 | b'd' | b'e' | b'f' | b'g' | b'E' | b'F' | b'G' | b'%')
    {
        let shown = spec.kind.map_or(String::new(), |kind| shown_kind(kind));
        return Err(Error::value(format!("Cannot specify ',' with '{shown}'.")));
    }
    Ok(spec)
}

/// A presentation type as messages show it: bytes as they are, odd code points as numbers.
fn shown_kind<C: Unit>(kind: C) -> String {
    match kind.code() {
        code if size_of::<C>() == 1 || (33..128).contains(&code) => char::from(code as u8).to_string(),
        code => format!("\\x{code:x}"),
    }
}

/// The refusal of a presentation type.
pub fn unknown_kind<C: Unit>(kind: C, type_name: &str) -> Error {
    Error::value(format!("Unknown format code '{}' for object of type '{type_name}'", shown_kind(kind)))
}
