//! Counters, and the hook through which the runtime logs conflicts. Off, the hook costs one predictable branch.

use crate::sync::Ordering;
use crate::thread::ThreadRecord;

/// Statistics are ordinary atomics even in models: they order nothing.
use std::sync::atomic::AtomicU64;

/// Two transactions want the same granule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConflictKind {
    /// I want to write what the other has written.
    WriteWrite,
    /// I want to write what the other has read.
    WriteRead,
    /// I want to read what the other has written.
    ReadWrite,
    /// I want the token that the other holds.
    Inevitable,
}

/// Why a transaction aborted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AbortCause {
    /// An older or inevitable transaction wounded it.
    Wounded,
    /// The runtime asked (`stm.abort`, forced aborts under test).
    Asked,
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventKind {
    Begin,
    Commit,
    Abort(AbortCause),
    /// A conflict was found; a wait, a retry or an abort follows.
    Conflict(ConflictKind),
    /// This thread wounds the other.
    Wound(ConflictKind),
    WaitStart,
    WaitDone,
    BecameInevitable,
    Exclusive,
    SegmentWaitStart,
    SegmentWaitDone,
    LeftSolo,
}

/// An event, reported by the thread it happens to.
#[derive(Clone, Copy)]
pub struct Event<'a> {
    pub kind: EventKind,
    pub thread: &'a ThreadRecord,
    /// The other party of a conflict, as far as known (it may have gone on meanwhile).
    pub other: Option<&'a ThreadRecord>,
    /// The granule of a conflict, or 0.
    pub address: usize,
}

/// Receives events. Called in the middle of barriers: it may not touch objects, wait or call back.
pub trait EventSink: Send + Sync {
    /// Takes one event.
    fn event(&self, event: &Event<'_>);
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident)*) => {
        /// Counters of one thread. Written by it alone, readable by all.
        #[derive(Default)]
        pub struct Counters { $($(#[$doc])* pub $name: Counter,)* }
        /// A copy of counters, or a sum of several.
        #[derive(Default, Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Totals { $($(#[$doc])* pub $name: u64,)* }
        impl Counters {
            pub(crate) fn new() -> Self { Self::default() }
            pub(crate) fn reset(&self) { $(self.$name.0.store(0, Ordering::Relaxed);)* }
            /// Adds these counters to a sum.
            pub fn add_to(&self, totals: &mut Totals) { $(totals.$name += self.$name.get();)* }
        }
        impl Totals {
            /// Names and values, for reports.
            pub fn rows(&self) -> Vec<(&'static str, u64)> { vec![$((stringify!($name), self.$name)),*] }
        }
    };
}

counters! {
    commits
    /// Aborts because of a wound.
    aborts_wounded
    /// Aborts that the runtime asked for.
    aborts_asked
    /// Conflicts answered by committing and executing the bytecode again.
    retries
    /// Waits for another transaction, with or without own locks held.
    waits
    /// Other transactions wounded by this thread.
    wounds
    inevitables
    exclusives
    segment_waits
    stops
}

/// A statistic.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds one; only for the owning thread.
    #[inline(always)]
    pub(crate) fn bump(&self) {
        self.0.store(self.0.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }
    /// The value.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
