//! Stamps: the word in a mutable object's header that says who holds it.
//!
//! ```text
//! 63        54 53                      12 11          0
//! | segment   | sequence               | reader hint |
//! ```
//! I1. A stamp is a held write lock exactly while its segment's current sequence is the stamp's: so bumping one counter
//!     releases every lock of a transaction.
//! I2. The hint covers (has bit `(segment - 1) % 12` of) every segment that may show a live mark on the granule; a writer
//!     that has seen all readers off replaces it by its own bit.
//!
//! Segment 0 does not exist, so a stamp of zero is held by nobody and read by nobody.

/// Bits of the reader hint.
pub const HINT_BITS: u32 = 12;
/// All of the hint: "anybody may have read this".
pub const HINT_ALL: u64 = (1 << HINT_BITS) - 1;
/// Bits of the sequence.
pub const SEQUENCE_BITS: u32 = 42;
/// Largest segment number.
pub const MAX_SEGMENTS: usize = 1023;
/// The stamp of an object that nobody holds and nobody has read.
pub const NO_STAMP: u64 = 0;

const SEQUENCE_MASK: u64 = (1 << SEQUENCE_BITS) - 1;

/// The upper part of a stamp: segment and sequence.
#[inline(always)]
pub(crate) fn owner(segment: usize, sequence: u64) -> u64 {
    (segment as u64) << SEQUENCE_BITS | (sequence & SEQUENCE_MASK)
}

/// The segment that holds, or last held, the stamp; 0 for none.
#[inline(always)]
pub(crate) fn segment_of(stamp: u64) -> usize {
    (stamp >> (SEQUENCE_BITS + HINT_BITS)) as usize
}

/// The sequence under which it was taken.
#[inline(always)]
pub(crate) fn sequence_of(stamp: u64) -> u64 {
    (stamp >> HINT_BITS) & SEQUENCE_MASK
}

/// The hint bit of a segment.
#[inline(always)]
pub(crate) fn hint_of(segment: usize) -> u64 {
    1 << ((segment - 1) % HINT_BITS as usize)
}
