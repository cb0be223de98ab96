//! Whether words speak of the same thing.

use std::collections::HashMap;

use crate::mind::text::{fold, is_hangul, words};

/// The words of a text, made comparable.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let folded = fold(text);
    words(&folded).map(stem).collect()
}

/// A Korean word without the particle at its end.
pub(super) fn without_josa<'a>(word: &'a str, particles: &[String]) -> &'a str {
    let stems = particles.iter().filter_map(|particle| word.strip_suffix(particle.as_str()));
    stems.into_iter().find(|stem| !stem.is_empty()).unwrap_or(word)
}

/// An English word without its ending; others as they are.
pub(super) fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    if !word.is_ascii() {
        return word.to_owned();
    }
    let endings =
        [("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""), ("y", "")];
    let stem = endings.iter().find_map(|(ending, instead)| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() >= 3)?;
        if *ending == "s" && stem.ends_with('s') {
            return None;
        }
        Some(format!("{stem}{instead}"))
    });
    stem.unwrap_or_else(|| word.to_owned())
}

/// The group of words like this one; a Korean word may have particles behind it.
pub(super) fn group(alike: &HashMap<String, usize>, word: &str) -> Option<usize> {
    if let Some(group) = alike.get(word) {
        return Some(*group);
    }
    let ends = word.char_indices().rev().filter(|(_, c)| is_hangul(*c));
    ends.map(|(end, _)| &word[..end])
        .filter(|front| front.chars().count() > 1)
        .find_map(|front| alike.get(front).copied())
}

/// Whether two words, made comparable, are the same but for endings.
pub(super) fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let shortest = a.chars().count().min(b.chars().count());
    let longest = a.chars().count().max(b.chars().count());
    if a.chars().any(is_hangul) {
        return shared >= 2;
    }
    let is_front = shared == shortest && shortest >= 3 && longest <= shortest + 1;
    is_front || (shared >= 4 && shared + 2 >= shortest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_do_not_matter() {
        for (a, b) in
            [("knitting", "knit"), ("poems", "poem"), ("치과", "치과에"), ("stories", "story")]
        {
            assert!(same(&stem(a), &stem(b)), "{a} {b}");
        }
        assert!(!same(&stem("cat"), &stem("car")) && !same(&stem("dog"), &stem("dragon")));
    }
}
