//! From a text to words in Hangul, and the pauses between them.

use std::ops::Range;

use super::{latin, numerals, writing::Plain};
use crate::hangul::is_syllable;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A word.
    Word {
        /// Where it stands, in bytes.
        text: Range<usize>,
        /// How it is said: Hangul with the marks of `respelling`.
        spelling: String,
    },
    /// A sign that is heard as a pause or a melody.
    Pause(char),
}

/// Reads a text.
pub(super) fn read(text: &str) -> Vec<Piece> {
    let plain = Plain::new(text);
    let mut reader = Reader { plain: &plain, at: 0, word: None, pieces: Vec::new() };
    while reader.at < plain.characters.len() {
        reader.step();
    }
    reader.end_word();
    reader.pieces
}

/// A word that is not yet at its end.
struct OpenWord {
    text: Range<usize>,
    spelling: String,
    has_number: bool,
}

struct Reader<'a> {
    plain: &'a Plain,
    at: usize,
    word: Option<OpenWord>,
    pieces: Vec<Piece>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [char] {
        &self.plain.characters[self.at..]
    }

    fn step(&mut self) {
        let rest = self.rest();
        match rest {
            [letter, ..] if is_syllable(*letter) => self.say(1, &letter.to_string()),
            [digit, ..] if digit.is_ascii_digit() => self.number(),
            [letter, ..] if letter.is_ascii_alphabetic() => self.latin(),
            ['~', digit, ..] if digit.is_ascii_digit() && self.after_number() => {
                self.say(1, "에서");
            }
            [sign @ ('-' | '+' | '$' | '€' | '£' | '¥' | '₩'), digit, ..]
                if digit.is_ascii_digit() && self.word.is_none() =>
            {
                self.sign(*sign);
            }
            [sign @ ('+' | '×' | '='), ..] if self.calculates() => {
                self.end_word();
                self.say(
                    1,
                    match sign {
                        '+' => "더하기",
                        '×' => "곱하기",
                        _ => "는",
                    },
                );
                self.end_word();
            }
            ['%', ..] if self.word.is_some() => self.say(1, "퍼센트"),
            [sign, ..] if is_silent(*sign) => self.at += 1,
            [sign, ..] => {
                self.end_word();
                self.pause(*sign);
                self.at += 1;
            }
            [] => {}
        }
    }

    fn number(&mut self) {
        let (length, said) =
            latin::listed(self.rest()).map_or_else(|| numerals::read(self.rest()), owned);
        self.say(length, &said);
        if let Some(word) = &mut self.word {
            word.has_number = true;
        }
    }

    fn latin(&mut self) {
        let rest = self.rest();
        let (length, said) = latin::listed(rest).map_or_else(
            || {
                let length = latin_length(rest);
                let word: String = rest[..length].iter().filter(|&&it| it != '\'').collect();
                // The colon belongs to the name of the group.
                let colon = word.eq_ignore_ascii_case("mave") && rest.get(length) == Some(&':');
                (length + usize::from(colon), latin::say(&word))
            },
            owned,
        );
        self.say(length, &said);
    }

    /// A sign before a number: less than zero, or money.
    fn sign(&mut self, sign: char) {
        let number = &self.rest()[1..];
        match sign {
            '-' if numerals::is_temperature(number) => self.say(1, "영하"),
            '-' => self.say(1, "마이너스"),
            '+' => self.say(1, "플러스"),
            money => {
                let (length, said) = numerals::read(number);
                let unit = latin::unit(&[money]).map_or("", |(_, unit)| unit);
                self.say(length + 1, &(said + unit));
            }
        }
    }

    /// Whether a word with a number is open, and no other sign came since.
    fn after_number(&self) -> bool {
        self.word.as_ref().is_some_and(|word| word.has_number)
    }

    /// Whether numbers stand on both sides.
    fn calculates(&self) -> bool {
        let is_number = |it: Option<&char>| it.is_some_and(char::is_ascii_digit);
        let before = self.plain.characters[..self.at].iter().rev().find(|it| **it != ' ');
        is_number(before) && is_number(self.rest()[1..].iter().find(|it| **it != ' '))
    }

    /// Adds to the word.
    fn say(&mut self, length: usize, said: &str) {
        let places = &self.plain.places[self.at..self.at + length];
        self.at += length;
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return };
        let word = self.word.get_or_insert_with(|| OpenWord {
            text: first.clone(),
            spelling: String::new(),
            has_number: false,
        });
        word.text.end = last.end;
        word.spelling.push_str(said);
    }

    fn end_word(&mut self) {
        if let Some(OpenWord { text, spelling, .. }) = self.word.take() {
            self.pieces.push(Piece::Word { text, spelling });
        }
    }

    /// Keeps a sign that is heard. Dots become one ellipsis; the end of a line is a full stop.
    fn pause(&mut self, sign: char) {
        let last = self.pieces.last_mut();
        match (sign, last) {
            ('\n', Some(Piece::Word { .. })) => self.pieces.push(Piece::Pause('.')),
            ('.' | '…', Some(Piece::Pause(before @ ('.' | '…')))) => *before = '…',
            (sign, Some(Piece::Pause(before))) if *before == sign => {}
            (',' | '.' | '!' | '?' | '…' | ';' | ':' | '—', _) => {
                self.pieces.push(Piece::Pause(sign));
            }
            _ => {}
        }
    }
}

fn owned((length, said): (usize, &str)) -> (usize, String) {
    (length, said.into())
}

/// Letters, with apostrophes between them.
fn latin_length(text: &[char]) -> usize {
    (0..text.len())
        .find(|&at| match text[at] {
            '\'' => !text.get(at + 1).is_some_and(char::is_ascii_alphabetic),
            letter => !letter.is_ascii_alphabetic(),
        })
        .unwrap_or(text.len())
}

/// Signs inside a word that nobody hears: quotes, emphasis, the wave of a long vowel.
fn is_silent(sign: char) -> bool {
    matches!(sign, '~' | '\'' | '"' | '“' | '”' | '*' | '_' | '「' | '」' | '『' | '』')
        || matches!(sign, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{fe0f}' | '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spellings(text: &str) -> String {
        let pieces = read(text).into_iter().map(|piece| match piece {
            Piece::Word { spelling, .. } => spelling,
            Piece::Pause(sign) => sign.to_string(),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_nobody_hears_does_not_end_a_word() {
        assert_eq!(spellings("'또'라는 한 글자"), "또라는 한 글자");
        assert_eq!(spellings("안녕~하세요~"), "안녕하세요");
        assert_eq!(spellings("진짜ㅋㅋㅋ 웃겨ㅠㅠ"), "진짜 웃겨");
    }

    #[test]
    fn pauses_are_kept_once() {
        assert_eq!(spellings("네!!! 음... 그래?! 응.\n\n좋아"), "네 ! 음 … 그래 ? ! 응 . 좋아");
    }

    #[test]
    fn conjoining_letters_and_wide_letters_are_read() {
        assert_eq!(spellings("\u{1112}\u{1161}\u{11ab}국 ＯＫ １개"), "한국 오케이 한개");
    }

    #[test]
    fn words_keep_their_place() {
        let text = "가 3,000원, AI!";
        let places: Vec<&str> = read(text)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Word { text: place, .. } => Some(&text[place]),
                Piece::Pause(_) => None,
            })
            .collect();
        assert_eq!(places, ["가", "3,000원", "AI"]);
    }
}
