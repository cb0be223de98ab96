//! A voice without weights: a formant synthesiser (Klatt, 1980; Klatt and Klatt, 1990).
//!
//! ```text
//! letters -> babble + melody -> [Key] -> glottis -> tract -> finish -> sound
//!         non_verbal ------------------^   \---------------------------------> mouth keys
//! ```
//!
//! It speaks no language: a text becomes lively syllables without words, as small creatures in games
//! speak. Laughter, sighs and the like ([`NonVerbal`]) are what it is best at.

mod babble;
mod finish;
mod glottis;
mod key;
mod melody;
mod non_verbal;
mod phones;
mod render;
mod resonator;
#[cfg(test)]
mod spectrum;
mod timbre;
mod tract;

pub use non_verbal::{NonVerbal, ParseNonVerbalError};
pub use timbre::FormantVoice;

use super::{Speech, SpeechRequest, Synthesizer, VoiceError};

/// Samples a second of all that this synthesiser makes, in hertz.
const SAMPLE_RATE: u32 = 24_000;

/// The same as a number to calculate with.
const RATE: f32 = 24_000.0;

impl Synthesizer for FormantVoice {
    /// Says it in the voice of the request's speaker, whoever this voice belonged to before.
    fn synthesize(&mut self, request: &SpeechRequest) -> Result<Speech, VoiceError> {
        *self = Self::new(&request.speaker, request.pitch_hz);
        Ok(babble::speak(self, request))
    }
}
