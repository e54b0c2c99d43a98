//! The concrete syntax tree as programs see it (module `parser`): every nonterminal is a node, every token has its text,
//! and kinds have the numbers of the modules `symbol` and `token`.
//!
//! A tree that a program made is checked by parsing its tokens again. The grammar is LL(1), so they have one tree at most:
//! the given one is right if it is that one. What the compiler needs, a tree without the nodes that only state
//! precedence, is made in the same way.

use super::entry::{Mode, ParseFlags, Parsed, grow, start_symbol};
use super::grammar::{FIRST_SYMBOL, RULES, symbol};
use super::machine::{Machine, Outcome};
use super::tree::{Node, Tree};
use crate::ast::Mod;
use crate::build::Builder;
use crate::error::{Error, Result};
use crate::lexer::encoding::{BuiltinEncodings, SourceHooks};
use crate::lexer::scanner::Scanner;
use crate::lexer::source::{Source, prepare};
use crate::lexer::token::*;

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcreteNode {
    /// A kind below 256 is a token's.
    pub kind: u16,
    /// What it holds.
    pub content: Content,
    /// Line.
    pub lineno: i32,
    /// Column, or -1.
    pub col: i32,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The text of a token.
    Text(Box<[u8]>),
    /// The parts of a nonterminal.
    Children(Vec<ConcreteNode>),
}

/// The tree of an input.
#[derive(Clone, Debug)]
pub struct Concrete {
    /// An input symbol's node.
    pub root: ConcreteNode,
    /// The encoding the source declared.
    pub encoding: Option<Box<[u8]>>,
}

/// Parses a source to the tree with all its nodes.
pub fn parse_concrete(
    source: &[u8],
    filename: &str,
    mode: Mode,
    flags: &ParseFlags,
    hooks: &mut dyn SourceHooks,
) -> Result<Concrete> {
    let parsed = grow(source, filename, mode, flags, hooks, true)?;
    let root = *parsed.tree.last().ok_or(Error::Memory)?;
    let encoding = parsed.source.encoding.as_deref().map(|e| e.as_bytes().into());
    Ok(Concrete { root: copy(&parsed.tree, &root, &parsed.source.bytes), encoding })
}

/// A node of a whole tree. Native recursion is bounded by the parser's stack.
fn copy(tree: &Tree, node: &Node, source: &[u8]) -> ConcreteNode {
    let content = if node.kind < FIRST_SYMBOL {
        Content::Text(match node.kind as Kind {
            NEWLINE | INDENT | DEDENT | ENDMARKER => Box::default(),
            _ => tree.text(node, source).into(),
        })
    } else {
        Content::Children(tree.children(node).iter().map(|n| copy(tree, n, source)).collect())
    };
    let kind =
        if (FIRST_KEYWORD as u16..FIRST_SYMBOL).contains(&node.kind) { NAME as u16 } else { node.kind };
    ConcreteNode { kind, content, lineno: node.lineno as i32, col: node.col }
}

impl ConcreteNode {
    /// The tokens of the tree, from left to right.
    fn leaves<'a>(&'a self, out: &mut Vec<(&'a ConcreteNode, &'a [u8])>) {
        match &self.content {
            Content::Text(text) => out.push((self, text)),
            Content::Children(children) => children.iter().for_each(|c| c.leaves(out)),
        }
    }

    /// Where this tree first differs from the one the grammar gives, in words.
    fn difference(&self, right: &ConcreteNode) -> Option<String> {
        if self.kind != right.kind {
            return Some(format!("Expected node type {}, got {}.", right.kind, self.kind));
        }
        match (&self.content, &right.content) {
            (Content::Children(a), Content::Children(b)) => {
                if let Some(found) = a.iter().zip(b).find_map(|(a, b)| a.difference(b)) {
                    return Some(found);
                }
                (a.len() != b.len()).then(|| {
                    let name = RULES.get((self.kind - FIRST_SYMBOL) as usize).map_or("", |r| r.0);
                    format!("Illegal number of children for {name} node.")
                })
            }
            _ => None,
        }
    }
}

/// Why a tree that a program made is none.
#[derive(Debug)]
pub enum Invalid {
    /// It does not follow the grammar: a message.
    Refused(String),
    /// It nests too deeply.
    Overflow,
}

impl Concrete {
    /// What kind of input it is.
    pub fn mode(&self) -> Option<Mode> {
        [Mode::Exec, Mode::Eval, Mode::Single].into_iter().find(|m| start_symbol(*m) == self.root.kind)
    }

    /// Whether the tree is one the grammar gives.
    pub fn check(&self) -> std::result::Result<(), Invalid> {
        if !matches!(self.root.kind, symbol::file_input | symbol::eval_input) {
            return Err(Invalid::Refused("parse tree does not use a valid start symbol".into()));
        }
        let parsed = self.parse_again(true)?;
        let Some(&root) = parsed.tree.last() else {
            return Err(Invalid::Refused("the tree has no tokens".into()));
        };
        match self.root.difference(&copy(&parsed.tree, &root, &parsed.source.bytes)) {
            Some(message) => Err(Invalid::Refused(message)),
            None => Ok(()),
        }
    }

    /// The abstract tree. The tree has been checked or comes from a parser.
    pub fn abstract_tree(&self, flags: &ParseFlags, hooks: &mut dyn SourceHooks) -> Result<Mod> {
        let mode = self.mode().ok_or(Error::Memory)?;
        let parsed = self.parse_again(false).map_err(|e| match e {
            Invalid::Overflow => Error::ParserStackOverflow,
            Invalid::Refused(message) => Error::syntax(message, 0),
        })?;
        Builder::new(&parsed, flags, hooks)?.module(mode)
    }

    /// Parses the tokens of the tree.
    fn parse_again(&self, whole: bool) -> std::result::Result<Parsed, Invalid> {
        let mut leaves = Vec::new();
        self.root.leaves(&mut leaves);
        let mut bytes = Vec::new();
        let mut tokens = Vec::with_capacity(leaves.len());
        for (node, text) in leaves {
            let kind = token_kind(node, text).map_err(Invalid::Refused)?;
            let start = bytes.len() as u32;
            bytes.extend_from_slice(text);
            tokens.push(Token {
                kind,
                start,
                end: bytes.len() as u32,
                lineno: node.lineno.max(0) as u32,
                col: node.col,
            });
        }
        let encoding = self.encoding.as_deref().map(|e| String::from_utf8_lossy(e).into_owned());
        let len = bytes.len();
        bytes.push(b'\n');
        let mut machine = Machine::new(&bytes, self.root.kind);
        machine.whole = whole;
        let mut done = false;
        for token in tokens {
            if done {
                return Err(Invalid::Refused(format!("Illegal node after the end: {}.", token.kind)));
            }
            match machine.feed(token) {
                Outcome::More => {}
                Outcome::Done => done = true,
                Outcome::Overflow => return Err(Invalid::Overflow),
                Outcome::Unfit(only) => {
                    let got = if token.kind >= FIRST_KEYWORD { NAME } else { token.kind };
                    return Err(Invalid::Refused(match only {
                        Some(k) if k >= FIRST_KEYWORD => {
                            let word = KEYWORDS.iter().find(|w| w.1 == k).map_or("", |w| w.0);
                            format!("Illegal terminal: expected \"{word}\"")
                        }
                        Some(k) => format!("Expected node type {k}, got {got}."),
                        None => format!("Illegal node type {got}."),
                    }));
                }
            }
        }
        if !done {
            return Err(Invalid::Refused("the tree ends before the input does".into()));
        }
        let (tree, unicode_literals) = (machine.tree, machine.unicode_literals);
        let source = Source { bytes, len, encoding, newline_added: false, stop: None };
        Ok(Parsed { source, tree, unicode_literals })
    }
}

/// The parser's kind of a leaf, whose text must be that of such a token.
fn token_kind(node: &ConcreteNode, text: &[u8]) -> std::result::Result<Kind, String> {
    let illegal = || Err(format!("Illegal node type {}.", node.kind));
    let Some(kind) = Kind::try_from(node.kind).ok().filter(|k| *k < OP) else { return illegal() };
    match kind {
        NAME => Ok(keyword_or_name(text)),
        NEWLINE | INDENT | DEDENT | ENDMARKER => Ok(kind),
        NUMBER | STRING if is_one_token(kind, text) => Ok(kind),
        NUMBER | STRING => Err(format!("Illegal terminal: {}", String::from_utf8_lossy(text))),
        _ => match TOKENS.iter().find(|t| t.1 == kind) {
            Some((spelling, _)) if spelling.as_bytes() == text || kind == NOTEQUAL && text == b"<>" => {
                Ok(kind)
            }
            Some((spelling, _)) => Err(format!("Illegal terminal: expected \"{spelling}\"")),
            None => illegal(),
        },
    }
}

/// Whether a text is a single token of this kind.
fn is_one_token(kind: Kind, text: &[u8]) -> bool {
    let hooks = &mut BuiltinEncodings;
    let Ok(source) = prepare(text, Default::default(), false, "", hooks) else { return false };
    let mut scanner = Scanner::new(&source, Default::default(), Default::default());
    scanner.next_token().is_some_and(|t| t.kind == kind && t.start == 0 && t.end as usize == text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str, mode: Mode) -> Concrete {
        parse_concrete(text.as_bytes(), "", mode, &ParseFlags::default(), &mut BuiltinEncodings)
            .expect("parses")
    }

    #[test]
    fn a_parsed_tree_is_accepted_and_means_the_same() {
        for text in [
            "x = 1\n",
            "def f(a, (b, c)=2, *d):\n  print >>a, 'x' 'y',\n",
            "from __future__ import print_function\nprint(1, end='')\n",
            "a <> b\n",
        ] {
            let t = tree(text, Mode::Exec);
            t.check().expect("accepted");
            let flags = ParseFlags::default();
            let again = t.abstract_tree(&flags, &mut BuiltinEncodings).expect("builds");
            let direct = super::super::parse(text.as_bytes(), "", Mode::Exec, &flags, &mut BuiltinEncodings);
            assert_eq!(format!("{again:?}"), format!("{:?}", direct.expect("parses")));
        }
    }

    #[test]
    fn a_tree_with_a_node_missing_is_refused() {
        let mut t = tree("1 + 2", Mode::Eval);
        let Content::Children(children) = &mut t.root.content else { panic!() };
        let Content::Children(inner) = children[0].content.clone() else { panic!() };
        children[0] = inner[0].clone();
        assert!(matches!(t.check(), Err(Invalid::Refused(_))));
    }

    #[test]
    fn the_text_of_a_token_must_be_one() {
        assert!(is_one_token(NUMBER, b"0x1f"));
        assert!(!is_one_token(NUMBER, b"1 + 1"));
        assert!(!is_one_token(STRING, b"abc"));
        assert!(is_one_token(STRING, b"u'a'"));
    }
}
