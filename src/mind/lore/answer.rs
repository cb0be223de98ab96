//! What is asked, and what the lore says to it.

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::mind::Standing;
use crate::persona::Language;

/// What a fan writes, and what it may lean on.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The message as it was typed.
    pub text: &'a str,
    /// The language of it.
    pub language: Language,
    /// Who is asked, and how the fan stands with her.
    pub standing: Standing<'a>,
    /// What the fan wrote before it.
    pub previous: Option<&'a str>,
    /// The id of the fact that she told last, for "and Jena?" and "why?".
    pub last_fact: Option<&'a str>,
}

impl<'a> Question<'a> {
    /// A question that leans on nothing.
    #[must_use]
    pub const fn new(text: &'a str, language: Language, standing: Standing<'a>) -> Self {
        Self { text, language, standing, previous: None, last_fact: None }
    }
}

/// What a question without an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// A character.
    Member,
    /// The group, its songs and shows.
    Group,
    /// The world that they come from.
    World,
    /// Anything else that one could look up: capitals, sums, the weather.
    Elsewhere,
}

/// What the lore says to a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer<'a> {
    /// She knows it and may tell it.
    Tell {
        /// The facts, best first: one to three, or one for each character.
        facts: Vec<&'a Fact>,
        /// How sure it is that they answer the question, 0..1.
        score: f32,
    },
    /// She must not tell it, or does not know it: she says `say_instead`.
    Withhold {
        /// The fact that is held back.
        fact: &'a Fact,
        /// How sure it is that it was asked for, 0..1.
        score: f32,
    },
    /// A question about her, the group or the world that the lore does not answer: she says that
    /// she does not know.
    Unknown {
        /// What it is about.
        kind: Missing,
    },
    /// The question presumes what is not so.
    FalsePremise {
        /// What is so.
        fact: &'a Fact,
    },
    /// Small talk, feelings, the fan's own things.
    NotAQuestionForLore,
}
