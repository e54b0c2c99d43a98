//! `StringI`: reads a str.

use super::*;
use interpreter::kinds::kind;
use interpreter::native::{GetSetDef, NO_NEW, TypeDef};
use interpreter::types::slots::SlotTable;

/// `cStringIO.StringI`.
pub static STRING_I: TypeDef = TypeDef {
    module: "cStringIO",
    doc: Some("Simple type for treating strings as input file streams"),
    flags: NO_NEW,
    slots: SlotTable { iter: Some(iterate), next: Some(next), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("flush", flush, 0, 0, 0, "flush(): does nothing."),
        MethodDef::new("getvalue", getvalue, 0, 1, 0, "getvalue([use_pos]) -- Get the string value."),
        MethodDef::new("isatty", isatty, 0, 0, 0, "isatty(): always returns 0"),
        MethodDef::new("read", read, 0, 1, 0, "read([s]) -- Read s characters, or the rest of the string"),
        MethodDef::new("readline", readline, 0, 1, 0, "readline() -- Read one line"),
        MethodDef::new("readlines", readlines, 0, 1, 0, "readlines() -- Read all lines"),
        MethodDef::new("reset", reset, 0, 0, 0, "reset() -- Reset the file position to the beginning"),
        MethodDef::new("tell", tell, 0, 0, 0, "tell() -- get the current position."),
        MethodDef::new(
            "truncate",
            truncate,
            0,
            1,
            0,
            "truncate(): truncate the file at the current position.",
        ),
        MethodDef::new("seek", seek, 1, 2, 0, "seek(position)       -- set the current position"),
        MethodDef::new("close", close, 0, 0, 0, "close(): explicitly release resources held."),
    ],
    getset: &[GetSetDef { name: "closed", get: closed, set: None, doc: "True if the file is closed" }],
    ..TypeDef::new("StringI", kind::RECORD)
};

fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (r, place) = seek_place(th, &args)?;
    move_to(th, r, place)?;
    Ok(Value::NONE)
}

fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let size = match args.get(1) {
        Some(v) => Some(ops::integer_arg(th, v)?),
        None => None,
    };
    if size.is_some_and(|s| s < 0) {
        return Err(th.io_error(libc::EINVAL, None));
    }
    let (r, b, place) = view(th, args.pos[0])?;
    let n = size.map_or(place, |s| s as usize).min(b.len());
    let s = o::str::from_bytes(th, &b[..n])?;
    r.write(th)?.at(CONTENTS).set(Some(s));
    move_to(th, r, n)?;
    Ok(Value::NONE)
}
