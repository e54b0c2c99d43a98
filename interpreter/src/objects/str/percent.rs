//! The `%` operator of `str` and `unicode`.
//!
//! A `str` template turns to unicode at the first argument that is unicode: what is done so far is decoded, and the
//! rest of the template, from that directive on, is done as unicode with the arguments that are left.

use crate::layout::{Chars, PyInstance, PyLong, PyStr, PyTuple, PyUnicode};
use crate::objects as o;
use crate::objects::unicode::{Builder, with_chars};
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::text::Char;
use crate::thread::Thread;
use crate::value::{Slot, Value};
use num_bigint::BigInt;
use numtext::int_text::Int;
use numtext::percent::{self, Amount, Directive, Flags, Percent, Piece};

impl Thread {
    /// Raises what a function of `numtext` refused.
    #[cold]
    pub fn refused(&mut self, e: numtext::Error) -> Raised {
        use numtext::Kind;
        let def = match e.kind {
            Kind::Value | Kind::Struct => &o::exceptions::VALUE_ERROR,
            Kind::Type => &o::exceptions::TYPE_ERROR,
            Kind::Overflow => &o::exceptions::OVERFLOW_ERROR,
            Kind::ZeroDivision => &o::exceptions::ZERO_DIVISION_ERROR,
            #[allow(unreachable_patterns)]
            _ => return self.memory_error(),
        };
        // Characters of the message stand for bytes.
        let bytes: Vec<u8> = e.message.chars().map(|c| c as u8).collect();
        let v = self.new_str(&bytes);
        self.raise(def.class(), Some(v))
    }
}

/// Where the arguments come from.
struct Arguments {
    values: Value,
    /// Tuple length; none for a single value.
    len: Option<usize>,
    next: usize,
    dict: Slot,
}

impl Arguments {
    fn new(v: Value) -> Arguments {
        let len = v.payload::<PyTuple>().map(|t| t.get().items().len());
        let text = v.payload::<PyStr>().is_some() || v.payload::<PyUnicode>().is_some();
        // An xrange is indexed by position only.
        let xrange = crate::types::type_of(v).value() == o::xrange::XRANGE.class();
        let mapping = len.is_none() && !text && !xrange && ops::slots_of(v).getitem.is_some();
        Arguments { values: v, len, next: 0, dict: mapping.then_some(v) }
    }

    fn take(&mut self, th: &mut Thread) -> PyResult {
        let i = self.next;
        if i >= self.len.unwrap_or(1) {
            return Err(th.refused(percent::not_enough()));
        }
        self.next += 1;
        match self.len {
            Some(_) => Ok(self.values.payload::<PyTuple>().map_or(Value::NONE, |t| t.get().items()[i])),
            None => Ok(self.values),
        }
    }

    fn finish(&self, th: &mut Thread) -> PyResult<()> {
        if self.next < self.len.unwrap_or(1) && self.dict.is_none() {
            return Err(th.refused(percent::not_all()));
        }
        Ok(())
    }

    fn amount(&mut self, th: &mut Thread, a: Amount) -> PyResult<Option<i64>> {
        match a {
            Amount::None => Ok(None),
            Amount::Fixed(n) => Ok(Some(n)),
            Amount::Argument => {
                let v = self.take(th)?;
                match ops::int_value(v) {
                    Some(n) => Ok(Some(n)),
                    None => Err(th.type_error("* wants int")),
                }
            }
        }
    }
}

/// Where the result goes: bytes, or characters.
trait Output {
    const UNICODE: bool;
    fn units<C: Char>(&mut self, cs: &[C]);
    fn ascii(&mut self, b: &[u8]);
    /// False if there is no memory.
    fn blanks(&mut self, n: usize) -> bool;
}

impl Output for Vec<u8> {
    const UNICODE: bool = false;
    fn units<C: Char>(&mut self, cs: &[C]) {
        self.extend(cs.iter().map(|c| c.value() as u8));
    }
    fn ascii(&mut self, b: &[u8]) {
        self.extend_from_slice(b);
    }
    fn blanks(&mut self, n: usize) -> bool {
        if n > isize::MAX as usize / 2 || self.try_reserve(n).is_err() {
            return false;
        }
        self.resize(self.len() + n, b' ');
        true
    }
}

impl Output for Builder {
    const UNICODE: bool = true;
    fn units<C: Char>(&mut self, cs: &[C]) {
        self.push_units(cs);
    }
    fn ascii(&mut self, b: &[u8]) {
        self.push_bytes(b);
    }
    fn blanks(&mut self, n: usize) -> bool {
        n == 0 || self.push_many(32, n)
    }
}

/// How far the work on a template came.
enum Progress {
    Done,
    /// A unicode argument turned up at the directive that starts here.
    Unicode(usize),
}

/// `str % args`.
pub fn format_str(th: &mut Thread, template: Value, values: Value) -> PyResult {
    let text = th.str_bytes(template);
    let mut args = Arguments::new(values);
    let mut out: Vec<u8> = Vec::with_capacity(text.len() + 32);
    match run(th, text, &mut args, &mut out)? {
        Progress::Done => {
            args.finish(th)?;
            super::from_bytes(th, &out)
        }
        Progress::Unicode(at) => {
            let head = o::unicode::decode_default(th, &out)?;
            let rest = o::unicode::decode_default(th, &text[at..])?;
            let mut out = Builder::default();
            out.push_chars(chars(head));
            finish_unicode(th, rest, args, out)
        }
    }
}

/// `unicode % args`.
pub fn format_unicode(th: &mut Thread, template: Value, values: Value) -> PyResult {
    let out = Builder::with_capacity(chars(template).len() + 32);
    finish_unicode(th, template, Arguments::new(values), out)
}

fn chars<'a>(v: Value) -> Chars<'a> {
    v.payload::<PyUnicode>().map_or(Chars::One(&[]), |u| u.get().chars())
}

fn finish_unicode(th: &mut Thread, template: Value, mut args: Arguments, mut out: Builder) -> PyResult {
    with_chars!(chars(template), |t| {
        run(th, t, &mut args, &mut out)?;
    });
    args.finish(th)?;
    out.finish(th)
}

fn run<C: Char + numtext::Unit, O: Output>(
    th: &mut Thread,
    template: &[C],
    args: &mut Arguments,
    out: &mut O,
) -> PyResult<Progress> {
    let mut at = 0;
    for piece in Percent::new(template) {
        match piece.map_err(|e| th.refused(e))? {
            Piece::Literal(l) => {
                out.units(l);
                at += l.len();
            }
            Piece::Directive(d) => {
                let before = (args.values, args.len, args.next);
                let end = d.index + 1;
                if !directive(th, d, args, out)? {
                    (args.values, args.len, args.next) = before;
                    return Ok(Progress::Unicode(at));
                }
                at = end;
            }
        }
    }
    Ok(Progress::Done)
}

/// One directive; false if it needs unicode.
fn directive<C: Char + numtext::Unit, O: Output>(
    th: &mut Thread,
    d: Directive<'_, C>,
    args: &mut Arguments,
    out: &mut O,
) -> PyResult<bool> {
    if let Some(key) = d.key {
        let Some(dict) = args.dict else { return Err(th.type_error("format requires a mapping")) };
        let key = if O::UNICODE {
            o::unicode::from_units(th, key)?
        } else {
            let b: Vec<u8> = key.iter().map(|c| c.value() as u8).collect();
            super::from_bytes(th, &b)?
        };
        args.values = ops::getitem(th, dict, key)?;
        (args.len, args.next) = (None, 0);
    }
    let mut flags = d.flags;
    let width = args.amount(th, d.width)?.unwrap_or(0);
    if width < 0 {
        flags.left = true;
    }
    let width = width.unsigned_abs() as usize;
    let precision = args.amount(th, d.precision)?;
    if let Some(p) = precision
        && i32::try_from(p).is_err()
    {
        return Err(th.overflow_error("Python int too large to convert to C int"));
    }
    let precision = precision.map(|p| p.max(0) as usize);
    let unit = d.conversion.map_err(|e| th.refused(e))?;
    let letter = u8::try_from(Char::value(unit)).unwrap_or(0);
    if letter == b'%' {
        text(th, b"%", flags, width, None, out)?;
        return Ok(true);
    }
    let v = args.take(th)?;
    match letter {
        b's' if !O::UNICODE && v.payload::<PyUnicode>().is_some() => return Ok(false),
        b's' | b'r' => {
            let s = match letter {
                b'r' => ops::repr(th, v)?,
                _ if O::UNICODE => o::unicode::of_any(th, v)?,
                _ => ops::str_or_unicode(th, v)?,
            };
            if let Some(u) = s.payload::<PyUnicode>() {
                if !O::UNICODE {
                    return Ok(false);
                }
                with_chars!(u.get().chars(), |t| text(th, t, flags, width, precision, out))?;
            } else if O::UNICODE {
                let u = o::unicode::decode_default(th, th.str_bytes(s))?;
                with_chars!(chars(u), |t| text(th, t, flags, width, precision, out))?;
            } else {
                text(th, th.str_bytes(s), flags, width, precision, out)?;
            }
        }
        b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => integer(th, v, letter, flags, width, precision, out)?,
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
            let x = match ops::float_arg(th, v) {
                Ok(x) => x,
                Err(e) => {
                    e.catch(th)?;
                    let n = ops::type_name(v);
                    return Err(th.refused(percent::float_required(&n)));
                }
            };
            let t =
                percent::render_float::<u8>(x, letter, flags, width, precision).map_err(|e| th.refused(e))?;
            out.ascii(&t);
        }
        b'c' => {
            if !O::UNICODE && v.payload::<PyUnicode>().is_some() {
                return Ok(false);
            }
            let c = character(th, v, O::UNICODE)?;
            text(th, &[c], flags, width, None, out)?;
        }
        _ => return Err(th.refused(percent::unsupported(unit, d.index))),
    }
    Ok(true)
}

/// Text cut to a precision and filled up to a width.
fn text<C: Char, O: Output>(
    th: &mut Thread,
    t: &[C],
    flags: Flags,
    width: usize,
    precision: Option<usize>,
    out: &mut O,
) -> PyResult<()> {
    let t = precision.map_or(t, |p| &t[..p.min(t.len())]);
    let missing = width.saturating_sub(t.len());
    if !flags.left && !out.blanks(missing) {
        return Err(th.memory_error());
    }
    out.units(t);
    if flags.left && !out.blanks(missing) {
        return Err(th.memory_error());
    }
    Ok(())
}

/// The integer that a number converts to, for the integer conversions; none if it is no number.
fn as_integer(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let is_integer = |v: Value| ops::int_value(v).is_some() || v.payload::<PyLong>().is_some();
    if is_integer(v) {
        return Ok(Some(v));
    }
    let s = ops::slots_of(v);
    for f in [s.int, s.long].into_iter().flatten() {
        match f(th, v) {
            Ok(r) if is_integer(r) => return Ok(Some(r)),
            Ok(_) => {}
            Err(e) => {
                e.catch(th)?;
            }
        }
    }
    Ok(None)
}

fn integer<O: Output>(
    th: &mut Thread,
    v: Value,
    letter: u8,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
    out: &mut O,
) -> PyResult<()> {
    let Some(i) = as_integer(th, v)? else {
        let n = ops::type_name(v);
        return Err(th.refused(percent::number_required(letter, &n)));
    };
    let big: BigInt;
    if i.cast::<PyInstance>().is_some()
        && let Some(n) = overridden(th, i, letter)?
    {
        let t = percent::render_int::<u8>(Int::Big(&n), letter, flags, width, precision)
            .map_err(|e| th.refused(e))?;
        out.ascii(&t);
        return Ok(());
    }
    let int = match ops::int_value(i) {
        Some(n) => {
            if matches!(letter, b'd' | b'i' | b'u')
                && width == 0
                && precision.is_none()
                && flags == Flags::default()
            {
                decimal(n, |b| out.ascii(b));
                return Ok(());
            }
            Int::Small(n)
        }
        None => {
            big = i.payload::<PyLong>().map(|l| l.get().to_bigint()).unwrap_or_default();
            Int::Big(&big)
        }
    };
    let t = percent::render_int::<u8>(int, letter, flags, width, precision).map_err(|e| th.refused(e))?;
    out.ascii(&t);
    Ok(())
}

/// What an instance of a subclass of `long` says its digits are; none for other values.
fn overridden(th: &mut Thread, v: Value, letter: u8) -> PyResult<Option<BigInt>> {
    if v.payload::<PyLong>().is_none() {
        return Ok(None);
    }
    let s = ops::slots_of(v);
    let (f, name, base) = match letter {
        b'o' => (s.oct, "oct", 8),
        b'x' | b'X' => (s.hex, "hex", 16),
        _ => (s.str.or(s.repr), "str", 10),
    };
    let Some(f) = f else { return Ok(None) };
    let r = f(th, v)?;
    let Some(text) = r.payload::<PyStr>() else {
        let n = ops::type_name(r);
        return Err(th.type_error(format!("expected string or Unicode object, {n} found")));
    };
    let text = text.get().bytes();
    let body = text.strip_suffix(b"L").unwrap_or(text);
    let (negative, body) = match body.strip_prefix(b"-") {
        Some(b) => (true, b),
        None => (false, body),
    };
    let digits = match base {
        16 => body.strip_prefix(b"0x").or(body.strip_prefix(b"0X")),
        8 => body.strip_prefix(b"0"),
        _ => Some(body),
    };
    let n = digits
        .filter(|d| !d.is_empty() || (base == 8 && body == b"0"))
        .and_then(|d| if d.is_empty() { Some(BigInt::default()) } else { BigInt::parse_bytes(d, base) });
    match n {
        Some(n) => Ok(Some(if negative { -n } else { n })),
        None => {
            let (c, t) = (char::from(letter), ops::type_name(v));
            Err(th.value_error(format!("%{c} format: invalid result of __{name}__ (type={t})")))
        }
    }
}

/// The decimal digits of a machine integer.
pub fn decimal<R>(n: i64, put: impl FnOnce(&[u8]) -> R) -> R {
    let mut buf = [0u8; 20];
    let mut at = buf.len();
    let mut m = n.unsigned_abs();
    loop {
        at -= 1;
        buf[at] = b'0' + (m % 10) as u8;
        m /= 10;
        if m == 0 {
            break;
        }
    }
    if n < 0 {
        at -= 1;
        buf[at] = b'-';
    }
    put(&buf[at..])
}

fn character(th: &mut Thread, v: Value, unicode: bool) -> PyResult<u32> {
    const WANTED: &str = "%c requires int or char";
    if v.payload::<PyUnicode>().is_some() || (unicode && v.payload::<PyStr>().is_some()) {
        let u = o::unicode::from_object(th, v)?;
        return match chars(u).len() {
            1 => Ok(chars(u).at(0)),
            _ => Err(th.type_error(WANTED)),
        };
    }
    if let Some(s) = v.payload::<PyStr>() {
        return match s.get().bytes() {
            [c] => Ok(*c as u32),
            _ => Err(th.type_error(WANTED)),
        };
    }
    if unicode {
        let n = match ops::int_value(v) {
            Some(n) => n,
            None if o::float::float_value(v).is_some() || ops::slots_of(v).int.is_some() => {
                match as_integer(th, v)? {
                    Some(i) => match ops::int_value(i) {
                        Some(n) => n,
                        None => return Err(th.type_error(WANTED)),
                    },
                    None => return Err(th.type_error(WANTED)),
                }
            }
            None => return Err(th.type_error(WANTED)),
        };
        return percent::char_unicode(n).map_err(|e| th.refused(e));
    }
    if ops::int_value(v).is_none() && ops::slots_of(v).int.is_none() {
        return Err(th.type_error(WANTED));
    }
    let n = ops::integer_arg(th, v)?;
    percent::char_byte(n).map(u32::from).map_err(|e| th.refused(e))
}
