//! What is asked of the fan's own past, and what the fan tells of themself.

use super::{Answer, Source, Thinking};
use crate::mind::memory::{Asked, Command, FactKey, FactKind, FanFact};

/// How long a message may be that is only noted, in words, where the model could say more.
const NOTED_WORDS: usize = 10;

impl Thinking<'_> {
    /// A question about what the fan told, or a wish to have something forgotten.
    pub(super) fn about_the_fan(&self) -> Option<Answer> {
        let forgets = |command: &Command| {
            matches!(command, Command::Forget(_) | Command::ForgetAbout(_) | Command::ForgetAll)
        };
        if self.told.commands.iter().any(forgets) {
            return self.line_for("forgotten");
        }
        let rules = &self.library.memory;
        let asked = rules.question(self.ask.fan)?;
        match self.ask.memory.answer(rules, &asked, &self.ask.sheet.id, self.ask.now) {
            Some(known) if !known.is_empty() => self.recalled(&asked, &known),
            _ => self.coming_up(&asked).or_else(|| {
                // What she knows may be what is asked for in words that no rule knows.
                let is_likely = asked.keys.is_empty() && !self.remembered().is_empty();
                match asked.sure {
                    true if is_likely && self.model_is_herself() => Some(self.spoken()),
                    true => self.line_for("not_remembered"),
                    false => None,
                }
            }),
        }
    }

    /// What the fan has before them, where that is asked for without saying what it is.
    fn coming_up(&self, asked: &Asked) -> Option<Answer> {
        if !asked.keys.is_empty() {
            return None;
        }
        let today = self.ask.now.day();
        let day = |fact: &FanFact| fact.when.as_ref().and_then(|when| when.day);
        let known = self.ask.memory.facts_for(&self.ask.sheet.id);
        let dated = known.into_iter().filter(|fact| fact.kind == FactKind::Event);
        let next = dated.filter(|fact| day(fact).is_none_or(|day| day >= today));
        let next = next.min_by_key(|fact| day(fact).map_or(i32::MAX, |day| day.0))?;
        self.recalled(asked, &[next])
    }

    fn recalled(&self, asked: &Asked, known: &[&FanFact]) -> Option<Answer> {
        let told =
            |fact: &&FanFact| self.library.memory.told(asked, fact, self.language, self.ask.now);
        let values: Vec<String> = known.iter().copied().take(3).map(|fact| told(&fact)).collect();
        let moment = match known {
            [fact] if is_name(fact) => "remember_name",
            [fact] if fact.when.is_some() => "remember_date",
            _ => "remember",
        };
        self.filled(moment, &values.join(", "))
    }

    /// What the fan has just told of themself, unless there is something to feel about first.
    pub(super) fn noted(&self) -> Option<Answer> {
        let fact = self.told.facts.iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
        if self.is_moved() {
            return None;
        }
        if self.told.secret || fact.private_to.is_some() {
            return self.line_for("noted_private");
        }
        let value = self.spoken_value(fact);
        if is_name(fact) {
            return self.filled("noted_name", &value);
        }
        let is_plain = !matches!(fact.key.as_str(), "mood" | "note" | "promise" | "event" | "plan");
        // Who says more than that wants to talk about it.
        let words = self.ask.fan.split_whitespace().count();
        let is_short = !self.model_is_herself() || (words <= NOTED_WORDS && !self.is_question());
        if is_plain && is_short && self.is_calm() { self.filled("noted", &value) } else { None }
    }

    /// The value of a fact, as she would say it to the fan.
    fn spoken_value(&self, fact: &FanFact) -> String {
        self.library.memory.spoken(fact, self.language, self.ask.now)
    }

    /// A line with a value in it.
    fn filled(&self, moment: &'static str, value: &str) -> Option<Answer> {
        let line = self.line(moment)?;
        let filled = capitalised(&line.replace("{value}", value));
        Some(self.authored(filled, Source::Line(moment)))
    }
}

fn is_name(fact: &FanFact) -> bool {
    fact.key == FactKey::NAME || fact.key == FactKey::NICKNAME
}

/// The line with a capital letter after its first tag.
fn capitalised(line: &str) -> String {
    let Some((tag, words)) = line.split_once("] ") else { return line.to_owned() };
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    format!("{tag}] {}", first.chain(letters).collect::<String>())
}
