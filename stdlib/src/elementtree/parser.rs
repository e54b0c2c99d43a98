//! `XMLParser`: the XML parser over a target: a builder, driven directly, or any object with its methods.

use super::builder;
use super::{PARSE_ERROR, get};
use crate::arguments::text;
use crate::expat::xml::{Event, Parser, codes, handler};
use crate::expat::{encoding_table, error_words};
use crate::private;
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyStr};
use interpreter::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef};
use interpreter::objects::{dict, instance};
use interpreter::{PyResult, Raised, Slot, Thread, Value, buffer, names, ops};

const STATE: usize = 0;
const TARGET: usize = 1;
/// Entities by name, for the user to fill.
const ENTITY: usize = 2;
/// Names seen, and what they became.
const NAMES: usize = 3;
/// Methods of a target that is no builder: start, data, end, comment, pi.
const METHODS: usize = 4;
const METHOD_NAMES: [&str; 5] = ["start", "data", "end", "comment", "pi"];

/// `XMLParser`.
pub static PARSER: TypeDef = TypeDef {
    flags: NO_NEW,
    methods: &[
        MethodDef::new("feed", feed, 1, 1, 0, "feed(data) -> None"),
        MethodDef::new("close", close, 0, 0, 0, "close() -> what the target makes of it"),
        MethodDef::new("_parse", parse_file, 1, 1, 0, "_parse(file) -> what the target makes of it"),
        MethodDef::new("_setevents", set_events, 1, 2, 0, "_setevents(list[, kinds]) -> None"),
    ],
    getset: &[
        GetSetDef { name: "entity", get: |th, v| field(th, v, ENTITY), set: None, doc: "" },
        GetSetDef { name: "target", get: |th, v| field(th, v, TARGET), set: None, doc: "" },
        GetSetDef { name: "version", get: |th, _| Ok(th.new_str(b"Expat 2.2.8")), set: None, doc: "" },
    ],
    ..TypeDef::new("XMLParser", kind::RECORD)
};

/// The private state.
#[derive(Clone)]
struct Session {
    parser: Parser,
    want: u32,
}

fn field(th: &mut Thread, v: Value, i: usize) -> PyResult {
    Ok(get(th, v, i)?.unwrap_or(Value::NONE))
}

pub(super) fn create(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [target, encoding] = args.bind(th, "XMLParser", ["target", "encoding"], 0)?;
    let encoding = match encoding.filter(|e| !e.is_none()) {
        Some(e) => Some(text(th, e, "XMLParser", 2)?),
        None => None,
    };
    let target = match target.filter(|t| !t.is_none()) {
        Some(t) => t,
        None => builder::make(th)?,
    };
    let mut want =
        handler::START_ELEMENT | handler::END_ELEMENT | handler::CHARACTER_DATA | handler::DEFAULT_EXPAND;
    let mut slots: [Slot; METHODS + 5] = [None; METHODS + 5];
    if !builder::is_builder(target) {
        for (i, name) in METHOD_NAMES.iter().enumerate() {
            let name = th.intern(name.as_bytes());
            slots[METHODS + i] = ops::getattr_opt(th, target, name)?;
        }
        if slots[METHODS + 3].is_some() {
            want |= handler::COMMENT;
        }
        if slots[METHODS + 4].is_some() {
            want |= handler::PROCESSING_INSTRUCTION;
        }
    }
    let parser = Parser::new(encoding.as_deref(), Some(Some(b'}')));
    slots[STATE] = Some(private::hold(th, Session { parser, want })?);
    slots[TARGET] = Some(target);
    slots[ENTITY] = Some(th.new_dict());
    slots[NAMES] = Some(th.new_dict());
    Ok(th.new_record(&PARSER, &slots))
}

fn change<R>(th: &mut Thread, v: Value, f: impl FnOnce(&mut Session) -> R) -> PyResult<R> {
    private::change(th, v, STATE, f)
}

/// Text: str where it is ASCII.
fn string(th: &mut Thread, t: &[u8]) -> PyResult {
    if t.is_ascii() {
        return th.try_str(t);
    }
    let s = th.try_str(t)?;
    interpreter::codecs::decode(th, s, Some("utf-8"), Some("strict"))
}

/// A name with its namespace in braces; the same object for the same name.
fn universal(th: &mut Thread, v: Value, t: &[u8]) -> PyResult {
    let key = th.try_str(t)?;
    let known = field(th, v, NAMES)?;
    let Some(d) = known.cast::<PyDict>() else { return Err(th.system_error("parser without names")) };
    if let Some(n) = dict::get(th, d, key)? {
        return Ok(n);
    }
    let n = if t.contains(&b'}') {
        let full = [b"{", t].concat();
        string(th, &full)?
    } else {
        string(th, t)?
    };
    dict::set(th, d, key, n)?;
    Ok(n)
}

fn method(th: &mut Thread, v: Value, i: usize, args: &[Value]) -> PyResult<()> {
    match get(th, v, METHODS + i)? {
        Some(f) => ops::call(th, f, args).map(|_| ()),
        None => Ok(()),
    }
}

fn data(th: &mut Thread, v: Value, target: Value, d: Value) -> PyResult<()> {
    if builder::is_builder(target) { builder::data(th, target, d) } else { method(th, v, 1, &[d]) }
}

fn event(th: &mut Thread, v: Value, e: Event) -> PyResult<()> {
    let target = field(th, v, TARGET)?;
    let direct = builder::is_builder(target);
    match e {
        Event::StartElement { name, attributes, .. } => {
            let tag = universal(th, v, &name)?;
            let mut attrib = None;
            if !attributes.is_empty() || !direct {
                let d = th.new_dict();
                for (n, x) in &attributes {
                    let (n, x) = (universal(th, v, n)?, string(th, x)?);
                    ops::setitem(th, d, n, Some(x))?;
                }
                attrib = Some(d);
            }
            if direct {
                builder::start(th, target, tag, attrib)?;
            } else {
                method(th, v, 0, &[tag, attrib.unwrap_or(Value::NONE)])?;
            }
        }
        Event::EndElement(name) => {
            if direct {
                builder::end(th, target)?;
            } else {
                let tag = universal(th, v, &name)?;
                method(th, v, 2, &[tag])?;
            }
        }
        Event::CharacterData(d) => {
            let d = string(th, &d)?;
            data(th, v, target, d)?;
        }
        Event::Comment(t) => {
            let t = string(th, &t)?;
            method(th, v, 3, &[t])?;
        }
        Event::ProcessingInstruction(t, d) => {
            let args = [string(th, &t)?, string(th, &d)?];
            method(th, v, 4, &args)?;
        }
        Event::StartNamespace(prefix, uri) => {
            let pair = [string(th, &prefix.unwrap_or_default())?, string(th, &uri.unwrap_or_default())?];
            let pair = th.try_tuple(&pair)?;
            builder::namespace(th, target, builder::START_NS_EVENT, pair)?;
        }
        Event::EndNamespace(_) => {
            builder::namespace(th, target, builder::END_NS_EVENT, Value::NONE)?;
        }
        Event::Default(t) if t.len() > 2 && t[0] == b'&' && t[t.len() - 1] == b';' => {
            return undefined(th, v, target, &t);
        }
        Event::UnknownEncoding(n) => {
            let table = encoding_table(th, &n)?;
            change(th, v, |s| s.parser.set_table(table))?;
        }
        _ => {}
    }
    Ok(())
}

/// A reference to an entity that the document does not declare: the user may have.
fn undefined(th: &mut Thread, v: Value, target: Value, raw: &[u8]) -> PyResult<()> {
    let name = string(th, &raw[1..raw.len() - 1])?;
    let known = field(th, v, ENTITY)?;
    if let Some(d) = known.cast::<PyDict>()
        && let Some(x) = dict::get(th, d, name)?
    {
        return data(th, v, target, x);
    }
    let place = private::view(th, v, STATE, |s: &Session| s.parser.place())?;
    let shown = String::from_utf8_lossy(raw).into_owned();
    let message = format!("undefined entity {shown}: line {}, column {}", place.line, place.column);
    Err(refuse(th, message, codes::UNDEFINED_ENTITY, place.line, place.column))
}

/// `ParseError` with its attributes.
fn refuse(th: &mut Thread, message: String, code: u8, line: u64, column: u64) -> Raised {
    let make = |th: &mut Thread| -> PyResult {
        let m = th.new_str(message.as_bytes());
        let e = ops::call(th, PARSE_ERROR.class(), &[m])?;
        let place = [th.int(line as i64), th.int(column as i64)];
        let (place, code) = (th.try_tuple(&place)?, th.int(i64::from(code)));
        for (name, x) in [("code", code), ("position", place)] {
            let name = th.intern(name.as_bytes());
            instance::set_own_attribute(th, e, name, Some(x))?;
        }
        Ok(e)
    };
    match make(th) {
        Ok(e) => th.raise(PARSE_ERROR.class(), Some(e)),
        Err(r) => r,
    }
}

fn parse(th: &mut Thread, v: Value, bytes: &[u8], last: bool) -> PyResult<()> {
    change(th, v, |s| s.parser.feed(bytes, last))?;
    let mut steps = 0u32;
    loop {
        steps = steps.wrapping_add(1);
        if steps.is_multiple_of(1024) {
            th.native_poll()?;
        }
        match change(th, v, |s| s.parser.next(s.want))? {
            Ok(Some(e)) => event(th, v, e)?,
            Ok(None) => return Ok(()),
            Err(code) => {
                let p = private::view(th, v, STATE, |s: &Session| s.parser.place())?;
                let words = error_words(code);
                let message = format!("{words}: line {}, column {}", p.line, p.column);
                return Err(refuse(th, message, code, p.line, p.column));
            }
        }
    }
}

fn feed(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = buffer::argument(th, args.pos[1], "feed", 1)?;
    let copy;
    let bytes = if b.owner.cast::<PyStr>().is_some() {
        b.bytes()
    } else {
        copy = b.bytes().to_vec();
        &copy
    };
    parse(th, args.pos[0], bytes, false)?;
    Ok(Value::NONE)
}

fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    parse(th, v, b"", true)?;
    let target = field(th, v, TARGET)?;
    if builder::is_builder(target) {
        return builder::close(th, target);
    }
    let name = names::close.get(th);
    match ops::getattr_opt(th, target, name)? {
        Some(f) => ops::call(th, f, &[]),
        None => Ok(Value::NONE),
    }
}

fn parse_file(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let name = names::read.get(th);
    let read = ops::getattr(th, args.pos[1], name)?;
    loop {
        let n = th.int(64 * 1024);
        let piece = ops::call(th, read, &[n])?;
        let Some(s) = piece.payload::<PyStr>().filter(|s| !s.get().bytes().is_empty()) else { break };
        parse(th, v, s.get().bytes(), false)?;
    }
    close(th, Args::positional(&[v]))
}

fn set_events(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let target = field(th, v, TARGET)?;
    if !builder::is_builder(target) {
        return Err(th.type_error("event handling only supported for cElementTree.Treebuilder targets"));
    }
    builder::set_events(th, target, args.pos[1], args.get(2).unwrap_or(Value::NONE))?;
    let starts = builder::wants(th, target, builder::START_NS_EVENT)?;
    let ends = builder::wants(th, target, builder::END_NS_EVENT)?;
    change(th, v, |s| {
        if starts {
            s.want |= handler::START_NAMESPACE_DECL;
        }
        if ends {
            s.want |= handler::END_NAMESPACE_DECL;
        }
    })?;
    Ok(Value::NONE)
}
