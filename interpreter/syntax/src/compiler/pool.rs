//! Tables that hand out indices in the order of first use.

use std::collections::HashMap;
use std::hash::Hash;

/// A list without duplicates.
#[derive(Clone, Debug)]
pub(super) struct Pool<T> {
    items: Vec<T>,
    index: HashMap<T, usize>,
}

impl<T: Clone + Eq + Hash> Pool<T> {
    pub(super) fn new() -> Pool<T> {
        Pool { items: Vec::new(), index: HashMap::new() }
    }

    /// The index of an item, which is added when new.
    pub(super) fn index_of(&mut self, item: T) -> usize {
        if let Some(&index) = self.index.get(&item) {
            return index;
        }
        let index = self.items.len();
        self.items.push(item.clone());
        self.index.insert(item, index);
        index
    }

    /// The index of an item that is there.
    pub(super) fn find(&self, item: &T) -> Option<usize> {
        self.index.get(item).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    pub(super) fn into_items(self) -> Vec<T> {
        self.items
    }
}

impl<T: Clone + Eq + Hash> FromIterator<T> for Pool<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Pool<T> {
        let mut pool = Pool::new();
        for item in items {
            pool.index_of(item);
        }
        pool
    }
}
