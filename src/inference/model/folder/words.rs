//! Vocabulary, ends of replies and chat template of a folder.

use std::{fs, path::Path};

use serde_json::Value;

use super::{
    FolderError,
    json::{JsonFile, Object},
};
use crate::inference::model::tokenizer::{JsonVocabulary, Mark, Tokenizer, TokenizerError};

const TOKENIZER: &str = "tokenizer.json";
const TOKENIZER_CONFIG: &str = "tokenizer_config.json";

/// The tokenizer of a folder.
pub(super) fn tokenizer(folder: &Path) -> Result<Tokenizer, TokenizerError> {
    let vocabulary =
        vocabulary(folder).map_err(|error| TokenizerError::Folder(error.to_string()))?;
    Tokenizer::from_json(&folder.join(TOKENIZER), vocabulary)
}

fn vocabulary(folder: &Path) -> Result<JsonVocabulary, FolderError> {
    let file = JsonFile::read(&folder.join(TOKENIZER))?;
    let config = JsonFile::read_if_there(&folder.join(TOKENIZER_CONFIG))?;
    let config = config.as_ref().map(JsonFile::object).transpose()?;
    let named = |field: &str| config.as_ref().and_then(|config| spelling(config, field));
    let add_bos = config.as_ref().map(|config| config.flag("add_bos_token")).transpose()?;
    let (mut bos, mut eos) = (named("bos_token"), named("eos_token"));
    let mut ends = Vec::new();
    for name in ["generation_config.json", "config.json"] {
        let Some(file) = JsonFile::read_if_there(&folder.join(name))? else { continue };
        let said = file.object()?;
        let (first, last) = (ids(&said, "bos_token_id")?, ids(&said, "eos_token_id")?);
        bos = bos.or_else(|| first.first().copied().map(Mark::Id));
        eos = eos.or_else(|| last.first().copied().map(Mark::Id));
        ends.extend(last);
    }
    Ok(JsonVocabulary { json: file.into_value(), bos, eos, ends, add_bos: add_bos.flatten() })
}

/// A token that is named by its spelling, alone or in an object.
fn spelling(config: &Object<'_>, field: &str) -> Option<Mark> {
    let value = config.value(field)?;
    let text = value.as_str().or_else(|| value.get("content")?.as_str())?;
    Some(Mark::Spelling(text.into()))
}

/// One token or several.
fn ids(config: &Object<'_>, field: &str) -> Result<Vec<u32>, FolderError> {
    let id = |value: &Value| value.as_u64().and_then(|id| u32::try_from(id).ok());
    let ids = match config.value(field) {
        None => Some(Vec::new()),
        Some(Value::Array(several)) => several.iter().map(id).collect(),
        Some(one) => id(one).map(|id| vec![id]),
    };
    ids.ok_or_else(|| config.wrong(field, "a token or a list of tokens"))
}

/// The chat template of a folder, if it has one.
pub(super) fn template(folder: &Path) -> Result<Option<String>, FolderError> {
    let path = folder.join("chat_template.jinja");
    if path.is_file() {
        let text = fs::read_to_string(&path).map_err(|error| FolderError::io(&path, error))?;
        return Ok(Some(text));
    }
    for name in ["chat_template.json", TOKENIZER_CONFIG] {
        let Some(file) = JsonFile::read_if_there(&folder.join(name))? else { continue };
        let config = file.object()?;
        if let Some(value) = config.value("chat_template") {
            return Ok(Some(chosen(&config, value)?));
        }
    }
    Ok(None)
}

/// A template alone, or the one called `default` of several.
fn chosen(config: &Object<'_>, value: &Value) -> Result<String, FolderError> {
    let text = match value {
        Value::String(text) => Some(text.as_str()),
        Value::Array(several) => {
            let default =
                several.iter().find(|one| one.get("name").is_some_and(|n| n == "default"));
            default.and_then(|one| one.get("template")?.as_str())
        }
        _ => None,
    };
    text.map(str::to_owned).ok_or_else(|| {
        config.wrong("chat_template", "a template, or a list with one that is named `default`")
    })
}
