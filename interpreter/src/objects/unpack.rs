//! Arity errors in the words of `PyArg_UnpackTuple`, for natives whose row takes any number of arguments.

use crate::native::Args;
use crate::raised::PyResult;
use crate::thread::Thread;

/// Checks the number of positional arguments of `name`, of which the first `skip` (self, class) do not count.
pub fn expect_args(
    th: &mut Thread,
    args: &Args<'_>,
    skip: usize,
    name: &str,
    min: usize,
    max: usize,
) -> PyResult<()> {
    let n = args.pos.len().saturating_sub(skip);
    if n >= min && n <= max {
        return Ok(());
    }
    let bound = if n < min { min } else { max };
    let word = match (min == max, n < min) {
        (true, _) => "",
        (false, true) => "at least ",
        (false, false) => "at most ",
    };
    Err(th.type_error(format!("{name} expected {word}{bound} arguments, got {n}")))
}

/// As [`expect_args`], refusing keywords.
pub fn no_keywords(th: &mut Thread, args: &Args<'_>, name: &str) -> PyResult<()> {
    if args.kw.is_empty() {
        Ok(())
    } else {
        Err(th.type_error(format!("{name}() does not take keyword arguments")))
    }
}
