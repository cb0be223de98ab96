//! What the lore knows, does not know, or must not tell.

use super::{Answer, Moment, Source, Thinking};
use crate::mind::lore::{self, Fact, Missing, Question};

/// Topics of questions that are asked to pass the time.
const CHAT: [&str; 4] = ["greeting", "smalltalk", "daily", "goodbye"];

impl<'a> Thinking<'a> {
    /// A message that is about a secret, whatever words it hides in.
    pub(super) fn withheld(&self) -> Option<Answer> {
        let locked = self.library.disclosure.locked(&self.standing);
        let probe = locked.probes(self.ask.fan)?;
        Some(match self.library.lore.get(&probe.id) {
            Some(fact) => self.withhold(fact),
            None => self.authored(self.line("withhold")?, Source::Withheld(probe.id)),
        })
    }

    /// What the lore says to a question.
    pub(super) fn lore_says(&self) -> Option<Answer> {
        match self.library.lore.look_up(&self.question()) {
            lore::Answer::Tell { facts, .. } => self.tell(&facts),
            lore::Answer::Withhold { fact, .. } => Some(self.withhold(fact)),
            lore::Answer::Unknown { .. } if self.is_moved() => None,
            lore::Answer::Unknown { .. } if self.invites_her() => None,
            lore::Answer::Unknown { kind } => self.line_for(match kind {
                Missing::Elsewhere => "unknown_world",
                Missing::Member | Missing::Group | Missing::World => "unknown",
            }),
            lore::Answer::FalsePremise { fact } => self.set_right(fact),
            lore::Answer::NotAQuestionForLore => None,
        }
    }

    /// A question that nothing written answers: a small model would invent an answer.
    pub(super) fn unknown(&self) -> Option<Answer> {
        if self.model_is_trusted() || !self.is_calm() || !self.is_question() {
            return None;
        }
        let is_chat = self.topics.first().is_some_and(|(topic, _)| CHAT.contains(&topic.as_str()));
        let is_talk = || is_chat || !self.library.lore.asks_what_is_so(&self.question());
        if self.invites_her() || (self.model_is_herself() && is_talk()) {
            return None;
        }
        self.line_for(if is_chat { "question_back" } else { "unknown" })
    }

    /// Whether the fan asks a tuned model for what she thinks or would do, not for what is so.
    pub(super) fn invites_her(&self) -> bool {
        self.model_is_herself() && self.library.lore.is_invitation(&self.question())
    }

    /// Whether the fan asks for something.
    pub(super) fn is_question(&self) -> bool {
        self.library.lore.is_question(&self.question())
    }

    pub(super) fn question(&self) -> Question<'a> {
        Question {
            text: self.ask.fan,
            language: self.language,
            standing: self.standing,
            previous: self.ask.history.last_message(),
            last_fact: self.ask.bond.last_fact.as_deref(),
        }
    }

    /// A small model does not tell a fact better than she who wrote it down.
    fn tell(&self, facts: &[&Fact]) -> Option<Answer> {
        if self.model_is_trusted() {
            return Some(self.spoken_of(facts));
        }
        let fresh = facts.iter().find(|fact| self.ask.bond.last_fact.as_ref() != Some(&fact.id));
        // "Thanks, Siwoo!" is no wish to hear it again.
        if fresh.is_none() && !self.is_question() {
            return None;
        }
        let fact = fresh.or(facts.first())?;
        let line = self.say(fact)?;
        Some(self.authored(line, Source::Lore(fact.id.clone())))
    }

    fn say(&self, fact: &'a Fact) -> Option<&'a str> {
        fact.said_by(&self.ask.sheet.id, self.language)
    }

    /// What she says in place of a fact; if she has just said that, something like it.
    pub(super) fn withhold(&self, fact: &Fact) -> Answer {
        let source = Source::Withheld(fact.id.clone());
        let instead = fact.said_instead_by(&self.ask.sheet.id, self.language);
        let is_new = |line: &&str| !self.has_just_said(line);
        let line = instead.filter(is_new).or_else(|| self.line("withhold")).or(instead);
        self.authored(line.unwrap_or("[neutral] …"), source)
    }

    fn has_just_said(&self, line: &str) -> bool {
        let words = line.rsplit(']').next().unwrap_or(line).trim();
        let mut lately = self.ask.history.turns.iter().rev().take(4);
        lately.any(|turn| turn.to_prompt().contains(words))
    }

    fn set_right(&self, fact: &Fact) -> Option<Answer> {
        let fact = self.library.lore.get(&fact.id)?;
        let (opener, said) = (self.line("false_premise")?, self.say(fact)?);
        Some(self.authored(format!("{opener} {said}"), Source::Lore(fact.id.clone())))
    }

    /// What a model reads of facts.
    pub(super) fn moment_with(&self, facts: &[&Fact]) -> Moment {
        let texts = facts.iter().filter_map(|fact| fact.text_in(self.language));
        Moment { lore: texts.map(Into::into).collect(), ..self.moment() }
    }
}
