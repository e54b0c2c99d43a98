//! Writing: the machine's instructions for a value.
//!
//! A [`Saver`] lives for one call, on the native stack (it holds values). Its memo numbers are CPython's: from 1, one
//! for each object that may be met again. Where CPython leaves a PUT out because it sees that nobody else refers to the
//! object, this one leaves it out for the argument tuples of reductions, which are made for the occasion; other
//! objects always get theirs.
//!
//! Containers are read item by item, since anything called meanwhile may change them.

use super::errors::pickling_error;
use super::memo::Memo;
use super::opcodes::*;
use interpreter::kinds::kind;
use interpreter::layout::{Chars, PyDict, PyFloat, PyInt, PyList, PyLong, PyStr, PyTuple, PyUnicode, Ref};
use interpreter::types::type_of;
use interpreter::{PyResult, Slot, Thread, Value, names, objects as o, ops};
use numtext::float_text::{FloatStyle, float_text};

/// Nesting from which fast mode looks for cycles.
const FAST_LIMIT: usize = 50;

/// A place in the output of a list-based pickler where something is put into the memo or fetched.
#[derive(Copy, Clone)]
pub enum Note {
    Put(i64),
    Get(i64),
}

/// See the module text.
pub struct Saver {
    pub out: Vec<u8>,
    pub proto: i32,
    pub bin: bool,
    pub fast: bool,
    pub memo: Memo,
    pub persistent_id: Slot,
    pub inst_persistent_id: Slot,
    /// `copy_reg.dispatch_table`.
    pub dispatch: Value,
    /// For a binary list-based pickler: puts and gets, with the length of the output before them.
    pub notes: Option<Vec<(usize, Note)>>,
    fast_depth: usize,
    fast_seen: Vec<u64>,
    steps: u32,
}

impl Saver {
    pub fn new(th: &mut Thread, proto: i32, memo: Memo) -> PyResult<Saver> {
        Ok(Saver {
            out: Vec::new(),
            proto,
            bin: proto > 0,
            fast: false,
            memo,
            persistent_id: None,
            inst_persistent_id: None,
            dispatch: super::tables::dispatch_table(th)?,
            notes: None,
            fast_depth: 0,
            fast_seen: Vec::new(),
            steps: 0,
        })
    }

    /// A whole pickle.
    pub fn dump(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        if self.proto >= 2 {
            self.out.extend_from_slice(&[PROTO, self.proto as u8]);
        }
        self.save(th, v)?;
        self.out.push(STOP);
        Ok(())
    }

    pub(super) fn save(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        self.save_value(th, v, false, true)
    }

    /// `as_id`: a persistent id, of which no further id is asked. `put`: whether the memo takes it.
    pub(super) fn save_value(&mut self, th: &mut Thread, v: Value, as_id: bool, put: bool) -> PyResult<()> {
        if self.persistent_id.is_none() && self.save_atom(th, v)? {
            return Ok(());
        }
        th.enter_recursive(" while pickling an object")?;
        let r = self.save_within(th, v, as_id, put);
        th.leave_recursive();
        r
    }

    fn save_within(&mut self, th: &mut Thread, v: Value, as_id: bool, put: bool) -> PyResult<()> {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(1024) {
            th.native_poll()?;
        }
        if let Some(f) = self.persistent_id.filter(|_| !as_id)
            && self.save_persistent(th, v, f)?
        {
            return Ok(());
        }
        if self.save_atom(th, v)? {
            return Ok(());
        }
        if let Some(n) = self.memo.get(th, v)? {
            return self.fetch(th, n);
        }
        if let Some(s) = v.cast::<PyStr>() {
            return self.string(th, s.get(), v);
        }
        if let Some(u) = v.cast::<PyUnicode>() {
            return self.unicode(th, u.get(), v);
        }
        if let Some(t) = v.cast::<PyTuple>().filter(|_| type_of(v).value() == o::tuple::TUPLE.class()) {
            return self.tuple(th, t.get(), v, put);
        }
        if let Some(l) = v.cast::<PyList>() {
            return self.list(th, l, v);
        }
        if let Some(d) = v.cast::<PyDict>().filter(|_| type_of(v).value() == o::dict::DICT.class()) {
            return self.dict(th, d, v);
        }
        self.save_other(th, v, as_id)
    }

    /// Values that are never in the memo. False: it is none of them.
    #[inline]
    fn save_atom(&mut self, th: &mut Thread, v: Value) -> PyResult<bool> {
        if v.is_tagged_int() {
            self.int(v.small_int_unchecked());
            return Ok(true);
        }
        if v.is_flonum() {
            self.float(v.flonum_unchecked());
            return Ok(true);
        }
        match v {
            Value::NONE => self.out.push(NONE),
            Value::TRUE | Value::FALSE => self.boolean(v == Value::TRUE),
            _ if !v.is_obj() => return Ok(false),
            _ => return self.save_small(th, v),
        }
        Ok(true)
    }

    fn save_small(&mut self, th: &mut Thread, v: Value) -> PyResult<bool> {
        let k = v.kind();
        if k == kind::STR.index() {
            if let Some(s) = v.cast::<PyStr>().filter(|s| s.len < 2) {
                self.string_text(th, s.get(), v)?;
                return Ok(true);
            }
        } else if k == kind::INT.index() {
            if let Some(i) = v.cast::<PyInt>() {
                self.int(i.get().value);
                return Ok(true);
            }
        } else if k == kind::FLOAT.index() {
            if let Some(x) = v.cast::<PyFloat>() {
                self.float(x.get().value);
                return Ok(true);
            }
        } else if k == kind::LONG.index() {
            if let Some(l) = v.cast::<PyLong>() {
                self.long(th, l.get(), v)?;
                return Ok(true);
            }
        } else if k == kind::UNICODE.index() {
            if let Some(u) = v.cast::<PyUnicode>().filter(|u| u.len < 2) {
                self.unicode_text(th, u.get())?;
                return Ok(true);
            }
        } else if k == kind::TUPLE.index()
            && v.cast::<PyTuple>().is_some_and(|t| t.len == 0)
            && type_of(v).value() == o::tuple::TUPLE.class()
        {
            if self.bin {
                self.out.push(EMPTY_TUPLE);
            } else {
                self.out.extend_from_slice(&[MARK, TUPLE]);
            }
            return Ok(true);
        }
        Ok(false)
    }

    fn boolean(&mut self, b: bool) {
        match (self.proto >= 2, b) {
            (true, true) => self.out.push(NEWTRUE),
            (true, false) => self.out.push(NEWFALSE),
            (false, true) => self.out.extend_from_slice(b"I01\n"),
            (false, false) => self.out.extend_from_slice(b"I00\n"),
        }
    }

    #[inline]
    fn int(&mut self, n: i64) {
        match i32::try_from(n) {
            Ok(n) if self.bin => {
                let b = n.to_le_bytes();
                match n {
                    0..=0xff => self.out.extend_from_slice(&[BININT1, b[0]]),
                    0x100..=0xffff => self.out.extend_from_slice(&[BININT2, b[0], b[1]]),
                    _ => self.out.extend_from_slice(&[BININT, b[0], b[1], b[2], b[3]]),
                }
            }
            _ => {
                self.out.push(INT);
                self.number(n);
            }
        }
    }

    /// A number in digits, and the end of the line.
    fn number(&mut self, n: i64) {
        o::str::percent::decimal(n, |b| self.out.extend_from_slice(b));
        self.out.push(b'\n');
    }

    fn float(&mut self, x: f64) {
        if self.bin {
            self.out.push(BINFLOAT);
            self.out.extend_from_slice(&x.to_be_bytes());
        } else {
            self.out.push(FLOAT);
            self.out.extend_from_slice(float_text(x, FloatStyle::new(b'g', 17)).as_bytes());
            self.out.push(b'\n');
        }
    }

    fn long(&mut self, th: &mut Thread, l: &PyLong, v: Value) -> PyResult<()> {
        if self.proto < 2 {
            let s = ops::repr(th, v)?;
            self.out.push(LONG);
            self.out.extend_from_slice(th.str_bytes(s));
            self.out.push(b'\n');
            return Ok(());
        }
        if l.sign == 0 {
            self.out.extend_from_slice(&[LONG1, 0]);
            return Ok(());
        }
        let b = l.to_bigint().to_signed_bytes_le();
        match u8::try_from(b.len()) {
            Ok(n) => self.out.extend_from_slice(&[LONG1, n]),
            Err(_) => {
                let Ok(n) = i32::try_from(b.len()) else {
                    return Err(th.overflow_error("long too large to pickle"));
                };
                self.out.push(LONG4);
                self.out.extend_from_slice(&n.to_le_bytes());
            }
        }
        self.out.extend_from_slice(&b);
        Ok(())
    }

    fn string_text(&mut self, th: &mut Thread, s: &PyStr, v: Value) -> PyResult<()> {
        let b = s.bytes();
        if !self.bin {
            let s = ops::repr(th, v)?;
            self.out.push(STRING);
            self.out.extend_from_slice(th.str_bytes(s));
            self.out.push(b'\n');
            return Ok(());
        }
        match u8::try_from(b.len()) {
            Ok(n) => self.out.extend_from_slice(&[SHORT_BINSTRING, n]),
            Err(_) => {
                let Ok(n) = i32::try_from(b.len()) else {
                    return Err(th.overflow_error("cannot serialize a string larger than 2 GiB"));
                };
                self.out.push(BINSTRING);
                self.out.extend_from_slice(&n.to_le_bytes());
            }
        }
        self.out.extend_from_slice(b);
        Ok(())
    }

    fn string(&mut self, th: &mut Thread, s: &PyStr, v: Value) -> PyResult<()> {
        self.string_text(th, s, v)?;
        self.put(th, v)
    }

    fn unicode_text(&mut self, th: &mut Thread, u: &PyUnicode) -> PyResult<()> {
        if !self.bin {
            self.out.push(UNICODE);
            raw_escape(u.chars(), &mut self.out);
            self.out.push(b'\n');
            return Ok(());
        }
        let encoded;
        let b = match u.chars() {
            Chars::One(b) if b.is_ascii() => b,
            c => {
                encoded = interpreter::codecs::utf8::encode_chars(c);
                &encoded
            }
        };
        let Ok(n) = i32::try_from(b.len()) else {
            return Err(th.overflow_error("cannot serialize a Unicode string larger than 2 GiB"));
        };
        self.out.push(BINUNICODE);
        self.out.extend_from_slice(&n.to_le_bytes());
        self.out.extend_from_slice(b);
        Ok(())
    }

    fn unicode(&mut self, th: &mut Thread, u: &PyUnicode, v: Value) -> PyResult<()> {
        self.unicode_text(th, u)?;
        self.put(th, v)
    }

    /// Gives an object just written its number in the memo.
    pub(super) fn put(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        if self.fast {
            return Ok(());
        }
        let n = self.memo.put(th, v)? as i64;
        if !self.bin {
            self.out.push(PUT);
            self.number(n);
        } else if let Some(notes) = &mut self.notes {
            notes.push((self.out.len(), Note::Put(n)));
        } else {
            numbered(&mut self.out, BINPUT, LONG_BINPUT, n);
        }
        Ok(())
    }

    /// An object written before.
    pub(super) fn fetch(&mut self, th: &mut Thread, n: i64) -> PyResult<()> {
        if !self.bin {
            self.out.push(GET);
            self.number(n);
        } else if let Some(notes) = &mut self.notes {
            notes.push((self.out.len(), Note::Get(n)));
        } else if (0..=0x7fff_fffe).contains(&n) {
            numbered(&mut self.out, BINGET, LONG_BINGET, n);
        } else {
            return Err(pickling_error(th, "memo id too large for LONG_BINGET", &[]));
        }
        Ok(())
    }

    fn tuple(&mut self, th: &mut Thread, t: &PyTuple, v: Value, put: bool) -> PyResult<()> {
        let items = t.items();
        let short = items.len() <= 3 && self.proto >= 2;
        if !short {
            self.out.push(MARK);
        }
        for x in items {
            self.save(th, *x)?;
        }
        // A tuple that contains itself by way of its items has been written meanwhile.
        if let Some(n) = self.memo.get(th, v)? {
            if short {
                self.out.resize(self.out.len() + items.len(), POP);
            } else if self.bin {
                self.out.push(POP_MARK);
            } else {
                self.out.resize(self.out.len() + items.len() + 1, POP);
            }
            return self.fetch(th, n);
        }
        self.out.push(match (short, items.len()) {
            (true, 1) => TUPLE1,
            (true, 2) => TUPLE2,
            (true, 3) => TUPLE3,
            _ => TUPLE,
        });
        if put { self.put(th, v) } else { Ok(()) }
    }

    /// In fast mode nothing is in the memo: deep nesting is watched for cycles instead.
    pub(super) fn enter_container(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        if !self.fast {
            return Ok(());
        }
        self.fast_depth += 1;
        if self.fast_depth < FAST_LIMIT {
            return Ok(());
        }
        if self.fast_seen.contains(&v.bits()) {
            self.fast_depth -= 1;
            let n = ops::type_name(v);
            return Err(th.value_error(format!(
                "fast mode: can't pickle cyclic objects including object type {n} at {:#x}",
                v.bits()
            )));
        }
        self.fast_seen.push(v.bits());
        Ok(())
    }

    pub(super) fn leave_container(&mut self) {
        if self.fast {
            if self.fast_depth >= FAST_LIMIT {
                self.fast_seen.pop();
            }
            self.fast_depth = self.fast_depth.saturating_sub(1);
        }
    }

    fn list(&mut self, th: &mut Thread, l: Ref<PyList>, v: Value) -> PyResult<()> {
        self.enter_container(th, v)?;
        let r = self.list_within(th, l, v);
        self.leave_container();
        r
    }

    fn list_within(&mut self, th: &mut Thread, l: Ref<PyList>, v: Value) -> PyResult<()> {
        if self.bin {
            self.out.push(EMPTY_LIST);
        } else {
            self.out.extend_from_slice(&[MARK, LIST]);
        }
        self.put(th, v)?;
        if o::list::storage::len(th, l)? == 0 {
            return Ok(());
        }
        let mut i = 0;
        th.enter_recursive(" while pickling an object")?;
        let r = self.items(th, |th| {
            i += 1;
            o::list::storage::get(th, l, i - 1)
        });
        th.leave_recursive();
        r
    }

    /// The items of an iterator, appended to what was written last.
    pub(super) fn iterated_items(&mut self, th: &mut Thread, it: Value) -> PyResult<()> {
        self.items(th, |th| ops::next(th, it))
    }

    fn items(
        &mut self,
        th: &mut Thread,
        mut next: impl FnMut(&mut Thread) -> PyResult<Slot>,
    ) -> PyResult<()> {
        if self.proto == 0 {
            while let Some(x) = next(th)? {
                self.save(th, x)?;
                self.out.push(APPEND);
            }
            return Ok(());
        }
        loop {
            let Some(first) = next(th)? else { return Ok(()) };
            let Some(mut x) = next(th)? else {
                self.save(th, first)?;
                self.out.push(APPEND);
                return Ok(());
            };
            self.out.push(MARK);
            self.save(th, first)?;
            let mut n = 1;
            loop {
                self.save(th, x)?;
                n += 1;
                if n == BATCH {
                    break;
                }
                match next(th)? {
                    Some(y) => x = y,
                    None => break,
                }
            }
            self.out.push(APPENDS);
            if n < BATCH {
                return Ok(());
            }
        }
    }

    fn dict(&mut self, th: &mut Thread, d: Ref<PyDict>, v: Value) -> PyResult<()> {
        self.enter_container(th, v)?;
        let r = self.dict_within(th, d, v);
        self.leave_container();
        r
    }

    fn dict_within(&mut self, th: &mut Thread, d: Ref<PyDict>, v: Value) -> PyResult<()> {
        if self.bin {
            self.out.push(EMPTY_DICT);
        } else {
            self.out.extend_from_slice(&[MARK, DICT]);
        }
        self.put(th, v)?;
        if o::dict::len(th, d)? == 0 {
            return Ok(());
        }
        if self.proto > 0 {
            th.enter_recursive(" while pickling an object")?;
            let r = self.exact_pairs(th, d);
            th.leave_recursive();
            return r;
        }
        let it = ops::call_method(th, v, &names::iteritems, &[])?;
        th.enter_recursive(" while pickling an object")?;
        let r = self.iterated_pairs(th, it);
        th.leave_recursive();
        r
    }

    /// The items of an exact dict, in batches.
    fn exact_pairs(&mut self, th: &mut Thread, d: Ref<PyDict>) -> PyResult<()> {
        let size = o::dict::len(th, d)?;
        let mut pos = 0;
        if size == 1 {
            if let Some((k, x)) = o::dict::next_entry(th, d, &mut pos)? {
                self.save(th, k)?;
                self.save(th, x)?;
            }
            self.out.push(SETITEM);
            return Ok(());
        }
        loop {
            self.out.push(MARK);
            let mut n = 0;
            while n < BATCH
                && let Some((k, x)) = o::dict::next_entry(th, d, &mut pos)?
            {
                self.save(th, k)?;
                self.save(th, x)?;
                n += 1;
            }
            self.out.push(SETITEMS);
            if o::dict::len(th, d)? != size {
                return Err(th.runtime_error("dictionary changed size during iteration"));
            }
            if n < BATCH {
                return Ok(());
            }
        }
    }

    /// The next pair of an iterator over items.
    fn next_pair(&mut self, th: &mut Thread, it: Value) -> PyResult<Option<(Value, Value)>> {
        let Some(p) = ops::next(th, it)? else { return Ok(None) };
        match p.payload::<PyTuple>().map(|t| t.get().items()) {
            Some([k, x]) => Ok(Some((*k, *x))),
            _ => Err(th.type_error("dict items iterator must return 2-tuples")),
        }
    }

    fn pair(&mut self, th: &mut Thread, p: (Value, Value)) -> PyResult<()> {
        self.save(th, p.0)?;
        self.save(th, p.1)
    }

    /// The pairs of an iterator, set in what was written last.
    pub(super) fn iterated_pairs(&mut self, th: &mut Thread, it: Value) -> PyResult<()> {
        if self.proto == 0 {
            while let Some(p) = self.next_pair(th, it)? {
                self.pair(th, p)?;
                self.out.push(SETITEM);
            }
            return Ok(());
        }
        loop {
            let Some(first) = self.next_pair(th, it)? else { return Ok(()) };
            let Some(mut p) = self.next_pair(th, it)? else {
                self.pair(th, first)?;
                self.out.push(SETITEM);
                return Ok(());
            };
            self.out.push(MARK);
            self.pair(th, first)?;
            let mut n = 1;
            loop {
                self.pair(th, p)?;
                n += 1;
                if n == BATCH {
                    break;
                }
                match self.next_pair(th, it)? {
                    Some(q) => p = q,
                    None => break,
                }
            }
            self.out.push(SETITEMS);
            if n < BATCH {
                return Ok(());
            }
        }
    }
}

/// An instruction about a memo number, in its short or its long form.
pub fn numbered(out: &mut Vec<u8>, short: u8, long: u8, n: i64) {
    match u8::try_from(n) {
        Ok(n) => out.extend_from_slice(&[short, n]),
        Err(_) => {
            out.push(long);
            out.extend_from_slice(&(n as u32).to_le_bytes());
        }
    }
}

/// `raw-unicode-escape`, with backslashes and ends of lines escaped too.
fn raw_escape(c: Chars<'_>, out: &mut Vec<u8>) {
    use std::io::Write;
    for x in c.iter() {
        // Writing to a vector cannot fail.
        let _ = match x {
            0x5c | 0x0a | 0x100..=0xffff => write!(out, "\\u{x:04x}"),
            0..=0xff => {
                out.push(x as u8);
                Ok(())
            }
            _ => write!(out, "\\U{x:08x}"),
        };
    }
}
