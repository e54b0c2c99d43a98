//! Threads as Python sees them: making them, ending them, their locks and local data, `fork`.

pub mod at_commit;
pub mod create;
pub mod error;
pub mod finish;
pub mod foreign;
pub mod fork;
pub mod live;
pub mod local;
pub mod lock;
pub mod sleep;
pub mod start;
pub mod stress;

pub use local::LOCAL;
pub use lock::LOCK;
pub use start::start;
