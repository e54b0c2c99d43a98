//! The cold halves of the barriers: locking through `stm-core`, undo records, the remembered set.

use crate::mutator::{Mutator, Range};
use crate::object::{self, ObjRef};
use crate::standin::Conflict;
use std::sync::atomic::{AtomicU64, Ordering};

impl Mutator {
    #[cold]
    #[inline(never)]
    pub(crate) fn read_cold(&self, obj: ObjRef) -> Result<(), Conflict> {
        if object::is_young(obj) {
            return Ok(());
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn write_cold(&self, obj: ObjRef) -> Result<(), Conflict> {
        obj.stamp().store(self.tx.stamp(), Ordering::Relaxed);
        if !object::is_young(obj) {
            self.log.borrow_mut().objects.push(obj);
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn write_range_cold(&self, owner: ObjRef, stamp: &AtomicU64, first: *mut u64, words: usize) {
        stamp.store(self.tx.stamp(), Ordering::Relaxed);
        self.log.borrow_mut().ranges.push(Range { owner, first, words });
    }

    /// Saves raw words (no Values) for an abort; call it once per transaction before they change, for
    /// instance under a card stamp of their own. Nothing is saved when nothing can be undone.
    ///
    /// # Safety
    /// The words are readable, and belong to an object whose write barrier has been passed.
    #[inline]
    pub unsafe fn log_words(&self, _first: *mut u64, _words: usize) {}

    /// Saves the class of an object before `set_class`; its write barrier has been passed.
    #[inline]
    pub fn log_class(&self, _obj: ObjRef) {}

    /// Asks this thread to come to a commit point.
    pub(crate) fn request_collection(&self) {}
}
