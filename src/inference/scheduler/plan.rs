//! Who gets how much of the next pass.

/// A speaker who waits for tokens to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiting {
    /// Her place among the slots, which stand in the order in which they were opened.
    pub(super) slot: usize,
    /// The pass in which she was served last.
    pub(super) served: u64,
    /// How many tokens, at least one.
    pub(super) missing: usize,
    /// Whether they are of her reply and not of her prompt.
    pub(super) speaks: bool,
    /// Whether the fan looks at her.
    pub(super) in_focus: bool,
}

/// What a speaker gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) slot: usize,
    /// How many of her tokens are read.
    pub(super) count: usize,
    /// Whether they are of her reply.
    pub(super) speaks: bool,
}

/// With at most so many tokens missing a prompt is read beside another one.
const NEARLY: usize = 32;

/// The most speakers of one pass.
const SPEAKERS: usize = 16;

/// Divides a pass.
///
/// All who speak take part, or those who have waited longest. Of prompts, the first in line is read,
/// to its end, because the next one may begin with the same text: `chunk` tokens, or `quick` where
/// somebody speaks. Where room is left, others join whose prompts are nearly read. `only_prompts` and
/// `only_focus` leave speakers out, to keep to a budget.
pub(super) fn plan(
    waiting: &[Waiting],
    chunk: usize,
    quick: usize,
    only_prompts: bool,
    only_focus: bool,
) -> Vec<Share> {
    let mut in_line = waiting.to_vec();
    in_line.sort_by_key(|it| !it.in_focus);
    let focus_speaks = in_line.iter().any(|it| it.in_focus && it.speaks);
    let may_speak = |it: &Waiting| !only_prompts && (it.in_focus || !(only_focus && focus_speaks));
    let (mut speaking, reading): (Vec<Waiting>, Vec<Waiting>) =
        in_line.into_iter().partition(|it| it.speaks);
    speaking.sort_by_key(|it| (!it.in_focus, it.served));
    let mut room = if speaking.is_empty() { chunk } else { quick.clamp(1, chunk) };
    let mut shares: Vec<Share> = speaking
        .into_iter()
        .filter(may_speak)
        .take(SPEAKERS)
        .map(|it| Share { slot: it.slot, count: it.missing, speaks: true })
        .collect();
    for (place, it) in reading.iter().enumerate() {
        if place == 0 || it.missing <= NEARLY.min(room) {
            let count = it.missing.min(room);
            room -= count;
            shares.push(Share { slot: it.slot, count, speaks: false });
        }
    }
    shares.sort_by_key(|share| share.slot);
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn waiting(missing: &[usize], focus: Option<usize>) -> Vec<Waiting> {
        let each = missing.iter().enumerate();
        each.map(|(slot, &missing)| {
            let in_focus = focus == Some(slot);
            Waiting { slot, served: 10 - slot as u64, missing, speaks: missing <= 3, in_focus }
        })
        .collect()
    }

    fn counts(shares: &[Share]) -> Vec<(usize, usize)> {
        shares.iter().map(|share| (share.slot, share.count)).collect()
    }

    #[test]
    fn all_who_speak_share_a_pass() {
        let shares = plan(&waiting(&[1, 1, 3, 1], None), 128, 20, false, false);
        assert_eq!(counts(&shares), [(0, 1), (1, 1), (2, 3), (3, 1)]);
    }

    #[test]
    fn where_too_many_speak_those_who_waited_longest_come_first() {
        let mut who = waiting(&[1; 11], None);
        who.extend((11..20).map(|slot| Waiting {
            slot,
            served: 50,
            missing: 1,
            speaks: true,
            in_focus: false,
        }));
        let shares = plan(&who, 128, 20, false, false);
        assert_eq!(shares.len(), SPEAKERS);
        assert!((0..11).all(|slot| shares.iter().any(|share| share.slot == slot)));
    }

    #[test]
    fn a_prompt_takes_small_bites_while_somebody_speaks() {
        assert_eq!(counts(&plan(&waiting(&[300], None), 128, 20, false, false)), [(0, 128)]);
        let shares = plan(&waiting(&[300, 1], None), 128, 20, false, false);
        assert_eq!(counts(&shares), [(0, 20), (1, 1)]);
    }

    #[test]
    fn the_prompt_of_the_one_in_focus_is_read_first() {
        let shares = plan(&waiting(&[300, 100], Some(1)), 128, 20, false, false);
        assert_eq!(counts(&shares), [(1, 100)]);
    }

    #[test]
    fn prompts_that_are_nearly_read_share_a_pass() {
        let shares = plan(&waiting(&[30, 300, 12, 20], None), 64, 20, false, false);
        assert_eq!(counts(&shares), [(0, 30), (2, 12), (3, 20)]);
    }

    #[test]
    fn under_a_budget_the_one_in_focus_speaks_more_often() {
        let who = waiting(&[1, 1, 1], Some(2));
        assert_eq!(counts(&plan(&who, 128, 20, false, true)), [(2, 1)]);
        assert_eq!(plan(&who, 128, 20, false, false).len(), 3);
        let nobody_in_focus = waiting(&[1, 1], None);
        assert_eq!(plan(&nobody_in_focus, 128, 20, false, true).len(), 2);
    }

    #[test]
    fn while_the_budget_pauses_prompts_are_still_read() {
        let shares = plan(&waiting(&[1, 300], None), 128, 20, true, false);
        assert_eq!(counts(&shares), [(1, 20)]);
    }

    proptest! {
        #[test]
        fn somebody_is_always_served_and_nobody_gets_more_than_she_waits_for(
            missing in proptest::collection::vec(1usize..400, 1..12),
            focus in proptest::option::of(0usize..12),
            chunk in 1usize..300,
            quick in 0usize..300,
        ) {
            let shares = plan(&waiting(&missing, focus), chunk, quick, false, false);
            prop_assert!(!shares.is_empty());
            for share in &shares {
                prop_assert!(share.count >= 1 && share.count <= missing[share.slot]);
            }
            let read: usize =
                shares.iter().filter(|share| !share.speaks).map(|share| share.count).sum();
            prop_assert!(read <= chunk);
        }
    }
}
