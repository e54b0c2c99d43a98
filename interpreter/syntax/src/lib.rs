//! Source text of Python 2.7 to code objects: lexer, parser, AST, symbol table, compiler, marshal. No heap and no object model here.

pub mod ast;
pub mod ast_dump;
pub mod build;
pub mod code;
mod compile;
pub mod compiler;
pub mod error;
pub mod lexer;
pub mod listing;
pub mod literal;
pub mod marshal;
pub mod opcodes;
pub mod parser;
pub mod symtable;
mod tree_depth;
pub mod warning;

pub use compile::{CompileFlags, Compiled, compile, compile_tree};
