//! The words and phrases of the guide, as they are looked for in a sentence.

use super::line::Line;
use crate::mind::text::{is_hangul, words};

/// How many words a `~` may stand for, and how many syllables.
const GAP_WORDS: usize = 3;
const GAP_SYLLABLES: usize = 8;

/// The sign for a number.
pub(super) const NUMBER: &str = "#";

/// A word or phrase of the guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Words that follow each other.
    Words(Vec<Piece>),
    /// Korean, in which spaces do not count.
    Hangul(Hangul),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Word(String),
    /// `danc*`: any word that begins so.
    Prefix(String),
    /// `#`: a number in digits.
    Number,
    /// `~`: a few other words, or none.
    Gap,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hangul {
    /// What stands between the gaps.
    pub(super) parts: Vec<Vec<char>>,
    /// `^`: only where a word begins.
    pub(super) at_start: bool,
    /// `$`: only where the sentence ends.
    at_end: bool,
    /// `=`: only as a word of its own.
    exact: bool,
    /// A single syllable: a word of its own, with or without a particle.
    whole: bool,
}

impl Form {
    /// Reads a form; nothing if it holds no word.
    pub(super) fn parse(form: &str) -> Option<Self> {
        if form.chars().any(is_hangul) { Self::hangul(form) } else { Self::words(form) }
    }

    fn words(form: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        for word in form.split_whitespace() {
            if word == "~" {
                pieces.push(Piece::Gap);
            } else if word == NUMBER {
                pieces.push(Piece::Number);
            } else if let Some(start) = word.strip_suffix('*') {
                pieces.push(Piece::Prefix(start.into()));
            } else {
                pieces.extend(words(word).map(|word| Piece::Word(word.replace('\'', ""))));
            }
        }
        let is_word = |piece: Option<&Piece>| piece.is_some_and(|piece| *piece != Piece::Gap);
        let long = |piece: &Piece| !matches!(piece, Piece::Prefix(start) if start.len() < 3);
        let whole = is_word(pieces.first()) && is_word(pieces.last()) && pieces.iter().all(long);
        whole.then_some(Self::Words(pieces))
    }

    fn hangul(form: &str) -> Option<Self> {
        let (exact, form) = form.strip_prefix('=').map_or((false, form), |form| (true, form));
        let (at_start, form) = form.strip_prefix('^').map_or((false, form), |form| (true, form));
        let (at_end, form) = form.strip_suffix('$').map_or((false, form), |form| (true, form));
        let parts: Vec<Vec<char>> = form
            .split('~')
            .map(|part| part.chars().filter(|c| c.is_alphanumeric()).collect())
            .collect();
        let whole = !at_start && !at_end && parts.len() == 1 && parts[0].len() == 1;
        let filled = parts.iter().all(|part| !part.is_empty());
        filled.then_some(Self::Hangul(Hangul { parts, at_start, at_end, exact, whole }))
    }
}

/// Whether a word is a number in digits.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether pieces follow each other in a line from a unit on: the unit after the last of them.
pub(super) fn follow(pieces: &[Piece], line: &Line, at: usize) -> Option<usize> {
    let Some((first, rest)) = pieces.split_first() else { return Some(at) };
    let fits = |unit: &str| match first {
        Piece::Word(word) => unit == word,
        Piece::Prefix(start) => unit.starts_with(start.as_str()),
        Piece::Number => is_number(unit),
        Piece::Gap => false,
    };
    if *first == Piece::Gap {
        return (at..=at + GAP_WORDS).find_map(|at| follow(rest, line, at));
    }
    let unit = line.units.get(at)?;
    if fits(&unit.text) { follow(rest, line, at + 1) } else { None }
}

impl Hangul {
    /// Whether it is found in a line from a character on: the character after it.
    pub(super) fn found(&self, line: &Line, at: usize, particles: &[String]) -> Option<usize> {
        if (self.at_start || self.exact || self.whole) && !line.begins_unit(at) {
            return None;
        }
        let mut end = self.part_at(0, line, at)?;
        for part in 1..self.parts.len() {
            end = (end..=end + GAP_SYLLABLES).find_map(|at| self.part_at(part, line, at))?;
        }
        let rest = if self.exact || self.whole { line.rest_of_unit(end) } else { String::new() };
        if !rest.is_empty() && (self.exact || !particles.contains(&rest)) {
            return None;
        }
        (!self.at_end || end == line.chars.len()).then_some(end)
    }

    fn part_at(&self, part: usize, line: &Line, at: usize) -> Option<usize> {
        let part = self.parts.get(part)?;
        line.chars.get(at..)?.starts_with(part).then_some(at + part.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(form: &str, sentence: &str) -> bool {
        let line = Line::plain(sentence);
        match Form::parse(form).unwrap() {
            Form::Words(pieces) => {
                (0..line.units.len()).any(|at| follow(&pieces, &line, at).is_some())
            }
            Form::Hangul(form) => {
                (0..line.chars.len()).any(|at| form.found(&line, at, &["가".into()]).is_some())
            }
        }
    }

    #[test]
    fn words_follow_each_other_with_gaps_and_endings() {
        assert!(finds("taught ~ danc*", "who taught you to dance"));
        assert!(!finds("taught ~ danc*", "dance as i taught you"));
        assert!(finds("birth day", "your birth-day") && !finds("age", "agent"));
    }

    #[test]
    fn korean_is_found_whatever_its_spaces() {
        assert!(finds("데뷔 곡", "너희 데뷔곡은?") && finds("춤~가르", "춤은 누가 가르쳤어"));
        assert!(finds("키", "키가 몇이야") && finds("키", "키?") && !finds("키", "키워"));
        assert!(finds("^몇", "몇 살") && !finds("^몇", "오몇"));
        assert!(finds("=나", "나 왔어") && !finds("=나", "나와"));
        assert!(finds("까$", "갈까") && !finds("까$", "까만"));
    }

    #[test]
    fn a_form_without_words_is_none() {
        assert!(["", "~", "a ~", "~ a", "^", "가~"].iter().all(|form| Form::parse(form).is_none()));
    }

    proptest! {
        #[test]
        fn any_form_is_matched_without_panic(form in "[a가~^$* ]{0,8}|.{0,8}", text in ".{0,30}") {
            if Form::parse(&form).is_some() {
                finds(&form, &text);
            }
        }
    }
}
