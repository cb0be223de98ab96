//! A finished card, as JSON and inside of a picture.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{CardError, MAX_FILE, Spec, book::without_decorators, file::KEYWORDS, png};

/// What the notes of a card of V2 say, if it stands beside one of V3.
const BESIDE: &str = "This is a V3 card in V2 form, for programs that do not read V3. \
                      Some of it works only in those that do.";

/// A card that can be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    spec: Spec,
    json: Value,
    /// What is not in the card; a sentence each.
    pub notes: Vec<String>,
}

impl Exported {
    pub(super) const fn new(spec: Spec, json: Value, notes: Vec<String>) -> Self {
        Self { spec, json, notes }
    }

    /// The form it has.
    #[must_use]
    pub const fn spec(&self) -> Spec {
        self.spec
    }

    /// What it says.
    #[must_use]
    pub const fn json(&self) -> &Value {
        &self.json
    }

    /// The text of a JSON file.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{:#}\n", self.json)
    }

    /// The picture with the card in it, in place of one that it held; `file` is its name in errors.
    ///
    /// A card of V3 stands in it in V2 form, too, for programs that read only that.
    ///
    /// # Errors
    /// If it is no PNG picture, or a damaged one, or becomes too large to be read as a card.
    pub fn to_png(&self, file: &str, picture: &[u8]) -> Result<Vec<u8>, CardError> {
        let packed = |json: &Value| BASE64_STANDARD.encode(json.to_string());
        let texts = match self.spec {
            Spec::V3 => vec![("chara", packed(&self.beside())), ("ccv3", packed(&self.json))],
            Spec::V1 | Spec::V2 => vec![("chara", packed(&self.json))],
        };
        let written = png::with_texts(file, picture, &KEYWORDS, &texts)?;
        if written.len() as u64 > MAX_FILE {
            return Err(CardError::TooLarge { file: file.into(), size: written.len() as u64 });
        }
        Ok(written)
    }

    /// A card of V3 in V2 form, which says so.
    fn beside(&self) -> Value {
        let mut json = self.json.clone();
        let (name, version) = Spec::V2.says();
        json["spec"] = name.into();
        json["spec_version"] = version.into();
        let data = &mut json["data"];
        let notes = data["creator_notes"].as_str().unwrap_or_default();
        data["creator_notes"] = format!("{BESIDE}\n{notes}").trim_end().into();
        let entries = data.pointer_mut("/character_book/entries").and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            let plain = entry["content"].as_str().map(|content| without_decorators(content).into());
            if let Some(plain) = plain {
                entry["content"] = plain;
            }
        }
        json
    }
}
