//! Whether the server still has what a fan heard the end of.

use bevy_persona::club::{Line, Speaker};

use super::turn::plain;

/// A turn as the fan knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What she said.
    pub said: String,
    /// What was answered; none where she did not see the end, so that it may be kept or not.
    pub answer: Option<String>,
}

/// What became of turns.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many of those that must be there are.
    pub found: usize,
    /// Which are not, by their place.
    pub lost: Vec<usize>,
}

/// Compares turns, oldest first, with the latest part of a history.
///
/// What is missing before the first turn of a history that begins with one of ours is no loss: the
/// server shows only the latest part.
pub fn check(kept: &[Kept], history: &[Line]) -> Checked {
    let shown = turns(history);
    let matches = longest_match(kept, &shown);
    let must = |place: &usize| kept[*place].answer.is_some();
    let found = matches.iter().filter(|(ours, _)| must(ours)).count();
    let begins = match matches.first() {
        Some(&(first, 0)) => first,
        _ => 0,
    };
    let is_there = |place: usize| matches.iter().any(|&(ours, _)| ours == place);
    let lost = (begins..kept.len()).filter(|place| must(place) && !is_there(*place)).collect();
    Checked { found, lost }
}

/// What was said in each turn, and what was answered.
fn turns(history: &[Line]) -> Vec<Kept> {
    let mut turns: Vec<Kept> = Vec::new();
    // The history may be cut in the middle of a turn.
    for line in history.iter().skip_while(|line| line.by == Speaker::Member) {
        match (line.by, turns.last_mut()) {
            (Speaker::Member, Some(turn)) => {
                let answer = turn.answer.get_or_insert_default();
                answer.push(' ');
                answer.push_str(&line.text);
            }
            _ => turns.push(Kept { said: line.text.clone(), answer: None }),
        }
    }
    turns
}

fn same(ours: &Kept, theirs: &Kept) -> bool {
    let same = |a: &str, b: &str| plain(a) == plain(b);
    same(&ours.said, &theirs.said)
        && ours
            .answer
            .as_ref()
            .is_none_or(|answer| theirs.answer.as_ref().is_some_and(|said| same(answer, said)))
}

/// Pairs of places of the longest common subsequence, the latest possible ones.
fn longest_match(ours: &[Kept], theirs: &[Kept]) -> Vec<(usize, usize)> {
    let mut lengths = vec![vec![0_usize; theirs.len() + 1]; ours.len() + 1];
    for (i, our) in ours.iter().enumerate() {
        for (j, their) in theirs.iter().enumerate() {
            lengths[i + 1][j + 1] = if same(our, their) {
                lengths[i][j] + 1
            } else {
                lengths[i][j + 1].max(lengths[i + 1][j])
            };
        }
    }
    let (mut i, mut j) = (ours.len(), theirs.len());
    let mut pairs = Vec::new();
    while i > 0 && j > 0 {
        if same(&ours[i - 1], &theirs[j - 1]) {
            (i, j) = (i - 1, j - 1);
            pairs.push((i, j));
        } else if lengths[i - 1][j] >= lengths[i][j - 1] {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `a` is a turn that must be there, `a?` one that may be.
    fn kept(turns: &str) -> Vec<Kept> {
        let each = turns.split_whitespace().map(|turn| match turn.strip_suffix('?') {
            Some(said) => Kept { said: said.into(), answer: None },
            None => Kept { said: turn.into(), answer: Some(turn.to_uppercase()) },
        });
        each.collect()
    }

    fn history(turns: &str) -> Vec<Line> {
        let line = |by, text: String| Line { by, text };
        let each = turns.split_whitespace().flat_map(|turn| {
            [line(Speaker::Fan, turn.into()), line(Speaker::Member, turn.to_uppercase())]
        });
        each.collect()
    }

    fn checked(ours: &str, theirs: &str) -> (usize, Vec<usize>) {
        let checked = check(&kept(ours), &history(theirs));
        (checked.found, checked.lost)
    }

    #[test]
    fn what_is_there_is_found() {
        assert_eq!(checked("a b c", "a b c"), (3, vec![]));
        assert_eq!(checked("", "x y"), (0, vec![]));
        assert_eq!(checked("b c", "earlier a b c"), (2, vec![]));
    }

    #[test]
    fn what_was_cut_off_is_no_loss() {
        assert_eq!(checked("a b c d", "c d"), (2, vec![]));
        assert_eq!(checked("a b a", "b a"), (2, vec![]));
        let mut half = history("b c");
        half.remove(0);
        assert!(check(&kept("a b c"), &half).lost.is_empty());
    }

    #[test]
    fn what_is_missing_is_lost() {
        assert_eq!(checked("a b c", "a b"), (2, vec![2]));
        assert_eq!(checked("a b c", "a c"), (2, vec![1]));
        assert_eq!(checked("a b a", "a b"), (2, vec![2]));
        assert_eq!(checked("a b c d", "b d"), (2, vec![2]));
        assert_eq!(checked("a b", "earlier b"), (1, vec![0]));
        assert_eq!(checked("a b", ""), (0, vec![0, 1]));
        assert_eq!(checked("a b", "x y"), (0, vec![0, 1]));
    }

    #[test]
    fn what_may_be_there_is_neither_found_nor_lost() {
        assert_eq!(checked("a b? c", "a c"), (2, vec![]));
        assert_eq!(checked("a b? c", "a b c"), (2, vec![]));
        assert_eq!(checked("a? b", "b"), (1, vec![]));
        assert_eq!(checked("a b?", "a b other"), (1, vec![]));
    }

    #[test]
    fn another_answer_is_a_loss() {
        let mut changed = history("a b");
        changed[3].text = "no".into();
        assert_eq!(check(&kept("a b"), &changed), Checked { found: 1, lost: vec![1] });
        changed[3].text = " B\n".into();
        assert!(check(&kept("a b"), &changed).lost.is_empty());
    }

    proptest! {
        #[test]
        fn the_latest_part_of_all_is_never_a_loss_and_a_gap_always_is(
            turns in proptest::collection::vec("[a-z]{1,3}", 2..20), cut in 0..20_usize, gap in 0..20_usize,
        ) {
            // Each turn is another one.
            let turns: Vec<String> = turns.iter().enumerate().map(|(n, t)| format!("{t}{n}")).collect();
            let cut = cut % turns.len();
            let all = turns.join(" ");
            prop_assert_eq!(checked(&all, &turns[cut..].join(" ")), (turns.len() - cut, vec![]));
            let mut part = turns[cut..].to_vec();
            let gap = gap % part.len();
            part.remove(gap);
            if gap > 0 || part.is_empty() {
                prop_assert!(checked(&all, &part.join(" ")).1.contains(&(cut + gap)));
            }
        }
    }
}
