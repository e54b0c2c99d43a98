//! Root vectors: words that natives keep while they build up values.

use crate::object;
use crate::trace::Tracer;
use std::cell::{Cell, UnsafeCell};
use std::ptr;

/// The head of a mutator's list of root vectors. Vectors may be made and dropped in any order.
pub(crate) struct RootList {
    first: Cell<*const Node>,
}

struct Node {
    words: UnsafeCell<Vec<u64>>,
    list: *const RootList,
    next: Cell<*const Node>,
    previous: Cell<*const Node>,
}

impl RootList {
    pub(crate) fn new() -> RootList {
        RootList { first: Cell::new(ptr::null()) }
    }

    /// Shows all words of all vectors.
    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        let mut node = self.first.get();
        while !node.is_null() {
            // SAFETY: nodes leave the list when they are dropped; the owner is stopped or is the caller.
            unsafe {
                for &w in &*(*node).words.get() {
                    tracer.word(w);
                }
                node = (*node).next.get();
            }
        }
    }
}

/// A vector of words that are roots while it lives. Made by `Mutator::root_vec`, and bound to its thread.
pub struct RootVec {
    node: Box<Node>,
}

impl RootVec {
    pub(crate) fn new(list: &RootList) -> RootVec {
        let first = list.first.get();
        let node = Box::new(Node {
            words: UnsafeCell::new(Vec::new()),
            list,
            next: Cell::new(first),
            previous: Cell::new(ptr::null()),
        });
        if !first.is_null() {
            // SAFETY: list members are alive.
            unsafe { (*first).previous.set(&*node) };
        }
        list.first.set(&*node);
        RootVec { node }
    }

    #[allow(clippy::mut_from_ref)]
    fn words(&self) -> &mut Vec<u64> {
        // SAFETY: the vector is not Sync; the collector looks only while this thread is stopped or in a
        // collection, that is, outside all methods here, none of which calls out.
        unsafe { &mut *self.node.words.get() }
    }

    /// Appends a word.
    #[inline]
    pub fn push(&self, word: u64) {
        debug_assert!(!object::is_reference(word) || word & 15 == 0);
        self.words().push(word);
    }

    /// Removes the last word.
    #[inline]
    pub fn pop(&self) -> Option<u64> {
        self.words().pop()
    }

    /// The word at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<u64> {
        self.words().get(index).copied()
    }

    /// Changes the word at `index`; false if there is none.
    #[inline]
    pub fn set(&self, index: usize, word: u64) -> bool {
        match self.words().get_mut(index) {
            Some(slot) => {
                *slot = word;
                true
            }
            None => false,
        }
    }

    /// Number of words.
    #[inline]
    pub fn len(&self) -> usize {
        self.words().len()
    }

    /// True when there are no words.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shortens it to `len` words.
    pub fn truncate(&self, len: usize) {
        self.words().truncate(len)
    }

    /// Sorts and rearranges freely: hands the words out, and takes them back as they are afterwards.
    ///
    /// `f` must reach no GC-safe point.
    pub fn with<R>(&self, f: impl FnOnce(&mut Vec<u64>) -> R) -> R {
        f(self.words())
    }

    /// The words. Valid until the next change.
    pub fn as_slice(&self) -> &[u64] {
        self.words()
    }
}

impl Drop for RootVec {
    fn drop(&mut self) {
        let (previous, next) = (self.node.previous.get(), self.node.next.get());
        // SAFETY: list members are alive, and so is the list (a RootVec does not outlive its mutator).
        unsafe {
            if previous.is_null() {
                (*self.node.list).first.set(next);
            } else {
                (*previous).next.set(next);
            }
            if !next.is_null() {
                (*next).previous.set(previous);
            }
        }
    }
}
