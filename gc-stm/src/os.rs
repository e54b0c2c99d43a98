//! Address space from the operating system: reserved without backing, given back without unmapping.

use std::io;

/// A reserved range of addresses; pages of it appear, zeroed, when touched.
#[derive(Debug)]
pub(crate) struct Reservation {
    base: usize,
    len: usize,
    map_base: usize,
    map_len: usize,
}

impl Reservation {
    /// Reserves `len` bytes aligned to `align` (a power of two, at least a page).
    #[cfg(miri)]
    pub(crate) fn new(len: usize, align: usize) -> io::Result<Reservation> {
        let layout = std::alloc::Layout::from_size_align(len, align).map_err(io::Error::other)?;
        // SAFETY: the length is not zero.
        let base = unsafe { std::alloc::alloc_zeroed(layout) }.expose_provenance();
        Ok(Reservation { base, len, map_base: base, map_len: align })
    }

    /// Reserves `len` bytes aligned to `align` (a power of two, at least a page).
    #[cfg(not(miri))]
    pub(crate) fn new(len: usize, align: usize) -> io::Result<Reservation> {
        let map_len = if align > PAGE { len + align } else { len };
        // SAFETY: a fresh anonymous mapping at an address of the kernel's choice.
        let p = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                map_len,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if p == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let map_base = p as usize;
        let base = (map_base + align - 1) & !(align - 1);
        Ok(Reservation { base, len, map_base, map_len })
    }

    pub(crate) fn base(&self) -> usize {
        self.base
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        #[cfg(not(miri))]
        // SAFETY: the range is our own mapping, and its owner is going away.
        unsafe {
            libc::munmap(self.map_base as *mut libc::c_void, self.map_len);
        }
        #[cfg(miri)]
        // SAFETY: allocated by `new` with this layout (`map_len` is the alignment here).
        unsafe {
            let layout = std::alloc::Layout::from_size_align_unchecked(self.len, self.map_len);
            std::alloc::dealloc(std::ptr::with_exposed_provenance_mut(self.map_base), layout);
        }
    }
}

/// Bytes of memory of the machine; `usize::MAX` if it does not say.
pub(crate) fn physical_memory() -> usize {
    if cfg!(miri) {
        return usize::MAX;
    }
    // SAFETY: only asks.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    match (usize::try_from(pages), usize::try_from(size)) {
        (Ok(pages), Ok(size)) if pages > 0 => pages.saturating_mul(size),
        _ => usize::MAX,
    }
}

pub(crate) const PAGE: usize = 4096;

/// Gives the pages of a range back; they read as zeros afterwards.
///
/// # Safety
/// The range belongs to a `Reservation`, and nobody needs its contents.
pub(crate) unsafe fn release_pages(start: usize, len: usize) {
    debug_assert!(start.is_multiple_of(PAGE) && len.is_multiple_of(PAGE));
    if len != 0 {
        let rc = if cfg!(miri) {
            -1
        } else {
            // SAFETY: per the contract.
            unsafe { libc::madvise(start as *mut libc::c_void, len, libc::MADV_DONTNEED) }
        };
        if rc != 0 {
            // Locked memory and the like: zeroing is what the caller relies on.
            // SAFETY: per the contract.
            unsafe { std::ptr::write_bytes(start as *mut u8, 0, len) };
        }
    }
}
