//! `memory.toml` as it is written.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::{
    mind::{
        content::ByLanguage,
        memory::facts::{FactKey, FactKind},
    },
    persona::Language,
};

/// Which check a value must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::mind::memory) enum Filter {
    /// A name is surely meant.
    Name,
    /// A name only if it looks like one.
    MaybeName,
    /// A Korean name is surely meant.
    KoName,
    /// A Korean name only if it looks like one.
    MaybeKoName,
    /// Composed of a thing and its name, in English and in Korean.
    Pet,
    KoPet,
    Age,
    Date,
    /// What happens, in few words.
    Event,
    Place,
    KoPlace,
    Job,
    KoJob,
    /// A member of the group, or "you".
    Member,
    Thing,
    KoThing,
    /// Anything.
    Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleEntry {
    pub key: String,
    pub language: Language,
    #[serde(default = "profile")]
    pub kind: FactKind,
    pub filter: Filter,
    pub confidence: f32,
    #[serde(default)]
    pub in_question: bool,
    #[serde(default)]
    pub dated: bool,
    #[serde(default)]
    pub needs_when: bool,
    pub needs: Option<String>,
    pub needs_before: Option<String>,
    pub unless_before: Option<String>,
    #[serde(default)]
    pub compose: Vec<String>,
    pub patterns: Vec<String>,
}

const fn profile() -> FactKind {
    FactKind::Profile
}

/// The words of a language that name days.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::mind::memory) struct WhenWords {
    pub patterns: Vec<String>,
    /// Days from today.
    pub days: BTreeMap<String, i32>,
    /// Monday first.
    pub weekdays: Vec<Vec<String>>,
    /// January first.
    pub months: Vec<Vec<String>>,
    pub next_week: Vec<String>,
    pub last_week: Vec<String>,
    /// Their length in days.
    pub units: BTreeMap<String, i32>,
    pub ago: Vec<String>,
    pub numbers: BTreeMap<String, i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Skip {
    pub joined: Vec<String>,
    pub ignored: Vec<String>,
    pub en: Vec<String>,
    pub ko: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forget {
    pub en: Vec<String>,
    pub ko: Vec<String>,
    pub all: Vec<String>,
    pub never: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    pub en: Vec<String>,
    pub ko: Vec<String>,
    pub soft_en: Vec<String>,
    pub soft_ko: Vec<String>,
    pub soft_about: Vec<String>,
    pub soft_short: String,
    pub soft_not: Vec<String>,
    pub not_en: Vec<String>,
    pub not_ko: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicEntry {
    pub keys: Vec<FactKey>,
    pub en: Vec<String>,
    pub ko: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Everything {
    pub en: Vec<String>,
    pub ko: Vec<String>,
    pub secret_en: Vec<String>,
    pub secret_ko: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alike {
    pub groups: Vec<Vec<String>>,
    pub specific: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allow {
    pub job: Vec<String>,
    pub ko_job: Vec<String>,
    pub name: Vec<String>,
    pub ko_name: Vec<String>,
    pub ko_syllables: String,
    pub ko_surnames: String,
    pub not_name_ends: Vec<String>,
    pub greeting_en: String,
    pub greeting_ko: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    pub en: String,
    pub ko: String,
    pub words: Vec<String>,
    pub dull: Vec<String>,
    pub orders: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub version: u32,
    pub shapes: BTreeMap<String, String>,
    pub skip: Skip,
    pub secret: ByLanguage<Vec<String>>,
    pub secret_opener: ByLanguage<Vec<String>>,
    pub asked_name: ByLanguage<Vec<String>>,
    pub when: ByLanguage<WhenWords>,
    pub rules: Vec<RuleEntry>,
    pub correct: ByLanguage<Vec<String>>,
    pub forget: Forget,
    pub ask: Ask,
    pub topics: Vec<TopicEntry>,
    pub everything: Everything,
    pub alike: Alike,
    pub members: HashMap<String, String>,
    pub things: BTreeMap<String, Vec<String>>,
    pub stop: BTreeMap<String, Vec<String>>,
    pub allow: Allow,
    pub trim: BTreeMap<String, Vec<String>>,
    pub note: Note,
    pub turned_en: HashMap<String, String>,
    pub reply_promise: ByLanguage<Vec<String>>,
}
