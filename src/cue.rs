//! From what goes on in a character to what can be seen and heard of it.
//!
//! Feelings, activities and words become faces, postures, gestures, glances and tones of voice, by
//! data ([`CueSheet`]). Knows no avatar format: views read [`EmotionBlend`], [`Posture`], [`Attention`]
//! and the rest, and hear [`Gesture`] and [`Stress`].

mod activity;
mod attention;
mod beat;
mod blend;
mod book;
mod gaze;
mod gesture;
mod lips;
mod look;
mod plugin;
mod posture;
pub(crate) mod random;
mod sheet;
mod sheet_file;

pub use activity::{Activity, Attend};
pub use attention::{Attention, FanEyes, LookAtThis};
pub use beat::{Beat, BeatPart, Voiced};
pub use blend::{EmotionBlend, EmotionFade};
pub use book::{CueBook, Cues};
pub use gaze::{Gaze, GazeManner, GazeShare};
pub use gesture::{Gesture, Stress, Utter};
pub use lips::{LipSync, SpokenWord};
pub use look::Look;
#[cfg(feature = "vrm")]
pub(crate) use plugin::CueSystems;
pub use plugin::{CuePlugin, EmotionRig, Feel};
pub use posture::{Posture, VoiceCue};
pub use sheet::{ActivityCue, CueSheet, FeelingCue, WordCue};
pub use sheet_file::CueSheetLoader;
