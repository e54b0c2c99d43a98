//! The C library's opinion on a character below 256, for patterns with the LOCALE flag.
//!
//! The answers follow the process's current locale, so nothing here is kept from one call to the next.

/// `isalnum` of the current locale; false from 256 up.
pub fn is_alnum(ch: u32) -> bool {
    // SAFETY: the argument is below 256, which is the function's whole domain beside EOF.
    ch < 256 && unsafe { libc::isalnum(ch as libc::c_int) } != 0
}

/// `tolower` of the current locale; the character itself from 256 up.
pub fn lower(ch: u32) -> u32 {
    if ch < 256 {
        // SAFETY: the argument is below 256, which is the function's whole domain beside EOF.
        unsafe { libc::tolower(ch as libc::c_int) as u32 }
    } else {
        ch
    }
}
