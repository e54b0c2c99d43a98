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

/// Runs at least this long go back to the system when they are freed.
const RELEASE: usize = 128 << 10;

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
}

impl LargeSpace {
    pub(crate) fn new(top: usize) -> LargeSpace {
        LargeSpace { live: BTreeMap::new(), free: BTreeMap::new(), low: top, bytes: 0 }
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
                    if len >= RELEASE {
                        // SAFETY: a free run.
                        unsafe { release_pages(start, len) };
                    } else {
                        // SAFETY: a free run.
                        unsafe { std::ptr::write_bytes(start as *mut u8, 0, len) };
                    }
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
        if run.len >= RELEASE {
            // SAFETY: nobody uses the run of a dead object.
            unsafe { release_pages(start, run.len) };
            run.dirty = false;
        }
        let mut start = start;
        if let Some((&before, &r)) = self.free.range(..start).next_back()
            && before + r.len == start
        {
            self.free.remove(&before);
            run = Run { len: run.len + r.len, dirty: run.dirty || r.dirty };
            start = before;
        }
        if let Some(&r) = self.free.get(&(start + run.len)) {
            self.free.remove(&(start + run.len));
            run = Run { len: run.len + r.len, dirty: run.dirty || r.dirty };
        }
        if start == self.low && (!run.dirty || run.len >= GIVE_BACK) {
            // To the space between, where blocks may grow into it: it reads as zeros there.
            if run.dirty {
                // SAFETY: a free run.
                unsafe { release_pages(start, run.len) };
            }
            self.low = start + run.len;
        } else {
            self.free.insert(start, run);
        }
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
