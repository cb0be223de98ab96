//! Dialogues that people wrote for the characters, and which of them fits what a fan says.

mod exemplar;
mod matching;
mod parse;
mod particle;
mod shelf;
mod spoken;
mod votes;

use std::collections::BTreeMap;

pub use exemplar::{Exchange, Exemplar};
pub use matching::{Ask, Likeness, Match};

use super::{Emotion, Palette};
use crate::persona::{AssetFileError, Language, PersonaId};
use shelf::Shelf;
use votes::Votes;

/// All dialogues of all characters, indexed; never changes once it is built.
///
/// # Example
/// ```
/// use bevy_persona::mind::exemplars::{Ask, Exemplars};
/// use bevy_persona::mind::{Palette, Standing, Unlocked};
/// use bevy_persona::persona::Language;
///
/// let file = concat!(
///     r#"{"id": "otto-1", "member": "otto", "lang": "en", "topic": "greeting", "affinity": 10, "#,
///     r#""facts": [], "memory": [], "turns": [{"role": "user", "content": "good evening"}, "#,
///     r#"{"role": "assistant", "content": "[joy] Evening! The gate is open."}]}"#,
/// );
/// let dialogues = Exemplars::from_jsonl("otto.dialogues.jsonl", file, &Palette::default())?;
/// let exemplars = Exemplars::new(dialogues);
///
/// let (otto, unlocked) = ("otto".parse()?, Unlocked::new());
/// let ask = Ask {
///     standing: &Standing { member: &otto, affinity: 10.0, unlocked: &unlocked },
///     language: Language::English,
///     text: "gud evening!!",
///     previous: None,
///     may_tell: &|_| true,
/// };
/// let found = exemplars.similar(&ask, 3);
/// let reply = found[0].as_reply(&|_| None);
/// assert_eq!(reply.as_deref(), Some("[joy] Evening! The gate is open."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Exemplars {
    all: Vec<Exemplar>,
    shelves: BTreeMap<(PersonaId, Language), Shelf>,
    votes: BTreeMap<Language, Votes>,
}

impl Exemplars {
    /// Reads dialogues, one JSON object a line; `file` is its name in errors, `palette` the
    /// feelings that the replies may show.
    ///
    /// # Errors
    /// If a line is no dialogue. The error names file, line, column and field.
    pub fn from_jsonl(
        file: &str,
        text: &str,
        palette: &Palette,
    ) -> Result<Vec<Exemplar>, AssetFileError> {
        parse::from_jsonl(file, text, palette)
    }

    /// Reads one dialogue of a file for training: its line `number`, from 1.
    ///
    /// # Errors
    /// If it is no dialogue. The error names file, line, column and field.
    pub fn from_line(
        file: &str,
        number: usize,
        line: &str,
        palette: &Palette,
    ) -> Result<Exemplar, AssetFileError> {
        parse::from_line(file, number, line, palette)
    }

    /// Indexes dialogues.
    #[must_use]
    pub fn new(all: Vec<Exemplar>) -> Self {
        let mut by_shelf: BTreeMap<(PersonaId, Language), Vec<usize>> = BTreeMap::new();
        let mut by_language: BTreeMap<Language, Vec<&Exemplar>> = BTreeMap::new();
        for (at, exemplar) in all.iter().enumerate() {
            let shelf = (exemplar.member.clone(), exemplar.language);
            by_shelf.entry(shelf).or_default().push(at);
            by_language.entry(exemplar.language).or_default().push(exemplar);
        }
        let shelves = by_shelf.into_iter().map(|(key, at)| (key, Shelf::new(&all, &at))).collect();
        let votes = by_language.into_iter().map(|(key, all)| (key, Votes::new(&all))).collect();
        Self { shelves, votes, all }
    }

    /// How many dialogues there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The dialogues, in the order in which they were given.
    #[must_use]
    pub fn all(&self) -> &[Exemplar] {
        &self.all
    }

    /// The `k` dialogues of a member that are most similar to what a fan asks, best first.
    ///
    /// Left out: dialogues with a fact that may not be told, after a scene that this fan has not
    /// finished, or for fans whom she likes far better; and turns that follow on words of hers
    /// that she did not just say.
    #[must_use]
    pub fn similar<'a>(&'a self, ask: &Ask<'a>, k: usize) -> Vec<Match<'a>> {
        let shelf = self.shelves.get(&(ask.standing.member.clone(), ask.language));
        shelf.map_or_else(Vec::new, |shelf| shelf.similar(&self.all, ask, k))
    }

    /// What a message is about, by the topics of the dialogues of all members that begin in a
    /// similar way: their parts of the vote (together 1), the likeliest first. Empty if nothing is
    /// similar.
    #[must_use]
    pub fn topics(&self, text: &str, language: Language) -> Vec<(String, f32)> {
        self.votes.get(&language).map_or_else(Vec::new, |votes| votes.topics(text))
    }

    /// With which feeling a message is met, by the first tags of the replies to similar ones:
    /// their parts of the vote (together 1), the likeliest first. With a `member`, her own replies
    /// count most.
    #[must_use]
    pub fn feelings(
        &self,
        text: &str,
        language: Language,
        member: Option<&PersonaId>,
    ) -> Vec<(Emotion, f32)> {
        self.votes.get(&language).map_or_else(Vec::new, |votes| votes.feelings(text, member))
    }

    /// With which feeling words are said, by the tags of similar words of the members: their parts
    /// of the vote (together 1), the likeliest first.
    #[must_use]
    pub fn feeling_of_words(&self, text: &str, language: Language) -> Vec<(Emotion, f32)> {
        self.votes.get(&language).map_or_else(Vec::new, |votes| votes.feeling_of_words(text))
    }
}
