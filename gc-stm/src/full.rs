//! Full collection: marks everything reachable while the world is stopped, then sweeps.
//!
//! Invariants:
//! 1. Young objects of threads that are stopped in the middle of something are roots: they are neither made old nor
//!    freed (pitfall 4). The collecting thread has run a minor collection just before, those that stopped at a commit point
//!    did so first (`settle`), and those that are between two transactions get one now, so they have none.
//! 2. Undo records and their contents are roots, as any word they hold may come back. So are the objects in the write log of
//!    a transaction that may abort. Nothing comes back in an inevitable one, whose log would grow for as long as it lasts if
//!    it kept alive what it has written (pitfall 26): the dead are dropped from it.
//! 3. Weak references to what is about to die are cleared before any finalizer runs. Entries of running
//!    transactions are kept with what they refer to (pitfall 14).
//! 4. The read marks of freed memory are cleared, before it can be used again, in every transaction that is
//!    live at the stop (pitfall 13).
//!
//! Checked by `tests/full.rs`, `tests/random.rs`, and `HeapConfig::verify`.

use crate::finalize;
use crate::heap::{Heap, MutatorPtr, Tables};
use crate::kind::{info_of, size_of_object};
use crate::mutator::Mutator;
use crate::object::{self, ObjRef, WEAK_CALLBACK, WEAK_REFERENT};
use crate::space::{BLOCK, MARK, NATIVE_STATE, OLD, START, Space, Use};
use crate::trace::{Mode, Tracer};
use crate::world::{StoppedWorld, with_world_stopped};
use std::sync::atomic::Ordering;
use std::time::Instant;

impl Mutator {
    /// Collects all that is garbage, looking for references only in the part of the native stack that lies from `low` on.
    ///
    /// # Safety
    /// `low` was given by a [`StackMark`](crate::StackMark) that is still in place; frames newer than its own, and that frame
    /// since, hold no reference to an object that is not also held elsewhere. 0: the whole stack is looked at.
    pub unsafe fn collect_all_from(&mut self, low: usize) {
        self.scan_from.set(low);
        self.collect_minor();
        self.collect_full();
        self.scan_from.set(0);
    }

    /// A full collection. At commit points only; all other threads are stopped meanwhile.
    #[inline(never)]
    pub fn collect_full(&mut self) {
        self.collect_stopping_the_world(true);
    }

    /// `always`: also if another thread has done it while this one waited for the stop.
    pub(crate) fn collect_stopping_the_world(&mut self, always: bool) {
        self.collect_minor();
        let me = &*self;
        with_world_stopped(me, |world| {
            if !always && !me.heap.full_wanted.load(Ordering::Relaxed) {
                return;
            }
            let started = Instant::now();
            me.heap.full_collection(me, world);
            me.heap.note_pause(started.elapsed());
        });
        if self.heap.config.verify {
            self.verify_heap_now();
        }
    }
}

/// Runs minor collections on behalf of the threads that are between two transactions. True if those are all.
fn settle_others(mutators: &[MutatorPtr], me: &Mutator, world: &StoppedWorld<'_>) -> bool {
    let mut all = true;
    for m in mutators {
        // SAFETY: registered mutators are alive, and their threads are stopped or are this one.
        let other = unsafe { &*m.0 };
        if std::ptr::eq(other, me) {
            continue;
        }
        if !other.tx.is_live() {
            // SAFETY: the thread is inside `Transaction::leave` or a wait of `stm-core` between two transactions, and
            // uses the mutator again only when the world runs.
            unsafe { &mut *m.0.cast_mut() }.minor(world.stack_of(other));
        } else {
            all = false;
        }
    }
    all
}

impl Mutator {
    /// Stops the world, makes old what other threads, being outside between two transactions, have on their stacks, and
    /// runs `look`, which may then copy references from there to roots of this thread. None if some thread is elsewhere:
    /// to be tried again. For the holder of exclusive mode, whom no running transaction can be beside.
    pub fn look_at_others<R>(&mut self, look: impl FnOnce() -> R) -> Option<R> {
        let me = &*self;
        with_world_stopped(me, |world| {
            let mutators: Vec<MutatorPtr> = me.heap.mutators.lock().clone();
            settle_others(&mutators, me, world).then(look)
        })
    }
}

impl Heap {
    fn full_collection(&self, me: &Mutator, world: &StoppedWorld<'_>) {
        let space = &self.space;
        let started = Instant::now();
        self.full_wanted.store(false, Ordering::Relaxed);
        let mutators: Vec<MutatorPtr> = self.mutators.lock().clone();
        settle_others(&mutators, me, world);
        let fresh = space.pool.lock().fresh;
        for block in 0..fresh {
            let meta = space.meta(block);
            if meta.usage() != Use::Free {
                meta.set_lines(0);
            }
        }
        let mut tables = self.tables.lock();
        let mut tracer = Tracer::new(Mode::Mark, space);
        self.mark_global_roots(&tables, &mut tracer);
        for m in &mutators {
            // SAFETY: registered mutators are alive, and their threads are stopped or are this one.
            let m = unsafe { &*m.0 };
            m.mark_roots(me, &mut tracer, world);
        }
        tracer.drain();

        for m in &mutators {
            // SAFETY: as above.
            unsafe { &*m.0 }.clear_weak_of_thread(&mut tables, space);
        }
        clear_old_weak(&mut tables, space);
        finalize::order(&mut tables, &mut tracer);
        // A weak reference that was reachable only from an object whose finalizer runs lives on; its
        // referent, if that died, is cleared; if that is kept alive by the same finalizer, it stays cleared.
        self.note_dead(&tables);
        drop(tables);

        for m in &mutators {
            // SAFETY: as above.
            unsafe { &*m.0 }.forget_dead_writes(space);
        }
        self.sweep(fresh, world, &mutators);
        let live = tracer.bytes;
        self.live_bytes.store(live, Ordering::Relaxed);
        self.old_bytes.store(live, Ordering::Relaxed);
        // SAFETY: as above.
        let stopped = mutators.iter().filter(|m| !unsafe { &*m.0 }.tx.is_outside()).count();
        self.set_pace(live, started, stopped.max(1));
        if self.used_bytes() <= self.limit() {
            self.grace.store(0, Ordering::Relaxed);
        }
        self.limit_hit.store(self.is_over_limit(), Ordering::Relaxed);
        self.counters.full.fetch_add(1, Ordering::AcqRel);
    }

    fn mark_global_roots(&self, tables: &Tables, tracer: &mut Tracer) {
        let sources: Vec<_> = self.global_roots.lock().clone();
        for (_, roots) in &sources {
            // SAFETY: the contract of `add_root_source`.
            unsafe { (roots.trace)(roots.data, tracer) };
        }
        let t = tables;
        for &obj in t.immortal.iter().chain(&t.dead_weakrefs).chain(&t.finalizers) {
            tracer.object(obj);
        }
        tracer.drain();
    }

    /// Frees what has no mark, clears the marks, and sorts the blocks.
    fn sweep(&self, fresh: u32, world: &StoppedWorld<'_>, mutators: &[MutatorPtr]) {
        let space = &self.space;
        for m in mutators {
            // SAFETY: as in `full_collection`.
            let m = unsafe { &*m.0 };
            // Young objects were roots, so none of these is dead.
            debug_assert!(m.nursery.borrow().natives.iter().all(|o| {
                // SAFETY: state byte of an object.
                unsafe { *space.state(o.address()) & MARK != 0 }
            }));
        }
        let mut pool = space.pool.lock();
        pool.free.clear();
        pool.partial.clear();
        for block in (0..fresh).rev() {
            let usage = space.meta(block).usage();
            if usage != Use::Free {
                space.sweep_block(block, world);
            }
            if usage != Use::Owned {
                space.give_block(&mut pool, block);
            }
        }
        let mut dead = Vec::new();
        for (&start, large) in &pool.large.live {
            let state = space.state(start);
            // SAFETY: the state byte of a large object.
            unsafe {
                if *state & MARK != 0 {
                    *state &= START | OLD | NATIVE_STATE;
                } else {
                    dead.push((start, large.len, *state));
                }
            }
        }
        for (start, len, state) in dead {
            // SAFETY: the object is dead.
            unsafe {
                let obj = ObjRef::from_address(start);
                if state & NATIVE_STATE != 0 {
                    drop_native(obj);
                }
                *space.state(start) = 0;
            }
            world.clear_marks(start, len);
            pool.large.release(start);
        }
        pool.end = space.block_index(pool.large.low());
        let keep = self.nursery.load(Ordering::Relaxed) / BLOCK + (fresh as usize - pool.free.len()) / 2;
        space.release_free_blocks(&mut pool, keep);
        drop(pool);
        world.trim_marks();
    }
}

impl Mutator {
    /// Marks from everything this thread keeps alive.
    fn mark_roots(&self, collector: &Mutator, tracer: &mut Tracer, world: &StoppedWorld<'_>) {
        let space = &self.heap.space;
        for roots in self.root_sources.borrow().iter() {
            // SAFETY: the contract of `add_root_source`; the thread is stopped.
            unsafe { (roots.trace)(roots.data, tracer) };
        }
        self.root_list.trace(tracer);
        self.mark_young(tracer);
        if !self.cannot_abort() {
            self.mark_logs(tracer);
        }
        let stack = if std::ptr::eq(self, collector) { self.own_stack() } else { world.stack_of(self) };
        stack.scan(self.stack_base.get(), |word| {
            if let Some(obj) = space.find_object(word) {
                tracer.object(obj);
            }
        });
        tracer.drain();
        let nursery = self.nursery.borrow();
        let (weak_mark, finalizable_mark) = self.unfinished_marks(&nursery);
        for (i, &obj) in nursery.weak.iter().enumerate() {
            // A young one is its thread's own, so clearing it and queueing its callback is too; until its thread's next
            // minor collection it keeps its referent.
            if i >= weak_mark || object::is_young(obj) {
                tracer.object(obj);
                // SAFETY: a weak reference.
                tracer.word(unsafe { *obj.at::<u64>(WEAK_REFERENT) });
            }
        }
        for &obj in nursery.finalizable[finalizable_mark..].iter() {
            tracer.object(obj);
        }
        drop(nursery);
        tracer.drain();
    }

    /// Whether nothing of what the running transaction has overwritten can come back.
    fn cannot_abort(&self) -> bool {
        self.tx.is_live() && self.tx.is_inevitable() && !self.tx.is_solo()
    }

    /// Marks what an abort would write to or bring back.
    fn mark_logs(&self, tracer: &mut Tracer) {
        let space = &self.heap.space;
        self.tx.for_each_written(|address| {
            // SAFETY: the write log holds addresses of objects, which are alive as they are roots here.
            tracer.object(unsafe { ObjRef::from_address(address) });
        });
        let log = self.log.borrow();
        for &(obj, class) in &log.classes {
            tracer.object(obj);
            tracer.word(class);
        }
        for range in &log.ranges {
            tracer.object(range.owner);
            if let Some(storage) = space.find_object(range.first as usize) {
                tracer.object(storage);
            }
        }
        self.tx.for_each_undo(|address, contents| {
            for word in contents.iter().map(|&w| w as usize).chain([address as usize]) {
                if let Some(obj) = space.find_object(word) {
                    tracer.object(obj);
                }
            }
        });
        tracer.drain();
    }

    /// Drops from the logs of an inevitable transaction what this collection has found dead.
    fn forget_dead_writes(&self, space: &Space) {
        if !self.cannot_abort() {
            return;
        }
        // SAFETY: the write log holds addresses of objects that were alive before this collection.
        self.tx.retain_written(|address| is_marked(space, unsafe { ObjRef::from_address(address) }));
        let mut log = self.log.borrow_mut();
        log.classes.clear();
        log.ranges.retain(|range| {
            is_marked(space, range.owner)
                && space.find_object(range.first as usize).is_some_and(|storage| is_marked(space, storage))
        });
    }

    /// Marks all young objects of this thread.
    fn mark_young(&self, tracer: &mut Tracer) {
        let space = &self.heap.space;
        let nursery = self.nursery.borrow();
        for &block in &nursery.used {
            space.for_each_in_block(block, |obj, state| {
                if state & OLD == 0 {
                    tracer.object(obj);
                }
            });
        }
        for &obj in &nursery.large {
            tracer.object(obj);
        }
        drop(nursery);
        tracer.drain();
    }

    /// Clears this thread's not yet settled weak references to what has no mark.
    fn clear_weak_of_thread(&self, tables: &mut Tables, space: &Space) {
        let mut nursery = self.nursery.borrow_mut();
        let (weak_mark, _) = self.unfinished_marks(&nursery);
        // Published ones may be dead already.
        let keep: Vec<bool> = nursery.weak.iter().map(|&w| is_marked(space, w)).collect();
        for (i, &weak) in nursery.weak[..weak_mark].iter().enumerate() {
            if keep[i] {
                clear_if_dead(weak, tables, space);
            }
        }
        let mut i = 0;
        nursery.weak.retain(|_| {
            i += 1;
            keep[i - 1]
        });
        nursery.weak_mark = keep[..weak_mark].iter().filter(|k| **k).count();
        // Published, dead objects with finalizers: to the table, which orders them.
        let (_, finalizable_mark) = self.unfinished_marks(&nursery);
        let mut at = 0;
        let mut moved = Vec::new();
        nursery.finalizable.retain(|&obj| {
            at += 1;
            let settled = at <= finalizable_mark && !object::is_young(obj);
            if settled {
                moved.push(obj);
            }
            !settled
        });
        nursery.finalizable_mark = finalizable_mark - moved.len();
        tables.finalizable.extend(moved);
    }
}

/// True when the running full collection has reached `obj`.
pub(crate) fn is_marked(space: &Space, obj: ObjRef) -> bool {
    // SAFETY: the state byte of an object that was alive before this collection.
    unsafe { *space.state(obj.address()) & MARK != 0 }
}

fn clear_if_dead(weak: ObjRef, tables: &mut Tables, space: &Space) -> bool {
    // SAFETY: a weak reference.
    let (referent, callback) = unsafe { (weak.at::<u64>(WEAK_REFERENT), *weak.at::<u64>(WEAK_CALLBACK)) };
    // SAFETY: as above.
    match ObjRef::from_word(unsafe { *referent }) {
        Some(target) if is_marked(space, target) => false,
        Some(_) => {
            // SAFETY: as above.
            unsafe { *referent = 0 };
            if object::is_reference(callback) {
                tables.dead_weakrefs.push_back(weak);
            }
            true
        }
        None => true,
    }
}

fn clear_old_weak(tables: &mut Tables, space: &Space) {
    let mut weak = std::mem::take(&mut tables.weak);
    weak.retain(|&w| {
        if is_marked(space, w) {
            !clear_if_dead(w, tables, space)
        } else {
            // It may still come back with an object whose finalizer runs: then it must not refer to freed memory.
            // SAFETY: a weak reference.
            unsafe { *w.at::<u64>(WEAK_REFERENT) = 0 };
            false
        }
    });
    tables.weak = weak;
}

/// Frees what a dead object owns outside the heap.
///
/// # Safety
/// The object is dead and was registered as native.
unsafe fn drop_native(obj: ObjRef) {
    if let Some(f) = info_of(obj).drop_native {
        // SAFETY: per the contract.
        unsafe { f(obj) };
    }
}

impl Space {
    /// Frees unmarked objects of one block and clears the marks.
    fn sweep_block(&self, block: u32, world: &StoppedWorld<'_>) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        let base = self.block_start(block);
        let states = self.state(base).cast::<u64>();
        let all_free = self.meta(block).lines() == 0;
        let one_by_one = world.must_clear_marks() && !all_free || self.poison;
        if all_free && world.must_clear_marks() {
            world.clear_marks(base, BLOCK);
        }
        for i in 0..BLOCK / 16 / 8 {
            // SAFETY: state bytes of the block, with the world stopped.
            let eight = unsafe { states.add(i).read() };
            if eight == 0 {
                continue;
            }
            let live = (eight >> 7 & ONES) * 0xff;
            let dead = eight & !live;
            if dead != 0 && (one_by_one || dead & (ONES * NATIVE_STATE as u64) != 0) {
                for (j, state) in dead.to_le_bytes().into_iter().enumerate() {
                    if state & START != 0 {
                        self.free_object(base + (i * 8 + j) * 16, state, world, one_by_one);
                    }
                }
            }
            // SAFETY: as above.
            unsafe { states.add(i).write(eight & live & (ONES * (START | OLD | NATIVE_STATE) as u64)) };
        }
    }

    #[cold]
    fn free_object(&self, address: usize, state: u8, world: &StoppedWorld<'_>, one_by_one: bool) {
        // SAFETY: an object starts there, and it is dead.
        unsafe {
            let obj = ObjRef::from_address(address);
            if state & NATIVE_STATE != 0 {
                drop_native(obj);
            }
            if one_by_one {
                let size = size_of_object(obj);
                world.clear_marks(address, size);
                if self.poison {
                    std::ptr::write_bytes(address as *mut u8, 0x5a, size);
                }
            }
        }
    }
}
