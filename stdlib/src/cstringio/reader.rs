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
    methods: file_methods!(seek, truncate),
    getset: &[GetSetDef { name: "closed", get: closed, set: None, doc: "True if the file is closed" }],
    ..TypeDef::new("StringI", kind::RECORD)
};

fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (r, place) = seek_place(th, &args)?;
    move_to(th, r, place)?;
    Ok(Value::NONE)
}

fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (r, b, n) = truncate_length(th, &args)?;
    let s = o::str::from_bytes(th, &b[..n])?;
    r.write(th)?.at(CONTENTS).set(Some(s));
    move_to(th, r, n)?;
    Ok(Value::NONE)
}
