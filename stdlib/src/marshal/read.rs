//! Reading values.
//!
//! Values under construction lie on the native stack or in root vectors, never in plain vectors: adding to dicts and
//! sets runs Python code and may collect.

use super::{MAX_DEPTH, tag};
use gc_stm::RootVec;
use interpreter::layout::{PyDict, PyStr, PyTuple};
use interpreter::objects as o;
use interpreter::raised::Raised;
use interpreter::{PyResult, Slot, Thread, Value, ops};
use num_bigint::BigInt;

/// Where the bytes come from.
pub(super) enum Source<'a> {
    Bytes(&'a [u8]),
    /// An open file; only what is needed is read.
    File(Value),
}

struct Reader<'a> {
    source: Source<'a>,
    /// Interned strings read so far.
    strings: RootVec,
    depth: u32,
}

/// The first value of a source.
pub(super) fn load(th: &mut Thread, source: Source<'_>) -> PyResult {
    let strings = th.m.root_vec();
    let mut r = Reader { source, strings, depth: 0 };
    match r.value(th)? {
        Some(v) => Ok(v),
        None => Err(null(th, "object")),
    }
}

#[cold]
fn null(th: &mut Thread, what: &str) -> Raised {
    th.type_error(format!("NULL object in marshal data for {what}"))
}

#[cold]
fn bad(th: &mut Thread, what: &str) -> Raised {
    th.value_error(format!("bad marshal data ({what})"))
}

#[cold]
fn end(th: &mut Thread) -> Raised {
    th.eof_error("EOF read where object expected")
}

impl Reader<'_> {
    /// The next bytes, at most `n`: fewer at the end.
    fn some_bytes(&mut self, th: &mut Thread, n: usize) -> PyResult<Vec<u8>> {
        match &mut self.source {
            Source::Bytes(rest) => {
                let (head, tail) = rest.split_at(n.min(rest.len()));
                *rest = tail;
                Ok(head.to_vec())
            }
            Source::File(f) => {
                let f = *f;
                let count = th.int(n as i64);
                let s = ops::call_method(th, f, &interpreter::names::read, &[count])?;
                Ok(th.str_bytes(s).to_vec())
            }
        }
    }

    /// Exactly `n` bytes.
    fn bytes(&mut self, th: &mut Thread, n: usize) -> PyResult<Vec<u8>> {
        if let Source::Bytes(rest) = &self.source
            && rest.len() < n
        {
            return Err(end(th));
        }
        let b = self.some_bytes(th, n)?;
        if b.len() < n { Err(end(th)) } else { Ok(b) }
    }

    /// A number of `N` bytes; past the end they read as 0xff.
    fn number<const N: usize>(&mut self, th: &mut Thread) -> PyResult<[u8; N]> {
        let mut out = [0xff; N];
        if let Source::Bytes(rest) = &mut self.source {
            let n = N.min(rest.len());
            out[..n].copy_from_slice(&rest[..n]);
            *rest = &rest[n..];
            return Ok(out);
        }
        let b = self.some_bytes(th, N)?;
        let n = N.min(b.len());
        out[..n].copy_from_slice(&b[..n]);
        Ok(out)
    }

    fn long(&mut self, th: &mut Thread) -> PyResult<i32> {
        Ok(i32::from_le_bytes(self.number(th)?))
    }

    /// A length.
    fn size(&mut self, th: &mut Thread, what: &str) -> PyResult<usize> {
        let n = self.long(th)?;
        usize::try_from(n).map_err(|_| bad(th, &format!("{what} size out of range")))
    }

    fn double(&mut self, th: &mut Thread) -> PyResult<f64> {
        let b = self.bytes(th, 8)?;
        let mut a = [0; 8];
        a.copy_from_slice(&b);
        Ok(f64::from_le_bytes(a))
    }

    fn float_text(&mut self, th: &mut Thread) -> PyResult<f64> {
        let n = self.bytes(th, 1)?[0] as usize;
        let b = self.bytes(th, n)?;
        match numtext::float_parse::parse_float(&b) {
            Some(x) => Ok(x),
            None => {
                let text = String::from_utf8_lossy(&b).into_owned();
                Err(th.value_error(format!("could not convert string to float: {text}")))
            }
        }
    }

    /// The next value; none for the null that ends a dict.
    fn value(&mut self, th: &mut Thread) -> PyResult<Slot> {
        if self.depth >= MAX_DEPTH {
            return Err(th.value_error("recursion limit exceeded"));
        }
        th.check_native_stack()?;
        let t = self.some_bytes(th, 1)?;
        let Some(t) = t.first() else { return Err(end(th)) };
        self.depth += 1;
        let r = self.value_after(th, *t);
        self.depth -= 1;
        r
    }

    fn value_after(&mut self, th: &mut Thread, t: u8) -> PyResult<Slot> {
        Ok(Some(match t {
            tag::NULL => return Ok(None),
            tag::NONE => Value::NONE,
            tag::TRUE => Value::TRUE,
            tag::FALSE => Value::FALSE,
            tag::ELLIPSIS => Value::ELLIPSIS,
            tag::STOP_ITERATION => o::exceptions::STOP_ITERATION.class(),
            tag::INT => {
                let n = self.long(th)?;
                th.int(n as i64)
            }
            tag::INT64 => {
                let n = i64::from_le_bytes(self.number(th)?);
                th.int(n)
            }
            tag::LONG => {
                let n = self.big(th)?;
                th.long(&n)?
            }
            tag::FLOAT => {
                let x = self.double(th)?;
                th.float(x)
            }
            tag::FLOAT_TEXT => {
                let x = self.float_text(th)?;
                th.float(x)
            }
            tag::COMPLEX => {
                let (re, im) = (self.double(th)?, self.double(th)?);
                th.complex(re, im)
            }
            tag::COMPLEX_TEXT => {
                let (re, im) = (self.float_text(th)?, self.float_text(th)?);
                th.complex(re, im)
            }
            tag::STRING | tag::INTERNED => {
                let n = self.size(th, "string")?;
                let b = self.bytes(th, n)?;
                if t == tag::INTERNED {
                    let s = th.intern(&b);
                    self.strings.push(s.bits());
                    s
                } else {
                    th.try_str(&b)?
                }
            }
            tag::STRING_REF => {
                let n = self.long(th)?;
                match usize::try_from(n).ok().and_then(|n| self.strings.get(n)).and_then(Value::from_bits) {
                    Some(s) => s,
                    None => return Err(bad(th, "string ref out of range")),
                }
            }
            tag::UNICODE => {
                let n = self.size(th, "unicode")?;
                let b = self.bytes(th, n)?;
                unicode(th, &b)?
            }
            tag::TUPLE => {
                let items = self.items(th, "tuple")?;
                th.try_tuple(ops::values(&items))?
            }
            tag::LIST => {
                let items = self.items(th, "list")?;
                th.new_list(ops::values(&items))?
            }
            tag::DICT => self.dict(th)?,
            tag::SET | tag::FROZENSET => {
                let items = self.items(th, "set")?;
                let def = if t == tag::SET { &o::set::SET } else { &o::set::FROZENSET };
                let s = o::set::new_set(th, def);
                for i in 0..ops::values(&items).len() {
                    let x = ops::values(&items)[i];
                    o::set::add(th, s, x)?;
                }
                s.value()
            }
            tag::CODE => self.code(th)?,
            _ => return Err(bad(th, "unknown type code")),
        }))
    }

    fn items(&mut self, th: &mut Thread, what: &str) -> PyResult<RootVec> {
        let n = self.size(th, what)?;
        let items = th.m.root_vec();
        for _ in 0..n {
            match self.value(th)? {
                Some(v) => items.push(v.bits()),
                None => return Err(null(th, what)),
            }
        }
        Ok(items)
    }

    fn dict(&mut self, th: &mut Thread) -> PyResult {
        let v = th.new_dict();
        while let Some(k) = self.value(th)? {
            // A null value is passed over.
            if let Some(x) = self.value(th)?
                && let Some(d) = v.cast::<PyDict>()
            {
                o::dict::set(th, d, k, x)?;
            }
        }
        Ok(v)
    }

    fn big(&mut self, th: &mut Thread) -> PyResult<BigInt> {
        let size = self.long(th)?;
        if size == i32::MIN {
            return Err(bad(th, "long size out of range"));
        }
        let data = self.bytes(th, size.unsigned_abs() as usize * 2)?;
        syntax::marshal::long_from_digits(&data, size < 0).map_err(|e| th.value_error(e))
    }

    /// A value that must be a str.
    fn string(&mut self, th: &mut Thread) -> PyResult {
        match self.value(th)? {
            Some(v) if v.cast::<PyStr>().is_some() => Ok(v),
            _ => Err(bad_code(th)),
        }
    }

    /// A value that must be a tuple.
    fn tuple(&mut self, th: &mut Thread) -> PyResult {
        match self.value(th)? {
            Some(v) if v.cast::<PyTuple>().is_some() => Ok(v),
            _ => Err(bad_code(th)),
        }
    }

    fn names(&mut self, th: &mut Thread) -> PyResult {
        let t = self.tuple(th)?;
        o::code::interned_names(th, t)
    }

    fn code(&mut self, th: &mut Thread) -> PyResult {
        let mut numbers = [0; 4];
        for n in &mut numbers {
            *n = self.long(th)?;
        }
        let [argcount, nlocals, stacksize, flags] = numbers;
        let code = self.string(th)?;
        let consts = self.tuple(th)?;
        let names = self.names(th)?;
        let varnames = self.names(th)?;
        let freevars = self.names(th)?;
        let cellvars = self.names(th)?;
        let filename = self.string(th)?;
        let name = self.string(th)?;
        let firstlineno = self.long(th)?;
        let lnotab = self.string(th)?;
        let small = |n: i32| u32::try_from(n).ok().filter(|n| *n <= MAX_SLOTS);
        let (Some(argcount), Some(nlocals), Some(stacksize)) =
            (small(argcount), small(nlocals), small(stacksize))
        else {
            return Err(bad_code(th));
        };
        let f = o::code::Fields {
            argcount,
            nlocals,
            stacksize,
            flags: flags as u32,
            firstlineno,
            code,
            consts,
            names,
            varnames,
            freevars,
            cellvars,
            filename,
            name,
            lnotab,
        };
        Ok(o::code::make(th, f).value())
    }
}

/// Locals and operands a code object may ask for.
const MAX_SLOTS: u32 = 1 << 16;

#[cold]
fn bad_code(th: &mut Thread) -> Raised {
    th.system_error(
        "bad argument to internal function: a code object in marshal data holds a value of the wrong type",
    )
}

/// Unicode from UTF-8 in which surrogates are allowed.
fn unicode(th: &mut Thread, b: &[u8]) -> PyResult {
    if let Ok(s) = std::str::from_utf8(b) {
        return th.unicode_str(s);
    }
    if let Some(cs) = code_points(b) {
        return th.unicode_from(&cs);
    }
    // The codec finds the words for what is wrong.
    let s = th.try_str(b)?;
    let name = th.intern(b"utf8");
    ops::call_method(th, s, &interpreter::names::decode, &[name])
}

fn code_points(b: &[u8]) -> Option<Vec<u32>> {
    let mut out = Vec::with_capacity(b.len());
    let mut rest = b.iter().copied();
    while let Some(first) = rest.next() {
        let (tail, least, mut c) = match first {
            0..0x80 => (0, 0, first as u32),
            0xc2..0xe0 => (1, 0x80, first as u32 & 0x1f),
            0xe0..0xf0 => (2, 0x800, first as u32 & 0xf),
            0xf0..0xf5 => (3, 0x1_0000, first as u32 & 7),
            _ => return None,
        };
        for _ in 0..tail {
            c = c << 6 | rest.next().filter(|b| b & 0xc0 == 0x80)? as u32 & 0x3f;
        }
        if c < least || c > 0x10_ffff {
            return None;
        }
        out.push(c);
    }
    Some(out)
}
