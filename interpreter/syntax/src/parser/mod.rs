//! From tokens to a syntax tree.
//!
//! [`grammar`] states the language, [`automata`] turns it into tables, [`machine`] runs the tables over the tokens
//! and grows a [`tree`]. Table-driven LL(1) parsing is not a matter of taste here: which token an error is reported
//! at, and at which depth of nesting a program is refused, follow from it and are visible to programs.

pub mod automata;
pub mod concrete;
pub mod entry;
pub mod grammar;
pub mod machine;
pub mod tree;

pub use entry::{Mode, ParseFlags, parse};
