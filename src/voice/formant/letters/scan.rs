//! Cuts a text into phrases and words.

use super::{
    Ending, Phrase, Syllable, Vowel, Word, hangul,
    kana::{self, Kana},
    latin, markup,
};
use crate::voice::formant::phones::Consonant;

/// The phrases of a text, in order. Pictures, tags and other signs are silent.
pub(in crate::voice::formant) fn phrases(text: &str) -> Vec<Phrase> {
    let mut scan = Scan::default();
    let mut silent_until = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if at < silent_until {
            continue;
        }
        silent_until = at + markup::tag(&text[at..]);
        let next = letters.peek().map(|(_, next)| *next);
        if silent_until > at {
            scan.end_word();
        } else if is_letter(letter, next) {
            scan.letter(at, letter);
        } else if markup::is_mark(letter)
            || (is_apostrophe(letter) && next.is_some_and(char::is_alphabetic))
        {
            scan.extend(at, letter);
        } else {
            scan.sign(letter, next);
        }
    }
    scan.end_word();
    scan.phrases
}

fn is_letter(letter: char, next: Option<char>) -> bool {
    letter.is_alphanumeric()
        && !markup::is_picture(letter)
        && !markup::is_mark(letter)
        && !next.is_some_and(markup::makes_picture)
}

const fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’')
}

/// Where the reading is.
#[derive(Default)]
struct Scan {
    phrases: Vec<Phrase>,
    /// Whether the last phrase still takes words.
    open: bool,
    /// The word that is being read: where it begins and ends, in bytes.
    word: Option<(usize, usize)>,
    syllables: Vec<Syllable>,
    /// Latin letters that are not yet cut into syllables.
    latin: Vec<char>,
    /// How many Chinese characters the word ends with, and whether kana are behind them.
    han: usize,
    kana: bool,
}

impl Scan {
    fn letter(&mut self, at: usize, letter: char) {
        let is_han = matches!(letter, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
        // Japanese and Chinese have no spaces: a word begins where characters follow kana, and every
        // two of them make one.
        if is_han && (self.kana || self.han >= 2) {
            self.end_word();
        }
        self.extend(at, letter);
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

    /// The word goes on, or begins.
    fn extend(&mut self, at: usize, letter: char) {
        let end = at + letter.len_utf8();
        match &mut self.word {
            Some(word) => word.1 = end,
            None if markup::is_mark(letter) || is_apostrophe(letter) => {}
            None => self.word = Some((at, end)),
        }
    }

    /// What is no letter ends the word, and perhaps the phrase.
    fn sign(&mut self, sign: char, next: Option<char>) {
        let after_letter = self.word.is_some();
        let inside_word = after_letter && next.is_some_and(char::is_alphanumeric);
        self.end_word();
        // As in 3.14, 10:30 and e.g.
        if matches!(sign, '.' | ',' | ':') && inside_word {
            return;
        }
        let Some(phrase) = self.phrases.last_mut() else { return };
        if matches!(sign, '~' | '～' | '〜') {
            let last = phrase.words.last_mut().and_then(|word| word.syllables.last_mut());
            if let Some(last) = last {
                last.draw(0.9);
            }
        } else if let Some(ending) = Ending::of(sign).filter(|_| self.open || sign != '\n') {
            phrase.ending = if self.open { ending } else { phrase.ending.and(ending) };
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
        let Some((start, end)) = self.word.take().filter(|_| !syllables.is_empty()) else { return };
        let word = Word { text: start..end, syllables };
        match self.phrases.last_mut() {
            Some(phrase) if self.open => phrase.words.push(word),
            _ => self.phrases.push(Phrase { words: vec![word], ending: Ending::Statement }),
        }
        self.open = true;
    }
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
        assert_eq!(words("[joy] Hi 💖🅰️1️⃣ℹ️ *you* <b>there</b> 👩‍🎤"), ["Hi", "you", "there"]);
        assert_eq!(words("😊 … !!"), Vec::<&str>::new());
        assert_eq!(words(""), Vec::<&str>::new());
    }

    #[test]
    fn marks_end_phrases() {
        let endings = |text: &str| -> Vec<Ending> {
            phrases(text).into_iter().map(|phrase| phrase.ending).collect()
        };
        assert_eq!(
            endings("Oh, really?! Yes... no"),
            [Ending::Comma, Ending::Question, Ending::Trail, Ending::Statement]
        );
        assert_eq!(endings("One.\n\nTwo\n"), [Ending::Statement; 2]);
        assert_eq!(endings("좋아！ 그래？"), [Ending::Exclamation, Ending::Question]);
    }
}
