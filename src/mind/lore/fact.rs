//! One fact, and who may hear it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::mind::content::ByLanguage;
use crate::mind::{Audience, Standing};
use crate::persona::{Language, PersonaId, Place};

/// When a fact may be told at all.
///
/// In a file: `"none"`, `"never"`, or the name of a scene.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Unlock {
    /// At any time.
    #[default]
    None,
    /// At no time.
    Never,
    /// Once this scene is finished.
    Scene(String),
}

impl<'de> Deserialize<'de> for Unlock {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Ok(match word.as_str() {
            "" | "none" => Self::None,
            "never" => Self::Never,
            _ => Self::Scene(word),
        })
    }
}

/// One thing that is so in the world of the characters.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Names the fact.
    pub id: String,
    /// What it is about, for writers and inspectors; never spoken.
    #[serde(default)]
    pub title: ByLanguage<String>,
    /// The characters who know it. Nobody else ever tells it.
    pub known_by: Vec<PersonaId>,
    /// Whom it may be told.
    pub audience: Audience,
    /// When it may be told.
    #[serde(default)]
    pub unlock: Unlock,
    /// How fans ask for it.
    #[serde(default)]
    pub keys: ByLanguage<Vec<String>>,
    /// The fact in plain third person.
    pub text: ByLanguage<String>,
    /// The fact as each character says it.
    #[serde(default)]
    pub say: BTreeMap<PersonaId, ByLanguage<String>>,
    /// What each character says where she may not tell it or does not know it.
    #[serde(default)]
    pub say_instead: BTreeMap<PersonaId, ByLanguage<String>>,
    /// The file it was read from.
    #[serde(skip)]
    pub file: String,
    /// Where in the file it begins.
    #[serde(skip, default = "first_line")]
    pub place: Place,
}

const fn first_line() -> Place {
    Place { line: 1, column: 1 }
}

impl Fact {
    /// Whether this character may tell it to this fan: she knows it, he is close enough, and the
    /// scene that unlocks it is finished.
    ///
    /// # Example
    /// ```
    /// use bevy_persona::mind::lore::Lore;
    /// use bevy_persona::mind::{Standing, Unlocked};
    ///
    /// let file = r#"
    /// ```toml
    /// id = "w1"
    /// known_by = ["siwoo"]
    /// audience = "friend"
    /// text = { en = "The diary is written in an old script." }
    /// ```"#;
    /// let lore = Lore::from_files([("world.md", file)])?;
    /// let (siwoo, unlocked) = ("siwoo".parse()?, Unlocked::new());
    /// let stranger = Standing { member: &siwoo, affinity: 10.0, unlocked: &unlocked };
    /// let friend = Standing { affinity: 40.0, ..stranger };
    /// let fact = lore.get("w1").ok_or("no such fact")?;
    /// assert!(fact.may_be_told(&friend) && !fact.may_be_told(&stranger));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn may_be_told(&self, standing: &Standing<'_>) -> bool {
        let unlocked = match &self.unlock {
            Unlock::None => self.audience != Audience::Secret,
            Unlock::Never => false,
            Unlock::Scene(scene) => standing.unlocked.contains(scene),
        };
        unlocked && standing.hears(self.audience) && self.known_by.contains(standing.member)
    }

    /// The plain fact in a language; in English, where it has none of its own.
    #[must_use]
    pub fn text_in(&self, language: Language) -> Option<&str> {
        let text = self.text.get(&language).or_else(|| self.text.get(&Language::English));
        text.map(String::as_str)
    }

    /// Her telling of it, in the language, if there is one.
    #[must_use]
    pub fn said_by(&self, member: &PersonaId, language: Language) -> Option<&str> {
        self.say.get(member)?.get(&language).map(String::as_str)
    }

    /// What she says instead of telling it, in the language, if there is such a line.
    #[must_use]
    pub fn said_instead_by(&self, member: &PersonaId, language: Language) -> Option<&str> {
        self.say_instead.get(member)?.get(&language).map(String::as_str)
    }
}
