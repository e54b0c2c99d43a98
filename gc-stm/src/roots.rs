//! Root vectors: words that natives keep while they build up values.

use crate::object;
use crate::trace::Tracer;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::mem::ManuallyDrop;
use std::ptr;

/// The head of a mutator's list of root vectors. Vectors may be made and dropped in any order.
pub(crate) struct RootList {
    first: Cell<*const Node>,
    /// Nodes to use again, with the capacity of their vectors.
    spare: RefCell<Vec<Box<Node>>>,
}

/// Spare nodes kept.
const SPARE: usize = 8;
/// Capacity kept in a spare node, in words.
const SPARE_WORDS: usize = 256;

struct Node {
    words: UnsafeCell<Vec<u64>>,
    list: *const RootList,
    next: Cell<*const Node>,
    previous: Cell<*const Node>,
}

impl RootList {
    pub(crate) fn new() -> RootList {
        RootList { first: Cell::new(ptr::null()), spare: RefCell::default() }
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
    /// Taken out only by drop.
    node: ManuallyDrop<Box<Node>>,
}

impl RootVec {
    pub(crate) fn new(list: &RootList) -> RootVec {
        let first = list.first.get();
        let spare = list.spare.borrow_mut().pop();
        let node = spare.unwrap_or_else(|| {
            Box::new(Node {
                words: UnsafeCell::new(Vec::new()),
                list,
                next: Cell::new(ptr::null()),
                previous: Cell::new(ptr::null()),
            })
        });
        node.next.set(first);
        node.previous.set(ptr::null());
        if !first.is_null() {
            // SAFETY: list members are alive.
            unsafe { (*first).previous.set(&raw const *node) };
        }
        list.first.set(&raw const *node);
        RootVec { node: ManuallyDrop::new(node) }
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
        // SAFETY: taken once, here.
        let mut node = unsafe { ManuallyDrop::take(&mut self.node) };
        // SAFETY: as above: the list is alive.
        let list = unsafe { &*node.list };
        let words = node.words.get_mut();
        words.clear();
        if words.capacity() <= SPARE_WORDS
            && let Ok(mut spare) = list.spare.try_borrow_mut()
            && spare.len() < SPARE
        {
            spare.push(node);
        }
    }
}
