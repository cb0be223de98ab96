//! A mouth that moves with the words. There is no voice: it follows the text.

use std::{collections::VecDeque, f32::consts::PI};

use super::syllables::syllables;

/// The shapes of a speaking mouth: the vowels of VRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vowel {
    Aa,
    Ih,
    Ou,
    Ee,
    Oh,
}

impl Vowel {
    pub(super) const ALL: [Self; 5] = [Self::Aa, Self::Ih, Self::Ou, Self::Ee, Self::Oh];

    /// The expression of a VRM avatar that shows it.
    pub(super) fn expression(self) -> &'static str {
        match self {
            Self::Aa => "aa",
            Self::Ih => "ih",
            Self::Ou => "ou",
            Self::Ee => "ee",
            Self::Oh => "oh",
        }
    }

    /// How far the mouth opens for it, in gentle speech.
    fn opening(self) -> f32 {
        match self {
            Self::Aa => 0.34,
            Self::Oh | Self::Ee => 0.3,
            Self::Ih | Self::Ou => 0.26,
        }
    }
}

/// Says the syllables it hears, one after another, and closes when there are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Mouth {
    /// What is still to say; none stands for a short pause.
    syllables: VecDeque<Option<Vowel>>,
    /// Seconds since the first of them began.
    since: f32,
    /// How far each shape of [`Vowel::ALL`] is reached.
    shape: [f32; 5],
}

impl Mouth {
    /// Seconds a syllable takes.
    const SYLLABLE: f32 = 0.16;
    /// Words can come faster than anybody speaks; the mouth then leaves some out, so that it is not
    /// still moving long after the last one.
    const LONGEST: usize = 6;
    /// How fast lips move, per second.
    const SPEED: f32 = 22.0;

    pub(super) fn hear(&mut self, text: &str) {
        self.syllables.extend(syllables(text));
        let surplus = self.syllables.len().saturating_sub(Self::LONGEST);
        self.syllables.drain(..surplus);
    }

    pub(super) fn hush(&mut self) {
        self.syllables.clear();
    }

    /// Moves on by `dt` seconds.
    pub(super) fn advance(&mut self, dt: f32) {
        self.since += dt;
        while self.since >= Self::SYLLABLE && !self.syllables.is_empty() {
            self.since -= Self::SYLLABLE;
            self.syllables.pop_front();
        }
        let speaking = self.syllables.front().copied().flatten();
        if self.syllables.is_empty() {
            self.since = 0.0;
        }
        let swell = (PI * self.since / Self::SYLLABLE).sin();
        let rate = 1.0 - (-Self::SPEED * dt).exp();
        for (vowel, reached) in Vowel::ALL.into_iter().zip(&mut self.shape) {
            let goal = if speaking == Some(vowel) { vowel.opening() * swell } else { 0.0 };
            *reached += (goal - *reached) * rate;
        }
    }

    /// Whether there is something left to say.
    pub(super) fn is_speaking(&self) -> bool {
        !self.syllables.is_empty()
    }

    /// How far each of [`Vowel::ALL`] is shaped.
    pub(super) fn shape(&self) -> [f32; 5] {
        self.shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: f32 = 1.0 / 60.0;

    fn openness(mouth: &Mouth) -> f32 {
        mouth.shape().iter().sum()
    }

    #[test]
    fn it_moves_with_words_and_closes_after_them() {
        let mut mouth = Mouth::default();
        mouth.hear("Hello there");
        let mut widest = 0.0_f32;
        for _ in 0..30 {
            mouth.advance(FRAME);
            widest = widest.max(openness(&mouth));
        }
        assert!((0.1..0.5).contains(&widest), "{widest}");
        for _ in 0..120 {
            mouth.advance(FRAME);
        }
        assert!(openness(&mouth) < 1e-3);
    }

    #[test]
    fn a_flood_of_words_does_not_keep_it_moving() {
        let mut mouth = Mouth::default();
        mouth.hear(&"banana ".repeat(100));
        for _ in 0..90 {
            mouth.advance(FRAME);
        }
        assert!(openness(&mouth) < 0.01);
    }

    #[test]
    fn an_interrupted_mouth_closes_at_once() {
        let mut mouth = Mouth::default();
        mouth.hear("banana");
        mouth.advance(0.08);
        mouth.hush();
        for _ in 0..20 {
            mouth.advance(FRAME);
        }
        assert!(openness(&mouth) < 0.01);
    }
}
