//! What turns a persona and a history into a prompt, and a reply into beats.
//!
//! Plain functions on plain data: nothing here knows the ECS, reads a file or waits.

mod compose;
mod emotion;
mod history;
pub mod prompt;
mod tags;

pub use compose::{MAX_FAN_TEXT, Prompt, PromptHead, fan_text};
pub use emotion::{Emotion, EmotionTag, Palette, PaletteError, ParseEmotionError};
pub use history::{Beat, Beats, ChatTurn, History};
pub use tags::{Segment, TagDiagnostic, TagParser};
