//! The module `marshal`: values as bytes and back, format version 2, for all built-in value types and code objects.
//!
//! A value is a type byte and its contents, numbers little-endian. Interned strings are written once and then
//! referred to by number. Any bytes may be read: what makes no sense is an exception.

mod read;
mod write;

use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::objects as o;
use interpreter::{PyResult, Thread, Value, ops};
use syntax::marshal::{MAX_DEPTH, tag};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "marshal",
    doc: Some(
        "Values as bytes and back, in the format of compiled modules. It knows no cycles, no instances, and no other version of Python.",
    ),
    functions: &[
        MethodDef::new(
            "dump",
            dump,
            2,
            3,
            0,
            "dump(value, file[, version])\n\nWrite the value to an open file.",
        ),
        MethodDef::new(
            "dumps",
            dumps,
            1,
            2,
            0,
            "dumps(value[, version])\n\nThe bytes that dump(value, file) would write.",
        ),
        MethodDef::new("load", load, 1, 1, 0, "load(file)\n\nRead one value from an open file."),
        MethodDef::new(
            "loads",
            loads,
            1,
            1,
            0,
            "loads(string)\n\nThe value in the string; what follows it is ignored.",
        ),
    ],
    types: &[],
    init: Some(init),
};

/// The format written unless another is asked for.
const VERSION: i64 = 2;

fn init(th: &mut Thread, module: Value) -> PyResult<()> {
    o::module::add_int(th, module, "version", VERSION)
}

fn version(th: &mut Thread, v: Option<Value>) -> PyResult<i64> {
    match v {
        Some(v) => Ok(ops::int32_arg(th, v)? as i64),
        None => Ok(VERSION),
    }
}

/// The bytes of a value in the current format, as for compiled modules.
pub fn dump_value(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    write::dump(th, v, VERSION)
}

/// The value in the bytes.
pub fn load_value(th: &mut Thread, bytes: &[u8]) -> PyResult {
    read::load(th, read::Source::Bytes(bytes))
}

fn dumps(th: &mut Thread, args: Args<'_>) -> PyResult {
    let version = version(th, args.get(1))?;
    let bytes = write::dump(th, args.pos[0], version)?;
    th.try_str(&bytes)
}

fn dump(th: &mut Thread, args: Args<'_>) -> PyResult {
    let version = version(th, args.get(2))?;
    if !o::file::is_file(args.pos[1]) {
        return Err(th.type_error("marshal.dump() 2nd arg must be file"));
    }
    let bytes = write::dump(th, args.pos[0], version)?;
    let text = th.try_str(&bytes)?;
    ops::call_method(th, args.pos[1], &interpreter::names::write, &[text])?;
    // Programs drop the file without closing it and read it at once.
    ops::call_method(th, args.pos[1], &interpreter::names::flush, &[])?;
    Ok(Value::NONE)
}

fn loads(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    if let Some(s) = v.payload::<interpreter::layout::PyStr>() {
        return read::load(th, read::Source::Bytes(s.get().bytes()));
    }
    if v.payload::<interpreter::layout::PyUnicode>().is_some() {
        let s = o::unicode::encode_default(th, v)?;
        let bytes = th.str_bytes(s);
        return read::load(th, read::Source::Bytes(bytes));
    }
    match ops::slots_of(v).buffer {
        Some(f) => {
            // A copy: the owner may change while dict keys are compared.
            let bytes = f(th, v)?.bytes().to_vec();
            read::load(th, read::Source::Bytes(&bytes))
        }
        None => {
            let n = if v.is_none() { "None".to_owned() } else { ops::type_name(v) };
            Err(th.type_error(format!("loads() argument 1 must be string or buffer, not {n}")))
        }
    }
}

fn load(th: &mut Thread, args: Args<'_>) -> PyResult {
    if !o::file::is_file(args.pos[0]) {
        return Err(th.type_error("marshal.load() arg must be file"));
    }
    read::load(th, read::Source::File(args.pos[0]))
}
