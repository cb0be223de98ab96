//! Characters as they are written, made plain: one sign for all its forms.

use std::ops::Range;

use crate::hangul;

/// A text in plain characters, and where each stands in the text, in bytes.
pub(super) struct Plain {
    /// The characters.
    pub characters: Vec<char>,
    /// Where they stand.
    pub places: Vec<Range<usize>>,
}

impl Plain {
    /// Joins old letters to syllables, and takes away widths, accents and other dress.
    pub(super) fn new(text: &str) -> Self {
        let written: Vec<(usize, char)> = text.char_indices().collect();
        let mut plain = Self { characters: Vec::new(), places: Vec::new() };
        let mut index = 0;
        while index < written.len() {
            let next: Vec<char> =
                written[index..].iter().take(3).map(|&(_, character)| character).collect();
            let (character, length) =
                hangul::of_old(&next).unwrap_or_else(|| (plain_character(next[0]), 1));
            let end = written.get(index + length).map_or(text.len(), |&(place, _)| place);
            plain.characters.push(character);
            plain.places.push(written[index].0..end);
            index += length;
        }
        plain
    }
}

/// Letters with accents, and the letter below.
const ACCENTS: [(&str, char); 12] = [
    ("àáâãäåā", 'a'),
    ("èéêëē", 'e'),
    ("ìíîïī", 'i'),
    ("òóôõöøō", 'o'),
    ("ùúûüū", 'u'),
    ("ýÿ", 'y'),
    ("ç", 'c'),
    ("ñ", 'n'),
    ("ÀÁÂÃÄÅ", 'A'),
    ("ÈÉÊË", 'E'),
    ("ÌÍÎÏ", 'I'),
    ("ÒÓÔÕÖØ", 'O'),
];

fn plain_character(character: char) -> char {
    match character {
        '\u{ff5e}' | '〜' | '∼' | '˜' => '~',
        '\u{ff01}'..='\u{ff5d}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '①'..='⑨' => char::from_u32(u32::from(character) - 0x2460 + 0x31).unwrap_or(character),
        '−' | '‐' | '‑' => '-',
        '–' | '―' | '─' => '—',
        '。' => '.',
        '、' => ',',
        '⋯' | '‥' => '…',
        '’' | '‘' | '`' => '\'',
        '\u{a0}' | '\u{3000}' | '\t' => ' ',
        _ => ACCENTS
            .iter()
            .find(|(letters, _)| letters.contains(character))
            .map_or(character, |&(_, letter)| letter),
    }
}
