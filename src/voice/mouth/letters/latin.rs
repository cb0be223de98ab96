//! Words in Latin letters, roughly as English spells them.

use super::{consonant, vowel};
use crate::voice::{
    MouthShape::{Aa, Ee, Ih, Oh, Ou},
    mouth::{lips::Lips, parts::Part},
};

/// How many letters the word is long that begins here; an apostrophe inside counts.
pub(super) fn word_length(letters: &[char]) -> usize {
    let is_letter = |c: char| plain(c).is_ascii_lowercase();
    let mut length =
        letters.iter().take_while(|c| is_letter(**c) || matches!(c, '\'' | '’')).count();
    while length > 0 && !is_letter(letters[length - 1]) {
        length -= 1;
    }
    if letters.first().is_some_and(|c| is_letter(*c)) { length } else { 0 }
}

/// Spells a word with the lips.
pub(super) fn speak(word: &[char], parts: &mut Vec<Part>) {
    let word: String = word.iter().map(|c| plain(*c)).filter(char::is_ascii_lowercase).collect();
    let mut rest = without_silent_e(&word);
    let mut first = true;
    while let Some(letter) = rest.chars().next() {
        let (taken, lips) = group(rest, first);
        match lips {
            None => {}
            Some(lips) if lips.is_consonant() => consonant(parts, lips),
            Some(lips) => vowel(parts, lips),
        }
        // A doubled letter is one sound.
        rest = &rest[taken..];
        if !is_vowel(letter) && taken == 1 {
            rest = rest.strip_prefix(letter).unwrap_or(rest);
        }
        first = false;
    }
}

/// What the next letters of a word sound like, and how many they are.
fn group(rest: &str, first: bool) -> (usize, Option<Lips>) {
    let vowel = |shape| Some(Lips::Vowel(shape, 0.9));
    let glide = |from, to| Some(Lips::Glide((from, 0.9), (to, 0.7)));
    let pairs = [
        ("you", vowel(Ou)),
        ("eau", vowel(Ou)),
        ("igh", glide(Aa, Ih)),
        ("tch", Some(Lips::Consonant(Ou, 0.3))),
        ("ee", vowel(Ih)),
        ("ea", vowel(Ih)),
        ("ie", vowel(Ih)),
        ("oo", vowel(Ou)),
        ("ew", vowel(Ou)),
        ("ue", vowel(Ou)),
        ("ou", glide(Aa, Ou)),
        ("ow", glide(Oh, Ou)),
        ("oa", glide(Oh, Ou)),
        ("oi", glide(Oh, Ih)),
        ("oy", glide(Oh, Ih)),
        ("ai", glide(Ee, Ih)),
        ("ay", glide(Ee, Ih)),
        ("ei", glide(Ee, Ih)),
        ("ey", glide(Ee, Ih)),
        ("au", vowel(Oh)),
        ("aw", vowel(Oh)),
        ("sh", Some(Lips::Consonant(Ou, 0.3))),
        ("ch", Some(Lips::Consonant(Ou, 0.3))),
        ("th", Some(Lips::Consonant(Ee, 0.25))),
        ("ph", Some(Lips::Consonant(Ih, 0.1))),
        ("wh", Some(Lips::Consonant(Ou, 0.6))),
        ("ck", Some(Lips::Free)),
        ("ng", Some(Lips::Free)),
        ("gh", None),
    ];
    if let Some((letters, lips)) = pairs.into_iter().find(|(letters, _)| rest.starts_with(letters))
    {
        return (letters.len(), lips);
    }
    let lips = match rest.as_bytes()[0] {
        b'a' => vowel(Aa),
        b'e' => vowel(Ee),
        b'o' => vowel(Oh),
        b'u' => vowel(Ou),
        b'y' if first => Some(Lips::Consonant(Ih, 0.4)),
        b'i' | b'y' => vowel(Ih),
        b'm' | b'b' | b'p' => Some(Lips::Closed),
        b'f' | b'v' => Some(Lips::Consonant(Ih, 0.1)),
        b'w' => Some(Lips::Consonant(Ou, 0.6)),
        b'r' | b'j' => Some(Lips::Consonant(Ou, 0.3)),
        b's' | b'z' | b'x' => Some(Lips::Consonant(Ih, 0.25)),
        b't' | b'd' | b'n' | b'l' => Some(Lips::Consonant(Ee, 0.25)),
        _ => Some(Lips::Free),
    };
    (1, lips)
}

/// The word without an `e` at its end that only lengthens the vowel before.
fn without_silent_e(word: &str) -> &str {
    match word.strip_suffix('e') {
        Some(stem) if stem.contains(is_vowel) && !stem.ends_with(is_vowel) => stem,
        _ => word,
    }
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// A letter without its marks, in lower case.
fn plain(letter: char) -> char {
    match letter.to_ascii_lowercase() {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'Á' | 'À' | 'Â' | 'Ä' | 'Ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'Í' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'Ó' | 'Ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ü' => 'u',
        'ñ' | 'Ñ' => 'n',
        'ç' | 'Ç' => 's',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(word: &str) -> Vec<Lips> {
        let mut parts = Vec::new();
        speak(&word.chars().collect::<Vec<_>>(), &mut parts);
        parts.into_iter().map(|part| part.lips).collect()
    }

    fn syllables(word: &str) -> usize {
        spelled(word).iter().filter(|lips| lips.first_shape().is_some()).count()
    }

    #[test]
    fn syllables_are_counted() {
        for (word, count) in
            [("home", 1), ("the", 1), ("beautiful", 3), ("night", 1), ("happy", 2), ("sunshine", 2)]
        {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn doubled_letters_are_one_sound() {
        assert_eq!(spelled("happy").iter().filter(|lips| **lips == Lips::Closed).count(), 1);
    }

    #[test]
    fn words_end_where_letters_end() {
        let length = |text: &str| word_length(&text.chars().collect::<Vec<_>>());
        assert_eq!(["don't stop", "café!", "'quoted'", "a’", "노래"].map(length), [5, 4, 0, 1, 0]);
    }
}
