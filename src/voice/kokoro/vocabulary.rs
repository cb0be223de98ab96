//! The phones that the voice model knows.

/// Each phone and its token, in the order of the characters.
const TOKENS: [(char, i32); 114] = [
    (' ', 16),
    ('!', 5),
    ('"', 11),
    ('(', 12),
    (')', 13),
    (',', 3),
    ('.', 4),
    (':', 2),
    (';', 1),
    ('?', 6),
    ('A', 24),
    ('I', 25),
    ('O', 31),
    ('Q', 33),
    ('S', 35),
    ('T', 36),
    ('W', 39),
    ('Y', 41),
    ('a', 43),
    ('b', 44),
    ('c', 45),
    ('d', 46),
    ('e', 47),
    ('f', 48),
    ('h', 50),
    ('i', 51),
    ('j', 52),
    ('k', 53),
    ('l', 54),
    ('m', 55),
    ('n', 56),
    ('o', 57),
    ('p', 58),
    ('q', 59),
    ('r', 60),
    ('s', 61),
    ('t', 62),
    ('u', 63),
    ('v', 64),
    ('w', 65),
    ('x', 66),
    ('y', 67),
    ('z', 68),
    ('æ', 72),
    ('ç', 78),
    ('ð', 81),
    ('ø', 116),
    ('ŋ', 112),
    ('œ', 120),
    ('ɐ', 70),
    ('ɑ', 69),
    ('ɒ', 71),
    ('ɔ', 76),
    ('ɕ', 77),
    ('ɖ', 80),
    ('ə', 83),
    ('ɚ', 85),
    ('ɛ', 86),
    ('ɜ', 87),
    ('ɟ', 90),
    ('ɡ', 92),
    ('ɣ', 139),
    ('ɤ', 140),
    ('ɥ', 99),
    ('ɨ', 101),
    ('ɪ', 102),
    ('ɯ', 110),
    ('ɰ', 111),
    ('ɲ', 114),
    ('ɳ', 113),
    ('ɴ', 115),
    ('ɸ', 118),
    ('ɹ', 123),
    ('ɻ', 126),
    ('ɽ', 129),
    ('ɾ', 125),
    ('ʁ', 128),
    ('ʂ', 130),
    ('ʃ', 131),
    ('ʈ', 132),
    ('ʊ', 135),
    ('ʋ', 136),
    ('ʌ', 138),
    ('ʎ', 143),
    ('ʒ', 147),
    ('ʔ', 148),
    ('ʝ', 103),
    ('ʣ', 18),
    ('ʤ', 82),
    ('ʥ', 19),
    ('ʦ', 20),
    ('ʧ', 133),
    ('ʨ', 21),
    ('ʰ', 162),
    ('ʲ', 164),
    ('ˈ', 156),
    ('ˌ', 157),
    ('ː', 158),
    ('\u{303}', 17),
    ('β', 75),
    ('θ', 119),
    ('χ', 142),
    ('ᵊ', 42),
    ('ᵝ', 22),
    ('ᵻ', 177),
    ('—', 9),
    ('“', 14),
    ('”', 15),
    ('…', 10),
    ('→', 171),
    ('↓', 169),
    ('↗', 172),
    ('↘', 173),
    ('ꭧ', 23),
];

/// The token of a phone; nothing for a character that the model does not know.
pub(super) fn token(phone: char) -> Option<i32> {
    let at = TOKENS.binary_search_by_key(&phone, |(phone, _)| *phone).ok()?;
    Some(TOKENS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_token_twice() {
        assert!(TOKENS.is_sorted_by(|a, b| a.0 < b.0));
        let mut tokens = TOKENS.map(|(_, token)| token);
        tokens.sort_unstable();
        assert!(tokens.is_sorted_by(|a, b| a < b));
        // 0 is the silence around a text, 177 the last row of the model's table.
        assert!(tokens.iter().all(|token| (1..178).contains(token)));
    }

    #[test]
    fn phones_have_tokens() {
        assert_eq!([';', ' ', 'a', 'ˈ', 'ː', 'ᵻ'].map(token), [1, 16, 43, 156, 158, 177].map(Some));
    }

    #[test]
    fn other_characters_have_none() {
        assert_eq!(['g', '❓', '한', '\0'].map(token), [None; 4]);
    }
}
