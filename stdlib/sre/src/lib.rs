//! The matching engine behind the `_sre` module.
//!
//! The library's own `sre_compile.py` (format 20031017) turns a pattern into a list of code words; this crate
//! checks such a list ([`Pattern::new`]) and runs it ([`match_at`], [`search`]) over a slice of bytes or of code
//! points stored in one, two or four bytes each. It knows no Python objects: the interpreter hands in slices and
//! reads spans back from a [`State`].
//!
//! - `opcodes`: the numbers of the format, one row each.
//! - `validate`: accepts exactly the lists that cannot lead the engine astray.
//! - `pattern`: a checked list, with its character sets and literal prefix prepared.
//! - `charset`, `category`, `unidata`, `locale`: which characters belong to a set.
//! - `state`, `engine`, `search`: one match, and the scan for its start.

mod category;
mod chars;
mod charset;
mod engine;
mod locale;
pub mod opcodes;
mod pattern;
mod search;
mod state;
mod unidata;
mod validate;

pub use category::{Case, lower};
pub use chars::Char;
pub use opcodes::{CODESIZE, FLAG_IGNORECASE, FLAG_LOCALE, FLAG_UNICODE, MAGIC, MAXREPEAT};
pub use pattern::Pattern;
pub use search::{match_at, search};
pub use state::State;
pub use validate::InvalidCode;
