//! Which option a fan's own words mean.

mod likeness;
mod ordinal;
mod thesaurus;
mod words;

use std::collections::BTreeSet;

use self::{
    likeness::likeness,
    words::{Word, words},
};

/// A word of the answer has to be this much like one of an option to count.
const SURE: f32 = 0.5;
/// The best option has to be ahead of the second by this much.
const AHEAD: f32 = 0.3;

/// Which option a fan's free text means; nothing where that is unclear.
///
/// Each option comes with its spellings, in all languages that the fan may use. What counts: the
/// words of the options and their stems, words that mean the same, "the second one", yes and no,
/// and what is said not to be meant.
///
/// # Example
/// ```
/// use bevy_persona::scene::sort_answer;
///
/// let options = [
///     vec!["something loud".to_owned(), "큰 노래".to_owned()],
///     vec!["something quiet".to_owned(), "조용한 노래".to_owned()],
///     vec!["I don't know".to_owned(), "모르겠어요".to_owned()],
/// ];
/// assert_eq!(sort_answer("I'd whisper it, I think", &options), Some(1));
/// assert_eq!(sort_answer("조용하게 부를래요", &options), Some(1));
/// assert_eq!(sort_answer("the first one!", &options), Some(0));
/// assert_eq!(sort_answer("no idea, sorry", &options), Some(2));
/// assert_eq!(sort_answer("what time is it?", &options), None);
/// ```
#[must_use]
pub fn sort_answer(answer: &str, options: &[Vec<String>]) -> Option<usize> {
    let said = words(answer);
    if said.is_empty() {
        return None;
    }
    word_for_word(&said, options).or_else(|| by_words(&said, options)).or_else(|| {
        let place = ordinal::place(&said, options.len())?;
        (place < options.len()).then_some(place)
    })
}

/// The option that was repeated as it is.
fn word_for_word(said: &[Word], options: &[Vec<String>]) -> Option<usize> {
    let same = |spelling: &String| {
        let spelling = words(spelling);
        spelling.iter().map(|word| &word.text).eq(said.iter().map(|word| &word.text))
    };
    only(options.iter().map(|option| option.iter().any(same)))
}

fn by_words(said: &[Word], options: &[Vec<String>]) -> Option<usize> {
    let features = features(options);
    let mut scores = vec![0.0_f32; options.len()];
    let mut refused = vec![false; options.len()];
    for word in said {
        let fits = features
            .iter()
            .map(|words| words.iter().map(|known| likeness(word, known)).fold(0.0_f32, f32::max));
        let fits: Vec<_> = fits.collect();
        let best = fits.iter().copied().fold(0.0_f32, f32::max);
        for (option, fit) in fits.into_iter().enumerate() {
            if fit < SURE || fit < best {
                continue;
            }
            if word.negated { refused[option] = true } else { scores[option] += fit }
        }
    }
    for (score, refused) in scores.iter_mut().zip(&refused) {
        if *refused {
            *score = 0.0;
        }
    }
    let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
    if scores[best] < SURE {
        // "Not the door": what is left, if that is one.
        let any = refused.contains(&true);
        return any.then(|| only(refused.iter().map(|refused| !refused))).flatten();
    }
    let second = (0..scores.len()).filter(|option| *option != best);
    let second = second.map(|option| scores[option]).fold(0.0_f32, f32::max);
    (scores[best] - second >= AHEAD).then_some(best)
}

/// The words that tell each option from the others.
fn features(options: &[Vec<String>]) -> Vec<Vec<Word>> {
    let all: Vec<Vec<Word>> = options
        .iter()
        .map(|option| {
            let words = option.iter().flat_map(|spelling| words::of_option(spelling));
            let mut seen = BTreeSet::new();
            words.filter(|word| seen.insert(word.text.clone())).collect()
        })
        .collect();
    let shared = |word: &Word, option: usize| {
        let others = all.iter().enumerate().filter(|(other, _)| *other != option);
        others.flat_map(|(_, words)| words).any(|other| other.stem == word.stem)
    };
    let telling = |(option, words): (usize, &Vec<Word>)| {
        words.iter().filter(|word| !shared(word, option)).cloned().collect()
    };
    all.iter().enumerate().map(telling).collect()
}

/// Where the only `true` is.
fn only(mut these: impl Iterator<Item = bool>) -> Option<usize> {
    let first = these.position(|this| this)?;
    (!these.any(|this| this)).then_some(first)
}

#[cfg(test)]
mod tests;
