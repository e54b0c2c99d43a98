//! Elements: records of tag, text, tail, attributes and children. Attributes and children get their dict and list when there
//! are some.

use super::{get, items, search, set};
use interpreter::kinds::kind;
use interpreter::layout::{PyDict, PyList, PyRecord};
use interpreter::native::{Args, GetSetDef, MethodDef, NO_NEW, TypeDef, VARIADIC, WEAKREFS};
use interpreter::objects::{self as o, dict, list};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, names, ops, types};

pub(super) const TAG: usize = 0;
pub(super) const TEXT: usize = 1;
pub(super) const TAIL: usize = 2;
pub(super) const ATTRIB: usize = 3;
pub(super) const CHILDREN: usize = 4;

const fn row(
    name: &'static str,
    f: interpreter::native::NativeFn,
    min: u16,
    max: u16,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, f, min, max, if max == VARIADIC { interpreter::native::KEYWORDS } else { 0 }, doc)
}

/// `Element`.
pub static ELEMENT: TypeDef = TypeDef {
    flags: NO_NEW | WEAKREFS,
    slots: SlotTable {
        repr: Some(repr),
        nonzero: Some(nonzero),
        len: Some(items::len),
        getitem: Some(items::getitem),
        setitem: Some(items::setitem),
        getslice: Some(items::getslice),
        setslice: Some(items::setslice),
        ..SlotTable::EMPTY
    },
    methods: &[
        row("clear", clear, 0, 0, "clear() -> None"),
        row("get", get_attribute, 0, VARIADIC, "get(key[, default]) -> value"),
        row("set", set_attribute, 2, 2, "set(key, value) -> None"),
        row("keys", keys, 0, 0, "keys() -> list of attribute names"),
        row("items", attribute_items, 0, 0, "items() -> list of (name, value) pairs"),
        row("find", search::find, 0, VARIADIC, "find(path[, namespaces]) -> element or None"),
        row("findtext", search::findtext, 0, VARIADIC, "findtext(path[, default][, namespaces]) -> text"),
        row("findall", search::findall, 0, VARIADIC, "findall(path[, namespaces]) -> list"),
        row("iterfind", search::iterfind, 0, VARIADIC, "iterfind(path[, namespaces]) -> iterator"),
        row("append", items::append, 1, 1, "append(element) -> None"),
        row("extend", items::extend, 1, 1, "extend(sequence) -> None"),
        row("insert", items::insert, 2, 2, "insert(index, element) -> None"),
        row("remove", items::remove, 1, 1, "remove(element) -> None"),
        row("getchildren", items::getchildren, 0, 0, "getchildren() -> list of children"),
        row("iter", search::iter, 0, VARIADIC, "iter([tag]) -> iterator over the element and all below"),
        row("getiterator", search::iter, 0, VARIADIC, "getiterator([tag]) -> as iter"),
        row("itertext", search::itertext, 0, 0, "itertext() -> iterator over all text"),
        row("makeelement", makeelement, 2, 2, "makeelement(tag, attrib) -> element"),
        row("__copy__", copy, 0, 0, "A copy with the same children."),
        row("__deepcopy__", deepcopy, 1, 1, "A copy with copies of the children."),
        row("__reduce__", reduce, 0, 0, ""),
    ],
    getset: &[
        GetSetDef { name: "tag", get: |th, v| field(th, v, TAG), set: Some(set_tag), doc: "" },
        GetSetDef { name: "text", get: |th, v| field(th, v, TEXT), set: Some(set_field::<TEXT>), doc: "" },
        GetSetDef { name: "tail", get: |th, v| field(th, v, TAIL), set: Some(set_field::<TAIL>), doc: "" },
        GetSetDef { name: "attrib", get: attrib, set: Some(set_field::<ATTRIB>), doc: "" },
    ],
    ..TypeDef::new("Element", kind::RECORD)
};

fn field(th: &mut Thread, v: Value, i: usize) -> PyResult {
    Ok(get(th, v, i)?.unwrap_or(Value::NONE))
}

fn set_field<const I: usize>(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    match x {
        Some(_) => set(th, v, I, x),
        None => Err(th.attribute_error("can't delete element attribute")),
    }
}

fn set_tag(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    set_field::<TAG>(th, v, x)
}

/// An element; `attrib` is kept as it is.
pub(super) fn make(th: &mut Thread, tag: Value, attrib: Slot) -> Value {
    th.new_record(&ELEMENT, &[Some(tag), None, None, attrib, None])
}

/// Whether it is one.
pub(super) fn is_element(v: Value) -> bool {
    types::type_of(v).value() == ELEMENT.class()
}

/// The children, if there are any.
pub(super) fn children(th: &mut Thread, v: Value) -> PyResult<Slot> {
    get(th, v, CHILDREN)
}

/// Adds a child.
pub(super) fn add_child(th: &mut Thread, v: Value, child: Value) -> PyResult<()> {
    match children(th, v)?.and_then(|c| c.cast::<PyList>()) {
        Some(l) => list::push(th, l.value(), child),
        None => {
            let l = th.new_list(&[child])?;
            set(th, v, CHILDREN, Some(l))
        }
    }
}

/// A tag's element with a copy of the attributes given.
fn build(th: &mut Thread, args: Args<'_>, skip: usize, name: &str) -> PyResult {
    let given = args.len().saturating_sub(skip);
    if given == 0 {
        let need = skip + 1;
        let s = if need == 1 { "" } else { "s" };
        let n = args.len();
        return Err(th.type_error(format!("{name}() takes at least {need} argument{s} ({n} given)")));
    }
    if given > 2 {
        let (most, n) = (skip + 2, args.len());
        return Err(th.type_error(format!("{name}() takes at most {most} arguments ({n} given)")));
    }
    let tag = args.pos[skip];
    let mut attrib = None;
    if let Some(a) = args.get(skip + 1) {
        let Some(d) = a.payload::<PyDict>() else {
            let n = ops::type_name(a);
            let i = skip + 2;
            return Err(th.type_error(format!("{name}() argument {i} must be dict, not {n}")));
        };
        let copy = dict::copy_plain(th, d.value())?;
        if ops::len(th, copy)? > 0 {
            attrib = Some(copy);
        }
    }
    for (k, x) in args.keywords() {
        let d = match attrib {
            Some(d) => d,
            None => th.new_dict(),
        };
        attrib = Some(d);
        ops::setitem(th, d, k, Some(x))?;
    }
    Ok(make(th, tag, attrib))
}

pub(super) fn create(th: &mut Thread, args: Args<'_>) -> PyResult {
    build(th, args, 0, "Element")
}

pub(super) fn create_sub(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(parent) = args.get(0) else {
        return Err(th.type_error("SubElement() takes at least 2 arguments (0 given)"));
    };
    if !is_element(parent) {
        let n = ops::type_name(parent);
        return Err(th.type_error(format!("SubElement() argument 1 must be Element, not {n}")));
    }
    let e = build(th, args, 1, "SubElement")?;
    add_child(th, parent, e)?;
    Ok(e)
}

fn repr(th: &mut Thread, v: Value) -> PyResult {
    let tag = field(th, v, TAG)?;
    let r = ops::repr(th, tag)?;
    let mut out = b"<Element ".to_vec();
    out.extend_from_slice(th.str_bytes(r));
    out.extend_from_slice(format!(" at {:#x}>", v.bits()).as_bytes());
    th.try_str(&out)
}

fn nonzero(th: &mut Thread, v: Value) -> PyResult<bool> {
    interpreter::warnings::warn(
        th,
        &o::exceptions::FUTURE_WARNING,
        "The behavior of this method will change in future versions.  Use specific 'len(elem)' or 'elem is not None' test instead.",
        1,
    )?;
    Ok(items::len(th, v)? > 0)
}

/// The attributes, which are a dict from now on.
fn attrib(th: &mut Thread, v: Value) -> PyResult {
    match get(th, v, ATTRIB)? {
        Some(d) => Ok(d),
        None => {
            let d = th.new_dict();
            set(th, v, ATTRIB, Some(d))?;
            Ok(d)
        }
    }
}

fn clear(th: &mut Thread, args: Args<'_>) -> PyResult {
    for i in [TEXT, TAIL, ATTRIB, CHILDREN] {
        set(th, args.pos[0], i, None)?;
    }
    Ok(Value::NONE)
}

fn get_attribute(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [key, default] = args.skip(1).bind(th, "get", ["key", "default"], 1)?;
    let default = default.unwrap_or(Value::NONE);
    match get(th, args.pos[0], ATTRIB)? {
        Some(d) => match d.payload::<PyDict>() {
            Some(d) => Ok(dict::get(th, d, key.unwrap_or(Value::NONE))?.unwrap_or(default)),
            None => Err(th.system_error("attributes are no dict")),
        },
        None => Ok(default),
    }
}

fn set_attribute(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = attrib(th, args.pos[0])?;
    ops::setitem(th, d, args.pos[1], Some(args.pos[2]))?;
    Ok(Value::NONE)
}

fn keys(th: &mut Thread, args: Args<'_>) -> PyResult {
    match get(th, args.pos[0], ATTRIB)? {
        Some(d) => ops::call_method(th, d, &names::keys, &[]),
        None => th.new_list(&[]),
    }
}

fn attribute_items(th: &mut Thread, args: Args<'_>) -> PyResult {
    match get(th, args.pos[0], ATTRIB)? {
        Some(d) => ops::call_method(th, d, &names::items, &[]),
        None => th.new_list(&[]),
    }
}

fn makeelement(th: &mut Thread, args: Args<'_>) -> PyResult {
    let Some(d) = args.pos[2].payload::<PyDict>() else {
        let n = ops::type_name(args.pos[2]);
        return Err(th.type_error(format!("makeelement() argument 2 must be dict, not {n}")));
    };
    let copy = dict::copy_plain(th, d.value())?;
    Ok(make(th, args.pos[1], Some(copy)))
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let mut fields: [Slot; 5] = [None; 5];
    for (i, f) in fields.iter_mut().enumerate() {
        *f = get(th, v, i)?;
    }
    if let Some(c) = children(th, v)? {
        let all = ops::collect(th, c)?;
        fields[CHILDREN] = Some(th.new_list(ops::values(&all))?);
    }
    Ok(th.new_record(&ELEMENT, &fields))
}

fn deepcopy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let memo = args.pos[1];
    let m = interpreter::import::import(th, "copy")?;
    let name = th.intern(b"deepcopy");
    let f = ops::getattr(th, m, name)?;
    let e = deep(th, f, args.pos[0], memo)?;
    // As copies of other objects are found by those that refer to them.
    let key = th.int(args.pos[0].bits() as i64);
    if memo.payload::<PyDict>().is_some() {
        ops::setitem(th, memo, key, Some(e))?;
    }
    Ok(e)
}

fn deep(th: &mut Thread, f: Value, v: Value, memo: Value) -> PyResult {
    th.check_native_stack()?;
    let mut fields: [Slot; 5] = [None; 5];
    for (i, x) in fields.iter_mut().enumerate().take(CHILDREN) {
        *x = match get(th, v, i)? {
            Some(x) if x.cast::<interpreter::layout::PyStr>().is_some() => Some(x),
            Some(x) => Some(ops::call(th, f, &[x, memo])?),
            None => None,
        };
    }
    if let Some(c) = children(th, v)? {
        let all = ops::collect(th, c)?;
        let out = th.m.root_vec();
        for x in ops::values(&all) {
            out.push(deep(th, f, *x, memo)?.bits());
        }
        fields[CHILDREN] = Some(th.new_list(ops::values(&out))?);
    }
    Ok(th.new_record(&ELEMENT, &fields))
}

fn reduce(th: &mut Thread, args: Args<'_>) -> PyResult {
    // Elements are not pickled; the copy module asks here when it does not know `__copy__`.
    debug_assert!(args.pos[0].cast::<PyRecord>().is_some());
    Err(th.type_error("can't pickle Element objects"))
}
