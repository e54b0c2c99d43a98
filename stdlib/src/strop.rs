//! `strop`: the string functions from before strings had methods, which do the work.

use interpreter::layout::{PyStr, PyUnicode};
use interpreter::name::Name;
use interpreter::native::{MethodDef, ModuleDef};
use interpreter::{Args, PyResult, Raised, Thread, Value, objects as o, ops};
use numtext::int_text::{Parsed, parse_int};

macro_rules! row {
    ($name:literal, $func:expr, $min:literal, $max:literal, $doc:literal) => {
        MethodDef::new($name, $func, $min, $max, 0, $doc)
    };
}

/// `strop`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "strop",
    doc: Some(
        "Common string manipulations, optimized for speed.\n\nAlways use \"import string\" rather than referencing\nthis module directly.",
    ),
    functions: &[
        row!("atof", atof, 1, 1, "atof(s) -> float\n\nThe floating point number in the string s."),
        row!(
            "atoi",
            atoi,
            1,
            2,
            "atoi(s [,base]) -> int\n\nThe integer in the string s in the given base: 10, or with 0 read off the leading characters."
        ),
        row!(
            "atol",
            atol,
            1,
            2,
            "atol(s [,base]) -> long\n\nThe long integer in the string s in the given base."
        ),
        row!(
            "capitalize",
            |th, a| method(th, a, &CAPITALIZE),
            1,
            1,
            "capitalize(s) -> string\n\nOnly the first character in upper case."
        ),
        row!(
            "count",
            |th, a| method(th, a, &COUNT),
            2,
            4,
            "count(s, sub[, start[, end]]) -> int\n\nThe number of occurrences of sub in s[start:end]."
        ),
        row!(
            "expandtabs",
            expandtabs,
            1,
            2,
            "expandtabs(string, [tabsize]) -> string\n\nTabs as one or more spaces."
        ),
        row!(
            "find",
            |th, a| method(th, a, &FIND),
            2,
            4,
            "find(s, sub [,start [,end]]) -> int\n\nThe lowest index where sub is found, or -1."
        ),
        row!(
            "join",
            join,
            1,
            2,
            "join(list [,sep]) -> string\n\nThe words in the list with sep, a space by default, in between."
        ),
        row!("joinfields", join, 1, 2, "joinfields(list [,sep]) -> string\n\nThe same as join."),
        row!(
            "lstrip",
            |th, a| method(th, a, &LSTRIP),
            1,
            1,
            "lstrip(s) -> string\n\nWithout leading whitespace."
        ),
        row!("lower", |th, a| method(th, a, &LOWER), 1, 1, "lower(s) -> string\n\nIn lower case."),
        row!(
            "maketrans",
            maketrans,
            2,
            2,
            "maketrans(frm, to) -> string\n\nA table for translate that maps the characters of frm to those of to."
        ),
        row!(
            "replace",
            replace,
            3,
            4,
            "replace(str, old, new[, maxsplit]) -> string\n\nOccurrences of old replaced by new: all, or the first maxsplit."
        ),
        row!(
            "rfind",
            |th, a| method(th, a, &RFIND),
            2,
            4,
            "rfind(s, sub [,start [,end]]) -> int\n\nThe highest index where sub is found, or -1."
        ),
        row!(
            "rstrip",
            |th, a| method(th, a, &RSTRIP),
            1,
            1,
            "rstrip(s) -> string\n\nWithout trailing whitespace."
        ),
        row!(
            "split",
            split,
            1,
            3,
            "split(s [,sep [,maxsplit]]) -> list of strings\n\nThe words of s between sep, or whitespace; with maxsplit not zero at most so many splits."
        ),
        row!(
            "splitfields",
            split,
            1,
            3,
            "splitfields(s [,sep [,maxsplit]]) -> list of strings\n\nThe same as split."
        ),
        row!(
            "strip",
            |th, a| method(th, a, &STRIP),
            1,
            1,
            "strip(s) -> string\n\nWithout leading and trailing whitespace."
        ),
        row!(
            "swapcase",
            |th, a| method(th, a, &SWAPCASE),
            1,
            1,
            "swapcase(s) -> string\n\nUpper case and lower case exchanged."
        ),
        row!(
            "translate",
            translate,
            2,
            3,
            "translate(s,table [,deletechars]) -> string\n\nThe characters not in deletechars, mapped through the table of 256 characters."
        ),
        row!("upper", |th, a| method(th, a, &UPPER), 1, 1, "upper(s) -> string\n\nIn upper case."),
    ],
    types: &[],
    init: Some(init),
};

macro_rules! method_names {
    ($($id:ident = $text:literal;)*) => { $( static $id: Name = Name::new($text); )* };
}

method_names! {
    CAPITALIZE = "capitalize"; COUNT = "count"; EXPANDTABS = "expandtabs"; FIND = "find"; JOIN = "join";
    LSTRIP = "lstrip"; LOWER = "lower"; REPLACE = "replace"; RFIND = "rfind"; RSTRIP = "rstrip"; SPLIT = "split";
    STRIP = "strip"; SWAPCASE = "swapcase"; TRANSLATE = "translate"; UPPER = "upper";
}

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    let letters = |range: std::ops::RangeInclusive<u8>| range.collect::<Vec<u8>>();
    o::module::add_str(th, m, "whitespace", b"\t\n\x0b\x0c\r ")?;
    o::module::add_str(th, m, "lowercase", &letters(b'a'..=b'z'))?;
    o::module::add_str(th, m, "uppercase", &letters(b'A'..=b'Z'))
}

fn warn(th: &mut Thread) -> PyResult<()> {
    interpreter::warnings::warn(
        th,
        &o::exceptions::DEPRECATION_WARNING,
        "strop functions are obsolete; use string methods",
        1,
    )
}

/// An argument as a str.
fn text(th: &mut Thread, v: Value) -> PyResult {
    if v.cast::<PyStr>().is_some() {
        return Ok(v);
    }
    if v.payload::<PyUnicode>().is_some() {
        return o::unicode::encode_default(th, v);
    }
    let b = interpreter::buffer::argument(th, v, "function", 1)?;
    th.try_str(b.bytes())
}

/// Calls the method with the first argument as self; what else is no number must be text.
fn method(th: &mut Thread, args: Args<'_>, name: &Name) -> PyResult {
    warn(th)?;
    let s = text(th, args.pos[0])?;
    let mut rest = [Value::NONE; 3];
    for (i, (r, v)) in rest.iter_mut().zip(&args.pos[1..]).enumerate() {
        *r = if i == 0 { text(th, *v)? } else { *v };
    }
    ops::call_method(th, s, name, &rest[..args.len() - 1])
}

fn expandtabs(th: &mut Thread, args: Args<'_>) -> PyResult {
    warn(th)?;
    let s = text(th, args.pos[0])?;
    let size = match args.get(1) {
        Some(n) => ops::int32_arg(th, n)?,
        None => 8,
    };
    if size < 1 {
        return Err(th.value_error("tabsize must be at least 1"));
    }
    let size = th.int(size.into());
    ops::call_method(th, s, &EXPANDTABS, &[size])
}

fn join(th: &mut Thread, args: Args<'_>) -> PyResult {
    warn(th)?;
    let separator = match args.get(1) {
        Some(s) => text(th, s)?,
        None => th.intern(b" "),
    };
    if !ops::is_sequence(args.pos[0]) {
        return Err(th.type_error("first argument must be list/tuple"));
    }
    let items = th.m.root_vec();
    for i in 0..ops::len(th, args.pos[0])? {
        let i = th.int(i as i64);
        let x = ops::getitem(th, args.pos[0], i)?;
        if x.payload::<PyStr>().is_none() {
            return Err(th.type_error("first argument must be sequence of strings"));
        }
        items.push(x.bits());
    }
    let items = th.new_list(ops::values(&items))?;
    ops::call_method(th, separator, &JOIN, &[items])
}

fn split(th: &mut Thread, args: Args<'_>) -> PyResult {
    warn(th)?;
    let s = text(th, args.pos[0])?;
    let separator = match args.get(1) {
        Some(p) if !p.is_none() => {
            let p = text(th, p)?;
            if th.str_bytes(p).is_empty() {
                return Err(th.value_error("empty separator"));
            }
            p
        }
        _ => Value::NONE,
    };
    let most = match args.get(2) {
        Some(n) => ops::int32_arg(th, n)?,
        None => 0,
    };
    let most = th.int(if most == 0 { -1 } else { most.into() });
    ops::call_method(th, s, &SPLIT, &[separator, most])
}

fn replace(th: &mut Thread, args: Args<'_>) -> PyResult {
    warn(th)?;
    let (s, old, new) = (text(th, args.pos[0])?, text(th, args.pos[1])?, text(th, args.pos[2])?);
    let most = match args.get(3) {
        Some(n) => ops::int32_arg(th, n)?,
        None => -1,
    };
    if th.str_bytes(old).is_empty() {
        return Err(th.value_error("empty pattern string"));
    }
    let most = th.int(if most == 0 { -1 } else { most.into() });
    ops::call_method(th, s, &REPLACE, &[old, new, most])
}

/// An argument of `maketrans`: text that nobody can change.
fn fixed_text(th: &mut Thread, args: &Args<'_>, i: usize) -> PyResult {
    let v = args.pos[i];
    let kind = ops::type_name(v);
    if v.payload::<PyStr>().is_some() || v.payload::<PyUnicode>().is_some() || kind == "buffer" {
        return text(th, v);
    }
    let wanted = if kind == "bytearray" { "pinned" } else { "read-only character" };
    Err(th
        .type_error(format!("maketrans() argument {} must be string or {wanted} buffer, not {kind}", i + 1)))
}

fn maketrans(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (from, to) = (fixed_text(th, &args, 0)?, fixed_text(th, &args, 1)?);
    let (from, to) = (th.str_bytes(from), th.str_bytes(to));
    if from.len() != to.len() {
        return Err(th.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (a, b) in from.iter().zip(to) {
        table[*a as usize] = *b;
    }
    th.try_str(&table)
}

fn translate(th: &mut Thread, args: Args<'_>) -> PyResult {
    warn(th)?;
    let (s, table) = (text(th, args.pos[0])?, text(th, args.pos[1])?);
    if th.str_bytes(table).len() != 256 {
        return Err(th.value_error("translation table must be 256 characters long"));
    }
    let deleted = match args.get(2) {
        Some(d) => text(th, d)?,
        None => o::str::empty(th),
    };
    ops::call_method(th, s, &TRANSLATE, &[table, deleted])
}

#[cold]
fn bad_number(th: &mut Thread, message: &str, s: Value) -> Raised {
    let shown = th.str_bytes(s);
    let all = [message.as_bytes(), &shown[..shown.len().min(200)]].concat();
    let all = th.new_str(&all);
    th.raise(o::exceptions::VALUE_ERROR.class(), Some(all))
}

/// The number in a text, for `atoi` and `atol`.
fn number(th: &mut Thread, args: Args<'_>, name: &str, long: bool) -> PyResult<(Parsed, Value)> {
    warn(th)?;
    let s = text(th, args.pos[0])?;
    let base = match args.get(1) {
        Some(b) => ops::int32_arg(th, b)?,
        None => 10,
    };
    let base = match u32::try_from(base) {
        Ok(b @ (0 | 2..=36)) => b,
        _ => return Err(th.value_error(format!("invalid base for {name}()"))),
    };
    match parse_int(th.str_bytes(s), base, long && base == 0) {
        Some(n) => Ok((n, s)),
        None => Err(bad_number(th, &format!("invalid literal for {name}(): "), s)),
    }
}

fn atoi(th: &mut Thread, args: Args<'_>) -> PyResult {
    match number(th, args, "atoi", false)? {
        (Parsed::Small(n), _) => Ok(th.int(n)),
        (_, s) => Err(bad_number(th, "atoi() literal too large: ", s)),
    }
}

fn atol(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (n, _) = number(th, args, "atol", true)?;
    th.long(&n.into_big())
}

fn atof(th: &mut Thread, args: Args<'_>) -> PyResult {
    warn(th)?;
    let s = text(th, args.pos[0])?;
    match numtext::float_parse::parse_float(th.str_bytes(s)) {
        Some(x) if x.is_infinite() => Err(bad_number(th, "atof() literal too large: ", s)),
        Some(x) => Ok(th.float(x)),
        None => Err(bad_number(th, "invalid literal for atof(): ", s)),
    }
}
