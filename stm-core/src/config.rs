//! How a runtime is set up.

use crate::events::EventSink;
use std::sync::Arc;

/// Which threads run at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// Transactions; solo (no marks, no undo) until a second thread starts.
    #[default]
    Stm,
    /// Transactions from the start, even with one thread (benchmarks, tests).
    AlwaysStm,
    /// A global lock above this crate: solo for good, with any number of threads.
    Gil,
}

/// Settings of a [`crate::Stm`].
#[derive(Clone)]
pub struct StmConfig {
    /// First address of the heap, a multiple of 16 KiB.
    pub heap_base: usize,
    /// Bytes of address space of the heap; objects elsewhere may not be marked.
    pub heap_len: usize,
    /// How many threads run at once, 1 to 1023 (clamped).
    pub segments: usize,
    pub mode: Mode,
    /// How long a thread keeps its segment while others wait for one.
    pub slice: std::time::Duration,
    /// Receives events, if anybody wants them.
    pub sink: Option<Arc<dyn EventSink>>,
}

impl Default for StmConfig {
    fn default() -> Self {
        StmConfig {
            heap_base: 0,
            heap_len: 0,
            segments: std::thread::available_parallelism().map_or(1, |n| n.get()),
            mode: Mode::Stm,
            slice: std::time::Duration::from_millis(5),
            sink: None,
        }
    }
}
