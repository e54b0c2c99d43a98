//! The cold halves of the barriers: locking through `stm-core`, undo records, the remembered set.
//!
//! | object | concurrent | solo or GIL |
//! |---|---|---|
//! | young, born in this transaction | stamp is mine: fast path | the same |
//! | young, older | undo record, stamp := mine, no fence | stamp := mine |
//! | old | the full protocol, undo record, remembered | stamp := mine, remembered |
//!
//! A young object in the log only matters to abort; minor collections keep it alive for that reason.

use crate::kind::size_of_object;
use crate::mutator::{Mutator, Range};
use crate::object::{self, ObjRef};
use std::sync::atomic::{AtomicU64, Ordering};
use stm_core::{Conflict, Requests, Word};

/// Bytes of the header of a stamped object.
const STAMPED_HEADER: usize = 16;

impl Mutator {
    #[cold]
    #[inline(never)]
    pub(crate) fn read_cold(&self, obj: ObjRef) -> Result<(), Conflict> {
        self.tx.read_slow(obj.address(), obj.stamp())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn write_cold(&self, obj: ObjRef) -> Result<(), Conflict> {
        if object::is_young(obj) {
            if let Some(pending) = self.tx.pending() {
                return Err(pending);
            }
            if !self.tx.is_solo() {
                self.log_payload(obj);
            }
            // Relaxed: nobody else can see a young object.
            obj.stamp().store(self.tx.birth_stamp(), Ordering::Relaxed);
            return Ok(());
        }
        self.tx.write_slow(obj.address(), obj.stamp())?;
        if self.tx.is_solo() {
            self.tx.log_touched(obj.address());
        } else {
            self.log_payload(obj);
        }
        Ok(())
    }

    fn log_payload(&self, obj: ObjRef) {
        let words = (size_of_object(obj) - STAMPED_HEADER) / 8;
        self.tx.log_touched(obj.address());
        // SAFETY: the payload of an object that this transaction holds.
        unsafe { self.tx.log_undo(obj.at::<Word>(STAMPED_HEADER), words) };
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn write_range_cold(&self, owner: ObjRef, stamp: &AtomicU64, first: *mut u64, words: usize) {
        // SAFETY: the owner is locked, so its storage is; the caller says that the words are there.
        unsafe { self.tx.log_undo(first.cast::<Word>(), words) };
        self.log.borrow_mut().ranges.push(Range { owner, first, words });
        // Relaxed: guarded by the owner's stamp.
        stamp.store(self.tx.birth_stamp(), Ordering::Relaxed);
    }

    /// Saves raw words (no Values) for an abort; call it once per transaction before they change, for
    /// instance under a card stamp of their own. Nothing is saved when nothing can be undone.
    ///
    /// # Safety
    /// The words are readable, and belong to an object whose write barrier has been passed.
    #[inline]
    pub unsafe fn log_words(&self, first: *mut u64, words: usize) {
        // SAFETY: per the contract.
        unsafe { self.tx.log_undo(first.cast::<Word>(), words) };
    }

    /// Saves the class of an object before `set_class`; its write barrier has been passed.
    #[inline]
    pub fn log_class(&self, obj: ObjRef) {
        if !self.tx.is_solo() {
            self.log.borrow_mut().classes.push((obj, object::class(obj)));
        }
    }

    /// Asks this thread to come to a commit point.
    pub(crate) fn request_collection(&self) {
        self.tx.record().request_poll(Requests::GC);
    }
}
