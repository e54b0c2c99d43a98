//! Reading: the machine that runs a pickle.
//!
//! A [`Loader`] lives for one call, on the native stack. Values lie on a stack of their own; marks are kept apart, as
//! heights of that stack. Any bytes may be run: what makes no sense is an exception.

use super::errors::{BAD_PICKLE_GET, underflow, unpickling_error};
use super::load_memo::LoadMemo;
use super::opcodes::*;
use super::source::Source;
use gc_stm::RootVec;
use interpreter::layout::{PyDict, PyList};
use interpreter::{PyResult, Raised, Slot, Thread, Value, codecs, names, objects as o, ops};
use num_bigint::BigInt;
use numtext::int_text::{Parsed, parse_int};

/// See the module text.
pub struct Loader {
    pub source: Source,
    pub stack: RootVec,
    pub marks: Vec<usize>,
    pub memo: LoadMemo,
    pub persistent_load: Slot,
    pub find_global: Slot,
    /// Go through the motions without making objects.
    pub idle: bool,
}

/// A line of a pickle, which must have its end and something before it.
fn whole_line(th: &mut Thread, line: &'static [u8]) -> PyResult<&'static [u8]> {
    if line.len() < 2 { Err(truncated(th)) } else { Ok(line) }
}

#[cold]
pub fn truncated(th: &mut Thread) -> Raised {
    unpickling_error(th, "pickle data was truncated")
}

#[cold]
fn end(th: &mut Thread) -> Raised {
    th.raise(o::exceptions::EOF_ERROR.class(), None)
}

impl Loader {
    pub fn new(th: &mut Thread, source: Source, memo: LoadMemo) -> Loader {
        Loader {
            source,
            stack: th.m.root_vec(),
            marks: Vec::new(),
            memo,
            persistent_load: None,
            find_global: None,
            idle: false,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, v: Value) {
        self.stack.push(v.bits());
    }

    #[inline]
    pub(super) fn pop(&mut self, th: &mut Thread) -> PyResult {
        match self.stack.pop().and_then(Value::from_bits) {
            Some(v) => Ok(v),
            None => Err(unpickling_error(th, "bad pickle data")),
        }
    }

    pub(super) fn top(&self, th: &mut Thread) -> PyResult {
        match self.stack.as_slice().last().and_then(|w| Value::from_bits(*w)) {
            Some(v) => Ok(v),
            None => Err(underflow(th)),
        }
    }

    /// Takes the last mark: the height of the stack when it was set.
    pub(super) fn mark(&mut self, th: &mut Thread) -> PyResult<usize> {
        match self.marks.pop() {
            Some(m) if m <= self.stack.len() => Ok(m),
            Some(_) => Err(underflow(th)),
            None => Err(unpickling_error(th, "could not find MARK")),
        }
    }

    /// The values from a height on.
    pub(super) fn from(&self, height: usize) -> &[Value] {
        &ops::values(&self.stack)[height..]
    }

    pub(super) fn line(&mut self, th: &mut Thread) -> PyResult<&'static [u8]> {
        let line = self.source.line(th)?;
        whole_line(th, line)
    }

    /// Runs the pickle to its STOP.
    pub fn run(&mut self, th: &mut Thread) -> PyResult {
        let mut steps = 0u32;
        loop {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(1024) {
                th.native_poll()?;
            }
            let op = self.source.read(th, 1)?[0];
            if op == STOP {
                return self.pop(th);
            }
            if !self.idle || !self.skip(th, op)? {
                self.step(th, op)?;
            }
        }
    }

    #[inline(always)]
    fn step(&mut self, th: &mut Thread, op: u8) -> PyResult<()> {
        let v = match op {
            BININT1 => Value::int_unchecked(self.source.read(th, 1)?[0].into()),
            BININT2 => Value::int_unchecked(self.unsigned(th, 2)? as i64),
            BININT => Value::int_unchecked(self.signed(th)?.into()),
            SHORT_BINSTRING => {
                let n = self.source.read(th, 1)?[0] as usize;
                let b = self.source.read(th, n)?;
                o::str::from_bytes(th, b)?
            }
            BINPUT => {
                let n = self.source.read(th, 1)?[0] as usize;
                let v = self.top(th)?;
                return self.memo.put(th, n, v);
            }
            LONG_BINPUT => {
                let n = self.unsigned(th, 4)?;
                let v = self.top(th)?;
                return self.memo.put(th, n, v);
            }
            BINGET => {
                let n = self.source.read(th, 1)?[0] as usize;
                self.fetch(th, n)?
            }
            LONG_BINGET => {
                let n = self.unsigned(th, 4)?;
                self.fetch(th, n)?
            }
            MARK => {
                self.marks.push(self.stack.len());
                return Ok(());
            }
            NONE => Value::NONE,
            NEWTRUE => Value::TRUE,
            NEWFALSE => Value::FALSE,
            BINFLOAT => {
                let b = self.source.read(th, 8)?;
                let x = b.iter().fold(0, |x: u64, c| x << 8 | u64::from(*c));
                th.float(f64::from_bits(x))
            }
            EMPTY_LIST => th.new_list(&[])?,
            EMPTY_DICT => th.new_dict(),
            EMPTY_TUPLE => th.new_tuple(&[]),
            TUPLE1 => return self.short_tuple(th, 1),
            TUPLE2 => return self.short_tuple(th, 2),
            TUPLE3 => return self.short_tuple(th, 3),
            TUPLE => {
                let m = self.mark(th)?;
                return self.tuple_from(th, m);
            }
            APPEND => {
                let n = self.stack.len();
                return if n < 2 { Err(underflow(th)) } else { self.append_from(th, n - 1) };
            }
            APPENDS => {
                let m = self.mark(th)?;
                return self.append_from(th, m);
            }
            SETITEM => {
                let n = self.stack.len();
                return if n < 3 { Err(underflow(th)) } else { self.set_from(th, n - 2) };
            }
            SETITEMS => {
                let m = self.mark(th)?;
                return self.set_from(th, m);
            }
            BINUNICODE => {
                let n = self.length(th, "BINUNICODE pickle has negative byte count")?;
                let b = self.source.read(th, n)?;
                codecs::utf8::decode(th, b, None, true)?.0
            }
            BINSTRING => {
                let n = self.length(th, "BINSTRING pickle has negative byte count")?;
                let b = self.source.read(th, n)?;
                o::str::from_bytes(th, b)?
            }
            _ => return self.rare_step(th, op),
        };
        self.push(v);
        Ok(())
    }

    #[inline(never)]
    fn rare_step(&mut self, th: &mut Thread, op: u8) -> PyResult<()> {
        let v = match op {
            INT => self.int_line(th)?,
            LONG => self.long_line(th)?,
            FLOAT => self.float_line(th)?,
            STRING => self.string_line(th)?,
            UNICODE => {
                let line = self.source.line(th)?;
                let Some((_, text)) = line.split_last() else { return Err(truncated(th)) };
                codecs::escape::decode_raw(th, text, None)?.0
            }
            LONG1 => {
                let n = self.source.read(th, 1)?[0] as usize;
                self.long_bytes(th, n)?
            }
            LONG4 => {
                let n = self.length(th, "LONG pickle has negative byte count")?;
                self.long_bytes(th, n)?
            }
            LIST => {
                let m = self.mark(th)?;
                let v = th.new_list(self.from(m))?;
                self.stack.truncate(m);
                v
            }
            DICT => {
                let m = self.mark(th)?;
                let v = th.new_dict();
                self.pairs_into(th, v, m)?;
                self.stack.truncate(m);
                v
            }
            DUP => self.top(th)?,
            POP => {
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else if self.stack.pop().is_none() {
                    return Err(underflow(th));
                }
                return Ok(());
            }
            POP_MARK => {
                let m = self.mark(th)?;
                self.stack.truncate(m);
                return Ok(());
            }
            GET => {
                let line = self.line(th)?;
                let (v, key) = self.memo.get_text(th, &line[..line.len() - 1])?;
                match v {
                    Some(v) => v,
                    None => return Err(th.raise(BAD_PICKLE_GET.class(), Some(key))),
                }
            }
            PUT => {
                let line = self.line(th)?;
                let v = self.top(th)?;
                return self.memo.put_text(th, &line[..line.len() - 1], v);
            }
            PROTO => {
                let n = self.source.read(th, 1)?[0];
                if n > super::pickler::HIGHEST as u8 {
                    return Err(th.value_error(format!("unsupported pickle protocol: {n}")));
                }
                return Ok(());
            }
            0 if !self.idle => return Err(end(th)),
            _ => return self.object_step(th, op),
        };
        self.push(v);
        Ok(())
    }

    fn unsigned(&mut self, th: &mut Thread, n: usize) -> PyResult<usize> {
        let b = self.source.read(th, n)?;
        Ok(b.iter().rev().fold(0, |x, c| x << 8 | *c as usize))
    }

    pub(super) fn signed(&mut self, th: &mut Thread) -> PyResult<i32> {
        Ok(self.unsigned(th, 4)? as u32 as i32)
    }

    fn length(&mut self, th: &mut Thread, refusal: &str) -> PyResult<usize> {
        let n = self.signed(th)?;
        usize::try_from(n).map_err(|_| unpickling_error(th, refusal))
    }

    fn fetch(&mut self, th: &mut Thread, n: usize) -> PyResult {
        match self.memo.get(th, n)? {
            Some(v) => Ok(v),
            None => {
                let key = th.int(n as i64);
                Err(th.raise(BAD_PICKLE_GET.class(), Some(key)))
            }
        }
    }

    fn long_bytes(&mut self, th: &mut Thread, n: usize) -> PyResult {
        let b = self.source.read(th, n)?;
        th.long(&BigInt::from_signed_bytes_le(b))
    }

    fn short_tuple(&mut self, th: &mut Thread, n: usize) -> PyResult<()> {
        match self.stack.len().checked_sub(n) {
            Some(m) => self.tuple_from(th, m),
            None => Err(underflow(th)),
        }
    }

    fn tuple_from(&mut self, th: &mut Thread, m: usize) -> PyResult<()> {
        let v = th.try_tuple(self.from(m))?;
        self.stack.truncate(m);
        self.push(v);
        Ok(())
    }

    /// Appends what lies above `m` to the value below.
    fn append_from(&mut self, th: &mut Thread, m: usize) -> PyResult<()> {
        let Some(target) = m.checked_sub(1).and_then(|i| ops::values(&self.stack).get(i).copied()) else {
            return Err(underflow(th));
        };
        if self.stack.len() == m {
            return Ok(());
        }
        if let Some(l) = target.payload::<PyList>() {
            let n = o::list::storage::len(th, l)?;
            o::list::storage::splice(th, l, n, n, self.from(m))?;
        } else {
            let f = ops::getattr_name(th, target, &names::append)?;
            for i in m..self.stack.len() {
                let x = ops::values(&self.stack)[i];
                ops::call(th, f, &[x])?;
            }
        }
        self.stack.truncate(m);
        Ok(())
    }

    /// Sets the pairs above `m` in the value below.
    fn set_from(&mut self, th: &mut Thread, m: usize) -> PyResult<()> {
        let Some(target) = m.checked_sub(1).and_then(|i| ops::values(&self.stack).get(i).copied()) else {
            return Err(underflow(th));
        };
        if !(self.stack.len() - m).is_multiple_of(2) {
            return Err(unpickling_error(th, "odd number of items for SETITEMS"));
        }
        let r = self.pairs_into(th, target, m);
        self.stack.truncate(m);
        r
    }

    fn pairs_into(&mut self, th: &mut Thread, target: Value, m: usize) -> PyResult<()> {
        let dict = target.cast::<PyDict>();
        let mut i = m;
        while i + 1 < self.stack.len() {
            let (k, v) = (ops::values(&self.stack)[i], ops::values(&self.stack)[i + 1]);
            match dict {
                Some(d) => o::dict::set(th, d, k, v)?,
                None => ops::setitem(th, target, k, Some(v))?,
            }
            i += 2;
        }
        Ok(())
    }

    /// An int in any notation of the language; `00` and `01` are bools, and what does not fit is a long.
    fn int_line(&mut self, th: &mut Thread) -> PyResult {
        let line = self.line(th)?;
        let Some(text) = line.strip_suffix(b"\n") else { return self.unended_int(th, line) };
        match text {
            b"00" => return Ok(Value::FALSE),
            b"01" => return Ok(Value::TRUE),
            _ => {}
        }
        let plain = text.strip_prefix(b"-").unwrap_or(text);
        match parse_int(text, 0, true) {
            Some(Parsed::Small(n))
                if plain.last().is_some_and(u8::is_ascii_hexdigit)
                    && !matches!(plain.get(..2), Some(b"0o" | b"0O" | b"0b" | b"0B")) =>
            {
                Ok(th.int(n))
            }
            Some(n) => th.long(&n.into_big()),
            None => Err(th.value_error("could not convert string to int")),
        }
    }

    fn unended_int(&mut self, th: &mut Thread, line: &[u8]) -> PyResult {
        match parse_int(line, 0, true) {
            Some(n) => th.long(&n.into_big()),
            None => Err(th.value_error("could not convert string to int")),
        }
    }

    fn long_line(&mut self, th: &mut Thread) -> PyResult {
        let line = self.line(th)?;
        match parse_int(line, 0, true) {
            Some(n) => th.long(&n.into_big()),
            None => {
                let (text, base, _) = numtext::int_text::invalid_literal(line, 0, true);
                let mut m = format!("invalid literal for long() with base {base}: ").into_bytes();
                m.push(b'\'');
                m.extend_from_slice(&codecs::escape::encode_string(text));
                m.push(b'\'');
                let m = th.new_str(&m);
                Err(th.raise(o::exceptions::VALUE_ERROR.class(), Some(m)))
            }
        }
    }

    fn float_line(&mut self, th: &mut Thread) -> PyResult {
        let line = self.line(th)?;
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let shown = String::from_utf8_lossy(line);
        match numtext::float_parse::parse_float(text) {
            Some(x) if x.is_infinite() && text.iter().any(u8::is_ascii_digit) => {
                Err(th.overflow_error(format!("value too large to convert to float: {shown}")))
            }
            Some(x) => Ok(th.float(x)),
            None => Err(th.value_error(format!("could not convert string to float: {shown}"))),
        }
    }

    /// A str in quotes, with the escapes of the language.
    fn string_line(&mut self, th: &mut Thread) -> PyResult {
        let line = self.line(th)?;
        let n = line.iter().rposition(|c| *c > b' ').map_or(0, |i| i + 1);
        match &line[..n] {
            [b'\'', text @ .., b'\''] | [b'"', text @ .., b'"'] => {
                codecs::escape::decode_string(th, text, None)
            }
            _ => Err(th.value_error("insecure string pickle")),
        }
    }
}
