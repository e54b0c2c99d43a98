//! Large objects: each in a run of 4 KiB pages of its own, taken from the top of the address space downwards.

use crate::os::{PAGE, release_pages};
use std::collections::BTreeMap;

/// A free run of pages.
#[derive(Clone, Copy, Debug)]
struct Run {
    len: usize,
    /// Some of it is not zero.
    dirty: bool,
}

/// A large object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Large {
    /// Bytes, whole pages.
    pub(crate) len: usize,
    /// The thread it is young for, or 0.
    pub(crate) owner: u32,
}

/// Bytes of free runs that are not zero, at most, or an eighth of the bytes in use if that is more: such a run is cleared
/// when it is taken, which costs less than new pages. Beyond that a freed run goes back to the system.
const DIRTY_MAX: usize = 512 << 10;

/// A free run at the low end that is not zero goes back to the space between from this length on: below, the next large
/// object takes it, and clearing it costs less than new pages.
const GIVE_BACK: usize = 16 << 20;

/// The runs in use and the free ones, by address.
#[derive(Debug)]
pub(crate) struct LargeSpace {
    pub(crate) live: BTreeMap<usize, Large>,
    free: BTreeMap<usize, Run>,
    /// The lowest address in use or in `free`.
    low: usize,
    /// Bytes in live runs.
    pub(crate) bytes: usize,
    /// Bytes in free runs that are not zero.
    dirty: usize,
}

impl LargeSpace {
    pub(crate) fn new(top: usize) -> LargeSpace {
        LargeSpace { live: BTreeMap::new(), free: BTreeMap::new(), low: top, bytes: 0, dirty: 0 }
    }

    /// The lowest address this space has claimed.
    pub(crate) fn low(&self) -> usize {
        self.low
    }

    /// Takes a run for `size` bytes, zeroed. It may extend down to `floor`, no further.
    pub(crate) fn take(&mut self, size: usize, owner: u32, floor: usize) -> Option<usize> {
        let len = size.checked_add(PAGE - 1)? & !(PAGE - 1);
        let fit = self.free.iter().find(|(_, r)| r.len >= len).map(|(a, r)| (*a, *r));
        let start = match fit {
            Some((start, run)) => {
                self.free.remove(&start);
                if run.len > len {
                    self.free.insert(start + len, Run { len: run.len - len, dirty: run.dirty });
                }
                if run.dirty {
                    self.dirty -= len;
                    // SAFETY: a free run.
                    unsafe { std::ptr::write_bytes(start as *mut u8, 0, len) };
                }
                start
            }
            None => {
                let start = self.low.checked_sub(len)?;
                if start < floor {
                    return None;
                }
                self.low = start;
                start
            }
        };
        self.live.insert(start, Large { len, owner });
        self.bytes += len;
        Some(start)
    }

    /// Frees the run of a dead object.
    pub(crate) fn release(&mut self, start: usize) {
        let Some(large) = self.live.remove(&start) else { return };
        self.bytes -= large.len;
        let mut run = Run { len: large.len, dirty: true };
        if self.dirty + run.len > DIRTY_MAX.max(self.bytes / 8) {
            // SAFETY: nobody uses the run of a dead object.
            unsafe { release_pages(start, run.len) };
            run.dirty = false;
        } else {
            self.dirty += run.len;
        }
        let mut start = start;
        if let Some((&before, &r)) = self.free.range(..start).next_back()
            && before + r.len == start
        {
            self.free.remove(&before);
            run = self.joined(before, r, start, run);
            start = before;
        }
        if let Some(&r) = self.free.get(&(start + run.len)) {
            let after = start + run.len;
            self.free.remove(&after);
            run = self.joined(start, run, after, r);
        }
        if start == self.low && (!run.dirty || run.len >= GIVE_BACK) {
            // To the space between, where blocks may grow into it: it reads as zeros there.
            if run.dirty {
                // SAFETY: a free run.
                unsafe { release_pages(start, run.len) };
                self.dirty -= run.len;
            }
            self.low = start + run.len;
        } else {
            self.free.insert(start, run);
        }
    }

    /// Two free runs side by side as one. A small run that is not zero does not make a long one so.
    fn joined(&mut self, at_a: usize, a: Run, at_b: usize, b: Run) -> Run {
        let len = a.len + b.len;
        if a.dirty == b.dirty {
            return Run { len, dirty: a.dirty };
        }
        let (start, dirty, clean) = if a.dirty { (at_a, a.len, b.len) } else { (at_b, b.len, a.len) };
        if clean / 4 > dirty {
            // SAFETY: a free run.
            unsafe { release_pages(start, dirty) };
            self.dirty -= dirty;
            return Run { len, dirty: false };
        }
        self.dirty += clean;
        Run { len, dirty: true }
    }

    /// The object has become old.
    pub(crate) fn disown(&mut self, start: usize) {
        if let Some(large) = self.live.get_mut(&start) {
            large.owner = 0;
        }
    }

    /// The object whose run is around `address`.
    pub(crate) fn find(&self, address: usize) -> Option<(usize, Large)> {
        let (&start, &large) = self.live.range(..=address).next_back()?;
        (address < start + large.len).then_some((start, large))
    }
}
