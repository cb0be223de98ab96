//! The vocabulary of a tiny GGUF file as a `tokenizer.json`.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value as Gguf;
use serde_json::{Map, Value, json};

use super::common::tiny_gguf::TinyGguf;

/// A `tokenizer.json` with the same tokens, as the tools of the hub would write it.
pub fn tokenizer_file(tiny: &TinyGguf) -> Value {
    let tokens = texts(tiny, "tokenizer.ggml.tokens");
    let Some(Gguf::Array(kinds)) = tiny.value("tokenizer.ggml.token_type") else {
        panic!("tokens have kinds")
    };
    let is_special = |kind: &Gguf| matches!(kind, Gguf::I32(2 | 3));
    let added: Vec<Value> = tokens
        .iter()
        .zip(kinds)
        .enumerate()
        .filter(|(_, (_, kind))| is_special(kind))
        .map(|(id, (token, _))| added_token(id, token))
        .collect();
    match tiny.value("tokenizer.ggml.merges") {
        Some(_) => byte_level(&tokens, &texts(tiny, "tokenizer.ggml.merges"), &added),
        None => sentence_piece(&tokens, &added),
    }
}

fn added_token(id: usize, token: &str) -> Value {
    json!({
        "id": id,
        "content": token,
        "single_word": false,
        "lstrip": false,
        "rstrip": false,
        "normalized": false,
        "special": true,
    })
}

fn byte_level(tokens: &[String], merges: &[String], added: &[Value]) -> Value {
    let plain = tokens.len() - added.len();
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": null,
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
            { "type": "Digits", "individual_digits": true },
            { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true },
        ] },
        "post_processor": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true },
        "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
        "model": { "type": "BPE", "vocab": vocabulary(&tokens[..plain]), "merges": merges },
    })
}

/// As transformers converts the SentencePiece model of Llama 2: each pair of pieces that makes a
/// piece can be merged, those that make an earlier piece first.
fn sentence_piece(tokens: &[String], added: &[Value]) -> Value {
    let ids: HashMap<&str, usize> = tokens.iter().map(String::as_str).zip(0..).collect();
    let mut merges: Vec<(usize, [String; 2])> = Vec::new();
    for token in tokens.iter().filter(|token| !token.starts_with('<')) {
        for (cut, _) in token.char_indices().skip(1) {
            let (left, right) = token.split_at(cut);
            if ids.contains_key(left) && ids.contains_key(right) {
                merges.push((ids[token.as_str()], [left.into(), right.into()]));
            }
        }
    }
    merges.sort();
    let merges: Vec<[String; 2]> = merges.into_iter().map(|(_, pair)| pair).collect();
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": { "type": "Sequence", "normalizers": [
            { "type": "Prepend", "prepend": "▁" },
            { "type": "Replace", "pattern": { "String": " " }, "content": "▁" },
        ] },
        "pre_tokenizer": null,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                { "SpecialToken": { "id": "<s>", "type_id": 0 } },
                { "Sequence": { "id": "A", "type_id": 0 } },
            ],
            "pair": [],
            "special_tokens": { "<s>": { "id": "<s>", "ids": [1], "tokens": ["<s>"] } },
        },
        "decoder": { "type": "Sequence", "decoders": [
            { "type": "Replace", "pattern": { "String": "▁" }, "content": " " },
            { "type": "ByteFallback" },
            { "type": "Fuse" },
        ] },
        "model": {
            "type": "BPE",
            "unk_token": "<unk>",
            "fuse_unk": true,
            "byte_fallback": true,
            "vocab": vocabulary(tokens),
            "merges": merges,
        },
    })
}

fn vocabulary(tokens: &[String]) -> Map<String, Value> {
    tokens.iter().cloned().zip((0..).map(|id| json!(id))).collect()
}

fn texts(tiny: &TinyGguf, key: &str) -> Vec<String> {
    let Some(Gguf::Array(values)) = tiny.value(key) else { panic!("there is no list {key}") };
    let text = |value: &Gguf| value.to_string().expect("a text").clone();
    values.iter().map(text).collect()
}
