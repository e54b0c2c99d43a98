//! Minor collection: of one thread's young objects, at one of its commit points, stopping nobody.
//!
//! What the thread's roots and its write log reach becomes old (and so public); the rest of its young objects
//! is dead, and the lines that hold no old object are free again. Nothing moves.
//!
//! Invariants:
//! 1. Old-to-young edges exist only from what is in the write log of the running transaction; so the log,
//!    the thread's own roots and its undo records are all there is to trace.
//! 2. A young object is reachable from its own thread only, so nobody else is disturbed.
//! 3. What becomes old loses its stamp: the next write is logged (pitfall 4).
//! 4. Weak references and finalizable objects made in the running transaction survive with what they refer
//!    to (pitfall 14): the transaction may abort, and then they never were.
//! 5. Runtime-wide tables hold old objects only (`make_old_now`), so global roots are not looked at.
//!
//! A full collection runs it also on behalf of threads that are between two transactions: they are at a commit point, and
//! what they left behind would otherwise count as roots for as long as they stay there.
//!
//! Checked by `tests/minor.rs`, `tests/random.rs`, and `HeapConfig::verify`.

use crate::conservative::NativeStack;
use crate::heap::Heap;
use crate::kind::info_of;
use crate::mutator::{Mutator, Nursery};
use crate::object::{self, ObjRef, WEAK_CALLBACK, WEAK_REFERENT};
use crate::space::{BLOCK, LINE, LINES, PARTIAL_LINES, START, Space};
use crate::trace::{Mode, Tracer};
use std::sync::atomic::Ordering;
use std::time::Instant;

impl Mutator {
    /// A minor collection of this thread, now. At commit points only.
    #[inline(never)]
    pub fn collect_minor(&mut self) {
        self.minor(self.own_stack());
    }

    /// To be called before this thread stops at a commit point: a full collection would take its young garbage for alive, and
    /// a thread that is stopped again and again, with no processor in between, would keep it for as long as that goes on.
    #[cold]
    pub fn settle(&mut self) {
        self.collect_minor();
    }

    /// A minor collection of the young objects of this thread, by itself or on its behalf.
    pub(crate) fn minor(&mut self, stack: NativeStack) {
        let started = Instant::now();
        self.minor_wanted.set(false);
        let heap = self.heap.clone();
        let space = &heap.space;
        let mut tracer = Tracer::new(Mode::Promote { weak_is_strong: false }, space);
        tracer.stack = std::mem::take(&mut self.nursery.get_mut().mark_stack);
        self.trace_own_roots(&mut tracer, stack);
        self.trace_remembered(&mut tracer);
        tracer.drain();
        self.keep_unfinished(&mut tracer);
        self.nursery.get_mut().mark_stack = std::mem::take(&mut tracer.stack);

        self.weak_after_minor();
        self.natives_and_large_after_minor();
        if heap.config.poison {
            self.poison_dead_young();
        }
        let nursery = self.nursery.get_mut();
        let used = std::mem::take(&mut nursery.used);
        for &block in &used {
            space.sweep_young(block);
        }
        recycle(&heap, nursery, used);
        nursery.current = None;
        nursery.overflow = (0, 0);
        nursery.allocated = 0;
        self.bump.set(std::ptr::null_mut());
        self.limit.set(std::ptr::null_mut());
        self.forget_remembered();

        heap.add_old_bytes(tracer.bytes);
        heap.tune_nursery(tracer.bytes);
        let count = heap.counters.minor.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(trim) = heap.config.trim
            && count >= TRIM_FIRST
            && count.is_power_of_two()
            && count.trailing_zeros().is_multiple_of(2)
        {
            trim();
        }
        let ns = started.elapsed().as_nanos() as u64;
        heap.counters.minor_ns.fetch_add(ns, Ordering::Relaxed);
        if heap.config.verify {
            self.verify_after_minor();
        }
    }

    /// Roots of this thread: what the interpreter registered, root vectors, native stack and registers.
    fn trace_own_roots(&self, tracer: &mut Tracer, stack: NativeStack) {
        for roots in self.root_sources.borrow().iter() {
            // SAFETY: the contract of `add_root_source`.
            unsafe { (roots.trace)(roots.data, tracer) };
        }
        self.root_list.trace(tracer);
        tracer.drain();
        let large = self.nursery.borrow().large.clone();
        let space = &self.heap.space;
        let base = self.stack_base.get();
        stack.scan(base, |word| {
            if let Some(obj) = space.find_young(word, self.id, &large) {
                tracer.object(obj);
            }
        });
        tracer.drain();
    }

    /// The write log, and the undo records with their contents.
    fn trace_remembered(&self, tracer: &mut Tracer) {
        let large = self.nursery.borrow().large.clone();
        let space = &self.heap.space;
        self.tx.for_each_written(|address| {
            // A young one is in the log only because an abort would write to it.
            // SAFETY: the write log holds addresses of objects, which this loop keeps alive.
            let obj = unsafe { ObjRef::from_address(address) };
            tracer.object(obj);
            tracer.fields(obj);
        });
        let log = self.log.borrow();
        for &(obj, class) in &log.classes {
            tracer.object(obj);
            tracer.word(class);
        }
        let solo = self.tx.is_solo();
        for range in &log.ranges {
            let young = space.find_young(range.first as usize, self.id, &large);
            if solo && young.is_some() {
                // Not to be undone, and no old object: whoever refers to it shows all of it. Storage that a growing list
                // has left behind would else become old.
                continue;
            }
            tracer.object(range.owner);
            if let Some(storage) = young {
                tracer.object(storage);
            }
            // SAFETY: logged words are Values of storage that is alive: old, or kept by the line above.
            unsafe { tracer.words(range.first, range.words) };
        }
        tracer.drain();
        self.tx.for_each_undo(|address, contents| {
            for word in contents.iter().map(|&w| w as usize).chain([address as usize]) {
                if let Some(obj) = space.find_young(word, self.id, &large) {
                    tracer.object(obj);
                }
            }
        });
        tracer.drain();
    }

    /// Invariant 4; and all finalizable objects survive a minor collection: the order of finalizers is the
    /// business of full collections.
    fn keep_unfinished(&self, tracer: &mut Tracer) {
        let nursery = self.nursery.borrow();
        let (weak_mark, _) = self.unfinished_marks(&nursery);
        for &obj in &nursery.finalizable {
            tracer.object(obj);
        }
        for &obj in &nursery.weak[weak_mark..] {
            tracer.object(obj);
            // SAFETY: a weak reference.
            tracer.word(unsafe { *obj.at::<u64>(WEAK_REFERENT) });
        }
        drop(nursery);
        tracer.drain();
    }

    /// From where on the lists of weak references and finalizable objects belong to the running transaction.
    pub(crate) fn unfinished_marks(&self, nursery: &Nursery) -> (usize, usize) {
        if self.tx.is_solo() || !self.tx.is_live() {
            (nursery.weak.len(), nursery.finalizable.len())
        } else {
            (
                nursery.weak_mark.min(nursery.weak.len()),
                nursery.finalizable_mark.min(nursery.finalizable.len()),
            )
        }
    }

    /// Clears weak references to what died; moves the survivors to the tables of old ones.
    fn weak_after_minor(&mut self) {
        let nursery = self.nursery.get_mut();
        if nursery.weak.is_empty() && nursery.finalizable.is_empty() {
            return;
        }
        let (weak_mark, finalizable_mark) = if self.tx.is_solo() || !self.tx.is_live() {
            (nursery.weak.len(), nursery.finalizable.len())
        } else {
            (
                nursery.weak_mark.min(nursery.weak.len()),
                nursery.finalizable_mark.min(nursery.finalizable.len()),
            )
        };
        let mut tables = self.heap.tables.lock();
        for obj in nursery.weak.drain(..weak_mark) {
            if object::is_young(obj) {
                continue;
            }
            // SAFETY: a weak reference: referent and callback are there.
            let (referent, callback) =
                unsafe { (obj.at::<u64>(WEAK_REFERENT), *obj.at::<u64>(WEAK_CALLBACK)) };
            // SAFETY: as above.
            match ObjRef::from_word(unsafe { *referent }) {
                Some(target) if object::is_young(target) => {
                    // SAFETY: as above; both states agree that it was unreachable, so no undo.
                    unsafe { *referent = 0 };
                    if object::is_reference(callback) {
                        tables.dead_weakrefs.push_back(obj);
                    }
                }
                Some(_) => tables.weak.push(obj),
                None => {}
            }
        }
        tables.finalizable.extend(nursery.finalizable.drain(..finalizable_mark));
        self.heap.note_dead(&tables);
        nursery.weak_mark = 0;
        nursery.finalizable_mark = 0;
    }

    /// Frees what dead young objects own outside the blocks.
    fn natives_and_large_after_minor(&mut self) {
        let nursery = self.nursery.get_mut();
        for obj in nursery.natives.drain(..) {
            if object::is_young(obj)
                && let Some(drop_native) = info_of(obj).drop_native
            {
                // SAFETY: the object is dead and was registered with its native part complete.
                unsafe { drop_native(obj) };
            }
        }
        if nursery.large.is_empty() {
            return;
        }
        let space = &self.heap.space;
        let mut pool = space.pool.lock();
        for obj in nursery.large.drain(..) {
            if object::is_young(obj) {
                // SAFETY: the object's own state byte.
                unsafe { *space.state(obj.address()) = 0 };
                pool.large.release(obj.address());
            } else {
                pool.large.disown(obj.address());
            }
        }
        pool.end = space.block_index(pool.large.low());
    }

    /// Stress mode: fills dead young objects with 0x5a.
    fn poison_dead_young(&self) {
        let space = &self.heap.space;
        let mut dead = Vec::new();
        for &block in &self.nursery.borrow().used {
            space.for_each_in_block(block, |obj, state| {
                if state & crate::space::OLD == 0 {
                    dead.push((obj, crate::kind::size_of_object(obj)));
                }
            });
        }
        for (obj, size) in dead {
            // SAFETY: dead memory.
            unsafe { std::ptr::write_bytes(obj.at::<u8>(0), 0x5a, size) };
        }
    }

    /// The write log after a minor collection: there is no young object left to remember. In solo mode the
    /// log ends here, together with the stamps that say "is in the log".
    fn forget_remembered(&mut self) {
        if self.tx.is_solo() {
            self.log.get_mut().ranges.clear();
            self.tx.forget_written();
            // Under the global lock commit has done it already, and between two transactions this thread does
            // not know the sequence that the others have come to.
            if !self.tx.stm().is_gil() || self.tx.is_live() {
                self.tx.renew();
            }
        } else {
            self.tx.compact_written();
            let ranges = &mut self.log.get_mut().ranges;
            if ranges.len() >= LONG_LOG {
                ranges.sort_unstable_by_key(|r| (r.first.addr(), r.owner.address()));
                ranges.dedup_by_key(|r| (r.first.addr(), r.owner.address()));
            }
        }
    }
}

/// The minor collection after which `HeapConfig::trim` is called first; then after four times as many, and so on.
const TRIM_FIRST: u64 = 16;

/// Logged ranges from which on repetitions are dropped at each minor collection.
const LONG_LOG: usize = 1 << 14;

/// Sorts the swept blocks into those worth allocating in again and full ones, and gives away more than a
/// thread needs.
fn recycle(heap: &Heap, nursery: &mut Nursery, used: Vec<u32>) {
    let space = &heap.space;
    let keep = 2 * heap.nursery.load(Ordering::Relaxed) / BLOCK;
    let mut spare = Vec::new();
    // Reversed, so that the block used first, which has been out of the cache longest, is used last.
    for block in used.into_iter().rev() {
        let free = space.meta(block).lines().count_zeros() as usize;
        if free < PARTIAL_LINES || nursery.ready.len() >= keep {
            spare.push(block);
        } else {
            nursery.ready.push(block);
        }
    }
    if !spare.is_empty() {
        let mut pool = space.pool.lock();
        for block in spare {
            space.give_block(&mut pool, block);
        }
    }
}

impl Space {
    /// Forgets the dead young objects of a block: state bytes of free lines, and of young objects that share
    /// a line with old ones.
    pub(crate) fn sweep_young(&self, block: u32) {
        let lines = self.meta(block).lines();
        let states = self.state(self.block_start(block));
        const PER_LINE: usize = LINE / 16;
        if lines == 0 {
            // SAFETY: the state bytes of a block this thread owns.
            unsafe { std::ptr::write_bytes(states, 0, BLOCK / 16) };
            return;
        }
        for line in 0..LINES {
            // SAFETY: as above.
            unsafe {
                let at = states.add(line * PER_LINE).cast::<u64>();
                if lines >> line & 1 == 0 {
                    at.write(0);
                    at.add(1).write(0);
                } else {
                    at.write(without_young(at.read()));
                    at.add(1).write(without_young(at.add(1).read()));
                }
            }
        }
    }

    /// Calls `f` for every object that starts in a block.
    pub(crate) fn for_each_in_block(&self, block: u32, mut f: impl FnMut(ObjRef, u8)) {
        let base = self.block_start(block);
        let states = self.state(base).cast::<u64>();
        for i in 0..BLOCK / 16 / 8 {
            // SAFETY: state bytes of the block.
            let eight = unsafe { states.add(i).read() };
            if eight == 0 {
                continue;
            }
            for (j, state) in eight.to_le_bytes().into_iter().enumerate() {
                if state & START != 0 {
                    // SAFETY: an object starts there.
                    f(unsafe { ObjRef::from_address(base + (i * 8 + j) * 16) }, state);
                }
            }
        }
    }
}

/// Eight state bytes without those of young objects: a byte stays iff OLD is set.
#[inline(always)]
fn without_young(eight: u64) -> u64 {
    let old = eight >> 1 & 0x0101_0101_0101_0101;
    eight & (old * 0xff)
}
