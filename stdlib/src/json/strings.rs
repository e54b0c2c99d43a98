//! JSON strings: from text to unicode.

use super::error_at;
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::objects::unicode::{Builder, from_units, with_chars};
use interpreter::text::Char;
use interpreter::{Args, PyResult, Thread, Value, codecs, ops};

/// How the text of a str is to be understood.
pub struct Input<'a> {
    /// The str or unicode.
    pub text: Value,
    /// For a str: the encoding of what is not ASCII.
    pub encoding: Option<&'a str>,
    pub strict: bool,
}

/// Where a plain run ends: at a quote, a backslash or (strict) a control character.
#[inline]
fn run_end<C: Char>(s: &[C], from: usize, strict: bool) -> usize {
    let mut i = from;
    while let Some(c) = s.get(i) {
        let c = c.value();
        if c == 0x22 || c == 0x5c || (c < 0x20 && strict) {
            break;
        }
        i += 1;
    }
    i
}

/// Four hexadecimal digits.
fn hex4<C: Char>(s: &[C]) -> Option<u32> {
    let digits = s.get(..4)?;
    digits
        .iter()
        .try_fold(0, |n, c| char::from_u32(c.value()).and_then(|c| c.to_digit(16)).map(|d| n << 4 | d))
}

impl Input<'_> {
    /// Appends a run of the text.
    fn push_run<C: Char>(&self, th: &mut Thread, run: &[C], out: &mut Builder) -> PyResult<()> {
        let v = self.run(th, run)?;
        if let Some(u) = v.cast::<PyUnicode>() {
            out.push_chars(u.get().chars());
        }
        Ok(())
    }

    /// A run of the text as unicode.
    fn run<C: Char>(&self, th: &mut Thread, run: &[C]) -> PyResult {
        let bytes: &[u8] = match self.encoding {
            Some(_) if C::WIDTH == 1 => {
                // SAFETY: one byte a character.
                unsafe { std::slice::from_raw_parts(run.as_ptr() as *const u8, run.len()) }
            }
            _ => return from_units(th, run),
        };
        match self.encoding {
            _ if bytes.is_ascii() => from_units(th, bytes),
            Some("utf-8") | None => Ok(codecs::utf8::decode(th, bytes, None, true)?.0),
            Some(e) => {
                let s = th.try_str(bytes)?;
                codecs::decode_to_unicode(th, s, Some(e), None)
            }
        }
    }

    /// The string whose first character is at `from`, and the place after its closing quote.
    #[inline]
    pub fn string<C: Char>(&self, th: &mut Thread, s: &[C], from: usize) -> PyResult<(Value, usize)> {
        let end = run_end(s, from, self.strict);
        if s.get(end).is_some_and(|c| c.value() == 0x22) {
            return Ok((self.run(th, &s[from..end])?, end + 1));
        }
        self.escaped_string(th, s, from, end)
    }

    #[inline(never)]
    fn escaped_string<C: Char>(
        &self,
        th: &mut Thread,
        s: &[C],
        from: usize,
        first_end: usize,
    ) -> PyResult<(Value, usize)> {
        let mut out = Builder::with_capacity(first_end - from + 16);
        let (mut at, mut end) = (from, first_end);
        let begin = from.wrapping_sub(1);
        loop {
            self.push_run(th, &s[at..end], &mut out)?;
            match s.get(end).map(|c| c.value()) {
                None => return Err(error_at(th, "Unterminated string starting at", self.text, begin)),
                Some(0x22) => return Ok((out.finish(th)?, end + 1)),
                Some(0x5c) => {}
                Some(_) => return Err(error_at(th, "Invalid control character at", self.text, end)),
            }
            let Some(c) = s.get(end + 1).map(|c| c.value()) else {
                return Err(error_at(th, "Unterminated string starting at", self.text, begin));
            };
            at = end + 2;
            let c = match char::from_u32(c) {
                Some(c @ ('"' | '\\' | '/')) => c as u32,
                Some('b') => 8,
                Some('f') => 12,
                Some('n') => 10,
                Some('r') => 13,
                Some('t') => 9,
                Some('u') => {
                    let (c, next) = self.unicode_escape(th, s, at)?;
                    at = next;
                    c
                }
                _ => return Err(error_at(th, "Invalid \\escape", self.text, end)),
            };
            out.push(c);
            end = run_end(s, at, self.strict);
        }
    }

    /// The character of the escape whose digits begin at `at`, and the place after it. Surrogates that belong together
    /// are one character.
    fn unicode_escape<C: Char>(&self, th: &mut Thread, s: &[C], at: usize) -> PyResult<(u32, usize)> {
        let refused = "Invalid \\uXXXX escape";
        // The string must go on behind the digits.
        let digits = |at: usize| s.get(at..).filter(|rest| rest.len() > 4).and_then(hex4);
        let Some(high) = digits(at) else { return Err(error_at(th, refused, self.text, at - 1)) };
        let next = at + 4;
        let escape = |i: usize, c: u32| s.get(i).is_some_and(|x| x.value() == c);
        if !(0xd800..0xdc00).contains(&high) || !escape(next, 0x5c) || !escape(next + 1, 0x75) {
            return Ok((high, next));
        }
        match digits(next + 2) {
            Some(low) if (0xdc00..0xe000).contains(&low) => {
                Ok((0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), next + 6))
            }
            Some(_) => Ok((high, next)),
            None => Err(error_at(th, refused, self.text, next + 1)),
        }
    }
}

/// The name of an encoding: a str, or None for UTF-8.
pub fn encoding_argument(th: &mut Thread, v: Option<Value>) -> PyResult<String> {
    match v {
        None | Some(Value::NONE) => Ok("utf-8".to_owned()),
        Some(e) => match e.payload::<PyStr>() {
            Some(s) => Ok(String::from_utf8_lossy(s.get().bytes()).into_owned()),
            None => {
                let n = ops::type_name(e);
                Err(th.type_error(format!("scanstring() argument 3 must be string or None, not {n}")))
            }
        },
    }
}

/// `scanstring(text, end, encoding='utf-8', strict=True)`.
pub fn scanstring(th: &mut Thread, args: Args<'_>) -> PyResult {
    let text = args.pos[0];
    let from = ops::integer_arg(th, args.pos[1])?;
    let encoding = encoding_argument(th, args.get(2))?;
    let strict = match args.get(3) {
        Some(s) => ops::int32_arg(th, s)? != 0,
        None => true,
    };
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let (v, end) = if let Some(s) = text.payload::<PyStr>() {
        let s = s.get().bytes();
        if from > s.len() {
            return Err(th.value_error("end is out of bounds"));
        }
        Input { text, encoding: Some(&encoding), strict }.string(th, s, from)?
    } else if let Some(u) = text.payload::<PyUnicode>() {
        if from > u.len {
            return Err(th.value_error("end is out of bounds"));
        }
        let input = Input { text, encoding: None, strict };
        with_chars!(u.get().chars(), |s| input.string(th, s, from)?)
    } else {
        let n = ops::type_name(text);
        return Err(th.type_error(format!("first argument must be a string, not {n}")));
    };
    let end = th.int(end as i64);
    Ok(th.new_tuple(&[v, end]))
}
