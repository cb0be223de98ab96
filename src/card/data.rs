//! What a card says, field by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// What a card says of a character: the fields of V1, V2 and V3 together. What is not there is empty.
///
/// Texts are as they stand in the card, with macros such as `{{char}}` and `{{user}}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CardData {
    /// The name.
    pub name: String,
    /// V3: what takes the place of `{{char}}`, if it is not the name.
    #[serde(default, deserialize_with = "or_default")]
    pub nickname: String,
    /// Who the character is.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// The nature, in short.
    #[serde(default, deserialize_with = "or_default")]
    pub personality: String,
    /// Where and when the talk takes place.
    #[serde(default, deserialize_with = "or_default")]
    pub scenario: String,
    /// With what the character begins.
    #[serde(default, deserialize_with = "or_default")]
    pub first_mes: String,
    /// Talks that show how the character talks, each after a `<START>`.
    #[serde(default, deserialize_with = "or_default")]
    pub mes_example: String,
    /// Notes for people.
    #[serde(default, deserialize_with = "or_default")]
    pub creator_notes: String,
    /// Instructions for other programs.
    #[serde(default, deserialize_with = "or_default")]
    pub system_prompt: String,
    /// Instructions for other programs, after the talk.
    #[serde(default, deserialize_with = "or_default")]
    pub post_history_instructions: String,
    /// With what else the character may begin.
    #[serde(default, deserialize_with = "or_default")]
    pub alternate_greetings: Vec<String>,
    /// What is so in the character's world.
    #[serde(default)]
    pub character_book: Option<Book>,
    /// Words to find the card by.
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<String>,
    /// Who wrote the card.
    #[serde(default, deserialize_with = "or_default")]
    pub creator: String,
    /// Which version of the character it is.
    #[serde(default, deserialize_with = "or_default")]
    pub character_version: String,
    /// What programs keep in the card.
    #[serde(default, deserialize_with = "or_default")]
    pub extensions: Map<String, Value>,
    /// V3: notes for people, by language.
    #[serde(default, deserialize_with = "or_default")]
    pub creator_notes_multilingual: BTreeMap<String, String>,
    /// V3: where the card comes from.
    #[serde(default, deserialize_with = "or_default")]
    pub source: Vec<String>,
    /// V3: with what the character may begin among others.
    #[serde(default, deserialize_with = "or_default")]
    pub group_only_greetings: Vec<String>,
    /// V3: when it was made, in seconds since 1970.
    #[serde(default)]
    pub creation_date: Option<f64>,
    /// V3: when it was last changed.
    #[serde(default)]
    pub modification_date: Option<f64>,
    /// V3: pictures and the like.
    #[serde(default, deserialize_with = "or_default")]
    pub assets: Vec<Asset>,
}

/// A picture or the like that belongs to a character.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Asset {
    /// What it is for: `icon`, `background`, `emotion`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it is.
    pub uri: String,
    /// What it is called.
    pub name: String,
    /// Its format, as the ending of a file.
    pub ext: String,
}

/// A lorebook.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Book {
    /// What it is called.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Notes for people.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// How many messages are looked at for keys.
    #[serde(default)]
    pub scan_depth: Option<f64>,
    /// How many tokens the entries may take.
    #[serde(default)]
    pub token_budget: Option<f64>,
    /// Whether entries may bring up others.
    #[serde(default, deserialize_with = "or_default")]
    pub recursive_scanning: bool,
    /// What programs keep in it.
    #[serde(default, deserialize_with = "or_default")]
    pub extensions: Map<String, Value>,
    /// What it says.
    pub entries: Vec<Entry>,
}

/// An entry of a lorebook.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Entry {
    /// Words that bring it up.
    pub keys: Vec<String>,
    /// What it says.
    pub content: String,
    /// What programs keep in it.
    #[serde(default, deserialize_with = "or_default")]
    pub extensions: Map<String, Value>,
    /// Whether it is used at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The lower, the earlier it stands in a prompt.
    #[serde(default)]
    pub insertion_order: Option<f64>,
    /// Whether keys must be written as they are.
    #[serde(default, deserialize_with = "or_default")]
    pub case_sensitive: bool,
    /// V3: whether keys are regular expressions.
    #[serde(default, deserialize_with = "or_default")]
    pub use_regex: bool,
    /// What it is called.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// The lower, the sooner it is left out.
    #[serde(default)]
    pub priority: Option<f64>,
    /// A number or a text that names it.
    #[serde(default)]
    pub id: Value,
    /// A note for people.
    #[serde(default, deserialize_with = "or_default")]
    pub comment: String,
    /// Whether one of the second keys must be there, too.
    #[serde(default, deserialize_with = "or_default")]
    pub selective: bool,
    /// More keys: a list, or a text with commas.
    #[serde(default)]
    pub secondary_keys: Value,
    /// Whether it always stands in the prompt.
    #[serde(default, deserialize_with = "or_default")]
    pub constant: bool,
    /// Where it stands in the prompt.
    #[serde(default)]
    pub position: Value,
}

const fn yes() -> bool {
    true
}

/// Some programs write `null` for what is not there.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

impl CardData {
    /// What stands in the place of `{{char}}`.
    #[must_use]
    pub fn called(&self) -> &str {
        let nickname = self.nickname.trim();
        if nickname.is_empty() { self.name.trim() } else { nickname }
    }

    /// The texts that become files of ours, with the names of their fields.
    pub(super) fn texts(&self) -> impl Iterator<Item = (String, &str)> {
        let plain = [
            ("name", &self.name),
            ("nickname", &self.nickname),
            ("description", &self.description),
            ("personality", &self.personality),
            ("scenario", &self.scenario),
            ("first_mes", &self.first_mes),
            ("mes_example", &self.mes_example),
        ];
        let plain = plain.into_iter().map(|(field, text)| (field.to_owned(), text.as_str()));
        let greetings = self.alternate_greetings.iter().enumerate();
        let greetings = greetings.map(|(at, text)| (format!("alternate_greetings[{at}]"), &**text));
        let entries = self.character_book.iter().flat_map(|book| book.entries.iter().enumerate());
        let entries = entries.flat_map(|(at, entry)| {
            let here = format!("character_book.entries[{at}]");
            let named = [("content", &entry.content), ("name", &entry.name)];
            let named = named.map(|(field, text)| (format!("{here}.{field}"), text.as_str()));
            let keys = entry.keys.iter().map(move |key| (format!("{here}.keys"), key.as_str()));
            named.into_iter().chain(keys)
        });
        plain.chain(greetings).chain(entries)
    }
}
