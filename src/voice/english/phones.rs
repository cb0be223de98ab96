//! Stress, and other things that are so of all phones of English.
//!
//! The letters are those of misaki, with which Kokoro was trained: `A I O W Y` are the diphthongs of
//! *day, my, go, now, boy*, `ᵊ` is a fleeting schwa, `ᵻ` the vowel of *roses*, and `T` the tap of *water*.

pub(super) const PRIMARY: char = 'ˈ';
pub(super) const SECONDARY: char = 'ˌ';

pub(super) fn is_vowel(phone: char) -> bool {
    "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻᵊɐo".contains(phone)
}

pub(super) fn is_consonant(phone: char) -> bool {
    "bdfhjklmnpstvwzðŋɡɹɾTʃʒʤʧθx".contains(phone)
}

/// How strongly a word is said, beside its own stress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// As the lexicon has it.
    Own,
    /// At least a little.
    Some,
    /// In capitals.
    Full,
    /// As the second half of a compound.
    Less,
}

/// The phones with more or less stress.
pub(super) fn weighed(phones: &str, weight: Weight) -> String {
    let primary = phones.contains(PRIMARY);
    let none = !primary && !phones.contains(SECONDARY);
    match weight {
        Weight::Some if none => stressed(phones, SECONDARY),
        Weight::Full if none => stressed(phones, PRIMARY),
        Weight::Full if !primary => phones.replacen(SECONDARY, "ˈ", 1),
        Weight::Less if primary => phones.replace(SECONDARY, "").replace(PRIMARY, "ˌ"),
        _ => phones.into(),
    }
}

/// With a mark before the first vowel.
pub(super) fn stressed(phones: &str, mark: char) -> String {
    match phones.find(is_vowel) {
        Some(at) => format!("{}{mark}{}", &phones[..at], &phones[at..]),
        None => phones.into(),
    }
}

/// The last phone.
pub(super) fn last(phones: &str) -> char {
    phones.chars().next_back().unwrap_or(' ')
}

/// Whether a t behind this vowel becomes a tap before another vowel.
pub(super) fn taps(phones: &str) -> bool {
    phones.ends_with(|c| "AIOWYiuæɑəɛɪɹʊʌ".contains(c))
}
