//! Conservative scanning: from any word to the object it points into, if there is one.
//!
//! A word counts only if it falls into an allocated object. Interior pointers count, one past the end does
//! not: variable-size objects keep a byte of slack after their payload (pitfall 29).

use crate::kind::size_of_object;
use crate::mutator::Mutator;
use crate::object::ObjRef;
use crate::space::{BLOCK, GRANULE, OLD, START, Space, Use};

impl Space {
    /// The object around `word`, read as an address.
    pub(crate) fn find_object(&self, word: usize) -> Option<ObjRef> {
        if !self.contains(word) {
            return None;
        }
        if self.block_of(word).usage() != Use::Free {
            return self.find_in_block(word);
        }
        let pool = self.pool.lock();
        let (start, _) = pool.large.find(word)?;
        drop(pool);
        // SAFETY: large objects start at the start of their run.
        self.covering(unsafe { ObjRef::from_address(start) }, word)
    }

    /// The young object of thread `owner` around `word`. Large ones are looked up in `large`.
    #[inline]
    pub(crate) fn find_young(&self, word: usize, owner: u32, large: &[ObjRef]) -> Option<ObjRef> {
        if !self.contains(word) {
            return None;
        }
        let meta = self.block_of(word);
        let found = if meta.usage() == Use::Owned {
            if meta.owner() != owner {
                return None;
            }
            self.find_in_block(word)?
        } else if meta.usage() == Use::Free {
            let obj =
                *large.iter().find(|o| word >= o.address() && word - o.address() < size_of_object(**o))?;
            self.covering(obj, word)?
        } else {
            return None;
        };
        // SAFETY: the state byte of an object.
        (unsafe { *self.state(found.address()) } & OLD == 0).then_some(found)
    }

    /// The object around an address in a used block.
    fn find_in_block(&self, word: usize) -> Option<ObjRef> {
        let first = self.state(word & !(BLOCK - 1)) as usize;
        let mut at = self.state(word) as usize;
        // Byte by byte to an 8-byte boundary, then words of state bytes.
        loop {
            // SAFETY: within the state bytes of the block.
            if unsafe { *(at as *const u8) } & START != 0 {
                break;
            }
            if at == first {
                return None;
            }
            if at.is_multiple_of(8) {
                loop {
                    if at == first {
                        return None;
                    }
                    // SAFETY: as above; `at` is aligned and above `first`, which is aligned too.
                    let eight = unsafe { *((at - 8) as *const u64) };
                    if eight == 0 {
                        at -= 8;
                        continue;
                    }
                    at = at - 1 - (eight.leading_zeros() / 8) as usize;
                    break;
                }
            } else {
                at -= 1;
            }
        }
        let start = (word & !(BLOCK - 1)) + (at - first) * GRANULE;
        // SAFETY: START is set only where an object starts.
        self.covering(unsafe { ObjRef::from_address(start) }, word)
    }

    fn covering(&self, obj: ObjRef, word: usize) -> Option<ObjRef> {
        (word < obj.address() + size_of_object(obj)).then_some(obj)
    }
}

/// Calls `f` with every aligned word from `low` up to `high`.
///
/// # Safety
/// The range is readable memory of a native stack.
unsafe fn scan_words(low: usize, high: usize, mut f: impl FnMut(usize)) {
    let mut at = low & !7;
    while at + 8 <= high {
        // SAFETY: per the contract.
        f(unsafe { load(at) });
        at += 8;
    }
}

/// Loads a word that may be any part of another frame.
///
/// # Safety
/// It is readable.
#[inline(always)]
unsafe fn load(at: usize) -> usize {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        let word: usize;
        // SAFETY: per the contract. In assembly, so that address sanitizers, which fence the gaps between locals, do
        // not see it.
        unsafe {
            std::arch::asm!(
                "mov {0}, [{1}]",
                out(reg) word,
                in(reg) at,
                options(nostack, readonly, preserves_flags),
            );
        }
        word
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    // SAFETY: per the contract. Volatile: the words are other frames' locals.
    unsafe {
        std::ptr::read_volatile(at as *const usize)
    }
}

/// A native stack to scan.
#[derive(Clone, Copy)]
pub(crate) enum NativeStack {
    /// Of the calling thread.
    Own,
    /// Of the calling thread, from an address on: nothing newer refers to objects.
    OwnFrom(usize),
    /// Of a stopped thread, as it has published it.
    Published { top: usize, registers: [usize; stm_core::SAVED_REGISTERS] },
}

impl Mutator {
    /// The stack of the calling thread, whose mutator this is.
    pub(crate) fn own_stack(&self) -> NativeStack {
        match self.scan_from.get() {
            0 => NativeStack::Own,
            low => NativeStack::OwnFrom(low),
        }
    }
}

impl NativeStack {
    /// Calls `f` with every word that may be a reference, up to `base`; 0 means that there are none.
    pub(crate) fn scan(self, base: usize, mut f: impl FnMut(usize)) {
        match self {
            NativeStack::Own => scan_own_stack(base, f),
            NativeStack::OwnFrom(low) if base != 0 && !cfg!(miri) => {
                // SAFETY: a part of the calling thread's stack, by the contract of `scan_from`.
                unsafe { scan_words(low, base, f) };
            }
            NativeStack::OwnFrom(_) => {}
            NativeStack::Published { top, registers } if base != 0 && !cfg!(miri) => {
                registers.into_iter().for_each(&mut f);
                // SAFETY: the published part of the stack of a stopped thread.
                unsafe { scan_words(top, base, f) };
            }
            NativeStack::Published { .. } => {}
        }
    }
}

/// Calls `f` with every word of the calling thread's native stack up to `base`, and its registers.
#[inline(never)]
fn scan_own_stack(base: usize, f: impl FnMut(usize)) {
    if base == 0 || cfg!(miri) {
        return;
    }
    let mut registers = [0usize; 12];
    spill(&mut registers);
    let low = registers.as_ptr() as usize;
    // SAFETY: from a local of this frame up to an address the thread gave as its stack's base.
    unsafe { scan_words(low, base, f) };
    std::hint::black_box(&registers);
}

/// Overwrites the native stack below the caller's frame, as far as eval loops commonly reach. For the end of a thread: the C
/// library gives its stack to a later one, whose frames would find in places not written yet what this one has left there.
#[inline(never)]
pub fn clear_dead_stack() {
    let mut dead = [0_usize; 2048];
    std::hint::black_box(&mut dead);
}

/// Callee-saved registers as they were when a frame began; with it, what callers keep lies in memory from its address on.
#[repr(transparent)]
pub struct StackMark([usize; 12]);

impl Default for StackMark {
    fn default() -> StackMark {
        StackMark::new()
    }
}

impl StackMark {
    /// An empty mark.
    #[inline(always)]
    pub fn new() -> StackMark {
        StackMark([0; 12])
    }

    /// Stores the registers and gives the mark's address, from which a scan finds all that this frame's callers hold.
    #[inline(always)]
    pub fn set(&mut self) -> usize {
        spill(&mut self.0);
        self.0.as_ptr() as usize
    }
}

/// Stores the callee-saved registers.
#[inline(always)]
fn spill(into: &mut [usize; 12]) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: stores six words.
    unsafe {
        std::arch::asm!(
            "mov [{0}], rbx",
            "mov [{0} + 8], rbp",
            "mov [{0} + 16], r12",
            "mov [{0} + 24], r13",
            "mov [{0} + 32], r14",
            "mov [{0} + 40], r15",
            in(reg) into.as_mut_ptr(),
            options(nostack, preserves_flags),
        );
    }
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    // SAFETY: stores ten words.
    unsafe {
        std::arch::asm!(
            "stp x19, x20, [{0}]",
            "stp x21, x22, [{0}, #16]",
            "stp x23, x24, [{0}, #32]",
            "stp x25, x26, [{0}, #48]",
            "stp x27, x28, [{0}, #64]",
            in(reg) into.as_mut_ptr(),
            options(nostack, preserves_flags),
        );
    }
    std::hint::black_box(into);
}
