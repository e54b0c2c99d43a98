//! `make_scanner`: an object that is called with a text and a place.

use super::parse::{KEYS, Parser, nothing};
use super::settings::{member, setting};
use super::strings::Input;
use interpreter::kinds::kind;
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::name::Name;
use interpreter::native::{Args, TypeDef};
use interpreter::objects::unicode::with_chars;
use interpreter::text::Char;
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{PyResult, Slot, Thread, Value, objects as o, ops};

/// What the context of a scanner says, in order of the slots.
static NAMES: [Name; 7] = [
    Name::new("encoding"),
    Name::new("strict"),
    Name::new("object_hook"),
    Name::new("object_pairs_hook"),
    Name::new("parse_float"),
    Name::new("parse_int"),
    Name::new("parse_constant"),
];

/// `_json.Scanner`.
pub static SCANNER: TypeDef = TypeDef {
    module: "_json",
    doc: Some("JSON scanner object"),
    slots: SlotTable { new: Some(new), call: Some(call), ..SlotTable::EMPTY },
    getset: &[
        member::<0>("encoding"),
        member::<1>("strict"),
        member::<2>("object_hook"),
        member::<3>("object_pairs_hook"),
        member::<4>("parse_float"),
        member::<5>("parse_int"),
        member::<6>("parse_constant"),
    ],
    ..TypeDef::new("Scanner", kind::RECORD)
};

/// What a call looks at again and again.
pub struct Settings {
    pub object_hook: Slot,
    pub object_pairs_hook: Slot,
    pub parse_float: Value,
    pub parse_int: Value,
    pub parse_constant: Value,
}

fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [context] = args.bind(th, "make_scanner", ["context"], 1)?;
    let context = context.unwrap_or(Value::NONE);
    let mut parts: [Slot; 7] = [None; 7];
    for (part, name) in parts.iter_mut().zip(&NAMES) {
        *part = Some(ops::getattr_name(th, context, name)?);
    }
    let encoding = parts[0].unwrap_or(Value::NONE);
    if encoding.is_none() {
        parts[0] = Some(th.intern(b"utf-8"));
    } else if encoding.payload::<PyUnicode>().is_some() {
        parts[0] = Some(o::unicode::encode_default(th, encoding)?);
    } else if encoding.payload::<PyStr>().is_none() {
        return Err(th.type_error("encoding must be a string"));
    }
    let base = th.new_record(&SCANNER, &parts);
    wrap_new(th, class, &SCANNER, base)
}

fn call(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult {
    let [text, at] = args.bind(th, "scan_once", ["string", "idx"], 2)?;
    let text = text.unwrap_or(Value::NONE);
    let at = ops::integer_arg(th, at.unwrap_or(Value::NONE))?;
    let encoding = setting(th, v, 0)?;
    let encoding = String::from_utf8_lossy(th.str_bytes(encoding)).into_owned();
    let strict = setting(th, v, 1)?;
    let strict = ops::is_true(th, strict)?;
    if let Some(s) = text.payload::<PyStr>() {
        let input = Input { text, encoding: Some(&encoding), strict };
        return run(th, v, s.get().bytes(), input, at);
    }
    if let Some(u) = text.payload::<PyUnicode>() {
        let input = Input { text, encoding: None, strict };
        return with_chars!(u.get().chars(), |s| run(th, v, s, input, at));
    }
    let n = ops::type_name(text);
    Err(th.type_error(format!("first argument must be a string, not {n}")))
}

fn run<C: Char>(th: &mut Thread, v: Value, s: &[C], input: Input<'_>, at: i64) -> PyResult {
    let Ok(at) = usize::try_from(at) else { return Err(th.value_error("idx cannot be negative")) };
    if at >= s.len() {
        return Err(nothing(th));
    }
    let hook = |v: Value| Some(v).filter(|v| !v.is_none());
    let hooks = Settings {
        object_hook: hook(setting(th, v, 2)?),
        object_pairs_hook: hook(setting(th, v, 3)?),
        parse_float: setting(th, v, 4)?,
        parse_int: setting(th, v, 5)?,
        parse_constant: setting(th, v, 6)?,
    };
    let keys = th.m.root_vec();
    for _ in 0..KEYS {
        keys.push(0);
    }
    let (value, end) = Parser { s, input, hooks, keys, steps: 0 }.value(th, at)?;
    let end = th.int(end as i64);
    Ok(th.new_tuple(&[value, end]))
}
