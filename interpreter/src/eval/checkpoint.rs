//! Where a transaction restarts: saved frames and the thread state that goes with them (DESIGN §3, §9.3).

use gc_stm::Tracer;

/// See the module text.
#[derive(Default)]
pub struct Checkpoint {
    /// Copies of frames: all value words are roots.
    saved: Vec<u64>,
}

impl Checkpoint {
    pub(crate) fn trace(&self, t: &mut Tracer) {
        for w in &self.saved {
            t.word(*w);
        }
    }
}
