//! Guesses at what comes next: what came the last time after the same words (prompt lookup decoding:
//! Saxena, 2023; n-gram drafts are checked in one pass as in Leviathan et al., 2023, arXiv:2211.17192).
//!
//! A character repeats herself: her examples, her history, names and turns of phrase. A guess costs a
//! row of a pass, which is cheap while few speak; where it was right, the next pass is saved.

/// So many tokens must have come before in the same order; each one more makes another guess worth
/// while.
const LEAST: usize = 2;
/// More than these are not compared.
const MOST: usize = 6;

/// What came after the longest run of tokens that also stands at the end; where several are as long,
/// after the latest. At most `most` tokens, and one for a run of [`LEAST`] tokens, two for the next
/// longer one and so on.
pub(super) fn draft(tokens: &[u32], most: usize) -> &[u32] {
    let Some((&last, before)) = tokens.split_last().filter(|_| most > 0) else { return &[] };
    let mut best = (LEAST - 1, tokens.len());
    for (place, _) in before.iter().enumerate().rev().filter(|(_, token)| **token == last) {
        let run = common_end(&tokens[..=place], tokens);
        if run > best.0 {
            best = (run, place + 1);
            if run == MOST {
                break;
            }
        }
    }
    let (run, place) = best;
    let after = &tokens[place..];
    &after[..after.len().min(most).min((run + 1).saturating_sub(LEAST))]
}

/// How many tokens two texts have in common at their ends, up to [`MOST`].
fn common_end(a: &[u32], b: &[u32]) -> usize {
    let pairs = a.iter().rev().zip(b.iter().rev());
    pairs.take(MOST).take_while(|(a, b)| a == b).count()
}

/// How often a speaker's guesses were right of late, so that one who says new things is not slowed by
/// guesses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Luck(f32);

impl Default for Luck {
    fn default() -> Self {
        Self(0.6)
    }
}

impl Luck {
    /// How much the latest pass counts.
    const NEW: f32 = 0.2;
    /// What it rises by, without a guess: what failed at the beginning may work later.
    const HOPE: f32 = 0.01;

    /// Of `guessed` tokens so many were right.
    pub(super) fn note(&mut self, right: usize, guessed: usize) {
        if guessed > 0 {
            self.0 += Self::NEW * (right as f32 / guessed as f32 - self.0);
        }
    }

    /// How many tokens are worth guessing where there is room for `room`.
    pub(super) fn worth(&mut self, room: usize) -> usize {
        self.0 = (self.0 + Self::HOPE).min(1.0);
        match self.0 {
            ..0.25 => 0,
            ..0.5 => room.min(2),
            _ => room,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_came_the_last_time_comes_again() {
        assert_eq!(draft(&[1, 2, 3, 4, 5, 9, 1, 2, 3, 4, 5], 3), [9, 1, 2]);
        assert_eq!(draft(&[1, 2, 3, 4, 5, 9, 1, 2, 3, 4, 5], 1), [9]);
        assert_eq!(draft(&[1, 2, 3, 4, 5, 9, 1, 2], 3), [3], "a short run says little");
    }

    #[test]
    fn the_longest_run_counts_and_of_equals_the_latest() {
        assert_eq!(draft(&[0, 1, 2, 3, 7, 1, 2, 3, 8, 0, 1, 2, 3], 1), [7]);
        assert_eq!(draft(&[1, 2, 3, 7, 0, 1, 2, 3, 8, 5, 1, 2, 3], 1), [8]);
    }

    #[test]
    fn one_token_says_nothing() {
        assert!(draft(&[2, 3, 4, 0, 3], 5).is_empty());
        assert!(draft(&[3], 5).is_empty());
        assert!(draft(&[], 5).is_empty());
    }

    #[test]
    fn a_text_that_repeats_itself_goes_on_doing_so() {
        assert_eq!(draft(&[1, 2, 1, 2, 1, 2], 2), [1, 2], "a run of four says three more");
        assert_eq!(draft(&[5; 20], 4).first(), Some(&5));
    }

    #[test]
    fn who_says_new_things_is_not_slowed_for_long() {
        let mut luck = Luck::default();
        let guesses = (0..100).filter(|_| {
            let worth = luck.worth(4);
            luck.note(0, worth);
            worth > 0
        });
        assert!((3..30).contains(&guesses.count()));
    }

    #[test]
    fn who_repeats_herself_is_guessed_at_in_full() {
        let mut luck = Luck::default();
        for _ in 0..20 {
            let worth = luck.worth(4);
            luck.note(worth, worth);
        }
        assert_eq!(luck.worth(4), 4);
    }

    proptest! {
        #[test]
        fn a_guess_stands_in_the_text_behind_the_same_tokens(
            tokens in proptest::collection::vec(0_u32..4, 0..60),
            most in 0_usize..6,
        ) {
            let guess = draft(&tokens, most);
            prop_assert!(guess.len() <= most);
            if !guess.is_empty() {
                let end = &tokens[tokens.len() - LEAST..];
                let seen = [end, guess].concat();
                prop_assert!(tokens.windows(seen.len()).any(|window| window == seen));
            }
        }
    }
}
