//! Ends of transactions: publishing at commit, undo at abort, and what waits for a commit point.
//!
//! Publishing makes old, and so public, what is reachable from the write log through young objects; weak
//! references count as strong there (pitfall 6). It must be over before the swap in `stm-core` that releases
//! the locks. In solo mode nobody is there to publish to; in GIL mode the next thread is, so there each commit
//! publishes and makes all stamps foreign.

use crate::heap::Heap;
use crate::mutator::{Mutator, MutatorState};
use crate::object::{self, FINALIZABLE, HAS_WEAKREF, ObjRef, WEAK_REFERENT};
use crate::roots::RootVec;
use crate::trace::{Mode, Tracer};
use std::sync::atomic::Ordering;
use stm_core::{Conflict, Requests};

impl Mutator {
    /// Begins a transaction.
    #[inline]
    pub fn begin(&mut self) {
        self.tx.begin();
        self.note_list_lengths();
    }

    /// Begins a transaction that cannot abort.
    pub fn begin_inevitable(&mut self) {
        self.tx.begin_inevitable();
        self.note_list_lengths();
    }

    fn note_list_lengths(&mut self) {
        let nursery = self.nursery.get_mut();
        nursery.weak_mark = nursery.weak.len();
        nursery.finalizable_mark = nursery.finalizable.len();
    }

    /// Commits: publishes, then releases everything. Refuses when an abort is due: then call `abort`.
    #[inline]
    pub fn commit(&mut self) -> Result<(), Conflict> {
        self.before_commit()?;
        self.tx.commit()
    }

    /// Commits and begins the next transaction.
    #[inline]
    pub fn commit_and_begin(&mut self) -> Result<(), Conflict> {
        self.before_commit()?;
        self.tx.commit_and_begin()?;
        self.note_list_lengths();
        Ok(())
    }

    #[inline]
    fn before_commit(&mut self) -> Result<(), Conflict> {
        if let Some(Conflict::Abort) = self.tx.pending() {
            return Err(Conflict::Abort);
        }
        if self.tx.is_solo() {
            if self.tx.stm().is_gil() {
                self.publish_to_next_gil_thread();
            }
            return Ok(());
        }
        if self.tx.written_len() != 0 {
            self.publish();
            let log = self.log.get_mut();
            log.ranges.clear();
            log.classes.clear();
        }
        Ok(())
    }

    #[cold]
    fn publish_to_next_gil_thread(&mut self) {
        self.publish();
        self.log.get_mut().ranges.clear();
        self.tx.forget_written();
        self.tx.renew();
    }

    /// Makes old what the write log reaches through young objects.
    #[inline(never)]
    fn publish(&mut self) {
        let heap = self.heap.clone();
        let mut tracer = Tracer::new(Mode::Promote { weak_is_strong: true }, &heap.space);
        tracer.stack = std::mem::take(&mut self.nursery.get_mut().mark_stack);
        self.tx.for_each_written(|address| {
            // SAFETY: the write log holds addresses of objects; what was freed since was not in it.
            let obj = unsafe { ObjRef::from_address(address) };
            if !object::is_young(obj) {
                tracer.fields(obj);
            }
        });
        for range in &self.log.get_mut().ranges {
            if !object::is_young(range.owner) {
                // SAFETY: logged words are Values of storage that is alive.
                unsafe { tracer.words(range.first, range.words) };
            }
        }
        tracer.drain();
        self.nursery.get_mut().mark_stack = std::mem::take(&mut tracer.stack);
        if tracer.bytes != 0 {
            heap.add_old_bytes(tracer.bytes);
        }
    }

    /// Undoes everything this transaction wrote, and ends it. Rust has unwound to the owner of the checkpoint.
    pub fn abort(&mut self) {
        self.tx.undo();
        let log = self.log.get_mut();
        log.ranges.clear();
        while let Some((obj, class)) = log.classes.pop() {
            object::set_class(obj, class);
        }
        let nursery = self.nursery.get_mut();
        nursery.weak.truncate(nursery.weak_mark);
        nursery.finalizable.truncate(nursery.finalizable_mark);
        self.tx.finish_abort();
    }

    /// Does the collections that are wanted. At commit points. Raises `Requests::ASYNC` for this thread when
    /// finalizers or callbacks of weak references are waiting.
    #[inline]
    pub fn safepoint_collect(&mut self) {
        if self.collection_wanted() || self.heap.stress {
            self.collect_wanted();
        }
    }

    #[cold]
    fn collect_wanted(&mut self) {
        if self.heap.config.stress_full {
            self.collect_full();
            return;
        }
        if !self.heap.full_wanted.load(Ordering::Relaxed) {
            self.collect_minor();
        }
        if self.heap.full_wanted.load(Ordering::Relaxed) {
            self.collect_stopping_the_world(false);
        }
        if self.heap.has_dead() {
            self.tx.record().request_poll(Requests::ASYNC);
        }
    }

    /// Ends solo mode, between two transactions, before a second thread starts (DESIGN §9.18). Fails when
    /// there is no address space for a mark table.
    pub fn leave_solo(&mut self) -> std::io::Result<()> {
        if self.tx.is_solo() && !self.tx.stm().is_gil() {
            self.collect_minor();
        }
        self.tx.leave_solo()
    }

    /// Makes `obj` and all it reaches through young objects old, now: before it enters a runtime-wide table.
    pub fn make_old_now(&self, obj: ObjRef) {
        let heap = &self.heap;
        let mut tracer = Tracer::new(Mode::Promote { weak_is_strong: true }, &heap.space);
        tracer.object(obj);
        tracer.drain();
        if tracer.bytes != 0 {
            heap.add_old_bytes(tracer.bytes);
        }
    }

    /// Allocates a small object that never dies, and is old from the start: its fields may be set before
    /// anybody else sees it, and must then refer to immortal or otherwise rooted old objects, or be set under the write
    /// barrier.
    pub fn alloc_immortal(&self, kind: crate::kind::Kind, class: u64, size: usize) -> ObjRef {
        let obj = self.alloc(kind, class, size.min(crate::space::LARGE_LIMIT));
        self.make_immortal(obj);
        obj
    }

    /// Makes `obj` (with what it reaches now) old, and a root for good.
    pub fn make_immortal(&self, obj: ObjRef) {
        self.make_old_now(obj);
        self.heap.tables.lock().immortal.push(obj);
    }

    /// To be called once an object with a finalizer is complete. It must be young still.
    pub fn register_finalizable(&self, obj: ObjRef) {
        object::set_flags(obj, FINALIZABLE);
        self.nursery.borrow_mut().finalizable.push(obj);
    }

    /// To be called once a weak reference (referent and callback) is complete. It must be young still.
    pub fn register_weak(&self, obj: ObjRef) {
        // SAFETY: a weak reference.
        if let Some(target) = ObjRef::from_word(unsafe { *obj.at::<u64>(WEAK_REFERENT) })
            && object::header(target) & HAS_WEAKREF == 0
        {
            object::set_flags(target, HAS_WEAKREF);
        }
        self.nursery.borrow_mut().weak.push(obj);
    }

    /// A vector of words that are roots while it lives.
    pub fn root_vec(&self) -> RootVec {
        RootVec::new(&self.root_list)
    }

    /// The thread ends: what it has published or written lives on, its blocks go back to the heap. Its roots
    /// count no longer. Done by drop too.
    pub fn detach(&mut self) {
        if self.state.replace(MutatorState::Gone) != MutatorState::Registered {
            return;
        }
        if self.tx.is_outside() {
            self.tx.enter();
        }
        self.root_sources.get_mut().clear();
        self.stack_base.set(0);
        if self.tx.is_live() && self.commit().is_err() {
            self.abort();
        }
        self.collect_minor();
        let heap = self.heap.clone();
        {
            let nursery = self.nursery.get_mut();
            let mut pool = heap.space.pool.lock();
            for block in nursery.ready.drain(..) {
                heap.space.give_block(&mut pool, block);
            }
        }
        heap.forget_mutator(self);
    }
}

impl Heap {
    fn forget_mutator(&self, mutator: &Mutator) {
        self.mutators.lock().retain(|m| !std::ptr::eq(m.0, mutator));
    }
}

impl Drop for Mutator {
    fn drop(&mut self) {
        self.detach();
    }
}
