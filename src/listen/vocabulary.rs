//! The pieces of text that the model knows, and how they are put together.
//!
//! Each piece is written with letters that stand for bytes, as in GPT-2: a printable byte for itself,
//! any other for a letter from U+0100 on.

use std::collections::HashMap;

/// No piece is longer, in letters.
const LONGEST_PIECE: usize = 32;

/// All pieces, in the order of their numbers.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pieces: Vec<String>,
    bytes: HashMap<char, u8>,
}

impl Vocabulary {
    /// Reads the pieces, one a line.
    pub(super) fn parse(text: &str) -> Self {
        let pieces = text.lines().map(str::to_string).collect();
        Self { pieces, bytes: byte_letters().collect() }
    }

    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// The number of a piece, such as `<|en|>`.
    pub(super) fn number(&self, piece: &str) -> Option<u32> {
        // Those that are asked for by name stand at the end.
        let place = self.pieces.iter().rposition(|each| each == piece)?;
        u32::try_from(place).ok()
    }

    /// Cuts a text into pieces, always the longest that fits.
    ///
    /// It is not always how the model would cut it, but it knows these pieces as well.
    pub(super) fn pieces_of(&self, text: &str) -> Vec<u32> {
        let numbers: HashMap<&str, u32> =
            (0..).zip(&self.pieces).map(|(number, piece)| (piece.as_str(), number)).collect();
        let letters: HashMap<u8, char> =
            self.bytes.iter().map(|(letter, byte)| (*byte, *letter)).collect();
        let text: String = text.bytes().filter_map(|byte| letters.get(&byte)).collect();
        let (mut rest, mut pieces) = (text.as_str(), Vec::new());
        while let Some(first) = rest.chars().next() {
            let ends = rest.char_indices().map(|(place, _)| place).skip(1).chain([rest.len()]);
            let longest = ends
                .take(LONGEST_PIECE)
                .filter_map(|end| numbers.get(&rest[..end]).map(|number| (end, *number)))
                .last();
            pieces.extend(longest.map(|(_, number)| number));
            rest = &rest[longest.map_or(first.len_utf8(), |(end, _)| end)..];
        }
        pieces
    }

    /// Puts pieces together. What is no text in the end becomes U+FFFD.
    pub(super) fn text(&self, tokens: &[u32]) -> String {
        let pieces = tokens.iter().filter_map(|token| self.pieces.get(*token as usize));
        let letters = pieces.flat_map(|piece| piece.chars());
        let bytes: Vec<u8> =
            letters.filter_map(|letter| self.bytes.get(&letter).copied()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Which letter stands for which byte.
fn byte_letters() -> impl Iterator<Item = (char, u8)> {
    let mut next = 0x100..;
    (0..=u8::MAX).filter_map(move |byte| {
        let printable = matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
        let letter = if printable { u32::from(byte) } else { next.next()? };
        Some((char::from_u32(letter)?, byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_a_letter_of_its_own() {
        let letters: HashMap<char, u8> = byte_letters().collect();
        assert_eq!(letters.len(), 256);
        for (letter, byte) in [('A', b'A'), ('Ġ', b' '), ('Ċ', b'\n'), ('é', 0xe9), ('Ń', 0xad)]
        {
            assert_eq!(letters.get(&letter), Some(&byte), "{letter}");
        }
    }

    #[test]
    fn letters_of_several_bytes_are_put_together_over_pieces() {
        // 안녕 is ec 95 88 eb 85 95; the second letter is cut in two.
        let vocabulary = Vocabulary::parse("ĠHi\nìķĪ\në\nħķ\n<|en|>\n");
        assert_eq!(vocabulary.len(), 5);
        assert_eq!(vocabulary.text(&[0, 1, 2, 3]), " Hi안녕");
        assert_eq!(vocabulary.text(&[0, 2]), " Hi\u{fffd}");
        assert_eq!(vocabulary.text(&[77]), "");
        assert_eq!(vocabulary.pieces_of(" Hi안녕"), [0, 1, 2, 3]);
        assert!(vocabulary.pieces_of("no").is_empty());
        assert_eq!(vocabulary.number("<|en|>"), Some(4));
        assert_eq!(vocabulary.number("<|fr|>"), None);
    }
}
