//! `emotions.toml` as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Kind;
use crate::{
    mind::{
        Emotion,
        content::{ByLanguage, fault, read_toml},
    },
    persona::{AssetFileError, Place},
};

/// Messages by the feeling in them: `fan_messages.toml`.
pub(super) type Messages = BTreeMap<Kind, ByLanguage<Vec<String>>>;

/// How well each tag fits.
pub(super) type Row = BTreeMap<Emotion, f32>;

/// What says something about the fan's feeling: how much for each.
pub(super) type Votes = BTreeMap<Kind, f32>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(rename = "version")]
    _version: u32,
    pub(super) floor: f32,
    pub(super) negation: Negation,
    #[serde(default)]
    pub(super) contrast: ByLanguage<Vec<String>>,
    pub(super) intensify: ByLanguage<BTreeMap<String, f32>>,
    #[serde(default)]
    pub(super) spelling: BTreeMap<String, String>,
    pub(super) lexicon: BTreeMap<Kind, ByLanguage<BTreeMap<Weight, Vec<String>>>>,
    pub(super) appraisal: BTreeMap<String, BTreeMap<String, Row>>,
    #[serde(default)]
    pub(super) topics: BTreeMap<String, Votes>,
    #[serde(default)]
    pub(super) tags: BTreeMap<Emotion, Votes>,
    #[serde(rename = "override")]
    pub(super) overrides: Overrides,
}

#[derive(Debug, Deserialize)]
pub(super) struct Negation {
    pub(super) window: usize,
    #[serde(flatten)]
    pub(super) words: ByLanguage<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Overrides {
    pub(super) grief: Grief,
    pub(super) crisis: Crisis,
}

#[derive(Debug, Deserialize)]
pub(super) struct Grief {
    pub(super) hold_turns: u8,
    pub(super) never: Vec<Emotion>,
    #[serde(flatten)]
    pub(super) forms: ByLanguage<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Crisis {
    pub(super) hold_turns: u8,
    pub(super) never: Vec<Emotion>,
    pub(super) from_conduct: Vec<String>,
}

/// The name of an array of forms: `w06` for 0.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Weight(u8);

impl Weight {
    pub(super) fn value(self) -> f32 {
        f32::from(self.0) / 10.0
    }
}

impl TryFrom<String> for Weight {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let tenths = name.strip_prefix('w').filter(|digits| digits.len() == 2);
        let tenths = tenths.and_then(|digits| digits.parse().ok());
        tenths
            .filter(|tenths| (1..=10).contains(tenths))
            .map(Self)
            .ok_or_else(|| format!("`{name}` is no weight: use w01 (0.1) to w10 (1.0)"))
    }
}

impl File {
    pub(super) fn read(file: &str, text: &str) -> Result<Self, AssetFileError> {
        let content: Self = read_toml(file, 1, text)?;
        content.check(file, text)?;
        Ok(content)
    }

    fn check(&self, file: &str, text: &str) -> Result<(), AssetFileError> {
        let at = |key: &str, field: String, problem: &str| {
            let byte = text.find(key).unwrap_or(0);
            Err(fault(file, Place::of_byte(text, byte), field, problem))
        };
        if !(0.0..1.0).contains(&self.floor) {
            return at("floor", "floor".into(), "use a number from 0 up to below 1");
        }
        for (member, rows) in &self.appraisal {
            let header = format!("[appraisal.{member}]");
            for (feeling, row) in rows {
                let field = format!("appraisal.{member}.{feeling}");
                if !matches!(feeling.as_str(), "crisis") && Kind::named(feeling).is_none() {
                    return at(&header, field, "name one of the eight tags, `grief` or `crisis`");
                }
                let fits = |weight: &f32| (0.0..=1.0).contains(weight);
                if !row.values().all(fits) || row.values().sum::<f32>() <= 0.0 {
                    return at(&header, field, "weights lie between 0 and 1, one above 0 at least");
                }
            }
        }
        let votes = self.topics.values().chain(self.tags.values());
        if votes.flat_map(BTreeMap::values).any(|vote| !(0.0..=1.0).contains(vote)) {
            return at("[topics", "topics".into(), "votes lie between 0 and 1");
        }
        let factors = self.intensify.values().flat_map(BTreeMap::values);
        if factors.clone().any(|factor| !(0.0..=4.0).contains(factor)) {
            return at("[intensify]", "intensify".into(), "factors lie between 0 and 4");
        }
        Ok(())
    }
}
