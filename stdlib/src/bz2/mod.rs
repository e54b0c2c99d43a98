//! `bz2`: compression in the format of bzip2. The streams lie outside the heap (see `shared`): they are worked on between
//! transactions only.

mod archive;
mod file;
mod objects;
mod stream;

use interpreter::native::{BLOCKS, KEYWORDS, MethodDef, ModuleDef, VARIADIC};
use interpreter::objects::module;
use interpreter::{Raised, Thread, Value, buffer, ops};
use stream::Failure;

/// The exception for a failure of the library.
fn raise(th: &mut Thread, f: &Failure) -> Raised {
    match f {
        Failure::Data => th.io_error_text("invalid data stream"),
        Failure::Truncated => {
            th.eof_error("compressed file ended before the logical end-of-stream was detected")
        }
        Failure::Memory => th.memory_error(),
        Failure::Sequence => th.runtime_error("wrong sequence of bz2 library commands used"),
        Failure::Io(errno) => th.io_error(*errno, None),
    }
}

/// The bytes of a "string or buffer" argument. `function`: as messages name it, with its parentheses.
fn bytes(th: &mut Thread, v: Value, function: &str) -> interpreter::PyResult<Vec<u8>> {
    if v.payload::<interpreter::layout::PyUnicode>().is_none() && ops::slots_of(v).buffer.is_none() {
        let n = if v.is_none() { "None".into() } else { ops::type_name(v) };
        let space = if function.is_empty() { "" } else { " " };
        return Err(th.type_error(format!("{function}{space}argument 1 must be string or buffer, not {n}")));
    }
    Ok(buffer::argument(th, v, function, 1)?.bytes().to_vec())
}

/// `bz2`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "bz2",
    doc: Some("The bzip2 format: files, streams and whole strings, compressed and back."),
    functions: &[
        MethodDef::new(
            "compress",
            objects::compress_all,
            0,
            VARIADIC,
            KEYWORDS | BLOCKS,
            "compress(data [, compresslevel=9]) -> the data compressed",
        ),
        MethodDef::new(
            "decompress",
            objects::decompress_all,
            1,
            1,
            BLOCKS,
            "decompress(data) -> what was compressed",
        ),
    ],
    types: &[&file::FILE, &objects::COMPRESSOR, &objects::DECOMPRESSOR],
    init: Some(|th, m| {
        module::add_str(
            th,
            m,
            "__author__",
            b"The bz2 module of pypy-stm, over libbzip2's algorithm in Rust.",
        )
    }),
};
