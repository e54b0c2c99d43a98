//! Deliberate faults: wrong variants of single steps of the protocol, which some model must catch.
//!
//! Each names a step whose omission looks harmless. Outside `cfg(loom)` every test is the constant `false`.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $bit:expr;)*) => {
        $($(#[$doc])* pub const $name: u32 = 1 << $bit;)*
        /// Every fault with its name.
        pub const ALL: &[(&str, u32)] = &[$((stringify!($name), $name)),*];
    };
}

faults! {
    /// The reader stores its mark without a fence before it looks at the stamp.
    NO_FENCE_READER = 0;
    /// The writer looks for marks without a fence after taking the stamp.
    NO_FENCE_WRITER = 1;
    /// A reader leaves without recording itself in the hint.
    NO_HINT = 2;
    /// A wound does not name the sequence it is meant for.
    WOUND_ANY_SEQUENCE = 3;
    /// The writer replaces the hint in the acquiring exchange, before it has seen all readers off.
    HINT_BEFORE_SCAN = 4;
    /// The mark number wraps and the table is not cleared.
    WRAP_NO_CLEAR = 5;
    /// Abort releases before it restores.
    RELEASE_BEFORE_UNDO = 6;
    /// A reused segment starts its sequence again.
    SEQUENCE_RESET = 7;
    /// The number of segments to scan is loaded before the stamp is taken.
    COUNT_BEFORE_STAMP = 8;
    /// INEVITABLE does not protect against wounds.
    WOUND_INEVITABLE = 9;
    /// Commit releases with a relaxed swap.
    RELAXED_RELEASE = 10;
    /// The writer reads the owners of marks with relaxed loads.
    RELAXED_SCAN = 11;
    /// Begin does not test the gate after it has cleared IDLE.
    NO_GATE_TEST = 12;
    /// Entering again from outside does not look whether the world is stopped.
    NO_STOP_TEST = 14;
    /// Waiting holders are only asked to commit soon, never wounded.
    SOON_ONLY = 15;
    /// Parking on a lock does not validate under the bucket lock.
    NO_VALIDATE = 16;
    /// An abort does not wake those who wait for a lock word it had written.
    NO_UNPARK_ON_ABORT = 17;
    /// The dirty list stays with the thread instead of moving with the segment.
    DIRTY_LIST_LOST = 18;
    /// Marks of freed memory are not cleared before its reuse.
    NO_SCRUB = 19;
    /// Two cards share one mark byte.
    SHARED_MARK_BYTE = 20;
    /// A cancelled token waiter that has been granted the token meanwhile does not pass it on.
    TOKEN_LOST = 21;
}

#[cfg(loom)]
static ENABLED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

/// Switches faults on for the models that follow in this process.
#[cfg(loom)]
pub fn enable(bits: u32) {
    ENABLED.store(bits, std::sync::atomic::Ordering::Relaxed);
}

/// Whether this fault is on.
#[cfg(loom)]
pub fn on(bit: u32) -> bool {
    ENABLED.load(std::sync::atomic::Ordering::Relaxed) & bit != 0
}
/// Whether this fault is on: never.
#[cfg(not(loom))]
#[inline(always)]
pub const fn on(_bit: u32) -> bool {
    false
}
