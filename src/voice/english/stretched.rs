//! Words that were typed with feeling: `sooo`, `heyyy`, `hahaha`.

/// How a stretched word is said, if it is one and what it stretches is known.
pub(super) fn said(word: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    laughter(word).or_else(|| forms(word).iter().find_map(|form| known(form)))
}

/// The word with no letter more than twice in a row; at its end, once.
pub(super) fn shortest(word: &str) -> String {
    with_runs(word, &|run, at_end| if run < 3 { run } else { 1 + usize::from(!at_end) })
}

/// What the writer may have meant, best first.
fn forms(word: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut last = None;
    for c in word.chars() {
        match runs.last_mut() {
            Some(run) if last == Some(c) => *run += 1,
            _ => runs.push(1),
        }
        last = Some(c);
    }
    if !runs.iter().any(|run| *run > 2) && runs.last().is_none_or(|run| *run < 2) {
        return Vec::new();
    }
    let once = with_runs(word, &|run, at_end| if run > 2 || at_end { 1 } else { run });
    let twice = with_runs(word, &|run, _| run.min(2));
    let mixed = with_runs(word, &|run, at_end| if at_end { 1 } else { run.min(2) });
    let mixed_too = with_runs(word, &|run, at_end| {
        if at_end {
            run.min(2)
        } else if run > 2 {
            1
        } else {
            run
        }
    });
    let all_once = with_runs(word, &|_, _| 1);
    // `goood` is good and `meee` is me, but `tooo` is too and `seee` is see.
    let ends_long = runs.last().is_some_and(|run| *run > 1);
    let short = once.chars().count() < 3 && !SHORT_WORDS.contains(&&*once);
    let mut forms = match (ends_long, short) {
        (true, true) => vec![twice, mixed_too, mixed, once, all_once],
        (true, false) => vec![mixed, once, twice, mixed_too, all_once],
        _ => vec![twice, mixed, once, mixed_too, all_once],
    };
    forms.retain(|form| form != word);
    forms
}

const SHORT_WORDS: [&str; 19] = [
    "no", "so", "hi", "me", "go", "oh", "ah", "we", "he", "my", "by", "ya", "yo", "be", "ha", "uh",
    "do", "hm", "um",
];

/// With each run of a letter as long as it is told to be.
fn with_runs(word: &str, length: &dyn Fn(usize, bool) -> usize) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut result = String::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let run = letters[at..].iter().take_while(|c| **c == letter).count();
        at += run;
        result.extend(std::iter::repeat_n(letter, length(run, at == letters.len()).max(1)));
    }
    result
}

/// A syllable again and again, as often as it is written, the last one with the stress.
fn laughter(word: &str) -> Option<String> {
    const SYLLABLES: [(&str, &str); 9] = [
        ("ha", "hɑ"),
        ("he", "hɛ"),
        ("hi", "hi"),
        ("ho", "hO"),
        ("la", "lɑ"),
        ("na", "nɑ"),
        ("da", "dɑ"),
        ("ba", "bɑ"),
        ("ya", "jɑ"),
    ];
    SYLLABLES.into_iter().find_map(|(written, said)| {
        let rest = word.trim_start_matches(written);
        let times = (word.len() - rest.len()) / written.len();
        if times < 2 || !rest.is_empty() && !written.starts_with(rest) {
            return None;
        }
        let last = super::phones::stressed(said, super::phones::PRIMARY);
        // Nobody laughs for a minute.
        Some(said.repeat(times.min(8) - 1) + &last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant_is_found() {
        const WORDS: [&str; 16] = [
            "so", "no", "good", "too", "sweet", "love", "hey", "yes", "please", "me", "soon",
            "bye", "ugh", "hi", "god", "see",
        ];
        let known = |word: &str| WORDS.contains(&word).then(|| word.to_owned());
        for (written, meant) in [
            ("sooo", "so"),
            ("noooooo", "no"),
            ("gooood", "good"),
            ("tooo", "too"),
            ("sweeeet", "sweet"),
            ("looove", "love"),
            ("heyyy", "hey"),
            ("yesss", "yes"),
            ("pleaseee", "please"),
            ("meee", "me"),
            ("soooon", "soon"),
            ("byeeee", "bye"),
            ("ughhh", "ugh"),
            ("hiii", "hi"),
            ("seee", "see"),
        ] {
            assert_eq!(said(written, &known).as_deref(), Some(meant), "{written}");
        }
        assert_eq!(said("good", &known), None);
    }

    #[test]
    fn laughter_is_as_long_as_it_is_written() {
        let known = |_: &str| None;
        assert_eq!(said("hahaha", &known).as_deref(), Some("hɑhɑhˈɑ"));
        assert_eq!(said("hahahah", &known).as_deref(), Some("hɑhɑhˈɑ"));
        assert_eq!(said("lalala", &known).as_deref(), Some("lɑlɑlˈɑ"));
    }
}
