//! Transactions for a language runtime: pessimistic, in place, with visible readers and an O(1) commit.
//!
//! Each running thread has a *segment*. A mutable object at address A (16-byte aligned) carries a *stamp* (A + 8): the
//! segment and transaction that hold it for writing. Each segment has a table of *read marks*, one byte per 16-byte granule
//! of the heap. A transaction may read what it has marked and write what it has stamped; both are found out by one load and
//! compare. Ending a transaction is one swap of a counter, which makes all its stamps and marks stale at once. Conflicts are
//! settled by asking the holder to commit soon, by waiting, or by wounding the younger, which then undoes and restarts.
//!
//! This crate knows no Python and no object layout beyond that. The life of a thread in it:
//!
//! ```text
//! Transaction::new(ticket) .. set_user .. enter .. ( begin .. barriers, polls .. commit | rollback )* .. leave .. drop
//! ```
//!
//! | file | concept |
//! |---|---|
//! | `transaction.rs` | per-thread state, the inlined fast paths, field offsets for compiled code |
//! | `barrier.rs` | the slow halves of the read and write barrier |
//! | `conflict.rs`, `turns.rs` | waiting, asking, wounding, retrying; who keeps a contended object for how long |
//! | `lifecycle.rs` | begin, commit, abort |
//! | `token.rs`, `exclusive.rs` | inevitable and exclusive transactions |
//! | `admission.rs`, `solo.rs` | who has a segment; running alone |
//! | `world.rs`, `poll.rs` | safepoints, stop-the-world, outside, polls |
//! | `segment.rs`, `stamp.rs`, `marks.rs` | the words and tables behind it |
//! | `parking.rs`, `parker.rs` | sleeping |
//! | `fork.rs`, `shutdown.rs`, `events.rs`, `log.rs`, `registers.rs` | what their names say |
//! | `sync.rs`, `fault.rs` | the model-checker shim, and the faults that models must catch |

mod admission;
mod barrier;
mod config;
mod conflict;
mod events;
mod exclusive;
pub mod fault;
mod fork;
mod lifecycle;
mod log;
mod marks;
mod parker;
mod parking;
mod poll;
mod registers;
mod runtime;
mod segment;
mod shutdown;
mod solo;
pub mod stamp;
pub mod sync;
mod thread;
mod token;
mod transaction;
mod turns;
mod world;

pub use config::{Mode, StmConfig};
pub use events::{AbortCause, ConflictKind, Counter, Counters, Event, EventKind, EventSink, Totals};
pub use fork::ForkGuard;
pub use lifecycle::Woken;
pub use marks::GRANULE_SHIFT;
pub use parking::ParkResult;
pub use poll::PollOutcome;
pub use runtime::{LiveTransactions, Stm};
pub use stamp::{MAX_SEGMENTS, NO_STAMP};
pub use sync::Word;
pub use thread::{Requests, SAVED_REGISTERS, ThreadRecord};
pub use transaction::{Conflict, ThreadTicket, Transaction, offsets};
pub use world::Stopped;
