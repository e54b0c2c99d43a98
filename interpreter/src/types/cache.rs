//! The per-thread method cache: (type version, name) -> attribute found along the MRO.
//!
//! Entries are no roots: a matching version proves that the class and so its attribute are alive. Every full
//! collection clears the cache, since a name's address may be used again after one (PITFALLS 7); a minor one frees young
//! objects only, and names here are interned, which made them old.

use crate::value::{Slot, Value};
use std::cell::Cell;

const ENTRIES: usize = 1024;

#[derive(Copy, Clone)]
struct Entry {
    version: u64,
    name: u64,
    result: Slot,
}

/// See the module text.
pub struct MethodCache([Cell<Entry>; ENTRIES]);

const EMPTY: Entry = Entry { version: 0, name: 0, result: None };

impl MethodCache {
    pub fn new() -> Box<MethodCache> {
        Box::new(MethodCache([const { Cell::new(EMPTY) }; ENTRIES]))
    }

    #[inline(always)]
    fn slot(version: u64, name: Value) -> usize {
        ((version.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) ^ (name.bits() >> 4)) as usize % ENTRIES
    }

    /// Outer none: not cached. Inner none: cached absence.
    #[inline(always)]
    pub fn get(&self, version: u64, name: Value) -> Option<Slot> {
        let e = self.0[Self::slot(version, name)].get();
        if e.version == version && e.name == name.bits() { Some(e.result) } else { None }
    }

    pub fn put(&mut self, version: u64, name: Value, result: Slot) {
        self.0[Self::slot(version, name)].set(Entry { version, name: name.bits(), result });
    }

    /// Empties the cache: the thread is stopped, or collects.
    pub fn forget(&self) {
        self.0.iter().for_each(|e| e.set(EMPTY));
    }

    pub fn clear(&mut self) {
        self.forget();
    }
}
