//! Talking with a character, as the ECS sees it: requests, events, the life cycle of a reply.

mod advance;
mod ask;
mod authored;
mod conversation;
mod events;
mod fan;
mod forget;
mod heads;
#[cfg(feature = "store")]
mod keep;
mod plugin;
mod profile;
mod receive;
mod request;
mod settle;
mod thinking;
mod trace;

pub use ask::{AskId, AskIds};
pub use conversation::{Conversation, DialogueState, FanFocus, FanLanguage};
pub use events::{
    AffinityChanged, AnswerFan, BondShifted, ConductFlagged, EmotionChanged, FanRemembered,
    FanSpoke, Improvise, Interrupt, Perform, ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished,
    ReplyStarted, Say, SceneListens, TurnSettled,
};
pub use fan::{Fan, Rapport, SceneNotes};
pub use forget::{ForgetFact, ForgetFan, ForgetProfile, Forgotten};
#[cfg(feature = "store")]
pub use keep::{FanStorePlugin, FanStory};
pub use plugin::DialoguePlugin;
pub use profile::{FanProfile, TalksWith, TalksWithFan};
pub use request::SayError;
pub use trace::ThoughtTrace;
