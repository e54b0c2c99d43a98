//! `_io`: the streams of module `io`.
//!
//! Every stream is an instance with attributes of its own and, beneath it, a record ([`state`]) with the state of its
//! class. Buffers are heap objects (str, bytearray), so an aborted transaction finds them as they were (PITFALLS 15);
//! only [`descriptor`] touches the operating system, and only outside transactions.
//!
//! Streams call each other by method name, as programs may put streams of their own in any place. What may be
//! interrupted by a signal is retried after the signal's handler has run.
//!
//! Checked by CPython's test_io, test_memoryio, test_fileio, test_bufio, and `tests/python/io`.

mod arguments;
mod base;
mod buffered;
mod bytesio;
mod descriptor;
mod errors;
mod fileio;
mod kinds_of_stream;
mod names;
mod newline;
mod open;
mod pair;
mod state;
mod stringio;
mod text;

use interpreter::native::{KEYWORDS, MethodDef, ModuleDef, TypeDef, VARIADIC};
use interpreter::objects::module;
use interpreter::types::ready;
use interpreter::{PyResult, Thread, Value};

/// Size of buffers unless the file system has a better idea.
pub const DEFAULT_BUFFER_SIZE: i64 = 8192;

/// `_io`.
pub static IO: ModuleDef = ModuleDef {
    name: "_io",
    doc: Some("The io module provides the Python interfaces to stream handling."),
    functions: &[MethodDef::new(
        "open",
        open::open,
        0,
        VARIADIC,
        KEYWORDS,
        "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True)\n\nOpens a file and returns a stream for it.",
    )],
    types: &[],
    init: Some(init),
};

static TYPES: &[&TypeDef] = &[
    &base::IO_BASE,
    &kinds_of_stream::RAW_IO_BASE,
    &kinds_of_stream::BUFFERED_IO_BASE,
    &kinds_of_stream::TEXT_IO_BASE,
    &fileio::FILE_IO,
    &bytesio::BYTES_IO,
    &stringio::STRING_IO,
    &buffered::BUFFERED_READER,
    &buffered::BUFFERED_WRITER,
    &buffered::BUFFERED_RANDOM,
    &pair::BUFFERED_RW_PAIR,
    &text::TEXT_IO_WRAPPER,
    &newline::INCREMENTAL_NEWLINE_DECODER,
    &errors::BLOCKING_IO_ERROR,
];

fn init(th: &mut Thread, m: Value) -> PyResult<()> {
    ready::ready(th, &state::STREAM_STATE)?;
    for t in TYPES {
        let v = ready::ready(th, t)?;
        module::add(th, m, t.name, v)?;
    }
    let unsupported = errors::unsupported_operation(th)?;
    module::add(th, m, "UnsupportedOperation", unsupported)?;
    module::add_int(th, m, "DEFAULT_BUFFER_SIZE", DEFAULT_BUFFER_SIZE)
}
