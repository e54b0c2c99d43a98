//! The per-thread caches of attributes: (type version, name) -> what is found along the MRO; (shape, name) -> the word that
//! an inline cache would hold for it (`eval/attr.rs`).
//!
//! Entries are no roots: a matching version proves that the class and so its attribute are alive. Every full
//! collection clears the caches, since a name's address, or a record's, may be used again after one (PITFALLS 7); a minor
//! one frees young objects only, and names here are interned, which made them old; records are old from the start.

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

/// What an instruction does with the attribute: the words of each say different things.
#[derive(Copy, Clone)]
pub enum Access {
    Load = 0,
    Store = 1,
    /// Load for a call (`eval/method.rs`).
    Method = 2,
}

const SHAPES: usize = 512;

#[derive(Copy, Clone)]
struct Word {
    shape: u64,
    /// The name's bits, with [`Access`] in the lowest two.
    name: u64,
    word: u64,
}

const NOTHING: Word = Word { shape: 0, name: 0, word: 0 };

/// See the module text.
pub struct ShapeCache {
    words: [Cell<Word>; SHAPES],
    uses: Cell<u32>,
}

impl ShapeCache {
    pub fn new() -> Box<ShapeCache> {
        Box::new(ShapeCache { words: [const { Cell::new(NOTHING) }; SHAPES], uses: Cell::new(0) })
    }

    #[inline(always)]
    fn slot(&self, shape: u64, name: u64) -> &Cell<Word> {
        let hash = (shape ^ name >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        &self.words[(hash ^ name) as usize % SHAPES]
    }

    #[inline(always)]
    fn key(name: Value, access: Access) -> u64 {
        name.bits() | access as u64
    }

    /// The cache word of a name for instances of a shape; 0 if unknown.
    #[inline(always)]
    pub fn get(&self, shape: u64, name: Value, access: Access) -> u64 {
        let key = Self::key(name, access);
        let e = self.slot(shape, key).get();
        if e.shape == shape && e.name == key { e.word } else { 0 }
    }

    pub fn put(&self, shape: u64, name: Value, access: Access, word: u64) {
        let name = Self::key(name, access);
        self.slot(shape, name).set(Word { shape, name, word });
    }

    /// Whether there is room for an entry, or it is time to drop the one that is there.
    pub fn may_put(&self, shape: u64, name: Value, access: Access) -> bool {
        self.slot(shape, Self::key(name, access)).get().shape == 0 || self.count().is_multiple_of(16)
    }

    /// Once in many uses: to take the line of a shared cache from the other threads.
    #[inline(always)]
    pub fn is_time_to_share(&self) -> bool {
        self.count().is_multiple_of(256)
    }

    #[inline(always)]
    fn count(&self) -> u32 {
        self.uses.set(self.uses.get().wrapping_add(1));
        self.uses.get()
    }

    /// Empties the cache: the thread is stopped, or collects.
    pub fn forget(&self) {
        self.words.iter().for_each(|e| e.set(NOTHING));
    }
}
