//! Options of a heap, with their defaults.

/// Options of a heap. The interpreter fills it in from the environment and the command line.
#[derive(Clone, Debug)]
pub struct HeapConfig {
    /// Address space to reserve; halved until the system agrees (`ulimit -v`).
    pub reserve: usize,
    /// Bytes of objects at most; `None` means as much as the reservation and the machine's memory hold.
    pub limit: Option<usize>,
    /// Bytes a thread allocates between minor collections while the heap is small.
    pub nursery: usize,
    /// As much at most when it is large, or when much survives.
    pub nursery_max: usize,
    /// A full collection is wanted when the heap has grown by this factor since the last one, the first MiB not
    /// counted,
    pub growth: f64,
    /// and by this many bytes; by more while full collections take more than a small part of the time.
    pub headroom: usize,
    /// No automatic full collection below this many bytes.
    pub min_heap: usize,
    /// Full collections start by themselves.
    pub automatic_full: bool,
    /// Called after some minor collections, ever more seldom: the layer above may give memory back.
    pub trim: Option<fn()>,
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
            // Miri backs it with real memory.
            reserve: if cfg!(miri) { 16 << 20 } else { 64 << 30 },
            limit: None,
            nursery: 256 << 10,
            nursery_max: 1 << 20,
            growth: 1.8,
            headroom: 1 << 19,
            min_heap: 7 << 18,
            automatic_full: true,
            trim: None,
            stress_minor: false,
            stress_full: false,
            poison: false,
            verify: false,
        }
    }
}
