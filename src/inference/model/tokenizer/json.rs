//! The vocabulary of a `tokenizer.json`.

use std::path::Path;

use serde_json::Value;

use super::{
    Splitter, Tokenizer, TokenizerError, Words,
    library::LibrarySplitter,
    pieces::{Pieces, spelled_byte},
    token_type,
};

/// What a folder says of its vocabulary.
#[derive(Debug)]
pub(in crate::inference::model) struct JsonVocabulary {
    /// What `tokenizer.json` holds.
    pub(in crate::inference::model) json: Value,
    /// The token that opens a text.
    pub(in crate::inference::model) bos: Option<Mark>,
    /// The token that ends a text.
    pub(in crate::inference::model) eos: Option<Mark>,
    /// More tokens that end a reply.
    pub(in crate::inference::model) ends: Vec<u32>,
    /// Whether a prompt begins with `bos`, where that is said.
    pub(in crate::inference::model) add_bos: Option<bool>,
}

/// A token as files name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inference::model) enum Mark {
    Spelling(String),
    Id(u32),
}

/// The most tokens of a vocabulary. The largest ones have a quarter of a million.
const MOST: usize = 1 << 21;

impl Tokenizer {
    /// Builds the tokenizer of a `tokenizer.json` at `path`.
    ///
    /// The error is that it is broken or of an unknown kind.
    pub(in crate::inference::model) fn from_json(
        path: &Path,
        vocabulary: JsonVocabulary,
    ) -> Result<Self, TokenizerError> {
        let wrong = |error: String| TokenizerError::Json { path: path.into(), error };
        let JsonVocabulary { json, bos, eos, ends, add_bos } = vocabulary;
        let model = &json["model"];
        // Old files do not name the kind of those that merge.
        let kind = model["type"].as_str().unwrap_or("BPE");
        if kind != "BPE" || !model["merges"].is_array() {
            return Err(wrong(format!("`model` is of the kind `{kind}`; supported: `BPE`")));
        }
        let is_byte_level =
            is_byte_level(&json["pre_tokenizer"]) || is_byte_level(&json["decoder"]);
        let (tokens, types) = tokens(&json, is_byte_level).map_err(wrong)?;
        let id = |mark: Mark| match mark {
            Mark::Id(id) => Some(id),
            Mark::Spelling(text) => tokens.iter().position(|t| *t == text).map(|id| id as u32),
        };
        let (bos, eos) = (bos.and_then(id), eos.and_then(id));
        let add_bos =
            add_bos.or_else(|| Some(puts_in_front(&json["post_processor"], &tokens, bos?)));
        let texts: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let pieces = match is_byte_level {
            true => Pieces::byte_level(&texts, &types),
            false => Pieces::sentence_piece(&texts, &types),
        };
        let ends = ends.into_iter().filter(|end| (*end as usize) < texts.len()).collect();
        let words = Words {
            tokens: &texts,
            types: &types,
            pieces,
            bos,
            eos,
            ends,
            add_bos: add_bos.unwrap_or(false),
        };
        let splitter = LibrarySplitter::new(json).map_err(wrong)?;
        Self::new(Splitter::Library(Box::new(splitter)), words)
    }
}

/// The spellings of all tokens, and what kind each is of.
fn tokens(json: &Value, is_byte_level: bool) -> Result<(Vec<String>, Vec<i64>), String> {
    let vocabulary = json["model"]["vocab"].as_object().ok_or("`model.vocab` is no object")?;
    let unknown = json["model"]["unk_token"].as_str();
    let (mut tokens, mut types) = (Vec::new(), Vec::new());
    let mut set = |id: &Value, text: &str, kind: i64| {
        let id = id.as_u64().and_then(|id| usize::try_from(id).ok()).filter(|id| *id < MOST);
        let id = id.ok_or_else(|| format!("the token `{text}` has no usable number"))?;
        if id >= tokens.len() {
            tokens.resize(id + 1, String::new());
            // A number that no token has is never text.
            types.resize(id + 1, token_type::CONTROL);
        }
        tokens[id] = text.to_owned();
        types[id] = kind;
        Ok::<(), String>(())
    };
    for (text, id) in vocabulary {
        let is_byte = !is_byte_level && spelled_byte(text).is_some();
        let kind = match is_byte {
            _ if unknown == Some(text) => token_type::UNKNOWN,
            true => token_type::BYTE,
            false => token_type::NORMAL,
        };
        set(id, text, kind)?;
    }
    for added in json["added_tokens"].as_array().into_iter().flatten() {
        let text = added["content"].as_str().ok_or("a token in `added_tokens` has no `content`")?;
        let kind = match added["special"].as_bool() {
            _ if unknown == Some(text) => token_type::UNKNOWN,
            Some(false) => token_type::USER_DEFINED,
            _ => token_type::CONTROL,
        };
        set(&added["id"], text, kind)?;
    }
    Ok((tokens, types))
}

/// Whether a step of the file works on the alphabet of bytes.
fn is_byte_level(step: &Value) -> bool {
    let inner = ["pretokenizers", "decoders"].into_iter().find_map(|list| step[list].as_array());
    step["type"] == "ByteLevel" || inner.into_iter().flatten().any(is_byte_level)
}

/// Whether a text that is split alone begins with the token `bos`.
fn puts_in_front(step: &Value, tokens: &[String], bos: u32) -> bool {
    let inner = step["processors"].as_array().into_iter().flatten();
    let name = step["single"][0]["SpecialToken"]["id"].as_str();
    let is_bos = |name: &str| tokens.get(bos as usize).is_some_and(|token| token == name);
    name.is_some_and(is_bos) || inner.into_iter().any(|step| puts_in_front(step, tokens, bos))
}
