//! Making unicodes, and working on them whatever the width of their characters.

use crate::layout::{Chars, PyUnicode};
use crate::raised::PyResult;
use crate::text::Char;
use crate::thread::Thread;
use crate::value::Value;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

/// Runs an expression with the characters as a slice of their own width.
#[macro_export]
macro_rules! with_chars {
    ($chars:expr, |$s:ident| $e:expr) => {
        match $chars {
            $crate::layout::Chars::One($s) => $e,
            $crate::layout::Chars::Two($s) => $e,
            $crate::layout::Chars::Four($s) => $e,
        }
    };
}

/// Runs an expression with a type name bound to the character type of a width.
#[macro_export]
macro_rules! at_width {
    ($width:expr, $c:ident => $e:expr) => {
        match $width {
            1 => {
                type $c = u8;
                $e
            }
            2 => {
                type $c = u16;
                $e
            }
            _ => {
                type $c = u32;
                $e
            }
        }
    };
}
pub use crate::{at_width, with_chars};

/// A character type that unicodes store.
pub trait Stored: Char {
    /// The characters, if that is how they are stored.
    fn of_chars(c: Chars<'_>) -> Option<&[Self]>;
}
impl Stored for u8 {
    fn of_chars(c: Chars<'_>) -> Option<&[u8]> {
        if let Chars::One(s) = c { Some(s) } else { None }
    }
}
impl Stored for u16 {
    fn of_chars(c: Chars<'_>) -> Option<&[u16]> {
        if let Chars::Two(s) = c { Some(s) } else { None }
    }
}
impl Stored for u32 {
    fn of_chars(c: Chars<'_>) -> Option<&[u32]> {
        if let Chars::Four(s) = c { Some(s) } else { None }
    }
}

impl<'a> Chars<'a> {
    pub fn len(self) -> usize {
        with_chars!(self, |s| s.len())
    }
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
    /// Character `i`, which exists.
    #[inline]
    pub fn at(self, i: usize) -> u32 {
        with_chars!(self, |s| s[i].value())
    }
    /// All code points.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + 'a {
        (0..self.len()).map(move |i| self.at(i))
    }
    /// Bytes per character.
    pub fn width(self) -> usize {
        match self {
            Chars::One(_) => 1,
            Chars::Two(_) => 2,
            Chars::Four(_) => 4,
        }
    }
    /// A part.
    pub fn slice(self, r: std::ops::Range<usize>) -> Chars<'a> {
        match self {
            Chars::One(s) => Chars::One(&s[r]),
            Chars::Two(s) => Chars::Two(&s[r]),
            Chars::Four(s) => Chars::Four(&s[r]),
        }
    }
}

/// The characters in width `C`; none if they are wider than that, and so not all of them fit.
pub fn widen<C: Stored>(c: Chars<'_>) -> Option<Cow<'_, [C]>> {
    if let Some(s) = C::of_chars(c) {
        return Some(Cow::Borrowed(s));
    }
    if c.width() > C::WIDTH {
        return None;
    }
    Some(Cow::Owned(with_chars!(c, |s| s.iter().map(|x| C::of(x.value())).collect())))
}

static EMPTY: AtomicU64 = AtomicU64::new(0);
static LATIN: [AtomicU64; 256] = [const { AtomicU64::new(0) }; 256];

fn shared(th: &Thread, cell: &AtomicU64, cs: &[u32]) -> PyResult {
    if let Some(v) = Value::from_bits(cell.load(Ordering::Acquire)) {
        return Ok(v);
    }
    let v = th.unicode_from(cs)?;
    th.m.make_old_now(v.obj_unchecked());
    th.rt.roots.lock().push(v);
    cell.store(v.bits(), Ordering::Release);
    Ok(v)
}

/// The shared empty unicode.
pub fn empty(th: &Thread) -> PyResult {
    shared(th, &EMPTY, &[])
}

/// A unicode of one character; those of Latin-1 are shared.
pub fn one_char(th: &Thread, c: u32) -> PyResult {
    match LATIN.get(c as usize) {
        Some(cell) => shared(th, cell, &[c]),
        None => th.unicode_from(&[c]),
    }
}

/// A unicode with these characters, stored as narrow as they allow.
pub fn from_units<C: Char>(th: &Thread, cs: &[C]) -> PyResult {
    match cs {
        [] => return empty(th),
        [c] => return one_char(th, c.value()),
        _ => {}
    }
    let width = if C::WIDTH == 1 {
        1
    } else {
        let all = cs.iter().fold(0, |a, c| a | c.value());
        if all < 0x100 {
            1
        } else if all < 0x1_0000 {
            2
        } else {
            4
        }
    };
    let r = th.unicode_of_len(cs.len(), width)?;
    // SAFETY: fresh object of that length and width.
    unsafe {
        let p = PyUnicode::data_ptr(r);
        if width == C::WIDTH {
            std::ptr::copy_nonoverlapping(cs.as_ptr() as *const u8, p, cs.len() * width);
        } else {
            match width {
                1 => cs.iter().enumerate().for_each(|(i, c)| *p.add(i) = c.value() as u8),
                2 => cs.iter().enumerate().for_each(|(i, c)| *(p as *mut u16).add(i) = c.value() as u16),
                _ => cs.iter().enumerate().for_each(|(i, c)| *(p as *mut u32).add(i) = c.value()),
            }
        }
    }
    Ok(r.value())
}

/// Collects a text that becomes a unicode; as wide as its widest character so far.
pub enum Builder {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Default for Builder {
    fn default() -> Self {
        Builder::One(Vec::new())
    }
}

fn wider<A: Char, B: Char>(v: &[A]) -> Vec<B> {
    let mut out = Vec::with_capacity(v.len() * 2);
    out.extend(v.iter().map(|c| B::of(c.value())));
    out
}

impl Builder {
    pub fn with_capacity(n: usize) -> Builder {
        Builder::One(Vec::with_capacity(n))
    }

    /// Makes room for characters up to `c`.
    #[cold]
    fn grow(&mut self, c: u32) {
        if c > 0xffff {
            match self {
                Builder::One(v) => *self = Builder::Four(wider(v)),
                Builder::Two(v) => *self = Builder::Four(wider(v)),
                Builder::Four(_) => {}
            }
        } else if let Builder::One(v) = self {
            *self = Builder::Two(wider(v));
        }
    }

    #[inline]
    pub fn push(&mut self, c: u32) {
        match self {
            Builder::One(v) if c < 0x100 => v.push(c as u8),
            Builder::Two(v) if c < 0x1_0000 => v.push(c as u16),
            Builder::Four(v) => v.push(c),
            _ => {
                self.grow(c);
                self.push(c);
            }
        }
    }

    /// Appends Latin-1 characters.
    pub fn push_bytes(&mut self, b: &[u8]) {
        match self {
            Builder::One(v) => v.extend_from_slice(b),
            Builder::Two(v) => v.extend(b.iter().map(|c| *c as u16)),
            Builder::Four(v) => v.extend(b.iter().map(|c| *c as u32)),
        }
    }

    /// Appends characters.
    pub fn push_units<C: Char>(&mut self, cs: &[C]) {
        for c in cs {
            self.push(c.value());
        }
    }

    /// Appends characters.
    pub fn push_chars(&mut self, c: Chars<'_>) {
        match (&mut *self, c) {
            (_, Chars::One(s)) => self.push_bytes(s),
            (Builder::Two(v), Chars::Two(s)) => v.extend_from_slice(s),
            (Builder::Four(v), Chars::Four(s)) => v.extend_from_slice(s),
            (_, Chars::Two(s)) => self.push_units(s),
            (_, Chars::Four(s)) => self.push_units(s),
        }
    }

    /// Appends a character some times; false if that is too many.
    pub fn push_many(&mut self, c: u32, n: usize) -> bool {
        if n > isize::MAX as usize / 8 {
            return false;
        }
        self.push(c);
        match self {
            Builder::One(v) => {
                v.pop();
                if v.try_reserve(n).is_err() {
                    return false;
                }
                v.extend(std::iter::repeat_n(c as u8, n));
            }
            Builder::Two(v) => {
                v.pop();
                if v.try_reserve(n).is_err() {
                    return false;
                }
                v.extend(std::iter::repeat_n(c as u16, n));
            }
            Builder::Four(v) => {
                v.pop();
                if v.try_reserve(n).is_err() {
                    return false;
                }
                v.extend(std::iter::repeat_n(c, n));
            }
        }
        true
    }

    pub fn len(&self) -> usize {
        match self {
            Builder::One(v) => v.len(),
            Builder::Two(v) => v.len(),
            Builder::Four(v) => v.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keeps the first `n` characters.
    pub fn truncate(&mut self, n: usize) {
        match self {
            Builder::One(v) => v.truncate(n),
            Builder::Two(v) => v.truncate(n),
            Builder::Four(v) => v.truncate(n),
        }
    }

    /// The unicode.
    pub fn finish(self, th: &Thread) -> PyResult {
        match self {
            Builder::One(v) => from_units(th, &v),
            Builder::Two(v) => from_units(th, &v),
            Builder::Four(v) => from_units(th, &v),
        }
    }
}
