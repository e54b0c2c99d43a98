//! The runtime: all segments, all threads, and what they share.

use crate::admission::Admission;
use crate::config::{Mode, StmConfig};
use crate::events::{Event, Totals};
use crate::marks::SoloMark;
use crate::parking::ParkingLot;
use crate::segment::{IDLE, SEQUENCE_SHIFT, Segment};
use crate::stamp::MAX_SEGMENTS;
use crate::sync::{Arc, AtomicU8, AtomicU64, AtomicUsize, Mutex, Ordering, lock};
use crate::thread::{GONE, OUTSIDE, ThreadRecord};
use crate::token::Token;
use crate::world::World;

/// One registered thread that runs without marks and undo.
pub(crate) const SOLO: u8 = 0;
/// Several threads under transactions.
pub(crate) const CONCURRENT: u8 = 1;
/// Several threads under a global lock.
pub(crate) const GIL: u8 = 2;

/// A transactional runtime: one per process, several in tests.
pub struct Stm {
    pub(crate) config: StmConfig,
    /// Index 0 is unused.
    pub(crate) segments: Box<[Segment]>,
    /// One more than the largest segment ever used: how far scanners look. Incremented before its first transaction.
    pub(crate) used: AtomicUsize,
    /// Next age to give out.
    pub(crate) clock: AtomicU64,
    pub(crate) mode: AtomicU8,
    /// Thread (record id) that keeps transactions from beginning; 0: open.
    pub(crate) gate: AtomicUsize,
    pub(crate) solo_mark: SoloMark,
    pub(crate) token: Token,
    pub(crate) admission: Admission,
    pub(crate) world: World,
    pub(crate) lot: ParkingLot,
    threads: Mutex<Threads>,
    /// How many are registered; changed under the lock, read without.
    pub(crate) registered: AtomicUsize,
}

#[derive(Default)]
pub(crate) struct Threads {
    /// From `Box::into_raw`; freed when the runtime is.
    records: Vec<*const ThreadRecord>,
    /// Sums of counters of threads that have ended, whose records may be in use again.
    ended: Totals,
}

impl Stm {
    /// Makes a runtime. Fails if address space for the first mark table cannot be had.
    pub fn new(mut config: StmConfig) -> std::io::Result<Arc<Stm>> {
        config.segments = config.segments.clamp(1, MAX_SEGMENTS);
        let segments: Box<[Segment]> =
            (0..=config.segments).map(|_| Segment::new(config.heap_base, config.heap_len)).collect();
        let mode = match config.mode {
            Mode::Stm => SOLO,
            Mode::AlwaysStm => CONCURRENT,
            Mode::Gil => GIL,
        };
        if mode == CONCURRENT {
            segments[1].table.reserve()?;
        }
        Ok(Arc::new(Stm {
            segments,
            used: AtomicUsize::new(1),
            clock: AtomicU64::new(1),
            mode: AtomicU8::new(mode),
            gate: AtomicUsize::new(0),
            solo_mark: SoloMark::new(),
            token: Token::new(),
            admission: Admission::new(config.segments),
            world: World::new(),
            lot: ParkingLot::new(),
            threads: Mutex::new(Threads::default()),
            registered: AtomicUsize::new(0),
            config,
        }))
    }

    /// How many segments there are to run on.
    pub fn segments(&self) -> usize {
        self.config.segments
    }

    /// How many segments have been used so far.
    pub fn segments_used(&self) -> usize {
        self.used.load(Ordering::Relaxed) - 1
    }

    /// Whether the only thread runs without marks and undo.
    pub fn is_solo(&self) -> bool {
        self.mode.load(Ordering::Relaxed) == SOLO
    }

    /// Whether a global lock above this crate takes the place of transactions.
    pub fn is_gil(&self) -> bool {
        self.config.mode == Mode::Gil
    }

    /// Number of registered threads.
    pub fn threads(&self) -> usize {
        self.registered.load(Ordering::Relaxed)
    }

    /// Wakes the first thread that sleeps on `address` (see `Transaction::park`); true if there was one.
    pub fn unpark_one(&self, address: usize) -> bool {
        self.lot.unpark_one(address)
    }

    /// Whether somebody may be asleep on `address`: a hint.
    pub fn may_have_sleepers(&self, address: usize) -> bool {
        self.lot.may_have_sleepers(address)
    }

    /// Wakes all threads that sleep on `address`.
    pub fn unpark_all(&self, address: usize) {
        self.lot.unpark_all(address);
    }

    /// Sums of the counters of all threads, ended ones included.
    pub fn totals(&self) -> Totals {
        let threads = lock(&self.threads);
        let mut totals = threads.ended;
        for record in threads.records() {
            if record.state.load(Ordering::Relaxed) != GONE {
                record.counters.add_to(&mut totals);
            }
        }
        totals
    }

    /// Sends a request to every registered thread (a collection, say).
    pub fn request_all(&self, kind: crate::thread::Requests) {
        self.with_threads(|list| list.iter().for_each(|t| t.request(kind)));
    }

    /// Sets a request without taking any lock, for a signal handler: the thread must be known to be alive.
    pub fn request_from_signal(thread: &ThreadRecord, kind: crate::thread::Requests) {
        thread.request(kind);
    }

    /// Runs `f` on all registered threads.
    pub(crate) fn with_threads<R>(&self, f: impl FnOnce(&[&ThreadRecord]) -> R) -> R {
        let threads = lock(&self.threads);
        let list: Vec<&ThreadRecord> =
            threads.records().filter(|r| r.state.load(Ordering::Acquire) != GONE).collect();
        f(&list)
    }

    pub(crate) fn lock_threads(&self) -> crate::sync::MutexGuard<'_, Threads> {
        lock(&self.threads)
    }

    /// Registers a thread, which starts outside.
    pub(crate) fn register(&self) -> *const ThreadRecord {
        let mut threads = lock(&self.threads);
        self.registered.fetch_add(1, Ordering::Relaxed);
        if let Some(free) = threads.records().find(|r| r.state.load(Ordering::Relaxed) == GONE) {
            free.requests.store(0, Ordering::Relaxed);
            free.state.store(OUTSIDE, Ordering::Release);
            return free;
        }
        let record = Box::into_raw(Box::new(ThreadRecord::new(threads.records.len() + 1)));
        threads.records.push(record);
        record
    }

    /// Takes a thread, which is running, detached and not live, off the list.
    pub(crate) fn unregister(&self, record: &ThreadRecord) {
        record.set_user(std::ptr::null_mut());
        let mut threads = lock(&self.threads);
        let mut ended = threads.ended;
        record.counters.add_to(&mut ended);
        threads.ended = ended;
        record.counters.reset();
        record.state.store(GONE, Ordering::SeqCst);
        self.registered.fetch_sub(1, Ordering::Relaxed);
        drop(threads);
        self.world.notice();
    }

    /// Reports an event, if anybody listens.
    #[cold]
    pub(crate) fn report(&self, event: &Event<'_>) {
        if let Some(sink) = &self.config.sink {
            sink.event(event);
        }
    }

    /// Gives back mark memory of idle segments. The caller has stopped the world.
    ///
    /// Returns the bytes that those tables had touched.
    pub fn trim_marks(&self, _stopped: &crate::world::Stopped<'_>) -> usize {
        let used = self.used.load(Ordering::Acquire);
        let mut bytes = 0;
        for segment in &self.segments[1..used] {
            if segment.status.load(Ordering::Acquire) & IDLE != 0 && segment.table.is_reserved() {
                // SAFETY: the world is stopped and the segment holds nothing.
                bytes += unsafe { segment.table.trim() };
            }
        }
        bytes
    }

    /// Bytes of marks in use, for reports. The caller has stopped the world.
    pub fn mark_memory(&self, _stopped: &crate::world::Stopped<'_>) -> usize {
        let used = self.used.load(Ordering::Acquire);
        // SAFETY: the world is stopped.
        self.segments[1..used].iter().map(|s| unsafe { s.table.touched() }).sum()
    }

    /// Notes which transactions are live. Taken at the stop that finds memory dead; given to [`Stm::clear_marks`] by
    /// whoever frees some of it, before it is used again.
    pub fn live_transactions(&self, _stopped: &crate::world::Stopped<'_>) -> LiveTransactions {
        let used = self.used.load(Ordering::Acquire);
        let live = (1..used).filter_map(|i| {
            let status = self.segments[i].status.load(Ordering::Acquire);
            (status & IDLE == 0).then_some((i, status >> SEQUENCE_SHIFT))
        });
        LiveTransactions(live.collect())
    }

    /// Clears the read marks of a freed range in every segment that is still in the transaction noted.
    pub fn clear_marks(&self, live: &LiveTransactions, address: usize, len: usize) {
        if crate::fault::on(crate::fault::NO_SCRUB) {
            return;
        }
        for &(segment, sequence) in &live.0 {
            let segment = &self.segments[segment];
            if segment.status.load(Ordering::Acquire) >> SEQUENCE_SHIFT == sequence
                && segment.table.is_reserved()
            {
                segment.table.scrub(address, len);
            }
        }
    }

    /// Whether some transaction that was live when this was noted still is (so that marks need clearing).
    pub fn any_still_live(&self, live: &LiveTransactions) -> bool {
        live.0.iter().any(|&(s, n)| self.segments[s].status.load(Ordering::Acquire) >> SEQUENCE_SHIFT == n)
    }
}

/// The transactions live at a stop.
#[derive(Clone, Debug, Default)]
pub struct LiveTransactions(Vec<(usize, u64)>);

// All shared state is atomics and locks; mark tables and records say why their own cells are sound.
#[cfg(not(loom))]
const _: () = {
    const fn check<T: Send + Sync>() {}
    check::<Stm>();
};

impl Threads {
    pub(crate) fn records(&self) -> impl Iterator<Item = &ThreadRecord> {
        // SAFETY: boxes turned into pointers, freed only by our drop.
        self.records.iter().map(|&r| unsafe { &*r })
    }
}

// SAFETY: the records are shared state; the list owns them.
unsafe impl Send for Threads {}

impl Drop for Threads {
    fn drop(&mut self) {
        for record in self.records.drain(..) {
            // SAFETY: from `Box::into_raw`; the runtime is gone, and with it every pointer to a record.
            drop(unsafe { Box::from_raw(record.cast_mut()) });
        }
    }
}
