//! All words and phrases of the guide, ready to be found in a sentence.

use std::collections::HashMap;

use super::form::{Form, Hangul, NUMBER, Piece, follow, is_number};
use super::guide::{Guide, Sign};
use super::line::Line;
use super::spelling::{Spelling, head};
use crate::mind::text::fold;
use crate::persona::{AssetFileError, PersonaId};

/// What a phrase of the guide stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Meaning {
    Sign(Sign),
    Member(PersonaId),
    Concept(String),
    /// A value of a kind of claim.
    Value(String, String),
}

/// A phrase that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// Which meaning, see [`Lexicon::meaning`].
    pub(super) meaning: usize,
    /// The first word, and the one after the last.
    pub(super) from: usize,
    pub(super) to: usize,
}

#[derive(Debug, Default)]
pub(super) struct Lexicon {
    meanings: Vec<Meaning>,
    ids: HashMap<Meaning, usize>,
    words: HashMap<String, Vec<(Vec<Piece>, usize)>>,
    prefixes: HashMap<String, Vec<(Vec<Piece>, usize)>>,
    hangul: HashMap<char, Vec<(Hangul, usize)>>,
    particles: Vec<String>,
    pub(super) spelling: Spelling,
}

impl Lexicon {
    pub(super) fn new(guide: &Guide) -> Result<Self, AssetFileError> {
        let mut lexicon = Self { particles: guide.particles.clone(), ..Self::default() };
        for (word, to) in &guide.spelling {
            lexicon.spelling.rewrite(word, to);
        }
        for (sign, forms) in &guide.signs {
            lexicon.add(guide, &Meaning::Sign(*sign), forms)?;
        }
        for (member, forms) in &guide.members {
            lexicon.add(guide, &Meaning::Member(member.clone()), forms)?;
        }
        for (concept, forms) in &guide.concepts {
            lexicon.add(guide, &Meaning::Concept(concept.clone()), forms)?;
        }
        for (kind, claims) in &guide.claims {
            for (value, forms) in &claims.values {
                lexicon.add(guide, &Meaning::Value(kind.clone(), value.clone()), forms)?;
            }
        }
        lexicon.spelling.learn(guide.plain.iter().map(String::as_str));
        Ok(lexicon)
    }

    fn add(
        &mut self,
        guide: &Guide,
        meaning: &Meaning,
        forms: &[String],
    ) -> Result<(), AssetFileError> {
        let id = self.meanings.len();
        self.meanings.push(meaning.clone());
        self.ids.insert(meaning.clone(), id);
        for form in forms {
            let Some(parsed) = Form::parse(&fold(form)) else {
                let problem = format!("`{form}` holds no word to look for: write one or leave it");
                return Err(guide.fault(form, "", problem));
            };
            self.add_form(parsed, id);
        }
        Ok(())
    }

    fn add_form(&mut self, form: Form, id: usize) {
        match form {
            Form::Hangul(form) => {
                self.hangul.entry(form.parts[0][0]).or_default().push((form, id));
            }
            Form::Words(pieces) => self.add_words(pieces, id),
        }
    }

    fn add_words(&mut self, pieces: Vec<Piece>, id: usize) {
        for piece in &pieces {
            match piece {
                Piece::Word(word) => self.spelling.add(word),
                Piece::Prefix(start) => self.spelling.add_start(start),
                Piece::Number | Piece::Gap => {}
            }
        }
        let (forms, key) = match pieces.first() {
            Some(Piece::Prefix(start)) => (&mut self.prefixes, head(start)),
            Some(Piece::Word(word)) => (&mut self.words, word.clone()),
            Some(Piece::Number) => (&mut self.words, NUMBER.into()),
            Some(Piece::Gap) | None => return,
        };
        forms.entry(key).or_default().push((pieces, id));
    }

    pub(super) fn meaning(&self, id: usize) -> &Meaning {
        &self.meanings[id]
    }

    pub(super) fn id(&self, meaning: &Meaning) -> Option<usize> {
        self.ids.get(meaning).copied()
    }

    pub(super) fn concepts(&self) -> impl Iterator<Item = &str> {
        self.meanings.iter().filter_map(|meaning| match meaning {
            Meaning::Concept(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// A sentence with the spelling of the guide.
    pub(super) fn line(&self, sentence: &str) -> Line {
        Line::new(sentence, |word| self.spelling.spell(word))
    }

    /// All phrases in a line.
    pub(super) fn find(&self, line: &Line) -> Vec<Found> {
        let mut found = Vec::new();
        for (from, unit) in line.units.iter().enumerate() {
            let words = self.words.get(&unit.text);
            let prefixes = self.prefixes.get(&head(&unit.text));
            let numbers = self.words.get(NUMBER).filter(|_| is_number(&unit.text));
            let forms = words.into_iter().chain(prefixes).chain(numbers).flatten();
            for (pieces, meaning) in forms {
                if let Some(to) = follow(pieces, line, from) {
                    found.push(Found { meaning: *meaning, from, to });
                }
            }
        }
        for (at, first) in line.chars.iter().enumerate() {
            for (form, meaning) in self.hangul.get(first).into_iter().flatten() {
                if let Some(end) = form.found(line, at, &self.particles) {
                    let (from, to) = (line.unit_of(at), line.unit_of(end.max(1) - 1) + 1);
                    found.push(Found { meaning: *meaning, from, to });
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sentence: &str) -> Vec<Meaning> {
        let text = "[spelling]\nu = \"you\"\n[concepts]\nday = [\"birthday\", \"생일\"]\n\
                    dance = [\"danc*\"]\nsum = [\"# times #\"]\n[signs]\nyou = [\"you\"]";
        let lexicon = Lexicon::new(&Guide::read("q.toml", text).unwrap()).unwrap();
        let found = lexicon.find(&lexicon.line(sentence));
        found.iter().map(|found| lexicon.meaning(found.meaning).clone()).collect()
    }

    #[test]
    fn phrases_are_found_in_any_spelling() {
        let concept = |name: &str| Meaning::Concept(name.into());
        for (text, meaning) in [
            ("my brithday!", concept("day")),
            ("네 생 일?", concept("day")),
            ("dancers", concept("dance")),
            ("17 times 23", concept("sum")),
            ("uu", Meaning::Sign(Sign::You)),
        ] {
            assert_eq!(found(text), [meaning], "{text}");
        }
        assert!(found("day").is_empty());
    }

    #[test]
    fn a_form_without_words_is_named() {
        let guide = Guide::read("q.toml", "[concepts]\nday = [\"~\"]").unwrap();
        let error = Lexicon::new(&guide).unwrap_err().to_string();
        assert!(error.starts_with("q.toml:2:8: `~` holds no word"), "{error}");
    }
}
