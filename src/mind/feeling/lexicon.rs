//! Finds words and phrases that speak of a feeling.

use std::{collections::HashMap, ops::Range};

use super::{
    file::File,
    kind::{Kind, PerKind},
    spelling::Spelling,
};

/// Forms with what each says, found longest first.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    forms: Forms<(Kind, f32)>,
    negations: Vec<String>,
    window: usize,
    factors: Forms<f32>,
    contrasts: Forms<()>,
}

/// What the lexicon found in a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// For each kind of feeling, 0..1.
    pub(super) scores: PerKind,
    /// Whether a form of the grief list was among them.
    pub(super) grief: bool,
}

/// Forms by their first two letters, longest first.
#[derive(Debug)]
struct Forms<T>(HashMap<(char, Option<char>), Vec<(String, T)>>);

impl<T> Default for Forms<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Forms<T> {
    fn insert(&mut self, form: String, value: T) {
        let mut chars = form.chars();
        let Some(first) = chars.next() else { return };
        let bucket = self.0.entry((first, chars.next())).or_default();
        let at = bucket.partition_point(|(known, _)| known.len() > form.len());
        bucket.insert(at, (form, value));
    }

    /// The longest form at the start of `rest`, which follows `before`.
    fn at(&self, before: Option<char>, rest: &str) -> Option<&(String, T)> {
        let mut chars = rest.chars();
        let first = chars.next()?;
        [Some((first, chars.next())), Some((first, None))]
            .into_iter()
            .flatten()
            .filter_map(|key| self.0.get(&key))
            .flatten()
            .find(|(form, _)| {
                rest.starts_with(form.as_str())
                    && apart(form.chars().next(), before)
                    && apart(form.chars().next_back(), rest[form.len()..].chars().next())
            })
    }
}

/// Whether two neighbours are not both Latin letters or digits.
fn apart(inside: Option<char>, outside: Option<char>) -> bool {
    let is_latin = |c: char| c.is_ascii_alphanumeric() || (c.is_alphabetic() && c < '\u{250}');
    !(inside.is_some_and(is_latin) && outside.is_some_and(is_latin))
}

impl Lexicon {
    pub(super) fn new(file: &File, spelling: &Spelling) -> Self {
        let mut lexicon = Self { window: file.negation.window, ..Self::default() };
        for (kind, by_language) in &file.lexicon {
            for (weight, forms) in by_language.values().flatten() {
                for form in forms {
                    lexicon.forms.insert(spelling.of(form), (*kind, weight.value()));
                }
            }
        }
        for form in file.overrides.grief.forms.values().flatten() {
            lexicon.forms.insert(spelling.of(form), (Kind::Grief, 1.0));
        }
        let negations = file.negation.words.values().flatten();
        lexicon.negations = negations.map(|word| spelling.of(word)).collect();
        for (word, factor) in file.intensify.values().flatten() {
            lexicon.factors.insert(spelling.of(word), *factor);
        }
        for word in file.contrast.values().flatten() {
            lexicon.contrasts.insert(spelling.of(word), ());
        }
        lexicon
    }

    /// What a text says that is spelled as the forms are.
    pub(super) fn find(&self, text: &str) -> Found {
        let mut missing = [1.0; Kind::COUNT];
        let mut grief = false;
        let turn = hits(&self.contrasts, text).last().map_or(0, |(span, ())| span.start);
        for (span, (kind, weight)) in hits(&self.forms, text) {
            let mut weight = (weight * self.factor_near(text, &span)).min(1.0);
            if self.is_negated(text, &span) {
                weight *= 0.5;
                if matches!(kind, Kind::Joy | Kind::Love) {
                    weight *= 0.5;
                    missing[Kind::Sad as usize] *= 1.0 - weight;
                }
            }
            if span.end <= turn {
                weight *= 0.5;
            }
            grief |= kind == Kind::Grief;
            missing[kind as usize] *= 1.0 - weight;
        }
        Found { scores: missing.map(|missing| 1.0 - missing), grief }
    }

    /// How much the words around a hit strengthen or weaken it.
    fn factor_near(&self, text: &str, span: &Range<usize>) -> f32 {
        let before = last_words(clause(&text[..span.start]), 2);
        let after = text[span.end..].trim_start_matches(char::is_alphanumeric);
        let near = hits(&self.factors, before).map(|(_, factor)| factor);
        let loud = self.factors.at(None, after).map_or(1.0, |(_, factor)| *factor);
        near.product::<f32>() * loud
    }

    fn is_negated(&self, text: &str, span: &Range<usize>) -> bool {
        let words = last_words(clause(&text[..span.start]), self.window).split_whitespace();
        if words.into_iter().any(|word| self.negates(word)) {
            return true;
        }
        let is_latin = text[span.clone()].ends_with(|c: char| c.is_ascii());
        let after = &text[span.end..];
        let mut next = after.split_whitespace().take(2);
        !is_latin && !after.starts_with(ENDS) && next.any(|word| self.negates(word))
    }

    fn negates(&self, word: &str) -> bool {
        self.negations.iter().any(|negation| match word.is_ascii() {
            true => word == negation,
            false => word.starts_with(negation.as_str()),
        })
    }
}

/// What ends a clause.
const ENDS: [char; 7] = ['.', ',', '?', '!', ';', '…', '\n'];

/// The clause that a text ends in.
fn clause(text: &str) -> &str {
    text.rsplit(ENDS).next().unwrap_or(text)
}

/// The end of a text: its last words.
fn last_words(text: &str, count: usize) -> &str {
    let trimmed = text.trim_end();
    let at = trimmed.rmatch_indices(' ').nth(count.saturating_sub(1)).map_or(0, |(at, _)| at);
    &trimmed[at..]
}

/// All forms in a text, none inside another.
fn hits<'a, T: Copy>(
    forms: &'a Forms<T>,
    text: &'a str,
) -> impl Iterator<Item = (Range<usize>, T)> + 'a {
    let mut at = 0;
    let mut before = None;
    std::iter::from_fn(move || {
        while let Some(next) = text[at..].chars().next() {
            let start = at;
            if let Some((form, value)) = forms.at(before, &text[at..]) {
                at += form.len();
                before = form.chars().next_back();
                return Some((start..at, *value));
            }
            at += next.len_utf8();
            before = Some(next);
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        version = 1
        floor = 0.2
        [negation]
        window = 3
        en = ["not"]
        ko = ["안", "않"]
        [contrast]
        en = ["but"]
        [intensify]
        en = { "so" = 1.2, "a bit" = 0.5 }
        [lexicon.joy.en]
        w06 = ["happy"]
        w10 = ["so happy i could cry"]
        [lexicon.joy.ko]
        w06 = ["행복"]
        [lexicon.sad.en]
        w08 = ["cry", "sad"]
        [appraisal.default]
        [override.grief]
        hold_turns = 2
        never = []
        en = ["funeral"]
        [override.crisis]
        hold_turns = 2
        never = []
        from_conduct = []
    "#;

    fn score(text: &str, kind: Kind) -> f32 {
        let file = File::read("e.toml", TEXT).expect("good content");
        Lexicon::new(&file, &Spelling::default()).find(text).scores[kind as usize]
    }

    #[test]
    fn the_longest_form_counts_once() {
        assert!(score("so happy i could cry", Kind::Joy) > 0.99);
        assert!(score("so happy i could cry", Kind::Sad) < 0.01);
        assert!(score("unhappy", Kind::Joy) < 0.01 && score("crying", Kind::Sad) < 0.01);
        assert!(score("너무행복해요", Kind::Joy) > 0.5);
    }

    #[test]
    fn words_around_strengthen_weaken_or_turn() {
        assert!(score("so happy", Kind::Joy) > score("happy", Kind::Joy));
        assert!(score("a bit happy", Kind::Joy) < score("happy", Kind::Joy));
        for text in ["i am not happy", "안 행복해", "행복하지 않아"] {
            assert!(score(text, Kind::Joy) < 0.3 && score(text, Kind::Sad) > 0.1, "{text}");
        }
        assert!(score("not now, happy", Kind::Joy) > 0.5);
        assert!(score("sad but happy", Kind::Joy) > score("sad but happy", Kind::Sad));
    }

    #[test]
    fn grief_is_found_by_its_own_list() {
        let file = File::read("e.toml", TEXT).expect("good content");
        let lexicon = Lexicon::new(&file, &Spelling::default());
        assert!(lexicon.find("the funeral is today").grief && !lexicon.find("happy").grief);
    }
}
