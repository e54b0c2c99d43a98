//! The abstract bases `_RawIOBase`, `_BufferedIOBase`, `_TextIOBase`.

use super::arguments::{self, call, call_retrying, unsupported};
use super::base::IO_BASE;
use super::{DEFAULT_BUFFER_SIZE, names};
use interpreter::buffer;
use interpreter::kinds::kind;
use interpreter::native::{Args, BASETYPE, GetSetDef, HAS_DICT, MethodDef, TypeDef, VARIADIC};
use interpreter::objects::{bytearray, exceptions as exc};
use interpreter::ops;
use interpreter::{PyResult, Thread, Value};

/// `_RawIOBase`.
pub static RAW_IO_BASE: TypeDef = TypeDef {
    module: "_io",
    doc: Some("Base class for raw binary I/O."),
    base: Some(&IO_BASE),
    flags: BASETYPE | HAS_DICT,
    methods: &[
        MethodDef::new("read", raw_read, 0, 1, 0, ""),
        MethodDef::new("readall", raw_readall, 0, 0, 0, "Read until EOF, using multiple read() call."),
    ],
    ..TypeDef::new("_RawIOBase", kind::INSTANCE)
};

/// `_BufferedIOBase`.
pub static BUFFERED_IO_BASE: TypeDef = TypeDef {
    module: "_io",
    doc: Some("Base class for buffered IO objects."),
    base: Some(&IO_BASE),
    flags: BASETYPE | HAS_DICT,
    methods: &[
        MethodDef::new(
            "detach",
            |th, _| unsupported(th, "detach"),
            0,
            VARIADIC,
            0,
            "Disconnect this buffer from its underlying raw stream and return it.",
        ),
        MethodDef::new(
            "read",
            |th, _| unsupported(th, "read"),
            0,
            VARIADIC,
            0,
            "Read and return up to n bytes.",
        ),
        MethodDef::new(
            "read1",
            |th, _| unsupported(th, "read1"),
            0,
            VARIADIC,
            0,
            "Read and return up to n bytes, with at most one read() call.",
        ),
        MethodDef::new("readinto", readinto, 1, 1, 0, ""),
        MethodDef::new(
            "write",
            |th, _| unsupported(th, "write"),
            0,
            VARIADIC,
            0,
            "Write the given buffer to the IO stream.",
        ),
    ],
    ..TypeDef::new("_BufferedIOBase", kind::INSTANCE)
};

/// `_TextIOBase`.
pub static TEXT_IO_BASE: TypeDef = TypeDef {
    module: "_io",
    doc: Some("Base class for text I/O."),
    base: Some(&IO_BASE),
    flags: BASETYPE | HAS_DICT,
    methods: &[
        MethodDef::new(
            "detach",
            |th, _| unsupported(th, "detach"),
            0,
            VARIADIC,
            0,
            "Separate the underlying buffer from the TextIOBase and return it.",
        ),
        MethodDef::new(
            "read",
            |th, _| unsupported(th, "read"),
            0,
            VARIADIC,
            0,
            "Read at most n characters from stream.",
        ),
        MethodDef::new(
            "readline",
            |th, _| unsupported(th, "readline"),
            0,
            VARIADIC,
            0,
            "Read until newline or EOF.",
        ),
        MethodDef::new("write", |th, _| unsupported(th, "write"), 0, VARIADIC, 0, "Write string to stream."),
    ],
    getset: &[
        GetSetDef {
            name: "encoding",
            get: |_, _| Ok(Value::NONE),
            set: None,
            doc: "Encoding of the text stream.",
        },
        GetSetDef {
            name: "newlines",
            get: |_, _| Ok(Value::NONE),
            set: None,
            doc: "Line endings translated so far.",
        },
        GetSetDef {
            name: "errors",
            get: |_, _| Ok(Value::NONE),
            set: None,
            doc: "The error setting of the decoder or encoder.",
        },
    ],
    ..TypeDef::new("_TextIOBase", kind::INSTANCE)
};

fn raw_read(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let n = match args.get(1) {
        Some(n) => ops::index_i64(th, n, Some(&exc::OVERFLOW_ERROR))?,
        None => -1,
    };
    if n < 0 {
        return call(th, v, &names::readall, &[]);
    }
    let mut zeros: Vec<u8> = Vec::new();
    if zeros.try_reserve_exact(n as usize).is_err() {
        return Err(th.memory_error());
    }
    zeros.resize(n as usize, 0);
    let b = bytearray::new(th, &zeros)?;
    let r = call(th, v, &names::readinto, &[b])?;
    if r.is_none() {
        return Ok(r);
    }
    let got = ops::index_i64(th, r, Some(&exc::VALUE_ERROR))?;
    let bytes = bytearray::view(th, b)?;
    let got = usize::try_from(got).unwrap_or(0).min(bytes.len());
    th.try_str(&bytes[..got])
}

fn raw_readall(th: &mut Thread, args: Args<'_>) -> PyResult {
    let v = args.pos[0];
    let mut out: Vec<u8> = Vec::new();
    loop {
        let n = th.int(DEFAULT_BUFFER_SIZE);
        let r = call_retrying(th, v, &names::read, &[n])?;
        if r.is_none() {
            if out.is_empty() {
                return Ok(r);
            }
            break;
        }
        let b = arguments::expect_bytes(th, r, |_| "read() should return bytes".into(), false)?;
        if b.is_empty() {
            break;
        }
        out.extend_from_slice(b);
    }
    th.try_str(&out)
}

/// `readinto` by way of `read`.
fn readinto(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (v, target) = (args.pos[0], args.pos[1]);
    let room = writable(th, target)?.len;
    let n = th.int(room as i64);
    let r = call(th, v, &names::read, &[n])?;
    if r.is_none() {
        return Ok(r);
    }
    let b = arguments::expect_bytes(th, r, |_| "read() should return bytes".into(), false)?;
    let target = writable(th, target)?;
    if b.len() > target.len {
        return Err(th.value_error("read() returned too many bytes"));
    }
    target.write(th, 0, b)?;
    super::state::long(th, b.len() as i64)
}

/// The buffer that a `readinto` fills.
pub fn writable(th: &mut Thread, v: Value) -> PyResult<buffer::Buffer> {
    if v.payload::<interpreter::layout::PyUnicode>().is_some() {
        return Err(th.type_error("cannot use unicode as modifiable buffer"));
    }
    if let Some(f) = ops::slots_of(v).buffer {
        let b = f(th, v)?;
        if !b.readonly {
            return Ok(b);
        }
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("argument 1 must be read-write buffer, not {n}")))
}
