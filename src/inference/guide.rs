//! Keeps a reply to what the fan said.
//!
//! A small model drifts into what it would say to anybody. Beside each reply, the same words are read
//! behind a silent fan; what is likelier there is held against them (classifier-free guidance of
//! language models: Sanchez et al., 2023, arXiv:2306.17806).

use super::{model::ForwardError, scheduler::Speaker};

/// How much less likely than the likeliest word one may be that is held up by guidance: what is
/// unlikely both ways is noise (the plausibility constraint of Li et al., 2022, arXiv:2210.15097,
/// with an alpha of 0.05).
const PLAUSIBLE: f32 = 3.0;

/// Reads a reply as if the fan had said nothing.
pub(super) struct Guide {
    speaker: Speaker,
    strength: f32,
    logits: Vec<f32>,
    is_heard: bool,
}

impl Guide {
    /// Lets the prompt with a silent fan be read; nothing where a `strength` of 1 leaves all as it is.
    pub(super) fn begin(
        beside: &Speaker,
        silent: &[u32],
        fixed: usize,
        strength: f32,
    ) -> Option<Self> {
        if strength == 1.0 {
            return None;
        }
        let speaker = beside.another();
        speaker.begin(silent, fixed);
        speaker.discard();
        Some(Self { speaker, strength, logits: Vec::new(), is_heard: false })
    }

    /// Reads on.
    pub(super) fn read(&mut self, tokens: &[u32]) {
        self.speaker.read(tokens);
        self.is_heard &= tokens.is_empty();
    }

    /// No word comes next, so that nothing is to be steered.
    pub(super) fn expects_no_words(&self) {
        self.speaker.expect(&[]);
    }

    /// Whether all has been read.
    pub(super) fn hears(&mut self) -> Result<bool, ForwardError> {
        self.is_heard = self.is_heard || self.speaker.take_logits(&mut self.logits)?;
        Ok(self.is_heard)
    }

    /// Turns what comes next to what only this fan is told.
    pub(super) fn steer(&self, logits: &mut [f32]) {
        steer(logits, &self.logits, self.strength);
    }
}

/// `logits` away from `silent` by `strength`; what is not plausible cannot be said.
fn steer(logits: &mut [f32], silent: &[f32], strength: f32) {
    let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for (logit, silent) in logits.iter_mut().zip(silent) {
        let is_plausible = *logit >= best - PLAUSIBLE;
        *logit =
            if is_plausible { silent + strength * (*logit - silent) } else { f32::NEG_INFINITY };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_anybody_gets_less_likely() {
        let (mut logits, silent) = ([2.0, 2.0, 1.0], [3.0, 0.0, 1.0]);
        steer(&mut logits, &silent, 1.5);
        assert_eq!(logits, [1.5, 3.0, 1.0]);
    }

    #[test]
    fn nothing_is_held_up_that_is_not_plausible() {
        let mut logits = [5.0, 1.0, f32::NEG_INFINITY, f32::NAN];
        steer(&mut logits, &[5.0, -90.0, 0.0, 0.0], 2.0);
        assert_eq!(logits, [5.0, f32::NEG_INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY]);
    }

    #[test]
    fn without_strength_the_plausible_stays_as_it_is() {
        let mut logits = [1.0, 0.5, -0.25];
        steer(&mut logits, &[9.0, -4.0, 0.0], 1.0);
        assert_eq!(logits, [1.0, 0.5, -0.25]);
    }
}
