//! The native modules of the standard library, one folder each. [`MODULES`] lists them once.

pub mod cmath;
pub mod math;

use interpreter::native::ModuleDef;

/// Every native module, importable by its name.
pub static MODULES: &[&ModuleDef] = &[
    &cmath::MODULE,
    &math::MODULE,
];
