//! `__pypy__.builders`: text put together from pieces. A builder is a record of the list of its pieces (none once it is built) and
//! their total length.

use interpreter::kinds::kind;
use interpreter::layout::{PyList, PyRecord, PyStr, PyUnicode, Ref};
use interpreter::native::{Args, MethodDef, ModuleDef, TypeDef};
use interpreter::objects::list;
use interpreter::types::slots::SlotTable;
use interpreter::value::Value;
use interpreter::{PyResult, Thread, ops};

/// `__pypy__.builders`.
pub(super) static MODULE: ModuleDef = ModuleDef {
    name: "__pypy__.builders",
    doc: None,
    functions: &[],
    types: &[&STRING_BUILDER, &UNICODE_BUILDER],
    init: None,
};

const PIECES: usize = 0;
const LENGTH: usize = 1;

static STRING_BUILDER: TypeDef = TypeDef {
    module: "__pypy__.builders",
    doc: Some("StringBuilder([size]) -> collects pieces of a str"),
    flags: 0,
    slots: SlotTable { new: Some(new_string), len: Some(len), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("append", append_str, 1, 1, 0, "append(s)"),
        MethodDef::new("append_slice", append_str_slice, 3, 3, 0, "append_slice(s, start, end)"),
        MethodDef::new("build", build_str, 0, 0, 0, "build() -> all the pieces as one; ends the builder"),
    ],
    ..TypeDef::new("StringBuilder", kind::RECORD)
};

static UNICODE_BUILDER: TypeDef = TypeDef {
    module: "__pypy__.builders",
    doc: Some("UnicodeBuilder([size]) -> collects pieces of a unicode"),
    flags: 0,
    slots: SlotTable { new: Some(new_unicode), len: Some(len), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("append", append_unicode, 1, 1, 0, "append(u)"),
        MethodDef::new("append_slice", append_unicode_slice, 3, 3, 0, "append_slice(u, start, end)"),
        MethodDef::new("build", build_unicode, 0, 0, 0, "build() -> all the pieces as one; ends the builder"),
    ],
    ..TypeDef::new("UnicodeBuilder", kind::RECORD)
};

fn new_string(th: &mut Thread, _: Value, args: Args<'_>) -> PyResult {
    new(th, &STRING_BUILDER, args)
}

fn new_unicode(th: &mut Thread, _: Value, args: Args<'_>) -> PyResult {
    new(th, &UNICODE_BUILDER, args)
}

fn new(th: &mut Thread, def: &'static TypeDef, args: Args<'_>) -> PyResult {
    let [size] = args.bind(th, def.name, ["size"], 0)?;
    if let Some(n) = size {
        // Only a hint; pieces are kept as they come.
        ops::integer_arg(th, n)?;
    }
    let pieces = th.new_list(&[])?;
    let zero = th.int(0);
    Ok(th.new_record(def, &[Some(pieces), Some(zero)]))
}

/// The builder and its pieces, ready to be changed.
fn open(th: &mut Thread, v: Value) -> PyResult<(&PyRecord, Ref<PyList>)> {
    let Some(r) = v.cast::<PyRecord>() else { return Err(th.type_error("a builder is needed")) };
    match r.read(th)?.at(PIECES).get().and_then(|p| p.cast::<PyList>()) {
        Some(pieces) => Ok((r.write(th)?, pieces)),
        None => Err(th.value_error("Can't operate on a done builder")),
    }
}

fn push(th: &mut Thread, v: Value, piece: Value, added: usize) -> PyResult {
    let (_, pieces) = open(th, v)?;
    list::push(th, pieces, piece)?;
    let (r, _) = open(th, v)?;
    let n = r.at(LENGTH).get().and_then(Value::as_small_int).unwrap_or(0) + added as i64;
    r.at(LENGTH).set(Value::from_small_int(n));
    Ok(Value::NONE)
}

fn string(th: &mut Thread, v: Value) -> PyResult<Ref<PyStr>> {
    match v.payload::<PyStr>() {
        Some(s) => Ok(s),
        None => {
            let n = ops::type_name(v);
            Err(th.type_error(format!("expected str, got {n} object")))
        }
    }
}

fn unicode(th: &mut Thread, v: Value) -> PyResult<Ref<PyUnicode>> {
    match v.payload::<PyUnicode>() {
        Some(u) => Ok(u),
        None => {
            let n = ops::type_name(v);
            Err(th.type_error(format!("expected unicode, got {n} object")))
        }
    }
}

/// The bounds of a slice, which must lie within the text.
fn bounds(th: &mut Thread, args: Args<'_>, len: usize) -> PyResult<std::ops::Range<usize>> {
    let (start, end) = (ops::integer_arg(th, args.pos[2])?, ops::integer_arg(th, args.pos[3])?);
    match (usize::try_from(start), usize::try_from(end)) {
        (Ok(start), Ok(end)) if start <= end && end <= len => Ok(start..end),
        _ => Err(th.value_error("bad start/stop")),
    }
}

fn append_str(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = string(th, args.pos[1])?;
    push(th, args.pos[0], s.value(), s.get().bytes().len())
}

fn append_str_slice(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = string(th, args.pos[1])?;
    let range = bounds(th, args, s.get().bytes().len())?;
    let part = th.try_str(&s.get().bytes()[range.clone()])?;
    push(th, args.pos[0], part, range.len())
}

fn append_unicode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let u = unicode(th, args.pos[1])?;
    push(th, args.pos[0], u.value(), u.get().chars().len())
}

fn append_unicode_slice(th: &mut Thread, args: Args<'_>) -> PyResult {
    let u = unicode(th, args.pos[1])?;
    let range = bounds(th, args, u.get().chars().len())?;
    let part: Vec<u32> = u.get().chars().iter().skip(range.start).take(range.len()).collect();
    let part = th.unicode_from(&part)?;
    push(th, args.pos[0], part, range.len())
}

fn len(th: &mut Thread, v: Value) -> PyResult<usize> {
    let (r, _) = open(th, v)?;
    Ok(r.at(LENGTH).get().and_then(Value::as_small_int).unwrap_or(0) as usize)
}

/// The pieces, taken out of the builder, and their length.
fn finish(th: &mut Thread, v: Value) -> PyResult<(gc_stm::RootVec, usize)> {
    let n = len(th, v)?;
    let (_, pieces) = open(th, v)?;
    let all = ops::collect(th, pieces.value())?;
    let (r, _) = open(th, v)?;
    r.at(PIECES).set(None);
    Ok((all, n))
}

fn build_str(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (pieces, n) = finish(th, args.pos[0])?;
    let s = th.str_of_len(n)?;
    // SAFETY: fresh object; the pieces are other ones.
    let mut rest = unsafe { PyStr::bytes_mut(s) };
    for p in ops::values(&pieces) {
        let b = th.str_bytes(*p);
        let (here, after) = rest.split_at_mut(b.len());
        here.copy_from_slice(b);
        rest = after;
    }
    Ok(s.value())
}

fn build_unicode(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (pieces, n) = finish(th, args.pos[0])?;
    let mut text = Vec::new();
    if text.try_reserve_exact(n).is_err() {
        return Err(th.memory_error());
    }
    for p in ops::values(&pieces) {
        if let Some(u) = p.payload::<PyUnicode>() {
            text.extend(u.get().chars().iter());
        }
    }
    th.unicode_from(&text)
}
