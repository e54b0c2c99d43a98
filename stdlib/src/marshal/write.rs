//! Writing values.

use super::{MAX_DEPTH, tag};
use interpreter::layout::{PyCode, PyComplex, PyDict, PyList, PyLong, PySet, PyStr, PyTuple, PyUnicode};
use interpreter::objects as o;
use interpreter::types::type_of;
use interpreter::{PyResult, Thread, Value, ops};
use numtext::float_text::{FloatStyle, float_text};
use std::collections::HashMap;
use std::sync::atomic::Ordering;

/// What is being written.
struct Writer {
    out: Vec<u8>,
    version: i64,
    /// Numbers of the interned strings written so far, by address.
    strings: HashMap<u64, i32>,
    depth: u32,
}

/// The bytes of a value.
pub(super) fn dump(th: &mut Thread, v: Value, version: i64) -> PyResult<Vec<u8>> {
    let mut w = Writer { out: Vec::new(), version, strings: HashMap::new(), depth: 0 };
    w.value(th, v)?;
    Ok(w.out)
}

impl Writer {
    fn long(&mut self, n: i32) {
        self.out.extend_from_slice(&n.to_le_bytes());
    }

    /// A length; one that the format cannot hold makes the value unmarshallable.
    fn size(&mut self, th: &mut Thread, n: usize) -> PyResult<()> {
        match i32::try_from(n) {
            Ok(n) => {
                self.long(n);
                Ok(())
            }
            Err(_) => Err(th.value_error("unmarshallable object")),
        }
    }

    fn bytes(&mut self, th: &mut Thread, b: &[u8]) -> PyResult<()> {
        self.size(th, b.len())?;
        self.out.extend_from_slice(b);
        Ok(())
    }

    fn float(&mut self, binary: u8, text: u8, parts: &[f64]) {
        if self.version > 1 {
            self.out.push(binary);
            for x in parts {
                self.out.extend_from_slice(&x.to_le_bytes());
            }
            return;
        }
        self.out.push(text);
        for x in parts {
            let t = float_text(*x, FloatStyle::new(b'g', 17));
            self.out.push(t.len() as u8);
            self.out.extend_from_slice(t.as_bytes());
        }
    }

    fn value(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        if self.depth >= MAX_DEPTH {
            return Err(th.value_error("object too deeply nested to marshal"));
        }
        th.check_native_stack()?;
        self.depth += 1;
        let r = self.value_within(th, v);
        self.depth -= 1;
        r
    }

    fn value_within(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        let class = type_of(v).value();
        match v {
            Value::NONE => self.out.push(tag::NONE),
            Value::TRUE => self.out.push(tag::TRUE),
            Value::FALSE => self.out.push(tag::FALSE),
            Value::ELLIPSIS => self.out.push(tag::ELLIPSIS),
            _ if v == o::exceptions::STOP_ITERATION.class() => self.out.push(tag::STOP_ITERATION),
            _ if class == o::int::INT.class() => {
                let n = ops::int_value(v).unwrap_or(0);
                match i32::try_from(n) {
                    Ok(n) => {
                        self.out.push(tag::INT);
                        self.long(n);
                    }
                    Err(_) => {
                        self.out.push(tag::INT64);
                        self.out.extend_from_slice(&n.to_le_bytes());
                    }
                }
            }
            _ if class == o::float::FLOAT.class() => {
                let x = o::float::float_value(v).unwrap_or(0.0);
                self.float(tag::FLOAT, tag::FLOAT_TEXT, &[x]);
            }
            _ => return self.object(th, v, class),
        }
        Ok(())
    }

    /// Objects other than the simplest; subclasses only where they are buffers.
    fn object(&mut self, th: &mut Thread, v: Value, class: Value) -> PyResult<()> {
        if let Some(s) = v.cast::<PyStr>() {
            return self.string(th, s.get(), v);
        }
        if let Some(l) = v.cast::<PyLong>() {
            return self.big(th, l.get());
        }
        if let Some(c) = v.cast::<PyComplex>() {
            self.float(tag::COMPLEX, tag::COMPLEX_TEXT, &[c.get().re, c.get().im]);
            return Ok(());
        }
        if let Some(u) = v.cast::<PyUnicode>() {
            // A pair of surrogates becomes one character.
            let b = interpreter::codecs::utf8::encode_chars(u.get().chars());
            self.out.push(tag::UNICODE);
            return self.bytes(th, &b);
        }
        if let Some(t) = v.cast::<PyTuple>().filter(|_| class == o::tuple::TUPLE.class()) {
            self.out.push(tag::TUPLE);
            self.size(th, t.len)?;
            for x in t.get().items() {
                self.value(th, *x)?;
            }
            return Ok(());
        }
        if let Some(l) = v.cast::<PyList>() {
            let items = o::list::storage::snapshot(th, l)?;
            self.out.push(tag::LIST);
            self.size(th, ops::values(&items).len())?;
            for x in ops::values(&items) {
                self.value(th, *x)?;
            }
            return Ok(());
        }
        if let Some(d) = v.cast::<PyDict>() {
            self.out.push(tag::DICT);
            let mut pos = 0;
            while let Some((k, x)) = o::dict::next_entry(th, d, &mut pos)? {
                self.value(th, k)?;
                self.value(th, x)?;
            }
            self.out.push(tag::NULL);
            return Ok(());
        }
        if let Some(s) = v.cast::<PySet>() {
            self.out.push(if class == o::set::FROZENSET.class() { tag::FROZENSET } else { tag::SET });
            let n = ops::len(th, v)?;
            self.size(th, n)?;
            let mut pos = 0;
            while let Some((x, _)) = o::set::next_key(th, s, &mut pos)? {
                self.value(th, x)?;
            }
            return Ok(());
        }
        if let Some(c) = v.cast::<PyCode>() {
            return self.code(th, c.get());
        }
        self.buffer(th, v)
    }

    /// Whatever exports its bytes becomes a str.
    fn buffer(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        let Some(f) = ops::slots_of(v)
            .buffer
            .filter(|_| !interpreter::types::is_instance_of(v, &o::buffer::MEMORYVIEW))
        else {
            return Err(th.value_error("unmarshallable object"));
        };
        let b = f(th, v)?.bytes().to_vec();
        self.out.push(tag::STRING);
        self.bytes(th, &b)
    }

    fn string(&mut self, th: &mut Thread, s: &PyStr, v: Value) -> PyResult<()> {
        if self.version > 0 && s.interned.load(Ordering::Acquire) != 0 {
            if let Some(n) = self.strings.get(&v.bits()) {
                self.out.push(tag::STRING_REF);
                self.long(*n);
                return Ok(());
            }
            self.strings.insert(v.bits(), self.strings.len() as i32);
            self.out.push(tag::INTERNED);
        } else {
            self.out.push(tag::STRING);
        }
        self.bytes(th, s.bytes())
    }

    /// Digits of 15 bits, their count negative for a negative number.
    fn big(&mut self, th: &mut Thread, l: &PyLong) -> PyResult<()> {
        let digits = syntax::marshal::long_digits(l.digits().iter().copied());
        self.out.push(tag::LONG);
        let Ok(n) = i32::try_from(digits.len()) else { return Err(th.value_error("unmarshallable object")) };
        self.long(if l.sign < 0 { -n } else { n });
        for d in digits {
            self.out.extend_from_slice(&d.to_le_bytes());
        }
        Ok(())
    }

    fn code(&mut self, th: &mut Thread, c: &PyCode) -> PyResult<()> {
        self.out.push(tag::CODE);
        for n in [c.argcount, c.nlocals, c.stacksize, c.flags] {
            self.long(n as i32);
        }
        for v in [c.code, c.consts, c.names, c.varnames, c.freevars, c.cellvars, c.filename, c.name] {
            self.value(th, v)?;
        }
        self.long(c.firstlineno);
        self.value(th, c.lnotab)
    }
}
