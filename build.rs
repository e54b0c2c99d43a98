//! Links the command at a fixed address.
//!
//! The tables of types, methods and modules are full of pointers: in a position-independent executable each start would
//! relocate twelve thousand of them, and make private copies of the pages they lie in.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(name).unwrap_or_default();
    if target("CARGO_CFG_TARGET_OS") == "linux" && target("CARGO_CFG_TARGET_ENV") == "gnu" {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
