//! Line ends: finding them, and `IncrementalNewlineDecoder`, which translates them.

use super::names;
use super::state::{self, long};
use interpreter::kinds::kind;
use interpreter::layout::{PyTuple, PyUnicode};
use interpreter::native::{Args, BASETYPE, GetSetDef, KEYWORDS, MethodDef, TypeDef, VARIADIC};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, ops};
use num_traits::ToPrimitive;

const LF: u32 = 10;
const CR: u32 = 13;

/// How a text stream tells lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// `\n` only: everything else has been translated.
    Translated,
    /// `\n`, `\r` and `\r\n`, untranslated.
    Universal,
    /// This one.
    Exactly(Vec<u8>),
}

impl LineEnds {
    /// Finds the end of the first line: `Ok` past its end, or `Err` how many characters need not be looked at again.
    pub fn find(&self, s: &[u32]) -> Result<usize, usize> {
        match self {
            LineEnds::Translated => s.iter().position(|c| *c == LF).map(|i| i + 1).ok_or(s.len()),
            LineEnds::Universal => match s.iter().position(|c| *c == LF || *c == CR) {
                Some(i) if s[i] == CR && s.get(i + 1) == Some(&LF) => Ok(i + 2),
                Some(i) => Ok(i + 1),
                None => Err(s.len()),
            },
            LineEnds::Exactly(nl) => {
                let nl: Vec<u32> = nl.iter().map(|c| u32::from(*c)).collect();
                if nl.is_empty() {
                    return Err(s.len());
                }
                if let Some(i) = s.windows(nl.len()).position(|w| w == nl) {
                    return Ok(i + nl.len());
                }
                // The last character may begin a line end.
                let cut = nl.len() > 1 && s.last() == Some(&nl[0]);
                Err(if cut { s.len() - 1 } else { s.len() })
            }
        }
    }
}

/// True for the values the newline argument may have.
pub fn is_legal(nl: Option<&[u8]>) -> bool {
    matches!(nl, None | Some(b"" | b"\n" | b"\r" | b"\r\n"))
}

const DECODER: usize = 0;
const TRANSLATE: usize = 1;
const PENDING_CR: usize = 2;
/// 1 CR, 2 LF, 4 CRLF; none: `__init__` was not called.
const SEEN: usize = 3;
const SLOTS: usize = 4;

/// `IncrementalNewlineDecoder`.
pub static INCREMENTAL_NEWLINE_DECODER: TypeDef = TypeDef {
    module: "_io",
    doc: Some("Codec used when reading a file in universal newlines mode."),
    flags: BASETYPE,
    slots: SlotTable {
        new: Some(|th, class, _| state::allocate(th, class, SLOTS, false)),
        init: Some(init),
        ..SlotTable::EMPTY
    },
    methods: &[
        MethodDef::new("decode", decode_method, 0, VARIADIC, KEYWORDS, ""),
        MethodDef::new("getstate", getstate, 0, 0, 0, ""),
        MethodDef::new("setstate", setstate, 1, 1, 0, ""),
        MethodDef::new("reset", reset, 0, 0, 0, ""),
    ],
    getset: &[GetSetDef { name: "newlines", get: newlines, set: None, doc: "" }],
    ..TypeDef::new("IncrementalNewlineDecoder", kind::INSTANCE)
};

fn init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    let [decoder, translate, _errors] =
        args.bind(th, "IncrementalNewlineDecoder", ["decoder", "translate", "errors"], 2)?;
    let translate = ops::integer_arg(th, translate.unwrap_or(Value::NONE))? != 0;
    set_up(th, v, decoder.unwrap_or(Value::NONE), translate)
}

fn set_up(th: &mut Thread, v: Value, decoder: Value, translate: bool) -> PyResult<()> {
    state::set(th, v, DECODER, Some(decoder))?;
    state::set_flag(th, v, TRANSLATE, translate)?;
    state::set_flag(th, v, PENDING_CR, false)?;
    state::set_number(th, v, SEEN, 0)
}

/// A decoder around another (or None).
pub fn make(th: &mut Thread, decoder: Value, translate: bool) -> PyResult {
    let v = state::allocate(th, INCREMENTAL_NEWLINE_DECODER.class(), SLOTS, false)?;
    set_up(th, v, decoder, translate)?;
    Ok(v)
}

/// True for instances of the class itself, not of subclasses.
pub fn is_exact(v: Value) -> bool {
    v.is_obj() && interpreter::types::type_of(v).value() == INCREMENTAL_NEWLINE_DECODER.class()
}

fn initialized(th: &mut Thread, v: Value) -> PyResult<i64> {
    match state::get(th, v, SEEN)?.and_then(Value::as_small_int) {
        Some(n) => Ok(n),
        None => Err(th.value_error("IncrementalNewlineDecoder.__init__ not called")),
    }
}

/// The characters of a unicode.
pub fn code_points(v: Value) -> Vec<u32> {
    match v.payload::<PyUnicode>() {
        Some(u) => u.get().chars().iter().collect(),
        None => Vec::new(),
    }
}

/// Checks what a decoder returned.
pub fn check_decoded(th: &mut Thread, v: Value) -> PyResult {
    if v.payload::<PyUnicode>().is_some() {
        return Ok(v);
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("decoder should return a string result, not '{n}'")))
}

/// Decodes and translates.
pub fn decode(th: &mut Thread, v: Value, input: Value, last: bool) -> PyResult {
    initialized(th, v)?;
    let decoder = state::value(th, v, DECODER)?;
    let output = if decoder.is_none() {
        input
    } else {
        ops::call_method(th, decoder, &names::decode, &[input, Value::from_bool(last)])?
    };
    check_decoded(th, output)?;
    let mut s = code_points(output);
    let pending = state::is_set(th, v, PENDING_CR)?;
    let mut changed = false;
    let mut still = pending;
    if pending && (last || !s.is_empty()) {
        s.insert(0, CR);
        still = false;
        changed = true;
    }
    // A CR at the end may be the first half of CRLF.
    if !last && s.last() == Some(&CR) {
        s.pop();
        still = true;
        changed = true;
    }
    if still != pending {
        state::set_flag(th, v, PENDING_CR, still)?;
    }
    let mut seen = initialized(th, v)?;
    let before = seen;
    let translate = state::is_set(th, v, TRANSLATE)?;
    let mut i = 0;
    let mut out: Vec<u32> = Vec::new();
    let has_cr = s.contains(&CR);
    if !has_cr {
        if s.contains(&LF) {
            seen |= 2;
        }
    } else {
        while i < s.len() {
            let c = s[i];
            match c {
                LF => seen |= 2,
                CR if s.get(i + 1) == Some(&LF) => {
                    seen |= 4;
                    i += 1;
                    if !translate {
                        out.push(CR);
                    }
                }
                CR => seen |= 1,
                _ => {}
            }
            out.push(match c {
                CR if translate || s[i] == LF => LF,
                c => c,
            });
            i += 1;
        }
        changed = true;
        s = out;
    }
    if seen != before {
        state::set_number(th, v, SEEN, seen)?;
    }
    if changed { th.unicode_from(&s) } else { Ok(output) }
}

fn decode_method(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [input, last] = args.skip(1).bind(th, "decode", ["input", "final"], 1)?;
    let last = match last {
        Some(l) => ops::integer_arg(th, l)? != 0,
        None => false,
    };
    decode(th, args.pos[0], input.unwrap_or(Value::NONE), last)
}

fn getstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let decoder = state::value(th, v, DECODER)?;
    let (buffer, flag) = if decoder.is_none() {
        (th.new_str(b""), 0)
    } else {
        let s = ops::call_method(th, decoder, &names::getstate, &[])?;
        match s.payload::<PyTuple>().map(|t| t.get().items()) {
            Some([b, f]) => (*b, ops::exact_integer(*f).and_then(|n| n.to_i64()).unwrap_or(0)),
            _ => return Err(th.type_error("illegal decoder state")),
        }
    };
    let flag = flag.wrapping_shl(1) | i64::from(state::is_set(th, v, PENDING_CR)?);
    let flag = long(th, flag)?;
    th.try_tuple(&[buffer, flag])
}

fn setstate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let items = match args.pos[1].payload::<PyTuple>().map(|t| t.get().items()) {
        Some(i @ [_, _]) => i,
        Some(i) => {
            return Err(th.type_error(format!("function takes exactly 2 arguments ({} given)", i.len())));
        }
        None => {
            let n = ops::type_name(args.pos[1]);
            return Err(th.type_error(format!("argument must be 2-item sequence, not {n}")));
        }
    };
    let flag = ops::integer_arg(th, items[1])?;
    state::set_flag(th, v, PENDING_CR, flag & 1 != 0)?;
    let decoder = state::value(th, v, DECODER)?;
    if decoder.is_none() {
        return Ok(Value::NONE);
    }
    let rest = th.int(flag >> 1);
    let s = th.new_tuple(&[items[0], rest]);
    ops::call_method(th, decoder, &names::setstate, &[s])
}

fn reset(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    state::set_number(th, v, SEEN, 0)?;
    state::set_flag(th, v, PENDING_CR, false)?;
    let decoder = state::value(th, v, DECODER)?;
    if decoder.is_none() {
        return Ok(Value::NONE);
    }
    ops::call_method(th, decoder, &names::reset, &[])
}

/// The kinds of line end seen: None, one str, or a tuple of them.
pub fn newlines(th: &mut Thread, v: Value) -> PyResult {
    let seen = state::number(th, v, SEEN)?;
    let kinds = [(1, "\r"), (2, "\n"), (4, "\r\n")];
    let found: Vec<&str> = kinds.iter().filter(|k| seen & k.0 != 0).map(|k| k.1).collect();
    match found.as_slice() {
        [] => Ok(Value::NONE),
        [one] => th.unicode_str(one),
        more => {
            let mut items: [Value; 3] = [Value::NONE; 3];
            for (i, m) in items.iter_mut().zip(more) {
                *i = th.unicode_str(m)?;
            }
            th.try_tuple(&items[..more.len()])
        }
    }
}

/// A text argument that must be unicode.
pub fn is_unicode(v: Slot) -> bool {
    v.is_some_and(|v| v.payload::<PyUnicode>().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn u(s: &str) -> Vec<u32> {
        s.chars().map(|c| c as u32).collect()
    }

    #[test]
    fn line_ends() {
        assert_eq!(LineEnds::Translated.find(&u("a\r\nb")), Ok(3));
        assert_eq!(LineEnds::Universal.find(&u("a\rb")), Ok(2));
        assert_eq!(LineEnds::Universal.find(&u("a\r\nb")), Ok(3));
        assert_eq!(LineEnds::Universal.find(&u("ab")), Err(2));
        let crlf = LineEnds::Exactly(b"\r\n".to_vec());
        assert_eq!(crlf.find(&u("a\rb\r\nc")), Ok(5));
        assert_eq!(crlf.find(&u("ab\r")), Err(2));
    }
}
