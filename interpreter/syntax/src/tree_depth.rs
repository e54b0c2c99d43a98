//! How deep a tree may be.
//!
//! `a + a + ...` makes a tree as deep as it is long. The passes over a tree recurse; each level may move to a fresh
//! piece of stack, so that the thread's own stack never overflows, up to a limit that ends in a Python error.

use crate::error::{Error, Result};

/// Levels a pass goes down before it gives up.
const MAX_DEPTH: u32 = 100_000;

/// The depth one level further down.
pub(crate) fn enter(depth: u32) -> Result<u32> {
    if depth >= MAX_DEPTH {
        return Err(Error::Runtime("maximum recursion depth exceeded during compilation".into()));
    }
    Ok(depth + 1)
}

/// Runs `f` where enough stack is left for one level.
pub(crate) fn with_stack<R>(f: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(128 << 10, 2 << 20, f)
}
