//! Talking with a character, as the ECS sees it: requests, events, the life cycle of a reply.

mod advance;
mod ask;
mod conversation;
mod events;
mod heads;
mod plugin;
mod receive;
mod request;

pub use ask::AskId;
pub use conversation::{Conversation, DialogueState, FanFocus, FanLanguage};
pub use events::{
    EmotionChanged, Interrupt, ReplyChunk, ReplyEnd, ReplyFailed, ReplyFinished, ReplyStarted, Say,
};
pub use plugin::DialoguePlugin;
pub use request::SayError;
