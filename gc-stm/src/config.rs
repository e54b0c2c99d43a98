//! Options of a heap, with their defaults.

/// Options of a heap. The interpreter fills it in from the environment and the command line.
#[derive(Clone, Debug)]
pub struct HeapConfig {
    /// Address space to reserve; halved until the system agrees (`ulimit -v`).
    pub reserve: usize,
    /// Bytes of objects at most; `None` means as much as the reservation and the machine's memory hold.
    pub limit: Option<usize>,
    /// Bytes a thread allocates between minor collections.
    pub nursery: usize,
    /// A full collection is wanted when the heap has grown by this factor since the last one.
    pub growth: f64,
    /// No automatic full collection below this many bytes.
    pub min_heap: usize,
    /// Full collections start by themselves.
    pub automatic_full: bool,
    /// Testing: a minor collection at every commit point.
    pub stress_minor: bool,
    /// Testing: a full collection at every commit point.
    pub stress_full: bool,
    /// Testing: fill freed memory with 0x5a.
    pub poison: bool,
    /// Testing: walk and check the whole heap after every full collection.
    pub verify: bool,
}

impl Default for HeapConfig {
    fn default() -> HeapConfig {
        HeapConfig {
            reserve: 64 << 30,
            limit: None,
            nursery: 1 << 20,
            growth: 1.8,
            min_heap: 8 << 20,
            automatic_full: true,
            stress_minor: false,
            stress_full: false,
            poison: false,
            verify: false,
        }
    }
}
