//! How far a sound is, as it is heard.

/// Follows the samples that the sound card has taken; between them, and where there is no sound card,
/// it follows the time of the game.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SoundClock {
    /// Seconds that were heard.
    seconds: f32,
    /// Seconds that the sound card has taken.
    taken: f32,
    /// Seconds for which it has taken nothing.
    stalled: f32,
    is_silent: bool,
}

impl SoundClock {
    /// Seconds without a sample after which nobody plays the sound.
    const PATIENCE: f32 = 0.35;
    /// How far the clock may be off before it jumps, in seconds.
    const SLACK: f32 = 0.12;
    /// How much of an error is corrected in a frame.
    const CORRECTION: f32 = 0.12;

    /// A clock for a game where nothing is heard.
    pub(super) fn silent() -> Self {
        Self { is_silent: true, ..Self::default() }
    }

    /// Seconds that were heard.
    pub(super) fn seconds(&self) -> f32 {
        self.seconds
    }

    /// Whether nobody plays the sound.
    pub(super) fn is_silent(&self) -> bool {
        self.is_silent
    }

    /// Moves on by `dt` seconds; the sound card has taken `taken` seconds by now.
    pub(super) fn advance(&mut self, dt: f32, taken: f32) {
        if taken > self.taken {
            (self.taken, self.stalled, self.is_silent) = (taken, 0.0, false);
        } else {
            self.stalled += dt;
            self.is_silent |= self.stalled > Self::PATIENCE;
        }
        if self.is_silent {
            self.seconds += dt;
        } else if self.taken > 0.0 {
            let guess = self.seconds + dt;
            let error = self.taken - guess;
            let next = if error.abs() > Self::SLACK {
                self.taken
            } else {
                guess + error * Self::CORRECTION
            };
            // A mouth that goes back stammers.
            self.seconds = self.seconds.max(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: f32 = 1.0 / 60.0;

    #[test]
    fn it_follows_a_sound_card_that_takes_samples_in_bursts() {
        let mut clock = SoundClock::default();
        for frame in 1..300_u16 {
            let time = f32::from(frame) * FRAME;
            let before = clock.seconds();
            // 2048 samples at 48 kHz.
            let burst = 2048.0 / 48_000.0;
            clock.advance(FRAME, (time / burst).ceil() * burst);
            assert!(clock.seconds() >= before);
            if frame > 30 {
                assert!((clock.seconds() - time).abs() < 0.06, "{} {time}", clock.seconds());
            }
        }
        assert!(!clock.is_silent());
    }

    #[test]
    fn it_waits_for_the_first_sample_and_goes_on_without_a_sound_card() {
        let mut clock = SoundClock::default();
        for _ in 0..10 {
            clock.advance(FRAME, 0.0);
        }
        assert_eq!(clock.seconds(), 0.0);
        for _ in 0..120 {
            clock.advance(FRAME, 0.0);
        }
        assert!(clock.is_silent());
        assert!((clock.seconds() - 1.8).abs() < 0.2, "{}", clock.seconds());
    }

    #[test]
    fn a_sound_card_that_is_pulled_out_does_not_stop_her() {
        let mut clock = SoundClock::default();
        for frame in 1..=60_u16 {
            clock.advance(FRAME, f32::from(frame) * FRAME);
        }
        for _ in 0..120 {
            clock.advance(FRAME, 1.0);
        }
        assert!(clock.seconds() > 2.5, "{}", clock.seconds());
    }
}
