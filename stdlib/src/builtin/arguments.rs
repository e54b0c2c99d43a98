//! Counting arguments, in the words of functions that unpack tuples.

use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread};

/// Between `min` and `max` positional arguments.
pub(crate) fn unpack<const N: usize>(
    th: &mut Thread,
    args: &Args<'_>,
    name: &str,
    min: usize,
) -> PyResult<[Slot; N]> {
    let n = args.len();
    if n < min || n > N {
        let (word, bound) = if n < min { ("at least ", min) } else { ("at most ", N) };
        let word = if min == N { "" } else { word };
        return Err(th.type_error(format!("{name} expected {word}{bound} arguments, got {n}")));
    }
    Ok(std::array::from_fn(|i| args.get(i)))
}
