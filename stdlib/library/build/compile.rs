//! Code objects of the library's modules, marshalled at build time.
//!
//! A module without one is compiled from its source when it is imported; so the result is never different, only later.

use super::collect::File;

/// The marshalled code object of a module, or nothing if it is to be compiled at import.
pub fn compile(_file: &File) -> Option<Vec<u8>> {
    None
}
