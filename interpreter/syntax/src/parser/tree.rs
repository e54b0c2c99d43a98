//! The concrete syntax tree, in one flat array.
//!
//! # Invariants
//! T1. The children of a node stand next to each other, in source order, before their parent.
//! T2. A nonterminal with one child is replaced by it, unless the grammar says `keep`: most nonterminals of an
//!     expression only state precedence, and a name would otherwise be sixteen nodes.
//! T3. A node's position is its first token's.

use crate::lexer::token::Token;

/// A token or a nonterminal with its children.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// A token kind, or a nonterminal of [`super::grammar::symbol`].
    pub kind: u16,
    /// Line.
    pub lineno: u32,
    /// Column, or -1.
    pub col: i32,
    /// Token: start of its text. Nonterminal: index of its first child.
    start: u32,
    /// Token: end of its text. Nonterminal: one past its last child.
    end: u32,
}

impl Node {
    /// The node of a token.
    pub fn leaf(token: Token) -> Node {
        Node {
            kind: token.kind as u16,
            lineno: token.lineno,
            col: token.col,
            start: token.start,
            end: token.end,
        }
    }
}

/// A finished or growing tree.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Nodes whose parent is not finished.
    pending: Vec<Node>,
}

impl Tree {
    /// An empty tree with room for a source of that many bytes.
    pub fn for_source(len: usize) -> Tree {
        Tree { nodes: Vec::with_capacity(len / 4 + 16), pending: Vec::with_capacity(64) }
    }

    /// Adds a token.
    #[inline]
    pub fn add(&mut self, token: Token) {
        self.pending.push(Node::leaf(token));
    }

    /// The number of nodes without a parent: what a later [`Tree::finish`] starts from.
    #[inline]
    pub fn mark(&self) -> u32 {
        self.pending.len() as u32
    }

    /// Makes the nodes from `mark` on the children of a new node.
    #[inline]
    pub fn finish(&mut self, kind: u16, mark: u32, keep: bool) {
        let mark = mark as usize;
        if self.pending.len() == mark + 1 && !keep {
            return;
        }
        let Some(&first) = self.pending.get(mark) else { return };
        let start = self.nodes.len() as u32;
        self.nodes.extend_from_slice(&self.pending[mark..]);
        self.pending.truncate(mark);
        self.pending.push(Node {
            kind,
            lineno: first.lineno,
            col: first.col,
            start,
            end: self.nodes.len() as u32,
        });
    }

    /// The newest node without a parent.
    pub fn last(&self) -> Option<&Node> {
        self.pending.last()
    }

    /// The children of a nonterminal.
    #[inline]
    pub fn children(&self, node: &Node) -> &[Node] {
        debug_assert!(node.kind >= 256);
        &self.nodes[node.start as usize..node.end as usize]
    }

    /// The text of a token.
    #[inline]
    pub fn text<'s>(&self, node: &Node, source: &'s [u8]) -> &'s [u8] {
        debug_assert!(node.kind < 256);
        &source[node.start as usize..node.end as usize]
    }
}
