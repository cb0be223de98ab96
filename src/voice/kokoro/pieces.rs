//! Cuts a long text into pieces that the model can take.

use std::ops::Range;

use super::vocabulary::token;

/// The most tokens of one piece: about five seconds of speech.
///
/// The model could take 510 at once, but with a gigabyte of memory; so it stays below 300 MB.
pub(super) const MOST_TOKENS: usize = 90;

/// The pieces, in order and without gaps: none has more than `most` phones that the model knows.
///
/// They end at the end of a sentence if there is one in their second half, else at a comma, else
/// between words, and only in a word of monstrous length elsewhere.
pub(super) fn pieces(phones: &[char], most: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < phones.len() {
        let end = reach(phones, start, most.max(1));
        let cut = if end == phones.len() { end } else { best_cut(phones, start, end) };
        pieces.push(start..cut);
        start = cut;
    }
    pieces
}

/// How far a piece from `start` may go.
fn reach(phones: &[char], start: usize, most: usize) -> usize {
    let mut known = (start..phones.len()).filter(|i| token(phones[*i]).is_some());
    known.nth(most).unwrap_or(phones.len())
}

fn best_cut(phones: &[char], start: usize, end: usize) -> usize {
    let half = usize::midpoint(start, end);
    let after_last = |from: usize, fits: fn(char) -> bool| {
        phones[from..end].iter().rposition(|phone| fits(*phone)).map(|at| from + at + 1)
    };
    after_last(half, |phone| matches!(phone, '.' | '!' | '?' | '…'))
        .or_else(|| after_last(half, |phone| matches!(phone, ',' | ';' | ':' | '—')))
        .or_else(|| after_last(start, |phone| phone == ' '))
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str, most: usize) -> Vec<String> {
        let phones: Vec<char> = text.chars().collect();
        pieces(&phones, most).into_iter().map(|piece| phones[piece].iter().collect()).collect()
    }

    #[test]
    fn a_short_text_is_one_piece() {
        assert_eq!(cut("hɛˈlO wˈɜɹld.", MOST_TOKENS), ["hɛˈlO wˈɜɹld."]);
        assert!(cut("", MOST_TOKENS).is_empty());
    }

    #[test]
    fn sentences_go_before_commas_before_words() {
        assert_eq!(cut("aaa aa. aa, aa a", 12), ["aaa aa.", " aa, aa a"]);
        assert_eq!(cut("aaa aaa, aa aa", 12), ["aaa aaa,", " aa aa"]);
        assert_eq!(cut("aaa aaa aaa aa", 12), ["aaa aaa aaa ", "aa"]);
    }

    #[test]
    fn a_word_without_an_end_is_cut_anywhere() {
        assert_eq!(cut("aaaaaaa", 3), ["aaa", "aaa", "a"]);
    }

    #[test]
    fn unknown_phones_take_no_place() {
        assert_eq!(cut("❓a❓a❓a❓", 3), ["❓a❓a❓a❓"]);
    }

    proptest! {
        #[test]
        fn no_phone_is_lost(text in "[a-c .,❓]{0,300}", most in 1..40_usize) {
            let cut = cut(&text, most);
            prop_assert_eq!(cut.concat(), text);
            for piece in cut {
                prop_assert!(!piece.is_empty());
                prop_assert!(piece.chars().filter(|c| token(*c).is_some()).count() <= most);
            }
        }
    }
}
