//! The lock of `--gil`: one thread runs Python at a time, as in PyPy 2.4.
//!
//! Releasing it around an external call is a plain store, taking it back an exchange; only when somebody else has it
//! does a thread queue. The one at the head of the queue polls, the others sleep. See [`Gil`]. It knows no Python and no
//! heap: what a thread has to do before it lets others run is its caller's business.

mod gil;
mod mutex;
mod ticker;

pub use gil::Gil;
pub use ticker::{CheckInterval, DEFAULT_CHECK_INTERVAL};
