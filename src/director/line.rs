//! Lines and pauses.

use super::{
    beat::{Beat, Now},
    speech::{Speech, Words},
};
use crate::{mind::EmotionTag, scene::SceneLine};

/// A line, or a sentence of the narrator.
#[derive(Debug)]
pub(super) struct Line(Speech);

impl Line {
    pub(super) fn new(line: SceneLine, now: &mut Now<'_, '_, '_>) -> Self {
        let SceneLine { speaker, text, emotion, gesture, .. } = line;
        let Some(member) = speaker else {
            now.pass(&*text);
            return Self(Speech::narration(&text, now));
        };
        now.pass_line(&member, &text);
        let words = Words::Written(tagged(emotion.as_ref(), &text));
        Self(Speech::new(member, words).with_gesture(gesture))
    }
}

impl Beat for Line {
    fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> Result<bool, String> {
        Ok(self.0.advance(now))
    }

    fn go_on(&mut self, now: &mut Now<'_, '_, '_>) {
        self.0.cut(now);
    }

    fn speech(&mut self) -> Option<&mut Speech> {
        Some(&mut self.0)
    }
}

/// A line as it is written for a character.
pub(super) fn tagged(emotion: Option<&EmotionTag>, text: &str) -> String {
    match emotion {
        Some(EmotionTag { emotion, intensity }) => format!("[{emotion}:{intensity:.2}] {text}"),
        None => text.into(),
    }
}

/// Nothing, for some seconds.
#[derive(Debug)]
pub(super) struct Pause(pub(super) f32);

impl Beat for Pause {
    fn advance(&mut self, now: &mut Now<'_, '_, '_>) -> Result<bool, String> {
        let is_over = !self.0.is_finite() || self.0 <= 0.0;
        self.0 -= now.theatre.time.delta_secs();
        Ok(is_over)
    }

    fn go_on(&mut self, _: &mut Now<'_, '_, '_>) {
        self.0 = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::{Emotion, Palette, Segment, TagParser};

    #[test]
    fn a_feeling_stands_before_the_line() {
        let tag = EmotionTag::new(Emotion::Sad, 0.7);
        let line = tagged(Some(&tag), "You came.");
        let (segments, faults) = TagParser::read(Palette::default(), &line);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(segments[0], Segment::Emotion(tag));
        assert_eq!(tagged(None, "You came."), "You came.");
    }
}
