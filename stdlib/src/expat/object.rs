//! `xmlparser` objects.

use super::dispatch;
use super::xml::{Parser, codes, handler};
use super::{ERROR, constants, settings};
use crate::arguments::{read_only, text};
use crate::private;
use interpreter::kinds::kind;
use interpreter::layout::{PyRecord, PyStr};
use interpreter::native::{Args, MethodDef, NO_NEW, TypeDef};
use interpreter::objects::instance;
use interpreter::{PyResult, Raised, Slot, Thread, Value, ops};

/// Slots of the record.
const STATE: usize = 0;
pub(super) const INTERN: usize = 1;
const BASE: usize = 2;
/// The parser that refers to the entity that this one parses.
const PARENT: usize = 3;
/// Handlers, in the order of their bits.
pub(super) const HANDLERS: usize = 4;
pub(super) const HANDLER_COUNT: usize = 22;

/// The private state.
#[derive(Clone)]
pub(super) struct Session {
    pub parser: Parser,
    /// Bits of the handlers that are set; of the two default handlers the one set last.
    pub want: u32,
    /// Text not yet handed on, if buffering is on.
    pub buffer: Option<Vec<u8>>,
    pub buffer_size: usize,
    pub unicode: bool,
    pub ordered: bool,
    pub specified: bool,
    pub error: u8,
    /// Handlers that run now.
    pub running: u32,
}

/// `pyexpat.xmlparser`.
pub static PARSER: TypeDef = TypeDef {
    module: "pyexpat",
    doc: Some("XML parser"),
    flags: NO_NEW,
    methods: &[
        MethodDef::new(
            "Parse",
            parse_method,
            1,
            2,
            0,
            "Parse(data[, isfinal])\n\nParses a piece of a document.",
        ),
        MethodDef::new(
            "ParseFile",
            parse_file,
            1,
            1,
            0,
            "ParseFile(file)\n\nParses a document from a file-like object.",
        ),
        MethodDef::new(
            "SetBase",
            set_base,
            1,
            1,
            0,
            "SetBase(base_url)\n\nSets the base for system identifiers.",
        ),
        MethodDef::new("GetBase", get_base, 0, 0, 0, "GetBase() -> url\n\nThe base for system identifiers."),
        MethodDef::new(
            "GetInputContext",
            get_input_context,
            0,
            0,
            0,
            "GetInputContext() -> string\n\nIn a handler: the document's text from the event on.",
        ),
        MethodDef::new(
            "ExternalEntityParserCreate",
            external_parser,
            1,
            2,
            0,
            "ExternalEntityParserCreate(context[, encoding])\n\nA parser for an external entity.",
        ),
        MethodDef::new(
            "SetParamEntityParsing",
            set_parameter_parsing,
            1,
            1,
            0,
            "SetParamEntityParsing(flag) -> success\n\nHow parameter entities are treated.",
        ),
        MethodDef::new(
            "UseForeignDTD",
            use_foreign_dtd,
            0,
            1,
            0,
            "UseForeignDTD([flag])\n\nActs as if there were an external subset.",
        ),
    ],
    getset: settings::TABLE,
    ..TypeDef::new("xmlparser", kind::RECORD)
};

pub(super) fn slot(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let x = match v.payload::<PyRecord>() {
        Some(r) => r.read(th)?.at(i).get(),
        None => None,
    };
    Ok(x.unwrap_or(Value::NONE))
}

pub(super) fn set_slot(th: &mut Thread, v: Value, i: usize, x: Slot) -> PyResult<()> {
    if let Some(r) = v.payload::<PyRecord>() {
        r.write(th)?.at(i).set(x);
    }
    Ok(())
}

/// Looks at the state.
pub(super) fn session<R>(th: &mut Thread, v: Value, f: impl FnOnce(&Session) -> R) -> PyResult<R> {
    private::view(th, v, STATE, f)
}

/// Changes the state.
pub(super) fn change<R>(th: &mut Thread, v: Value, f: impl FnOnce(&mut Session) -> R) -> PyResult<R> {
    private::change(th, v, STATE, f)
}

fn make(th: &mut Thread, s: Session, intern: Value, base: Slot, parent: Slot, handlers: &[Slot]) -> PyResult {
    interpreter::types::ready::ready(th, &PARSER)?;
    let state = private::hold(th, s)?;
    let mut slots = [None; HANDLERS + HANDLER_COUNT];
    slots[STATE] = Some(state);
    slots[INTERN] = Some(intern);
    slots[BASE] = base;
    slots[PARENT] = parent;
    slots[HANDLERS..].copy_from_slice(handlers);
    Ok(th.new_record(&PARSER, &slots))
}

/// An argument that is a string or None.
fn optional_text(th: &mut Thread, v: Slot, function: &str, i: usize) -> PyResult<Option<Vec<u8>>> {
    match v.filter(|v| !v.is_none()) {
        None => Ok(None),
        Some(v)
            if v.payload::<PyStr>().is_none() && v.payload::<interpreter::layout::PyUnicode>().is_none() =>
        {
            let n = ops::type_name(v);
            Err(th.type_error(format!("{function}() argument {i} must be string or None, not {n}")))
        }
        Some(v) => text(th, v, function, i).map(Some),
    }
}

pub(super) fn parser_create(th: &mut Thread, args: Args<'_>) -> PyResult {
    let names = ["encoding", "namespace_separator", "intern"];
    let [encoding, separator, intern] = args.bind(th, "ParserCreate", names, 0)?;
    let encoding = optional_text(th, encoding, "ParserCreate", 1)?;
    let separator = optional_text(th, separator, "ParserCreate", 2)?;
    if separator.as_ref().is_some_and(|s| s.len() > 1) {
        return Err(th.value_error("namespace_separator must be at most one character, omitted, or None"));
    }
    let intern = match intern {
        None => th.new_dict(),
        Some(v) if v.is_none() || v.payload::<interpreter::layout::PyDict>().is_some() => v,
        Some(_) => return Err(th.type_error("intern must be a dictionary")),
    };
    let parser = Parser::new(encoding.as_deref(), separator.map(|s| s.first().copied()));
    let s = Session {
        parser,
        want: 0,
        buffer: None,
        buffer_size: 8192,
        unicode: true,
        ordered: false,
        specified: false,
        error: 0,
        running: 0,
    };
    make(th, s, intern, None, None, &[None; HANDLER_COUNT])
}

fn external_parser(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let context = optional_text(th, Some(args.pos[1]), "ExternalEntityParserCreate", 1)?;
    let encoding = match args.get(2) {
        Some(e) => Some(text(th, e, "ExternalEntityParserCreate", 2)?),
        None => None,
    };
    let s = session(th, v, |s| Session {
        parser: s.parser.external(context.as_deref(), encoding.as_deref()),
        buffer: s.buffer.as_ref().map(|_| Vec::new()),
        error: 0,
        running: 0,
        ..s.clone()
    })?;
    let mut handlers = [None; HANDLER_COUNT];
    for (i, h) in handlers.iter_mut().enumerate() {
        *h = Some(slot(th, v, HANDLERS + i)?).filter(|h| !h.is_none());
    }
    let (intern, base) = (slot(th, v, INTERN)?, slot(th, v, BASE)?);
    make(th, s, intern, Some(base), Some(v), &handlers)
}

/// Raises an error of the parser.
pub(super) fn raise(th: &mut Thread, v: Value, code: u8) -> Raised {
    match raised(th, v, code) {
        Ok(r) | Err(r) => r,
    }
}

fn raised(th: &mut Thread, v: Value, code: u8) -> PyResult<Raised> {
    let place = change(th, v, |s| {
        s.error = code;
        s.parser.place()
    })?;
    let words = constants::words(code).unwrap_or("unknown error");
    let message = format!("{words}: line {}, column {}", place.line, place.column);
    let message = th.new_str(message.as_bytes());
    let class = interpreter::types::ready::ready(th, &ERROR)?;
    let e = ops::call(th, class, &[message])?;
    for (name, n) in
        [("code", i64::from(code)), ("offset", place.column as i64), ("lineno", place.line as i64)]
    {
        let (name, n) = (th.intern(name.as_bytes()), th.int(n));
        instance::set_own_attribute(th, e, name, Some(n))?;
    }
    Ok(th.raise(class, Some(e)))
}

/// Parses a piece of the document, handing every event on.
fn parse(th: &mut Thread, v: Value, data: &[u8], last: bool) -> PyResult {
    change(th, v, |s| s.parser.feed(data, last))?;
    let mut steps = 0u32;
    loop {
        steps = steps.wrapping_add(1);
        if steps.is_multiple_of(1024) {
            th.native_poll()?;
        }
        let next = change(th, v, |s| s.parser.next(s.want))?;
        match next {
            Ok(Some(e)) => dispatch::event(th, v, e)?,
            Ok(None) => break,
            Err(code) => return Err(raise(th, v, code)),
        }
    }
    dispatch::flush(th, v)?;
    if last {
        share_declarations(th, v)?;
    }
    Ok(th.int(1))
}

/// What a parameter entity has declared counts for the document.
fn share_declarations(th: &mut Thread, v: Value) -> PyResult<()> {
    let parent = slot(th, v, PARENT)?;
    if parent.is_none() {
        return Ok(());
    }
    if let Some(dtd) = session(th, v, |s| s.parser.shared_declarations())? {
        change(th, parent, |s| s.parser.dtd = dtd)?;
    }
    Ok(())
}

fn parse_method(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = read_only(th, args.pos[1], "Parse", 1)?;
    let last = match args.get(2) {
        Some(v) => ops::int32_arg(th, v)? != 0,
        None => false,
    };
    let copy;
    let data = if b.owner.cast::<PyStr>().is_some() {
        b.bytes()
    } else {
        copy = b.bytes().to_vec();
        &copy
    };
    parse(th, args.pos[0], data, last)
}

fn parse_file(th: &mut Thread, args: Args<'_>) -> PyResult {
    const SIZE: i64 = 2048;
    let name = interpreter::names::read.get(th);
    let Some(read) = ops::getattr_opt(th, args.pos[1], name)? else {
        return Err(th.type_error("argument must have 'read' attribute"));
    };
    loop {
        let n = th.int(SIZE);
        let piece = ops::call(th, read, &[n])?;
        let Some(s) = piece.payload::<PyStr>() else {
            let n = ops::type_name(piece);
            return Err(th.type_error(format!("read() did not return a string object (type={n})")));
        };
        let b = s.get().bytes();
        if b.len() as i64 > SIZE {
            let n = b.len();
            return Err(th.value_error(format!(
                "read() returned too much data: {SIZE} bytes requested, {n} returned"
            )));
        }
        let r = parse(th, args.pos[0], b, b.is_empty())?;
        if b.is_empty() {
            return Ok(r);
        }
    }
}

fn set_base(th: &mut Thread, args: Args<'_>) -> PyResult {
    let b = text(th, args.pos[1], "SetBase", 1)?;
    let b = th.try_str(&b)?;
    set_slot(th, args.pos[0], BASE, Some(b))?;
    Ok(Value::NONE)
}

fn get_base(th: &mut Thread, args: Args<'_>) -> PyResult {
    slot(th, args.pos[0], BASE)
}

/// The base as handlers get it.
pub(super) fn base(th: &mut Thread, v: Value, unicode: bool) -> PyResult {
    let b = slot(th, v, BASE)?;
    if b.is_none() { Ok(b) } else { super::strings::text(th, unicode, th.str_bytes(b)) }
}

fn get_input_context(th: &mut Thread, args: Args<'_>) -> PyResult {
    let rest = session(th, args.pos[0], |s| (s.running > 0).then(|| s.parser.rest().to_vec()))?;
    match rest {
        Some(b) => th.try_str(&b),
        None => Ok(Value::NONE),
    }
}

fn set_parameter_parsing(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[1])?;
    let done = match u8::try_from(n) {
        Ok(n @ 0..=2) => change(th, args.pos[0], |s| s.parser.set_parameter_parsing(n))?,
        _ => false,
    };
    Ok(th.int(i64::from(done)))
}

fn use_foreign_dtd(th: &mut Thread, args: Args<'_>) -> PyResult {
    let yes = match args.get(1) {
        Some(v) => ops::is_true(th, v)?,
        None => true,
    };
    if !change(th, args.pos[0], |s| s.parser.use_foreign_dtd(yes))? {
        return Err(raise(th, args.pos[0], codes::CANT_CHANGE_FEATURE_ONCE_PARSING));
    }
    Ok(Value::NONE)
}

/// Takes all handlers away, after one has raised.
pub(super) fn clear_handlers(th: &mut Thread, v: Value) -> PyResult<()> {
    for i in 0..HANDLER_COUNT {
        set_slot(th, v, HANDLERS + i, None)?;
    }
    change(th, v, |s| s.want = 0)
}

/// Slot of the handler with a bit.
pub(super) fn handler_slot(bit: u32) -> usize {
    debug_assert!(bit & (handler::SKIPPED_ENTITY * 2 - 1) != 0);
    HANDLERS + bit.trailing_zeros() as usize
}
