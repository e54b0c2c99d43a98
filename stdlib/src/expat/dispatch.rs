//! Events to handlers.

use super::object::{Session, base, change, clear_handlers, handler_slot, session, slot};
use super::strings::{name, option, text, wants_unicode};
use super::xml::{Event, Model, codes, handler};
use interpreter::layout::PyUnicode;
use interpreter::{PyResult, Thread, Value, codecs, ops};
use std::sync::Arc;

/// Hands on what waits in the buffer.
pub(super) fn flush(th: &mut Thread, v: Value) -> PyResult<()> {
    let waiting = session(th, v, |s| s.buffer.as_ref().is_some_and(|b| !b.is_empty()))?;
    if !waiting {
        return Ok(());
    }
    let data = change(th, v, |s| s.buffer.as_mut().map(std::mem::take).unwrap_or_default())?;
    characters(th, v, &data)
}

fn characters(th: &mut Thread, v: Value, data: &[u8]) -> PyResult<()> {
    let unicode = wants_unicode(th, v)?;
    let t = text(th, unicode, data)?;
    call(th, v, handler::CHARACTER_DATA, &[t]).map(|_| ())
}

/// Calls a handler, if it is set. An exception takes all handlers away.
fn call(th: &mut Thread, v: Value, bit: u32, args: &[Value]) -> PyResult<Option<Value>> {
    let h = slot(th, v, handler_slot(bit))?;
    if h.is_none() {
        return Ok(None);
    }
    change(th, v, |s: &mut Session| s.running += 1)?;
    match ops::call(th, h, args) {
        Ok(r) => {
            change(th, v, |s| s.running = s.running.saturating_sub(1))?;
            Ok(Some(r))
        }
        Err(e) => {
            let c = e.catch(th)?;
            change(th, v, |s| s.running = s.running.saturating_sub(1))?;
            clear_handlers(th, v)?;
            Err(th.reraise(c))
        }
    }
}

/// Text, by way of the buffer if there is one.
fn data(th: &mut Thread, v: Value, d: &[u8]) -> PyResult<()> {
    let full = session(th, v, |s| {
        s.buffer.as_ref().map(|b| (b.len() + d.len() > s.buffer_size, d.len() > s.buffer_size))
    })?;
    let Some((full, large)) = full else { return characters(th, v, d) };
    if full {
        flush(th, v)?;
        let wanted = session(th, v, |s| s.want & handler::CHARACTER_DATA != 0)?;
        if !wanted {
            return Ok(());
        }
    }
    if large {
        return characters(th, v, d);
    }
    change(th, v, |s| {
        if let Some(b) = &mut s.buffer {
            b.extend_from_slice(d);
        }
    })
}

/// Hands an event to its handler.
pub(super) fn event(th: &mut Thread, v: Value, e: Event) -> PyResult<()> {
    if let Event::CharacterData(d) = &e {
        return data(th, v, d);
    }
    if let Event::UnknownEncoding(n) = &e {
        return unknown_encoding(th, v, n);
    }
    flush(th, v)?;
    let u = wants_unicode(th, v)?;
    let bit = match &e {
        Event::Default(_) => match session(th, v, |s| s.want & handler::ANY_DEFAULT)? {
            0 => return Ok(()),
            b => b,
        },
        e => e.handler(),
    };
    match &e {
        Event::StartElement { name: n, attributes, specified } => {
            let tag = name(th, v, u, n)?;
            let (ordered, only) = session(th, v, |s| (s.ordered, s.specified))?;
            let wanted = if only { &attributes[..*specified] } else { &attributes[..] };
            let container = if ordered {
                let out = th.m.root_vec();
                for (n, x) in wanted {
                    out.push(name(th, v, u, n)?.bits());
                    out.push(text(th, u, x)?.bits());
                }
                th.new_list(ops::values(&out))?
            } else {
                let d = th.new_dict();
                for (n, x) in wanted {
                    let (n, x) = (name(th, v, u, n)?, text(th, u, x)?);
                    ops::setitem(th, d, n, Some(x))?;
                }
                d
            };
            call(th, v, bit, &[tag, container])?;
        }
        Event::EndElement(n) => {
            let n = name(th, v, u, n)?;
            call(th, v, bit, &[n])?;
        }
        Event::ProcessingInstruction(target, d) => {
            let args = [name(th, v, u, target)?, text(th, u, d)?];
            call(th, v, bit, &args)?;
        }
        Event::Comment(d) | Event::Default(d) | Event::CharacterData(d) | Event::UnknownEncoding(d) => {
            let d = text(th, u, d)?;
            call(th, v, bit, &[d])?;
        }
        Event::StartCdata | Event::EndCdata | Event::EndDoctype => {
            call(th, v, bit, &[])?;
        }
        Event::StartNamespace(prefix, uri) => {
            let args = [optional_name(th, v, u, prefix)?, optional_name(th, v, u, uri)?];
            call(th, v, bit, &args)?;
        }
        Event::EndNamespace(prefix) => {
            let p = optional_name(th, v, u, prefix)?;
            call(th, v, bit, &[p])?;
        }
        Event::XmlDecl { version, encoding, standalone } => {
            let args = [
                option(th, u, version.as_deref())?,
                option(th, u, encoding.as_deref())?,
                th.int(i64::from(*standalone)),
            ];
            call(th, v, bit, &args)?;
        }
        Event::StartDoctype { name: n, system, public, internal } => {
            let args = [
                name(th, v, u, n)?,
                optional_name(th, v, u, system)?,
                optional_name(th, v, u, public)?,
                th.int(i64::from(*internal)),
            ];
            call(th, v, bit, &args)?;
        }
        Event::ElementDecl(n, m) => {
            let args = [name(th, v, u, n)?, model(th, v, u, m)?];
            call(th, v, bit, &args)?;
        }
        Event::AttlistDecl { element, attribute, kind, default, required } => {
            let args = [
                name(th, v, u, element)?,
                name(th, v, u, attribute)?,
                text(th, u, kind)?,
                option(th, u, default.as_deref())?,
                th.int(i64::from(*required)),
            ];
            call(th, v, bit, &args)?;
        }
        Event::EntityDecl { name: n, parameter, value, system, public, notation } => {
            let args = [
                name(th, v, u, n)?,
                th.int(i64::from(*parameter)),
                option(th, u, value.as_deref())?,
                base(th, v, u)?,
                optional_name(th, v, u, system)?,
                optional_name(th, v, u, public)?,
                optional_name(th, v, u, notation)?,
            ];
            call(th, v, bit, &args)?;
        }
        Event::UnparsedEntityDecl { name: n, system, public, notation } => {
            let args = [
                name(th, v, u, n)?,
                base(th, v, u)?,
                optional_name(th, v, u, system)?,
                optional_name(th, v, u, public)?,
                name(th, v, u, notation)?,
            ];
            call(th, v, bit, &args)?;
        }
        Event::NotationDecl { name: n, system, public } => {
            let args = [
                name(th, v, u, n)?,
                base(th, v, u)?,
                optional_name(th, v, u, system)?,
                optional_name(th, v, u, public)?,
            ];
            call(th, v, bit, &args)?;
        }
        Event::SkippedEntity(n, parameter) => {
            let args = [name(th, v, u, n)?, th.int(i64::from(*parameter))];
            call(th, v, bit, &args)?;
        }
        Event::NotStandalone => {
            let r = call(th, v, bit, &[])?;
            answered(th, v, r, codes::NOT_STANDALONE)?;
        }
        Event::ExternalEntityRef { context, system, public } => {
            let args = [
                option(th, u, context.as_deref())?,
                base(th, v, u)?,
                optional_name(th, v, u, system)?,
                optional_name(th, v, u, public)?,
            ];
            let r = call(th, v, bit, &args)?;
            answered(th, v, r, codes::EXTERNAL_ENTITY_HANDLING)?;
        }
    }
    Ok(())
}

/// A handler has said whether to go on.
fn answered(th: &mut Thread, v: Value, r: Option<Value>, code: u8) -> PyResult<()> {
    if let Some(r) = r
        && ops::integer_arg(th, r)? == 0
    {
        change(th, v, |s| s.parser.fail(code))?;
    }
    Ok(())
}

fn optional_name(th: &mut Thread, v: Value, u: bool, t: &Option<Vec<u8>>) -> PyResult {
    match t {
        Some(t) => name(th, v, u, t),
        None => Ok(Value::NONE),
    }
}

fn model(th: &mut Thread, v: Value, u: bool, m: &Model) -> PyResult {
    th.check_native_stack()?;
    let parts = th.m.root_vec();
    for c in &m.children {
        parts.push(model(th, v, u, c)?.bits());
    }
    let children = th.try_tuple(ops::values(&parts))?;
    let fields = [
        th.int(i64::from(m.kind)),
        th.int(i64::from(m.quantifier)),
        optional_name(th, v, u, &m.name)?,
        children,
    ];
    th.try_tuple(&fields)
}

/// An encoding that the parser does not know: Python's codec makes a table.
fn unknown_encoding(th: &mut Thread, v: Value, n: &[u8]) -> PyResult<()> {
    match encoding_table(th, n) {
        Ok(t) => change(th, v, |s| s.parser.set_table(t)),
        Err(e) => {
            let c = e.catch(th)?;
            change(th, v, |s| s.parser.set_table(None))?;
            Err(th.reraise(c))
        }
    }
}

/// The characters of all bytes in an encoding of Python's, if every byte is one character.
pub fn encoding_table(th: &mut Thread, n: &[u8]) -> PyResult<Option<Arc<[i32; 256]>>> {
    let all: Vec<u8> = (0..=255).collect();
    let all = th.try_str(&all)?;
    let encoding = String::from_utf8_lossy(n).into_owned();
    let decoded = codecs::decode(th, all, Some(&encoding), Some("replace"))?;
    let mut table = [-1i32; 256];
    let mut count = 0;
    if let Some(d) = decoded.payload::<PyUnicode>() {
        for c in d.get().chars().iter() {
            // U+FFFD stands for "no character".
            if let Some(t) = table.get_mut(count) {
                *t = if c == 0xfffd { -1 } else { c as i32 };
            }
            count += 1;
        }
    }
    if count != 256 {
        return Err(th.value_error("multi-byte encodings are not supported"));
    }
    Ok(Some(Arc::new(table)))
}
