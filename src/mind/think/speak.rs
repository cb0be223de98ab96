//! What the model is told when it answers, and what becomes of its words.

use std::sync::Arc;

use super::{Answer, Ask, Direction, Moment, Thinking};
use crate::mind::{
    Audience, Choice, Emotion, Judge, ModelSize, Watch,
    disclosure::Locked,
    judge::shares_topic,
    lore::{self, Fact},
    prompt::system_prompt,
};

/// How long the note on the fan may be.
const MEMORY_TOKENS: usize = 240;
/// How many facts a tuned model may choose from.
const NEAR_FACTS: usize = 2;
/// How many replies a small model makes, of which the best is said.
const CANDIDATES: usize = 4;
/// How firmly a small model is kept to the fan's words.
const GUIDANCE: f32 = 1.5;
/// A small model's reply that is worse is not said.
const FLOOR: f32 = 0.85;
/// The same for one that was tuned on the character: it makes sense far more often.
const TUNED_FLOOR: f32 = 0.6;

impl<'a> Thinking<'a> {
    /// The model answers, where it speaks the language; an authored line else.
    pub(super) fn spoken(&self) -> Answer {
        if self.speaker.speaks(self.language) {
            return match self.spoken_of(&self.near_facts()) {
                // She may choose among them; nobody knows which she told.
                Answer::Model { moment, direction, .. } => {
                    Answer::Model { moment, direction, facts: Vec::new() }
                }
                authored => authored,
            };
        }
        let line = self.line_for("smalltalk").or_else(|| self.line_for("bridge"));
        line.unwrap_or_else(|| self.spoken_of(&[]))
    }

    /// What a tuned model may need for a question that the lore does not surely know.
    fn near_facts(&self) -> Vec<&Fact> {
        if !self.speaker.is_tuned || !self.is_question() {
            return Vec::new();
        }
        self.library.lore.near(self.ask.fan, &self.standing, NEAR_FACTS)
    }

    /// What she likes, for a small model that is asked what she thinks and has nothing else to go by.
    fn taste(&self) -> Option<String> {
        let likes = &self.ask.sheet.likes;
        let is_asked = self.speaker.size == ModelSize::Small && self.invites_her();
        (is_asked && self.ask.scene.is_empty() && !likes.is_empty())
            .then(|| format!("You like {}.", likes.join(", ")))
    }

    /// A tuned model answers what is about the scene, which nobody wrote words for.
    pub(super) fn of_the_scene(&self) -> Option<Answer> {
        let about = |scene: &String| shares_topic(scene, self.ask.fan);
        (self.model_is_herself() && self.ask.scene.iter().any(about)).then(|| self.spoken())
    }

    /// The model answers, and is told what the lore knows of it.
    pub(super) fn improvised(&self) -> Answer {
        match self.library.lore.look_up(&self.question()) {
            lore::Answer::Tell { facts, .. } => self.spoken_of(&facts),
            _ => self.spoken_of(&self.near_facts()),
        }
    }

    /// The model answers and is told these facts.
    pub(super) fn spoken_of(&self, facts: &[&Fact]) -> Answer {
        let mut moment = self.moment_with(facts);
        moment.lore.extend(self.taste());
        let direction = Direction {
            opening: self.opening(),
            never: self.never(),
            watch: self.watch(),
            choice: self.choice(&moment),
            guidance: self.guidance(),
        };
        let facts = facts.iter().map(|fact| fact.id.clone()).collect();
        Answer::Model { moment: Box::new(moment), direction: Box::new(direction), facts }
    }

    /// How firmly the model is kept to what the fan said: a small one drifts.
    fn guidance(&self) -> f32 {
        match self.speaker.size {
            ModelSize::Small => GUIDANCE,
            ModelSize::Large => 1.0,
        }
    }

    /// What must not be shown. A small model is sad or cross in the middle of any reply: it may only be
    /// sad where the fan is, and never cross, for which there are written words.
    fn never(&self) -> Vec<Emotion> {
        let mut never = self.appraisal.never.clone();
        let weights = &self.appraisal.weights;
        if self.speaker.size == ModelSize::Large || weights.is_empty() {
            return never;
        }
        never.push(Emotion::Angry);
        let suits_sad = |(known, weight): &(Emotion, f32)| *known == Emotion::Sad && *weight > 0.1;
        if !self.is_moved() && !weights.iter().any(suits_sad) {
            never.push(Emotion::Sad);
        }
        never
    }

    /// The feelings that suit the message, leaning to the one she is in.
    fn opening(&self) -> Vec<(Emotion, f32)> {
        let bias = self.ask.bond.mood.bias();
        let lean = |emotion| {
            bias.iter().find(|(known, _)| known == emotion).map_or(1.0, |(_, log)| log.exp())
        };
        let weights = self.appraisal.weights.iter();
        weights.map(|(emotion, weight)| (emotion.clone(), weight * lean(emotion))).collect()
    }

    /// What the model reads of this moment, facts left out.
    pub(super) fn moment(&self) -> Moment {
        let (memory, scene) = (self.remembered(), self.ask.scene.to_vec());
        Moment { exemplars: self.shown(), memory, lore: Vec::new(), scene }
    }

    /// What the fan is allergic to.
    pub(super) fn harmful(&self) -> impl Iterator<Item = &'a str> {
        let known = self.ask.memory.facts_for(&self.ask.sheet.id).into_iter();
        known.filter(|fact| fact.key.as_str() == "allergy").map(|fact| fact.value.as_str())
    }

    /// What the model is told of the fan.
    pub(super) fn remembered(&self) -> String {
        let Ask { sheet, fan, memory, now, .. } = self.ask;
        memory.note_for_prompt(&self.library.memory, fan, &sheet.id, *now, MEMORY_TOKENS)
    }

    /// What must not be said; nothing, where nothing can be told.
    fn watch(&self) -> Option<Watch> {
        if self.library.lore.facts().len() == 0 {
            return None;
        }
        let closed = self.library.lore.locked_for(&self.standing);
        let closed = closed.filter(|fact| fact.audience != Audience::Secret);
        let texts = closed.flat_map(|fact| {
            fact.text.values().map(|text| (fact.id.clone(), text.clone())).collect::<Vec<_>>()
        });
        let locked = self.library.disclosure.locked(&self.standing);
        let instructions = system_prompt(self.ask.sheet, self.language, &self.speaker.form());
        let locked = Locked::clone(&locked).with_facts(texts.collect());
        let locked = locked.with_instructions(&instructions);
        let instead = self.line("guarded").unwrap_or("[neutral] …");
        let (fan, instead) = (self.ask.fan.into(), instead.into());
        Some(Watch { locked: Arc::new(locked), fan, instead })
    }

    fn choice(&self, moment: &Moment) -> Option<Choice> {
        if self.speaker.size == ModelSize::Large {
            return None;
        }
        let fallback = self.feeling_line().or_else(|| self.line_for("smalltalk"))?;
        let given: Vec<&str> =
            moment.lore.iter().map(String::as_str).chain([moment.memory.as_str()]).collect();
        Some(Choice {
            candidates: CANDIDATES,
            judge: Judge::new(self.ask.fan, &given, self.ask.history, self.language)
                .avoiding(self.harmful()),
            floor: if self.speaker.is_tuned { TUNED_FLOOR } else { FLOOR },
            fallback: fallback.authored()?.into(),
        })
    }
}
