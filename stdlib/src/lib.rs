//! The native modules of the standard library, one folder each. [`MODULES`] lists them once.

pub mod cmath;
pub mod digest;
pub mod math;
pub mod random;

use interpreter::native::ModuleDef;

/// Every native module, importable by its name.
pub static MODULES: &[&ModuleDef] = &[
    &cmath::MODULE,
    &digest::MD5,
    &digest::SHA,
    &digest::SHA256,
    &digest::SHA512,
    &math::MODULE,
    &random::RANDOM,
];
