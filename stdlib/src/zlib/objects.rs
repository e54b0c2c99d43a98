//! `Compress` and `Decompress`: records of a shared stream, and for decompressors of what lies behind the end and of what
//! did not fit.

use super::stream::{Failure, Stream};
use super::{ERROR, error};
use crate::arguments::read_only;
use crate::shared;
use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{Args, BLOCKS, GetSetDef, MethodDef, NO_NEW, TypeDef};
use interpreter::{PyResult, Raised, Slot, Thread, Value, ops};
use libz_sys as z;
use std::sync::Arc;

/// Slot of the shared `Option<Stream>`; none once the stream has ended.
const STATE: usize = 0;
const UNUSED: usize = 1;
const TAIL: usize = 2;

/// `zlib.Compress`.
pub static COMPRESS: TypeDef = TypeDef {
    module: "zlib",
    flags: NO_NEW,
    methods: &[
        MethodDef::new(
            "compress",
            compress,
            1,
            1,
            BLOCKS,
            "compress(data) -- Adds data; what is compressed already. flush() gives the rest.",
        ),
        MethodDef::new(
            "flush",
            flush_deflate,
            0,
            1,
            BLOCKS,
            "flush([mode]) -- What is still to come. With Z_FINISH, the default, the stream ends; Z_SYNC_FLUSH and\nZ_FULL_FLUSH end a block.",
        ),
        MethodDef::new("copy", copy, 0, 0, BLOCKS, "copy() -- A compressor in the same state."),
    ],
    ..TypeDef::new("Compress", kind::RECORD)
};

/// `zlib.Decompress`.
pub static DECOMPRESS: TypeDef = TypeDef {
    module: "zlib",
    flags: NO_NEW,
    methods: &[
        MethodDef::new(
            "decompress",
            decompress,
            1,
            2,
            BLOCKS,
            "decompress(data[, max_length]) -- What data holds, max_length bytes at most; input not used then is in\nunconsumed_tail.",
        ),
        MethodDef::new("flush", flush_inflate, 0, 1, BLOCKS, "flush([length]) -- What is still to come."),
        MethodDef::new("copy", copy, 0, 0, BLOCKS, "copy() -- A decompressor in the same state."),
    ],
    getset: &[
        GetSetDef {
            name: "unused_data",
            get: |th, v| text(th, v, UNUSED),
            set: None,
            doc: "Data found after the end of the compressed stream.",
        },
        GetSetDef {
            name: "unconsumed_tail",
            get: |th, v| text(th, v, TAIL),
            set: None,
            doc: "Input not used yet because the output was limited.",
        },
    ],
    ..TypeDef::new("Decompress", kind::RECORD)
};

type State = Option<Stream>;
type Output = Result<Arc<Vec<u8>>, Failure>;

const ENDED: Failure = Failure { code: z::Z_STREAM_ERROR, words: None };

fn text(th: &mut Thread, v: Value, i: usize) -> PyResult {
    let s = match v.cast::<PyRecord>() {
        Some(r) => r.read(th)?.at(i).get(),
        None => None,
    };
    Ok(s.unwrap_or_else(|| th.new_str(b"")))
}

fn set_text(th: &mut Thread, v: Value, i: usize, s: Value) -> PyResult<()> {
    if let Some(r) = v.cast::<PyRecord>() {
        r.write(th)?.at(i).set(Some(s));
    }
    Ok(())
}

fn make(th: &mut Thread, def: &'static TypeDef, s: State, unused: Slot, tail: Slot) -> PyResult {
    let s = shared::hold(th, s)?;
    Ok(th.new_record(def, &[Some(s), unused, tail]))
}

fn refused(th: &mut Thread, f: &Failure, doing: &str) -> Raised {
    match f.code {
        z::Z_STREAM_ERROR => th.value_error("Invalid initialization option"),
        z::Z_MEM_ERROR => th.memory_error(),
        _ => error(th, f, doing),
    }
}

pub(super) fn compressobj(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut n = [-1, 8, 15, 8, 0];
    for (n, v) in n.iter_mut().zip(args.pos) {
        *n = ops::int32_arg(th, *v)?;
    }
    match Stream::deflate(n[0], n[1], n[2], n[3], n[4]) {
        Ok(s) => make(th, &COMPRESS, Some(s), None, None),
        Err(f) => Err(refused(th, &f, "while creating compression object")),
    }
}

pub(super) fn decompressobj(th: &mut Thread, args: Args<'_>) -> PyResult {
    let wbits = match args.get(0) {
        Some(v) => ops::int32_arg(th, v)?,
        None => 15,
    };
    match Stream::inflate(wbits) {
        Ok(s) => {
            let empty = th.new_str(b"");
            make(th, &DECOMPRESS, Some(s), Some(empty), Some(empty))
        }
        Err(f) => Err(refused(th, &f, "while creating decompression object")),
    }
}

/// Feeds a compressor; with Z_FINISH its stream ends.
fn feed(th: &mut Thread, v: Value, input: Vec<u8>, mode: i32, doing: &str) -> PyResult {
    let state = shared::held::<State>(th, v, STATE)?;
    let out: Output = th.outside(move || {
        let mut state = state.lock();
        let Some(s) = state.as_mut() else { return Err(ENDED) };
        let mut out = Vec::new();
        let code = s.run(&input, mode, usize::MAX, &mut out).code;
        match code {
            z::Z_STREAM_END if mode == z::Z_FINISH => *state = None,
            z::Z_OK | z::Z_BUF_ERROR => {}
            _ => return Err(s.failure(code)),
        }
        Ok(Arc::new(out))
    })?;
    match out {
        Ok(out) => th.try_str(&out),
        Err(f) => Err(error(th, &f, doing)),
    }
}

fn compress(th: &mut Thread, args: Args<'_>) -> PyResult {
    let input = read_only(th, args.pos[1], "compress", 1)?.bytes().to_vec();
    feed(th, args.pos[0], input, z::Z_NO_FLUSH, "while compressing data")
}

fn flush_deflate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mode = match args.get(1) {
        Some(v) => ops::int32_arg(th, v)?,
        None => z::Z_FINISH,
    };
    // Nothing to flush, and the library would call it an error.
    if mode == z::Z_NO_FLUSH {
        return Ok(th.new_str(b""));
    }
    feed(th, args.pos[0], Vec::new(), mode, "while flushing")
}

/// What a decompressor made of its input.
#[derive(Clone)]
struct Inflated {
    out: Arc<Vec<u8>>,
    taken: usize,
    code: i32,
}

/// Keeps what is left of the input where it belongs.
fn keep_rest(th: &mut Thread, v: Value, code: i32, rest: &[u8]) -> PyResult<()> {
    let had = text(th, v, TAIL)?;
    if code == z::Z_STREAM_END && !rest.is_empty() {
        let old = text(th, v, UNUSED)?;
        let all = [th.str_bytes(old), rest].concat();
        let all = th.try_str(&all)?;
        set_text(th, v, UNUSED, all)?;
    }
    let rest = if code == z::Z_STREAM_END { &[] } else { rest };
    if !rest.is_empty() || !th.str_bytes(had).is_empty() {
        let s = th.try_str(rest)?;
        set_text(th, v, TAIL, s)?;
    }
    Ok(())
}

fn decompress(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let input = Arc::new(read_only(th, args.pos[1], "decompress", 1)?.bytes().to_vec());
    let limit = match args.get(2) {
        Some(n) => ops::integer_arg(th, n)?,
        None => 0,
    };
    let limit = match limit {
        ..0 => return Err(th.value_error("max_length must be greater than zero")),
        0 => usize::MAX,
        n => n as usize,
    };
    let state = shared::held::<State>(th, v, STATE)?;
    let data = input.clone();
    let r: Result<Inflated, Failure> = th.outside(move || {
        let mut state = state.lock();
        let Some(s) = state.as_mut() else { return Err(ENDED) };
        let mut out = Vec::new();
        let run = s.run(&data, z::Z_SYNC_FLUSH, limit, &mut out);
        match run.code {
            z::Z_OK | z::Z_BUF_ERROR | z::Z_STREAM_END => {
                Ok(Inflated { out: Arc::new(out), taken: run.taken, code: run.code })
            }
            code => Err(s.failure(code)),
        }
    })?;
    match r {
        Ok(r) => {
            keep_rest(th, v, r.code, &input[r.taken..])?;
            th.try_str(&r.out)
        }
        Err(f) => Err(error(th, &f, "while decompressing")),
    }
}

fn flush_inflate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    if let Some(n) = args.get(1)
        && ops::integer_arg(th, n)? <= 0
    {
        return Err(th.value_error("length must be greater than zero"));
    }
    let state = shared::held::<State>(th, v, STATE)?;
    let tail = text(th, v, TAIL)?;
    let input = Arc::new(th.str_bytes(tail).to_vec());
    let data = input.clone();
    let r: Option<Inflated> = th.outside(move || {
        let mut state = state.lock();
        let s = state.as_mut()?;
        let mut out = Vec::new();
        let run = s.run(&data, z::Z_FINISH, usize::MAX, &mut out);
        if run.code == z::Z_STREAM_END {
            *state = None;
        }
        Some(Inflated { out: Arc::new(out), taken: run.taken, code: run.code })
    })?;
    match r {
        Some(r) => {
            keep_rest(th, v, r.code, &input[r.taken..])?;
            th.try_str(&r.out)
        }
        None => Ok(th.new_str(b"")),
    }
}

fn copy(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let state = shared::held::<State>(th, v, STATE)?;
    let twin = th.outside(move || {
        let twin = match state.lock().as_mut() {
            Some(s) => s.copy(),
            None => Err(ENDED),
        };
        Arc::new(parking_lot::Mutex::new(Some(twin)))
    })?;
    // The bytecode may run again: the twin stays where it is until then.
    match twin.lock().as_mut() {
        Some(Ok(s)) => match s.copy() {
            Ok(s) => {
                let def =
                    if interpreter::types::is_instance_of(v, &COMPRESS) { &COMPRESS } else { &DECOMPRESS };
                let (unused, tail) = match v.cast::<PyRecord>() {
                    Some(r) => {
                        let r = r.read(th)?;
                        (r.at(UNUSED).get(), r.at(TAIL).get())
                    }
                    None => (None, None),
                };
                make(th, def, Some(s), unused, tail)
            }
            Err(f) => Err(error(th, &f, "while copying")),
        },
        Some(Err(f)) if f.code == z::Z_STREAM_ERROR => Err(th.value_error("Inconsistent stream state")),
        Some(Err(f)) if f.code == z::Z_MEM_ERROR => {
            Err(th.memory_error_text("Can't allocate memory for compression object"))
        }
        Some(Err(f)) => Err(error(th, &f.clone(), "while copying")),
        None => Err(th.raise_def(&ERROR, "while copying")),
    }
}
