//! Reading a line from a terminal with editing: the program registers who does it.

use interpreter::Thread;
use interpreter::raised::PyResult;
use std::sync::OnceLock;

/// Shows a prompt and reads a line, with its end; `None` at the end of input.
pub type Reader = fn(&mut Thread, &[u8]) -> PyResult<Option<Vec<u8>>>;

static READER: OnceLock<Reader> = OnceLock::new();

/// Registers the reader; the first call counts.
pub fn set_reader(r: Reader) {
    let _ = READER.set(r);
}

/// The registered reader.
pub fn reader() -> Option<Reader> {
    READER.get().copied()
}
