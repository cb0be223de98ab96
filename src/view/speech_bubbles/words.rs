//! What of a reply is in the bubble, and how long.

use std::ops::Range;

use bevy::prelude::Component;

/// The longest text in a bubble, in characters.
const LONGEST: usize = 110;
/// How long a bubble stays after the last word, in seconds; and for each character in it.
const STAYS: f32 = 2.0;
const STAYS_PER_CHARACTER: f32 = 0.045;
/// How long it takes to fade, in seconds.
const FADES: f32 = 0.7;

/// What a character has just said.
#[derive(Debug, Clone, Default, Component)]
pub(super) struct Spoken {
    text: String,
    /// How much of the reply is not shown any more, in bytes.
    dropped: usize,
    /// How long the bubble is still there, in seconds; nothing while she speaks.
    left: Option<f32>,
}

impl Spoken {
    /// A reply without words yet.
    pub(super) fn begun() -> Self {
        Self::default()
    }

    /// More words. Where there are too many, the oldest sentences go first, then words.
    pub(super) fn says(&mut self, words: &str) {
        self.left = None;
        self.text.push_str(words);
        while self.text.chars().count() > LONGEST {
            let ends = self.text.char_indices().filter(|(_, c)| ".!?…。！？\n".contains(*c));
            let sentence = ends.map(|(at, c)| at + c.len_utf8()).find(|at| *at < self.text.len());
            let word = || self.text.find(' ').map(|at| at + 1);
            let letter = || self.text.chars().next().map(char::len_utf8);
            let Some(cut) = sentence.or_else(word).or_else(letter) else { return };
            self.text.drain(..cut);
            let shown = self.text.trim_start().to_owned();
            self.dropped += cut + self.text.len() - shown.len();
            self.text = shown;
        }
    }

    /// That was the last word.
    pub(super) fn ends(&mut self) {
        let length = u16::try_from(self.text.chars().count()).unwrap_or(u16::MAX);
        self.left = Some(STAYS + STAYS_PER_CHARACTER * f32::from(length) + FADES);
    }

    /// Time goes by, in seconds.
    pub(super) fn pass(&mut self, seconds: f32) {
        let Some(left) = &mut self.left else { return };
        *left -= seconds;
        if *left <= 0.0 {
            *self = Self::default();
        }
    }

    /// Whether it will be gone by itself.
    pub(super) fn is_fading(&self) -> bool {
        self.left.is_some()
    }

    /// How much of the bubble can be seen, 0..1.
    pub(super) fn opacity(&self) -> f32 {
        self.left.map_or(1.0, |left| (left / FADES).clamp(0.0, 1.0))
    }

    pub(super) fn text(&self) -> &str {
        self.text.trim_end()
    }

    /// Where a word of the reply stands in the bubble, in bytes; none if it is not in it.
    pub(super) fn place(&self, word: Range<usize>) -> Option<Range<usize>> {
        let (start, end) = (word.start.checked_sub(self.dropped)?, word.end - self.dropped);
        self.text().get(start..end).map(|_| start..end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn old_sentences_make_room_for_new_words() {
        let mut spoken = Spoken::begun();
        spoken.says("I was on the roof the whole evening. ");
        spoken.says("You can see the river from there, and the lights of all the late trains ");
        spoken.says("that go home.");
        assert!(spoken.text().starts_with("You can see the river"));
        assert!(spoken.text().ends_with("that go home."));
    }

    #[test]
    fn a_bubble_stays_to_be_read_and_then_fades() {
        let mut spoken = Spoken::begun();
        spoken.says("Hello there");
        spoken.pass(100.0);
        assert_eq!((spoken.opacity(), spoken.is_fading()), (1.0, false));
        spoken.ends();
        spoken.pass(2.0);
        assert_eq!(spoken.opacity(), 1.0);
        spoken.pass(0.9);
        assert!(spoken.opacity() < 1.0 && spoken.opacity() > 0.0);
        spoken.pass(5.0);
        assert_eq!(spoken.text(), "");
    }

    #[test]
    fn a_word_is_found_after_others_have_made_room() {
        let mut spoken = Spoken::begun();
        let reply = "I was on the roof the whole evening. You can see the river from there, and \
            the lights of all the late trains that go home.";
        spoken.says(reply);
        let at = reply.find("river").unwrap();
        let place = spoken.place(at..at + 5).unwrap();
        assert_eq!(&spoken.text()[place], "river");
        assert_eq!(spoken.place(0..1), None);
        assert_eq!(spoken.place(900..905), None);
    }

    proptest! {
        #[test]
        fn no_words_are_too_many(words in proptest::collection::vec("\\PC{0,90}", 0..8)) {
            let mut spoken = Spoken::begun();
            for words in &words {
                spoken.says(words);
            }
            prop_assert!(spoken.text().chars().count() <= LONGEST);
        }
    }
}
