//! What the file of secrets says, as it stands there. The guide is docs/writing/disclosure.md.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};

use crate::persona::{Language, PersonaId};

/// The whole file: two settings, and one table for each secret.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) window: usize,
    pub(super) confirm: Forms,
    pub(super) secrets: BTreeMap<String, SecretContent>,
}

/// Forms by language; those of `any` are the same in all.
pub(super) type Forms = BTreeMap<Tongue, Vec<String>>;

/// The language of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tongue {
    Any,
    In(Language),
}

impl<'de> Deserialize<'de> for Tongue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word == "any" {
            return Ok(Self::Any);
        }
        word.parse().map(Self::In).map_err(D::Error::custom)
    }
}

/// One secret.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretContent {
    pub(super) subject: String,
    pub(super) members: Vec<PersonaId>,
    pub(super) unlock: String,
    #[serde(default)]
    pub(super) certain: Forms,
    #[serde(default)]
    pub(super) combine: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) combine_for: BTreeMap<PersonaId, Vec<Vec<String>>>,
    #[serde(default)]
    pub(super) safe_phrases: Vec<String>,
    #[serde(default)]
    pub(super) safe_unless: Vec<SafeUnless>,
    #[serde(default)]
    pub(super) everyday: Everyday,
    #[serde(default)]
    pub(super) fans_own: Vec<String>,
    #[serde(default)]
    pub(super) key: BTreeMap<String, Vec<String>>,
    #[serde(default, rename = "innocent")]
    _innocent: BTreeMap<Language, Vec<String>>,
    #[serde(default, rename = "notes")]
    _notes: BTreeMap<Language, String>,
}

/// A phrase that is harmless as long as no word of the groups is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SafeUnless {
    pub(super) phrase: String,
    pub(super) unless: Vec<String>,
}

/// Words after which the certain forms are harmless, unless a word of the groups is there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Everyday {
    pub(super) words: Vec<String>,
    #[serde(default)]
    pub(super) unless: Vec<String>,
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`version`, `window`, `confirm` and one table for each secret")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut content = Content { window: 90, confirm: Forms::new(), secrets: BTreeMap::new() };
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "version" => match map.next_value::<u32>()? {
                    1 => {}
                    other => {
                        let problem = format!("version {other} is not known: use `version = 1`");
                        return Err(A::Error::custom(problem));
                    }
                },
                "window" => content.window = map.next_value()?,
                "confirm" => content.confirm = map.next_value()?,
                _ => {
                    let secret = map.next_value()?;
                    content.secrets.insert(key, secret);
                }
            }
        }
        Ok(content)
    }
}
