//! What she said when a fan said something like it.

use super::{Answer, Source, Thinking};
use crate::mind::{
    ChatTurn, ModelSize,
    exemplars::{self, Likeness, Match},
    memory::FactKey,
};

/// Topics of dialogues about which others decide: likeness is not enough there.
const DECIDED_ELSEWHERE: [&str; 7] =
    ["lore", "member", "secret", "unknown", "injection", "safety", "memory"];
/// Which part of the vote the topic of a dialogue needs at least.
const TOPIC: f32 = 0.15;
/// How many dialogues the model is shown.
const SHOWN: usize = 3;

impl Thinking<'_> {
    /// The reply of the dialogue that is most like this one, if it is like enough.
    pub(super) fn like_before(&self) -> Option<Answer> {
        let least = if self.model_is_herself() { Likeness::Certain } else { Likeness::Plausible };
        self.with_alike(6, |alike| {
            // Written comfort is better than what a small model finds to say.
            let comforts = |found: &Match<'_>| {
                let reply = found.as_reply(&|key| self.known(key));
                self.speaker.size == ModelSize::Small
                    && reply.is_some_and(|reply| reply.starts_with("[sad]"))
            };
            let fits = |found: &&Match<'_>| {
                let likeness = found.likeness();
                let is_enough =
                    likeness >= least || (likeness >= Likeness::Plausible && comforts(found));
                is_enough && (likeness == Likeness::Certain || self.is_of_topic(found))
            };
            let mut good = alike.iter().filter(fits);
            good.find_map(|found| {
                let reply = found.as_reply(&|key| self.known(key))?;
                let fits = self.suits(&reply, 0.02) && !self.was_said(&reply);
                fits.then(|| self.authored(reply, Source::Dialogue(found.exemplar.id.clone())))
            })
        })
    }

    /// Whether a dialogue that is only about the same is of the message's topic, and tells nothing
    /// that the lore or the conduct has to decide.
    fn is_of_topic(&self, found: &Match<'_>) -> bool {
        let dialogue = found.exemplar;
        let share = |(topic, share): &(String, f32)| (*topic == dialogue.topic).then_some(*share);
        dialogue.facts.is_empty()
            && !DECIDED_ELSEWHERE.contains(&dialogue.topic.as_str())
            && self.topics.iter().find_map(share).is_some_and(|share| share >= TOPIC)
    }

    fn was_said(&self, reply: &str) -> bool {
        let words = reply.rsplit(']').next().unwrap_or(reply).trim();
        let turns = self.ask.history.turns.iter().rev().take(24);
        turns
            .filter(|turn| matches!(turn, ChatTurn::Idol(_)))
            .any(|turn| turn.to_prompt().contains(words))
    }

    /// What the model is shown: the dialogues that are most like this one.
    pub(super) fn shown(&self) -> Vec<[ChatTurn; 2]> {
        let palette = &self.ask.sheet.emotions;
        self.with_alike(SHOWN, |alike| {
            let last = |found: &Match<'_>| found.as_turns(palette, &|key| self.known(key))?.pop();
            alike.iter().filter_map(last).collect()
        })
    }

    fn with_alike<R>(&self, most: usize, then: impl FnOnce(&[Match<'_>]) -> R) -> R {
        let previous = self.ask.history.last_reply().map(ChatTurn::to_prompt);
        let may_tell = |id: &str| {
            self.library.lore.get(id).is_some_and(|fact| fact.may_be_told(&self.standing))
        };
        let ask = exemplars::Ask {
            standing: &self.standing,
            language: self.language,
            text: self.ask.fan,
            previous: previous.as_deref(),
            may_tell: &may_tell,
        };
        then(&self.library.exemplars.similar(&ask, most))
    }

    /// What is known of this fan under a key of a dialogue's memory.
    fn known(&self, key: &str) -> Option<String> {
        let key: FactKey = key.strip_prefix("fan_").unwrap_or(key).parse().ok()?;
        let known = self.ask.memory.facts_for(&self.ask.sheet.id);
        known.into_iter().find(|fact| fact.key == key).map(|fact| fact.value.clone())
    }
}
