//! Random runs on real threads, each judged by an oracle that knows nothing of the protocol.
//!
//! A run is a seed: it is printed, and `STRESS_SEED` takes it back (operations and their order per thread are then the same;
//! how threads interleave is up to the machine). `STRESS_MILLIS` is the length of each run, a second by default.
//!
//! | file | concept |
//! |---|---|
//! | `arena.rs` | objects with stamps in real memory, and sessions that read and write them |
//! | `history.rs` | what committed transactions saw and did, and whether some serial order explains it |
//! | `mix.rs` | one thread's random life: transactions of all kinds, polls, stops, going outside |
//! | `plan.rs` | seed, length, random numbers |

pub mod arena;
pub mod history;
pub mod mix;
pub mod plan;
