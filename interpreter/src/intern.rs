//! The table of interned strings.
//!
//! Sharded by hash; a shard's mutex is a leaf lock (no allocation, barrier or stop while it is held). What enters is
//! made old on the spot and is never undone by an abort (PITFALLS 6).

use crate::layout::PyStr;
use crate::thread::Thread;
use crate::value::Value;
use gc_stm::Tracer;
use hashbrown::HashTable;
use parking_lot::Mutex;
use std::sync::atomic::Ordering;

const SHARDS: usize = 16;

/// Room in each shard for what start-up brings.
const CAPACITY: usize = 448;

/// See the module text.
pub struct Interned {
    shards: [Mutex<HashTable<Value>>; SHARDS],
}

impl Default for Interned {
    fn default() -> Self {
        Interned { shards: std::array::from_fn(|_| Mutex::new(HashTable::with_capacity(CAPACITY))) }
    }
}

fn bytes_of<'a>(v: Value) -> &'a [u8] {
    match v.cast::<PyStr>() {
        Some(s) => s.get().bytes(),
        None => b"",
    }
}

/// Of names of a dozen characters: eight bytes at a time.
fn hash(b: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut h = (b.len() as u64).wrapping_mul(FACTOR);
    let mut mix = |word: u64| h = (h.rotate_left(29) ^ word).wrapping_mul(FACTOR);
    let mut chunks = b.chunks_exact(8);
    for c in &mut chunks {
        mix(u64::from_le_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]]));
    }
    mix(chunks.remainder().iter().fold(0, |w, c| w << 8 | u64::from(*c)));
    h ^ (h >> 32)
}

impl Interned {
    /// The interned str with these bytes, made if need be.
    pub fn get_or_insert(&self, th: &Thread, b: &[u8]) -> Value {
        let h = hash(b);
        let shard = &self.shards[(h >> 60) as usize % SHARDS];
        if let Some(v) = shard.lock().find(h, |v| bytes_of(*v) == b) {
            return *v;
        }
        let v = th.new_str(b);
        self.insert(th, h, v)
    }

    /// The interned str equal to `v`, which becomes it if there is none.
    pub fn intern_value(&self, th: &Thread, v: Value) -> Value {
        let b = bytes_of(v);
        let h = hash(b);
        let shard = &self.shards[(h >> 60) as usize % SHARDS];
        if let Some(v) = shard.lock().find(h, |v| bytes_of(*v) == b) {
            return *v;
        }
        self.insert(th, h, v)
    }

    fn insert(&self, th: &Thread, h: u64, v: Value) -> Value {
        th.m.make_old_now(v.obj_unchecked());
        if let Some(s) = v.cast::<PyStr>() {
            s.interned.store(1, Ordering::Release);
        }
        let b = bytes_of(v);
        let mut shard = self.shards[(h >> 60) as usize % SHARDS].lock();
        match shard.find(h, |v| bytes_of(*v) == b) {
            Some(other) => *other,
            None => {
                shard.insert_unique(h, v, |v| hash(bytes_of(*v)));
                v
            }
        }
    }

    pub(crate) fn trace(&self, t: &mut Tracer) {
        for s in &self.shards {
            for v in s.lock().iter() {
                t.word(v.bits());
            }
        }
    }
}
