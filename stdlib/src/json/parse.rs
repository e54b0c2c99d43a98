//! JSON text to values.

use super::error_at;
use super::scanner::Settings;
use super::strings::Input;
use interpreter::layout::{PyDict, PyUnicode};
use interpreter::text::Char;
use interpreter::{PyResult, Raised, Slot, Thread, Value, objects as o, ops};
use numtext::int_text::parse_int;

/// One call of a scanner. It holds values, and lives on the native stack.
pub struct Parser<'a, C> {
    pub s: &'a [C],
    pub input: Input<'a>,
    pub hooks: Settings,
    /// Recent keys of objects, by the hash of their text: the same key comes again and again.
    pub keys: gc_stm::RootVec,
    pub steps: u32,
}

/// Entries of [`Parser::keys`].
pub const KEYS: usize = 64;

/// Nothing that is a value begins here.
#[cold]
pub fn nothing(th: &mut Thread) -> Raised {
    th.stop_iteration()
}

impl<C: Char> Parser<'_, C> {
    #[inline]
    fn at(&self, i: usize) -> Option<u8> {
        self.s.get(i).map(|c| u8::try_from(c.value()).unwrap_or(0x80))
    }

    #[inline]
    fn skip_blanks(&self, mut i: usize) -> usize {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.at(i) {
            i += 1;
        }
        i
    }

    fn error(&self, th: &mut Thread, message: &str, at: usize) -> Raised {
        error_at(th, message, self.input.text, at)
    }

    /// A delimiter is missing; the words differ with the kind of text, as CPython's do.
    #[cold]
    fn expected(&self, th: &mut Thread, c: char, at: usize) -> Raised {
        let message = match self.input.encoding {
            Some(_) => format!("Expecting {c} delimiter"),
            None => format!("Expecting '{c}' delimiter"),
        };
        self.error(th, &message, at)
    }

    /// The value at `i`, and the place after it.
    pub fn value(&mut self, th: &mut Thread, i: usize) -> PyResult<(Value, usize)> {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(1024) {
            th.native_poll()?;
        }
        match self.at(i) {
            Some(b'"') => self.input.string(th, self.s, i + 1),
            Some(b'{') => {
                self.deeper(th, " while decoding a JSON object from a ", |me, th| me.object(th, i + 1))
            }
            Some(b'[') => {
                self.deeper(th, " while decoding a JSON array from a ", |me, th| me.array(th, i + 1))
            }
            Some(b'n') if self.word(i, b"null") => Ok((Value::NONE, i + 4)),
            Some(b't') if self.word(i, b"true") => Ok((Value::TRUE, i + 4)),
            Some(b'f') if self.word(i, b"false") => Ok((Value::FALSE, i + 5)),
            Some(b'N') if self.word(i, b"NaN") => self.constant(th, i, b"NaN"),
            Some(b'I') if self.word(i, b"Infinity") => self.constant(th, i, b"Infinity"),
            Some(b'-') if self.word(i, b"-Infinity") => self.constant(th, i, b"-Infinity"),
            Some(b'-' | b'0'..=b'9') => self.number(th, i),
            _ => Err(nothing(th)),
        }
    }

    fn deeper<R>(
        &mut self,
        th: &mut Thread,
        doing: &str,
        f: impl FnOnce(&mut Self, &mut Thread) -> PyResult<R>,
    ) -> PyResult<R> {
        th.depth += 1;
        if th.depth > th.rt.recursion_limit() || th.check_native_stack().is_err() {
            th.depth -= 1;
            let kind = if self.input.encoding.is_some() { "byte string" } else { "unicode string" };
            return Err(th.recursion_error(&format!("{doing}{kind}")));
        }
        let r = f(self, th);
        th.leave_recursive();
        r
    }

    fn word(&self, i: usize, word: &[u8]) -> bool {
        self.s
            .get(i..i + word.len())
            .is_some_and(|s| s.iter().zip(word).all(|(a, b)| a.value() == (*b).into()))
    }

    fn constant(&mut self, th: &mut Thread, i: usize, word: &[u8]) -> PyResult<(Value, usize)> {
        let name = th.intern(word);
        let v = ops::call(th, self.hooks.parse_constant, &[name])?;
        Ok((v, i + word.len()))
    }

    fn number(&mut self, th: &mut Thread, from: usize) -> PyResult<(Value, usize)> {
        let digits_end = |mut i: usize| {
            while let Some(b'0'..=b'9') = self.at(i) {
                i += 1;
            }
            i
        };
        let first = if self.at(from) == Some(b'-') { from + 1 } else { from };
        let mut end = match self.at(first) {
            Some(b'0') => first + 1,
            Some(b'1'..=b'9') => digits_end(first + 1),
            _ => return Err(nothing(th)),
        };
        let mut float = false;
        if self.at(end) == Some(b'.') && matches!(self.at(end + 1), Some(b'0'..=b'9')) {
            float = true;
            end = digits_end(end + 2);
        }
        if let Some(b'e' | b'E') = self.at(end) {
            let sign = matches!(self.at(end + 1), Some(b'-' | b'+')) as usize;
            let begin = end + 1 + sign;
            let after = digits_end(begin);
            if after > begin {
                float = true;
                end = after;
            }
        }
        let text: smallvec::SmallVec<[u8; 64]> = self.s[from..end].iter().map(|c| c.value() as u8).collect();
        let (hook, own) = if float {
            (self.hooks.parse_float, o::float::FLOAT.class())
        } else {
            (self.hooks.parse_int, o::int::INT.class())
        };
        if hook != own {
            let arg = match self.input.encoding {
                Some(_) => th.try_str(&text)?,
                None => o::unicode::from_units(th, &text[..])?,
            };
            return Ok((ops::call(th, hook, &[arg])?, end));
        }
        if float {
            let x = numtext::float_parse::parse_float(&text).unwrap_or(0.0);
            return Ok((th.float(x), end));
        }
        if text.len() < 19 {
            let n = text.iter().filter(|c| **c != b'-').fold(0, |n, c| n * 10 + i64::from(c - b'0'));
            return Ok((th.int(if text[0] == b'-' { -n } else { n }), end));
        }
        match parse_int(&text, 10, false) {
            Some(n) => Ok((th.integer(&n.into_big())?, end)),
            None => Err(nothing(th)),
        }
    }

    fn array(&mut self, th: &mut Thread, i: usize) -> PyResult<(Value, usize)> {
        let items = th.m.root_vec();
        let mut i = self.skip_blanks(i);
        if self.at(i) != Some(b']') {
            while i < self.s.len() {
                let (v, next) = self.value(th, i)?;
                items.push(v.bits());
                i = self.skip_blanks(next);
                match self.at(i) {
                    None | Some(b']') => break,
                    Some(b',') => i = self.skip_blanks(i + 1),
                    Some(_) => return Err(self.expected(th, ',', i)),
                }
            }
        }
        if self.at(i) != Some(b']') {
            return Err(self.error(th, "Expecting object", self.s.len() - 1));
        }
        Ok((th.new_list(ops::values(&items))?, i + 1))
    }

    /// The key whose text begins at `i`: one seen a moment ago is given again.
    fn key(&mut self, th: &mut Thread, i: usize) -> PyResult<(Value, usize)> {
        let mut h = 0u32;
        let mut end = i;
        let slot = loop {
            match self.s.get(end).map(|c| c.value()) {
                Some(0x22) => break h as usize % KEYS,
                Some(c @ (0x20..=0x5b | 0x5d..=0x7f)) if end - i < 32 => {
                    h = (h ^ c).wrapping_mul(0x0100_0193);
                    end += 1;
                }
                _ => return self.input.string(th, self.s, i),
            }
        };
        let slot = (slot ^ (h >> 16) as usize) % KEYS;
        if let Some(u) = self.keys.get(slot).and_then(Value::from_bits).and_then(|k| k.cast::<PyUnicode>())
            && let interpreter::layout::Chars::One(b) = u.get().chars()
            && b.len() == end - i
            && b.iter().zip(&self.s[i..end]).all(|(a, c)| u32::from(*a) == c.value())
        {
            return Ok((u.value(), end + 1));
        }
        let found = self.input.string(th, self.s, i)?;
        self.keys.set(slot, found.0.bits());
        Ok(found)
    }

    fn object(&mut self, th: &mut Thread, i: usize) -> PyResult<(Value, usize)> {
        let pairs = th.m.root_vec();
        let hooked = self.hooks.object_pairs_hook.is_some();
        let v = th.new_dict();
        let Some(d) = v.cast::<PyDict>() else { return Err(nothing(th)) };
        let mut i = self.skip_blanks(i);
        if self.at(i) != Some(b'}') {
            while i < self.s.len() {
                if self.at(i) != Some(b'"') {
                    return Err(self.error(th, "Expecting property name", i));
                }
                let (k, next) = self.key(th, i + 1)?;
                i = self.skip_blanks(next);
                if self.at(i) != Some(b':') {
                    return Err(self.expected(th, ':', i));
                }
                i = self.skip_blanks(i + 1);
                let (x, next) = self.value(th, i)?;
                if hooked {
                    pairs.push(th.new_tuple(&[k, x]).bits());
                } else {
                    o::dict::set(th, d, k, x)?;
                }
                i = self.skip_blanks(next);
                match self.at(i) {
                    None | Some(b'}') => break,
                    Some(b',') => i = self.skip_blanks(i + 1),
                    Some(_) => return Err(self.expected(th, ',', i)),
                }
            }
        }
        if self.at(i) != Some(b'}') {
            return Err(self.error(th, "Expecting object", self.s.len() - 1));
        }
        let hook = |v: Slot| v.filter(|v| !v.is_none());
        let r = if let Some(f) = hook(self.hooks.object_pairs_hook) {
            let l = th.new_list(ops::values(&pairs))?;
            ops::call(th, f, &[l])?
        } else if let Some(f) = hook(self.hooks.object_hook) {
            ops::call(th, f, &[v])?
        } else {
            v
        };
        Ok((r, i + 1))
    }
}
