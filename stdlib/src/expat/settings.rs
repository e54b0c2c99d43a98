//! The attributes of parsers: handlers, settings, places.

use super::dispatch::flush;
use super::object::{HANDLER_COUNT, INTERN, Session, change, handler_slot, session, set_slot, slot};
use super::xml::{Place, handler};
use interpreter::native::GetSetDef;
use interpreter::{PyResult, Slot, Thread, Value, ops};

fn value(th: &mut Thread, x: Slot) -> PyResult {
    match x {
        Some(x) => Ok(x),
        None => Err(th.runtime_error("Cannot delete attribute")),
    }
}

fn get_handler<const I: u32>(th: &mut Thread, v: Value) -> PyResult {
    slot(th, v, handler_slot(1 << I))
}

fn set_handler<const I: u32>(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let x = value(th, x)?;
    let bit = 1 << I;
    if bit == handler::CHARACTER_DATA {
        // What waits belongs to the old handler.
        flush(th, v)?;
    }
    set_slot(th, v, handler_slot(bit), Some(x).filter(|x| !x.is_none()))?;
    change(th, v, |s| {
        if bit & handler::ANY_DEFAULT != 0 {
            // There is one place for both: the one set last counts.
            s.want &= !handler::ANY_DEFAULT;
            s.parser.expand = bit == handler::DEFAULT_EXPAND;
        }
        if x.is_none() {
            s.want &= !bit;
        } else {
            s.want |= bit;
        }
    })
}

macro_rules! handlers {
    ($($i:literal $name:literal)*) => {
        [$( GetSetDef { name: $name, get: get_handler::<$i>, set: Some(set_handler::<$i>), doc: "" }, )*]
    };
}

const HANDLER_ROWS: [GetSetDef; HANDLER_COUNT] = handlers! {
    0 "StartElementHandler" 1 "EndElementHandler" 2 "ProcessingInstructionHandler" 3 "CharacterDataHandler"
    4 "UnparsedEntityDeclHandler" 5 "NotationDeclHandler" 6 "StartNamespaceDeclHandler"
    7 "EndNamespaceDeclHandler" 8 "CommentHandler" 9 "StartCdataSectionHandler" 10 "EndCdataSectionHandler"
    11 "DefaultHandler" 12 "DefaultHandlerExpand" 13 "NotStandaloneHandler" 14 "ExternalEntityRefHandler"
    15 "StartDoctypeDeclHandler" 16 "EndDoctypeDeclHandler" 17 "EntityDeclHandler" 18 "XmlDeclHandler"
    19 "ElementDeclHandler" 20 "AttlistDeclHandler" 21 "SkippedEntityHandler"
};

type Get = fn(&mut Thread, Value) -> PyResult;

const fn fixed(name: &'static str, get: Get) -> GetSetDef {
    GetSetDef { name, get, set: Some(refuse), doc: "" }
}

fn refuse(th: &mut Thread, _: Value, x: Slot) -> PyResult<()> {
    value(th, x)?;
    Err(th.attribute_error("attribute is read-only"))
}

fn place(th: &mut Thread, v: Value, f: fn(&Place) -> i64) -> PyResult {
    let p = session(th, v, |s| s.parser.place())?;
    Ok(th.int(f(&p)))
}

fn flag(th: &mut Thread, v: Value, f: fn(&Session) -> bool) -> PyResult {
    session(th, v, f).map(Value::from_bool)
}

fn set_flag(th: &mut Thread, v: Value, x: Slot, f: fn(&mut Session, bool)) -> PyResult<()> {
    let x = value(th, x)?;
    let yes = ops::is_true(th, x)?;
    change(th, v, |s| f(s, yes))
}

fn set_buffer_text(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let x = value(th, x)?;
    if !ops::is_true(th, x)? {
        flush(th, v)?;
        return change(th, v, |s| s.buffer = None);
    }
    change(th, v, |s| {
        if s.buffer.is_none() {
            s.buffer = Some(Vec::new());
        }
    })
}

fn set_buffer_size(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let x = value(th, x)?;
    let Some(n) = ops::int_value(x) else { return Err(th.type_error("buffer_size must be an integer")) };
    if n == session(th, v, |s| s.buffer_size)? as i64 {
        return Ok(());
    }
    if n <= 0 {
        return Err(th.value_error("buffer_size must be greater than zero"));
    }
    if n > i64::from(i32::MAX) {
        return Err(th.value_error(format!("buffer_size must not be greater than {}", i32::MAX)));
    }
    flush(th, v)?;
    change(th, v, |s| s.buffer_size = n as usize)
}

const OTHERS: [GetSetDef; 15] = [
    fixed("ErrorCode", |th, v| {
        let n = session(th, v, |s| s.error)?;
        Ok(th.int(i64::from(n)))
    }),
    fixed("ErrorLineNumber", |th, v| place(th, v, |p| p.line as i64)),
    fixed("ErrorColumnNumber", |th, v| place(th, v, |p| p.column as i64)),
    fixed("ErrorByteIndex", |th, v| place(th, v, |p| p.byte)),
    fixed("CurrentLineNumber", |th, v| place(th, v, |p| p.line as i64)),
    fixed("CurrentColumnNumber", |th, v| place(th, v, |p| p.column as i64)),
    fixed("CurrentByteIndex", |th, v| place(th, v, |p| p.byte)),
    GetSetDef {
        name: "buffer_size",
        get: |th, v| {
            let n = session(th, v, |s| s.buffer_size)?;
            Ok(th.int(n as i64))
        },
        set: Some(set_buffer_size),
        doc: "",
    },
    GetSetDef {
        name: "buffer_text",
        get: |th, v| flag(th, v, |s| s.buffer.is_some()),
        set: Some(set_buffer_text),
        doc: "",
    },
    fixed("buffer_used", |th, v| {
        let n = session(th, v, |s| s.buffer.as_ref().map_or(0, Vec::len))?;
        Ok(th.int(n as i64))
    }),
    GetSetDef {
        name: "namespace_prefixes",
        get: |th, v| flag(th, v, |s| s.parser.triplets),
        set: Some(|th, v, x| set_flag(th, v, x, |s, b| s.parser.triplets = b)),
        doc: "",
    },
    GetSetDef {
        name: "ordered_attributes",
        get: |th, v| flag(th, v, |s| s.ordered),
        set: Some(|th, v, x| set_flag(th, v, x, |s, b| s.ordered = b)),
        doc: "",
    },
    GetSetDef {
        name: "returns_unicode",
        get: |th, v| flag(th, v, |s| s.unicode),
        set: Some(|th, v, x| set_flag(th, v, x, |s, b| s.unicode = b)),
        doc: "",
    },
    GetSetDef {
        name: "specified_attributes",
        get: |th, v| flag(th, v, |s| s.specified),
        set: Some(|th, v, x| set_flag(th, v, x, |s, b| s.specified = b)),
        doc: "",
    },
    fixed("intern", |th, v| slot(th, v, INTERN)),
];

/// All attributes.
pub(super) static TABLE: &[GetSetDef] = &joined();

const fn joined() -> [GetSetDef; HANDLER_COUNT + 15] {
    const BLANK: GetSetDef = fixed("", |_, _| Ok(Value::NONE));
    let mut all = [BLANK; HANDLER_COUNT + 15];
    let mut i = 0;
    while i < all.len() {
        let from = if i < HANDLER_COUNT { &HANDLER_ROWS[i] } else { &OTHERS[i - HANDLER_COUNT] };
        all[i] = GetSetDef { name: from.name, get: from.get, set: from.set, doc: from.doc };
        i += 1;
    }
    all
}
