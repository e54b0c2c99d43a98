//! `_struct`: packing values into bytes and back, over the format core of `numtext`.
//!
//! A `Struct` is a record of its format text; parsed formats are kept in a small cache shared by all threads, since
//! they depend on nothing but the text.

mod pack;

use interpreter::kinds::kind;
use interpreter::layout::{PyInstance, PyRecord, PyStr, PyUnicode, Ref};
use interpreter::native::{Args, GetSetDef, KEYWORDS, MethodDef, ModuleDef, TypeDef, VARIADIC};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Raised, Thread, Value, objects as o, ops};
use numtext::structure::Format;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// `struct.error`.
pub static ERROR: TypeDef = TypeDef {
    module: "struct",
    base: Some(&o::exceptions::EXCEPTION),
    ..TypeDef::new("error", kind::INSTANCE)
};

/// `Struct`: a record of the format text.
pub static STRUCT: TypeDef = TypeDef {
    doc: Some("Compiled struct object"),
    slots: SlotTable { new: Some(new), init: Some(init), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "pack",
            struct_pack,
            0,
            VARIADIC,
            0,
            "S.pack(v1, v2, ...) -> string\n\nThe values as bytes.",
        ),
        MethodDef::new(
            "pack_into",
            struct_pack_into,
            0,
            VARIADIC,
            0,
            "S.pack_into(buffer, offset, v1, v2, ...)\n\nThe values as bytes in a buffer.",
        ),
        MethodDef::new(
            "unpack",
            struct_unpack,
            1,
            1,
            0,
            "S.unpack(str) -> (v1, v2, ...)\n\nThe values in some bytes.",
        ),
        MethodDef::new(
            "unpack_from",
            struct_unpack_from,
            0,
            2,
            KEYWORDS,
            "S.unpack_from(buffer[, offset]) -> (v1, v2, ...)\n\nThe values in a part of a buffer.",
        ),
        MethodDef::new("__sizeof__", sizeof, 0, 0, 0, "S.__sizeof__() -> size of S in memory, in bytes"),
    ],
    getset: &[
        GetSetDef { name: "format", get: get_format, set: None, doc: "struct format string" },
        GetSetDef { name: "size", get: get_size, set: None, doc: "struct size in bytes" },
    ],
    ..TypeDef::new("Struct", kind::RECORD)
};

/// `_struct`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_struct",
    doc: Some(
        "Conversion between Python values and bytes laid out as in C structs.\n\nThe first character of a format says byte order, size and alignment: @ = < > !; then come codes, each\nperhaps with a repeat count: x c b B ? h H i I l L q Q f d s p P.",
    ),
    functions: &[
        MethodDef::new("_clearcache", clear_cache, 0, 0, 0, "Clear the internal cache."),
        MethodDef::new(
            "calcsize",
            calcsize,
            1,
            1,
            0,
            "calcsize(fmt) -> int\n\nThe number of bytes of a format.",
        ),
        MethodDef::new(
            "pack",
            pack_,
            0,
            VARIADIC,
            0,
            "pack(fmt, v1, v2, ...) -> string\n\nThe values as bytes.",
        ),
        MethodDef::new(
            "pack_into",
            pack_into,
            0,
            VARIADIC,
            0,
            "pack_into(fmt, buffer, offset, v1, v2, ...)\n\nThe values as bytes in a buffer.",
        ),
        MethodDef::new(
            "unpack",
            unpack,
            2,
            2,
            0,
            "unpack(fmt, string) -> (v1, v2, ...)\n\nThe values in some bytes.",
        ),
        MethodDef::new(
            "unpack_from",
            unpack_from,
            0,
            3,
            KEYWORDS,
            "unpack_from(fmt, buffer[, offset]) -> (v1, v2, ...)\n\nThe values in a part of a buffer.",
        ),
    ],
    types: &[&STRUCT, &ERROR],
    init: Some(init_module),
};

fn init_module(th: &mut Thread, m: Value) -> PyResult<()> {
    for (name, v) in [
        ("_PY_STRUCT_RANGE_CHECKING", th.int(0)),
        ("_PY_STRUCT_FLOAT_COERCE", th.int(0)),
        ("__version__", th.intern(b"0.2")),
    ] {
        let name = th.intern(name.as_bytes());
        ops::setattr(th, m, name, Some(v))?;
    }
    Ok(())
}

/// Raises what the format core refused.
#[cold]
fn refused(th: &mut Thread, e: numtext::Error) -> Raised {
    if e.kind == numtext::Kind::Struct {
        return th.raise_def(&ERROR, e.message);
    }
    th.refused(e)
}

fn cache() -> &'static Mutex<HashMap<Vec<u8>, Arc<Format>>> {
    static CACHE: OnceLock<Mutex<HashMap<Vec<u8>, Arc<Format>>>> = OnceLock::new();
    CACHE.get_or_init(Mutex::default)
}

/// The parsed form of a format text.
fn parsed(th: &mut Thread, text: &[u8]) -> PyResult<Arc<Format>> {
    if let Some(f) = cache().lock().get(text) {
        return Ok(f.clone());
    }
    let f = Arc::new(Format::parse(text).map_err(|e| refused(th, e))?);
    let mut c = cache().lock();
    if c.len() >= 100 {
        c.clear();
    }
    c.insert(text.to_vec(), f.clone());
    Ok(f)
}

/// The bytes of a format argument.
fn format_text(th: &mut Thread, v: Value) -> PyResult<Value> {
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(s.value());
    }
    if v.payload::<PyUnicode>().is_some() {
        return o::unicode::encode_default(th, v);
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("Struct() argument 1 must be string, not {n}")))
}

fn format_of(th: &mut Thread, v: Value) -> PyResult<Arc<Format>> {
    let s = format_text(th, v)?;
    parsed(th, th.str_bytes(s))
}

fn new(th: &mut Thread, class: Value, _: Args<'_>) -> PyResult {
    let base = th.new_record(&STRUCT, &[None]);
    interpreter::types::wrap_new(th, class, &STRUCT, base)
}

fn record(v: Value) -> Option<Ref<PyRecord>> {
    v.payload::<PyRecord>()
}

fn init(th: &mut Thread, me: Value, args: Args<'_>) -> PyResult<()> {
    let [f] = args.bind(th, "Struct", ["format"], 1)?;
    let s = format_text(th, f.unwrap_or(Value::NONE))?;
    parsed(th, th.str_bytes(s))?;
    if let Some(r) = record(me) {
        r.write(th)?.at(0).set(Some(s));
    }
    Ok(())
}

/// The format of a `Struct`; one that was never initialised has none.
fn own_format(th: &mut Thread, me: Value) -> PyResult<Arc<Format>> {
    let text = match record(me) {
        Some(r) => r.read(th)?.at(0).get(),
        None => None,
    };
    match text {
        Some(t) => parsed(th, th.str_bytes(t)),
        None => Err(th.raise_def(&ERROR, "the Struct has no format")),
    }
}

fn get_format(th: &mut Thread, v: Value) -> PyResult {
    match record(v) {
        Some(r) => Ok(r.read(th)?.at(0).get().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn get_size(th: &mut Thread, v: Value) -> PyResult {
    let f = own_format(th, v)?;
    Ok(th.int(f.size as i64))
}

fn sizeof(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = if args.pos[0].cast::<PyInstance>().is_some() { size_of::<PyInstance>() } else { 0 };
    Ok(th.int((PyRecord::size_for(1) + n) as i64))
}

fn struct_pack(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = own_format(th, args.pos[0])?;
    pack::to_str(th, &f, args.skip(1).pos)
}

fn struct_pack_into(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = own_format(th, args.pos[0])?;
    pack::into(th, &f, args.skip(1).pos)
}

fn struct_unpack(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = own_format(th, args.pos[0])?;
    pack::unpack(th, &f, args.pos[1])
}

fn struct_unpack_from(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = own_format(th, args.pos[0])?;
    pack::unpack_from(th, &f, args.skip(1))
}

fn clear_cache(_: &mut Thread, _: Args<'_>) -> PyResult {
    cache().lock().clear();
    Ok(Value::NONE)
}

fn calcsize(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = format_of(th, args.pos[0])?;
    Ok(th.int(f.size as i64))
}

/// The format in front of the other arguments.
fn leading_format(th: &mut Thread, args: &Args<'_>) -> PyResult<Arc<Format>> {
    match args.get(0) {
        Some(f) => format_of(th, f),
        None => Err(th.type_error("missing format argument")),
    }
}

fn pack_(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = leading_format(th, &args)?;
    pack::to_str(th, &f, args.skip(1).pos)
}

fn pack_into(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = leading_format(th, &args)?;
    pack::into(th, &f, args.skip(1).pos)
}

fn unpack(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = format_of(th, args.pos[0])?;
    pack::unpack(th, &f, args.pos[1])
}

fn unpack_from(th: &mut Thread, args: Args<'_>) -> PyResult {
    let f = leading_format(th, &args)?;
    pack::unpack_from(th, &f, args.skip(1))
}
