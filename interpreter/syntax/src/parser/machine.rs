//! The pushdown machine: feeds tokens to the automata and grows the tree.
//!
//! # Invariants
//! M1. The stack never holds more than [`MAX_STACK`] nonterminals; the language's own limit on nesting is this one.
//! M2. An ended nonterminal is popped at once when nothing can follow inside it, else when the next token does not fit.
//!     Error positions and the moment a future import takes effect both depend on it.

use super::automata::{Action, Tables, tables};
use super::grammar::{FIRST_SYMBOL, symbol};
use super::tree::{Node, Tree};
use crate::lexer::token::*;

/// The most nonterminals that may be open at once.
const MAX_STACK: usize = 1500;

/// An open nonterminal.
#[derive(Clone, Copy)]
struct Frame {
    state: u16,
    mark: u32,
}

/// What became of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Taken; more is wanted.
    More,
    /// Taken, and the input is complete.
    Done,
    /// It does not fit; the only kind that would have, if there was just one.
    Unfit(Option<Kind>),
    /// Too deep.
    Overflow,
}

/// The parser of one input.
pub struct Machine<'s> {
    tables: &'static Tables,
    source: &'s [u8],
    stack: Vec<Frame>,
    /// The tree grown so far.
    pub tree: Tree,
    /// `print` is a name, from now on.
    pub print_function: bool,
    /// String literals are unicode, in the whole input.
    pub unicode_literals: bool,
    /// Every nonterminal makes a node.
    pub whole: bool,
}

impl<'s> Machine<'s> {
    /// A machine that expects `start`, one of the input symbols.
    pub fn new(source: &'s [u8], start: u16) -> Machine<'s> {
        let tables = tables();
        let mut stack = Vec::with_capacity(128);
        stack.push(Frame { state: tables.initial[(start - FIRST_SYMBOL) as usize], mark: 0 });
        Machine {
            tables,
            source,
            stack,
            tree: Tree::for_source(source.len()),
            print_function: false,
            unicode_literals: false,
            whole: false,
        }
    }

    /// Ends the innermost nonterminal.
    #[inline]
    fn pop(&mut self, frame: Frame) {
        let kind = self.tables.states[frame.state as usize].symbol;
        self.stack.pop();
        if kind == symbol::import_stmt {
            self.notice_future();
        }
        let keep = self.whole || self.tables.keep[(kind - FIRST_SYMBOL) as usize];
        self.tree.finish(kind, frame.mark, keep);
    }

    /// Feeds a token.
    pub fn feed(&mut self, mut token: Token) -> Outcome {
        if token.kind == KW_PRINT && self.print_function {
            token.kind = NAME;
        }
        if token.kind == OP {
            return Outcome::Unfit(None);
        }
        loop {
            let Some(&frame) = self.stack.last() else { return Outcome::Unfit(None) };
            let state = &self.tables.states[frame.state as usize];
            match state.action(token.kind) {
                Action::Push(inner, then) => {
                    if self.stack.len() == MAX_STACK {
                        return Outcome::Overflow;
                    }
                    let top = self.stack.len() - 1;
                    self.stack[top].state = then;
                    let mark = self.tree.mark();
                    self.stack.push(Frame { state: self.tables.initial[inner as usize], mark });
                }
                Action::Shift(then) => {
                    self.tree.add(token);
                    let top = self.stack.len() - 1;
                    self.stack[top].state = then;
                    while let Some(&frame) = self.stack.last() {
                        if !self.tables.states[frame.state as usize].terminal {
                            return Outcome::More;
                        }
                        self.pop(frame);
                    }
                    return Outcome::Done;
                }
                Action::None if state.accepting => {
                    self.pop(frame);
                    if self.stack.is_empty() {
                        return Outcome::Unfit(None);
                    }
                }
                Action::None => return Outcome::Unfit(state.only),
            }
        }
    }

    /// Looks at a finished import statement for the futures that change how the rest is read.
    #[cold]
    fn notice_future(&mut self) {
        let Some(&import) = self.tree.last() else { return };
        if import.kind != symbol::import_from {
            return;
        }
        let children = self.tree.children(&import);
        if children.len() < 4 || !self.is_word(&children[1], b"__future__") {
            return;
        }
        let names = if children[3].kind == LPAR as u16 { children.get(4) } else { children.get(3) };
        let Some(names) = names else { return };
        let list = match names.kind {
            symbol::import_as_names => self.tree.children(names),
            _ => std::slice::from_ref(names),
        };
        let (mut print, mut unicode) = (false, false);
        for item in list {
            let name = if item.kind == symbol::import_as_name { &self.tree.children(item)[0] } else { item };
            print |= self.is_word(name, b"print_function");
            unicode |= self.is_word(name, b"unicode_literals");
        }
        self.print_function |= print;
        self.unicode_literals |= unicode;
    }

    fn is_word(&self, node: &Node, word: &[u8]) -> bool {
        let node = if node.kind == symbol::dotted_name { &self.tree.children(node)[0] } else { node };
        node.kind == NAME as u16 && self.tree.text(node, self.source) == word
    }
}
