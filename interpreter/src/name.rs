//! Names interned at their first use.

use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::{AtomicU64, Ordering};

/// A name interned at its first use and kept for good.
pub struct Name {
    text: &'static str,
    bits: AtomicU64,
}

impl Name {
    pub const fn new(text: &'static str) -> Name {
        Name { text, bits: AtomicU64::new(0) }
    }

    pub fn text(&self) -> &'static str {
        self.text
    }

    /// The interned str.
    #[inline(always)]
    pub fn get(&self, th: &Thread) -> Value {
        match Value::from_bits(self.bits.load(Ordering::Acquire)) {
            Some(v) => v,
            None => self.intern(th),
        }
    }

    #[cold]
    fn intern(&self, th: &Thread) -> Value {
        let v = th.intern(self.text.as_bytes());
        self.bits.store(v.bits(), Ordering::Release);
        v
    }
}
