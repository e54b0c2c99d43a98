//! Warnings issued by the core. What is done with one is decided by the module `_warnings`, once it is there.

use crate::errors::Text;
use crate::native::TypeDef;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use std::sync::OnceLock;

/// Issues a warning: thread, category, message, stack level.
pub type WarnFn = fn(&mut Thread, Value, &str, i64) -> PyResult<()>;

/// Issues a warning about a place in a file: thread, category, message, file name, line.
pub type WarnAtFn = fn(&mut Thread, Value, &str, &[u8], i64) -> PyResult<()>;

static WARN: OnceLock<(WarnFn, WarnAtFn)> = OnceLock::new();

/// Says who handles warnings; only the first call counts.
pub fn set_handler(f: WarnFn, at: WarnAtFn) {
    // A second registration would name the same handler.
    let _ = WARN.set((f, at));
}

/// Issues a warning of a built-in category about a line of a file, as the compiler does.
pub fn warn_at(
    th: &mut Thread,
    category: &TypeDef,
    text: &str,
    filename: &[u8],
    lineno: i64,
) -> PyResult<()> {
    match WARN.get() {
        Some((_, f)) => f(th, category.class(), text, filename, lineno),
        None => Ok(()),
    }
}

/// Issues a warning of a built-in category; `stacklevel` 1 is the running Python frame.
pub fn warn<'a>(
    th: &mut Thread,
    category: &TypeDef,
    text: impl Into<Text<'a>>,
    stacklevel: i64,
) -> PyResult<()> {
    match WARN.get() {
        Some((f, _)) => f(th, category.class(), &text.into(), stacklevel),
        None => Ok(()),
    }
}
