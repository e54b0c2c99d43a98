//! `StringO`: writes bytes, and reads them back.

use super::*;
use interpreter::kinds::kind;
use interpreter::layout::PyByteArray;
use interpreter::native::{GetSetDef, NO_NEW, TypeDef};
use interpreter::types::slots::SlotTable;

const SOFTSPACE: usize = 3;

/// `cStringIO.StringO`.
pub static STRING_O: TypeDef = TypeDef {
    module: "cStringIO",
    doc: Some("Simple type for output to strings."),
    flags: NO_NEW,
    slots: SlotTable { iter: Some(iterate), next: Some(next), ..SlotTable::EMPTY },
    methods: file_methods!(
        seek,
        truncate,
        MethodDef::new("write", write, 1, 1, 0, "write(s) -- Write a string to the file"),
        MethodDef::new(
            "writelines",
            writelines,
            1,
            1,
            0,
            "writelines(sequence_of_strings) -> None.  Write the strings to the file.",
        ),
    ),
    getset: &[
        GetSetDef { name: "closed", get: closed, set: None, doc: "True if the file is closed" },
        GetSetDef { name: "softspace", get: softspace, set: Some(set_softspace), doc: "" },
    ],
    ..TypeDef::new("StringO", kind::RECORD)
};

pub fn make(th: &mut Thread) -> PyResult {
    let b = o::bytearray::new(th, b"")?;
    let zero = Value::from_small_int(0);
    Ok(th.new_record(&STRING_O, &[Some(b), zero, Some(Value::FALSE), zero]))
}

fn softspace(th: &mut Thread, v: Value) -> PyResult {
    match v.cast::<PyRecord>() {
        Some(r) => Ok(r.read(th)?.at(SOFTSPACE).get().unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}

fn set_softspace(th: &mut Thread, v: Value, x: Slot) -> PyResult<()> {
    let Some(x) = x else { return Err(th.type_error("can't delete numeric/char attribute")) };
    let n = ops::int32_arg(th, x)?;
    if let Some(r) = v.cast::<PyRecord>() {
        r.write(th)?.at(SOFTSPACE).set(Value::from_small_int(n as i64));
    }
    Ok(())
}

/// The bytes written so far.
fn storage(r: Ref<PyRecord>) -> Option<Ref<PyByteArray>> {
    r.unguarded().at(CONTENTS).get().and_then(|v| v.cast::<PyByteArray>())
}

fn put(th: &mut Thread, v: Value, new: &[u8]) -> PyResult<()> {
    let (r, old, place) = view(th, v)?;
    let n = old.len();
    let Some(a) = storage(r) else { return Ok(()) };
    let Some(end) = place.checked_add(new.len()).filter(|e| *e < isize::MAX as usize / 2) else {
        return Err(th.memory_error());
    };
    if place > n {
        let Some(mut gap) = interpreter::text::replace::reserved::<u8>(place - n) else {
            return Err(th.memory_error());
        };
        gap.resize(place - n, 0);
        o::bytearray::splice(th, a, n, 0, &gap)?;
    }
    o::bytearray::splice(th, a, place, new.len(), new)?;
    move_to(th, r, end)
}

fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    open(th, args.pos[0])?;
    let b = interpreter::buffer::argument(th, args.pos[1], "write", 1)?;
    let copy;
    let new = if b.readonly {
        b.bytes()
    } else {
        copy = b.bytes().to_vec();
        &copy
    };
    put(th, args.pos[0], new)?;
    Ok(Value::NONE)
}

fn writelines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let it = ops::iter(th, args.pos[1])?;
    while let Some(v) = ops::next(th, it)? {
        let s = if v.payload::<interpreter::layout::PyStr>().is_some() {
            v
        } else if v.payload::<interpreter::layout::PyUnicode>().is_some() {
            o::unicode::encode_default(th, v)?
        } else {
            let n = ops::type_name(v);
            return Err(th.type_error(format!("expected string or Unicode object, {n} found")));
        };
        put(th, args.pos[0], th.str_bytes(s))?;
    }
    Ok(Value::NONE)
}

fn seek(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (r, place) = seek_place(th, &args)?;
    move_to(th, r, place)?;
    let n = view(th, args.pos[0])?.1.len();
    // Seeking beyond the end fills up with zeros.
    if place > n
        && let Some(a) = storage(r)
    {
        let Some(mut gap) = interpreter::text::replace::reserved::<u8>(place - n) else {
            return Err(th.memory_error());
        };
        gap.resize(place - n, 0);
        o::bytearray::splice(th, a, n, 0, &gap)?;
    }
    Ok(Value::NONE)
}

fn truncate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (r, b, n) = truncate_length(th, &args)?;
    if let Some(a) = storage(r) {
        o::bytearray::splice(th, a, n, b.len() - n, b"")?;
    }
    move_to(th, r, n)?;
    Ok(Value::NONE)
}
