//! Values to JSON text.

use super::escape::put_string;
use gc_stm::RootVec;
use interpreter::layout::{PyDict, PyList, PyLong, PyStr, PyTuple, PyUnicode};
use interpreter::types::type_of;
use interpreter::{PyResult, Thread, Value, names, objects as o, ops};
use numtext::float_text::float_repr;

/// One call of an encoder. It holds values, and lives on the native stack.
pub struct Encoding {
    /// What follows the pieces.
    pub out: Vec<u8>,
    /// Pieces that are done: strs, and whatever a Python encoder gave.
    pub pieces: RootVec,
    pub check_circles: bool,
    /// Addresses of the containers that are being written, outermost first.
    pub open: Vec<u64>,
    pub default: Value,
    /// What makes JSON of strings; none: [`put_string`].
    pub encoder: Option<Value>,
    pub key_separator: Value,
    pub item_separator: Value,
    pub sort_keys: bool,
    pub skip_keys: bool,
    pub allow_nan: bool,
    pub steps: u32,
}

impl Encoding {
    /// The pieces as a list.
    pub fn finish(&mut self, th: &mut Thread) -> PyResult {
        self.flush(th)?;
        th.new_list(ops::values(&self.pieces))
    }

    fn flush(&mut self, th: &mut Thread) -> PyResult<()> {
        if !self.out.is_empty() {
            let s = th.try_str(&self.out)?;
            self.pieces.push(s.bits());
            self.out.clear();
        }
        Ok(())
    }

    /// Text from elsewhere: strs join what is there, other pieces stay what they are.
    fn piece(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        if let Some(s) = v.cast::<PyStr>() {
            self.out.extend_from_slice(s.get().bytes());
            return Ok(());
        }
        self.flush(th)?;
        self.pieces.push(v.bits());
        Ok(())
    }

    fn string(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        match self.encoder {
            None => put_string(th, v, &mut self.out).map(|_| ()),
            Some(f) => {
                let s = ops::call(th, f, &[v])?;
                self.piece(th, s)
            }
        }
    }

    fn float(&mut self, th: &mut Thread, v: Value, x: f64) -> PyResult<()> {
        if x.is_finite() {
            if type_of(v).value() == o::float::FLOAT.class() {
                self.out.extend_from_slice(float_repr(x).as_bytes());
                return Ok(());
            }
            let plain = th.float(x);
            let s = ops::repr(th, plain)?;
            return self.piece(th, s);
        }
        if !self.allow_nan {
            return Err(th.value_error("Out of range float values are not JSON compliant"));
        }
        self.out.extend_from_slice(if x.is_nan() {
            b"NaN"
        } else if x > 0.0 {
            b"Infinity"
        } else {
            b"-Infinity"
        });
        Ok(())
    }

    pub fn value(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        if let Some(n) = v.as_small_int() {
            o::str::percent::decimal(n, |b| self.out.extend_from_slice(b));
            return Ok(());
        }
        match v {
            Value::NONE => self.out.extend_from_slice(b"null"),
            Value::TRUE => self.out.extend_from_slice(b"true"),
            Value::FALSE => self.out.extend_from_slice(b"false"),
            _ if v.cast::<PyStr>().is_some() || v.cast::<PyUnicode>().is_some() => {
                return self.string(th, v);
            }
            _ => return self.other(th, v),
        }
        Ok(())
    }

    fn other(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(1024) {
            th.native_poll()?;
        }
        if v.payload::<PyStr>().is_some() || v.payload::<PyUnicode>().is_some() {
            return self.string(th, v);
        }
        if ops::int_value(v).is_some() || v.payload::<PyLong>().is_some() {
            let s = ops::str(th, v)?;
            return self.piece(th, s);
        }
        if let Some(x) = o::float::float_value(v) {
            return self.float(th, v, x);
        }
        th.enter_recursive(" while encoding a JSON object")?;
        let r = self.container(th, v);
        th.leave_recursive();
        r
    }

    fn container(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        if self.check_circles {
            if self.open.contains(&v.bits()) {
                return Err(th.value_error("Circular reference detected"));
            }
            self.open.push(v.bits());
        }
        if v.payload::<PyList>().is_some() || v.payload::<PyTuple>().is_some() {
            self.list(th, v)?;
        } else if v.payload::<PyDict>().is_some() {
            self.dict(th, v)?;
        } else {
            let plain = ops::call(th, self.default, &[v])?;
            self.value(th, plain)?;
        }
        if self.check_circles {
            self.open.pop();
        }
        Ok(())
    }

    fn separator(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        self.piece(th, v)
    }

    fn list(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        self.out.push(b'[');
        if let Some(l) = v.cast::<PyList>() {
            // Whatever is called meanwhile may shorten it.
            let mut i = 0;
            while let Some(x) = o::list::storage::get(th, l, i)? {
                if i > 0 {
                    self.separator(th, self.item_separator)?;
                }
                self.value(th, x)?;
                i += 1;
            }
        } else {
            let items = ops::collect(th, v)?;
            for i in 0..items.len() {
                if i > 0 {
                    self.separator(th, self.item_separator)?;
                }
                self.value(th, ops::values(&items)[i])?;
            }
        }
        self.out.push(b']');
        Ok(())
    }

    fn dict(&mut self, th: &mut Thread, v: Value) -> PyResult<()> {
        if ops::len(th, v)? == 0 {
            self.out.extend_from_slice(b"{}");
            return Ok(());
        }
        self.out.push(b'{');
        let mut first = true;
        if let Some(d) = v.cast::<PyDict>().filter(|_| !self.sort_keys) {
            let pairs = th.m.root_vec();
            let mut pos = 0;
            while let Some((k, x)) = o::dict::next_entry(th, d, &mut pos)? {
                pairs.push(k.bits());
                pairs.push(x.bits());
            }
            for i in (0..pairs.len()).step_by(2) {
                let (k, x) = (ops::values(&pairs)[i], ops::values(&pairs)[i + 1]);
                self.pair(th, k, x, &mut first)?;
            }
        } else {
            let items = ops::call_method(th, v, &names::items, &[])?;
            if self.sort_keys {
                match items.cast::<PyList>() {
                    Some(l) => o::list::sort_list(th, l, None, None, false)?,
                    None => return Err(th.type_error("items must return a list")),
                }
            }
            let items = ops::collect(th, items)?;
            for i in 0..items.len() {
                match ops::values(&items)[i].payload::<PyTuple>().map(|t| t.get().items()) {
                    Some([k, x]) => self.pair(th, *k, *x, &mut first)?,
                    _ => return Err(th.value_error("items must return 2-tuples")),
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn pair(&mut self, th: &mut Thread, k: Value, x: Value, first: &mut bool) -> PyResult<()> {
        let is_string = k.payload::<PyStr>().is_some() || k.payload::<PyUnicode>().is_some();
        let number = ops::int_value(k).is_some() || k.payload::<PyLong>().is_some();
        let float = o::float::float_value(k);
        if !is_string && !number && float.is_none() && !k.is_none() {
            if self.skip_keys {
                return Ok(());
            }
            return Err(th.type_error("keys must be a string"));
        }
        if !*first {
            self.separator(th, self.item_separator)?;
        }
        *first = false;
        let key = if is_string {
            k
        } else if let Some(x) = float {
            let outer = std::mem::take(&mut self.out);
            let r = self.float(th, k, x);
            let text = std::mem::replace(&mut self.out, outer);
            r?;
            th.try_str(&text)?
        } else if k.is_none() {
            th.intern(b"null")
        } else {
            ops::str(th, k)?
        };
        self.string(th, key)?;
        self.separator(th, self.key_separator)?;
        self.value(th, x)
    }
}
