//! How a message is answered.

use super::{Direction, Moment};
use crate::mind::conduct::ConductKind;

/// How a message is answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// With words that were written for it.
    Authored {
        /// The words, with their tags: `[joy] You came back.`
        line: String,
        /// Where they come from.
        source: Source,
    },
    /// By the model.
    Model {
        /// What the model reads of this moment.
        moment: Box<Moment>,
        /// How its reply is steered and checked.
        direction: Box<Direction>,
        /// The facts that it is told.
        facts: Vec<String>,
    },
}

impl Answer {
    /// The authored words, if it is such.
    #[must_use]
    pub fn authored(&self) -> Option<&str> {
        match self {
            Self::Authored { line, .. } => Some(line),
            Self::Model { .. } => None,
        }
    }

    /// Where the words come from.
    #[must_use]
    pub fn source(&self) -> Source {
        match self {
            Self::Authored { source, .. } => source.clone(),
            Self::Model { .. } => Source::Model,
        }
    }

    /// The fact that is told first, if one is.
    #[must_use]
    pub fn told(&self) -> Option<&str> {
        match self {
            Self::Authored { source: Source::Lore(id), .. } => Some(id),
            Self::Authored { .. } => None,
            Self::Model { facts, .. } => facts.first().map(String::as_str),
        }
    }
}

/// Where the words of a reply come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The reply that is written for a message that needs care.
    Conduct(ConductKind),
    /// What she says in place of a fact, by its id.
    Withheld(String),
    /// What she says of a fact, by its id.
    Lore(String),
    /// A dialogue that began like this one, by its id.
    Dialogue(String),
    /// A line for a moment, by its name.
    Line(&'static str),
    /// What a scene has in place of improvised words.
    Scene,
    /// The model.
    Model,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conduct(kind) => write!(f, "conduct:{}", kind.as_str()),
            Self::Withheld(id) => write!(f, "withheld:{id}"),
            Self::Lore(id) => write!(f, "lore:{id}"),
            Self::Dialogue(id) => write!(f, "dialogue:{id}"),
            Self::Line(moment) => write!(f, "line:{moment}"),
            Self::Scene => f.write_str("scene"),
            Self::Model => f.write_str("model"),
        }
    }
}
