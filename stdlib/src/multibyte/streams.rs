//! `MultibyteStreamReader` and `MultibyteStreamWriter`.

use super::objects::{
    ERRORS_ATTRIBUTE, STREAM, decode_piece, encode_piece, field, ignore, new_object, reset,
};
use interpreter::kinds::kind;
use interpreter::layout::PyStr;
use interpreter::name::Name;
use interpreter::native::{Args, GetSetDef, MethodDef, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Slot, Thread, Value, names, ops};

const STREAM_ATTRIBUTE: GetSetDef = GetSetDef { name: "stream", get: stream, set: None, doc: "" };

/// `MultibyteStreamReader`.
pub static READER: TypeDef = TypeDef {
    slots: SlotTable { new: Some(new_reader), init: Some(ignore), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("read", read, 0, 1, 0, "read([size]) -> text"),
        MethodDef::new("readline", readline, 0, 1, 0, "readline([size]) -> text"),
        MethodDef::new("readlines", readlines, 0, 1, 0, "readlines([size]) -> list of lines"),
        MethodDef::new("reset", reset, 0, 0, 0, "reset() -> None"),
    ],
    getset: &[ERRORS_ATTRIBUTE, STREAM_ATTRIBUTE],
    ..TypeDef::new("MultibyteStreamReader", kind::RECORD)
};

/// `MultibyteStreamWriter`.
pub static WRITER: TypeDef = TypeDef {
    slots: SlotTable { new: Some(new_writer), init: Some(ignore), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new("write", write, 1, 1, 0, "write(text) -> None"),
        MethodDef::new("writelines", writelines, 1, 1, 0, "writelines(sequence) -> None"),
        MethodDef::new("reset", flush, 0, 0, 0, "reset() -> None"),
    ],
    getset: &[ERRORS_ATTRIBUTE, STREAM_ATTRIBUTE],
    ..TypeDef::new("MultibyteStreamWriter", kind::RECORD)
};

fn stream(th: &mut Thread, v: Value) -> PyResult {
    Ok(field(th, v, STREAM)?.unwrap_or(Value::NONE))
}

fn new_reader(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [stream, errors] = args.bind(th, "StreamReader", ["stream", "errors"], 1)?;
    new_object(th, class, &READER, errors, None, stream)
}

fn new_writer(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [stream, errors] = args.bind(th, "StreamWriter", ["stream", "errors"], 1)?;
    new_object(th, class, &WRITER, errors, None, stream)
}

/// A size; None and negative ones: no limit.
fn size(th: &mut Thread, v: Slot) -> PyResult<Option<i64>> {
    match v.filter(|v| !v.is_none()) {
        None => Ok(None),
        Some(v) if ops::exact_integer(v).is_some() => Ok(Some(ops::integer_arg(th, v)?).filter(|n| *n >= 0)),
        Some(_) => Err(th.type_error("arg 1 must be an integer")),
    }
}

/// Reads by a method of the stream until there is some text.
fn fetch(th: &mut Thread, v: Value, method: &Name, limit: Option<i64>) -> PyResult {
    if limit == Some(0) {
        return th.unicode_str("");
    }
    let source = stream(th, v)?;
    let mut limit = limit;
    loop {
        let piece = match limit {
            Some(n) => {
                let n = th.int(n);
                ops::call_method(th, source, method, &[n])?
            }
            None => ops::call_method(th, source, method, &[])?,
        };
        let Some(s) = piece.payload::<PyStr>() else {
            let n = ops::type_name(piece);
            return Err(th.type_error(format!("stream function returned a non-string object ({n})")));
        };
        let b = s.get().bytes();
        let out = decode_piece(th, v, b, b.is_empty() || limit.is_none())?;
        if limit.is_none() || b.is_empty() || ops::len(th, out)? > 0 {
            return Ok(out);
        }
        // Part of a character: a byte more at a time.
        limit = Some(1);
    }
}

fn read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = size(th, args.get(1))?;
    fetch(th, args.pos[0], &names::read, n)
}

fn readline(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = size(th, args.get(1))?;
    fetch(th, args.pos[0], &names::readline, n)
}

fn readlines(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = size(th, args.get(1))?;
    let all = fetch(th, args.pos[0], &names::read, n)?;
    let name = th.intern(b"splitlines");
    let f = ops::getattr(th, all, name)?;
    ops::call(th, f, &[Value::TRUE])
}

fn put(th: &mut Thread, v: Value, text: Value, last: bool) -> PyResult<()> {
    let out = encode_piece(th, v, text, last)?;
    if last && out.is_empty() {
        return Ok(());
    }
    let (target, b) = (stream(th, v)?, th.try_str(&out)?);
    ops::call_method(th, target, &names::write, &[b]).map(|_| ())
}

fn write(th: &mut Thread, args: Args<'_>) -> PyResult {
    put(th, args.pos[0], args.pos[1], false)?;
    Ok(Value::NONE)
}

fn writelines(th: &mut Thread, args: Args<'_>) -> PyResult {
    if !ops::is_sequence(args.pos[1]) {
        return Err(th.type_error("arg must be a sequence object"));
    }
    let n = ops::len(th, args.pos[1])?;
    for i in 0..n {
        let i = th.int(i as i64);
        let x = ops::getitem(th, args.pos[1], i)?;
        put(th, args.pos[0], x, false)?;
    }
    Ok(Value::NONE)
}

fn flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    let empty = th.unicode_str("")?;
    put(th, args.pos[0], empty, true)?;
    Ok(Value::NONE)
}
