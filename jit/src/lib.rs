//! The tracing compiler's parameters: what `--jit` sets. The compiler itself comes later; the interpreter runs alone.

mod parameters;

pub use parameters::{JitOptions, PARAMETERS, PASSES, Parameter, help};
