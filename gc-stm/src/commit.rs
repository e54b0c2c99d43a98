//! Ends of transactions: publishing at commit, undo at abort, and what waits for a commit point.

use crate::mutator::Mutator;
use crate::object::ObjRef;
use crate::roots::RootVec;

impl Mutator {
    /// Begins a transaction.
    pub fn begin(&mut self) {}

    /// Commits: publishes what is reachable from the write log.
    pub fn commit(&mut self) {}

    /// Undoes everything this transaction wrote.
    pub fn abort(&mut self) {}

    /// Does the collections that are wanted. At commit points.
    pub fn safepoint_collect(&mut self) {}

    /// A minor collection: of this thread's young objects, stopping nobody.
    pub fn collect_minor(&mut self) {}

    /// A full collection, stopping all threads.
    pub fn collect_full(&mut self) {}

    /// Makes `obj` and all it reaches old, now: before it enters a runtime-wide table.
    pub fn make_old_now(&self, obj: ObjRef) {
        let _ = obj;
    }

    /// To be called once an object with a finalizer is complete.
    pub fn register_finalizable(&self, obj: ObjRef) {
        self.nursery.borrow_mut().finalizable.push(obj);
    }

    /// To be called once a weak reference (referent and callback) is complete.
    pub fn register_weak(&self, obj: ObjRef) {
        self.nursery.borrow_mut().weak.push(obj);
    }

    /// A vector of words that are roots while it lives.
    pub fn root_vec(&self) -> RootVec {
        RootVec::new(&self.root_list)
    }

    pub(crate) fn detach(&mut self) {}
}
