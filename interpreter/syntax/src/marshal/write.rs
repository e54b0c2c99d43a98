//! Writing.

use super::{MAX_DEPTH, tag};
use crate::code::{CodeObject, Const};
use num_bigint::{BigInt, Sign};
use std::collections::HashMap;

/// Bits of a digit of a `long`.
const LONG_DIGIT_BITS: u32 = 15;

/// The digits of 15 bits of a number given in halves of 32, the lowest first.
pub fn long_digits(halves: impl IntoIterator<Item = u32>) -> Vec<u16> {
    let halves = halves.into_iter();
    let mut digits: Vec<u16> = Vec::with_capacity(halves.size_hint().0 * 3);
    let (mut bits, mut held) = (0u64, 0);
    for half in halves {
        bits |= u64::from(half) << held;
        held += 32;
        while held >= LONG_DIGIT_BITS {
            digits.push((bits & 0x7fff) as u16);
            bits >>= LONG_DIGIT_BITS;
            held -= LONG_DIGIT_BITS;
        }
    }
    digits.push(bits as u16);
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

/// Writes values one after the other. Methods that may nest return `None` when the nesting is too deep.
#[derive(Default)]
pub struct Writer {
    out: Vec<u8>,
    interned: HashMap<Box<[u8]>, i32>,
    depth: u32,
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Writer {
        Writer::default()
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// A single byte.
    pub fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// Four bytes.
    pub fn long(&mut self, n: i32) {
        self.out.extend_from_slice(&n.to_le_bytes());
    }

    fn counted(&mut self, bytes: &[u8]) {
        self.long(bytes.len() as i32);
        self.out.extend_from_slice(bytes);
    }

    /// A `str`.
    pub fn string(&mut self, bytes: &[u8], interned: bool) {
        if !interned {
            self.byte(tag::STRING);
            self.counted(bytes);
        } else if let Some(&index) = self.interned.get(bytes) {
            self.byte(tag::STRING_REF);
            self.long(index);
        } else {
            self.interned.insert(bytes.into(), self.interned.len() as i32);
            self.byte(tag::INTERNED);
            self.counted(bytes);
        }
    }

    /// An `int`.
    pub fn int(&mut self, n: i64) {
        match i32::try_from(n) {
            Ok(n) => {
                self.byte(tag::INT);
                self.long(n);
            }
            Err(_) => {
                self.byte(tag::INT64);
                self.out.extend_from_slice(&n.to_le_bytes());
            }
        }
    }

    /// A `long`.
    pub fn big(&mut self, n: &BigInt) {
        let digits = long_digits(n.magnitude().iter_u32_digits());
        let count = digits.len() as i32;
        self.byte(tag::LONG);
        self.long(if n.sign() == Sign::Minus { -count } else { count });
        digits.iter().for_each(|d| self.out.extend_from_slice(&d.to_le_bytes()));
    }

    /// A `unicode`: UTF-8 in which lone surrogates are allowed.
    pub fn unicode(&mut self, points: &[u32]) {
        let mut utf8 = Vec::with_capacity(points.len());
        let mut points = points.iter().copied().peekable();
        while let Some(mut p) = points.next() {
            if (0xd800..0xdc00).contains(&p)
                && let Some(low) = points.next_if(|low| (0xdc00..0xe000).contains(low))
            {
                p = 0x10000 + ((p & 0x3ff) << 10) + (low & 0x3ff);
            }
            let tail = |shift: u32| 0x80 | (p >> shift & 0x3f) as u8;
            match p {
                0..0x80 => utf8.push(p as u8),
                0x80..0x800 => utf8.extend([0xc0 | (p >> 6) as u8, tail(0)]),
                0x800..0x10000 => utf8.extend([0xe0 | (p >> 12) as u8, tail(6), tail(0)]),
                _ => utf8.extend([0xf0 | (p >> 18) as u8, tail(12), tail(6), tail(0)]),
            }
        }
        self.byte(tag::UNICODE);
        self.counted(&utf8);
    }

    fn items(&mut self, tag: u8, items: &[Const]) -> Option<()> {
        self.byte(tag);
        self.long(items.len() as i32);
        items.iter().try_for_each(|item| self.value(item))
    }

    fn names(&mut self, names: &[Box<[u8]>]) {
        self.byte(tag::TUPLE);
        self.long(names.len() as i32);
        names.iter().for_each(|name| self.string(name, true));
    }

    /// Any constant.
    pub fn value(&mut self, value: &Const) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        match value {
            Const::None => self.byte(tag::NONE),
            Const::True => self.byte(tag::TRUE),
            Const::False => self.byte(tag::FALSE),
            Const::Ellipsis => self.byte(tag::ELLIPSIS),
            Const::StopIteration => self.byte(tag::STOP_ITERATION),
            Const::Int(n) => self.int(*n),
            Const::Long(n) => self.big(n),
            Const::Float(x) => {
                self.byte(tag::FLOAT);
                self.out.extend_from_slice(&x.to_le_bytes());
            }
            Const::Complex(re, im) => {
                self.byte(tag::COMPLEX);
                self.out.extend_from_slice(&re.to_le_bytes());
                self.out.extend_from_slice(&im.to_le_bytes());
            }
            Const::Str { bytes, interned } => self.string(bytes, *interned),
            Const::Unicode(points) => self.unicode(points),
            Const::Tuple(items) => crate::tree_depth::with_stack(|| self.items(tag::TUPLE, items))?,
            Const::FrozenSet(items) => crate::tree_depth::with_stack(|| self.items(tag::FROZENSET, items))?,
            Const::Code(code) => crate::tree_depth::with_stack(|| self.code(code))?,
        }
        self.depth -= 1;
        Some(())
    }

    /// A code object.
    pub fn code(&mut self, code: &CodeObject) -> Option<()> {
        self.byte(tag::CODE);
        self.long(code.argcount);
        self.long(code.nlocals);
        self.long(code.stacksize);
        self.long(code.flags as i32);
        self.string(&code.code, false);
        self.items(tag::TUPLE, &code.consts)?;
        for names in [&code.names, &code.varnames, &code.freevars, &code.cellvars] {
            self.names(names);
        }
        // Empty strings and single characters are shared objects.
        self.string(&code.filename, code.filename.len() <= 1);
        // All names are interned, except the made-up names of comprehensions.
        self.string(&code.name, !matches!(&*code.name, b"<genexpr>" | b"<setcomp>" | b"<dictcomp>"));
        self.long(code.firstlineno);
        self.string(&code.lnotab, code.lnotab.is_empty());
        Some(())
    }
}
