//! Models of the protocol: every interleaving of small scenarios, by loom.
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test --release -p stm-core --test models            fast tier, under a minute
//! STM_MODELS=slow RUSTFLAGS="--cfg loom" cargo test --release ... --test models    deeper, and each fault for longer
//! ... --test models -- torn_all                                                    one scenario
//! ... --test models -- torn_all NO_FENCE_READER                                    one scenario with one fault: must fail
//! ```
//!
//! First all scenarios must hold; then each deliberate fault (`stm_core::fault`) must make one of its scenarios fail, so
//! that a model that checks nothing is noticed. A scenario runs in its own process: a failing model leaves loom's objects
//! in a state from which the process cannot go on.

#[cfg(loom)]
mod barriers;
#[cfg(loom)]
mod endings;
#[cfg(loom)]
mod harness;
#[cfg(loom)]
mod inevitable;
#[cfg(loom)]
mod memory;
#[cfg(loom)]
mod runner;
#[cfg(loom)]
mod segments;
#[cfg(loom)]
mod world;

#[cfg(not(loom))]
fn main() {
    println!("models: skipped (they need RUSTFLAGS=\"--cfg loom\")");
}

#[cfg(loom)]
fn main() {
    std::process::exit(runner::main());
}
