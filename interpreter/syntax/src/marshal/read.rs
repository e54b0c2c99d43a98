//! Reading. Any bytes may come in: lengths are checked against what is left before anything is allocated for them.

use super::{MAX_DEPTH, tag};
use crate::code::{CodeObject, Const};
use num_bigint::{BigInt, BigUint, Sign};

/// Why bytes could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// `EOFError(message)`.
    Eof(&'static str),
    /// `ValueError(message)`.
    Value(&'static str),
    /// `TypeError(message)`.
    Type(&'static str),
}

type Result<T> = std::result::Result<T, ReadError>;

const TOO_SHORT: ReadError = ReadError::Eof("marshal data too short");

/// The number with these digits of 15 bits, two bytes each; the message of a `ValueError` if they are not as written.
pub fn long_from_digits(data: &[u8], negative: bool) -> std::result::Result<BigInt, &'static str> {
    let mut halves = Vec::with_capacity(data.len() / 4 + 1);
    let (mut bits, mut held) = (0u64, 0);
    for (i, pair) in data.chunks_exact(2).enumerate() {
        let digit = u16::from_le_bytes([pair[0], pair[1]]);
        if digit > 0x7fff {
            return Err("bad marshal data (digit out of range in long)");
        }
        if digit == 0 && i * 2 + 2 == data.len() {
            return Err("bad marshal data (unnormalized long data)");
        }
        bits |= u64::from(digit) << held;
        held += 15;
        if held >= 32 {
            halves.push(bits as u32);
            bits >>= 32;
            held -= 32;
        }
    }
    halves.push(bits as u32);
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    Ok(BigInt::from_biguint(sign, BigUint::new(halves)))
}

/// Reads values one after the other.
pub struct Reader<'a> {
    rest: &'a [u8],
    interned: Vec<Box<[u8]>>,
    depth: u32,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of these bytes.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes, interned: Vec::new(), depth: 0 }
    }

    /// The bytes not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The type byte of the next value.
    pub fn tag(&mut self) -> Result<u8> {
        let (&tag, rest) = self.rest.split_first().ok_or(ReadError::Eof("EOF read where object expected"))?;
        self.rest = rest;
        Ok(tag)
    }

    /// The next `n` bytes.
    pub fn bytes(&mut self, n: usize) -> Result<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(n).ok_or(TOO_SHORT)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>().ok_or(TOO_SHORT)?;
        self.rest = rest;
        Ok(*bytes)
    }

    /// Four bytes as a number.
    pub fn long(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    /// A length. `message` is the error for a negative one.
    pub fn size(&mut self, message: &'static str) -> Result<usize> {
        usize::try_from(self.long()?).map_err(|_| ReadError::Value(message))
    }

    fn float_text(&mut self) -> Result<f64> {
        let n = usize::from(self.array::<1>()?[0]);
        let text = std::str::from_utf8(self.bytes(n)?).ok().and_then(|t| t.trim().parse().ok());
        text.ok_or(ReadError::Value("could not convert string to float"))
    }

    fn double(&mut self) -> Result<f64> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    /// The contents of a string after its tag, which is one of the three string tags, and whether it is interned.
    fn string_after(&mut self, tag: u8) -> Result<(Box<[u8]>, bool)> {
        if tag == tag::STRING_REF {
            let index = self.long()?;
            let string = usize::try_from(index).ok().and_then(|i| self.interned.get(i));
            return Ok((
                string.ok_or(ReadError::Value("bad marshal data (string ref out of range)"))?.clone(),
                true,
            ));
        }
        let n = self.size("bad marshal data (string size out of range)")?;
        let bytes: Box<[u8]> = self.bytes(n)?.into();
        if tag == tag::INTERNED {
            self.interned.push(bytes.clone());
        }
        Ok((bytes, tag == tag::INTERNED))
    }

    fn big(&mut self) -> Result<BigInt> {
        let size = self.long()?;
        if size == i32::MIN {
            return Err(ReadError::Value("bad marshal data (long size out of range)"));
        }
        let data = self.bytes(size.unsigned_abs() as usize * 2)?;
        long_from_digits(data, size < 0).map_err(ReadError::Value)
    }

    /// The code points of UTF-8 in which surrogates are allowed.
    fn unicode(&mut self) -> Result<Box<[u32]>> {
        const BAD: ReadError = ReadError::Value("bad marshal data (invalid UTF-8)");
        let n = self.size("bad marshal data (unicode size out of range)")?;
        let mut bytes = self.bytes(n)?.iter().copied();
        let mut points = Vec::with_capacity(n);
        while let Some(first) = bytes.next() {
            let (tail, min, mut p) = match first {
                0..0x80 => (0, 0, u32::from(first)),
                0xc2..0xe0 => (1, 0x80, u32::from(first & 0x1f)),
                0xe0..0xf0 => (2, 0x800, u32::from(first & 0xf)),
                0xf0..0xf5 => (3, 0x10000, u32::from(first & 7)),
                _ => return Err(BAD),
            };
            for _ in 0..tail {
                let next = bytes.next().filter(|b| b & 0xc0 == 0x80).ok_or(BAD)?;
                p = p << 6 | u32::from(next & 0x3f);
            }
            if p < min || p > 0x10ffff {
                return Err(BAD);
            }
            points.push(p);
        }
        Ok(points.into())
    }

    fn items(&mut self, message: &'static str) -> Result<Box<[Const]>> {
        let n = self.size(message)?;
        // Every value takes a byte at least.
        let mut items = Vec::with_capacity(n.min(self.rest.len()).min(1024));
        for _ in 0..n {
            items.push(self.value()?);
        }
        Ok(items.into())
    }

    /// Any value a code object may hold.
    pub fn value(&mut self) -> Result<Const> {
        let tag = self.tag()?;
        self.value_after(tag)
    }

    /// Any value a code object may hold, after its tag.
    pub fn value_after(&mut self, tag: u8) -> Result<Const> {
        if self.depth >= MAX_DEPTH {
            return Err(ReadError::Value("recursion limit exceeded"));
        }
        self.depth += 1;
        let value = crate::tree_depth::with_stack(|| self.value_within(tag));
        self.depth -= 1;
        value
    }

    fn value_within(&mut self, tag: u8) -> Result<Const> {
        Ok(match tag {
            tag::NONE => Const::None,
            tag::TRUE => Const::True,
            tag::FALSE => Const::False,
            tag::ELLIPSIS => Const::Ellipsis,
            tag::STOP_ITERATION => Const::StopIteration,
            tag::INT => Const::Int(self.long()?.into()),
            tag::INT64 => Const::Int(i64::from_le_bytes(self.array()?)),
            tag::LONG => Const::Long(self.big()?),
            tag::FLOAT => Const::Float(self.double()?),
            tag::FLOAT_TEXT => Const::Float(self.float_text()?),
            tag::COMPLEX => Const::Complex(self.double()?, self.double()?),
            tag::COMPLEX_TEXT => Const::Complex(self.float_text()?, self.float_text()?),
            tag::STRING | tag::INTERNED | tag::STRING_REF => {
                let (bytes, interned) = self.string_after(tag)?;
                Const::Str { bytes, interned }
            }
            tag::UNICODE => Const::Unicode(self.unicode()?),
            tag::TUPLE => Const::Tuple(self.items("bad marshal data (tuple size out of range)")?),
            tag::FROZENSET => Const::FrozenSet(self.items("bad marshal data (set size out of range)")?),
            tag::CODE => Const::Code(Box::new(self.code()?)),
            _ => return Err(ReadError::Value("bad marshal data (unknown type code)")),
        })
    }

    fn string(&mut self, what: &'static str) -> Result<Box<[u8]>> {
        match self.tag()? {
            tag @ (tag::STRING | tag::INTERNED | tag::STRING_REF) => Ok(self.string_after(tag)?.0),
            _ => Err(ReadError::Type(what)),
        }
    }

    fn names(&mut self) -> Result<Vec<Box<[u8]>>> {
        if self.tag()? != tag::TUPLE {
            return Err(ReadError::Type("name tuples must contain only strings"));
        }
        let n = self.size("bad marshal data (tuple size out of range)")?;
        let mut names = Vec::with_capacity(n.min(self.rest.len()).min(1024));
        for _ in 0..n {
            names.push(self.string("name tuples must contain only strings")?);
        }
        Ok(names)
    }

    /// A code object, after its tag.
    pub fn code(&mut self) -> Result<CodeObject> {
        const BAD_CODE: &str = "a code object holds a value of the wrong type";
        let (argcount, nlocals, stacksize, flags) =
            (self.long()?, self.long()?, self.long()?, self.long()? as u32);
        let code = self.string(BAD_CODE)?.into();
        if self.tag()? != tag::TUPLE {
            return Err(ReadError::Type(BAD_CODE));
        }
        let consts = self.items("bad marshal data (tuple size out of range)")?.into();
        let (names, varnames, freevars, cellvars) =
            (self.names()?, self.names()?, self.names()?, self.names()?);
        let (filename, name) = (self.string(BAD_CODE)?, self.string(BAD_CODE)?);
        let firstlineno = self.long()?;
        let lnotab = self.string(BAD_CODE)?.into();
        Ok(CodeObject {
            argcount,
            nlocals,
            stacksize,
            flags,
            code,
            consts,
            names,
            varnames,
            freevars,
            cellvars,
            filename,
            name,
            firstlineno,
            lnotab,
        })
    }
}
