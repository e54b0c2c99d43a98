//! Whole-heap checks, for testing: after each collection when `HeapConfig::verify` is set.
//!
//! Checked: every field and root word that is a reference leads to the start of an object; flags and state bytes
//! agree; no line with an old object is unmarked; after a minor collection an old object that the thread's roots
//! reach refers to no young one of this thread.

use crate::heap::Heap;
use crate::kind::size_of_object;
use crate::mutator::Mutator;
use crate::object::{self, LARGE, ObjRef};
use crate::space::{BLOCK, LINE, LINES, OLD, START, Use};
use crate::trace::{Mode, Tracer};
use crate::world::with_world_stopped;
use std::collections::HashSet;

impl Mutator {
    /// After a minor collection: follows this thread's roots.
    pub(crate) fn verify_after_minor(&self) {
        let heap = &self.heap;
        let mut lister = Tracer::new(Mode::List, &heap.space);
        for roots in self.root_sources.borrow().iter() {
            // SAFETY: the contract of `add_root_source`.
            unsafe { (roots.trace)(roots.data, &mut lister) };
        }
        self.root_list.trace(&mut lister);
        for obj in std::mem::take(&mut lister.found) {
            heap.verify_object(obj);
            assert!(!object::is_young(obj), "a root refers to {obj:?}, young after a minor collection");
        }
    }

    /// Stops the world and checks the heap. Panics on the first fault: for tests only.
    pub fn verify_heap_now(&self) {
        let heap = self.heap.clone();
        with_world_stopped(self, |_| heap.verify_reachable(self));
    }
}

impl Heap {
    fn verify_reachable(&self, _me: &Mutator) {
        let mut lister = Tracer::new(Mode::List, &self.space);
        for (_, roots) in self.global_roots.lock().iter() {
            // SAFETY: the contract of `add_root_source`.
            unsafe { (roots.trace)(roots.data, &mut lister) };
        }
        for m in self.mutators.lock().iter() {
            // SAFETY: the world is stopped.
            let m = unsafe { &*m.0 };
            for roots in m.root_sources.borrow().iter() {
                // SAFETY: as above.
                unsafe { (roots.trace)(roots.data, &mut lister) };
            }
            m.root_list.trace(&mut lister);
        }
        {
            let t = self.tables.lock();
            lister.found.extend(
                t.immortal
                    .iter()
                    .chain(&t.dead_weakrefs)
                    .chain(&t.finalizers)
                    .chain(&t.finalizable)
                    .chain(&t.weak),
            );
        }
        let mut seen = HashSet::new();
        let mut pending = std::mem::take(&mut lister.found);
        while let Some(obj) = pending.pop() {
            if !seen.insert(obj) {
                continue;
            }
            self.verify_object(obj);
            lister.fields(obj);
            pending.append(&mut lister.found);
        }
    }

    fn verify_object(&self, obj: ObjRef) {
        let space = &self.space;
        assert!(
            obj.address().is_multiple_of(16) && space.contains(obj.address()),
            "{obj:?} is outside the heap"
        );
        // SAFETY: inside the heap.
        let state = unsafe { *space.state(obj.address()) };
        assert!(state & START != 0, "{obj:?} is no allocated object (header {:#x})", object::header(obj));
        let header = object::header(obj);
        assert!(
            (state & OLD == 0) == object::is_young(obj),
            "{obj:?}: state {state:#x} and header {header:#x} disagree"
        );
        if header & LARGE != 0 {
            return;
        }
        let meta = space.block_of(obj.address());
        assert!(meta.usage() != Use::Free, "{obj:?} is in a free block");
        let size = size_of_object(obj);
        let offset = obj.address() & (BLOCK - 1);
        assert!(offset + size <= BLOCK, "{obj:?} of {size} bytes leaves its block");
        if state & OLD != 0 {
            let (first, last) = (offset / LINE, (offset + size - 1) / LINE);
            for line in first..=last.min(LINES - 1) {
                assert!(meta.lines() >> line & 1 != 0, "{obj:?}: line {line} is not marked");
            }
        }
    }
}
