//! Source text of Python 2.7 to code objects: lexer, parser, AST, symbol table, compiler, marshal. No heap and no object model here.

pub mod ast;
pub mod ast_dump;
pub mod build;
pub mod error;
pub mod lexer;
pub mod literal;
pub mod parser;
