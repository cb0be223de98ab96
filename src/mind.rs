//! What turns a persona, a fan and what was written for both into a reply: everything that can be
//! decided without a model, and what a model is told and allowed.
//!
//! Plain functions on plain data: nothing here knows the ECS, reads a file, looks at a clock or waits.

mod bond;
mod compose;
pub mod conduct;
pub mod content;
mod demands;
mod direction;
pub mod disclosure;
mod emotion;
pub mod exemplars;
mod fan;
pub mod feeling;
mod form;
mod guard;
mod history;
mod judge;
mod library;
mod lines;
pub mod lore;
pub mod memory;
mod mood;
pub mod prompt;
pub mod relationship;
pub mod retrieval;
mod sanitise;
mod sections;
mod settle;
mod standing;
mod tags;
pub mod text;
mod think;
pub mod tongue;

pub use bond::Bond;
pub use compose::{MAX_FAN_TEXT, Moment, Prompt, PromptHead, fan_text};
pub use demands::Demands;
pub use direction::{Choice, Direction, Watch};
pub use disclosure::Locked;
pub use emotion::{Emotion, EmotionTag, Palette, PaletteError, ParseEmotionError};
pub use fan::{FanId, ParseFanIdError};
pub use feeling::{Appraisal, Carry, FanFeeling, Feelings, Lesson};
pub use form::{Budget, ModelSize, PromptForm, estimate_tokens};
pub use guard::Guard;
pub use history::{Beat, Beats, ChatTurn, History};
pub use judge::Judge;
pub use library::Library;
pub use lines::Lines;
pub use memory::{FanMemory, Timestamp};
pub use mood::{Mood, Temperament};
pub use relationship::{RelationEvent, Relationship};
pub use sanitise::{Sanitiser, sanitise};
pub use settle::{Settlement, settle};
pub use standing::{Audience, Standing, Unlocked};
pub use tags::{Segment, TagDiagnostic, TagParser};
pub use think::{Act, Answer, Ask, Source, Speaker, Thought, act, improvise, think};
