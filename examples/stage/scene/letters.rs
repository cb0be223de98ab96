//! Letters of 5 by 7 dots, for the screen.

/// Dots of a letter across.
pub const WIDTH: usize = 5;
/// Dots of a letter from top to bottom.
pub const HEIGHT: usize = 7;

/// The rows of a letter from the top, the leftmost dot first; blank for a sign that is not drawn.
fn rows(letter: char) -> [u8; HEIGHT] {
    match letter.to_ascii_uppercase() {
        'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'E' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        'I' => [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        'J' => [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100],
        'M' => [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
        'N' => [0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001, 0b10001],
        'O' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'R' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        'T' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
        'V' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100],
        'W' => [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001],
        'Y' => [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100],
        ':' => [0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000],
        _ => [0; HEIGHT],
    }
}

/// How many dots a word is wide, with a gap of one between letters.
pub fn width(word: &str) -> usize {
    (word.chars().count() * (WIDTH + 1)).saturating_sub(1)
}

/// The lit dots of a word: across and down from its top left.
pub fn dots(word: &str) -> impl Iterator<Item = (usize, usize)> {
    word.chars().enumerate().flat_map(|(place, letter)| {
        let rows = rows(letter);
        (0..HEIGHT).flat_map(move |y| {
            let lit = move |x: &usize| rows[y] >> (WIDTH - 1 - x) & 1 == 1;
            (0..WIDTH).filter(lit).map(move |x| (place * (WIDTH + 1) + x, y))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::PLACES;

    #[test]
    fn every_letter_of_every_name_can_be_drawn() {
        let names = PLACES.map(|place| place.id);
        for letter in names.into_iter().chain(["mave:"]).flat_map(str::chars) {
            assert!(dots(&letter.to_string()).count() > 3, "{letter}");
        }
    }

    #[test]
    fn a_word_stays_within_its_width() {
        assert_eq!(width("JENA"), 23);
        assert!(dots("JENA").all(|(x, y)| x < width("JENA") && y < HEIGHT));
        assert_eq!(width(""), 0);
    }
}
