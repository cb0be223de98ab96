//! Words that nobody wrote down: letters to sounds, by what stands around each letter.

use std::{collections::HashMap, sync::LazyLock};

use super::phones::{PRIMARY, SECONDARY, is_vowel};

/// `left>letter<right phones`, learned from the lexicon by `tools/voice/letter_rules.py`.
///
/// `_` is the end of a word. A letter without phones is silent. The rule that sees most wins.
static RULES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("letters.txt").lines().filter_map(|line| line.split_once(' ')).collect()
});

/// How far a rule sees, to the left and to the right; each sees more than the one before.
const VIEWS: [(usize, usize); 11] =
    [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (3, 4), (4, 4), (4, 5), (4, 6)];

/// How a word of small letters a to z is probably said. Never nothing.
pub(super) fn by_rule(word: &str) -> String {
    let letters: Vec<char> = word.chars().filter(char::is_ascii_lowercase).take(60).collect();
    let mut sounds: Vec<String> =
        (0..letters.len()).map(|at| sound(&letters, at).to_owned()).collect();
    if sounds.concat().is_empty() {
        return if letters.is_empty() {
            "ə".into()
        } else {
            spell(&letters.iter().collect::<String>())
        };
    }
    one_main_stress(&mut sounds);
    let mut phones: Vec<char> = sounds.concat().chars().collect();
    // Two letters of one sound are one sound.
    phones.dedup_by(|second, first| second == first && !is_vowel(*second));
    let phones: String = phones.into_iter().collect();
    // Nothing but consonants is spelled, as `hmph` is not but `xkcd` is.
    if phones.contains(is_vowel) || letters.len() > 5 { phones } else { format!("{phones}ə") }
}

fn sound(letters: &[char], at: usize) -> &'static str {
    let mut best = "";
    for (left, right) in VIEWS {
        let mut view = String::with_capacity(16);
        if at < left {
            view.push('_');
        }
        view.extend(&letters[at.saturating_sub(left)..at]);
        view.push('>');
        view.push(letters[at]);
        view.push('<');
        let end = (at + 1 + right).min(letters.len());
        view.extend(&letters[at + 1..end]);
        if at + right >= letters.len() {
            view.push('_');
        }
        if let Some(phones) = RULES.get(&*view) {
            best = phones;
        }
    }
    best
}

/// The rules see a few letters each, so that a word may end up with two main stresses or none.
fn one_main_stress(sounds: &mut [String]) {
    let main: Vec<usize> = (0..sounds.len()).filter(|at| sounds[*at].contains(PRIMARY)).collect();
    if let [before @ .., _] = &main[..] {
        for at in before {
            sounds[*at] = sounds[*at].replace(PRIMARY, "ˌ");
        }
        return;
    }
    let first = |fits: &dyn Fn(&String) -> bool| sounds.iter().position(fits);
    let full = |sound: &String| sound.contains(|c| is_vowel(c) && !matches!(c, 'ə' | 'ᵻ' | 'ᵊ'));
    let vowels = sounds.iter().filter(|sound| sound.contains(is_vowel)).count();
    let any = || first(&|sound| sound.contains(is_vowel));
    // Of two syllables the first, as a rule.
    let place = first(&|sound| sound.contains(SECONDARY));
    let place = place.or_else(|| if vowels < 3 { any() } else { first(&full).or_else(any) });
    if let Some(at) = place {
        // A vowel with stress is a full one.
        let before_r = sounds[at + 1..]
            .iter()
            .find(|next| !next.is_empty())
            .is_some_and(|next| next.starts_with('ɹ'));
        let sound = sounds[at].replace(SECONDARY, "").replace("əɹ", "ɜɹ");
        let sound = match (full(&sound), before_r) {
            (true, _) => sound,
            (false, true) => sound.replace(['ə', 'ᵊ'], "ɜ"),
            (false, false) => sound.replace(['ə', 'ᵊ'], "ʌ").replace('ᵻ', "ɪ"),
        };
        sounds[at] = super::phones::stressed(&sound, PRIMARY);
    }
}

/// Letter by letter, the last with the main stress.
pub(super) fn spell(letters: &str) -> String {
    let mut phones = String::new();
    let letters: Vec<char> = letters.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let name = letter_name(letter.to_ascii_lowercase());
        // `DMs`, `MVs`
        let plural =
            *letter == 's' && at + 1 == letters.len() && at > 0 && letters[at - 1].is_uppercase();
        if plural {
            phones.push('z');
        } else if letters[at + 1..]
            .iter()
            .any(|c| c.is_uppercase() || letters.iter().all(|c| c.is_lowercase()))
        {
            phones += &name.replace(PRIMARY, "ˌ");
        } else {
            phones += name;
        }
    }
    if phones.is_empty() { "ə".into() } else { phones }
}

fn letter_name(letter: char) -> &'static str {
    match letter {
        'a' => "ˈA",
        'b' => "bˈi",
        'c' => "sˈi",
        'd' => "dˈi",
        'e' => "ˈi",
        'f' => "ˈɛf",
        'g' => "ʤˈi",
        'h' => "ˈAʧ",
        'i' => "ˈI",
        'j' => "ʤˈA",
        'k' => "kˈA",
        'l' => "ˈɛl",
        'm' => "ˈɛm",
        'n' => "ˈɛn",
        'o' => "ˈO",
        'p' => "pˈi",
        'q' => "kjˈu",
        'r' => "ˈɑɹ",
        's' => "ˈɛs",
        't' => "tˈi",
        'u' => "jˈu",
        'v' => "vˈi",
        'w' => "dˈʌbᵊljˌu",
        'x' => "ˈɛks",
        'y' => "wˈI",
        'z' => "zˈi",
        _ => "ə",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_nobody_wrote_down_are_said() {
        for (word, phones) in [
            ("blorp", "blˈɜɹp"),
            ("drabbling", "dɹˈæblɪŋ"),
            ("glimmerish", "ɡlˈɪməɹɪʃ"),
            ("zorbing", "zˈɜɹbɪŋ"),
        ] {
            assert_eq!(by_rule(word), phones);
        }
    }

    #[test]
    fn every_letter_has_a_sound_by_itself() {
        for letter in 'a'..='z' {
            assert!(!by_rule(&letter.to_string()).is_empty());
            assert!(!by_rule(&letter.to_string().repeat(70)).is_empty());
        }
        assert_eq!(by_rule(""), "ə");
    }

    #[test]
    fn a_spelled_word_is_stressed_on_its_last_letter() {
        assert_eq!(spell("TV"), "tˌivˈi");
        assert_eq!(spell("DMs"), "dˌiˈɛmz");
        assert_eq!(spell("mv"), "ˌɛmvˈi");
    }
}
