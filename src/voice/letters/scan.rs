//! Cuts a text into phrases and words.

use std::ops::Range;

use super::{
    Consonant, Ending, Phrase, Syllable, Vowel, Word, hangul,
    kana::{self, Kana},
    latin,
};
use crate::voice::text::{Waves, cleaned};

/// The phrases of a text, in order. Markup, pictures and other signs are silent.
pub(in crate::voice) fn phrases(text: &str) -> Vec<Phrase> {
    let cleaned = cleaned(text, Waves::Drawn);
    let mut scan = Scan::default();
    let mut letters = cleaned.chars().peekable();
    while let Some((letter, place)) = letters.next() {
        let next = letters.peek().map(|(next, _)| *next);
        if letter.is_alphanumeric() {
            scan.letter(letter, place);
        } else if letter == '\'' && next.is_some_and(char::is_alphabetic) {
            scan.extend(place);
        } else {
            scan.sign(letter, next);
        }
    }
    scan.end_word();
    scan.phrases
}

/// Where the reading is.
#[derive(Default)]
struct Scan {
    phrases: Vec<Phrase>,
    /// Whether the last phrase still takes words.
    open: bool,
    /// Where the word stands in the text that is being read, in bytes.
    word: Option<Range<usize>>,
    syllables: Vec<Syllable>,
    /// Latin letters that are not yet cut into syllables.
    latin: Vec<char>,
    /// How many Chinese characters the word ends with, and whether kana are behind them.
    han: usize,
    kana: bool,
}

impl Scan {
    fn letter(&mut self, letter: char, place: Range<usize>) {
        let is_han = is_han(letter);
        // Japanese and Chinese have no spaces: a word begins where characters follow kana, and every
        // two of them make one.
        if is_han && (self.kana || self.han >= 2) {
            self.end_word();
        }
        self.word.get_or_insert(place.clone());
        self.extend(place);
        if latin::is_latin(letter) {
            self.latin.push(letter);
            return;
        }
        self.cut_latin();
        self.han = if is_han { self.han + 1 } else { 0 };
        if let Some(kana) = kana::kana(letter) {
            self.kana = true;
            self.kana(kana);
        } else if let Some(digit) = letter.to_digit(10) {
            self.syllables.push(digit_syllable(digit));
        } else {
            let syllable = hangul::syllable(letter);
            self.syllables.push(syllable.unwrap_or_else(|| Syllable::of_stranger(letter)));
        }
    }

    fn kana(&mut self, kana: Kana) {
        match (kana, self.syllables.last_mut()) {
            (Kana::Syllable(syllable), _) => self.syllables.push(syllable),
            (Kana::Small(vowel), Some(last)) => last.vowel = vowel,
            (Kana::Coda(consonant), Some(last)) => last.coda = Some(consonant),
            (Kana::Longer, Some(last)) => last.draw(0.7),
            (Kana::Small(vowel), None) => self.syllables.push(Syllable::new(None, vowel)),
            (Kana::Coda(_) | Kana::Longer, None) => {
                self.syllables.push(Syllable::new(None, Vowel::Hum));
            }
        }
    }

    /// The word goes on, if there is one.
    fn extend(&mut self, place: Range<usize>) {
        if let Some(word) = &mut self.word {
            word.end = place.end;
        }
    }

    /// What is no letter ends the word, and perhaps the phrase.
    fn sign(&mut self, sign: char, next: Option<char>) {
        // As in 3.14, 10:30 and e.g.; Japanese and Chinese have no spaces behind their signs.
        let unspaced =
            self.kana || self.han > 0 || next.is_some_and(|next| is_han(next) || is_kana(next));
        let joins = matches!(sign, '.' | ',' | ':')
            && self.word.is_some()
            && next.is_some_and(char::is_alphanumeric)
            && !unspaced;
        self.end_word();
        if joins {
            return;
        }
        let Some(phrase) = self.phrases.last_mut() else { return };
        if sign == '~' {
            let last = phrase.words.last_mut().and_then(|word| word.syllables.last_mut());
            if let Some(last) = last {
                last.draw(0.9);
            }
        } else if let Some(ending) = Ending::of(sign) {
            phrase.ending = Some(phrase.ending.map_or(ending, |before| before.and(ending)));
            self.open = false;
        }
    }

    fn cut_latin(&mut self) {
        if !self.latin.is_empty() {
            self.syllables.extend(latin::syllables(&self.latin));
            self.latin.clear();
        }
    }

    fn end_word(&mut self) {
        self.cut_latin();
        (self.han, self.kana) = (0, false);
        let syllables = std::mem::take(&mut self.syllables);
        let Some(text) = self.word.take().filter(|_| !syllables.is_empty()) else { return };
        let last = self.phrases.last_mut().and_then(|phrase| phrase.words.last_mut());
        // Of one character of the original became several, as of ½.
        if let Some(last) = last.filter(|last| text.start < last.text.end) {
            last.text.end = last.text.end.max(text.end);
            last.syllables.extend(syllables);
            return;
        }
        let word = Word { text, syllables };
        match self.phrases.last_mut() {
            Some(phrase) if self.open => phrase.words.push(word),
            _ => self.phrases.push(Phrase { words: vec![word], ending: None }),
        }
        self.open = true;
    }
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_kana(letter: char) -> bool {
    kana::kana(letter).is_some()
}

/// A digit sounds a little like its name.
fn digit_syllable(digit: u32) -> Syllable {
    use Consonant::{F, N, S, T, W};
    let (onset, vowel) = match digit {
        1 => (Some(W), Vowel::Uh),
        2 => (Some(T), Vowel::U),
        3 => (Some(T), Vowel::I),
        4 => (Some(F), Vowel::O),
        5 => (Some(F), Vowel::A),
        0 | 6 => (Some(S), Vowel::I),
        7 => (Some(S), Vowel::E),
        8 => (None, Vowel::E),
        _ => (Some(N), Vowel::A),
    };
    Syllable::new(onset, vowel)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let words = phrases(text).into_iter().flat_map(|phrase| phrase.words);
        words.map(|word| &text[word.text]).collect()
    }

    #[test]
    fn words_are_found_in_any_script() {
        assert_eq!(words("Don't stop, it's 3.14!"), ["Don't", "stop", "it's", "3", "14"]);
        assert_eq!(words("안녕하세요 여러분~"), ["안녕하세요", "여러분"]);
        assert_eq!(words("新しい歌を歌います。"), ["新しい", "歌を", "歌います"]);
        assert_eq!(words("привет สวัสดี"), ["привет", "สวัสดี"]);
        assert_eq!(words("cafe\u{301} olé"), ["cafe\u{301}", "olé"]);
    }

    #[test]
    fn pictures_and_tags_are_silent() {
        assert_eq!(words("[joy] Hi 💖🅰️ℹ️ *you* <b>there</b> 👩‍🎤"), ["Hi", "you", "there"]);
        assert_eq!(words("*waves* 1️⃣ hi :)"), ["1️⃣", "hi"]);
        assert_eq!(words("😊 … !!"), Vec::<&str>::new());
        assert_eq!(words(""), Vec::<&str>::new());
    }

    #[test]
    fn marks_end_phrases() {
        let endings = |text: &str| -> Vec<Ending> {
            phrases(text).into_iter().filter_map(|phrase| phrase.ending).collect()
        };
        assert_eq!(
            endings("Oh, really?! Yes... no"),
            [Ending::Comma, Ending::Question, Ending::Trail]
        );
        assert_eq!(endings("One.\n\nTwo\n"), [Ending::Statement; 2]);
        assert_eq!(endings("좋아！ 그래？"), [Ending::Exclamation, Ending::Question]);
        assert_eq!(
            endings("ラーメン、歌。5時。"),
            [Ending::Comma, Ending::Statement, Ending::Statement]
        );
        assert_eq!(endings("at 10:30, it's 3.14 e.g."), [Ending::Comma, Ending::Statement]);
    }
    #[test]
    fn waves_draw_a_syllable_out() {
        let drawn = |text: &str| phrases(text)[0].words[0].syllables.last().unwrap().stretch;
        assert!(drawn("안녕~~") > drawn("안녕~") && drawn("안녕～") > drawn("안녕"));
    }

    #[test]
    fn a_character_that_is_several_is_a_part_of_one_word() {
        assert_eq!(words("½ cup"), ["½", "cup"]);
        assert_eq!(words("ﬁne №5"), ["ﬁne", "№5"]);
    }
}
