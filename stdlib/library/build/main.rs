//! Build script: finds CPython 2.7.18's pure-Python library, compiles and compresses it, and writes the
//! blob and the index that `src/` embeds.
//!
//! Steps, one file each: `locate.rs` (where the sources are), `collect.rs` (which files, under which
//! module names, with what adjustments), `compile.rs` (code objects), `pack.rs` (blob and index).
//! Nothing of the library is ever committed; `stdlib/lib-overrides` holds our own replacements,
//! `stdlib/lib-wheels` the `ensurepip` that goes with a distributor's wheels.

mod collect;
mod compile;
mod distributor;
mod locate;
mod pack;
mod places;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let root = manifest.join("../..");
    let overrides = root.join("stdlib/lib-overrides");
    println!("cargo::rerun-if-changed=build");
    let installer = root.join("stdlib/lib-wheels");
    println!("cargo::rerun-if-changed={}", overrides.display());
    println!("cargo::rerun-if-changed={}", installer.display());

    let found = locate::locate(&root, &out)?;
    let files = collect::collect(&found, &overrides, &installer)?;
    pack::pack(&files, &found.origin, &out)
}
