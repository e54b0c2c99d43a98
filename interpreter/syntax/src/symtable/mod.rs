//! Which scope each name belongs to.
//!
//! Two passes, as in every Python: [`build`] walks the tree and notes in each block how a name is used; [`analyze`]
//! decides local, cell, free or global. What looks like a quirk is visible behaviour of 2.7 and kept on purpose:
//! a `global` in a function marks the name in the module too, whose code then stores it as a global.
//! The compiler finds the block of a node by the node's address, so the tree must stay where it is in between.

mod analyze;
mod block;
mod build;
mod expressions;
mod future;
mod mangle;

pub use block::{Block, BlockId, BlockType, Scope, SymbolTable, symbol, unoptimized};
pub use build::build;
pub use future::{FutureFeatures, LATE_FUTURE, find_future_features};
pub use mangle::mangle;
