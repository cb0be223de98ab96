//! What a text is made of, as the learner sees it.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::kind::PerKind;
use crate::mind::text::is_hangul;

/// The features of a text (in its usual spelling; `raw` is what was typed), each once.
pub(super) fn features(raw: &str, text: &str, found: &PerKind) -> Vec<u64> {
    let mut out = Vec::with_capacity(text.len() * 4);
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    for (at, word) in words.iter().enumerate() {
        out.push(hash("w", word));
        if let Some(next) = words.get(at + 1) {
            out.push(hash("b", &(word, next)));
        }
        if let Some(after) = words.get(at + 2) {
            out.push(hash("s", &(word, after)));
        }
        grams(word, &mut out);
    }
    signs(text, &mut out);
    cues(raw, text, words.len(), &mut out);
    for (kind, score) in found.iter().enumerate() {
        for (step, from) in [0.2, 0.5, 0.7, 0.9].into_iter().enumerate() {
            if *score >= from {
                out.push(hash("l", &(kind, step)));
            }
        }
        for (other, beside) in found.iter().enumerate().skip(kind + 1) {
            if *score >= 0.3 && *beside >= 0.3 {
                out.push(hash("m", &(kind, other)));
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Pieces of a word, so that inflected and mistyped forms have something in common.
fn grams(word: &str, out: &mut Vec<u64>) {
    let letters: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
    let lengths = if word.chars().any(is_hangul) { 2..=3 } else { 4..=5 };
    for length in lengths {
        for gram in letters.windows(length) {
            out.push(hash("g", gram));
        }
    }
}

/// Emoji and other signs that mean something by themselves.
fn signs(text: &str, out: &mut Vec<u64>) {
    for c in text.chars().filter(|c| !c.is_alphanumeric() && *c as u32 >= 0x2190) {
        out.push(hash("e", &c));
    }
}

/// How it is written.
fn cues(raw: &str, text: &str, words: usize, out: &mut Vec<u64>) {
    let has = |what: &str| text.contains(what);
    let (capitals, letters) = raw.chars().fold((0, 0), |(capitals, letters), c| {
        (capitals + usize::from(c.is_uppercase()), letters + usize::from(c.is_ascii_alphabetic()))
    });
    let dots = has("...") || has("…") || has("..");
    for (cue, there) in [
        ("?", has("?")),
        ("?$", text.ends_with('?')),
        ("!", has("!")),
        ("!!", has("!!")),
        ("…", dots),
        ("?!", has("?!") || has("??") || has("!?")),
        ("ㅋ", has("ㅋ")),
        ("ㅋㅋㅋ", has("ㅋㅋㅋ")),
        ("ㅠ", has("ㅠ") || has("ㅜ")),
        ("caps", letters > 4 && capitals * 2 > letters),
        ("short", words <= 2),
        ("long", words >= 20),
        ("", true),
    ] {
        if there {
            out.push(hash("c", cue));
        }
    }
}

fn hash(kind: &str, value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    kind.hash(&mut hasher);
    value.hash(&mut hasher);
    hasher.finish()
}
