//! What to leave out when a conversation gets longer than the model can read.

use std::ops::Range;

use thiserror::Error;

/// A persona that leaves no room for a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "the persona takes {fixed} tokens and the reply up to {reply}, but only {context} are read: \
     shorten the persona's text or examples, lower `max_tokens`, or raise \
     `GgufSettings::max_context`, up to what the model was trained for"
)]
pub(super) struct PersonaTooLong {
    pub(super) fixed: usize,
    pub(super) reply: usize,
    pub(super) context: usize,
}

/// How many turns are dropped at once.
///
/// Dropping in blocks keeps the first kept turn the same over several asks, so that what was read
/// of the rest stays valid.
const BLOCK: usize = 8;

/// Which turns fit into `room` tokens: the newest ones, whole, from a fan's turn on.
///
/// `costs` are the tokens of each turn, oldest first; `opens` tells whether a conversation may start
/// with the turn. The last turn is always kept.
pub(super) fn turns_that_fit(
    costs: &[usize],
    room: usize,
    opens: impl Fn(usize) -> bool,
) -> Range<usize> {
    let last = costs.len().saturating_sub(1);
    let fits = |from: &usize| costs[*from..].iter().sum::<usize>() <= room;
    if fits(&0) {
        return 0..costs.len();
    }
    let next_opening = |from: usize| (from..last).find(|&turn| opens(turn));
    let by_blocks = (BLOCK..last).step_by(BLOCK).filter_map(next_opening).find(fits);
    let one_by_one = || (0..last).filter(|&turn| opens(turn)).find(fits);
    by_blocks.or_else(one_by_one).unwrap_or(last)..costs.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn even(turn: usize) -> bool {
        turn.is_multiple_of(2)
    }

    #[test]
    fn a_short_conversation_is_kept_whole() {
        assert_eq!(turns_that_fit(&[10, 20, 30], 60, even), 0..3);
    }

    #[test]
    fn the_first_kept_turn_stays_the_same_while_the_conversation_grows() {
        let starts: Vec<usize> = (41..49)
            .step_by(2)
            .map(|count| turns_that_fit(&vec![10; count], 400, even).start)
            .collect();
        assert_eq!(starts, [8, 8, 8, 8]);
    }

    #[test]
    fn the_last_message_stays_even_if_it_is_too_long() {
        assert_eq!(turns_that_fit(&[5, 5, 900], 100, even), 2..3);
    }

    proptest! {
        #[test]
        fn what_is_kept_fits_and_opens_with_the_fan(
            costs in proptest::collection::vec(1usize..200, 1..60),
            room in 1usize..2000,
        ) {
            let kept = turns_that_fit(&costs, room, even);
            prop_assert_eq!(kept.end, costs.len());
            let last = costs.len() - 1;
            prop_assert!(kept.start == last || even(kept.start));
            prop_assert!(kept.start == last || costs[kept].iter().sum::<usize>() <= room);
        }
    }
}
