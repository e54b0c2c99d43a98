//! The per-thread method cache: (type version, name) -> attribute found along the MRO.
//!
//! Entries are no roots: a matching version proves that the class and so its attribute are alive. Full collections
//! clear the cache, since a name's address may be used again after one (PITFALLS 7).

use crate::value::{Slot, Value};

const ENTRIES: usize = 2048;

#[derive(Copy, Clone)]
struct Entry {
    version: u64,
    name: u64,
    result: Slot,
}

/// See the module text.
pub struct MethodCache([Entry; ENTRIES]);

impl MethodCache {
    pub fn new() -> Box<MethodCache> {
        Box::new(MethodCache([Entry { version: 0, name: 0, result: None }; ENTRIES]))
    }

    #[inline(always)]
    fn slot(version: u64, name: Value) -> usize {
        ((version.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) ^ (name.bits() >> 4)) as usize % ENTRIES
    }

    /// Outer none: not cached. Inner none: cached absence.
    #[inline(always)]
    pub fn get(&self, version: u64, name: Value) -> Option<Slot> {
        let e = &self.0[Self::slot(version, name)];
        if e.version == version && e.name == name.bits() { Some(e.result) } else { None }
    }

    pub fn put(&mut self, version: u64, name: Value, result: Slot) {
        self.0[Self::slot(version, name)] = Entry { version, name: name.bits(), result };
    }

    pub fn clear(&mut self) {
        self.0.fill(Entry { version: 0, name: 0, result: None });
    }
}
