//! Which leaf of the tree was unused for longest.

use std::collections::BTreeSet;

/// When something was last used, in calls of [`Recency::tick`].
pub(super) type Stamp = u64;

/// The leaves of the tree, ordered by when they were last used.
#[derive(Default)]
pub(super) struct Recency {
    now: Stamp,
    leaves: BTreeSet<(Stamp, usize)>,
}

impl Recency {
    pub(super) fn tick(&mut self) {
        self.now += 1;
    }

    pub(super) fn now(&self) -> Stamp {
        self.now
    }

    pub(super) fn insert(&mut self, stamp: Stamp, leaf: usize) {
        self.leaves.insert((stamp, leaf));
    }

    /// Does nothing if it is not there.
    pub(super) fn remove(&mut self, stamp: Stamp, leaf: usize) {
        self.leaves.remove(&(stamp, leaf));
    }

    /// The leaf unused for longest among those that may go.
    ///
    /// Leaves that may not go are those at the end of an open sequence: few, so that this is quick.
    pub(super) fn oldest(&self, may_go: impl Fn(usize) -> bool) -> Option<usize> {
        self.leaves.iter().map(|(_, leaf)| *leaf).find(|leaf| may_go(*leaf))
    }
}

#[cfg(test)]
impl Recency {
    pub(super) fn in_order(&self) -> Vec<(Stamp, usize)> {
        self.leaves.iter().copied().collect()
    }
}
