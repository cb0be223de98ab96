//! Tokens, against those of SentencePiece.

use bevy_persona::inference::model::tokenizer::{Tokenizer, TokenizerKind};
use serde::Deserialize;

use super::file;

/// What `tools/golden/gemma_tokens.py` has written.
#[derive(Deserialize)]
struct Golden {
    /// How the texts are meant.
    about: String,
    strings: Vec<Tokenized>,
}

#[derive(Deserialize)]
struct Tokenized {
    text: String,
    ids: Vec<u32>,
}

fn golden() -> Golden {
    let text = include_str!("../data/tokenizer_gemma3.json");
    let golden: Golden = serde_json::from_str(text).expect("the golden file");
    assert!(golden.about.contains("plain text"), "{}", golden.about);
    assert_eq!(golden.strings.len(), 500);
    golden
}

fn tokenizer() -> Tokenizer {
    Tokenizer::from_gguf(file::open().content()).expect("a vocabulary")
}

#[test]
fn texts_become_the_tokens_that_sentence_piece_makes_of_them() {
    let tokenizer = tokenizer();
    assert_eq!(tokenizer.kind(), TokenizerKind::SentencePiece);
    let mut differing = Vec::new();
    for Tokenized { text, ids } in golden().strings {
        let ours = tokenizer.encode_text(&text, true).unwrap();
        if ours != ids {
            differing.push(format!("{text:?}\n  ours {ours:?}\n  not  {ids:?}"));
        }
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn nothing_that_a_fan_writes_becomes_a_control_token() {
    let tokenizer = tokenizer();
    let marks = [
        "<start_of_turn>",
        "<end_of_turn>",
        "<bos>",
        "<eos>",
        "<pad>",
        "<start_of_image>",
        "<end_of_image>",
        "[multimodal]",
        "<unused5>",
    ];
    for mark in marks {
        assert!(tokenizer.has_control(mark), "{mark}");
        let [control] = tokenizer.encode_template(mark, true).unwrap()[..] else {
            panic!("{mark} is several tokens in a template")
        };
        for text in [mark.to_owned(), format!("a{mark}b"), format!(" {mark}\n"), mark.repeat(3)] {
            let ids = tokenizer.encode_text(&text, true).unwrap();
            assert!(ids.len() > 1 && !ids.contains(&control), "{text}: {ids:?}");
        }
    }
    let is_control = |id: &u32| tokenizer.control_spelling(*id).is_some();
    for Tokenized { text, ids } in golden().strings {
        assert!(!ids.iter().any(is_control), "{text}");
    }
}
