//! Templates of `str.format`: literal text, replacement fields, and the steps inside a field's name.
//!
//! The interpreter drives: it takes pieces from [`Markup`], looks fields up step by step, expands nested
//! specifications by running the template code again one level deeper ([`MAX_DEPTH`]), and numbers empty names
//! through [`Numbering`].

use crate::error::{Error, Result};
use crate::spec::take_number;
use crate::unit::Unit;

/// How deep specifications may nest: the template, and fields inside its specifications.
pub const MAX_DEPTH: usize = 2;

/// The refusal of a template nested deeper than [`MAX_DEPTH`].
pub fn too_deep() -> Error {
    Error::value("Max string recursion exceeded")
}

/// A replacement field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a, C> {
    /// What to look up.
    pub name: &'a [C],
    /// The letter after `!`.
    pub conversion: Option<C>,
    /// What follows the colon.
    pub spec: &'a [C],
    /// Whether the specification holds fields of its own.
    pub nested: bool,
}

/// Literal text and the field after it, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a, C> {
    /// To be copied.
    pub literal: &'a [C],
    /// To be replaced.
    pub field: Option<Field<'a, C>>,
}

/// The pieces of a template, from left to right; nothing more follows a refusal.
#[derive(Clone, Debug)]
pub struct Markup<'a, C> {
    rest: &'a [C],
}

impl<'a, C: Unit> Markup<'a, C> {
    /// The pieces of `template`.
    pub fn new(template: &'a [C]) -> Markup<'a, C> {
        Markup { rest: template }
    }

    fn piece(&mut self) -> Result<Piece<'a, C>> {
        let text = std::mem::take(&mut self.rest);
        let Some(at) = text.iter().position(|unit| unit.is(b'{') || unit.is(b'}')) else {
            return Ok(Piece { literal: text, field: None });
        };
        let (brace, after) = (text[at], &text[at + 1..]);
        if after.first() == Some(&brace) {
            self.rest = &after[1..];
            return Ok(Piece { literal: &text[..=at], field: None });
        }
        if brace.is(b'}') {
            return Err(Error::value("Single '}' encountered in format string"));
        }
        if after.is_empty() {
            return Err(Error::value("Single '{' encountered in format string"));
        }
        let (mut depth, mut nested) = (1, false);
        for (i, unit) in after.iter().enumerate() {
            if unit.is(b'{') {
                (depth, nested) = (depth + 1, true);
            } else if unit.is(b'}') {
                depth -= 1;
                if depth == 0 {
                    self.rest = &after[i + 1..];
                    return Ok(Piece {
                        literal: &text[..at],
                        field: Some(parse_field(&after[..i], nested)?),
                    });
                }
            }
        }
        Err(Error::value("unmatched '{' in format"))
    }
}

impl<'a, C: Unit> Iterator for Markup<'a, C> {
    type Item = Result<Piece<'a, C>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let piece = self.piece();
        if piece.is_err() {
            self.rest = &[];
        }
        Some(piece)
    }
}

fn parse_field<C: Unit>(text: &[C], nested: bool) -> Result<Field<'_, C>> {
    let Some(at) = text.iter().position(|unit| unit.is(b':') || unit.is(b'!')) else {
        return Ok(Field { name: text, conversion: None, spec: &[], nested });
    };
    let (name, after) = (&text[..at], &text[at + 1..]);
    if text[at].is(b':') {
        return Ok(Field { name, conversion: None, spec: after, nested });
    }
    match after {
        [] => Err(Error::value("end of format while looking for conversion specifier")),
        [conversion] => Ok(Field { name, conversion: Some(*conversion), spec: &[], nested }),
        [conversion, colon, spec @ ..] if colon.is(b':') => {
            Ok(Field { name, conversion: Some(*conversion), spec, nested })
        }
        _ => Err(Error::value("expected ':' after format specifier")),
    }
}

/// The refusal of a conversion other than `r` and `s`.
pub fn unknown_conversion<C: Unit>(conversion: C) -> Error {
    let shown = match conversion.code() {
        code @ 33..=126 => char::from(code as u8).to_string(),
        code if size_of::<C>() == 1 && code > 127 => format!("\\x{:x}", code | 0xffff_ff00),
        code => format!("\\x{code:x}"),
    };
    Error::value(format!("Unknown conversion specifier {shown}"))
}

/// The first part of a field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First<'a, C> {
    /// Empty: the next positional argument.
    Auto,
    /// A positional argument.
    Index(usize),
    /// A keyword argument.
    Name(&'a [C]),
}

/// One step from a value to a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a, C> {
    /// `.name`
    Attribute(&'a [C]),
    /// `[number]`
    Index(usize),
    /// `[text]`
    Key(&'a [C]),
}

/// A whole text as an index, if it is all digits.
fn index_of<C: Unit>(text: &[C]) -> Result<Option<usize>> {
    if text.iter().any(|unit| unit.digit().is_none()) {
        return Ok(None);
    }
    let mut rest = text;
    take_number(&mut rest)
}

/// Splits a field's name into its first part and the steps.
pub fn split_name<C: Unit>(name: &[C]) -> Result<(First<'_, C>, Steps<'_, C>)> {
    let end = name.iter().position(|unit| unit.is(b'.') || unit.is(b'[')).unwrap_or(name.len());
    let (first, rest) = name.split_at(end);
    let first = match index_of(first)? {
        Some(index) => First::Index(index),
        None if first.is_empty() => First::Auto,
        None => First::Name(first),
    };
    Ok((first, Steps { rest }))
}

/// The steps after the first part of a name; nothing more follows a refusal.
#[derive(Clone, Debug)]
pub struct Steps<'a, C> {
    rest: &'a [C],
}

impl<'a, C: Unit> Steps<'a, C> {
    fn step(&mut self) -> Result<Step<'a, C>> {
        let text = std::mem::take(&mut self.rest);
        let (mark, after) = (text[0], &text[1..]);
        let step = if mark.is(b'.') {
            let end = after.iter().position(|unit| unit.is(b'.') || unit.is(b'[')).unwrap_or(after.len());
            self.rest = &after[end..];
            Step::Attribute(&after[..end])
        } else if mark.is(b'[') {
            let end = after.iter().position(|unit| unit.is(b']'));
            let end = end.ok_or_else(|| Error::value("Missing ']' in format string"))?;
            self.rest = &after[end + 1..];
            match index_of(&after[..end])? {
                Some(index) => Step::Index(index),
                None => Step::Key(&after[..end]),
            }
        } else {
            return Err(Error::value("Only '.' or '[' may follow ']' in format field specifier"));
        };
        match step {
            Step::Attribute([]) | Step::Key([]) => Err(Error::value("Empty attribute in format string")),
            step => Ok(step),
        }
    }
}

impl<'a, C: Unit> Iterator for Steps<'a, C> {
    type Item = Result<Step<'a, C>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let step = self.step();
        if step.is_err() {
            self.rest = &[];
        }
        Some(step)
    }
}

/// Numbers empty field names, and keeps them from mixing with numbers in the template.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    next: usize,
    manual: Option<bool>,
}

impl Numbering {
    /// Turns `Auto` into an index; call once a field, in the template's order, nested fields included.
    pub fn resolve<'a, C>(&mut self, first: First<'a, C>) -> Result<First<'a, C>> {
        let manual = match first {
            First::Name(_) => return Ok(first),
            First::Index(_) => true,
            First::Auto => false,
        };
        let (from, to) = match (*self.manual.get_or_insert(manual), manual) {
            (true, false) => ("manual field specification", "automatic field numbering"),
            (false, true) => ("automatic field numbering", "manual field specification"),
            _ if manual => return Ok(first),
            _ => {
                self.next += 1;
                return Ok(First::Index(self.next - 1));
            }
        };
        Err(Error::value(format!("cannot switch from {from} to {to}")))
    }
}
