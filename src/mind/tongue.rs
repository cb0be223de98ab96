//! The language of a message.

mod request;
mod words;

use self::{request::requested, words::LATIN};
use super::text::{fold, is_hangul, words};
use crate::persona::Language;

/// So many letters of Hangul, kana, Han or Thai are no borrowed word or face.
const ENOUGH_LETTERS: usize = 2;
/// From so many points on a Latin-script language is clear.
const CLEAR: u32 = 4;
/// So many words that no other language claims are English, after another script.
const ENOUGH_WORDS: usize = 3;
/// How far a language must be ahead of the one spoken so far.
const LEAD: u32 = 2;
/// What a letter says that only one of the languages writes.
const LETTER: u32 = 3;

/// The language to answer a message in: an explicit wish, else the language it is written in;
/// `before`, the language spoken so far, if the message does not tell (`lol`, a name, emoji).
///
/// # Example
/// ```
/// use bevy_persona::{mind::tongue::tongue, persona::Language};
///
/// assert_eq!(tongue("오늘 뭐 해?", Language::English), Language::Korean);
/// assert_eq!(tongue("lol ok", Language::Korean), Language::Korean);
/// assert_eq!(tongue("안녕~ can we talk in english tho", Language::Korean), Language::English);
/// ```
#[must_use]
pub fn tongue(text: &str, before: Language) -> Language {
    let folded = fold(text);
    requested(&folded).or_else(|| of_script(&folded)).unwrap_or_else(|| of_words(&folded, before))
}

/// The language whose script outweighs the Latin words of a text.
fn of_script(folded: &str) -> Option<Language> {
    let count = |is: fn(char) -> bool| folded.chars().filter(|&c| is(c)).count();
    let (kana, han) = (count(is_kana), count(is_han));
    let (script, letters) = [
        (Language::Korean, count(is_syllable)),
        (Language::Japanese, if kana > 0 { kana + han } else { 0 }),
        (Language::Chinese, if kana > 0 { 0 } else { han }),
        (Language::Thai, count(|c| matches!(c, '\u{0e01}'..='\u{0e5b}'))),
    ]
    .into_iter()
    .max_by_key(|(_, letters)| *letters)?;
    let latin = words(folded).filter(|word| word.chars().all(is_latin)).count();
    let weight = match script {
        Language::Korean => words(folded).filter(|word| word.contains(is_syllable)).count(),
        _ => letters,
    };
    (letters >= ENOUGH_LETTERS && weight >= latin).then_some(script)
}

/// The language that the Latin words of a text are most likely of.
fn of_words(folded: &str, before: Language) -> Language {
    let all: Vec<&str> = words(folded).collect();
    let points = |(language, known, letters): &(Language, &[&str], &str)| {
        let of_words = all.iter().map(|word| word_points(word, known)).sum::<u32>();
        let written = folded.chars().filter(|&c| letters.contains(c)).count().min(2);
        (*language, of_words + LETTER * u32::try_from(written).unwrap_or(0))
    };
    let mut ranked: Vec<(Language, u32)> = LATIN.iter().map(points).collect();
    ranked.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
    let [(best, most), (_, second), ..] = ranked[..] else { return before };
    let points_of = |which| ranked.iter().find(|(language, _)| *language == which).map(|of| of.1);
    let english = points_of(Language::English).unwrap_or_default();
    match points_of(before) {
        Some(so_far) if most >= CLEAR && most >= so_far + LEAD && most > second => best,
        None if all.len() >= ENOUGH_WORDS && english > 0 && english + 1 >= most => {
            Language::English
        }
        None if most >= CLEAR && most > second => best,
        Some(_) | None => before,
    }
}

/// A longer function word is less likely to be one of another language.
fn word_points(word: &str, known: &[&str]) -> u32 {
    match (known.binary_search(&word).is_ok(), word.chars().count()) {
        (false, _) => 0,
        (true, 0..=2) => 1,
        (true, 3) => 2,
        (true, _) => 3,
    }
}

/// A syllable; letters typed alone, as in `ㅋㅋ`, are understood in every language.
fn is_syllable(c: char) -> bool {
    is_hangul(c) && !matches!(c, '\u{3130}'..='\u{318f}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30fa}' | '\u{ff66}'..='\u{ff9d}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && (c < '\u{250}' || matches!(c, '\u{1e00}'..='\u{1eff}'))
}

#[cfg(test)]
mod tests;
