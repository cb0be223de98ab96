//! Tries the rules on one sentence.

use regex::Captures;

use super::{Extraction, Extractor, Said};
use crate::mind::{
    memory::{
        facts::{FactKey, FactKind, FanFact, When},
        rules::{Filter, Rule, any_matches, languages_of},
        when::{day_named, find_when},
    },
    text::{fold, is_hangul, words},
};

/// What a pattern caught, put together.
struct Caught {
    key: String,
    value: String,
}

impl Extractor {
    /// Adds what a sentence tells.
    pub(super) fn find_in(
        &self,
        text: &str,
        asks: bool,
        message: &str,
        said: &Said<'_>,
        found: &mut Extraction,
    ) {
        let asks = asks || any_matches(&self.rules.skip, text);
        let timed = find_when(&self.rules, text, said.now);
        let untimed = timed.as_ref().map(|(range, _)| {
            let joined = format!("{} {}", text[..range.start].trim_end(), text[range.end..].trim());
            joined.trim_matches([' ', ',']).to_owned()
        });
        let first = found.facts.len();
        for language in languages_of(text) {
            for rule in self.rules.rules.get(&language).into_iter().flatten() {
                if asks && !rule.in_question {
                    continue;
                }
                let cut = untimed.as_deref().filter(|_| rule.dated).unwrap_or(text);
                let when = timed.as_ref().map(|(_, when)| when).filter(|_| rule.dated);
                self.try_rule(rule, cut, when, message, said, (first, &mut found.facts));
            }
        }
        self.correct(text, &mut found.commands);
        let is_untold = found.secret && self.is_untold(text, &found.facts[first..]);
        if !asks && (found.facts.len() == first || is_untold) {
            self.note(text, timed.map(|(_, when)| when), said, found);
        }
    }

    fn try_rule(
        &self,
        rule: &Rule,
        text: &str,
        when: Option<&When>,
        message: &str,
        said: &Said<'_>,
        (first, facts): (usize, &mut Vec<FanFact>),
    ) {
        if rule.needs_when && when.is_none()
            || rule.needs.as_ref().is_some_and(|needs| !needs.is_match(text))
            || rule.needs_before.as_ref().is_some_and(|needs| !needs.is_match(message))
            || rule.unless_before.as_ref().is_some_and(|unless| unless.is_match(message))
        {
            return;
        }
        for pattern in &rule.patterns {
            for groups in pattern.captures_iter(text) {
                let Some(caught) = self.caught(rule, &groups, message) else { continue };
                let Ok(key) = caught.key.parse() else { continue };
                if is_taken(&facts[first..], &key, &caught.value) {
                    continue;
                }
                let value = self.member_named(rule.filter, caught.value, said);
                let mut fact = self.fact(said, key, rule.kind, &value, rule.confidence);
                fact.when = when.cloned();
                if fact.kind == FactKind::Date {
                    let day = day_named(&self.rules, &value, said.now);
                    fact.when = day.map(|day| When { said: value, day: Some(day) });
                }
                facts.push(fact);
            }
        }
    }

    /// Who is meant by "you".
    fn member_named(&self, filter: Filter, value: String, said: &Said<'_>) -> String {
        let folded = fold(&value);
        let names_one = words(&folded).any(|word| {
            self.rules
                .members
                .iter()
                .any(|(id, name)| word == id || word.starts_with(name.as_str()))
        });
        if filter != Filter::Member || names_one {
            return value;
        }
        let id = said.member.as_str();
        if value.chars().any(is_hangul) {
            return self.rules.members.get(id).cloned().unwrap_or(value);
        }
        let mut letters = id.chars();
        letters.next().map_or(value, |first| first.to_uppercase().chain(letters).collect())
    }

    fn caught(&self, rule: &Rule, groups: &Captures<'_>, message: &str) -> Option<Caught> {
        let group = |name| groups.name(name).map(|group| group.as_str());
        let (what, name) = (group("what"), group("name"));
        let mut key = rule.key.clone();
        let mut value = match (rule.compose.first(), what, name) {
            (Some(form), Some(what), Some(name)) => {
                let name = self.checked_names(name, rule.filter)?;
                form.replace("{what}", what.trim()).replace("{name}", &name)
            }
            (Some(_), ..) => return None,
            (None, ..) => self.checked(group("value").or(name)?, rule.filter, message)?,
        };
        if key.ends_with('_') {
            let thing = fold(what?);
            let thing = thing.strip_suffix("'s").unwrap_or(&thing);
            let known = self.rules.things.get(thing).cloned();
            if self.rules.is_stopped("thing", thing) || thing == "member" {
                return None;
            }
            key += &known.unwrap_or_else(|| thing.replace([' ', '-', '\''], "_"));
        } else if rule.kind == FactKind::Dislike && what.is_some() {
            value = format!("{value} ({})", what?);
        }
        Some(Caught { key, value })
    }

    /// A sentence that tells something and that no rule fits: surer if it speaks of the fan.
    fn note(&self, text: &str, when: Option<When>, said: &Said<'_>, found: &mut Extraction) {
        let is_own = any_matches(&self.rules.note, text);
        let folded = fold(text);
        let orders = words(&folded).next().is_some_and(|word| self.rules.orders.contains(word));
        let is_to_her = self.rules.never_soft.iter().any(|to_her| to_her.is_match(text));
        let enough = if found.secret { 1 } else { 2 };
        let tells = self.content_words(text).take(enough).count() == enough;
        if tells && (is_own || found.secret || !(orders || is_to_her)) {
            let confidence = if is_own { 0.5 } else { 0.35 };
            let mut note = self.fact(said, FactKey::NOTE, FactKind::Note, text, confidence);
            note.when = when;
            found.facts.push(note);
        }
    }

    /// Whether facts leave out much of what a sentence says.
    fn is_untold(&self, text: &str, facts: &[FanFact]) -> bool {
        let told: Vec<String> = facts.iter().map(|fact| fold(&fact.value)).collect();
        let left =
            self.content_words(text).filter(|word| !told.iter().any(|told| told.contains(word)));
        left.count() > 1
    }

    /// The words of a text that say what it is about.
    pub(in crate::mind::memory) fn content_words(
        &self,
        text: &str,
    ) -> impl Iterator<Item = String> {
        self.telling_words(text).filter(|word| !self.rules.dull.contains(word))
    }

    /// The words of a text that are more than grammar.
    pub(in crate::mind::memory) fn telling_words(
        &self,
        text: &str,
    ) -> impl Iterator<Item = String> {
        let folded = fold(text);
        let is_telling = |word: &&str| {
            let is_short = word.len() < 2 && !word.chars().all(|c| c.is_ascii_digit());
            !self.rules.plain.contains(*word) && !is_short
        };
        let all: Vec<String> = words(&folded).filter(is_telling).map(str::to_owned).collect();
        all.into_iter()
    }
}

/// Whether an earlier rule has used these words of the sentence.
fn is_taken(facts: &[FanFact], key: &FactKey, value: &str) -> bool {
    let value = fold(value);
    let tokens: Vec<&str> = words(&value).filter(|word| !ARTICLES.contains(word)).collect();
    facts.iter().any(|fact| {
        let earlier = fold(&fact.value);
        let shares = words(&earlier).any(|word| tokens.contains(&word));
        shares || (fact.key == *key && key.is_single())
    })
}

const ARTICLES: [&str; 8] = ["a", "an", "the", "my", "of", "in", "to", "named"];
