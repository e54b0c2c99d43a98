//! The way in: source bytes to abstract syntax tree, with every error placed where programs expect it.

use super::grammar::symbol;
use super::machine::{Machine, Outcome};
use super::tree::Tree;
use crate::ast::Mod;
use crate::build::Builder;
use crate::error::{Error, Result, SyntaxKind};
use crate::lexer::encoding::{Category, SourceHooks, decode_utf8, push_utf8};
use crate::lexer::scanner::{Scanner, Stop, TabCheck};
use crate::lexer::source::{Input, Source, prepare};
use crate::lexer::token::*;

/// What the input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A module.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
}

/// How to read it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ParseFlags {
    /// Where the bytes come from.
    pub input: Input,
    /// `print` is a function already.
    pub print_function: bool,
    /// String literals are unicode already (also `-U`).
    pub unicode_literals: bool,
    /// Do not close open blocks at the end: the input may go on (`PyCF_DONT_IMPLY_DEDENT`).
    pub dont_imply_dedent: bool,
    /// The bytes are the UTF-8 of a unicode source; a coding comment is an error.
    pub source_is_utf8: bool,
    /// `-t`, `-tt`.
    pub tab_check: TabCheck,
    /// `-3`: report what Python 3 dropped.
    pub py3k_warnings: bool,
}

/// A parsed input, before its abstract tree is built.
#[derive(Debug)]
pub struct Parsed {
    /// The source as scanned.
    pub source: Source,
    /// Its tree; the root is the last node.
    pub tree: Tree,
    /// String literals are unicode.
    pub unicode_literals: bool,
}

/// Parses a source. `filename` appears in one message only; errors do not carry it.
///
/// With [`Input::Prompt`] the answer [`Error::Incomplete`] means that the statement goes on beyond the lines given.
pub fn parse(
    source: &[u8],
    filename: &str,
    mode: Mode,
    flags: &ParseFlags,
    hooks: &mut dyn SourceHooks,
) -> Result<Mod> {
    let parsed = parse_tree(source, filename, mode, flags, hooks)?;
    Builder::new(&parsed, flags, hooks)?.module(mode)
}

/// Parses a source to its concrete tree.
pub fn parse_tree(
    source: &[u8],
    filename: &str,
    mode: Mode,
    flags: &ParseFlags,
    hooks: &mut dyn SourceHooks,
) -> Result<Parsed> {
    grow(source, filename, mode, flags, hooks, false)
}

/// As [`parse_tree`]; `whole`: every nonterminal makes a node, which the builder does not expect.
pub(super) fn grow(
    source: &[u8],
    filename: &str,
    mode: Mode,
    flags: &ParseFlags,
    hooks: &mut dyn SourceHooks,
    whole: bool,
) -> Result<Parsed> {
    let source = prepare(source, flags.input, mode == Mode::Exec, filename, hooks)?;
    let mut scanner = Scanner::new(&source, flags.input, flags.tab_check);
    let mut machine = Machine::new(&source.bytes, start_symbol(mode));
    machine.whole = whole;
    machine.print_function = flags.print_function;
    machine.unicode_literals = flags.unicode_literals;
    let outcome = run(&mut scanner, &mut machine, flags, &source.bytes, hooks);
    if scanner.tab_warning {
        hooks.warn_tabs();
    }
    match outcome {
        Ok(()) => {
            let (tree, unicode_literals) = (machine.tree, machine.unicode_literals);
            Ok(Parsed { source, tree, unicode_literals })
        }
        Err(failure) => Err(report(&failure, &scanner, &source, flags, hooks)),
    }
}

/// The nonterminal an input is.
pub(super) fn start_symbol(mode: Mode) -> u16 {
    match mode {
        Mode::Exec => symbol::file_input,
        Mode::Eval => symbol::eval_input,
        Mode::Single => symbol::single_input,
    }
}

/// Why the parser stopped.
enum Failure {
    /// The scanner could not go on.
    Scanner,
    /// A token of this kind, where only the other one fits, if any.
    Unfit(Kind, Option<Kind>),
    /// The nesting is too deep.
    Overflow,
    /// A warning became an exception.
    Raised,
}

fn run(
    scanner: &mut Scanner<'_>,
    machine: &mut Machine<'_>,
    flags: &ParseFlags,
    bytes: &[u8],
    hooks: &mut dyn SourceHooks,
) -> std::result::Result<(), Failure> {
    let mut started = false;
    loop {
        let mut token = scanner.next_token().ok_or(Failure::Scanner)?;
        if token.kind == ENDMARKER && flags.input == Input::Prompt {
            // More lines can be typed: nothing is implied.
            return Err(Failure::Unfit(ENDMARKER, None));
        }
        if token.kind == ENDMARKER && started {
            // The last line may lack its end, and blocks may be open.
            token.kind = NEWLINE;
            started = false;
            if scanner.indented() && !flags.dont_imply_dedent {
                scanner.close_blocks();
            }
        } else {
            started = true;
            if token.kind == NOTEQUAL
                && flags.py3k_warnings
                && bytes[token.start as usize] == b'<'
                && !hooks.warn_py3k(
                    Category::Deprecation,
                    "<> not supported in 3.x; use !=",
                    token.lineno as i32,
                )
            {
                return Err(Failure::Raised);
            }
        }
        match machine.feed(token) {
            Outcome::More => {}
            Outcome::Done => return Ok(()),
            Outcome::Unfit(only) => return Err(Failure::Unfit(token.kind, only)),
            Outcome::Overflow => return Err(Failure::Overflow),
        }
    }
}

#[cold]
fn report(
    failure: &Failure,
    scanner: &Scanner<'_>,
    source: &Source,
    flags: &ParseFlags,
    hooks: &mut dyn SourceHooks,
) -> Error {
    let ended = scanner.stop == Stop::Eof;
    if flags.input == Input::Prompt
        && (ended || matches!(scanner.stop, Stop::EofInString) || ends_inside_literal(scanner, source))
    {
        return Error::Incomplete;
    }
    use SyntaxKind::*;
    let (kind, message) = match failure {
        Failure::Raised => return Error::Raised,
        _ if ended && scanner.lineno <= 1 => (Syntax, "unexpected EOF while parsing"),
        Failure::Overflow => return Error::ParserStackOverflow,
        Failure::Unfit(_, Some(INDENT)) => (Indentation, "expected an indented block"),
        Failure::Unfit(INDENT, _) => (Indentation, "unexpected indent"),
        Failure::Unfit(DEDENT, _) => (Indentation, "unexpected unindent"),
        Failure::Unfit(..) => (Syntax, "invalid syntax"),
        Failure::Scanner => match scanner.stop {
            Stop::BadToken => (Syntax, "invalid token"),
            Stop::EofInString => (Syntax, "EOF while scanning triple-quoted string literal"),
            Stop::EolInString => (Syntax, "EOL while scanning string literal"),
            Stop::TabSpace => (Tab, "inconsistent use of tabs and spaces in indentation"),
            Stop::BadDedent => (Indentation, "unindent does not match any outer indentation level"),
            Stop::TooDeep => (Indentation, "too many levels of indentation"),
            Stop::AfterBackslash => (Syntax, "unexpected character after line continuation character"),
            Stop::Undecodable => {
                return scanner.decoding_error().cloned().unwrap_or(Error::Memory);
            }
            Stop::Eof | Stop::No => (Syntax, "unexpected EOF while parsing"),
        },
    };
    let mut offset = scanner.error_offset();
    let shown = scanner.error_text();
    let mut text = shown.to_vec();
    if let Some(encoding) = &source.encoding {
        // Show the line in the encoding of the source, and count its columns there.
        if let Some(t) = encode_shown(&text, encoding, hooks) {
            if offset > 1
                && let Some(before) = encode_shown(&text[..(offset - 1).min(text.len())], encoding, hooks)
            {
                offset = before.len() + 1;
            }
            text = t;
        }
    }
    if scanner.past_last_line() {
        text.clear();
    }
    let lineno = scanner.lineno as i32;
    Error::at(kind, message, lineno, offset as i32, Some(text))
}

/// Whether the scanner failed because the lines typed so far end in a string literal that a backslash continues.
fn ends_inside_literal(scanner: &Scanner<'_>, source: &Source) -> bool {
    scanner.stop == Stop::EolInString
        && source.bytes[..source.len].ends_with(b"\\\n")
        && scanner.at_end(source.len)
}

/// The text in the source's encoding, what does not fit replaced.
fn encode_shown(text: &[u8], encoding: &str, hooks: &mut dyn SourceHooks) -> Option<Vec<u8>> {
    let mut utf8 = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        match decode_utf8(rest) {
            Ok(_) => {
                utf8.extend_from_slice(rest);
                break;
            }
            Err(e) => {
                utf8.extend_from_slice(&rest[..e.start]);
                push_utf8(&mut utf8, 0xfffd);
                rest = &rest[e.end.min(rest.len())..];
            }
        }
    }
    hooks.encode(encoding, &utf8, true).ok()
}
