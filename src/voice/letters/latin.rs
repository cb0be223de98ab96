//! Latin letters: a run of them is cut into syllables.

use super::{Consonant, Syllable, Vowel};
use Consonant::{B, Ch, D, F, G, H, J, K, L, M, N, P, S, Sh, T, W, Y};

/// What a letter, or a pair of them, sounds like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sound {
    Vowel(Vowel),
    Consonant(Consonant),
}

/// Whether a letter is one of ours.
pub(super) fn is_latin(letter: char) -> bool {
    plain(letter).is_ascii_lowercase()
}

/// The letter in lower case, without accents.
fn plain(letter: char) -> char {
    match letter.to_lowercase().next().unwrap_or(letter) {
        'à'..='æ' | 'ā' | 'ă' | 'ą' => 'a',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'œ' | 'ơ' => 'o',
        'ù'..='ü' | 'ū' | 'ű' | 'ư' => 'u',
        'ç' | 'ć' | 'č' => 'c',
        'ñ' | 'ń' => 'n',
        'ß' | 'ś' | 'š' | 'ş' => 's',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ğ' => 'g',
        other => other,
    }
}

/// The syllables of a run of Latin letters; never none.
pub(super) fn syllables(letters: &[char]) -> Vec<Syllable> {
    let plain: Vec<char> = letters.iter().copied().map(plain).collect();
    let mut sounds = sounds(&plain);
    // One with an accent is never silent.
    if matches!(letters.last(), Some('e' | 'E')) {
        drop_silent_e(&mut sounds);
    }
    let is_vowel = |(sound, _): &(Sound, usize)| matches!(sound, Sound::Vowel(_));
    if sounds.iter().any(is_vowel) { spoken(&sounds) } else { spelt(&sounds) }
}

/// The sounds and how many letters each has taken, equal neighbours counted together.
fn sounds(letters: &[char]) -> Vec<(Sound, usize)> {
    let mut sounds: Vec<(Sound, usize)> = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let (sound, taken) = sound(&letters[at..], sounds.last().map(|last| last.0));
        match sounds.last_mut() {
            Some(last) if last.0 == sound => last.1 += taken,
            _ => sounds.push((sound, taken)),
        }
        at += taken;
    }
    sounds
}

/// The first sound of these letters, and how many of them it takes.
fn sound(letters: &[char], before: Option<Sound>) -> (Sound, usize) {
    let next = letters.get(1).copied().unwrap_or(' ');
    let pair = |consonant| (Sound::Consonant(consonant), 2);
    match (letters[0], next) {
        ('s', 'h') => return pair(Sh),
        ('c', 'h') => return pair(Ch),
        ('t', 'h') => return pair(T),
        ('p', 'h') => return pair(F),
        ('n', 'g') => return pair(N),
        ('c', 'k') => return pair(K),
        ('w', 'h') => return pair(W),
        ('c', 'e' | 'i' | 'y') => return (Sound::Consonant(S), 1),
        ('e', 'e') => return (Sound::Vowel(Vowel::I), 2),
        ('o', 'o') => return (Sound::Vowel(Vowel::U), 2),
        _ => {}
    }
    // A `y` is a consonant before a vowel, unless one is before it too: yes, happy, played.
    let begins = !matches!(before, Some(Sound::Vowel(_))) && "aeiou".contains(next);
    let sound = match letters[0] {
        'a' => Sound::Vowel(Vowel::A),
        'e' => Sound::Vowel(Vowel::E),
        'o' => Sound::Vowel(Vowel::O),
        'u' => Sound::Vowel(Vowel::U),
        'y' if begins => Sound::Consonant(Y),
        'i' | 'y' => Sound::Vowel(Vowel::I),
        'b' | 'v' => Sound::Consonant(B),
        'd' => Sound::Consonant(D),
        'f' => Sound::Consonant(F),
        'g' => Sound::Consonant(G),
        'h' => Sound::Consonant(H),
        'j' => Sound::Consonant(J),
        'l' | 'r' => Sound::Consonant(L),
        'm' => Sound::Consonant(M),
        'n' => Sound::Consonant(N),
        'p' => Sound::Consonant(P),
        's' | 'z' => Sound::Consonant(S),
        't' => Sound::Consonant(T),
        'w' => Sound::Consonant(W),
        _ => Sound::Consonant(K),
    };
    (sound, 1)
}

/// As in smile: the last e after a consonant is written only, if there is another vowel.
fn drop_silent_e(sounds: &mut Vec<(Sound, usize)>) {
    let vowels = sounds.iter().filter(|(sound, _)| matches!(sound, Sound::Vowel(_))).count();
    let ends = matches!(sounds.last(), Some((Sound::Vowel(Vowel::E), 1)));
    let after_consonant = matches!(sounds.iter().nth_back(1), Some((Sound::Consonant(_), _)));
    if ends && after_consonant && vowels > 1 {
        sounds.pop();
    }
}

/// Sounds with vowels among them: of the consonants in between the first closes, the last opens.
fn spoken(sounds: &[(Sound, usize)]) -> Vec<Syllable> {
    let mut syllables: Vec<Syllable> = Vec::new();
    let mut waiting: Vec<Consonant> = Vec::new();
    let mut after_vowel = false;
    for (sound, letters) in sounds {
        let more = 0.4 * letters.saturating_sub(2).min(8) as f32;
        match (sound, syllables.last_mut()) {
            (Sound::Consonant(consonant), _) => waiting.push(*consonant),
            (Sound::Vowel(vowel), Some(last)) if after_vowel && last.glide.is_none() => {
                last.glide = Some(*vowel);
                last.draw(0.25 + more);
            }
            (Sound::Vowel(vowel), last) => {
                if let (Some(last), [first, _, ..]) = (last, &waiting[..]) {
                    last.coda = Some(*first);
                }
                let onset = if syllables.is_empty() { waiting.first() } else { waiting.last() };
                let mut syllable = Syllable::new(onset.copied(), *vowel);
                syllable.draw(more);
                syllables.push(syllable);
                waiting.clear();
            }
        }
        after_vowel = matches!(sound, Sound::Vowel(_));
    }
    if let (Some(last), Some(first)) = (syllables.last_mut(), waiting.first()) {
        last.coda = Some(*first);
    }
    syllables
}

/// Sounds without a vowel: hmm is hummed, the rest is spelt, as in BTS.
fn spelt(sounds: &[(Sound, usize)]) -> Vec<Syllable> {
    let is_hum = |(sound, _): &(Sound, usize)| matches!(sound, Sound::Consonant(M | N | H));
    if sounds.iter().all(is_hum) && sounds.iter().any(|(sound, _)| *sound != Sound::Consonant(H)) {
        let letters: usize = sounds.iter().map(|(_, letters)| letters).sum();
        let mut hum = Syllable::new(None, Vowel::Hum);
        hum.draw(0.5 * letters.min(8) as f32);
        return vec![hum];
    }
    let spell = |(sound, letters): &(Sound, usize)| {
        let onset = if let Sound::Consonant(consonant) = sound { Some(*consonant) } else { None };
        vec![Syllable::new(onset, Vowel::I); (*letters).min(3)]
    };
    sounds.iter().flat_map(spell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(word: &str) -> Vec<(Option<Consonant>, Vowel)> {
        let letters: Vec<char> = word.chars().collect();
        syllables(&letters).iter().map(|cut| (cut.onset, cut.vowel)).collect()
    }

    #[test]
    fn words_are_cut_into_syllables() {
        assert_eq!(cut("banana"), [(Some(B), Vowel::A), (Some(N), Vowel::A), (Some(N), Vowel::A)]);
        assert_eq!(cut("winter"), [(Some(W), Vowel::I), (Some(T), Vowel::E)]);
        assert_eq!(cut("smile"), [(Some(S), Vowel::I)]);
        assert_eq!(cut("YES"), [(Some(Y), Vowel::E)]);
        assert_eq!(cut("café"), [(Some(K), Vowel::A), (Some(F), Vowel::E)]);
        assert_eq!(cut("moon"), [(Some(M), Vowel::U)]);
    }

    #[test]
    fn words_without_a_vowel_are_hummed_or_spelt() {
        assert_eq!(cut("hmm"), [(None, Vowel::Hum)]);
        assert_eq!(cut("BTS").len(), 3);
        assert_eq!(cut("h"), [(Some(H), Vowel::I)]);
    }

    #[test]
    fn what_is_written_long_is_long_but_ends() {
        let long = |word: &str| syllables(&word.chars().collect::<Vec<_>>())[0].stretch;
        assert!(long("noooo") > long("no"));
        assert!(long(&"a".repeat(10_000)) <= Syllable::LONGEST);
    }
}
