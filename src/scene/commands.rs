//! The commands of a scene: `<<look siwoo at fan>>`.

mod error;
mod parse;
mod show;
mod words;

use super::Condition;
use crate::{mind::EmotionTag, persona::PersonaId};

pub use error::CommandError;
pub(crate) use parse::split;

/// What a scene asks its stage, its characters or its fan to do.
///
/// # Example
/// ```
/// use bevy_persona::scene::{SceneCommand, Shot};
///
/// assert_eq!(SceneCommand::parse("camera wide"), Ok(SceneCommand::Camera(Shot::Wide)));
/// let error = SceneCommand::parse("camera clsoe siwoo").unwrap_err();
/// assert_eq!(error.column, 8);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum SceneCommand {
    /// `emotion siwoo sad 0.7`: a face that she holds.
    Emotion {
        /// Who.
        member: PersonaId,
        /// What she shows.
        tag: EmotionTag,
    },
    /// `gesture siwoo wave`
    Gesture {
        /// Who.
        member: PersonaId,
        /// The gesture's name.
        gesture: String,
    },
    /// `look siwoo at fan`
    Look {
        /// Who.
        member: PersonaId,
        /// Where to.
        at: LookAt,
    },
    /// `move siwoo to rail 2.0`
    Move {
        /// Who.
        member: PersonaId,
        /// The mark she walks to.
        to: String,
        /// How long she walks.
        seconds: f32,
    },
    /// `camera close siwoo`
    Camera(Shot),
    /// `light dusk`
    Light(String),
    /// `music play rain_glass`, `music stop`
    Music(Option<String>),
    /// `wait 1.5`: seconds
    Wait(f32),
    /// `voice siwoo hum`
    Voice {
        /// Who.
        member: PersonaId,
        /// A sound without words.
        sound: String,
    },
    /// `remember fan "was afraid of heights"`
    Remember(String),
    /// `unlock s01`
    Unlock(String),
    /// `affinity siwoo 5`
    Affinity {
        /// Who.
        member: PersonaId,
        /// What is added; may be negative.
        by: f32,
    },
    /// `improvise siwoo "…" turns=1 must="…" avoid="a|b" fallback="…"`
    Improvise(Improvise),
    /// `ask_fan siwoo "…" into=$answer options="a|b" fallback="b"`
    AskFan(AskFan),
    /// `chat siwoo turns=4 about="…" until="$trust >= 3"`
    Chat(Chat),
    /// `talk siwoo jena turns=4 about="…"`
    Talk(Talk),
}

/// What somebody looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookAt {
    /// The fan, in front of the screen.
    Fan,
    /// Another member.
    Member(PersonaId),
    /// A mark of the stage.
    Mark(String),
}

/// What the camera frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shot {
    /// Everybody.
    Wide,
    /// One member's face.
    Close(PersonaId),
}

/// A moment that a member says in her own words, within bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Improvise {
    /// Who.
    pub member: PersonaId,
    /// What she should get across, in English.
    pub brief: String,
    /// How often the fan may answer.
    pub turns: u32,
    /// What has to be in it: `a question`.
    pub must: Option<String>,
    /// Words that must not be in it.
    pub avoid: Vec<String>,
    /// The written line for when no reply is good enough, in the fan's language.
    pub fallback: String,
}

/// A question that the fan answers freely; the answer becomes one of the options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskFan {
    /// Who asks.
    pub member: PersonaId,
    /// What, in the fan's language.
    pub question: String,
    /// What gets the option, with its dollar.
    pub variable: String,
    /// In English: what the variable gets.
    pub options: Vec<String>,
    /// The same in the fan's language, for buttons.
    pub labels: Vec<String>,
    /// The option for an answer that means none of them.
    pub fallback: String,
}

/// An open talk with the fan; every line behind it works as well if it never happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Chat {
    /// With whom.
    pub member: PersonaId,
    /// How many messages of the fan at most.
    pub turns: u32,
    /// About what, in English.
    pub about: Option<String>,
    /// It is over early once this holds.
    pub until: Option<Condition>,
}

/// Two members among themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// Who; the first begins.
    pub members: [PersonaId; 2],
    /// How many lines.
    pub turns: u32,
    /// About what, in English.
    pub about: String,
}

impl SceneCommand {
    /// The first words of all commands.
    pub const NAMES: &[&str] = &[
        "affinity",
        "ask_fan",
        "camera",
        "chat",
        "emotion",
        "gesture",
        "improvise",
        "light",
        "look",
        "move",
        "music",
        "remember",
        "talk",
        "unlock",
        "voice",
        "wait",
    ];

    /// Reads what stands between `<<` and `>>`.
    ///
    /// Who is looked at is a mark, until the [`Scenes`](super::Scenes) know who the members are.
    ///
    /// # Errors
    /// If it is no command, or something in it is missing, wrong or too much.
    pub fn parse(text: &str) -> Result<Self, CommandError> {
        parse::command(text)
    }

    /// Whether a scene that is saved now begins with this again: it takes time, and the fan takes
    /// part.
    pub(crate) const fn lasts(&self) -> bool {
        matches!(self, Self::Improvise(_) | Self::AskFan(_) | Self::Chat(_) | Self::Talk(_))
    }

    /// The members who take part.
    pub fn members(&self) -> impl Iterator<Item = &PersonaId> {
        let (one, two) = match self {
            Self::Look { member, at: LookAt::Member(other) } => (Some(member), Some(other)),
            Self::Emotion { member, .. }
            | Self::Gesture { member, .. }
            | Self::Look { member, .. }
            | Self::Move { member, .. }
            | Self::Voice { member, .. }
            | Self::Affinity { member, .. }
            | Self::Camera(Shot::Close(member))
            | Self::Improvise(Improvise { member, .. })
            | Self::AskFan(AskFan { member, .. })
            | Self::Chat(Chat { member, .. }) => (Some(member), None),
            Self::Talk(Talk { members: [one, two], .. }) => (Some(one), Some(two)),
            _ => (None, None),
        };
        one.into_iter().chain(two)
    }
}

#[cfg(test)]
mod tests;
