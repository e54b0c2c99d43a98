//! Source or tree to code object, in one call.

use crate::ast::Mod;
use crate::code::{CodeObject, flags};
use crate::compiler;
use crate::error::Result;
use crate::lexer::encoding::SourceHooks;
use crate::parser::{Mode, ParseFlags, parse};
use crate::warning::Warning;

/// What to compile under.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompileFlags {
    /// How to read the source. The inherited features that concern the parser need not be set here too.
    pub parse: ParseFlags,
    /// Future features inherited from the caller; bits outside [`flags::FUTURE_MASK`] are ignored.
    pub future: u32,
    /// 0, 1 (`-O`) or 2 (`-OO`).
    pub optimize: u8,
}

/// A code object, and the future features in force at its end: an interactive session keeps them for its next input.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The code.
    pub code: CodeObject,
    /// Bits of [`flags::FUTURE_MASK`].
    pub future: u32,
}

/// Compiles source text. Warnings to issue, in order, are added to `warnings`, also when the compilation fails.
pub fn compile(
    source: &[u8],
    filename: &[u8],
    mode: Mode,
    options: &CompileFlags,
    hooks: &mut dyn SourceHooks,
    warnings: &mut Vec<Warning>,
) -> Result<Compiled> {
    let mut parse_flags = options.parse;
    parse_flags.print_function |= options.future & flags::FUTURE_PRINT_FUNCTION != 0;
    parse_flags.unicode_literals |= options.future & flags::FUTURE_UNICODE_LITERALS != 0;
    let tree = parse(source, &String::from_utf8_lossy(filename), mode, &parse_flags, hooks)?;
    compile_tree(&tree, filename, options, warnings)
}

/// Compiles a tree. Warnings as for [`compile`].
pub fn compile_tree(
    tree: &Mod,
    filename: &[u8],
    options: &CompileFlags,
    warnings: &mut Vec<Warning>,
) -> Result<Compiled> {
    let py3k_warnings = options.parse.py3k_warnings;
    let (code, future) =
        compiler::compile_tree(tree, filename, options.future, options.optimize, py3k_warnings, warnings)?;
    Ok(Compiled { code, future })
}
