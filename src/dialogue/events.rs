//! What a game asks of a character, and what it hears back.
//!
//! # Life cycle of an ask
//!
//! | state | on | next | tells |
//! |---|---|---|---|
//! | – | [`Say`], [`Perform`], [`Improvise`] | queued | |
//! | – | [`Say`], while a scene listens | – | [`FanSpoke`], [`ReplyFinished`] with [`ReplyEnd::Heard`] |
//! | queued | it is her turn, the persona is loaded, words are written for this | replying | [`ReplyStarted`] |
//! | queued | the same, and the model must find the words | asked | |
//! | asked | the backend begins (after the model has loaded) | replying | [`ReplyStarted`] |
//! | replying | a tag | replying | [`EmotionChanged`] |
//! | replying | words | replying | [`ReplyChunk`] |
//! | replying | the end | – | [`ReplyFinished`] with [`ReplyEnd::Complete`], `Length`, `Stop`, `Guarded` or `Written` |
//! | queued, asked, replying | [`Interrupt`] | – | [`ReplyFinished`] with [`ReplyEnd::Interrupted`] |
//! | queued, asked, replying | an error; the worker dies | – | [`ReplyFailed`] |
//! | queued, asked, replying | the entity is despawned | – | nothing; the work stops |
//!
//! An idol answers one ask at a time, in the order asked. Several idols reply at the same time.

use bevy::prelude::*;

use super::AskId;
use crate::{
    inference::{FinishReason, InferenceError, ReplyStats},
    mind::{Act, ChatTurn, Emotion, EmotionTag, conduct::ConductKind, memory::FactId},
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

/// Request: the character says these words.
///
/// What follows is what follows a [`Say`]: the same events, face, voice and panels, in the order of
/// asks. Needs no model; changes neither closeness nor memory.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{dialogue::{AskIds, Perform}, prelude::*};
///
/// fn open_the_show(siwoo: Single<Entity, With<Persona>>, mut ids: ResMut<AskIds>, mut commands: Commands) {
///     let line = "[joy] You came back. [shy:0.4] I kept a cup for you.".into();
///     commands.trigger(Perform { entity: *siwoo, ask: ids.draw(), fan: String::new(), line });
/// }
/// ```
#[derive(Debug, Clone, EntityEvent)]
pub struct Perform {
    /// The character.
    pub entity: Entity,
    /// Names it in the events that follow.
    pub ask: AskId,
    /// What the fan said or did before, for her history; may be empty.
    pub fan: String,
    /// The words, with their tags.
    pub line: String,
}

/// Request: the character plays a moment of a scene in her own words.
///
/// What follows is what follows a [`Say`]. Where no reply does what the act demands, the written line
/// is said, and the reason is [`ReplyEnd::Written`].
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{dialogue::{AskIds, Improvise}, mind::{Act, Demands}, prelude::*};
///
/// fn ask_for_the_word(otto: Single<Entity, With<Persona>>, mut ids: ResMut<AskIds>, mut commands: Commands) {
///     let act = Act {
///         brief: "He asks for the password.".into(),
///         demands: Demands { must: Some("a question".into()), avoid: vec!["swordfish".into()] },
///         fallback: "[neutral] The word, please?".into(),
///         ..Act::default()
///     };
///     let fan = "Open the door!".into();
///     commands.trigger(Improvise { entity: *otto, ask: ids.draw(), fan, act });
/// }
/// ```
#[derive(Debug, Clone, EntityEvent)]
pub struct Improvise {
    /// The character.
    pub entity: Entity,
    /// Names it in the events that follow.
    pub ask: AskId,
    /// What the fan has just said, or the member she talks with; may be empty.
    pub fan: String,
    /// What she plays.
    pub act: Act,
}

/// Request: the character answers the fan as she does to a [`Say`], though a scene listens.
///
/// # Example
/// ```
/// use bevy::prelude::*;
/// use bevy_persona::{dialogue::{AnswerFan, AskIds}, prelude::*};
///
/// fn in_between(otto: Single<Entity, With<Persona>>, mut ids: ResMut<AskIds>, mut commands: Commands) {
///     commands.trigger(AnswerFan { entity: *otto, ask: ids.draw(), text: "Are you cold?".into() });
/// }
/// ```
#[derive(Debug, Clone, EntityEvent)]
pub struct AnswerFan {
    /// The character.
    pub entity: Entity,
    /// Names it in the events that follow.
    pub ask: AskId,
    /// What the fan says.
    pub text: String,
}

/// Whether a scene listens: a [`Say`] is then no question to the character but becomes a
/// [`FanSpoke`]. Written by whoever directs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Resource)]
pub struct SceneListens(pub bool);

/// Fact: the fan said this while a scene listened.
///
/// # Scheduling
/// Triggered at once by a [`Say`], which ends with [`ReplyEnd::Heard`].
#[derive(Debug, Clone, EntityEvent)]
pub struct FanSpoke {
    /// To whom.
    pub entity: Entity,
    /// What, as [`fan_text`](crate::mind::fan_text) gives it.
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
    /// No reply of the model was good enough, or it does not speak the language: a line written for
    /// that was said.
    Written,
    /// A scene took the message, see [`FanSpoke`].
    Heard,
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
            FinishReason::Written => Self::Written,
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

/// Fact: something outside of a turn changed [`Fan`](super::Fan) or [`Rapport`](super::Rapport), such
/// as a scene: what a store has to keep.
///
/// # Scheduling
/// Written by whoever changed it; nothing else follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
pub struct BondShifted {
    /// The character.
    pub entity: Entity,
    /// Who she is.
    pub member: PersonaId,
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
