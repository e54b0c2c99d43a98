//! Numbers of the C library that modules show under the names they have there.

use interpreter::objects::module;
use interpreter::{PyResult, Thread, Value};

/// Rows of name and number: constants of the C library by their names, and others with their values.
macro_rules! c_constants {
    ($($name:ident)* $(; $($other:literal = $value:expr),* $(,)?)?) => {
        &[$((stringify!($name), libc::$name as i64),)* $($(($other, $value),)*)?]
    };
}
pub(crate) use c_constants;

/// Adds the numbers to a module.
pub fn add_all(th: &mut Thread, m: Value, rows: &[(&str, i64)]) -> PyResult<()> {
    for (name, n) in rows {
        module::add_int(th, m, name, *n)?;
    }
    Ok(())
}
