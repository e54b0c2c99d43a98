//! `TreeBuilder`: a tree from events.

use super::element::{self, TAIL, TEXT, add_child};
use super::items::push;
use super::{get, set};
use interpreter::kinds::kind;
use interpreter::layout::{PyList, PyStr, PyUnicode};
use interpreter::native::{Args, MethodDef, NO_NEW, TypeDef};
use interpreter::{PyResult, Slot, Thread, Value, ops, types};

const ROOT: usize = 0;
/// The element that is open.
const THIS: usize = 1;
/// The element that text belongs to: open, or just closed.
const LAST: usize = 2;
/// Pieces of text: a list.
const DATA: usize = 3;
/// Open elements around `THIS`: a list.
const STACK: usize = 4;
/// Where events go, if anywhere.
const EVENTS: usize = 5;
/// What names each kind of event; none: not wanted.
pub(super) const START_EVENT: usize = 6;
pub(super) const END_EVENT: usize = 7;
pub(super) const START_NS_EVENT: usize = 8;
pub(super) const END_NS_EVENT: usize = 9;

/// `TreeBuilder`.
pub static BUILDER: TypeDef = TypeDef {
    flags: NO_NEW,
    methods: &[
        MethodDef::new("data", |th, a| data(th, a.pos[0], a.pos[1]).map(none), 1, 1, 0, "data(text) -> None"),
        MethodDef::new(
            "start",
            |th, a| start(th, a.pos[0], a.pos[1], Some(a.pos[2]).filter(|d| !d.is_none())),
            2,
            2,
            0,
            "start(tag, attrib) -> element",
        ),
        MethodDef::new("end", |th, a| end(th, a.pos[0]), 1, 1, 0, "end(tag) -> element"),
        MethodDef::new("xml", |_, _| Ok(Value::NONE), 2, 2, 0, "xml(encoding, standalone) -> None"),
        MethodDef::new("close", |th, a| close(th, a.pos[0]), 0, 0, 0, "close() -> the root, or None"),
    ],
    ..TypeDef::new("TreeBuilder", kind::RECORD)
};

fn none<T>(_: T) -> Value {
    Value::NONE
}

/// Whether it is a builder itself.
pub(super) fn is_builder(v: Value) -> bool {
    types::type_of(v).value() == BUILDER.class()
}

pub(super) fn make(th: &mut Thread) -> PyResult {
    let stack = th.new_list(&[])?;
    let mut slots = [None; 10];
    slots[STACK] = Some(stack);
    Ok(th.new_record(&BUILDER, &slots))
}

pub(super) fn create(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = args.len() + args.kw.len() / 2;
    if n > 0 {
        return Err(th.type_error(format!("TreeBuilder() takes no arguments ({n} given)")));
    }
    make(th)
}

/// Pieces of text as one.
fn joined(th: &mut Thread, pieces: Value) -> PyResult {
    let all = ops::collect(th, pieces)?;
    match ops::values(&all) {
        [one] => Ok(*one),
        many if many.iter().all(|p| p.cast::<PyStr>().is_some()) => {
            let bytes: Vec<u8> = many.iter().flat_map(|p| th.str_bytes(*p)).copied().collect();
            th.try_str(&bytes)
        }
        many if many.iter().all(|p| p.cast::<PyStr>().is_some() || p.cast::<PyUnicode>().is_some()) => {
            let empty = th.new_str(b"");
            let name = th.intern(b"join");
            let join = ops::getattr(th, empty, name)?;
            ops::call(th, join, &[pieces])
        }
        // Some other target's idea of text.
        _ => {
            let empty = th.new_str(b"");
            let name = th.intern(b"join");
            let join = ops::getattr(th, empty, name)?;
            ops::call(th, join, &[pieces])
        }
    }
}

/// Gives the text so far to its element.
fn flush(th: &mut Thread, v: Value) -> PyResult<()> {
    let Some(pieces) = get(th, v, DATA)? else { return Ok(()) };
    let text = joined(th, pieces)?;
    set(th, v, DATA, None)?;
    if let Some(last) = get(th, v, LAST)? {
        let open = get(th, v, THIS)? == Some(last);
        set(th, last, if open { TEXT } else { TAIL }, Some(text))?;
    }
    Ok(())
}

fn event(th: &mut Thread, v: Value, kind: usize, what: Value) -> PyResult<()> {
    if let Some(name) = get(th, v, kind)?
        && let Some(list) = get(th, v, EVENTS)?
    {
        let pair = th.try_tuple(&[name, what])?;
        push(th, list, pair)?;
    }
    Ok(())
}

/// Adds text.
pub(super) fn data(th: &mut Thread, v: Value, text: Value) -> PyResult<()> {
    match get(th, v, DATA)?.and_then(|d| d.cast::<PyList>()) {
        Some(l) => push(th, l.value(), text),
        // Before the first element there is nothing it could belong to.
        None if get(th, v, LAST)?.is_none() => Ok(()),
        None => {
            let l = th.new_list(&[text])?;
            set(th, v, DATA, Some(l))
        }
    }
}

/// Opens an element.
pub(super) fn start(th: &mut Thread, v: Value, tag: Value, attrib: Slot) -> PyResult {
    flush(th, v)?;
    let e = element::make(th, tag, attrib);
    let this = get(th, v, THIS)?;
    match this {
        Some(parent) => add_child(th, parent, e)?,
        None if get(th, v, ROOT)?.is_some() => {
            return Err(th.raise_def(
                &interpreter::objects::exceptions::SYNTAX_ERROR,
                "multiple elements on top level",
            ));
        }
        None => set(th, v, ROOT, Some(e))?,
    }
    if let Some(stack) = get(th, v, STACK)? {
        push(th, stack, this.unwrap_or(Value::NONE))?;
    }
    set(th, v, THIS, Some(e))?;
    set(th, v, LAST, Some(e))?;
    event(th, v, START_EVENT, e)?;
    Ok(e)
}

/// Closes the open element.
pub(super) fn end(th: &mut Thread, v: Value) -> PyResult {
    flush(th, v)?;
    let outer = match get(th, v, STACK)?.and_then(|s| s.cast::<PyList>()) {
        Some(s) if s.read(th)?.len.get() > 0 => {
            Some(ops::call_method(th, s.value(), &interpreter::names::pop, &[])?)
        }
        _ => None,
    };
    let Some(outer) = outer else { return Err(th.index_error("pop from empty stack")) };
    let closed = get(th, v, THIS)?;
    set(th, v, LAST, closed)?;
    set(th, v, THIS, Some(outer).filter(|o| !o.is_none()))?;
    let closed = closed.unwrap_or(Value::NONE);
    event(th, v, END_EVENT, closed)?;
    Ok(closed)
}

/// A namespace has been declared or is over.
pub(super) fn namespace(th: &mut Thread, v: Value, kind: usize, what: Value) -> PyResult<()> {
    event(th, v, kind, what)
}

/// The root.
pub(super) fn close(th: &mut Thread, v: Value) -> PyResult {
    Ok(get(th, v, ROOT)?.unwrap_or(Value::NONE))
}

/// Has events of these kinds added to a list. None: ends of elements.
pub(super) fn set_events(th: &mut Thread, v: Value, list: Value, kinds: Value) -> PyResult<()> {
    set(th, v, EVENTS, Some(list))?;
    for i in [START_EVENT, END_EVENT, START_NS_EVENT, END_NS_EVENT] {
        set(th, v, i, None)?;
    }
    if kinds.is_none() {
        let name = th.intern(b"end");
        return set(th, v, END_EVENT, Some(name));
    }
    if kinds.cast::<interpreter::layout::PyTuple>().is_none() && kinds.cast::<PyList>().is_none() {
        return Err(th.type_error("invalid event tuple"));
    }
    let all = ops::collect(th, kinds)?;
    for k in ops::values(&all) {
        let name = match k.payload::<PyStr>() {
            Some(s) => s.get().bytes().to_vec(),
            None => {
                let s = ops::str(th, *k)?;
                th.str_bytes(s).to_vec()
            }
        };
        let i = match &name[..] {
            b"start" => START_EVENT,
            b"end" => END_EVENT,
            b"start-ns" => START_NS_EVENT,
            b"end-ns" => END_NS_EVENT,
            _ => {
                let shown = String::from_utf8_lossy(&name).into_owned();
                return Err(th.value_error(format!("unknown event '{shown}'")));
            }
        };
        set(th, v, i, Some(*k))?;
    }
    Ok(())
}

/// Whether events of a kind are wanted.
pub(super) fn wants(th: &mut Thread, v: Value, kind: usize) -> PyResult<bool> {
    Ok(get(th, v, kind)?.is_some())
}
