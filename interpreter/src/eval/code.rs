//! The runtime form of a code object.

use gc_stm::Tracer;
use std::sync::atomic::{AtomicU64, Ordering};

/// See the module text.
pub struct CodeRuntime {
    /// One 64-bit word per instruction: opcode 8, auxiliary 24, argument 32.
    pub instructions: Box<[AtomicU64]>,
    /// Inline caches: packed entries (bit 0 set) or references to cache records.
    pub caches: Box<[AtomicU64]>,
}

impl CodeRuntime {
    pub(crate) fn trace(&self, t: &mut Tracer) {
        for c in &self.caches {
            t.word(c.load(Ordering::Relaxed));
        }
    }
}
