//! The voice model Kokoro-82M, run by rten on one thread: from phones to sound, and to when each phone
//! is heard.

mod loudness;
mod model;
mod patch;
mod pieces;
mod protobuf;
mod shelf;
mod sound;
mod speaker;
mod style;
mod trim;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::path::Path;

use model::Model;
use pieces::{MOST_TOKENS, pieces};
pub use sound::KokoroSound;
pub use speaker::{KokoroVoice, Pronouncer};
pub use style::StyleTable;
use vocabulary::token;

use super::{Pronunciation, VoiceError};

/// Samples a second of all its sounds, in hertz.
pub const SAMPLE_RATE: u32 = 24_000;
/// Samples of one frame, the unit of its durations: 25 ms.
const SAMPLES_A_FRAME: usize = 600;
/// How far the sound runs ahead of the durations, in samples: 60 ms. Measured.
const LEAD: usize = SAMPLE_RATE as usize * 60 / 1000;

/// The voice model. It takes 110 MB, up to 300 MB while it speaks, and half a second of one core for a second of speech.
pub struct Kokoro {
    model: Model,
}

impl Kokoro {
    /// Reads the weights: `kokoro-v1.0.int8.onnx`, 92 MB.
    ///
    /// # Errors
    /// If there is no such file, or it is another one.
    pub fn load(path: &Path) -> Result<Self, VoiceError> {
        Ok(Self { model: Model::load(path)? })
    }

    /// Says phones in a voice; `speed` 1 is usual, 0.5..2 possible. Phones last whole frames of 25 ms, so a
    /// change of a tenth is heard less than one of a quarter.
    ///
    /// Characters that are no phones of the model are silent. A long text is said in pieces.
    ///
    /// # Errors
    /// If the model does not run.
    pub fn speak(
        &self,
        pronunciation: &Pronunciation,
        style: &StyleTable,
        speed: f32,
    ) -> Result<KokoroSound, VoiceError> {
        let speed = if speed.is_finite() { speed.clamp(0.5, 2.0) } else { 1.0 };
        let mut sound = KokoroSound::default();
        for piece in pieces(&pronunciation.phones, MOST_TOKENS) {
            let phones = &pronunciation.phones[piece];
            let tokens: Vec<i32> = phones.iter().filter_map(|phone| token(*phone)).collect();
            if phones.iter().any(|phone| is_heard(*phone)) {
                let output = self.model.run(&tokens, style.style(tokens.len()), speed)?;
                sound.append(KokoroSound::new(phones, output));
            } else {
                sound.append(KokoroSound::silent(phones.len()));
            }
        }
        Ok(sound)
    }
}

/// Whether a phone is more than a pause, a mark or something unknown.
fn is_heard(phone: char) -> bool {
    token(phone).is_some() && phone.is_alphabetic() && !matches!(phone, 'ː' | 'ˈ' | 'ˌ')
}

/// The weights, for tests; fetched if they are not here.
#[cfg(test)]
fn test_model() -> std::path::PathBuf {
    use crate::model_store::ModelStore;

    let store = ModelStore::user().expect("a cache folder");
    let files = store.fetch_voice(&mut |_| {}, &std::sync::atomic::AtomicBool::new(false));
    files.expect("the files of the voices").model
}
