//! Objects with stamps in real memory, and the session of one thread that works on them.

use std::sync::Arc;
use stm_core::sync::AtomicU64;
use stm_core::{Conflict, Mode, PollOutcome, Stm, StmConfig, Transaction, Word};

/// A mutable object as `stm-core` sees one: 16 bytes of header, the second word the stamp.
#[repr(C, align(16))]
pub struct Object {
    header: u64,
    stamp: AtomicU64,
    words: [Word; 2],
}

/// The shared heap of one run.
pub struct Arena {
    pub stm: Arc<Stm>,
    objects: Box<[Object]>,
}

/// Alignment of the heap base that mark tables want.
const BASE_ALIGN: usize = 1 << 14;

impl Arena {
    /// A heap of `count` objects, all zero, run by up to `segments` threads at once.
    pub fn new(count: usize, segments: usize) -> Arc<Arena> {
        let objects: Box<[Object]> = (0..count)
            .map(|_| Object { header: 0, stamp: AtomicU64::new(0), words: [Word::new(0), Word::new(0)] })
            .collect();
        let start = objects.as_ptr().expose_provenance();
        let end = start + std::mem::size_of_val(&*objects);
        let heap_base = start & !(BASE_ALIGN - 1);
        let stm = Stm::new(StmConfig {
            heap_base,
            heap_len: (end - heap_base).next_multiple_of(BASE_ALIGN),
            segments,
            mode: Mode::AlwaysStm,
            slice: std::time::Duration::from_micros(300),
            ..StmConfig::default()
        })
        .expect("address space for mark tables");
        Arc::new(Arena { stm, objects })
    }

    /// Number of objects.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// A word after all sessions have ended.
    pub fn last(&mut self, object: usize, word: usize) -> u64 {
        debug_assert_eq!(self.objects[object].header, 0);
        // SAFETY: `&mut`: nobody else.
        unsafe { self.objects[object].words[word].get() }
    }
}

/// One thread at work on the arena.
pub struct Session<'a> {
    pub arena: &'a Arena,
    pub transaction: Transaction,
}

impl<'a> Session<'a> {
    /// Registers the calling thread and brings it in.
    pub fn new(arena: &'a Arena) -> Session<'a> {
        let transaction = Transaction::register(&arena.stm);
        transaction.enter();
        Session { arena, transaction }
    }

    /// Reads a word under the read barrier.
    pub fn get(&self, object: usize, word: usize) -> Result<u64, Conflict> {
        let object = &self.arena.objects[object];
        let address = std::ptr::from_ref(object).addr();
        if !self.transaction.is_marked(address) {
            self.transaction.read_slow(address, &object.stamp)?;
        }
        // SAFETY: marked as read in the running transaction.
        Ok(unsafe { object.words[word].get() })
    }

    /// Writes a word under the write barrier.
    pub fn set(&self, object: usize, word: usize, value: u64) -> Result<(), Conflict> {
        self.lock(object)?;
        // SAFETY: the stamp is ours.
        unsafe { self.arena.objects[object].words[word].set(value) };
        Ok(())
    }

    /// The write barrier alone.
    pub fn lock(&self, object: usize) -> Result<(), Conflict> {
        let object = &self.arena.objects[object];
        let address = std::ptr::from_ref(object).addr();
        if !self.transaction.owns(&object.stamp) {
            self.transaction.write_slow(address, &object.stamp)?;
            self.transaction.log_touched(address);
            // SAFETY: the stamp is ours.
            unsafe { self.transaction.log_undo(object.words.as_ptr(), 2) };
        }
        Ok(())
    }

    /// A word without a barrier: only in exclusive mode, or for what changes only there.
    pub fn peek(&self, object: usize, word: usize) -> u64 {
        // SAFETY: the caller's contract above; ThreadSanitizer and Miri check.
        unsafe { self.arena.objects[object].words[word].get() }
    }

    /// Writes a word without a barrier, in exclusive mode.
    pub fn poke(&self, object: usize, word: usize, value: u64) {
        debug_assert!(self.transaction.is_exclusive());
        // SAFETY: exclusive mode: no other transaction runs.
        unsafe { self.arena.objects[object].words[word].set(value) };
    }

    /// What a back-edge does, without the commit that somebody may have asked for. True: asked to commit soon.
    pub fn poll(&self) -> Result<bool, Conflict> {
        let mut soon = false;
        while self.transaction.poll_needed() {
            match self.transaction.poll() {
                PollOutcome::Nothing | PollOutcome::Requests(_) => {}
                PollOutcome::Stop => self.transaction.stop_point(),
                PollOutcome::Abort => return Err(Conflict::Abort),
                PollOutcome::CommitSoon => soon = true,
            }
        }
        Ok(soon)
    }

    /// Runs `body` as one transaction, again and again until it commits. `again` is called before each restart.
    pub fn run<T>(
        &self,
        mut body: impl FnMut(&Session) -> Result<T, Conflict>,
        mut again: impl FnMut(Conflict),
    ) -> T {
        let transaction = &self.transaction;
        loop {
            transaction.begin();
            match body(self) {
                Ok(value) => {
                    if transaction.commit().is_ok() {
                        return value;
                    }
                    transaction.rollback();
                    again(Conflict::Abort);
                }
                Err(Conflict::Abort) => {
                    transaction.rollback();
                    again(Conflict::Abort);
                }
                Err(Conflict::Retry) => {
                    transaction.commit().expect("a retry may commit");
                    transaction.wait_for_conflict();
                    again(Conflict::Retry);
                }
            }
        }
    }

    /// The same inside an atomic block.
    pub fn atomic<T>(&self, body: impl FnMut(&Session) -> Result<T, Conflict>) -> T {
        self.transaction.enter_atomic();
        let value = self.run(body, |_| ());
        self.transaction.leave_atomic();
        value
    }
}
