//! Stands for `stm_core::Transaction` in solo mode until that has landed; same names.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// The object is held by another transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict;

/// A transaction that is always alone.
#[repr(C)]
#[derive(Debug)]
pub struct Transaction {
    stamp: Cell<u64>,
}

impl Default for Transaction {
    fn default() -> Self {
        Transaction { stamp: Cell::new(1 << 54 | 1 << 12 | 1) }
    }
}

impl Transaction {
    /// The stamp of what this transaction holds.
    #[inline(always)]
    pub fn stamp(&self) -> u64 {
        self.stamp.get()
    }
    /// The stamp is held by this transaction.
    #[inline(always)]
    pub fn owns(&self, stamp: &AtomicU64) -> bool {
        stamp.load(Ordering::Relaxed) >> 12 == self.stamp.get() >> 12
    }
    /// The address has this transaction's read mark.
    #[inline(always)]
    pub fn marked(&self, _address: usize) -> bool {
        true
    }
    /// No marks, no undo.
    pub fn is_solo(&self) -> bool {
        true
    }
    /// The next sequence.
    pub fn bump(&self) {
        self.stamp.set(self.stamp.get() + (1 << 12));
    }
}
