//! The Python 2.7 interpreter: values, objects, types, the eval loop.
//!
//! Everything touches objects only through the barriers of `stm-core`, on the heap of `gc-stm`; see ARCHITECTURE.md.

pub mod alloc;
pub mod buffer;
pub mod codecs;
pub mod dead;
pub mod errors;
pub mod eval;
pub mod gil;
pub mod import;
pub mod intern;
pub mod kinds;
pub mod layout;
pub mod name;
pub mod names;
pub mod native;
pub mod objects;
pub mod ops;
pub mod outside;
pub mod panics;
pub mod paths;
pub mod raised;
pub mod runtime;
pub mod signals;
pub mod source;
pub mod source_hooks;
pub mod start;
pub mod text;
pub mod text_sum;
pub mod thread;
pub mod threads;
pub mod types;
pub mod value;
pub mod warnings;

pub use native::Args;
pub use raised::{PyResult, Raised};
pub use thread::Thread;
pub use value::{Slot, Value};
