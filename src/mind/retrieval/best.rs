//! Keeps the best few of many hits.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use super::Hit;

/// The `k` best hits so far: the worst of them on top of the heap.
pub(super) struct Best {
    k: usize,
    heap: BinaryHeap<Reverse<Ranked>>,
}

impl Best {
    pub(super) fn new(k: usize) -> Self {
        Self { k, heap: BinaryHeap::new() }
    }

    /// Whether a hit would be among the best.
    pub(super) fn takes(&self, hit: &Hit) -> bool {
        self.heap.len() < self.k
            || self.heap.peek().is_some_and(|Reverse(worst)| Ranked(*hit) > *worst)
    }

    pub(super) fn push(&mut self, hit: Hit) {
        self.heap.push(Reverse(Ranked(hit)));
        if self.heap.len() > self.k {
            self.heap.pop();
        }
    }

    /// Best first.
    pub(super) fn into_hits(self) -> Vec<Hit> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse(Ranked(hit))| hit).collect()
    }
}

/// A hit, ordered by its score; of equals, the earlier text is the better one.
struct Ranked(Hit);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.score.total_cmp(&other.0.score).then(other.0.doc.cmp(&self.0.doc))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}
