//! From text to sound and a moving mouth.
//!
//! A text is cut into clauses ([`Clauses`]); a [`Synthesizer`] makes [`Speech`] of each, on the thread of a
//! [`VoiceWorker`]. There are two: [`Babble`] needs nothing, and `KokoroVoice` (feature `voice`) a voice
//! model of 92 MB. Nothing in here knows Bevy's app; [`view::VoicePlugin`](crate::view) lets characters
//! speak with it.

mod babble;
#[cfg(feature = "voice")]
mod bytes;
#[cfg(feature = "voice")]
mod cache;
mod clause;
mod english;
mod error;
mod formant;
mod japanese;
#[cfg(feature = "voice")]
mod kokoro;
mod korean;
mod letters;
mod mouth;
#[cfg(feature = "voice")]
mod own;
mod pronunciation;
mod reading;
mod speech;
mod text;
pub mod wav;
mod worker;

pub use babble::Babble;
#[cfg(feature = "voice")]
pub use cache::{Keep, Kept};
pub use clause::{Clause, Clauses};
pub use english::Lexicon;
pub use error::VoiceError;
pub use formant::{FormantVoice, NonVerbal, ParseNonVerbalError};
#[cfg(feature = "voice")]
pub use kokoro::{Kokoro, KokoroVoice, Pronouncer, StyleTable};
pub use korean::spoken as spoken_korean;
pub use mouth::{
    MouthPose, MouthTrack, keys as keys_of_phones, keys_of_text, words as words_of_phones,
};
#[cfg(feature = "voice")]
pub use own::{keeping, kept_or_babble, of_this_user, with_files};
pub use pronunciation::{PronouncedWord, Pronunciation};
pub use reading::{ReadClause, join, read};
#[cfg(feature = "voice")]
pub(crate) use reading::{her_own, pause_after};
pub use speech::{MouthKey, MouthShape, Speech, SpeechRequest, SpokenWord, Synthesizer};
pub use text::pronounce;
pub use worker::{Order, Refused, Utterance, VoiceEvent, VoiceWorker};

pub use crate::resample::resample;
