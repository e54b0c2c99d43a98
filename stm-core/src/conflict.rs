//! What to do when another transaction is in the way (DESIGN §8.3).
//!
//! I1. A waiter sets WAITING before it looks at its own WOUND, and whoever wounds it tests WAITING in the word it
//!     exchanged: so a sleeping waiter never misses its wound.
//! I2. Wounds go from older to younger, or from the inevitable one; never to the inevitable one. Waiting goes from younger
//!     to older, or to one that will commit soon: no cycle lasts.
//! I3. The wait loop is a safepoint: it stops when the world stops. It runs no Python.
//! I4. Outside atomic, in a bytecode that may be executed again, nobody waits with locks held: the barrier refuses with
//!     `Retry`, unless that has happened [`MAX_RETRIES`] times in a row (then age decides, so nobody starves).

use crate::events::{ConflictKind, EventKind};
use crate::fault::{self, on};
use crate::runtime::Stm;
use crate::segment::{INEVITABLE, SEQUENCE_SHIFT, SOON, WAITING, WOUND};
use crate::sync::{Ordering, spin};
use crate::thread::Requests;
use crate::transaction::{Blocker, Conflict, Transaction};

/// How often one bytecode is retried before it waits like an atomic block.
const MAX_RETRIES: u32 = 4;
/// Rounds of spinning before a waiter sleeps: about 50 microseconds, more than a turn at a contended object (turns.rs).
#[cfg(not(loom))]
const SPIN_ROUNDS: u32 = 400;
/// Rounds after which a holder that does not answer is wounded.
const PATIENCE: u32 = 20_000;
/// The same for one inside an atomic block, which cannot answer before its end: some tens of microseconds. Blocks are
/// mostly short, but a transaction may hold many of them in a row, and a wound throws them all away.
const PATIENCE_ATOMIC: u32 = if cfg!(loom) { 0 } else { 300 };
/// Longest single sleep: a backstop, since every end of a transaction wakes sleepers.
#[cfg(not(loom))]
const SLEEP: std::time::Duration = std::time::Duration::from_micros(500);

/// One wait of one barrier.
pub(crate) struct Wait {
    pub(crate) kind: ConflictKind,
    address: usize,
    started: bool,
    rounds: u32,
}

impl Wait {
    pub(crate) fn new(kind: ConflictKind, address: usize) -> Self {
        Wait { kind, address, started: false, rounds: 0 }
    }
}

impl Stm {
    /// The age of a segment's transaction: smaller is older. Assigned at its first conflict.
    pub(crate) fn age_of(&self, segment: usize) -> u64 {
        let age = &self.segments[segment].age;
        match age.load(Ordering::Relaxed) {
            0 => {
                let new = self.clock.fetch_add(1, Ordering::Relaxed);
                match age.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(_) => new,
                    Err(given) => given,
                }
            }
            given => given,
        }
    }
}

impl Transaction {
    /// One round of waiting for a transaction; the caller tests its condition again.
    #[cold]
    #[inline(never)]
    pub(crate) fn wait_round(&self, wait: &mut Wait, holder: usize, sequence: u64) -> Result<(), Conflict> {
        let me = self.segment();
        let other = &self.stm.segments[holder];
        if !wait.started {
            self.report(EventKind::Conflict(wait.kind), other.thread(), wait.address);
            if self.may_retry() {
                self.record().counters.retries.bump();
                self.retries.set(self.retries.get() + 1);
                self.blocker.set(Blocker::Transaction { segment: holder, sequence });
                return Err(self.refuse(Conflict::Retry));
            }
            wait.started = true;
            self.note_dispute();
            // Before the look at WOUND below (I1).
            me.status.fetch_or(WAITING, Ordering::AcqRel);
            self.record().counters.waits.bump();
            self.report(EventKind::WaitStart, other.thread(), wait.address);
        }
        let mine = me.status.load(Ordering::Acquire);
        let protected = if on(fault::WOUND_INEVITABLE) { 0 } else { INEVITABLE };
        if mine & WOUND != 0 && mine & protected == 0 {
            self.end_wait(wait);
            return Err(self.refuse(Conflict::Abort));
        }
        self.stop_if_asked();
        wait.rounds += 1;
        let seen = other.status.load(Ordering::Acquire);
        if seen >> SEQUENCE_SHIFT != sequence {
            spin();
            return Ok(());
        }
        let win = seen & protected == 0
            && (mine & INEVITABLE != 0 || self.stm.age_of(self.segment.get()) < self.stm.age_of(holder));
        let atomic = other.atomic.load(Ordering::Relaxed) != 0;
        let patience = if atomic { PATIENCE_ATOMIC } else { PATIENCE };
        let stuck = seen & WAITING != 0 && !on(fault::SOON_ONLY) || wait.rounds >= patience;
        let flag = if win && stuck { WOUND } else { SOON };
        if seen & flag == 0 {
            self.ask(holder, seen, flag);
            if flag == WOUND {
                self.record().counters.wounds.bump();
                self.report(EventKind::Wound(wait.kind), other.thread(), wait.address);
            }
        }
        self.pause(holder, sequence, &mut wait.rounds, true);
        Ok(())
    }

    /// Ends a wait that has got what it wanted.
    #[inline(always)]
    pub(crate) fn end_wait(&self, wait: &mut Wait) {
        if wait.started {
            wait.started = false;
            self.start_turn();
            self.segment().status.fetch_and(!WAITING, Ordering::AcqRel);
            self.report(EventKind::WaitDone, None, wait.address);
        }
    }

    /// Whether to refuse with `Retry` rather than wait (I4).
    #[inline]
    pub(crate) fn may_retry(&self) -> bool {
        self.retry_ok.get()
            && self.atomic_depth.get() == 0
            && !self.inevitable.get()
            && self.retries.get() < MAX_RETRIES
    }

    /// Asks a transaction to come soon, or wounds it.
    pub(crate) fn ask(&self, holder: usize, seen: u64, flag: u64) {
        let other = &self.stm.segments[holder];
        #[cfg(loom)]
        other.asker.swap(self.segment.get(), Ordering::Relaxed);
        #[cfg(not(loom))]
        other.asker.store(self.segment.get(), Ordering::Relaxed);
        other.ask(seen, flag);
    }

    /// Spins, then sleeps until the transaction ends; may return early.
    pub(crate) fn pause(&self, holder: usize, sequence: u64, rounds: &mut u32, woundable: bool) {
        #[cfg(loom)]
        {
            let _ = (holder, sequence, rounds, woundable);
            spin();
        }
        #[cfg(not(loom))]
        {
            use crate::segment::PARKED;
            if *rounds < SPIN_ROUNDS {
                (0..8).for_each(|_| spin());
                return;
            }
            *rounds += 100;
            let status = &self.stm.segments[holder].status;
            self.blocked(|| {
                let validate = || {
                    let seen = status.load(Ordering::Acquire);
                    seen >> SEQUENCE_SHIFT == sequence
                        && (seen & PARKED != 0
                            || status
                                .compare_exchange(seen, seen | PARKED, Ordering::SeqCst, Ordering::Relaxed)
                                .is_ok())
                        && !(woundable && self.segment().status.load(Ordering::SeqCst) & WOUND != 0)
                };
                self.stm.lot.park(self.record(), status as *const _ as usize, validate, Some(SLEEP));
            });
        }
    }

    /// Holding nothing, waits for whatever made the last slow path answer `Retry`. After the commit, before the next
    /// begin.
    pub fn wait_for_conflict(&self) {
        debug_assert!(!self.live.get(), "waiting for a conflict with a live transaction");
        let (holder, sequence) = match self.blocker.replace(Blocker::None) {
            Blocker::None => return,
            Blocker::Token => {
                self.needs_token.set(true);
                return;
            }
            Blocker::Transaction { segment, sequence } => (segment, sequence),
        };
        self.note_dispute();
        self.record().counters.waits.bump();
        self.report(EventKind::WaitStart, self.stm.segments[holder].thread(), 0);
        if self.segment.get() != 0 {
            // Stays until the next begin, so that the one we ask lets us go first.
            self.segment().status.fetch_or(WAITING, Ordering::AcqRel);
        }
        let other = &self.stm.segments[holder];
        let mut rounds = 0;
        loop {
            let seen = other.status.load(Ordering::Acquire);
            if seen >> SEQUENCE_SHIFT != sequence {
                break;
            }
            if seen & SOON == 0 {
                self.ask(holder, seen, SOON);
            }
            self.stop_if_asked();
            rounds += 1;
            self.pause(holder, sequence, &mut rounds, false);
        }
        self.start_turn();
        self.report(EventKind::WaitDone, None, 0);
    }

    /// Stops here if the world is to stop.
    #[inline]
    pub(crate) fn stop_if_asked(&self) {
        let requests = Requests(self.record().requests.load(Ordering::Acquire));
        if requests.any(Requests::STOP) {
            self.stop_point();
        }
    }
}
