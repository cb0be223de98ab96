//! What is so in the world of the characters, who may hear it, and which question asks for what.
//!
//! Whether a question can be answered is decided here, by rules of the content and by similarity,
//! and not by a language model.

mod answer;
mod claims;
mod fact;
mod form;
mod guide;
mod lexicon;
mod line;
mod look_up;
mod markdown;
mod nearest;
mod reading;
mod rules;
mod spelling;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use answer::{Answer, Missing, Question};
pub use fact::{Fact, Unlock};

use super::Standing;
use super::content::fault;
use crate::persona::AssetFileError;
use claims::Premises;
use guide::{Guide, meant};
use lexicon::Lexicon;
use nearest::{Label, Nearest};
use rules::Rules;

/// How similar a question must be to a wording of a fact that may have to do with it, 0..1.
const NEAR: f32 = 0.3;

/// All facts, and what finds them; never changes once it is built.
///
/// # Example
/// ```
/// use bevy_persona::mind::lore::{Answer, Lore, Question};
/// use bevy_persona::mind::{Standing, Unlocked};
/// use bevy_persona::persona::Language;
///
/// let facts = r#"
/// ```toml
/// id = "g1"
/// known_by = ["siwoo"]
/// audience = "public"
/// text = { en = "The debut song is \"Pandora\"." }
/// ```"#;
/// let guide = r#"
/// [signs]
/// which = ["what"]
/// [concepts]
/// debut_song = ["debut song", "first song"]
/// [[rule]]
/// when = ["debut_song"]
/// tell = ["g1"]
/// "#;
/// let lore = Lore::from_files([("group.md", facts), ("questions.toml", guide)])?;
/// let (siwoo, unlocked) = ("siwoo".parse()?, Unlocked::new());
/// let standing = Standing { member: &siwoo, affinity: 10.0, unlocked: &unlocked };
/// let question = Question::new("what was your debut song?", Language::English, standing);
/// assert!(matches!(lore.look_up(&question), Answer::Tell { facts, .. } if facts[0].id == "g1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Lore {
    facts: Vec<Fact>,
    by_id: HashMap<String, usize>,
    reasons: HashMap<String, String>,
    lexicon: Lexicon,
    rules: Rules,
    premises: Premises,
    nearest: Nearest,
}

impl Lore {
    /// Reads the files of a folder of lore: facts from Markdown, the guide to questions from TOML.
    /// `README.md` is for people only.
    ///
    /// # Errors
    /// If a file does not say what it should, or two facts have the same id.
    pub fn from_files<N: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, AssetFileError> {
        let mut facts = Vec::new();
        let mut guide = Guide::default();
        for (file, text) in files {
            let (file, text) = (file.as_ref(), text.as_ref());
            let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
            match name.rsplit_once('.') {
                Some((_, "toml")) => guide = Guide::read(file, text)?,
                Some((_, "md")) if name != "README.md" => {
                    facts.extend(markdown::read_facts(file, text)?);
                }
                _ => {}
            }
        }
        Self::new(facts, &guide)
    }

    fn new(facts: Vec<Fact>, guide: &Guide) -> Result<Self, AssetFileError> {
        let by_id = numbered(&facts)?;
        check_ids(guide, &by_id)?;
        let mut lexicon = Lexicon::new(guide)?;
        lexicon
            .spelling
            .learn(facts.iter().flat_map(|fact| fact.text.values().map(String::as_str)));
        let keys = facts.iter().flat_map(|fact| fact.keys.values().flatten());
        lexicon.spelling.learn(keys.map(String::as_str));
        Ok(Self {
            by_id,
            reasons: guide.reasons.clone().into_iter().collect(),
            rules: Rules::new(guide, &lexicon, &facts)?,
            premises: Premises::new(guide),
            nearest: Nearest::new(&facts, &[]),
            lexicon,
            facts,
        })
    }

    /// The same lore, which also knows what fans asked before: each message with the ids of the
    /// facts that answered it, and its topic (`lore`, `member`, `unknown`, `secret`, or any other).
    #[must_use]
    pub fn with_examples<'e>(
        mut self,
        examples: impl IntoIterator<Item = (&'e str, &'e [String], &'e str)>,
    ) -> Self {
        let mut labelled = Vec::new();
        for (ask, facts, topic) in examples {
            let label = match (topic, facts) {
                ("unknown", _) => Label::Unknown,
                ("secret", _) => Label::Secret,
                ("lore" | "member", [id, ..]) => {
                    self.by_id.get(id).map_or(Label::Other, |number| Label::Fact(*number))
                }
                _ => Label::Other,
            };
            labelled.push((ask.to_owned(), label));
        }
        self.lexicon.spelling.learn_common(labelled.iter().map(|(ask, _)| ask.as_str()));
        self.nearest = Nearest::new(&self.facts, &labelled);
        self
    }

    /// A fact by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Fact> {
        self.by_id.get(id).and_then(|number| self.facts.get(*number))
    }

    /// All facts, in the order of the files.
    pub fn facts(&self) -> impl ExactSizeIterator<Item = &Fact> {
        self.facts.iter()
    }

    /// Facts that a question may be about, and that may be told to this fan; the likeliest first. For
    /// a model that is to choose among them: they are less sure than what [`look_up`](Self::look_up)
    /// tells.
    #[must_use]
    pub fn near<'l>(&'l self, text: &str, standing: &Standing<'_>, most: usize) -> Vec<&'l Fact> {
        let numbers = self.nearest.facts(text, NEAR).into_iter();
        let facts = numbers.filter_map(|number| self.facts.get(number));
        facts.filter(|fact| fact.may_be_told(standing)).take(most).collect()
    }

    /// The facts that this character must not tell this fan.
    pub fn locked_for(&self, standing: &Standing<'_>) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(move |fact| !fact.may_be_told(standing))
    }
}

fn numbered(facts: &[Fact]) -> Result<HashMap<String, usize>, AssetFileError> {
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for (number, fact) in facts.iter().enumerate() {
        if let Some(first) = by_id.insert(fact.id.clone(), number) {
            let Fact { file, place, .. } = &facts[first];
            let problem = format!(
                "`{}` is already the id of a fact at {file}:{place}: give one of them another",
                fact.id
            );
            return Err(fault(&fact.file, fact.place, "id", problem));
        }
    }
    Ok(by_id)
}

/// Every fact that the guide names outside of its rules must exist.
fn check_ids(guide: &Guide, by_id: &HashMap<String, usize>) -> Result<(), AssetFileError> {
    let claims = guide.claims.iter().flat_map(|(kind, claims)| {
        claims.facts.keys().map(move |id| (format!("claims.{kind}.facts"), id))
    });
    let numbers = guide.numbers.facts.keys().map(|id| ("numbers.facts".to_owned(), id));
    let about = guide.about.keys().map(|id| ("about".to_owned(), id));
    let reasons = guide.reasons.iter().flat_map(|(id, reason)| [id, reason]);
    let reasons = reasons.map(|id| ("reasons".to_owned(), id));
    for (field, id) in claims.chain(numbers).chain(about).chain(reasons) {
        if !by_id.contains_key(id) {
            let advice = meant(id, by_id.keys().map(String::as_str));
            return Err(guide.fault(id, &field, format!("there is no fact `{id}`: {advice}")));
        }
    }
    Ok(())
}
