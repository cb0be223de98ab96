//! When each word is heard.

use crate::voice::{PronouncedWord, Pronunciation, SpokenWord};

/// When each word is heard; `edges` are the samples where each phone begins and the last one ends.
#[must_use]
pub fn words(pronunciation: &Pronunciation, edges: &[usize], sample_rate: u32) -> Vec<SpokenWord> {
    let Some(last) = edges.last() else { return Vec::new() };
    let seconds =
        |phone: usize| *edges.get(phone).unwrap_or(last) as f32 / sample_rate.max(1) as f32;
    let spoken = |word: &PronouncedWord| SpokenWord {
        text: word.text.clone(),
        time: seconds(word.phones.start)..seconds(word.phones.end),
    };
    pronunciation.words.iter().map(spoken).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_lasts_from_its_first_phone_to_its_last() {
        let pronunciation = Pronunciation {
            phones: "hˈI ju".chars().collect(),
            words: vec![
                PronouncedWord { text: 0..2, phones: 0..3 },
                PronouncedWord { text: 3..6, phones: 4..99 },
            ],
        };
        let edges = [1_200, 2_400, 3_000, 6_000, 7_200, 8_400, 12_000];
        let words = words(&pronunciation, &edges, 24_000);
        assert_eq!(words[0], SpokenWord { text: 0..2, time: 0.05..0.25 });
        assert_eq!(words[1], SpokenWord { text: 3..6, time: 0.3..0.5 });
    }

    #[test]
    fn no_edges_no_words() {
        assert!(words(&Pronunciation::default(), &[], 0).is_empty());
    }
}
