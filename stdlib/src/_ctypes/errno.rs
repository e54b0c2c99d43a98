//! The copy of `errno` that belongs to the program, one in each thread.

use interpreter::native::Args;
use interpreter::{PyResult, Thread, ops};
use std::cell::Cell;

thread_local! {
    static COPY: Cell<i32> = const { Cell::new(0) };
}

/// Exchanges the copy and the C library's `errno`: around foreign calls that ask for it.
pub(super) fn swap() {
    // SAFETY: this thread's own errno.
    unsafe {
        let p = libc::__errno_location();
        *p = COPY.replace(*p);
    }
}

/// `get_errno()`
pub(super) fn get(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(th.int(COPY.get() as i64))
}

/// `set_errno(value)`: the former value. An abort does not bring it back, so there must be none.
pub(super) fn set(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[0])?;
    th.become_inevitable()?;
    Ok(th.int(COPY.replace(n) as i64))
}
