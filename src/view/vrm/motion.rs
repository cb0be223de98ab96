//! What moves in a face by itself, and what it showed last.

use bevy::prelude::*;

use super::{
    VrmFace,
    blink::Blink,
    compose::{Weights, feelings, with_life},
    mouth::Mouth,
};
use crate::mind::Emotion;

/// The moving parts of one face.
#[derive(Debug, Default, Component)]
pub(super) struct FaceMotion {
    /// Begins with the first frame.
    blink: Option<Blink>,
    mouth: Mouth,
    /// Expressions of the avatar during which it does not blink.
    blocking: Vec<String>,
    /// What the avatar was told last; nothing yet, if it is new.
    shown: Option<Weights>,
}

impl FaceMotion {
    /// Takes on another avatar.
    pub(super) fn fit(&mut self, blocking: Vec<String>) {
        self.blocking = blocking;
        self.shown = None;
    }

    /// Words to say.
    pub(super) fn hear(&mut self, text: &str) {
        self.mouth.hear(text);
    }

    /// No more words.
    pub(super) fn hush(&mut self) {
        self.mouth.hush();
    }

    /// Moves on by `dt` seconds; gives the new weights, if they differ from the last ones given.
    pub(super) fn advance(
        &mut self,
        dt: f32,
        seed: u64,
        face: &VrmFace,
        blend: &[(Emotion, f32)],
    ) -> Option<&Weights> {
        let felt = feelings(face, blend);
        let blink = self.blink.get_or_insert_with(|| Blink::new(seed));
        let closed =
            if face.blinks { blink.advance(dt, eyes_are_free(&felt, &self.blocking)) } else { 0.0 };
        self.mouth.advance(dt);
        let weights = with_life(felt, closed, self.mouth.shape());
        if self.shown.as_ref().is_some_and(|shown| !weights.differs_from(shown)) {
            return None;
        }
        Some(self.shown.insert(weights))
    }
}

/// Whether a blink would look right: nothing blocks it, and the eyes are neither wide nor shut.
fn eyes_are_free(felt: &Weights, blocking: &[String]) -> bool {
    let shut = felt.get("blink").max(felt.get("blinkLeft")).max(felt.get("blinkRight"));
    blocking.iter().all(|expression| felt.get(expression) < 0.02)
        && felt.get("surprised") < 0.4
        && shut < 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: f32 = 1.0 / 60.0;

    /// How strongly she blinked at most in a minute.
    fn widest_blink(motion: &mut FaceMotion, blend: &[(Emotion, f32)]) -> f32 {
        let face = VrmFace::default();
        let mut widest = 0.0_f32;
        for _ in 0..3600 {
            if let Some(weights) = motion.advance(FRAME, 7, &face, blend) {
                widest = widest.max(weights.get("blink"));
            }
        }
        widest
    }

    #[test]
    fn a_calm_face_blinks() {
        assert!(widest_blink(&mut FaceMotion::default(), &[]) > 0.8);
    }

    #[test]
    fn a_smile_that_blocks_blinks_keeps_the_eyes_open() {
        let mut motion = FaceMotion::default();
        motion.fit(vec!["happy".into()]);
        assert!(widest_blink(&mut motion, &[(Emotion::Joy, 0.8)]) < 0.01);
    }

    #[test]
    fn wide_eyes_do_not_blink() {
        let surprise = [(Emotion::Surprised, 1.0)];
        assert!(widest_blink(&mut FaceMotion::default(), &surprise) < 0.01);
    }

    #[test]
    fn a_new_avatar_is_told_everything_again() {
        let face = VrmFace { blinks: false, ..VrmFace::default() };
        let mut motion = FaceMotion::default();
        let joy = [(Emotion::Joy, 1.0)];
        assert!(motion.advance(FRAME, 7, &face, &joy).is_some());
        assert!(motion.advance(FRAME, 7, &face, &joy).is_none());
        motion.fit(Vec::new());
        assert!(motion.advance(FRAME, 7, &face, &joy).is_some());
    }
}
