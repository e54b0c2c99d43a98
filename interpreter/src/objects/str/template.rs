//! `str.format` and `unicode.format`, `__format__`, and the parsers that `string.Formatter` uses.

use crate::layout::{Chars, PyStr, PyUnicode};
use crate::name::Name;
use crate::native::Args;
use crate::objects as o;
use crate::objects::unicode::{Builder, with_chars};
use crate::ops;
use crate::raised::PyResult;
use crate::text::Char;
use crate::thread::Thread;
use crate::value::Value;
use numtext::template::{self, First, Markup, Numbering, Step};

/// What both kinds of template need of their text type.
trait Kind {
    /// Text of the template's kind.
    fn make<C: Char>(th: &mut Thread, t: &[C]) -> PyResult;
    /// Any value converted to that kind.
    fn convert(th: &mut Thread, v: Value) -> PyResult;
    fn put_units<C: Char>(&mut self, t: &[C]);
    fn put_value(&mut self, v: Value);
    fn empty() -> Self;
    fn finish(self, th: &mut Thread) -> PyResult;
}

impl Kind for Vec<u8> {
    fn make<C: Char>(th: &mut Thread, t: &[C]) -> PyResult {
        let b: Vec<u8> = t.iter().map(|c| c.value() as u8).collect();
        super::from_bytes(th, &b)
    }
    fn convert(th: &mut Thread, v: Value) -> PyResult {
        ops::str(th, v)
    }
    fn put_units<C: Char>(&mut self, t: &[C]) {
        self.extend(t.iter().map(|c| c.value() as u8));
    }
    fn put_value(&mut self, v: Value) {
        if let Some(s) = v.payload::<PyStr>() {
            self.extend_from_slice(s.get().bytes());
        }
    }
    fn empty() -> Self {
        Vec::new()
    }
    fn finish(self, th: &mut Thread) -> PyResult {
        super::from_bytes(th, &self)
    }
}

impl Kind for Builder {
    fn make<C: Char>(th: &mut Thread, t: &[C]) -> PyResult {
        o::unicode::from_units(th, t)
    }
    fn convert(th: &mut Thread, v: Value) -> PyResult {
        o::unicode::of_any(th, v)
    }
    fn put_units<C: Char>(&mut self, t: &[C]) {
        self.push_units(t);
    }
    fn put_value(&mut self, v: Value) {
        if let Some(u) = v.payload::<PyUnicode>() {
            self.push_chars(u.get().chars());
        }
    }
    fn empty() -> Self {
        Builder::default()
    }
    fn finish(self, th: &mut Thread) -> PyResult {
        Builder::finish(self, th)
    }
}

/// `str.format`.
pub fn format(th: &mut Thread, args: Args<'_>) -> PyResult {
    let text = th.str_bytes(args.pos[0]);
    let mut out: Vec<u8> = Vec::with_capacity(text.len() + 32);
    fill(th, text, args, &mut Numbering::default(), 0, &mut out)?;
    out.finish(th)
}

/// `unicode.format`.
pub fn format_unicode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut out = Builder::default();
    with_chars!(chars(args.pos[0]), |t| fill(th, t, args, &mut Numbering::default(), 0, &mut out))?;
    out.finish(th)
}

fn chars<'a>(v: Value) -> Chars<'a> {
    v.payload::<PyUnicode>().map_or(Chars::One(&[]), |u| u.get().chars())
}

/// Expands a template; `args` has self in front.
fn fill<C: Char + numtext::Unit, K: Kind>(
    th: &mut Thread,
    text: &[C],
    args: Args<'_>,
    numbers: &mut Numbering,
    depth: usize,
    out: &mut K,
) -> PyResult<()> {
    if depth >= template::MAX_DEPTH {
        return Err(th.refused(template::too_deep()));
    }
    for piece in Markup::new(text) {
        let piece = piece.map_err(|e| th.refused(e))?;
        out.put_units(piece.literal);
        let Some(field) = piece.field else { continue };
        let mut v = find_field::<C, K>(th, field.name, args, numbers)?;
        if let Some(c) = field.conversion {
            v = match Char::value(c) {
                0x72 => ops::repr(th, v)?,
                0x73 => K::convert(th, v)?,
                _ => return Err(th.refused(template::unknown_conversion(c))),
            };
        }
        let spec = if field.nested {
            let mut inner = K::empty();
            fill(th, field.spec, args, numbers, depth + 1, &mut inner)?;
            inner.finish(th)?
        } else {
            K::make(th, field.spec)?
        };
        let r = format_value(th, v, spec)?;
        let r = K::convert(th, r)?;
        out.put_value(r);
    }
    Ok(())
}

fn find_field<C: Char + numtext::Unit, K: Kind>(
    th: &mut Thread,
    name: &[C],
    args: Args<'_>,
    numbers: &mut Numbering,
) -> PyResult {
    let (first, steps) = template::split_name(name).map_err(|e| th.refused(e))?;
    let first = numbers.resolve(first).map_err(|e| th.refused(e))?;
    let mut v = match first {
        First::Index(i) => match args.get(i.saturating_add(1)) {
            Some(v) => v,
            None => return Err(th.index_error("tuple index out of range")),
        },
        First::Name(n) => {
            let key = K::make(th, n)?;
            let mut found = None;
            for (k, v) in args.keywords() {
                if ops::equal(th, k, key)? {
                    found = Some(v);
                    break;
                }
            }
            match found {
                Some(v) => v,
                None => return Err(th.key_error(key)),
            }
        }
        // Empty names were numbered above.
        First::Auto => return Err(th.index_error("tuple index out of range")),
    };
    for step in steps {
        v = match step.map_err(|e| th.refused(e))? {
            Step::Attribute(n) => {
                let n = K::make(th, n)?;
                let n = ops::attribute_name(th, n, "getattr()")?;
                ops::getattr(th, v, n)?
            }
            Step::Index(i) => {
                let i = th.int(i as i64);
                ops::getitem(th, v, i)?
            }
            Step::Key(k) => {
                let k = K::make(th, k)?;
                ops::getitem(th, v, k)?
            }
        };
    }
    Ok(v)
}

static FORMAT: Name = Name::new("__format__");

/// `format(v, spec)`: the result of `__format__`, a str or unicode.
pub fn format_value(th: &mut Thread, v: Value, spec: Value) -> PyResult {
    let empty = th.str_bytes(spec).is_empty() && chars(spec).is_empty();
    // Exact text and machine integers without a specification are their own formats.
    if empty && v.cast::<PyStr>().is_some() && spec.cast::<PyStr>().is_some() {
        return Ok(v);
    }
    if empty && v.cast::<PyUnicode>().is_some() {
        return Ok(v);
    }
    if empty && v.as_small_int().is_some() && spec.cast::<PyStr>().is_some() {
        return ops::str(th, v);
    }
    let r = if o::instance::is_old_style(v) {
        let name = FORMAT.get(th);
        match ops::getattr_opt(th, v, name)? {
            Some(m) => ops::call(th, m, &[spec])?,
            None => {
                let s = o::object::as_text(th, v, spec)?;
                return format_value(th, s, spec);
            }
        }
    } else {
        match ops::call_special(th, v, &FORMAT, &[spec])? {
            Some(r) => r,
            None => {
                let n = ops::type_name(v);
                return Err(th.type_error(format!("Type {n} doesn't define __format__")));
            }
        }
    };
    if r.payload::<PyStr>().is_some() && spec.payload::<PyUnicode>().is_some() {
        return o::unicode::of_any(th, r);
    }
    if r.payload::<PyStr>().is_some() || r.payload::<PyUnicode>().is_some() {
        return Ok(r);
    }
    let (n, t) = (ops::type_name(v), ops::type_name(r));
    Err(th.type_error(format!("{n}.__format__ must return string or unicode, not {t}")))
}

/// `str.__format__`.
pub fn format_one(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (me, spec) = (args.pos[0], args.pos[1]);
    if spec.payload::<PyUnicode>().is_some() {
        let u = o::unicode::of_any(th, me)?;
        return padded_unicode(th, u, spec);
    }
    if spec.payload::<PyStr>().is_none() {
        return Err(bad_spec(th, spec));
    }
    if th.str_bytes(spec).is_empty() {
        return ops::str(th, me);
    }
    let t = numtext::format::format_text(th.str_bytes(me), th.str_bytes(spec), "str")
        .map_err(|e| th.refused(e))?;
    super::from_bytes(th, &t)
}

/// `unicode.__format__`.
pub fn format_one_unicode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (me, spec) = (args.pos[0], args.pos[1]);
    if spec.payload::<PyUnicode>().is_none() && spec.payload::<PyStr>().is_none() {
        return Err(bad_spec(th, spec));
    }
    let spec = o::unicode::from_object(th, spec)?;
    if chars(spec).is_empty() {
        return o::unicode::of_any(th, me);
    }
    let me = o::unicode::from_object(th, me)?;
    padded_unicode(th, me, spec)
}

fn bad_spec(th: &mut Thread, spec: Value) -> crate::raised::Raised {
    let n = ops::type_name(spec);
    th.type_error(format!("__format__ arg must be str or unicode, not {n}"))
}

fn padded_unicode(th: &mut Thread, u: Value, spec: Value) -> PyResult {
    let (me, spec): (Vec<u32>, Vec<u32>) = (chars(u).iter().collect(), chars(spec).iter().collect());
    let t = numtext::format::format_text(&me, &spec, "unicode").map_err(|e| th.refused(e))?;
    o::unicode::from_units(th, &t)
}

/// `_formatter_parser`: (literal, name, spec, conversion) of each piece.
pub fn parser(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.pos[0].payload::<PyUnicode>().is_some() {
        return with_chars!(chars(args.pos[0]), |t| pieces::<_, Builder>(th, t));
    }
    let t = th.str_bytes(args.pos[0]);
    pieces::<u8, Vec<u8>>(th, t)
}

fn pieces<C: Char + numtext::Unit, K: Kind>(th: &mut Thread, text: &[C]) -> PyResult {
    let out = th.m.root_vec();
    for piece in Markup::new(text) {
        let piece = piece.map_err(|e| th.refused(e))?;
        let literal = K::make(th, piece.literal)?;
        let row = match piece.field {
            Some(f) => {
                let (name, spec) = (K::make(th, f.name)?, K::make(th, f.spec)?);
                let conversion = match f.conversion {
                    Some(c) => K::make(th, &[c])?,
                    None => Value::NONE,
                };
                th.new_tuple(&[literal, name, spec, conversion])
            }
            None => th.new_tuple(&[literal, Value::NONE, Value::NONE, Value::NONE]),
        };
        out.push(row.bits());
    }
    let list = th.new_list(ops::values(&out))?;
    ops::iter(th, list)
}

/// `_formatter_field_name_split`: the first part, and an iterator of (is attribute, name or index).
pub fn field_name_split(th: &mut Thread, args: Args<'_>) -> PyResult {
    if args.pos[0].payload::<PyUnicode>().is_some() {
        return with_chars!(chars(args.pos[0]), |t| name_parts::<_, Builder>(th, t));
    }
    let t = th.str_bytes(args.pos[0]);
    name_parts::<u8, Vec<u8>>(th, t)
}

fn name_parts<C: Char + numtext::Unit, K: Kind>(th: &mut Thread, text: &[C]) -> PyResult {
    let (first, steps) = template::split_name(text).map_err(|e| th.refused(e))?;
    let first = match first {
        First::Index(i) => th.long(&(i as u64).into())?,
        First::Auto => K::make::<C>(th, &[])?,
        First::Name(n) => K::make(th, n)?,
    };
    let out = th.m.root_vec();
    for step in steps {
        let (attribute, v) = match step.map_err(|e| th.refused(e))? {
            Step::Attribute(n) => (true, K::make(th, n)?),
            Step::Index(i) => (false, th.long(&(i as u64).into())?),
            Step::Key(k) => (false, K::make(th, k)?),
        };
        let row = th.new_tuple(&[Value::from_bool(attribute), v]);
        out.push(row.bits());
    }
    let list = th.new_list(ops::values(&out))?;
    let it = ops::iter(th, list)?;
    Ok(th.new_tuple(&[first, it]))
}
