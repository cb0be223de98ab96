//! Which gesture goes with a feeling or with words.

use std::collections::VecDeque;

use bevy::prelude::*;

use super::{CueSheet, FeelingCue, random::SplitMix};
use crate::voice::NonVerbal;

/// A character makes a gesture: the motion of this name, once.
///
/// [`CuePlugin`](super::CuePlugin) triggers it for feelings and words; a game may trigger it as well.
#[derive(Debug, Clone, PartialEq, EntityEvent)]
pub struct Gesture {
    /// The character.
    pub entity: Entity,
    /// The name of the motion.
    pub motion: String,
}

/// A character stresses a word: a small movement of the head goes with it.
#[derive(Debug, Clone, Copy, PartialEq, EntityEvent)]
pub struct Stress {
    /// The character.
    pub entity: Entity,
    /// How strongly, 0..1.
    pub strength: f32,
}

/// A character makes a sound without words, before what she says next. Who has no voice makes none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EntityEvent)]
pub struct Utter {
    /// The character.
    pub entity: Entity,
    /// The sound.
    pub sound: NonVerbal,
}

/// Chooses gestures: not too many, and not the same again and again.
#[derive(Debug, Clone, Component)]
pub(super) struct GestureChoice {
    random: SplitMix,
    /// Seconds since the last gesture.
    quiet: f32,
    /// The last ones, newest last.
    recent: VecDeque<String>,
    /// The end of what was said, in lower case: words may come in pieces.
    said: String,
}

impl GestureChoice {
    /// Seconds between two gestures.
    const PAUSE: f32 = 3.0;
    /// How many of the last ones are not made again.
    const REMEMBERED: usize = 2;
    /// The longest phrase that is found although it came in pieces, in bytes.
    const TAIL: usize = 48;

    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: SplitMix(seed),
            quiet: Self::PAUSE,
            recent: VecDeque::with_capacity(Self::REMEMBERED + 1),
            said: String::new(),
        }
    }

    pub(super) fn advance(&mut self, dt: f32) {
        self.quiet += dt;
    }

    /// Nothing was said yet.
    pub(super) fn begin(&mut self) {
        self.said.clear();
    }

    /// A gesture for a feeling that comes up, if it is time for one.
    pub(super) fn for_feeling(&mut self, cue: &FeelingCue, strength: f32) -> Option<String> {
        let fresh: Vec<_> =
            cue.gestures.iter().filter(|name| !self.recent.contains(name)).collect();
        // Weak feelings move the hands less often.
        if fresh.is_empty() || self.quiet < Self::PAUSE || self.random.unit() > strength {
            return None;
        }
        let name = fresh[self.random.below(fresh.len())].clone();
        Some(self.make(name))
    }

    /// A gesture for words that come, if the sheet has one for them and it is time.
    pub(super) fn for_words(&mut self, sheet: &CueSheet, text: &str) -> Option<String> {
        let from = self.said.len().saturating_sub(Self::TAIL);
        let from = (from..=self.said.len()).find(|&byte| self.said.is_char_boundary(byte))?;
        self.said.drain(..from);
        let old = self.said.len();
        self.said.push_str(&text.to_lowercase());
        if self.quiet < Self::PAUSE {
            return None;
        }
        let is_new = |phrase: &String| ends_after(&self.said, phrase, old);
        let cue = sheet.words.iter().find(|cue| cue.any.iter().any(is_new))?;
        if self.recent.contains(&cue.gesture) {
            return None;
        }
        let name = cue.gesture.clone();
        Some(self.make(name))
    }

    fn make(&mut self, name: String) -> String {
        self.quiet = 0.0;
        self.recent.push_back(name.clone());
        if self.recent.len() > Self::REMEMBERED {
            self.recent.pop_front();
        }
        name
    }
}

/// Whether `phrase` stands in `text` as words of its own and ends behind the byte `old`.
fn ends_after(text: &str, phrase: &str, old: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(phrase).any(|(at, _)| {
        let end = at + phrase.len();
        end > old && !letter(text[..at].chars().next_back()) && !letter(text[end..].chars().next())
    })
}

/// How strongly words are stressed, 0..1: capitals and exclamation marks.
pub(super) fn stress(text: &str) -> f32 {
    let loud = |word: &str| {
        word.chars().filter(char::is_ascii_uppercase).count() > 2
            && !word.chars().any(char::is_lowercase)
    };
    let words = text.split_whitespace().filter(|word| loud(word)).count();
    let marks = text.matches(['!', '！']).count();
    (0.5 * (words + marks) as f32).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(gestures: &[&str]) -> FeelingCue {
        let gestures = gestures.iter().map(ToString::to_string).collect();
        FeelingCue { gestures, ..FeelingCue::default() }
    }

    #[test]
    fn no_gesture_comes_twice_in_a_row() {
        let cue = sheet(&["clap", "cheer", "laugh"]);
        let mut choice = GestureChoice::new(3);
        let mut last = String::new();
        let mut seen = 0;
        for _ in 0..200 {
            choice.advance(5.0);
            if let Some(name) = choice.for_feeling(&cue, 1.0) {
                assert_ne!(name, last);
                last = name;
                seen += 1;
            }
        }
        assert!(seen > 150, "{seen}");
    }

    #[test]
    fn hands_rest_between_gestures() {
        let cue = sheet(&["clap", "cheer", "laugh"]);
        let mut choice = GestureChoice::new(3);
        assert!(choice.for_feeling(&cue, 1.0).is_some());
        choice.advance(1.0);
        assert!(choice.for_feeling(&cue, 1.0).is_none());
    }

    #[test]
    fn words_are_found_across_pieces_and_not_within_others() {
        let sheet = CueSheet::from_ron("a", r#"(words: [(any: ["hello"], gesture: "wave")])"#);
        let sheet = sheet.unwrap();
        let mut choice = GestureChoice::new(3);
        assert_eq!(choice.for_words(&sheet, "Othello, "), None);
        assert_eq!(choice.for_words(&sheet, "and hel"), None);
        assert_eq!(choice.for_words(&sheet, "lo!"), Some("wave".into()));
    }

    #[test]
    fn words_of_any_script_may_be_cut_anywhere() {
        let sheet = CueSheet::default();
        let mut choice = GestureChoice::new(3);
        for piece in ["안녕하세", "요! 정말 ", "반가워요🎉🎉🎉", "こんにちは".repeat(9).as_str()]
        {
            choice.advance(9.0);
            choice.for_words(&sheet, piece);
        }
    }

    #[test]
    fn capitals_and_marks_stress() {
        assert!(stress("That is AMAZING!") > stress("That is good!"));
        assert_eq!(stress("I see."), 0.0);
    }
}
