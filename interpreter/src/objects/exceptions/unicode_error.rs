//! `UnicodeDecodeError`, `UnicodeEncodeError`, `UnicodeTranslateError`.

use super::data::{self, object_member};
use super::{Family, PLAIN, base};
use crate::layout::{Chars, PyStr, PyUnicode};
use crate::native::{Args, GetSetDef};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::SlotTable;
use crate::value::{Slot, Value};

/// `encoding`; empty for translations.
pub const ENCODING: usize = 2;
/// `object`.
pub const OBJECT: usize = 3;
/// `start`.
pub const START: usize = 4;
/// `end`.
pub const END: usize = 5;
/// `reason`.
pub const REASON: usize = 6;
/// Slots in all.
pub const LEN: usize = 7;

/// The attributes, with or without the encoding.
macro_rules! members {
    ($($first:expr)?) => {
        &[
            $($first,)?
            object_member!("object", OBJECT, "what was being converted"),
            GetSetDef { name: "start", get: |th, v| position(th, v, START), set: Some(|th, v, x| set_position(th, v, START, x)), doc: "first bad position" },
            GetSetDef { name: "end", get: |th, v| position(th, v, END), set: Some(|th, v, x| set_position(th, v, END, x)), doc: "position after the last bad one" },
            object_member!("reason", REASON, "what is wrong"),
        ]
    };
}

pub(super) const DECODE: Family = Family {
    slots: SlotTable { init: Some(decode_init), str: Some(decode_str), ..PLAIN.slots },
    methods: &[],
    getset: members!(object_member!("encoding", ENCODING, "name of the encoding")),
};

pub(super) const ENCODE: Family = Family {
    slots: SlotTable { init: Some(encode_init), str: Some(encode_str), ..PLAIN.slots },
    methods: &[],
    getset: members!(object_member!("encoding", ENCODING, "name of the encoding")),
};

pub(super) const TRANSLATE: Family = Family {
    slots: SlotTable { init: Some(translate_init), str: Some(translate_str), ..PLAIN.slots },
    methods: &[],
    getset: members!(),
};

fn position(th: &mut Thread, v: Value, slot: usize) -> PyResult {
    Ok(data::get(th, v, slot)?.unwrap_or(Value::int_unchecked(0)))
}

fn set_position(th: &mut Thread, v: Value, slot: usize, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete numeric/char attribute")) };
    let n = ops::integer_arg(th, x)?;
    let n = th.int(n);
    data::set(th, v, slot, Some(n))
}

/// Checks and stores the arguments; `with_encoding` says whether there are five or four.
fn store(th: &mut Thread, v: Value, args: Args<'_>, with_encoding: bool, bytes: bool) -> PyResult<()> {
    base::init(th, v, args)?;
    let wanted = if with_encoding { 5 } else { 4 };
    if args.len() != wanted {
        return Err(
            th.type_error(format!("function takes exactly {wanted} arguments ({} given)", args.len()))
        );
    }
    let mut slot = if with_encoding { ENCODING } else { OBJECT };
    for (i, x) in args.pos.iter().enumerate() {
        let x = *x;
        let stored = if slot == START || slot == END {
            let n = ops::integer_arg(th, x)?;
            th.int(n)
        } else {
            let wants_unicode = slot == OBJECT && !bytes;
            let ok = if wants_unicode {
                x.payload::<PyUnicode>().is_some()
            } else {
                x.payload::<PyStr>().is_some()
            };
            if !ok {
                let (want, got) = (if wants_unicode { "unicode" } else { "str" }, ops::type_name(x));
                return Err(th.type_error(format!("argument {} must be {want}, not {got}", i + 1)));
            }
            x
        };
        data::set(th, v, slot, Some(stored))?;
        slot += 1;
    }
    Ok(())
}

fn decode_init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    store(th, v, args, true, true)
}

fn encode_init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    store(th, v, args, true, false)
}

fn translate_init(th: &mut Thread, v: Value, args: Args<'_>) -> PyResult<()> {
    store(th, v, args, false, false)
}

/// What the texts show: encoding and reason as text, the range, and the one bad unit if it is one.
struct Shown {
    encoding: Vec<u8>,
    reason: Vec<u8>,
    start: i64,
    end: i64,
    unit: Option<u32>,
}

fn shown(th: &mut Thread, v: Value) -> PyResult<Option<Shown>> {
    let Some(object) = data::get(th, v, OBJECT)? else { return Ok(None) };
    let reason = text_of(th, v, REASON)?;
    let encoding = text_of(th, v, ENCODING)?;
    let number = |s: Slot| s.and_then(ops::int_value).unwrap_or(0);
    let (start, end) = (number(data::get(th, v, START)?), number(data::get(th, v, END)?));
    let unit =
        if end == start.wrapping_add(1) && start >= 0 { unit_at(object, start as usize) } else { None };
    let cut = |b: &[u8]| b[..b.len().min(400)].to_vec();
    Ok(Some(Shown {
        encoding: cut(th.str_bytes(encoding)),
        reason: cut(th.str_bytes(reason)),
        start,
        end,
        unit,
    }))
}

/// The text of an attribute, also of a deleted one.
fn text_of(th: &mut Thread, v: Value, slot: usize) -> PyResult {
    match data::get(th, v, slot)? {
        Some(x) => ops::str(th, x),
        None => Ok(th.intern(b"<NULL>")),
    }
}

fn unit_at(object: Value, i: usize) -> Option<u32> {
    if let Some(s) = object.payload::<PyStr>() {
        return s.get().bytes().get(i).map(|b| *b as u32);
    }
    match object.payload::<PyUnicode>()?.get().chars() {
        Chars::One(c) => c.get(i).map(|c| *c as u32),
        Chars::Two(c) => c.get(i).map(|c| *c as u32),
        Chars::Four(c) => c.get(i).copied(),
    }
}

/// `u'\x..'`, `u'\u....'` or `u'\U........'`.
fn escaped(c: u32) -> String {
    match c {
        0..=0xff => format!("u'\\x{c:02x}'"),
        0x100..=0xffff => format!("u'\\u{c:04x}'"),
        _ => format!("u'\\U{c:08x}'"),
    }
}

fn text(th: &mut Thread, s: &Shown, coded: bool, verb: &str, unit: Option<String>, plural: &str) -> PyResult {
    let mut out = Vec::new();
    if coded {
        out.push(b'\'');
        out.extend_from_slice(&s.encoding);
        out.extend_from_slice(b"' codec ");
    }
    match unit {
        Some(u) => out.extend_from_slice(format!("can't {verb} {u} in position {}: ", s.start).as_bytes()),
        None => {
            let last = s.end.wrapping_sub(1);
            out.extend_from_slice(
                format!("can't {verb} {plural} in position {}-{last}: ", s.start).as_bytes(),
            );
        }
    }
    out.extend_from_slice(&s.reason);
    th.try_str(&out)
}

fn decode_str(th: &mut Thread, v: Value) -> PyResult {
    let Some(s) = shown(th, v)? else { return Ok(th.intern(b"")) };
    let unit = s.unit.map(|b| format!("byte 0x{b:02x}"));
    text(th, &s, true, "decode", unit, "bytes")
}

fn encode_str(th: &mut Thread, v: Value) -> PyResult {
    let Some(s) = shown(th, v)? else { return Ok(th.intern(b"")) };
    let unit = s.unit.map(|c| format!("character {}", escaped(c)));
    text(th, &s, true, "encode", unit, "characters")
}

fn translate_str(th: &mut Thread, v: Value) -> PyResult {
    let Some(s) = shown(th, v)? else { return Ok(th.intern(b"")) };
    let unit = s.unit.map(|c| format!("character {}", escaped(c)));
    text(th, &s, false, "translate", unit, "characters")
}
