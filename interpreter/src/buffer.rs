//! The buffer protocol: a view of the bytes of another object.

use crate::value::Value;

/// Bytes exported by `owner`. The pointer stays valid while the owner lives and does not resize; mutable owners
/// have been read- or write-locked by the transaction that asked.
#[derive(Copy, Clone)]
pub struct Buffer {
    pub owner: Value,
    pub ptr: *const u8,
    pub len: usize,
    pub readonly: bool,
}

impl Buffer {
    /// The bytes.
    ///
    /// The slice must not be kept across a commit point if the owner is mutable.
    pub fn bytes<'a>(&self) -> &'a [u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: see the struct.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}
