//! Marshalled code straight to code objects on the heap: what starts the program and every import runs through.
//!
//! It knows what the compiler writes and nothing else. Whatever is unusual (a deep nest, a damaged file, a file of another
//! name) is none of its business: then it answers None, and the caller goes the long way over
//! [`syntax::marshal::load`], which has the error messages.
//!
//! Values under construction lie in plain vectors: nothing here takes the thread mutably, so nothing is freed
//! meanwhile (young objects of a stopped thread are roots, interned strings are in a table).

use crate::layout::{PyCode, Ref};
use crate::objects as o;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use smallvec::SmallVec;
use syntax::marshal::{ReadError, Reader, tag};

/// Nesting of code and tuples beyond which the long way is taken.
const DEPTH: u32 = 40;

/// What names a code object's file.
#[derive(Clone, Copy)]
pub enum File<'a> {
    /// All code in the bytes is of one file, which is called this now.
    Rename(&'a [u8]),
    /// The name in the bytes must be this one.
    Expect(&'a [u8]),
}

/// Why decoding ends early.
enum Stop {
    /// The long way is to be taken.
    Unusual,
    Raised(Raised),
}

impl From<ReadError> for Stop {
    fn from(_: ReadError) -> Stop {
        Stop::Unusual
    }
}

impl From<Raised> for Stop {
    fn from(r: Raised) -> Stop {
        Stop::Raised(r)
    }
}

type Decoded<T> = Result<T, Stop>;

/// The code object in the bytes; None: see the module text.
pub fn code(th: &Thread, bytes: &[u8], file: File<'_>) -> PyResult<Option<Ref<PyCode>>> {
    let (File::Rename(name) | File::Expect(name)) = file;
    let mut d = Decoder {
        reader: Reader::new(bytes),
        interned: Vec::new(),
        filename: th.intern(name),
        rename: matches!(file, File::Rename(_)),
    };
    if !matches!(d.reader.tag(), Ok(tag::CODE)) {
        return Ok(None);
    }
    match d.code(th, 0) {
        Ok(code) => Ok(Some(code)),
        Err(Stop::Unusual) => Ok(None),
        Err(Stop::Raised(r)) => Err(r),
    }
}

struct Decoder<'a> {
    reader: Reader<'a>,
    /// Interned strings read so far.
    interned: Vec<Value>,
    filename: Value,
    rename: bool,
}

impl<'a> Decoder<'a> {
    fn size(&mut self) -> Decoded<usize> {
        Ok(self.reader.size("")?)
    }

    fn string_bytes(&mut self) -> Decoded<&'a [u8]> {
        let n = self.size()?;
        Ok(self.reader.bytes(n)?)
    }

    /// A string of any sort after its tag; as an interned one if `name`.
    fn string_after(&mut self, th: &Thread, t: u8, name: bool) -> Decoded<Value> {
        match t {
            tag::STRING_REF => {
                let i = self.reader.long()?;
                let known = usize::try_from(i).ok().and_then(|i| self.interned.get(i).copied());
                known.ok_or(Stop::Unusual)
            }
            tag::INTERNED => {
                let v = th.intern(self.string_bytes()?);
                self.interned.push(v);
                Ok(v)
            }
            tag::STRING => {
                let b = self.string_bytes()?;
                if name { Ok(th.intern(b)) } else { Ok(th.try_str(b)?) }
            }
            _ => Err(Stop::Unusual),
        }
    }

    fn string(&mut self, th: &Thread, name: bool) -> Decoded<Value> {
        let t = self.reader.tag()?;
        self.string_after(th, t, name)
    }

    /// The items of a tuple after its tag.
    fn items(&mut self, mut item: impl FnMut(&mut Self) -> Decoded<Value>) -> Decoded<SmallVec<[Value; 16]>> {
        let n = self.size()?;
        if n > self.reader.rest().len() {
            return Err(Stop::Unusual);
        }
        let mut items = SmallVec::new();
        for _ in 0..n {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn names(&mut self, th: &Thread) -> Decoded<Value> {
        if self.reader.tag()? != tag::TUPLE {
            return Err(Stop::Unusual);
        }
        let items = self.items(|d| d.string(th, true))?;
        Ok(th.try_tuple(&items)?)
    }

    fn tuple(&mut self, th: &Thread, depth: u32) -> Decoded<Value> {
        let items = self.items(|d| {
            let t = d.reader.tag()?;
            d.constant(th, t, depth + 1)
        })?;
        Ok(th.try_tuple(&items)?)
    }

    fn eight(&mut self) -> Decoded<[u8; 8]> {
        self.reader.bytes(8)?.try_into().map_err(|_| Stop::Unusual)
    }

    fn double(&mut self) -> Decoded<f64> {
        Ok(f64::from_le_bytes(self.eight()?))
    }

    fn constant(&mut self, th: &Thread, t: u8, depth: u32) -> Decoded<Value> {
        if depth > DEPTH {
            return Err(Stop::Unusual);
        }
        Ok(match t {
            tag::NONE => Value::NONE,
            tag::TRUE => Value::TRUE,
            tag::FALSE => Value::FALSE,
            tag::ELLIPSIS => Value::ELLIPSIS,
            tag::INT => th.int(i64::from(self.reader.long()?)),
            tag::INT64 => th.int(i64::from_le_bytes(self.eight()?)),
            tag::FLOAT => th.float(self.double()?),
            tag::COMPLEX => th.complex(self.double()?, self.double()?),
            tag::STRING | tag::INTERNED | tag::STRING_REF => self.string_after(th, t, false)?,
            tag::TUPLE => self.tuple(th, depth)?,
            tag::CODE => self.code(th, depth + 1)?.value(),
            tag::LONG | tag::UNICODE => match self.reader.value_after(t)? {
                syntax::code::Const::Long(n) => th.long(&n)?,
                syntax::code::Const::Unicode(cs) => th.unicode_from(&cs)?,
                _ => return Err(Stop::Unusual),
            },
            _ => return Err(Stop::Unusual),
        })
    }

    /// A code object after its tag.
    fn code(&mut self, th: &Thread, depth: u32) -> Decoded<Ref<PyCode>> {
        let mut number = || self.reader.long();
        let (argcount, nlocals, stacksize, flags) = (number()?, number()?, number()?, number()?);
        let code = self.string(th, false)?;
        if self.reader.tag()? != tag::TUPLE {
            return Err(Stop::Unusual);
        }
        let consts = self.tuple(th, depth)?;
        let (names, varnames, freevars, cellvars) =
            (self.names(th)?, self.names(th)?, self.names(th)?, self.names(th)?);
        let filename = self.string(th, true)?;
        if !self.rename && filename != self.filename {
            return Err(Stop::Unusual);
        }
        let name = self.string(th, true)?;
        let firstlineno = self.reader.long()?;
        let lnotab = self.string(th, false)?;
        let fields = o::code::Fields {
            argcount: argcount.max(0) as u32,
            nlocals: nlocals.max(0) as u32,
            stacksize: stacksize.max(0) as u32,
            flags: flags as u32,
            firstlineno,
            code,
            consts,
            names,
            varnames,
            freevars,
            cellvars,
            filename: self.filename,
            name,
            lnotab,
        };
        Ok(o::code::make(th, fields))
    }
}
