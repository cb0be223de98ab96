//! A mouth that moves with the words. There is no voice: it follows the text.

use crate::voice::{MouthKey, MouthPose, MouthTrack, keys_of_text};

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
}

/// Says the words it hears, and closes when there are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Mouth {
    track: MouthTrack,
    /// Seconds since its beginning.
    at: f32,
}

/// Makes ready what reading needs, so that no frame waits for it when the first words come.
pub(in crate::view::avatar) fn prepare() {
    drop(keys_of_text(""));
}

impl Mouth {
    /// Words can come faster than anybody speaks; the mouth then leaves some out, so that it is not
    /// still moving long after the last one. In seconds.
    const LONGEST: f32 = 1.1;

    pub(super) fn hear(&mut self, text: &str) {
        let mut keys: Vec<MouthKey> = self.track.after(self.at).collect();
        keys.extend(keys_of_text(text));
        let mut left: f32 = keys.iter().map(|key| key.seconds).sum();
        let surplus = keys.iter().take_while(|key| {
            let is_surplus = left > Self::LONGEST;
            left -= key.seconds;
            is_surplus
        });
        let surplus = surplus.count();
        keys.drain(..surplus);
        (self.track, self.at) = (MouthTrack::new(&keys), 0.0);
    }

    pub(super) fn hush(&mut self) {
        *self = Self::default();
    }

    /// Moves on by `dt` seconds.
    pub(super) fn advance(&mut self, dt: f32) {
        self.at = (self.at + dt).min(self.track.seconds());
    }

    /// Whether there is something left to say.
    pub(super) fn is_speaking(&self) -> bool {
        self.at < self.track.seconds()
    }

    /// What it does at the moment.
    pub(super) fn pose(&self) -> MouthPose {
        self.track.sample(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: f32 = 1.0 / 60.0;

    fn openness(mouth: &Mouth) -> f32 {
        let MouthPose { aa, ih, ou, ee, oh } = mouth.pose();
        aa + ih + ou + ee + oh
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
        assert!((0.3..1.01).contains(&widest), "{widest}");
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
