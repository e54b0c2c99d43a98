//! Where pickles are read from.
//!
//! Pickles in memory are a window that the loader moves over; of anything else only what an instruction needs is read,
//! since what follows the pickle is somebody else's.

use interpreter::layout::PyStr;
use interpreter::{PyResult, Raised, Thread, Value, names, objects as o, ops};

/// See the module text. It holds values, and lives on the native stack.
pub struct Source {
    /// A str in memory, or what was read last.
    bytes: &'static [u8],
    at: usize,
    /// Keeps `bytes` alive.
    pub owner: Value,
    kind: Kind,
}

#[derive(Copy, Clone)]
enum Kind {
    Memory,
    File(Value),
    /// `read` and `readline` of some object.
    Methods(Value, Value),
}

#[cold]
fn end(th: &mut Thread) -> Raised {
    th.raise(o::exceptions::EOF_ERROR.class(), None)
}

impl Source {
    /// A str, from a place on.
    pub fn memory(s: Value, at: usize) -> Source {
        let bytes = s.payload::<PyStr>().map_or(&[][..], |s| s.get().bytes());
        Source { bytes, at, owner: s, kind: Kind::Memory }
    }

    pub fn file(f: Value) -> Source {
        Source { bytes: &[], at: 0, owner: Value::NONE, kind: Kind::File(f) }
    }

    pub fn methods(read: Value, readline: Value) -> Source {
        Source { bytes: &[], at: 0, owner: Value::NONE, kind: Kind::Methods(read, readline) }
    }

    /// How far the memory has been read.
    pub fn place(&self) -> usize {
        self.at
    }

    /// The next `n` bytes, valid until the next read.
    #[inline(always)]
    pub fn read(&mut self, th: &mut Thread, n: usize) -> PyResult<&'static [u8]> {
        let end_at = self.at.wrapping_add(n);
        if let Kind::Memory = self.kind
            && let Some(b) = self.bytes.get(self.at..end_at)
        {
            self.at = end_at;
            return Ok(b);
        }
        self.read_on(th, n)
    }

    fn read_on(&mut self, th: &mut Thread, n: usize) -> PyResult<&'static [u8]> {
        let s = match self.kind {
            Kind::Memory => {
                self.at = self.bytes.len();
                return Err(end(th));
            }
            Kind::File(f) => o::file::read_count(th, f, n)?,
            Kind::Methods(read, _) => {
                let n = th.int(n as i64);
                ops::call(th, read, &[n])?
            }
        };
        let b = self.take(th, s)?;
        if b.len() == n { Ok(b) } else { Err(end(th)) }
    }

    /// The next line with its end, or what is left; valid until the next read.
    pub fn line(&mut self, th: &mut Thread) -> PyResult<&'static [u8]> {
        let s = match self.kind {
            Kind::Memory => {
                let rest = self.bytes.get(self.at..).unwrap_or(&[]);
                let n = memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
                self.at += n;
                return Ok(&rest[..n]);
            }
            Kind::File(f) => o::file::read_line(th, f)?,
            Kind::Methods(_, readline) => ops::call(th, readline, &[])?,
        };
        self.take(th, s)
    }

    fn take(&mut self, th: &mut Thread, s: Value) -> PyResult<&'static [u8]> {
        let s = match s.payload::<interpreter::layout::PyUnicode>() {
            Some(_) => o::unicode::encode_default(th, s)?,
            None => s,
        };
        let Some(b) = s.payload::<PyStr>() else {
            let n = ops::type_name(s);
            return Err(th.type_error(format!("expected string or Unicode object, {n} found")));
        };
        self.owner = s;
        Ok(b.get().bytes())
    }
}

/// The `read` and `readline` of an object that is read from.
pub fn methods_of(th: &mut Thread, v: Value) -> PyResult<(Value, Value)> {
    let (read, readline) = (names::read.get(th), names::readline.get(th));
    let found = ops::getattr(th, v, readline).and_then(|l| Ok((ops::getattr(th, v, read)?, l)));
    match found {
        Ok(f) => Ok(f),
        Err(e) => {
            e.catch(th)?;
            Err(th.type_error("argument must have 'read' and 'readline' attributes"))
        }
    }
}
