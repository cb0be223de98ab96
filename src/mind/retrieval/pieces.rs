//! Splits a folded text into the pieces that are compared.

use crate::mind::text::{is_hangul, words};

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Letters and digits of a script other than Korean, without apostrophes.
    Word(String),
    /// A run of Korean.
    Hangul(String),
    /// An emoji or another sign that means something on its own.
    Sign(char),
}

/// The pieces of a folded text: words first, in their order, then signs.
///
/// Letters that somebody drew out (`heyyy`, `ㅋㅋㅋㅋ`) count once.
pub(super) fn pieces(folded: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for word in words(folded) {
        split_scripts(word, &mut pieces);
    }
    pieces.extend(folded.chars().filter(|c| is_sign(*c)).map(Piece::Sign));
    pieces
}

fn split_scripts(word: &str, pieces: &mut Vec<Piece>) {
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let korean = is_hangul(first);
        let end = rest.find(|c| is_hangul(c) != korean).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        let run = squeezed(run);
        if korean {
            pieces.push(Piece::Hangul(run));
        } else if !run.is_empty() {
            pieces.push(Piece::Word(run));
        }
    }
}

/// Without apostrophes, and with three or more of the same letter as one.
fn squeezed(run: &str) -> String {
    let plain: Vec<char> = run.trim_end_matches("'s").chars().filter(|c| *c != '\'').collect();
    let mut out = String::with_capacity(run.len());
    for same in plain.chunk_by(|a, b| a == b) {
        let times = if same.len() > 2 && !same[0].is_numeric() { 1 } else { same.len() };
        out.extend(&same[..times]);
    }
    out
}

fn is_sign(c: char) -> bool {
    !is_punctuation(c) && !c.is_alphanumeric() && !c.is_whitespace()
}

/// Punctuation of the scripts that fans type, and what only changes the look of an emoji.
fn is_punctuation(c: char) -> bool {
    let latin_or_general = matches!(c, '\u{0}'..='\u{a1}' | '\u{2000}'..='\u{206f}');
    let wide = matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff20}');
    latin_or_general || wide || matches!(c, '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_signs_are_apart() {
        let found = pieces("pandora의 jena's heyyy ㅋㅋㅋ 1000 💜!");
        let expected = [
            Piece::Word("pandora".into()),
            Piece::Hangul("의".into()),
            Piece::Word("jena".into()),
            Piece::Word("hey".into()),
            Piece::Hangul("ㅋ".into()),
            Piece::Word("1000".into()),
            Piece::Sign('💜'),
        ];
        assert_eq!(found, expected);
    }
}
