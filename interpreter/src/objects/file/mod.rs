//! The built-in type `file`: a descriptor of the operating system with a buffer of our own.
//!
//! # Invariants
//! F1. What Python can see of a file lies in its heap record ([`state`]) and the buffer's heap bytes, so an abort
//!     undoes it. Only [`stream`] touches the descriptor, outside transactions (PITFALLS 1, 15).
//! F2. Before an operation leaves the transaction it takes what it needs out of the record, and the record is marked
//!     busy; other threads wait. So nothing is written or read twice, and lines do not tear.
//! F3. The buffer holds either bytes read ahead (raw, not yet translated) or bytes to be written, never both.
//! F4. What leads up to an operation outside must lead there again when the bytecode is run a second time, though the
//!     buffer is empty by then: whoever decides by the buffer asks `Thread::has_outside_result` first.
//!
//! Checked by CPython's test_file and test_file2k, and `tests/python`.

mod construct;
mod finish;
mod job;
mod methods;
mod mode;
mod print;
mod read;
mod state;
mod stream;
mod write;

pub use construct::{Extras, from_descriptor, open, set_encoding};
pub use finish::{after_fork, flush_all, flush_one};
pub use print::{ends_with_space_other_than_blank, print_text, soft_space, write_object};
pub use read::{read_all, read_count, read_line, read_source};
pub use state::{descriptor, is_file};
pub use write::write_bytes;

use crate::kinds::kind;
use crate::native::{BASETYPE, TypeDef, WEAKREFS};
use crate::types::slots::SlotTable;

/// `file`.
pub static FILE: TypeDef = TypeDef {
    flags: BASETYPE | WEAKREFS,
    doc: Some(
        "file(name[, mode[, buffering]]) -> file object\n\nOpens a file: mode 'r' reads (the default), 'w' empties it and writes, 'a' writes at\nits end; 'b' is for binary files, '+' for reading and writing, 'U' for reading with any\nkind of line end shown as '\\n' (the attribute newlines tells which were seen).\nBuffering 0 means none, 1 by lines, more is a size. The usual way to open a file is\nthe built-in function open().",
    ),
    slots: SlotTable {
        repr: Some(methods::repr),
        iter: Some(methods::iter),
        next: Some(read::next),
        new: Some(construct::new),
        init: Some(construct::init),
        del: Some(finish::del),
        ..SlotTable::EMPTY
    },
    methods: methods::METHODS,
    getset: methods::GETSET,
    ..TypeDef::new("file", kind::RECORD)
};
