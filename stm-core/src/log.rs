//! The undo log and the write log of a transaction.
//!
//! The *undo log* holds old contents: runs of words, each followed by its address and length, so that it is read from the
//! end backwards, the order in which abort restores. The *write log* holds the addresses of the objects and cards that the
//! transaction has logged since it began, whether or not their contents were saved: it is the collector's remembered set.

use crate::sync::Word;

/// Capacity kept from one transaction to the next, in words; more is given back.
const KEPT: usize = 1 << 16;

/// Entries of the write log below which nobody looks for repetitions.
const COMPACT: usize = 1 << 14;

#[derive(Default)]
pub(crate) struct Log {
    undo: Vec<u64>,
    written: Vec<usize>,
    /// Length of the write log at which it is worth looking for repetitions.
    compact_at: usize,
}

impl Log {
    /// Saves `words` words starting at `address`.
    ///
    /// # Safety
    /// The words are readable and the caller's transaction owns the granule.
    pub(crate) unsafe fn save(&mut self, address: *const Word, words: usize) {
        self.undo.reserve(words + 2);
        for i in 0..words {
            // SAFETY: the caller's contract.
            self.undo.push(unsafe { (*address.add(i)).get() });
        }
        self.undo.push(address.expose_provenance() as u64);
        self.undo.push(words as u64);
    }

    pub(crate) fn touched(&mut self, object: usize) {
        self.written.push(object);
    }

    /// Calls `f(address, words, old contents)` for each record, newest first.
    pub(crate) fn for_each_undo(&self, mut f: impl FnMut(*const Word, &[u64])) {
        let mut end = self.undo.len();
        while end >= 2 {
            let words = self.undo[end - 1] as usize;
            let address = std::ptr::with_exposed_provenance::<Word>(self.undo[end - 2] as usize);
            f(address, &self.undo[end - 2 - words..end - 2]);
            end -= 2 + words;
        }
    }

    /// Writes everything back, newest first, and empties the undo log. The write log stays until `clear`.
    ///
    /// # Safety
    /// The transaction still owns every logged granule, and nobody keeps references into them.
    pub(crate) unsafe fn restore(&mut self) {
        self.for_each_undo(|address, contents| {
            for (i, &old) in contents.iter().enumerate() {
                // SAFETY: the caller's contract; the words were readable when logged.
                unsafe { (*address.add(i)).set(old) };
            }
        });
        self.undo.clear();
    }

    pub(crate) fn clear(&mut self) {
        self.undo.clear();
        self.written.clear();
        self.compact_at = 0;
        if self.undo.capacity() > KEPT {
            self.undo.shrink_to(KEPT);
        }
        if self.written.capacity() > KEPT {
            self.written.shrink_to(KEPT);
        }
    }

    /// The transaction cannot abort any more.
    pub(crate) fn forget_undo(&mut self) {
        self.undo = Vec::new();
    }

    /// Keeps what `keep` says of the write log.
    pub(crate) fn retain_written(&mut self, keep: impl FnMut(&usize) -> bool) {
        self.written.retain(keep);
        self.compact_at = 2 * self.written.len();
    }

    /// Drops repetitions from the write log, if it has grown much since that was done last.
    pub(crate) fn compact(&mut self) {
        if self.written.len() >= self.compact_at.max(COMPACT) {
            self.written.sort_unstable();
            self.written.dedup();
            self.compact_at = 2 * self.written.len();
        }
    }

    pub(crate) fn written(&self) -> &[usize] {
        &self.written
    }

    pub(crate) fn undo_len(&self) -> usize {
        self.undo.len()
    }
}
