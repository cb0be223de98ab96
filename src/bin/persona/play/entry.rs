//! What a transcript is made of.

use bevy_persona::mind::Emotion;
use serde::{Serialize, Serializer};

/// Whose words an improvised line is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// The model's.
    Model,
    /// Those of the writer: no try of the model was good enough, or it does not speak the language.
    Written,
    /// The writer's, since the model was about to tell what is locked.
    Guarded,
    /// Those of the lore, or of the rules of conduct: what the fan said comes before the scene.
    Library,
    /// There are none: no word was good enough, and none was written.
    Silent,
    /// Nobody's: it failed.
    Nobody,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Entry {
    /// A scene begins.
    Began {
        /// Which.
        scene: String,
        /// Where chance began.
        seed: u64,
    },
    /// The scene goes on in this node.
    Node {
        /// Which.
        node: String,
    },
    /// A written line.
    Line {
        /// Its id in the string tables.
        id: String,
        /// Who says it; nobody stands for the narrator.
        speaker: Option<String>,
        /// With which face.
        #[serde(serialize_with = "maybe_name")]
        emotion: Option<Emotion>,
        /// The words.
        text: String,
    },
    /// A line that nobody wrote, or might not have.
    Improvised {
        /// Who says it.
        speaker: String,
        /// With which face.
        #[serde(serialize_with = "maybe_name")]
        emotion: Option<Emotion>,
        /// The words.
        text: String,
        /// Whose words they are.
        words: Words,
        /// What she was to get across.
        brief: String,
    },
    /// The fan may choose.
    Choices {
        /// The words of the choices.
        choices: Vec<String>,
    },
    /// The fan chose, or did something.
    Chose {
        /// The number, from 1.
        number: usize,
        /// The words.
        text: String,
    },
    /// The fan said this.
    Fan {
        /// The words.
        text: String,
    },
    /// A command was done.
    Command {
        /// As a writer would read it.
        text: String,
    },
    /// Something locked was told.
    Leak {
        /// By whom.
        speaker: String,
        /// The secret or fact.
        secret: String,
        /// In which words.
        text: String,
    },
    /// The scene is over.
    Ended {
        /// Which.
        scene: String,
        /// `finished`, `stopped`, or what went wrong.
        how: String,
    },
}

fn maybe_name<S: Serializer>(emotion: &Option<Emotion>, to: S) -> Result<S::Ok, S::Error> {
    match emotion {
        Some(emotion) => to.collect_str(emotion),
        None => to.serialize_none(),
    }
}

impl Entry {
    /// The words of it; empty where there are none.
    pub fn text(&self) -> &str {
        match self {
            Self::Line { text, .. }
            | Self::Improvised { text, .. }
            | Self::Chose { text, .. }
            | Self::Fan { text }
            | Self::Command { text }
            | Self::Leak { text, .. } => text,
            _ => "",
        }
    }
}
