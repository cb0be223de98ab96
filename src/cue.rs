//! From the emotion of the moment to a blend of feelings that moves smoothly.
//!
//! Knows no avatar format: a view reads [`EmotionBlend`] and shows it.

mod blend;
mod plugin;

pub use blend::{EmotionBlend, EmotionFade};
#[cfg(feature = "vrm")]
pub(crate) use plugin::advance;
pub use plugin::{CuePlugin, EmotionRig};
