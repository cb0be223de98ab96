//! Splits text as `tokenizer.json` says, by the library that such files are written for.
//!
//! What the library would do beyond that is taken out of it: the tokens that stand for a spelling in
//! any text, since text of a fan must not become one of them, and the space that some vocabularies
//! want before a text, since a template and the messages in it are split apart.

use serde_json::{Value, json};
use tokenizers::Tokenizer as Library;

use super::TokenizerError;
use crate::panics::caught;

/// A splitter from a file.
pub(super) struct LibrarySplitter {
    library: Library,
    prefix: Prefix,
}

/// When a space is put before a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Never,
    /// Where a text opens.
    Always,
    /// The same, unless it begins with one.
    UnlessThere,
    /// The same, and never behind a control token.
    AtFirst,
}

impl LibrarySplitter {
    /// A splitter by what a file holds.
    pub(super) fn new(mut json: Value) -> Result<Self, String> {
        let prefix = take_prefix(&mut json["normalizer"])
            .or_else(|| take_prefix(&mut json["pre_tokenizer"]))
            .unwrap_or(Prefix::Never);
        json["added_tokens"] = json!([]);
        for beyond in ["post_processor", "truncation", "padding"] {
            json[beyond] = Value::Null;
        }
        json["model"]["dropout"] = Value::Null;
        let read = caught(|| Library::from_bytes(json.to_string()));
        let library = read?.map_err(|error| error.to_string())?;
        Ok(Self { library, prefix })
    }

    /// Whether a space is put before what stands behind a control token.
    pub(super) fn opens_behind_control(&self) -> bool {
        self.prefix != Prefix::AtFirst
    }

    pub(super) fn encode(
        &self,
        text: &str,
        opens: bool,
        ids: &mut Vec<u32>,
    ) -> Result<(), TokenizerError> {
        let wants_space = match self.prefix {
            Prefix::Never => false,
            Prefix::Always => true,
            Prefix::UnlessThere | Prefix::AtFirst => !text.starts_with([' ', '▁']),
        };
        let spaced = (opens && wants_space && !text.is_empty()).then(|| format!(" {text}"));
        let encoding = self
            .library
            .encode_fast(spaced.as_deref().unwrap_or(text), false)
            .map_err(|error| TokenizerError::Library(error.to_string()))?;
        ids.extend_from_slice(encoding.get_ids());
        Ok(())
    }
}

/// Takes the step that puts a space before a text out of a file.
fn take_prefix(step: &mut Value) -> Option<Prefix> {
    match step["type"].as_str()? {
        "Sequence" => {
            let list =
                ["normalizers", "pretokenizers"].into_iter().find(|l| step[*l].is_array())?;
            step[list].as_array_mut()?.iter_mut().find_map(take_prefix)
        }
        "Prepend" => {
            let has_prefix = step["prepend"].as_str().is_some_and(|text| matches!(text, "▁" | " "));
            *step = json!({ "type": "Sequence", "normalizers": [] });
            has_prefix.then_some(Prefix::Always)
        }
        "Metaspace" => {
            let scheme = step["prepend_scheme"].as_str().map(str::to_owned);
            let is_off = step["add_prefix_space"] == json!(false);
            let fields = step.as_object_mut()?;
            fields.remove("add_prefix_space");
            fields.insert("prepend_scheme".into(), json!("never"));
            match scheme.as_deref() {
                Some("never") => None,
                _ if is_off => None,
                Some("first") => Some(Prefix::AtFirst),
                _ => Some(Prefix::UnlessThere),
            }
        }
        "ByteLevel" => {
            let is_on = step["add_prefix_space"] == json!(true);
            step["add_prefix_space"] = json!(false);
            is_on.then_some(Prefix::UnlessThere)
        }
        _ => None,
    }
}
