//! The heap: its memory, its threads, its global roots, and what the threads share about collections.

use crate::config::HeapConfig;
use crate::mutator::Mutator;
use crate::object::ObjRef;
use crate::space::Space;
use crate::trace::Tracer;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// No room below the heap limit, even though a collection may make some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeapFull;

/// Roots that the layer above knows about.
pub trait RootSource {
    /// Shows every root word to the tracer. Runs while the owner is stopped.
    fn trace_roots(&self, tracer: &mut Tracer);
}

/// A root source without its type: for sources that cannot be trait objects (the thread that embeds a mutator).
#[derive(Clone, Copy)]
pub struct RootFn {
    /// Given back to `trace`.
    pub data: *const (),
    /// Shows the roots behind `data`.
    pub trace: unsafe fn(*const (), &mut Tracer),
}

impl RootFn {
    /// The roots of `source`, which must stay where it is for as long as it is registered.
    pub fn of<T: RootSource>(source: *const T) -> RootFn {
        unsafe fn trace<T: RootSource>(data: *const (), tracer: &mut Tracer) {
            // SAFETY: registering it promised that the source is valid.
            unsafe { &*data.cast::<T>() }.trace_roots(tracer)
        }
        RootFn { data: source.cast(), trace: trace::<T> }
    }
}

/// Numbers about a heap.
#[derive(Clone, Copy, Default, Debug)]
pub struct HeapStatistics {
    /// Bytes of old objects: exact after a full collection, plus what became old since.
    pub old_bytes: usize,
    /// Bytes found alive by the last full collection.
    pub live_bytes: usize,
    /// Bytes of large objects.
    pub large_bytes: usize,
    /// Bytes of blocks ever used, free ones included.
    pub block_bytes: usize,
    /// Minor collections so far, of all threads.
    pub minor_collections: u64,
    /// Full collections so far.
    pub full_collections: u64,
    /// Time in minor collections.
    pub minor_time: Duration,
    /// Time in full collections.
    pub full_time: Duration,
    /// The longest stop.
    pub longest_pause: Duration,
}

/// The most a small heap may grow between full collections, for each running thread.
const HEADROOM_MAX: usize = 1 << 20;

/// The smallest nursery.
const NURSERY_MIN: usize = 64 << 10;

/// Shared state of one heap. Threads use it through their `Mutator`.
pub struct Heap {
    pub(crate) space: Space,
    pub(crate) config: HeapConfig,
    pub(crate) mutators: Mutex<Vec<MutatorPtr>>,
    pub(crate) next_mutator: AtomicU32,
    pub(crate) tables: Mutex<Tables>,
    pub(crate) global_roots: Mutex<Vec<(u64, RootFn)>>,
    pub(crate) next_root: AtomicU64,
    /// Bytes of old objects, and those allocated outside the heap on their behalf.
    pub(crate) old_bytes: AtomicUsize,
    pub(crate) live_bytes: AtomicUsize,
    /// A full collection is wanted at this many old bytes.
    pub(crate) full_threshold: AtomicUsize,
    /// Bytes the heap may grow between full collections, whatever its size; and when the last one ended.
    pace: Mutex<(usize, Instant)>,
    pub(crate) full_wanted: AtomicBool,
    /// The last full collection left the heap above its limit.
    pub(crate) limit_hit: AtomicBool,
    /// Bytes the heap may exceed its limit by before the next report; 0 once a collection has brought it below.
    pub(crate) grace: AtomicUsize,
    pub(crate) automatic_full: AtomicBool,
    pub(crate) nursery: AtomicUsize,
    /// `set_nursery` has fixed it.
    nursery_fixed: AtomicBool,
    pub(crate) counters: Counters,
    /// Some stress switch is on.
    pub(crate) stress: bool,
    /// Length of the queues of dead weak references and finalizable objects.
    pub(crate) dead: AtomicUsize,
}

/// Counters for `HeapStatistics`.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) minor: AtomicU64,
    pub(crate) full: AtomicU64,
    pub(crate) minor_ns: AtomicU64,
    pub(crate) full_ns: AtomicU64,
    pub(crate) pause_ns: AtomicU64,
}

/// A registered mutator. It stays at its address while it is in the list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct MutatorPtr(pub(crate) *const Mutator);
// SAFETY: followed only by the owner, or while the owner is stopped.
unsafe impl Send for MutatorPtr {}

/// Old objects with special needs at death, and those that have died.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) weak: Vec<ObjRef>,
    pub(crate) finalizable: Vec<ObjRef>,
    pub(crate) dead_weakrefs: VecDeque<ObjRef>,
    pub(crate) finalizers: VecDeque<ObjRef>,
    pub(crate) immortal: Vec<ObjRef>,
}
// SAFETY: the references are followed only under the rules of the collector.
unsafe impl Send for Tables {}

// SAFETY: raw pointers inside are used under the locks and stop rules described at each.
unsafe impl Sync for Heap {}
// SAFETY: as above.
unsafe impl Send for Heap {}

impl Heap {
    /// Reserves the address space. Costs a few system calls; memory comes as it is used.
    pub fn new(config: HeapConfig) -> io::Result<Arc<Heap>> {
        let mut config = config;
        let space = Space::new(config.reserve, config.poison)?;
        // An eighth is the reserve for small objects, whose allocation never fails (`check_limit`).
        let most = (space.len() - space.len() / 8).min(crate::os::physical_memory());
        config.limit = Some(config.limit.unwrap_or(most).min(most));
        Ok(Arc::new(Heap {
            space,
            mutators: Mutex::new(Vec::new()),
            next_mutator: AtomicU32::new(1),
            tables: Mutex::new(Tables::default()),
            global_roots: Mutex::new(Vec::new()),
            next_root: AtomicU64::new(1),
            old_bytes: AtomicUsize::new(0),
            live_bytes: AtomicUsize::new(0),
            full_threshold: AtomicUsize::new(config.min_heap),
            pace: Mutex::new((config.headroom, Instant::now())),
            full_wanted: AtomicBool::new(false),
            limit_hit: AtomicBool::new(false),
            grace: AtomicUsize::new(0),
            automatic_full: AtomicBool::new(config.automatic_full),
            nursery: AtomicUsize::new(config.nursery.max(NURSERY_MIN)),
            nursery_fixed: AtomicBool::new(false),
            counters: Counters::default(),
            stress: config.stress_minor || config.stress_full,
            dead: AtomicUsize::new(0),
            config,
        }))
    }

    /// First address of the heap: where the read-mark tables of `stm-core` begin.
    pub fn heap_base(&self) -> usize {
        self.space.base()
    }

    /// Bytes of address space.
    pub fn heap_len(&self) -> usize {
        self.space.len()
    }

    /// Adds roots that belong to no thread. Returns a key for `remove_root_source`.
    ///
    /// # Safety
    /// `roots.data` stays valid, and may be used by any thread that collects, until it is removed.
    pub unsafe fn add_root_source(&self, roots: RootFn) -> u64 {
        let key = self.next_root.fetch_add(1, Ordering::Relaxed);
        self.global_roots.lock().push((key, roots));
        key
    }

    /// Removes what `add_root_source` added.
    pub fn remove_root_source(&self, key: u64) {
        self.global_roots.lock().retain(|(k, _)| *k != key);
    }

    /// `gc.enable()` / `gc.disable()`: whether full collections start by themselves.
    pub fn set_automatic_full(&self, on: bool) {
        self.automatic_full.store(on, Ordering::Relaxed);
    }

    /// What `set_automatic_full` set.
    pub fn automatic_full(&self) -> bool {
        self.automatic_full.load(Ordering::Relaxed)
    }

    /// Bytes a thread allocates between minor collections: from now on these, whatever the size of the heap.
    pub fn set_nursery(&self, bytes: usize) {
        self.nursery_fixed.store(true, Ordering::Relaxed);
        self.nursery.store(bytes.max(NURSERY_MIN), Ordering::Relaxed);
    }

    /// After a full collection that began at `started` and found `live` bytes: when the next one is wanted. A program
    /// that keeps full collections busy gets more room, up to `HEADROOM_MAX` for each of its `threads` that had to stop; one
    /// that rests gives it back.
    pub(crate) fn set_pace(&self, live: usize, started: Instant, threads: usize) {
        let mut pace = self.pace.lock();
        let (spent, between) = (started.elapsed(), started.saturating_duration_since(pace.1));
        let spent = spent * threads as u32;
        let most = HEADROOM_MAX.saturating_mul(threads).max(self.config.headroom);
        if between < spent * 20 {
            pace.0 *= 2;
        } else if between > spent * 100 {
            pace.0 /= 2;
        }
        pace.0 = pace.0.clamp(self.config.headroom, most);
        pace.1 = Instant::now();
        let counted = live.saturating_sub(1 << 20) as f64;
        let extra = (pace.0 as f64).max(counted * (self.config.growth - 1.0));
        let threshold = live.saturating_add(extra as usize).max(self.config.min_heap);
        self.full_threshold.store(threshold, Ordering::Relaxed);
    }

    /// After a minor collection that made `promoted` bytes old: the nursery grows while much survives, which would else
    /// fill the old space with what dies soon after, and shrinks again while little does. It grows with the heap, too: a
    /// small heap stays small, and its nursery in the cache; a large one pays for fewer collections.
    pub(crate) fn tune_nursery(&self, promoted: usize) {
        if self.nursery_fixed.load(Ordering::Relaxed) {
            return;
        }
        let least = self.config.nursery.max(NURSERY_MIN);
        let old = self.old_bytes.load(Ordering::Relaxed);
        let most = (old / 4).clamp(least, self.config.nursery_max.max(least));
        let floor = (old / 8).clamp(least, most);
        let now = self.nursery.load(Ordering::Relaxed);
        let bytes = if promoted > now / 8 {
            now * 2
        } else if promoted < now / 32 {
            now / 2
        } else {
            now
        };
        self.nursery.store(bytes.clamp(floor, most) & !(crate::space::BLOCK - 1), Ordering::Relaxed);
    }

    /// Bytes a thread allocates between minor collections, at present.
    pub fn nursery(&self) -> usize {
        self.nursery.load(Ordering::Relaxed)
    }

    /// Bytes at which the next full collection is wanted.
    pub fn full_threshold(&self) -> usize {
        self.full_threshold.load(Ordering::Relaxed)
    }

    /// Sets it, until the next full collection computes it again.
    pub fn set_full_threshold(&self, bytes: usize) {
        self.full_threshold.store(bytes, Ordering::Relaxed);
    }

    /// The heap limit in bytes.
    pub fn limit(&self) -> usize {
        self.config.limit.unwrap_or(usize::MAX)
    }

    /// True when the heap has outgrown its limit and what was granted beyond it, or its address space.
    pub(crate) fn is_over_limit(&self) -> bool {
        let pool = self.space.pool.lock();
        let used = (pool.fresh as usize - pool.free.len()) * crate::space::BLOCK + pool.large.bytes;
        used > self.limit() + self.grace.load(Ordering::Relaxed) || self.space.is_short(&pool)
    }

    /// After a MemoryError: who handles it gets a little memory beyond the limit, but not ever more of it.
    pub(crate) fn grant_grace(&self) {
        let over = self.used_bytes().saturating_sub(self.limit());
        let more = (self.limit() / 64).max(1 << 20);
        self.grace.store((over + more).min(self.limit() / 16), Ordering::Relaxed);
    }

    /// Bytes that may still be allocated below the limit: what natives that build up memory of their own go by.
    pub fn room(&self) -> usize {
        self.limit().saturating_sub(self.used_bytes())
    }

    /// Numbers for reports and the `gc` module.
    pub fn statistics(&self) -> HeapStatistics {
        let (large_bytes, block_bytes) = {
            let pool = self.space.pool.lock();
            (pool.large.bytes, pool.fresh as usize * crate::space::BLOCK)
        };
        let c = &self.counters;
        let ns = |a: &AtomicU64| Duration::from_nanos(a.load(Ordering::Relaxed));
        HeapStatistics {
            old_bytes: self.old_bytes.load(Ordering::Relaxed),
            live_bytes: self.live_bytes.load(Ordering::Relaxed),
            large_bytes,
            block_bytes,
            minor_collections: c.minor.load(Ordering::Relaxed),
            full_collections: c.full.load(Ordering::Relaxed),
            minor_time: ns(&c.minor_ns),
            full_time: ns(&c.full_ns),
            longest_pause: ns(&c.pause_ns),
        }
    }

    /// A weak reference whose referent has died and that has a callback to run, oldest death first.
    /// The caller makes it a root at once.
    pub fn take_dead_weakref(&self) -> Option<ObjRef> {
        if !self.has_dead() {
            return None;
        }
        let mut tables = self.tables.lock();
        let taken = tables.dead_weakrefs.pop_front();
        self.note_dead(&tables);
        taken
    }

    /// A dead object whose finalizer is to run now. It is alive again until the next full collection finds
    /// it dead once more, and then it goes without its finalizer, unless registered again.
    pub fn take_finalizable(&self) -> Option<ObjRef> {
        if !self.has_dead() {
            return None;
        }
        let mut tables = self.tables.lock();
        let taken = tables.finalizers.pop_front();
        self.note_dead(&tables);
        taken
    }

    /// True when `take_dead_weakref` or `take_finalizable` would find something: one relaxed load.
    #[inline(always)]
    pub fn has_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn note_dead(&self, tables: &Tables) {
        self.dead.store(tables.dead_weakrefs.len() + tables.finalizers.len(), Ordering::Relaxed);
    }

    /// Accounts for a stop.
    pub(crate) fn note_pause(&self, pause: Duration) {
        let ns = pause.as_nanos() as u64;
        self.counters.full_ns.fetch_add(ns, Ordering::Relaxed);
        self.counters.pause_ns.fetch_max(ns, Ordering::Relaxed);
    }

    /// Bytes in use as far as the limit is concerned.
    pub(crate) fn used_bytes(&self) -> usize {
        let pool = self.space.pool.lock();
        (pool.fresh as usize - pool.free.len()) * crate::space::BLOCK + pool.large.bytes
    }

    /// Counts bytes that became old; asks for a full collection when there are enough.
    /// Counts memory that objects hold outside the heap: a full collection comes that much sooner.
    pub fn add_pressure(&self, bytes: usize) {
        self.add_old_bytes(bytes);
    }

    pub(crate) fn add_old_bytes(&self, bytes: usize) {
        let before = self.old_bytes.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes >= self.full_threshold.load(Ordering::Relaxed) && self.automatic_full() {
            self.full_wanted.store(true, Ordering::Relaxed);
        }
    }
}
