//! Whole strings, and the objects that work piece by piece.

use super::stream::{Failure, Packer, Unpacker};
use super::{bytes, raise};
use crate::shared;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, BLOCKS, GetSetDef, MethodDef, TypeDef};
use interpreter::types::slots::SlotTable;
use interpreter::types::wrap_new;
use interpreter::{PyResult, Slot, Thread, Value, ops};
use std::sync::Arc;

/// Slot of the shared stream; none once a compressor has been flushed.
const STATE: usize = 0;
const UNUSED: usize = 1;

type Output = Result<Arc<Vec<u8>>, Failure>;

/// `bz2.BZ2Compressor`.
pub static COMPRESSOR: TypeDef = TypeDef {
    module: "bz2",
    doc: Some(
        "BZ2Compressor([compresslevel=9]) -> compressor object\n\nCompresses piece by piece, at a level from 1 to 9.",
    ),
    slots: SlotTable { new: Some(new_compressor), init: Some(ignore), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "compress",
            compress,
            1,
            1,
            BLOCKS,
            "compress(data) -> string\n\nAdds data; what is compressed already, perhaps nothing.",
        ),
        MethodDef::new(
            "flush",
            flush,
            0,
            0,
            BLOCKS,
            "flush() -> string\n\nThe rest. The object is done then.",
        ),
    ],
    ..TypeDef::new("BZ2Compressor", kind::RECORD)
};

/// `bz2.BZ2Decompressor`.
pub static DECOMPRESSOR: TypeDef = TypeDef {
    module: "bz2",
    doc: Some("BZ2Decompressor() -> decompressor object\n\nDecompresses piece by piece."),
    slots: SlotTable { new: Some(new_decompressor), init: Some(ignore), ..SlotTable::EMPTY },
    methods: &[MethodDef::new(
        "decompress",
        decompress,
        1,
        1,
        BLOCKS,
        "decompress(data) -> string\n\nWhat the data holds. EOFError behind the end of the stream; what follows it is in unused_data.",
    )],
    getset: &[GetSetDef {
        name: "unused_data",
        get: |th, v| match v.payload::<PyRecord>() {
            Some(r) => Ok(r.read(th)?.at(UNUSED).get().unwrap_or(Value::NONE)),
            None => Ok(Value::NONE),
        },
        set: None,
        doc: "",
    }],
    ..TypeDef::new("BZ2Decompressor", kind::RECORD)
};

/// `__new__` has done everything.
fn ignore(_: &mut Thread, _: Value, _: Args<'_>) -> PyResult<()> {
    Ok(())
}

pub(super) fn level(th: &mut Thread, v: Slot) -> PyResult<u32> {
    let n = match v {
        Some(v) => ops::int32_arg(th, v)?,
        None => 9,
    };
    match n {
        1..=9 => Ok(n as u32),
        _ => Err(th.value_error("compresslevel must be between 1 and 9")),
    }
}

fn new_compressor(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [v] = args.bind(th, "BZ2Compressor", ["compresslevel"], 0)?;
    let level = level(th, v)?;
    let state = shared::hold(th, Some(Packer::new(level)))?;
    let base = th.new_record(&COMPRESSOR, &[Some(state), None]);
    wrap_new(th, class, &COMPRESSOR, base)
}

fn new_decompressor(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let n = args.len() + args.kw.len() / 2;
    if n > 0 {
        return Err(th.type_error(format!("BZ2Decompressor() takes no arguments ({n} given)")));
    }
    let (state, empty) = (shared::hold(th, Unpacker::new())?, th.new_str(b""));
    let base = th.new_record(&DECOMPRESSOR, &[Some(state), Some(empty)]);
    wrap_new(th, class, &DECOMPRESSOR, base)
}

fn output(th: &mut Thread, out: Output) -> PyResult {
    match out {
        Ok(b) => th.try_str(&b),
        Err(f) => Err(raise(th, &f)),
    }
}

pub(super) fn compress_all(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [data, v] = args.bind(th, "compress", ["data", "compresslevel"], 1)?;
    let data = bytes(th, data.unwrap_or(Value::NONE), "")?;
    let level = level(th, v)?;
    let out: Output = th.outside(move || {
        let mut out = Vec::new();
        let mut p = Packer::new(level);
        p.add(&data, &mut out)?;
        p.finish(&mut out)?;
        Ok(Arc::new(out))
    })?;
    output(th, out)
}

pub(super) fn decompress_all(th: &mut Thread, args: Args<'_>) -> PyResult {
    let data = bytes(th, args.pos[0], "decompress()")?;
    if data.is_empty() {
        return Ok(th.new_str(b""));
    }
    let out: Output = th.outside(move || {
        let (mut u, mut out) = (Unpacker::new(), Vec::new());
        u.add(&data, &mut out, usize::MAX)?;
        if u.ended { Ok(Arc::new(out)) } else { Err(Failure::Truncated) }
    })?;
    match out {
        Err(Failure::Truncated) => Err(th.value_error("couldn't find end of stream")),
        out => output(th, out),
    }
}

fn compress(th: &mut Thread, args: Args<'_>) -> PyResult {
    let data = bytes(th, args.pos[1], "compress()")?;
    let state = shared::held::<Option<Packer>>(th, args.pos[0], STATE)?;
    let out: Option<Output> = th.outside(move || {
        let mut out = Vec::new();
        let mut state = state.lock();
        let r = state.as_mut()?.add(&data, &mut out);
        Some(r.map(|()| Arc::new(out)))
    })?;
    match out {
        Some(out) => output(th, out),
        None => Err(th.value_error("this object was already flushed")),
    }
}

fn flush(th: &mut Thread, args: Args<'_>) -> PyResult {
    let state = shared::held::<Option<Packer>>(th, args.pos[0], STATE)?;
    let out: Option<Output> = th.outside(move || {
        let mut out = Vec::new();
        let r = state.lock().take()?.finish(&mut out);
        Some(r.map(|()| Arc::new(out)))
    })?;
    match out {
        Some(out) => output(th, out),
        None => Err(th.value_error("object was already flushed")),
    }
}

fn decompress(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let data = Arc::new(bytes(th, args.pos[1], "decompress()")?);
    let state = shared::held::<Unpacker>(th, v, STATE)?;
    let input = data.clone();
    type Unpacked = Result<(Arc<Vec<u8>>, usize, bool), Failure>;
    let r: Option<Unpacked> = th.outside(move || {
        let mut u = state.lock();
        if u.ended {
            return None;
        }
        let mut out = Vec::new();
        let r = u.add(&input, &mut out, usize::MAX);
        Some(r.map(|taken| (Arc::new(out), taken, u.ended)))
    })?;
    match r {
        None => Err(th.eof_error("end of stream was already found")),
        Some(Err(f)) => Err(raise(th, &f)),
        Some(Ok((out, taken, ended))) => {
            if ended && taken < data.len() {
                let rest = th.try_str(&data[taken..])?;
                if let Some(r) = v.payload::<PyRecord>() {
                    r.write(th)?.at(UNUSED).set(Some(rest));
                }
            }
            th.try_str(&out)
        }
    }
}
