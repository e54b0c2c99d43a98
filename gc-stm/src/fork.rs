//! `fork`: no lock of the heap may be held by a thread that the child does not have.
//!
//! Call between `Transaction::fork_prepare`, which leaves no other transaction live, and the system call. In the child,
//! threads other than the caller are forgotten: nothing of theirs is a root any more, and their young objects,
//! which no committed object refers to, go in the next full collection.

use crate::heap::{Heap, MutatorPtr, RootFn, Tables};
use crate::mutator::Mutator;
use crate::space::{Pool, Use};
use parking_lot::MutexGuard;

/// All locks of the heap, held across a fork. Dropping it is what the parent does.
pub struct HeapForkGuard<'a> {
    mutators: MutexGuard<'a, Vec<MutatorPtr>>,
    tables: MutexGuard<'a, Tables>,
    global_roots: MutexGuard<'a, Vec<(u64, RootFn)>>,
    pool: MutexGuard<'a, Pool>,
}

impl Heap {
    /// Takes all locks of the heap.
    pub fn fork_prepare(&self) -> HeapForkGuard<'_> {
        HeapForkGuard {
            mutators: self.mutators.lock(),
            tables: self.tables.lock(),
            global_roots: self.global_roots.lock(),
            pool: self.space.pool.lock(),
        }
    }

    /// In the child: forgets the other threads, then gives the locks back.
    pub fn fork_child(&self, guard: HeapForkGuard<'_>, me: &Mutator) {
        let HeapForkGuard { mut mutators, tables, global_roots, mut pool } = guard;
        mutators.retain(|m| std::ptr::eq(m.0, me));
        for block in 0..pool.fresh {
            let meta = self.space.meta(block);
            if meta.usage() == Use::Owned && meta.owner() != me.id {
                // In no list: the next full collection finds out what is free in it.
                meta.set_use(Use::Full, 0);
            }
        }
        for large in pool.large.live.values_mut() {
            if large.owner != me.id {
                large.owner = 0;
            }
        }
        drop((pool, global_roots, tables, mutators));
    }
}
