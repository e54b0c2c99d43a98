//! Resident memory after a phase of start-up, and of the program: what only that phase needed is no longer counted as ours.
//!
//! The kernel maps files in windows of many pages around each fault, so start-up, which runs a little of everything,
//! leaves nearly the whole executable and its libraries resident. Dropping the mappings of constant pages costs some
//! microseconds; what is needed later is mapped again from the page cache. Pages that can have been written (data,
//! relocated constants) are left alone, and so is a process that a debugger holds: its breakpoints are private copies of
//! code pages.

use std::ffi::{c_int, c_void};

/// Drops the mappings of the constant pages of the executable and its libraries.
pub fn constant_pages() {
    if cfg!(debug_assertions) || is_traced() {
        return;
    }
    // SAFETY: the callback has the type that is asked for and uses no data.
    unsafe { libc::dl_iterate_phdr(Some(drop_constant), std::ptr::null_mut()) };
}

/// True if a debugger holds this process.
fn is_traced() -> bool {
    std::fs::read_to_string("/proc/self/status")
        .is_ok_and(|s| s.lines().any(|l| l.strip_prefix("TracerPid:").is_some_and(|pid| pid.trim() != "0")))
}

unsafe extern "C" fn drop_constant(info: *mut libc::dl_phdr_info, _: usize, _: *mut c_void) -> c_int {
    const PAGE: usize = 4096;
    // SAFETY: the loader shows a valid record, whose headers stay mapped.
    let (base, headers) = unsafe {
        let info = &*info;
        if info.dlpi_phdr.is_null() {
            return 0;
        }
        (info.dlpi_addr as usize, std::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum as usize))
    };
    for h in headers {
        if h.p_type != libc::PT_LOAD || h.p_flags & libc::PF_W != 0 {
            continue;
        }
        let start = (base + h.p_vaddr as usize).next_multiple_of(PAGE);
        let end = (base + (h.p_vaddr + h.p_memsz) as usize) & !(PAGE - 1);
        if start < end {
            // SAFETY: whole pages of a read-only mapping of a file: they read the same afterwards. An error (the vDSO
            // is no file) changes nothing.
            unsafe { libc::madvise(start as *mut c_void, end - start, libc::MADV_DONTNEED) };
        }
    }
    0
}
