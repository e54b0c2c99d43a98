//! Tables that hand out indices in the order of first use.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

/// A list without duplicates. Items may be large (code objects) and are held once.
#[derive(Clone, Debug)]
pub(super) struct Pool<T> {
    items: Vec<T>,
    hasher: RandomState,
    /// The items of each hash.
    by_hash: HashMap<u64, Vec<usize>>,
}

impl<T: Eq + Hash> Pool<T> {
    pub(super) fn new() -> Pool<T> {
        Pool { items: Vec::new(), hasher: RandomState::new(), by_hash: HashMap::new() }
    }

    /// The index of an item, which is added when new.
    pub(super) fn index_of(&mut self, item: T) -> usize {
        let same_hash = self.by_hash.entry(self.hasher.hash_one(&item)).or_default();
        if let Some(&index) = same_hash.iter().find(|&&i| self.items[i] == item) {
            return index;
        }
        let index = self.items.len();
        same_hash.push(index);
        self.items.push(item);
        index
    }

    /// The index of an item that is there.
    pub(super) fn find(&self, item: &T) -> Option<usize> {
        let same_hash = self.by_hash.get(&self.hasher.hash_one(item))?;
        same_hash.iter().copied().find(|&i| self.items[i] == *item)
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

impl<T: Eq + Hash> FromIterator<T> for Pool<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Pool<T> {
        let mut pool = Pool::new();
        for item in items {
            pool.index_of(item);
        }
        pool
    }
}
