//! What a player gives, and what it asks of the world.

use super::SceneCommand;
use crate::{
    mind::EmotionTag,
    persona::{Language, PersonaId},
};

/// What a scene asks of the world around it.
pub trait SceneWorld {
    /// The fan's language.
    fn language(&self) -> Language;
    /// How close the fan is to a member, 0..100.
    fn affinity(&self, member: &str) -> f32;
    /// Whether the fan has unlocked a secret.
    fn knows(&self, secret: &str) -> bool;
    /// What is known of the fan, such as `name`; empty if it is not.
    fn fan(&self, key: &str) -> String;
    /// The fan's local time, 0..24.
    fn hour(&self) -> f32;
}

/// What a scene shows or does next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Somebody speaks, or the narrator.
    Line(SceneLine),
    /// The fan chooses; answer with [`Player::choose`](super::Player::choose).
    Choices(Vec<SceneChoice>),
    /// Something happens.
    Do(SceneCommand),
    /// The scene is over.
    End,
}

/// A line, ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneLine {
    /// Names the line in string tables and recordings.
    pub id: String,
    /// Who speaks; nobody if it is narration.
    pub speaker: Option<PersonaId>,
    /// In the fan's language, in English where it is not translated.
    pub text: String,
    /// What she feels.
    pub emotion: Option<EmotionTag>,
    /// What she does.
    pub gesture: Option<String>,
}

/// Something that the fan can say or do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SceneChoice {
    /// Names the line in string tables.
    pub id: String,
    /// In the fan's language.
    pub text: String,
    /// Whether it can be chosen now.
    pub available: bool,
    /// Whether it is a deed: written in round brackets.
    pub is_deed: bool,
}
