//! What a game asks of a character, and what it hears back.
//!
//! # Life cycle of an ask
//!
//! | state | on | next | tells |
//! |---|---|---|---|
//! | – | [`Say`] | queued | |
//! | queued | it is her turn, the persona is loaded, words are written for this | replying | [`ReplyStarted`] |
//! | queued | the same, and the model must find the words | asked | |
//! | asked | the backend begins (after the model has loaded) | replying | [`ReplyStarted`] |
//! | replying | a tag | replying | [`EmotionChanged`] |
//! | replying | words | replying | [`ReplyChunk`] |
//! | replying | the end | – | [`ReplyFinished`] with [`ReplyEnd::Complete`], `Length` or `Stop` |
//! | queued, asked, replying | [`Interrupt`] | – | [`ReplyFinished`] with [`ReplyEnd::Interrupted`] |
//! | queued, asked, replying | an error; the worker dies | – | [`ReplyFailed`] |
//! | queued, asked, replying | the entity is despawned | – | nothing; the work stops |
//!
//! An idol answers one ask at a time, in the order asked. Several idols reply at the same time.

use bevy::prelude::*;

use super::AskId;
use crate::{
    inference::{FinishReason, InferenceError, ReplyStats},
    mind::{ChatTurn, Emotion, EmotionTag, conduct::ConductKind, memory::FactId},
    persona::PersonaId,
};

/// Request: the fan says this to the character.
///
/// It ends in exactly one [`ReplyFinished`] or [`ReplyFailed`]. Empty text is a failure; text
/// longer than the model can read is shortened in the middle of nothing: whole old turns go first,
/// then the end of the message itself.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::prelude::*;
///
/// fn greet(siwoo: Single<Entity, With<Persona>>, mut commands: Commands) {
///     commands.trigger(Say { entity: *siwoo, text: "Hi Siwoo!".into() });
/// }
/// ```
#[derive(Debug, Clone, EntityEvent)]
pub struct Say {
    /// The character.
    pub entity: Entity,
    /// What the fan says.
    pub text: String,
}

/// Request: the character stops speaking.
///
/// Ends all her open asks with [`ReplyEnd::Interrupted`]. Her history keeps what was shown.
#[derive(Debug, Clone, Copy, EntityEvent)]
pub struct Interrupt {
    /// The character.
    pub entity: Entity,
}

/// Fact: the character begins to reply.
///
/// # Scheduling
/// Triggered in [`PersonaSystems::Interpret`](crate::PersonaSystems::Interpret).
#[derive(Debug, Clone, EntityEvent)]
pub struct ReplyStarted {
    /// The character.
    pub entity: Entity,
    /// Which ask this answers.
    pub ask: AskId,
    /// What the fan had said.
    pub fan: String,
}

/// Fact: some more words of a reply: the new ones only.
///
/// The chunks of a reply in a row are its text. Also sent as a [`Message`], for readers of many.
///
/// # Scheduling
/// Triggered in [`PersonaSystems::Interpret`](crate::PersonaSystems::Interpret).
#[derive(Debug, Clone, EntityEvent, Message)]
pub struct ReplyChunk {
    /// The character.
    pub entity: Entity,
    /// Which ask this answers.
    pub ask: AskId,
    /// The new words; whole characters, never empty.
    pub text: String,
    /// The feeling they are said with.
    pub emotion: Emotion,
}

/// Fact: the character feels something else, or more or less of it.
///
/// # Scheduling
/// Triggered in [`PersonaSystems::Interpret`](crate::PersonaSystems::Interpret), before the words
/// said with it.
#[derive(Debug, Clone, EntityEvent)]
pub struct EmotionChanged {
    /// The character.
    pub entity: Entity,
    /// Which ask this answers.
    pub ask: AskId,
    /// What she feels now.
    pub tag: EmotionTag,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReplyEnd {
    /// She had said all she wanted.
    Complete,
    /// The longest allowed reply was reached.
    Length,
    /// One of the stop texts came up.
    Stop,
    /// She was about to tell what is locked, and went on with a line written for that.
    Guarded,
    /// An [`Interrupt`] came.
    Interrupted,
}

impl From<FinishReason> for ReplyEnd {
    fn from(reason: FinishReason) -> Self {
        match reason {
            FinishReason::Complete => Self::Complete,
            FinishReason::Length => Self::Length,
            FinishReason::Stop => Self::Stop,
            FinishReason::Guarded => Self::Guarded,
        }
    }
}

/// Fact: a reply has ended well, or was interrupted.
///
/// # Scheduling
/// Triggered in [`PersonaSystems::Interpret`](crate::PersonaSystems::Interpret), or at once by an
/// [`Interrupt`].
#[derive(Debug, Clone, EntityEvent)]
pub struct ReplyFinished {
    /// The character.
    pub entity: Entity,
    /// Which ask this answers.
    pub ask: AskId,
    /// Why it ended.
    pub reason: ReplyEnd,
    /// All that was shown of the reply.
    pub text: String,
    /// Figures; all zero after an interrupt.
    pub stats: ReplyStats,
}

/// Fact: a reply could not be made, or not be finished.
///
/// # Scheduling
/// As [`ReplyFinished`].
#[derive(Debug, Clone, EntityEvent)]
pub struct ReplyFailed {
    /// The character.
    pub entity: Entity,
    /// Which ask this answers.
    pub ask: AskId,
    /// Why, and what to do next.
    pub error: InferenceError,
}

/// Fact: a message needs care; she answers it with words written for that.
///
/// A game may show helplines of the player's country, tell a moderator, or do nothing.
///
/// # Scheduling
/// Triggered in [`PersonaSystems::Advance`](crate::PersonaSystems::Advance), before the reply.
#[derive(Debug, Clone, Copy, EntityEvent)]
pub struct ConductFlagged {
    /// The character.
    pub entity: Entity,
    /// Which ask it is about.
    pub ask: AskId,
    /// What about it needs care.
    pub kind: ConductKind,
}

/// Fact: a turn brought fan and character closer, or less close.
///
/// # Scheduling
/// Triggered when a reply ends, behind [`ReplyFinished`].
#[derive(Debug, Clone, Copy, EntityEvent)]
pub struct AffinityChanged {
    /// The character.
    pub entity: Entity,
    /// How close they are now, 0..100.
    pub affinity: f32,
    /// By how much that changed.
    pub change: f32,
}

/// Fact: something about the fan is known now that was not before.
///
/// # Scheduling
/// As [`AffinityChanged`].
#[derive(Debug, Clone, EntityEvent)]
pub struct FanRemembered {
    /// The character who was told.
    pub entity: Entity,
    /// The facts, in [`Fan::memory`](super::Fan::memory).
    pub facts: Vec<FactId>,
}

/// Fact: a turn is over, and what it changed is in [`Fan`](super::Fan) and
/// [`Rapport`](super::Rapport): what a store has to keep.
///
/// # Scheduling
/// Written when a reply ends, behind [`ReplyFinished`].
#[derive(Debug, Clone, Message)]
pub struct TurnSettled {
    /// The character.
    pub entity: Entity,
    /// Who she is.
    pub member: PersonaId,
    /// What the fan said, and what was shown of the reply.
    pub lines: [ChatTurn; 2],
    /// Facts that are new or different.
    pub learned: Vec<FactId>,
    /// Facts that were forgotten.
    pub forgotten: Vec<FactId>,
}
