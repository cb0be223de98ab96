//! Dialogues packed one behind the other, and the order in which they are read.

use std::sync::Arc;

use super::{lesson::Lesson, ops::mix};

/// Several dialogues, read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    /// The tokens of all dialogues, one behind the other.
    pub(super) tokens: Vec<u32>,
    /// Where each token stands in its dialogue.
    pub(super) positions: Arc<[u32]>,
    /// How many tokens each dialogue has.
    pub(super) lengths: Arc<[usize]>,
    /// The places of the tokens behind which something is to be learnt.
    pub(super) learnt: Arc<[u32]>,
    /// What is to come there.
    pub(super) targets: Arc<[u32]>,
}

impl Batch {
    /// Packs dialogues; the last token of each is only ever a target.
    pub(super) fn new<'a>(lessons: impl IntoIterator<Item = &'a Lesson>) -> Self {
        let (mut tokens, mut positions, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
        let (mut learnt, mut targets) = (Vec::new(), Vec::new());
        for lesson in lessons {
            let first = tokens.len();
            let read = lesson.tokens.len().saturating_sub(1);
            tokens.extend_from_slice(&lesson.tokens[..read]);
            positions.extend(0..read as u32);
            lengths.push(read);
            for place in 0..read {
                if lesson.learns[place + 1] {
                    learnt.push((first + place) as u32);
                    targets.push(lesson.tokens[place + 1]);
                }
            }
        }
        Self {
            tokens,
            positions: positions.into(),
            lengths: lengths.into(),
            learnt: learnt.into(),
            targets: targets.into(),
        }
    }
}

/// The steps of an epoch: for each the dialogues that are read, by their places. The same seed and
/// epoch give the same.
///
/// Dialogues come in random order; a step has about `tokens` of them.
pub(super) fn steps_of_epoch(
    lengths: &[usize],
    tokens: usize,
    seed: u64,
    epoch: usize,
) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    let seed = mix(seed, epoch as u64);
    for last in (1..order.len()).rev() {
        let other = mix(seed, last as u64) % (last as u64 + 1);
        order.swap(last, other as usize);
    }
    in_groups(&order, lengths, tokens)
}

/// Splits dialogues into groups of at most so many tokens, longer ones alone.
pub(super) fn in_groups(order: &[usize], lengths: &[usize], tokens: usize) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut left = 0;
    for &place in order {
        match groups.last_mut().filter(|_| lengths[place] <= left) {
            Some(group) => group.push(place),
            None => {
                groups.push(vec![place]);
                left = tokens;
            }
        }
        left = left.saturating_sub(lengths[place]);
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_learnt_is_what_comes_next() {
        let lessons = [
            Lesson { tokens: vec![5, 6, 7, 8], learns: vec![false, false, true, true] },
            Lesson { tokens: vec![9, 10, 11], learns: vec![false, true, false] },
        ];
        let batch = Batch::new(&lessons);
        assert_eq!(batch.tokens, [5, 6, 7, 9, 10]);
        assert_eq!(*batch.positions, [0, 1, 2, 0, 1]);
        assert_eq!(*batch.lengths, [3, 2]);
        assert_eq!(*batch.learnt, [1, 2, 3]);
        assert_eq!(*batch.targets, [7, 8, 10]);
    }

    proptest! {
        #[test]
        fn each_dialogue_is_read_once_an_epoch(
            lengths in proptest::collection::vec(1_usize..300, 0..60),
            tokens in 1_usize..500,
            epoch in 0_usize..5,
        ) {
            let steps = steps_of_epoch(&lengths, tokens, 1, epoch);
            let mut read: Vec<usize> = steps.concat();
            read.sort_unstable();
            prop_assert_eq!(read, (0..lengths.len()).collect::<Vec<_>>());
            for step in steps {
                let total: usize = step.iter().map(|place| lengths[*place]).sum();
                prop_assert!(total <= tokens || step.len() == 1);
            }
        }
    }

    #[test]
    fn another_epoch_has_another_order() {
        let lengths = [10; 50];
        let first = steps_of_epoch(&lengths, 40, 1, 0);
        assert_eq!(first, steps_of_epoch(&lengths, 40, 1, 0));
        assert_ne!(first, steps_of_epoch(&lengths, 40, 1, 1));
        assert_ne!(first, steps_of_epoch(&lengths, 40, 2, 0));
    }
}
