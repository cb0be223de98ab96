//! Conduct: which messages need care, and what each member says to them.

mod cases;
mod file;
mod kind;
mod likeness;
#[cfg(test)]
mod measure;
mod rules;
mod spelling;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

pub use self::kind::ConductKind;
use self::{
    cases::Replies,
    file::{Category, File},
    likeness::Likeness,
    rules::{Rules, Source},
    spelling::Spelling,
};
use super::content::{ByLanguage, fault};
use crate::persona::{AssetFileError, Language, PersonaId, Place};

/// A message that needs care.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// What it is.
    pub kind: ConductKind,
    /// What it was noticed by.
    pub by: FlagSource,
    /// Which of the category's cases it is, for [`Conduct::reply`].
    pub case: Option<usize>,
}

/// What noticed a message.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagSource {
    /// A pattern of the conduct file.
    Pattern,
    /// It is like an example, so much (0..1).
    Likeness(f32),
}

/// The rules of conduct; never change once they are read.
///
/// # Example
/// ```
/// use bevy_persona::{mind::conduct::{Conduct, ConductKind}, persona::Language};
///
/// let text = std::fs::read_to_string("assets/conduct/conduct.toml")?;
/// let conduct = Conduct::from_toml("conduct.toml", &text)?;
/// let flag = conduct.check("r u a real person").unwrap();
/// assert_eq!(flag.kind, ConductKind::ClaimsHuman);
/// let reply = conduct.reply(&flag, &"taira".parse()?, Language::English, 0).unwrap();
/// assert!(reply.contains("irtual idol"));
/// assert_eq!(conduct.check("i love your song"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Conduct {
    /// By priority.
    categories: Vec<Rule>,
    spelling: Spelling,
    /// Texts that a message may be like: examples of a category, and innocent ones.
    texts: Vec<(Option<ConductKind>, String)>,
    likeness: Likeness,
    /// What fans say about other matters, word for word.
    ordinary: HashSet<String>,
}

/// A category, compiled.
#[derive(Debug)]
struct Rule {
    kind: ConductKind,
    input: Rules,
    output: Rules,
    replies: Replies,
}

impl Conduct {
    /// Reads the conduct file; `file` is its name in errors.
    ///
    /// # Errors
    /// If it does not say what it should, names a category that is not known, or a pattern is no
    /// regular expression. The error names category, language, number of the pattern, and advice.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let content = File::from_toml(file, text)?;
        let mut spelling = Spelling::new(&content.spelling);
        let shorthand = content.shorthand.clone();
        let source = Source { file, text, shorthand: &shorthand };
        let mut categories = content.into_categories();
        categories.sort_by_key(|(_, category)| *category.priority.as_ref());
        check_priorities(&source, &categories)?;
        let texts: Vec<_> = categories.iter().flat_map(example_texts).collect();
        texts.iter().for_each(|(_, text)| spelling.learn(text));
        let rules = categories.into_iter().map(|(kind, category)| rule(&source, kind, category));
        let categories = rules.collect::<Result<_, _>>()?;
        let conduct = Self {
            categories,
            spelling,
            texts,
            likeness: Likeness::default(),
            ordinary: HashSet::new(),
        };
        Ok(conduct.with_ordinary([""; 0]))
    }

    /// Takes further texts as innocent, such as what fans say in authored dialogues about other
    /// matters: a message that is like one of them is not flagged for being like an example.
    #[must_use]
    pub fn with_ordinary<S: AsRef<str>>(mut self, texts: impl IntoIterator<Item = S>) -> Self {
        let new: Vec<S> = texts.into_iter().collect();
        new.iter().for_each(|text| self.spelling.learn(text.as_ref()));
        self.ordinary.extend(new.iter().map(|text| self.spelling.plain(text.as_ref())));
        self.texts.extend(new.iter().map(|text| (None, text.as_ref().to_owned())));
        for (_, text) in &mut self.texts {
            *text = self.spelling.plain(text);
        }
        self.likeness = Likeness::new(&self.texts);
        self
    }

    /// Whether a fan's message needs care.
    #[must_use]
    pub fn check(&self, fan_text: &str) -> Option<Flag> {
        let plain = self.spelling.plain(fan_text);
        if self.ordinary.contains(&plain) {
            return None;
        }
        let by_pattern = self.categories.iter().find(|rule| rule.input.find(&plain));
        let (rule, by) = match by_pattern {
            Some(rule) => (rule, FlagSource::Pattern),
            None => {
                let (kind, likeness) = self.likeness.nearest(&plain)?;
                (self.rule(kind)?, FlagSource::Likeness(likeness))
            }
        };
        Some(Flag { kind: rule.kind, by, case: rule.replies.case(&plain) })
    }

    /// Whether something that she is about to say must not be said.
    #[must_use]
    pub fn check_output(&self, reply_text: &str) -> Option<ConductKind> {
        let plain = self.spelling.plain(reply_text);
        self.categories.iter().find(|rule| rule.output.find(&plain)).map(|rule| rule.kind)
    }

    /// What a member says to a flagged message: an authored reply, emotion tags included, that
    /// suits it; the `nth` one in turn. Where there is none in a language, it is in English.
    #[must_use]
    pub fn reply(
        &self,
        flag: &Flag,
        member: &PersonaId,
        language: Language,
        nth: usize,
    ) -> Option<&str> {
        self.rule(flag.kind)?.replies.get(flag.case, member, language, nth)
    }

    fn rule(&self, kind: ConductKind) -> Option<&Rule> {
        self.categories.iter().find(|rule| rule.kind == kind)
    }
}

fn rule(
    source: &Source<'_>,
    kind: ConductKind,
    category: Category,
) -> Result<Rule, AssetFileError> {
    let field = format!("{kind}.");
    let output = format!("{kind}.output_");
    Ok(Rule {
        kind,
        input: Rules::new(source, &field, &category.mask, &category.patterns)?,
        output: Rules::new(source, &output, &category.output_mask, &category.output)?,
        replies: Replies::new(source, kind.as_str(), &category.cases, category.replies)?,
    })
}

/// The texts of a category, in all languages: its examples and its innocent look-alikes.
fn example_texts((kind, category): &(ConductKind, Category)) -> Vec<(Option<ConductKind>, String)> {
    let texts = |lists: &ByLanguage<Vec<String>>, kind| {
        lists.values().flatten().map(|text| (kind, text.clone())).collect::<Vec<_>>()
    };
    [texts(&category.examples, Some(*kind)), texts(&category.innocent, None)].concat()
}

/// Two categories of one priority would fire in no order that the file tells.
fn check_priorities(
    source: &Source<'_>,
    sorted: &[(ConductKind, Category)],
) -> Result<(), AssetFileError> {
    for pair in sorted.windows(2) {
        let (first, second) = (&pair[0], &pair[1]);
        if first.1.priority.as_ref() == second.1.priority.as_ref() {
            let place = Place::of_byte(source.text, second.1.priority.span().start);
            let problem = format!("`{}` has the same priority: give each its own", first.0);
            return Err(fault(source.file, place, format!("{}.priority", second.0), problem));
        }
    }
    Ok(())
}
